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
    if record.demo { page.line(Wordings.demo(columns: style.columns), .bold) }
    page.banner(record.verdict, name: record.plan.name)
    why(&page)
    subject(&page)
    figures(&page)
    ledgers(&page)
    health(&page)
    limits(&page)
    remains(&page)
    if record.demo { page.line(Wordings.demo(columns: style.columns), .bold) }
    return page.text
  }

  /// What decided stands first: a broken rule, or the reasons for which no rule could hold.
  private func why(_ page: inout Page) {
    if record.verdict != .fail { reasons(&page) }
    RuleTable(record.thresholds).put(on: &page)
    if record.verdict == .fail { reasons(&page) }
    let noted = record.notes.filter { $0.hasPrefix(RunRecord.incompleteFiles) }
    let later = troubles.filter { trouble in !noted.contains { $0.hasSuffix(trouble) } }
    for trouble in noted + later { page.row("trouble", trouble, .red) }
    page.blank()
    guard !record.items.isEmpty else { return }
    page.rows(of: record.items, demo: record.demo)
    page.blank()
  }

  private func reasons(_ page: inout Page) {
    for (index, reason) in record.reasons.enumerated() { page.row(index == 0 ? "why" : "", reason, .yellow) }
  }

  private func subject(_ page: inout Page) {
    page.row("target", record.target + (record.build.map { ", build \($0)" } ?? ""))
    if let after = record.buildAfter, after != record.build { page.row("", "build \(after) after the run", .yellow) }
    if let environment = record.environment {
      page.row("environment", Wordings.environment(environment, kind: record.environmentKind))
    }
    if record.insecure { page.row("TLS", Wordings.insecure, .yellow) }
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
    let equations = [Wordings.arrivals(record.arrivals), Wordings.requests(record.totals)]
    let lines = Equation.aligned(equations.flatMap(\.self), columns: page.style.columns - Page.labelColumns)
    for (label, line) in zip(["arrivals", "", "requests", ""], lines) {
      // Aligned ones must not be wrapped, which would close their gaps; sentences may have to be.
      if line.count <= page.style.columns - Page.labelColumns {
        page.put(label, label: .dim, line)
      } else {
        page.row(label, line)
      }
    }
    if let answers = Wordings.specialAnswers(record.totals) { page.row("", answers) }
    if !record.totals.failedByKind.isEmpty {
      page.row("failures", Wordings.failures(record.totals), .red)
    }
    let writes = record.ledger.map(Wordings.ledger) ?? []
    for (index, line) in writes.enumerated() { page.row(index == 0 ? "writes" : "", line) }
    let replies = record.replies.map { Wordings.replies($0) } ?? []
    for (index, line) in replies.enumerated() { page.row(index == 0 ? "replies" : "", line) }
    for (index, entry) in (record.watched?.reconciliation ?? []).enumerated() {
      page.row(index == 0 ? "counted" : "", Wordings.reconciliation(entry), entry.ok == false ? .yellow : nil)
    }
    if let connections = record.connections { page.row("connections", Wordings.connections(connections)) }
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
    for (index, line) in Wordings.leftBehind(record, directory: directory).enumerated() {
      page.row(index == 0 ? "left behind" : "", line, .yellow)
    }
    for note in record.notes where !note.hasPrefix(RunRecord.incompleteFiles) && !troubles.contains(note) {
      page.row("note", note)
    }
    page.row("files", path: directory)
  }
}
