// SPDX-License-Identifier: Apache-2.0
import Judgement
package import Results

/// `summary.md` of a smoke run. A pure function of the record.
package func smokeSummary(_ record: RunRecord) -> String {
  guard let smoke = record.smoke else { return markdownSummary(record) }
  let demo = record.demo ? "**\(MarkdownText.escaped(Wordings.demo))**\n\n" : ""
  var text = "# \(record.verdict.rawValue.uppercased()): \(MarkdownText.escaped(record.plan.name))\n\n" + demo
  for reason in record.reasons { text += MarkdownText.item(reason) }
  if !record.reasons.isEmpty { text += "\n" }
  text += MarkdownText.table(
    ["what", ""],
    [
      ["target", MarkdownText.escaped(record.target)],
      ["build", record.build.map(MarkdownText.escaped) ?? "unknown"],
      ["environment", MarkdownText.escaped(record.environment ?? "none declared")],
      ["started", record.started.text], ["ended", record.ended?.text ?? "never"],
      ["steps", MarkdownText.escaped(Wordings.smokeCounts(record, smoke))],
      ["run", MarkdownText.escaped("\(record.runId), gonogo \(record.tool.version)")],
    ] + record.items.map { [MarkdownText.escaped($0.id), MarkdownText.escaped(Wordings.item($0))] },
    numbers: 0..<0)
  text += "\n## Steps\n\n"
  let rows = smoke.scenarios.flatMap { scenario in
    scenario.steps.map { step in
      [
        step.status == .failed ? "**failed**" : step.flaky ? "**PARTIAL**" : step.status.rawValue,
        MarkdownText.escaped("\(scenario.scenario)/\(step.name)"), MarkdownText.escaped("\(step.method) \(step.path)"),
        NumberText.count(step.attempts.count), step.decisive.map { NumberText.milliseconds($0.duration) } ?? "-",
        MarkdownText.escaped(step.reason ?? step.attempts.last { $0.outcome == .failed }?.failure?.sentence ?? ""),
      ]
    }
  }
  text += MarkdownText.table(["", "step", "request", "attempts", "time", "why"], rows, numbers: 3..<5)
  for scenario in smoke.scenarios {
    for step in scenario.steps where step.status == .failed {
      guard let attempt = step.decisive, let failure = attempt.failure else { continue }
      text += "\n## \(MarkdownText.escaped("\(scenario.scenario)/\(step.name)"))\n\n"
      if let about = step.about { text += MarkdownText.item(about) }
      text += MarkdownText.item("expected \(failure.expected)") + MarkdownText.item("got \(failure.actual)")
      text += MarkdownText.item("written in \(failure.place)") + MarkdownText.item("answer \(Wordings.answer(attempt))")
      if let curl = attempt.curl { text += "\n    \(TerminalText.escaped(curl))\n" }
    }
  }
  let rest = Wordings.leftBehind(record) + record.notes
  if !rest.isEmpty { text += "\n## Left behind and noted\n\n" + rest.map(MarkdownText.item).joined() }
  if record.demo { text += "\n**\(MarkdownText.escaped(Wordings.demo))**\n" }
  return text
}
