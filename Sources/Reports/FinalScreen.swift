// SPDX-License-Identifier: Apache-2.0
import Judgement
package import Results

/// The last screen of a run: verdict first, why, figures, both ledgers, what cannot be seen, what is left behind, where
/// the files are. A pure function of the record.
package struct FinalScreen: Sendable {
  private let record: RunRecord
  private let directory: String
  private let troubles: [String]

  /// `directory`: the run folder, as people can open it. `troubles`: what went wrong with the files, each shown once.
  package init(record: RunRecord, directory: String, troubles: [String] = []) {
    self.record = record
    self.directory = directory
    self.troubles = troubles
  }

  /// Several lines, each ended by a newline, none wider than the style's columns but for a long path.
  package func text(style: TerminalStyle) -> String {
    var page = Page(style: style)
    banner(&page)
    subject(&page)
    findings(&page)
    figures(&page)
    ledgers(&page)
    health(&page)
    limits(&page)
    remains(&page)
    if record.demo { page.line(Wordings.demo(columns: page.style.columns), .bold) }
    return page.text
  }

  private func banner(_ page: inout Page) {
    let paint: TerminalStyle.Paint =
      switch record.verdict {
      case .pass: .passBanner
      case .fail: .failBanner
      case .inconclusive: .inconclusiveBanner
      }
    let columns = page.style.columns
    let rule = String(repeating: "=", count: columns)
    let content = "  " + record.verdict.rawValue.uppercased() + "   " + TerminalText.escaped(record.plan.name)
    let line = TerminalText.padded(TerminalText.truncated(content, to: columns), to: columns)
    page.put(page.style.paint(rule, paint))
    page.put(page.style.colour ? page.style.paint(line, paint) : TerminalText.withoutTrailingSpaces(line))
    page.put(page.style.paint(rule, paint))
  }

  private func subject(_ page: inout Page) {
    if record.demo { page.line(Wordings.demo(columns: page.style.columns), .bold) }
    page.row("target", record.target + (record.build.map { ", build \($0)" } ?? ""))
    if let environment = record.environment {
      page.row("environment", environment + (record.environmentKind.map { " (\($0))" } ?? ""))
    }
    if record.insecure { page.row("TLS", Wordings.insecure, .yellow) }
    if record.interrupted { page.row("interrupted", Wordings.interrupted, .yellow) }
    if let reason = Wordings.stopReason(record) { page.row("stopped", reason, .yellow) }
  }

  private func findings(_ page: inout Page) {
    page.blank()
    for reason in record.reasons { page.row("", reason, .yellow) }
    for threshold in record.thresholds {
      let word = threshold.verdict.rawValue.uppercased()
      let paint: TerminalStyle.Paint =
        switch threshold.verdict {
        case .pass: .green
        case .fail: .red
        case .inconclusive: .yellow
        }
      page.row(word, threshold.expression, paint)
      page.row("", Wordings.numbers(of: threshold))
      page.row("", threshold.reason)
    }
  }

  private func figures(_ page: inout Page) {
    guard let steady = record.steady else { return }
    page.blank()
    page.line(
      "\(NumberText.duration(seconds: Double(steady.seconds))) steady, \(NumberText.count(steady.requests)) requests, "
        + "\(NumberText.perSecond(steady.rate)) answered, errors \(NumberText.share(steady.errorRate))", .bold)
    var table = StepTable(columns: page.style.columns)
    table.add(
      name: "all", requests: steady.requests,
      errors: record.steps.reduce(0) { $0 + $1.errors }, response: steady.response, service: steady.service)
    for step in record.steps {
      table.add(
        name: "\(step.scenario)/\(step.step)", requests: step.requests, errors: step.errors, response: step.response,
        service: step.service)
    }
    let lines = table.lines()
    page.put(page.style.paint(lines[0], .dim))
    for line in lines.dropFirst() { page.put(line) }
    page.line(Wordings.columns, .dim)
    if !steady.equalLoads { page.line(Wordings.unequalLoads, .yellow) }
    if steady.errorRate ?? 0 > 0 { page.row("answered", Wordings.answered(steady.answered)) }
    if let worst = steady.worst {
      page.row("worst 5 min", Wordings.worst(worst))
    }
  }

  private func ledgers(_ page: inout Page) {
    page.blank()
    for (index, line) in Wordings.arrivals(record.arrivals).enumerated() {
      page.row(index == 0 ? "arrivals" : "", line)
    }
    for (index, line) in Wordings.requests(record.totals).enumerated() {
      page.row(index == 0 ? "requests" : "", line)
    }
    if !record.totals.failedByKind.isEmpty {
      page.row("failures", Wordings.failures(record.totals), .red)
    }
    if let replies = record.replies { page.row("replies", Wordings.replies(replies)) }
  }

  private func health(_ page: inout Page) {
    guard let generator = record.generator else { return }
    page.row("gonogo", Wordings.health(generator), generator.healthy ? nil : .yellow)
    for reason in generator.reasons where !record.reasons.contains(reason) { page.row("", reason, .yellow) }
    if record.sameMachine { page.row("", Wordings.sameMachine) }
  }

  private func limits(_ page: inout Page) {
    page.row("not seen", blindSpot(seconds: record.steady?.seconds ?? 0))
  }

  private func remains(_ page: inout Page) {
    for (index, line) in Wordings.leftBehind(record).enumerated() {
      page.row(index == 0 ? "left behind" : "", line, .yellow)
    }
    for note in record.notes { page.row("note", note) }
    for trouble in troubles { page.row("trouble", trouble, .red) }
    page.row("files", path: directory)
  }
}
