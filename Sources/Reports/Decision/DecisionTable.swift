// SPDX-License-Identifier: Apache-2.0
package import Readiness
import Results

/// `checklist.csv` (RFC 4180): one line per row, for whoever keeps the list in a sheet.
package func checklistTable(_ record: DecisionRecord) -> String {
  checklistTable(record.items, environment: record.environment, build: record.build)
}

/// Each line says what it is about: one that is copied into another sheet is still known for a DEMO.
func checklistTable(_ items: [DecidedItem], environment: String, build: String?) -> String {
  let header = [
    "id", "category", "group", "priority", "blocker", "title", "status", "origin", "validated_by", "date", "evidence",
    "notes", "reason", "attempts", "owner", "target_date",
    "environment", "build",
  ]
  let rows = items.map { item in
    [
      item.id, item.category, item.group, item.priority, item.blocker ? "yes" : "no", item.title,
      item.standing.rawValue, item.origin.rawValue, item.validatedBy ?? "", item.date?.text ?? "",
      item.evidence.joined(separator: "; "), item.notes.joined(separator: "; "), item.reason,
      "\(item.attempts.count)", item.owner ?? "", item.targetDate ?? "", environment, build ?? "",
    ]
  }
  return ([header] + rows).map { $0.map(cell).joined(separator: ",") + "\r\n" }.joined()
}

/// Quoted where it must be. What a sheet would take for a formula gets an apostrophe in front, as sheets do themselves;
/// what could move a cursor or hide text is made visible, but for ends of lines.
private func cell(_ original: String) -> String {
  let text = original.split(separator: "\n", omittingEmptySubsequences: false)
    .map { TerminalText.escaped(String($0)) }.joined(separator: "\n")
  let plain = text.unicodeScalars.first.map { "=+-@\t\r".unicodeScalars.contains($0) } == true ? "'" + text : text
  guard plain.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else { return plain }
  return "\"" + plain.replacing("\"", with: "\"\"") + "\""
}
