// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Readiness
import Reports
import Results

let exportCommand = Command(
  name: "export", summary: "writes how the rows stand into the team's own checklist, or as CSV or JSON", operands: "",
  flags: ReadinessInputs.flags + [
    Flag("into", "FILE.md", "fill Status and Notes of this Markdown checklist, in place", completion: .file),
    Flag("dry-run", nil, "with --into: list the lines that would change, and change nothing"),
    Flag("csv", nil, "print one line for each row (RFC 4180)"),
    Flag("json", nil, "print the whole record, as in decision.json"),
    Flag("quiet", nil, "no remarks"),
    Flag("no-color", nil, "no colour"),
  ],
  examples: [
    ("gonogo export --into docs/checklist.md --env staging", "fills the team's checklist in"),
    ("gonogo export --into docs/checklist.md --env staging --dry-run", "what that would change"),
    ("gonogo export --csv --env staging > rows.csv", "for a sheet"),
  ],
  notes: """
    Rows are found by their ids: in tables that have a Status column, and in entries such as `- [ ] **S-001** ...` or
    `### S-001: ...` with `Status:` and `Notes:` lines below them. Signs (ticks, crosses) are those of the file's own
    legend. What people wrote into Notes stays; what this command adds stands behind `gonogo:` and is replaced the next
    time. Every other byte of the file is left alone. Nothing is decided, and nothing is written into results/.
    """
) { arguments in try runExport(arguments) }

private func runExport(_ arguments: Arguments) throws -> ExitCode {
  let console = Console(arguments: arguments)
  let kinds = ["into", "csv", "json"].filter(arguments.has)
  guard kinds.count == 1, let kind = kinds.first else {
    throw CommandFailure.usage("name one: --into FILE.md, --csv or --json", hint: "gonogo help export has examples")
  }
  if arguments.has("dry-run"), kind != "into" { throw CommandFailure.usage("--dry-run goes with --into") }
  let now = Timestamp.now()
  let inputs = try ReadinessInputs.read(arguments, console: console, now: now)
  var facts = inputs.facts(decided: now)
  facts.controls = ControlRun.newest(in: inputs.resultsDirectory)
  let record = DecisionRecord(facts)
  if let strangers = inputs.entries.aboutStrangers(inputs.checklist) {
    console.remark("warning: \(printable(strangers))")
  }
  switch kind {
  case "csv": try console.output(String(checklistTable(record).unicodeScalars.dropLast()))
  case "json": try console.output(String(decoding: try record.encoded(), as: UTF8.self).trimmed)
  default: try fill(arguments.value("into") ?? "", record, arguments, console)
  }
  if record.demo { console.remark(EmbeddedHotel.reminder) }
  return .pass
}

private func fill(_ path: String, _ record: DecisionRecord, _ arguments: Arguments, _ console: Console) throws {
  if record.demo, !arguments.has("dry-run") {
    throw CommandFailure.refused(
      "what the embedded hotel shows is a DEMO: it is not written into a team's checklist",
      hint: "--env NAME says which system is meant; --dry-run shows what a DEMO would write")
  }
  // A link stays one: the file it points to is replaced.
  let file = URL(filePath: path).resolvingSymlinksInPath().path
  guard let data = FileManager.default.contents(atPath: file) else {
    throw CommandFailure.usage("--into: \(printable(path)) cannot be read")
  }
  guard let text = String(validating: data, as: UTF8.self) else {
    throw CommandFailure.usage("--into: \(printable(path)) is not UTF-8 text")
  }
  let filled = FilledChecklist(filling: text, items: record.items)
  guard filled.missing.count < record.items.count else {
    throw CommandFailure.usage(
      "\(printable(path)) has no row of \(printable(record.checklist.title))",
      hint: "rows stand in a table with a Status column, or as entries that begin with their id")
  }
  if arguments.has("dry-run") {
    var lines: [String] = []
    for change in filled.changes {
      lines.append("\(printable(path)):\(change.line) \(change.id)")
      lines += ["- \(TerminalText.escaped(change.before))", "+ \(TerminalText.escaped(change.after))"]
    }
    try console.output(lines.isEmpty ? "nothing would change" : lines.joined(separator: "\n"))
  } else if filled.text != text {
    do {
      try replaceFile(file, with: filled.text.utf8)
    } catch {
      throw CommandFailure(code: .internalError, message: "\(error)", hint: "the file is as it was")
    }
  }
  let lines = "\(filled.changes.count) line\(filled.changes.count == 1 ? "" : "s")"
  console.remark("\(printable(path)): \(lines) \(arguments.has("dry-run") ? "would change" : "changed")")
  if !filled.missing.isEmpty {
    let shown = filled.missing.prefix(8).joined(separator: ", ") + (filled.missing.count > 8 ? ", ..." : "")
    console.remark("no place in it for \(filled.missing.count) of \(record.items.count) rows: \(shown)")
  }
}
