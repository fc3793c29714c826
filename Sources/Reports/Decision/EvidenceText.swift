// SPDX-License-Identifier: Apache-2.0
package import Readiness
package import Results

/// `evidence.md` of a decision: each row as whoever fills the list in writes it, and the command that shows it again.
package func evidenceText(_ record: DecisionRecord) -> String {
  var text = "# Evidence: \(MarkdownText.escaped(record.checklist.title))\n\n"
  if record.demo { text += "**\(Wordings.demo)**\n\n" }
  text += "\(MarkdownText.escaped(DecisionWords.subject(record))); as of \(record.decided.text).\n"
  for (category, items) in record.items.byCategory {
    text += "\n## \(MarkdownText.escaped(category))\n"
    for item in items {
      text += entry(
        "\(item.id): \(item.title)", status: item.standing.rawValue, who: item.validatedBy, date: item.date,
        evidence: item.evidence, notes: item.reasonAndNotes, command: item.command)
    }
  }
  return text
}

/// `evidence.md` of a run: the rows that it marks by itself.
package func evidenceText(_ record: RunRecord) -> String? {
  guard !record.items.isEmpty else { return nil }
  var text = "# Evidence: \(MarkdownText.escaped(record.plan.name))\n\n"
  if record.demo { text += "**\(Wordings.demo)**\n\n" }
  text +=
    "\(MarkdownText.escaped(record.target)), \(record.build.map { "build " + MarkdownText.escaped($0) } ?? "no build known").\n"
  let files = ["run.json", "summary.md", "manifest.sha256"]
  let command = ShellWriter.commandLine(record.provenance.commandLine)
  for item in record.items {
    text += entry(
      item.id, status: item.status.rawValue.uppercased(),
      who: "gonogo \(record.tool.version), run \(record.runId) on \(record.provenance.host)",
      date: record.ended ?? record.started, evidence: files, notes: [item.reason],
      command: command.isEmpty ? nil : command)
  }
  return text
}

private func entry(
  _ title: String, status: String, who: String?, date: Timestamp?, evidence: [String], notes: [String],
  command: String?
) -> String {
  var text = "\n### \(MarkdownText.escaped(title))\n\n"
  text += "- **Status**: \(status)\n"
  text += "- **Validated By**: \(who.map(MarkdownText.escaped) ?? "-")\n"
  text += "- **Date (UTC)**: \(date?.text ?? "-")\n"
  text += "- **Evidence**:\(evidence.isEmpty ? " -" : "")\n"
  for file in evidence { text += "  - \(MarkdownText.escaped(file))\n" }
  text += "- **Notes**:\(notes.isEmpty ? " -" : "")\n"
  for note in notes { text += "  - \(MarkdownText.escaped(note))\n" }
  if let command { text += "- **Repeat**: \(MarkdownText.code(command))\n" }
  return text
}

extension MarkdownText {
  /// A code span, fenced by more backticks than stand in it.
  static func code(_ text: String) -> String {
    var longest = 0
    var current = 0
    for character in text {
      current = character == "`" ? current + 1 : 0
      longest = max(longest, current)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let room = longest > 0 ? " " : ""
    return fence + room + TerminalText.escaped(text) + room + fence
  }
}

extension [DecidedItem] {
  /// In the order of their first rows.
  package var byCategory: [(category: String, items: [DecidedItem])] {
    var order: [String] = []
    var found: [String: [DecidedItem]] = [:]
    for item in self {
      if found[item.category] == nil { order.append(item.category) }
      found[item.category, default: []].append(item)
    }
    return order.map { ($0, found[$0] ?? []) }
  }
}

extension DecidedItem {
  package var reasonAndNotes: [String] { (reason.isEmpty ? [] : [reason]) + notes }
}
