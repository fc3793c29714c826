// SPDX-License-Identifier: Apache-2.0
import Judgement
package import Results

/// The last screen of a smoke run: verdict first, why, every failure with all that is needed to understand and repeat it,
/// what passed only on a retry, what was left out, what is left behind, where the files are. A pure function of the
/// record.
package struct SmokeScreen: Sendable {
  private let record: RunRecord
  private let smoke: SmokeRecord
  private let directory: String
  private let troubles: [String]
  private let listsSteps: Bool

  /// Nil for a record of another kind. `listsSteps`: all steps are listed, since nobody has seen them yet.
  package init?(record: RunRecord, directory: String, troubles: [String] = [], listsSteps: Bool = true) {
    guard let smoke = record.smoke else { return nil }
    self.record = record
    self.smoke = smoke
    self.directory = directory
    self.troubles = troubles
    self.listsSteps = listsSteps
  }

  /// Several lines, each ended by a newline, none wider than the style's columns but for long paths and commands.
  package func text(style: TerminalStyle) -> String {
    var page = Page(style: style)
    if record.demo { page.line(Wordings.demo(columns: style.columns), .bold) }
    page.banner(record.verdict, name: record.plan.name)
    for (index, reason) in record.reasons.enumerated() {
      page.row(index == 0 ? "why" : "", reason, record.verdict == .fail ? .red : .yellow)
    }
    let noted = record.notes.filter { $0.hasPrefix(RunRecord.incompleteFiles) }
    let later = troubles.filter { trouble in !noted.contains { $0.hasSuffix(trouble) } }
    for trouble in noted + later { page.row("trouble", trouble, .red) }
    for item in record.items { page.row(item.id, Wordings.item(item), item.status.paint) }
    page.row("target", record.target + (record.build.map { ", build \($0)" } ?? ""))
    if let environment = record.environment {
      page.row("environment", Wordings.environment(environment, kind: record.environmentKind))
    }
    if record.insecure { page.row("TLS", Wordings.insecure, .yellow) }
    page.row("steps", counts)
    if let coverage = smoke.coverage { page.row("operations", Wordings.coverage(coverage)) }
    if listsSteps { list(&page) }
    for (scenario, step) in failures { failure(scenario, step, &page) }
    gaps(&page)
    remains(&page)
    if record.demo { page.line(Wordings.demo(columns: style.columns), .bold) }
    return page.text
  }

  /// What failed, then what passed only on a retry.
  private var failures: [(SmokeScenario, SmokeStep)] {
    func all(_ holds: (SmokeStep) -> Bool) -> [(SmokeScenario, SmokeStep)] {
      smoke.scenarios.flatMap { scenario in scenario.steps.filter(holds).map { (scenario, $0) } }
    }
    return all { $0.status == .failed } + all(\.flaky)
  }

  private var counts: String { Wordings.smokeCounts(record, smoke) }

  private func list(_ page: inout Page) {
    for scenario in smoke.scenarios {
      page.blank()
      page.put(SmokeLine.scenario(scenario, style: page.style))
      for step in scenario.steps { page.put(SmokeLine.step(step, of: scenario, style: page.style)) }
    }
  }

  private func failure(_ scenario: SmokeScenario, _ step: SmokeStep, _ page: inout Page) {
    guard let attempt = step.attempts.last(where: { $0.outcome == .failed }) else { return }
    page.blank()
    let name = "\(scenario.scenario)/\(step.name)"
    if step.flaky {
      page.line("\(name) passed only on a retry; the attempt before:", .yellow)
    } else {
      page.line("\(name) FAILED", .red)
    }
    if let about = step.about ?? (scenario.about.isEmpty ? nil : scenario.about) { page.row("about", about) }
    if let failure = attempt.failure {
      page.row("expected", failure.expected, .bold)
      page.row("got", failure.actual, .bold)
      page.row("written in", path: failure.place)
    }
    if attempt.url.isEmpty {
      page.row("request", "could not be made, so nothing was sent")
    } else {
      page.row("request", path: "\(attempt.method) \(attempt.url)")
      if let body = attempt.body, !body.isEmpty { page.row("sent", Wordings.excerpt(body)) }
      page.row("answer", Wordings.answer(attempt))
    }
    if step.attempts.count > 1 { page.row("attempts", Wordings.attempts(step)) }
    if !attempt.traceparent.isEmpty { page.row("trace", path: attempt.traceparent) }
    if let curl = attempt.curl {
      page.row("again", path: curl)
      if record.embedded == true {
        page.row("", "(the DEMO's hotel has ended: `hotel --port N` serves one at another port)")
      }
    }
  }

  /// Operations that nobody called, and those that need not be.
  private func gaps(_ page: inout Page) {
    guard let coverage = smoke.coverage else { return }
    let ignored = coverage.operations.filter { $0.called == 0 && $0.ignored != nil }
    if coverage.gaps.isEmpty, ignored.isEmpty, coverage.undocumented.isEmpty, coverage.unusedIgnores.isEmpty { return }
    page.blank()
    for (index, gap) in coverage.gaps.enumerated() { page.row(index == 0 ? "not called" : "", gap, .red) }
    if let gap = coverage.gaps.first {
      page.row("", "a scenario has to call each, or the environment in gonogo.yaml ignores it with a reason:")
      page.row("", "coverage: {ignore: [{operation: \(gap), reason: ...}]}")
    }
    for (index, operation) in ignored.enumerated() {
      page.row(index == 0 ? "ignored" : "", "\(operation.operation): \(operation.ignored ?? "")")
    }
    for (index, entry) in coverage.unusedIgnores.enumerated() {
      page.row(index == 0 ? "fits nothing" : "", entry, .yellow)
    }
    let shown = 5
    for (index, request) in coverage.undocumented.prefix(shown).enumerated() {
      page.row(index == 0 ? "undocumented" : "", request, .yellow)
    }
    let rest = coverage.undocumented.count - shown
    if rest > 0 { page.row("", "and \(rest) more", .yellow) }
  }

  private func remains(_ page: inout Page) {
    page.blank()
    for (index, line) in Wordings.leftBehind(record, directory: directory).enumerated() {
      page.row(index == 0 ? "left behind" : "", line, .yellow)
    }
    for note in record.notes where !note.hasPrefix(RunRecord.incompleteFiles) && !troubles.contains(note) {
      page.row("note", note)
    }
    page.row("files", path: directory)
  }
}

