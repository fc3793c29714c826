// SPDX-License-Identifier: Apache-2.0
package import Readiness
import Results

/// `decision.md`: the answer, why, and what is open, for a repository or a chat. A pure function of the record.
package func decisionMarkdown(_ record: DecisionRecord) -> String {
  let demo = record.demo ? "**\(MarkdownText.escaped(Wordings.demo))**\n" : ""
  let sections = [
    head(record), demo, list("## Before you rely on this", record.warnings), list("## Why", record.reasons),
    list("## What would change it", record.change), scores(record), openCriticals(record), risks(record),
    list("## Conditions", record.conditions.map { "\($0.text) (\($0.who))" }), basis(record), signatures(record), demo,
  ]
  return sections.filter { !$0.isEmpty }.joined(separator: "\n")
}

private func head(_ record: DecisionRecord) -> String {
  let facts = [
    ["checklist", MarkdownText.escaped(record.checklist.title)],
    ["environment", MarkdownText.escaped(DecisionWords.environment(record))],
    ["build", record.build.map(MarkdownText.escaped) ?? "unknown"], ["decided", record.decided.text],
    ["decision maker", record.decisionMaker.map(MarkdownText.escaped) ?? "nobody is on file"],
  ]
  return "# \(record.outcome.rawValue)\n\n" + MarkdownText.table(["what", ""], facts, numbers: 0..<0)
}

private func list(_ heading: String, _ lines: [String]) -> String {
  lines.isEmpty ? "" : heading + "\n\n" + lines.map(MarkdownText.item).joined()
}

private func scores(_ record: DecisionRecord) -> String {
  let rows = (record.scores.map { (score: $0, isLead: true) } + record.categories.map { ($0, false) }).map {
    score, isLead in
    let name = MarkdownText.escaped(score.name)
    return [
      isLead ? "**\(name)**" : name, DecisionWords.fraction(score, record.rule), DecisionWords.percent(score.share),
      DecisionWords.counts(score),
    ]
  }
  return "## Scores\n\n" + MarkdownText.table(["score", "PASS", "percent", "rows"], rows, numbers: 1..<3)
}

private func openCriticals(_ record: DecisionRecord) -> String {
  if record.openCriticals.isEmpty { return "" }
  let rows = record.openCriticals.map { id -> [String] in
    guard let item = record.items.first(where: { $0.id == id }) else { return [MarkdownText.escaped(id), "", "", ""] }
    return [
      MarkdownText.escaped(id), item.standing.rawValue, MarkdownText.escaped(item.title),
      MarkdownText.escaped(item.reason),
    ]
  }
  return "## Open criticals\n\n" + MarkdownText.table(["row", "stands", "title", "why"], rows, numbers: 0..<0)
}

private func risks(_ record: DecisionRecord) -> String {
  if record.risks.isEmpty { return "" }
  let rows = record.risks.map { risk in
    [risk.id, risk.level.rawValue, risk.title, risk.impact, risk.probability, risk.mitigation ?? "none"]
      .map(MarkdownText.escaped) + [MarkdownText.escaped(DecisionWords.answer(to: risk))]
  }
  return "## Risks\n\n"
    + MarkdownText.table(
      ["risk", "level", "what", "impact", "probability", "mitigation", "accept or resolve"], rows, numbers: 0..<0)
}

private func basis(_ record: DecisionRecord) -> String {
  var lines = record.controls.map {
    "control run \($0.name) (\(DecisionWords.moment($0.at))): must find \($0.expected), found \($0.found)"
  }
  lines += record.refused.map { "\($0.run) does not count: \($0.reason)" }
  for item in record.items where item.origin == .overridden { lines.append("OVERRIDE of \(item.id): \(item.reason)") }
  return list("## What it rests on", lines)
}

private func signatures(_ record: DecisionRecord) -> String {
  let rows =
    record.signOffs.map {
      [MarkdownText.escaped($0.role), MarkdownText.escaped($0.who), DecisionWords.moment($0.at)]
        + [$0.note.map(MarkdownText.escaped) ?? ""]
    } + record.missingSignOffs.map { [MarkdownText.escaped($0), "nobody", "", ""] }
  if rows.isEmpty { return "" }
  return "## Sign-off\n\n" + MarkdownText.table(["role", "who", "when", "note"], rows, numbers: 0..<0)
}
