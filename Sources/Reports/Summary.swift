// SPDX-License-Identifier: Apache-2.0
import Judgement
package import Results

/// `summary.md`: what the last screen says, for a page. A pure function of the record.
package func markdownSummary(_ record: RunRecord) -> String {
  var sections = [head(record), verdicts(record)]
  if !record.items.isEmpty { sections.append(checklist(record.items)) }
  if let steady = record.steady { sections.append(figures(record, steady)) }
  sections.append(ledgers(record))
  if let generator = record.generator { sections.append(generatorSection(record, generator)) }
  sections.append(
    "## What this run cannot see\n\n\(MarkdownText.escaped(blindSpot(seconds: record.steady?.seconds ?? 0)))\n")
  let rest = Wordings.leftBehind(record) + record.notes
  if !rest.isEmpty { sections.append("## Left behind and noted\n\n" + list(rest)) }
  if record.demo { sections.append("**\(MarkdownText.escaped(Wordings.demo))**\n") }
  return sections.joined(separator: "\n")
}

private func head(_ record: RunRecord) -> String {
  let name = MarkdownText.escaped(record.plan.name)
  var facts = [
    ["target", MarkdownText.escaped(record.target)],
    ["build", Wordings.build(record).map(MarkdownText.escaped) ?? "unknown"],
    [
      "environment",
      MarkdownText.escaped(
        record.environment.map { Wordings.environment($0, kind: record.environmentKind) } ?? "none declared"),
    ],
    ["started", record.started.text], ["ended", record.ended?.text ?? "never"],
    ["run", MarkdownText.escaped("\(record.runId), seed \(record.seed), gonogo \(record.tool.version)")],
  ]
  for phase in record.plan.phases {
    facts.append([
      "phase " + MarkdownText.escaped(phase.name),
      MarkdownText.escaped("\(phase.rate) for \(NumberText.duration(seconds: Double(phase.seconds)))")
        + (phase.steady ? ", steady" : ""),
    ])
  }
  if record.insecure { facts.append(["TLS", Wordings.insecure]) }
  let demo = record.demo ? "**\(MarkdownText.escaped(Wordings.demo))**\n\n" : ""
  return "# \(record.verdict.rawValue.uppercased()): \(name)\n\n"
    + demo + MarkdownText.table(["what", ""], facts, numbers: 0..<0)
}

private func verdicts(_ record: RunRecord) -> String {
  let rows = Wordings.worstFirst(record.thresholds).map { threshold in
    [
      "**\(threshold.verdict.rawValue.uppercased())**", MarkdownText.escaped(threshold.expression),
      Wordings.measured(threshold), threshold.confidence == nil ? "-" : Wordings.bound(threshold),
      NumberText.count(threshold.n),
      NumberText.count(Int(threshold.effectiveN.rounded())),
      threshold.confidence.map { NumberText.share($0) } ?? "estimate", MarkdownText.escaped(threshold.reason),
    ]
  }
  let reasons = record.reasons.isEmpty ? "" : list(record.reasons) + "\n"
  return "## Why\n\n" + reasons
    + MarkdownText.table(
      ["verdict", "rule", "measured", "bound", "n", "effective n", "confidence", "reason"], rows, numbers: 2..<7)
}

private func checklist(_ items: [ItemRecord]) -> String {
  let rows = items.map { item in
    [MarkdownText.escaped(item.id), "**\(item.status.rawValue.uppercased())**", MarkdownText.escaped(item.reason)]
  }
  return "## Checklist rows\n\n" + MarkdownText.table(["row", "mark", "why"], rows, numbers: 0..<0)
}

private func figures(_ record: RunRecord, _ steady: SteadyFigures) -> String {
  func row(_ name: String, _ requests: Int, _ errors: Int, _ response: TimeFigures, _ service: TimeFigures) -> [String]
  {
    let times = [response.p50, response.p95, response.p99, response.p999, response.max, service.p95]
    return [MarkdownText.escaped(name), NumberText.count(requests), NumberText.count(errors)]
      + times.map { Wordings.time($0, requests: requests) }
  }
  var rows = [
    row("all", steady.requests, record.steps.reduce(0) { $0 + $1.errors }, steady.response, steady.service)
  ]
  rows += record.steps.map { row("\($0.scenario)/\($0.step)", $0.requests, $0.errors, $0.response, $0.service) }
  var text =
    "## Figures of the steady phases\n\n"
    + "\(NumberText.duration(seconds: Double(steady.seconds))), \(NumberText.count(steady.requests)) requests, "
    + "\(NumberText.perSecond(steady.rate)) answered, errors \(NumberText.share(steady.errorRate)).\n\n"
    + MarkdownText.table(
      ["step", "requests", "errors", "p50", "p95", "p99", "p99.9", "max", "service p95"], rows, numbers: 1..<9)
    + "\n\(Wordings.columns)\n"
  if !steady.equalLoads { text += "\n\(Wordings.unequalLoads).\n" }
  text += "\nAnswered as expected: \(Wordings.answered(steady.answered)).\n"
  if let worst = steady.worst { text += "\nWorst 5 minutes, \(Wordings.worst(worst)).\n" }
  return text
}

private func ledgers(_ record: RunRecord) -> String {
  var lines = Wordings.arrivals(record.arrivals).map { "arrivals: " + $0.sentence }
  lines += Wordings.requests(record.totals).map { "requests: " + $0.sentence }
  if let answers = Wordings.specialAnswers(record.totals) { lines.append("requests: " + answers) }
  if !record.totals.failedByKind.isEmpty { lines.append("failures by kind: " + Wordings.failures(record.totals)) }
  lines += (record.ledger.map(Wordings.ledger) ?? []).map { "writes: " + $0 }
  lines += (record.replies.map(Wordings.replies) ?? []).map { "replies: " + $0 }
  lines += (record.watched?.reconciliation ?? []).map { "counted by the target: " + Wordings.reconciliation($0) }
  if let connections = record.connections { lines.append("connections: " + Wordings.connections(connections)) }
  return "## Ledgers\n\n" + list(lines)
}

private func generatorSection(_ record: RunRecord, _ generator: GeneratorFigures) -> String {
  var lines = [Wordings.health(generator)] + generator.reasons.filter { !record.reasons.contains($0) }
  if record.sameMachine { lines.append(Wordings.sameMachine) }
  return "## The generator\n\n" + list(lines)
}

private func list(_ lines: [String]) -> String {
  lines.map(MarkdownText.item).joined()
}