extension Wordings {
  /// `12 passed, 1 failed, 2 left out, in 3.4 s with 16 requests`.
  static func smokeCounts(_ record: RunRecord, _ smoke: SmokeRecord) -> String {
    let steps = smoke.steps
    let passed = steps.count { $0.status == .passed }
    let failed = steps.count { $0.status == .failed }
    let flaky = steps.count { $0.flaky }
    var parts = ["\(passed) passed" + (flaky > 0 ? " (\(flaky) only on a retry)" : "")]
    if failed > 0 { parts.append("\(failed) failed") }
    let skipped = steps.count - passed - failed
    if skipped > 0 { parts.append("\(skipped) left out") }
    var text = parts.joined(separator: ", ")
    if let ended = record.ended {
      let seconds = Double(ended.millisecondsSinceEpoch - record.started.millisecondsSinceEpoch) / 1000
      text += ", in \(NumberText.duration(seconds: max(0, seconds)))"
    }
    let requests = steps.reduce(0) { $0 + $1.attempts.count }
    return text + " with \(NumberText.count(requests)) request\(requests == 1 ? "" : "s")"
  }

  /// `14 of 17 called, 3 ignored with a reason (openapi.json)`.
  static func coverage(_ coverage: CoverageRecord) -> String {
    let called = coverage.operations.count { $0.called > 0 }
    let ignored = coverage.operations.count { $0.called == 0 && $0.ignored != nil }
    var text = "\(called) of \(coverage.operations.count) called"
    if ignored > 0 { text += ", \(ignored) ignored with a reason" }
    if !coverage.gaps.isEmpty { text += ", \(coverage.gaps.count) NOT" }
    return text + " (\(coverage.source))"
  }

  static func item(_ item: ItemRecord) -> String { "\(item.status.rawValue.uppercased()): \(item.reason)" }

  /// Enough of a text to understand it.
  static func excerpt(_ text: String) -> String {
    let characters = 400
    return text.count <= characters ? text : text.prefix(characters) + "..."
  }

  /// `500, 21 bytes: {"error": ...}`.
  static func answer(_ attempt: SmokeAttempt) -> String {
    guard let status = attempt.status else { return "none" }
    let size = "\(NumberText.count(attempt.answerBytes)) byte\(attempt.answerBytes == 1 ? "" : "s")"
    let excerpt = attempt.answer.map { $0.isEmpty ? "" : ": " + Self.excerpt($0) } ?? ""
    return "\(status) after \(NumberText.milliseconds(attempt.duration)), \(size)\(excerpt)"
  }

  /// `3: 500, no answer, 200`.
  static func attempts(_ step: SmokeStep) -> String {
    let words = step.attempts.map { $0.status.map(String.init) ?? ($0.url.isEmpty ? "not made" : "no answer") }
    let shown = words.count <= 10 ? words : words.prefix(9) + ["..."]
    return "\(step.attempts.count): \(shown.joined(separator: ", "))"
  }
}
