// SPDX-License-Identifier: Apache-2.0
import Document
import Readiness
import Results
import Scenarios

let schemaCommand = Command(
  name: "schema", summary: "prints the JSON Schema of a kind of file",
  operands: schemaKinds.joined(separator: "|"), flags: [],
  examples: [
    ("gonogo schema scenario > scenario.schema.json", "for editors that check YAML while it is written"),
    ("gonogo schema environments", "what gonogo.yaml may hold"),
    ("gonogo schema run", "what run.json holds, for programs that read it"),
  ],
  notes: """
    The schema of a file that people write is made from the description that reads the file, so what it accepts is what
    `gonogo lint` accepts, as far as a schema can say it (draft 2020-12). `run`, `capacity` and
    `decision` describe run.json, capacity.json and decision.json.
    """
) { arguments in
  guard arguments.operands.count == 1, let name = arguments.operands.first else {
    throw CommandFailure.usage("name one kind: \(schemaKinds.joined(separator: ", "))")
  }
  if let record = RecordSchema(rawValue: name) {
    try Console(arguments: arguments).output(try record.jsonSchema().trimmed)
    return .pass
  }
  if name == decisionKind {
    try Console(arguments: arguments).output(try DecisionRecord.jsonSchema().trimmed)
    return .pass
  }
  if name == checklistKind {
    try Console(arguments: arguments).output(Checklist.jsonSchema.trimmed)
    return .pass
  }
  if name == peoplesKind {
    try Console(arguments: arguments).output(PeoplesFile.jsonSchema.trimmed)
    return .pass
  }
  guard let kind = FileKind(rawValue: name) else {
    throw CommandFailure.usage(
      "there is no schema of \(printable(name))",
      hint: nearest(to: name, among: schemaKinds).map { "did you mean \($0)?" }
        ?? "there are: \(schemaKinds.joined(separator: ", "))")
  }
  try Console(arguments: arguments).output(kind.jsonSchema.trimmed)
  return .pass
}

private let checklistKind = "checklist"
private let peoplesKind = "readiness"

/// Files that people write, then records that programs read.
private let schemaKinds =
  FileKind.allCases.map(\.rawValue) + [checklistKind, peoplesKind] + RecordSchema.allCases.map(\.rawValue) + [
    decisionKind
  ]
private let decisionKind = "decision"
