// SPDX-License-Identifier: Apache-2.0
import Document
import Scenarios

let initCommand = Command(
  name: "init", summary: "writes a first gonogo.yaml, scenario, plans and make targets",
  operands: "[DIR]",
  flags: [
    Flag("target", "URL", "the system's address, for gonogo.yaml (default http://127.0.0.1:8000)"),
    Flag("openapi", "URL|FILE", "make the first scenario of an OpenAPI document (JSON or YAML)", completion: .file),
    Flag("curl", "COMMAND", "make the first scenario of a curl command, in single quotes"),
    Flag("name", "NAME", "the scenario's name, and its file's (default first)"),
    Flag("writes", nil, "with --openapi: POST, PUT and PATCH with examples become steps too, not comments"),
    Flag("ca", "FILE", "PEM file of the authorities to trust when --openapi is a URL", completion: .file),
    Flag("force", "FILE", "write this file although it is there, by the name shown", repeats: true, completion: .file),
    Flag("dry-run", nil, "print what would be written, and write nothing"),
    Flag("quiet", nil, "no list of files, no next steps"),
  ],
  examples: [
    ("gonogo init", "in your repository: what there is to edit is said in the files"),
    ("gonogo init --openapi http://127.0.0.1:8000/openapi.json", "every operation that is safe to call becomes a step"),
    ("gonogo init --curl 'curl -H \"Authorization: Bearer $TOKEN\" http://127.0.0.1:8000/chat'", "one request"),
    ("gonogo init --force scenarios/first.yaml --openapi openapi.yaml", "again, over the file that is there"),
  ],
  notes: """
    Nothing is sent, but for fetching the document of --openapi. A file that is there is never overwritten unless
    --force names it. Secrets of a curl command (Authorization, cookies, tokens, passwords) are written nowhere: the
    scenario reads them from environment variables, whose names are told.
    """
) { arguments in
  guard arguments.operands.count <= 1 else {
    throw CommandFailure.usage("one folder at a time", hint: "gonogo init [DIR]")
  }
  let console = Console(arguments: arguments)
  let beginning = try InitBeginning(arguments)
  var files = InitFiles(folder: arguments.operands.first ?? ".", forced: arguments.all("force"))
  for file in beginning.files { files.add(file.path, file.text) }
  try files.checkForced()
  if arguments.has("dry-run") {
    for file in files.files { try console.output("==> \(file.path)\(files.note(on: file))\n\(file.text)") }
    return .pass
  }
  try files.write()
  try files.checkWhatWasWritten()
  for file in files.files {
    console.remark("\(file.wasWritten ? "wrote" : "kept ")  \(file.path)\(files.note(on: file))")
  }
  for line in beginning.nextSteps(files) { console.remark(line) }
  return .pass
}
