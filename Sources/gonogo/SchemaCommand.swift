// SPDX-License-Identifier: Apache-2.0
import Document
import Scenarios

let schemaCommand = Command(
  name: "schema", summary: "prints the JSON Schema of a kind of file",
  operands: FileKind.allCases.map(\.rawValue).joined(separator: "|"), flags: [],
  examples: [
    ("gonogo schema scenario > scenario.schema.json", "for editors that check YAML while it is written"),
    ("gonogo schema environments", "what gonogo.yaml may hold"),
  ],
  notes: """
    The schema is made from the description that reads the files, so what it accepts is what `gonogo lint` accepts, as
    far as a schema can say it (draft 2020-12).
    """
) { arguments in
  let kinds = FileKind.allCases.map(\.rawValue)
  guard arguments.operands.count == 1, let name = arguments.operands.first else {
    throw CommandFailure.usage("name one kind: \(kinds.joined(separator: ", "))")
  }
  guard let kind = FileKind(rawValue: name) else {
    throw CommandFailure.usage(
      "there is no schema of \(printable(name))",
      hint: nearest(to: name, among: kinds).map { "did you mean \($0)?" }
        ?? "there are: \(kinds.joined(separator: ", "))")
  }
  try Console(arguments: arguments).output(kind.jsonSchema.trimmed)
  return .pass
}
