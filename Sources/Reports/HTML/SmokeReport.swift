// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results

/// The page of a smoke run: every step, what failed with all that is needed to understand it, what was not called.
struct SmokeReport {
  var record: RunRecord
  var smoke: SmokeRecord

  var page: HTMLPage {
    HTMLPage(
      title: "\(record.verdict.rawValue.uppercased()): \(record.plan.name)", kind: "report", styles: ReportParts.styles,
      body: body)
  }

  private var body: HTMLText {
    """
    \(HTMLParts.demoLine(record.demo))\(ReportParts.banner(record, lead: lead))<main>
    \(reasons)\(ReportParts.items(record))\(failures)\(steps)\(coverage)\(ReportParts.subject(record, more: []))\(rest)\
    \(ReportParts.provenance(record))</main>
    \(HTMLParts.demoLine(record.demo))\(ReportParts.footer(record))
    """
  }

  private var lead: String { record.reasons.first ?? Wordings.smokeCounts(record, smoke) }

  private var reasons: HTMLText {
    var lines: [HTMLText] = record.reasons.dropFirst().map { "\($0)" }
    if !record.reasons.isEmpty { lines.append("\(Wordings.smokeCounts(record, smoke))") }
    if let coverage = smoke.coverage { lines.append("operations: \(Wordings.coverage(coverage))") }
    if let missing = smoke.coverageMissing { lines.append("operations: \(missing)") }
    return HTMLParts.section("answer", "Why", HTMLParts.list(lines))
  }

  // MARK: Failures

  private var failures: HTMLText {
    let parts = smoke.scenarios.flatMap { scenario in
      scenario.steps.filter { $0.status == .failed || $0.flaky }.map { failure($0, of: scenario) }
    }
    return HTMLParts.section("failures", "What failed", HTMLText(joining: parts))
  }

  private func failure(_ step: SmokeStep, of scenario: SmokeScenario) -> HTMLText {
    guard let attempt = step.attempts.last(where: { $0.outcome == .failed }) else { return .none }
    let mark: HTMLText =
      step.flaky ? HTMLParts.badge(.warning, "PASSED ONLY ON A RETRY") : HTMLParts.badge(.fail, "FAILED")
    var rows: [(label: String, content: HTMLText)] = []
    if let about = step.about ?? (scenario.about.isEmpty ? nil : scenario.about) { rows.append(("about", "\(about)")) }
    if let failure = attempt.failure {
      rows += [
        ("expected", "<strong>\(failure.expected)</strong>"), ("got", "<strong>\(failure.actual)</strong>"),
        ("written in", "<code>\(failure.place)</code>"),
      ]
    }
    if attempt.url.isEmpty {
      rows.append(("request", "could not be made, so nothing was sent"))
    } else {
      rows.append(("request", "<code>\(attempt.method) \(attempt.url)</code>"))
      rows.append(
        (
          "answer",
          "\(attempt.status.map { "\($0), " } ?? "none, ")after \(NumberText.milliseconds(attempt.duration)), \(NumberText.count(attempt.answerBytes)) bytes"
        ))
    }
    if step.attempts.count > 1 { rows.append(("attempts", "\(Wordings.attempts(step))")) }
    if !attempt.traceparent.isEmpty { rows.append(("trace", #"<span class="mono">\#(attempt.traceparent)</span>"#)) }
    return """
      <h3>\(mark) \(scenario.scenario)/\(step.name)</h3>
      \(HTMLParts.facts(rows))\(exchange(attempt))
      """
  }

  private func exchange(_ attempt: SmokeAttempt) -> HTMLText {
    func block(_ heading: StaticString, _ lines: [String], _ body: String?) -> HTMLText {
      let text = (lines + (body.map { $0.isEmpty ? [] : ["", Self.excerpt($0)] } ?? [])).joined(separator: "\n")
      return text.isEmpty
        ? .none
        : HTMLParts.details(HTMLText(stringLiteral: heading), "<pre>\(HTMLText(lines: text))</pre>\n", isOpen: true)
    }
    if attempt.url.isEmpty { return .none }
    return block("request", ["\(attempt.method) \(attempt.url)"] + attempt.headers, attempt.body)
      + block("answer", (attempt.status.map { ["\($0)"] } ?? []) + attempt.answerHeaders, attempt.answer)
      + (attempt.curl.map { HTMLParts.details("again, as a command", "<pre>\($0)</pre>\n") } ?? .none)
  }

  private static func excerpt(_ text: String) -> String {
    let characters = 4000
    return text.count <= characters ? text : text.prefix(characters) + "\n..."
  }

  // MARK: Steps

  private var steps: HTMLText {
    let parts = smoke.scenarios.map { scenario -> HTMLText in
      let rows = scenario.steps.map { step -> [HTMLText] in
        [
          "\(step.name)", Self.badge(step),
          "<code>\(step.method) \(step.path)</code>", "\(NumberText.count(step.attempts.count))",
          "\(step.decisive.map { NumberText.milliseconds($0.duration) } ?? "-")",
          "\(step.reason ?? step.attempts.last { $0.outcome == .failed }?.failure?.sentence ?? step.about ?? "")",
        ]
      }
      let about: HTMLText = scenario.about.isEmpty ? .none : #"<p class="soft small">\#(scenario.about)</p>\#n"#
      return "<h3>\(scenario.scenario)</h3>\n\(about)"
        + HTMLTable(
          caption: "Steps of \(scenario.scenario)",
          columns: [
            .text("step"), .text("result"), .wide("request"), .number("attempts"), .number("time"), .wide("about"),
          ], rows: rows
        ).html
    }
    return HTMLParts.section("steps", "Steps", HTMLText(joining: parts))
  }

  private static func badge(_ step: SmokeStep) -> HTMLText {
    switch step.status {
    case .failed: HTMLParts.badge(.fail, "failed")
    case .passed where step.flaky: HTMLParts.badge(.warning, "on a retry")
    case .passed: HTMLParts.badge(.pass, "passed")
    case .skipped: HTMLParts.badge(.neutral, "left out")
    }
  }

  // MARK: Coverage

  private var coverage: HTMLText {
    guard let coverage = smoke.coverage else { return .none }
    let rows = coverage.operations.map { operation -> [HTMLText] in
      let mark: HTMLText =
        operation.called > 0
        ? HTMLParts.badge(.pass, "called")
        : operation.ignored != nil ? HTMLParts.badge(.neutral, "ignored") : HTMLParts.badge(.fail, "not called")
      return [
        "<code>\(operation.operation)</code>", mark, "\(NumberText.count(operation.called))", "\(operation.ignored)",
      ]
    }
    var notes: [HTMLText] = coverage.undocumented.map { "called and not documented: <code>\($0)</code>" }
    notes += coverage.unusedIgnores.map { "an entry of ignore that fits no operation: <code>\($0)</code>" }
    return HTMLParts.section(
      "coverage", "Operations of the target",
      "<p>\(Wordings.coverage(coverage))</p>\n"
        + HTMLTable(
          caption: "Operations",
          columns: [.wide("operation"), .text("result"), .number("answers"), .wide("why it need not be called")],
          rows: rows
        ).html + HTMLParts.list(notes))
  }

  private var rest: HTMLText {
    let writes = record.ledger.map(Wordings.ledger) ?? []
    let lines = writes.map { "writes: \($0)" } + Wordings.leftBehind(record) + record.notes
    return HTMLParts.section("rest", "Writes, left behind and noted", HTMLParts.list(lines.map { "\($0)" }))
  }
}
