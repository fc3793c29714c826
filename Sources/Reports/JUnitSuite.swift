// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results

/// With three digits, as the schema wants it.
private func seconds(_ milliseconds: Double) -> String {
  let whole = Int(max(0, min(milliseconds, 1e12)).rounded())
  let rest = "\(whole % 1000)"
  return "\(whole / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
}

/// One suite.
struct JUnitSuite {
  var name: String
  var about = ""
  var cases: [JUnitCase]

  init(name: String, cases: [JUnitCase]) {
    self.name = name
    self.cases = cases
  }

  init(_ scenario: SmokeScenario) {
    name = scenario.scenario
    about = scenario.about
    cases = scenario.steps.map { JUnitCase($0, of: scenario.scenario) }
  }

  /// A rule that could not be decided is no test that passed, nor one that was left out: it is an error.
  init(rulesOf record: RunRecord) {
    name = record.plan.name
    cases = record.thresholds.map { threshold in
      var rule = JUnitCase(name: threshold.expression, className: record.plan.name)
      rule.take(threshold.verdict, threshold.reason)
      return rule
    }
    guard !record.reasons.isEmpty, record.verdict != .pass else { return }
    var run = JUnitCase(name: "the run as a whole", className: record.plan.name)
    run.take(record.verdict, record.reasons.joined(separator: "\n"))
    cases.append(run)
  }

  /// What is not proven is left out, not passed.
  init(items: [ItemRecord]) {
    name = "checklist"
    cases = items.map { item in
      var row = JUnitCase(name: item.id, className: "checklist")
      switch item.status {
      case .pass: row.output = item.reason
      case .fail: row.failures = [JUnitCase.Failure(type: "fail", message: item.reason, text: item.reason)]
      case .partial, .pending: row.skipped = "\(item.status.rawValue.uppercased()): \(item.reason)"
      }
      return row
    }
  }

  /// The whole file: the same suites and properties give the same bytes.
  static func document(_ suites: [JUnitSuite], name: String, properties: [(String, String)]) -> String {
    var xml = XMLText()
    xml.element("testsuites", totals(name, suites.flatMap(\.cases))) { xml in
      for suite in suites { suite.write(to: &xml, properties: properties) }
    }
    return xml.text
  }

  private static func totals(_ name: String, _ cases: [JUnitCase]) -> KeyValuePairs<String, String> {
    [
      "name": name, "time": seconds(cases.reduce(0) { $0 + $1.milliseconds }), "tests": "\(cases.count)",
      "errors": "\(cases.count { $0.error != nil })", "skipped": "\(cases.count { $0.skipped != nil })",
      "failures": "\(cases.count { !$0.failures.isEmpty })",
    ]
  }

  private func write(to xml: inout XMLText, properties: [(String, String)]) {
    xml.element("testsuite", Self.totals(name, cases)) { xml in
      xml.element("properties") { xml in
        for (name, value) in properties + (about.isEmpty ? [] : [("about", about)]) {
          xml.element("property", ["name": name, "value": value])
        }
      }
      for one in cases { one.write(to: &xml) }
    }
  }
}

/// One case.
struct JUnitCase {
  struct Failure {
    var type: String
    var message: String
    var text: String
    var output: String?
  }

  var name: String
  var className: String
  var milliseconds = 0.0
  /// The first is the failure, the rest are its repetitions.
  var failures: [Failure] = []
  /// Mended by a retry.
  var mended: [Failure] = []
  var skipped: String?
  var error: Failure?
  var output: String?

  init(name: String, className: String) {
    self.name = name
    self.className = className
  }

  init(_ step: SmokeStep, of scenario: String) {
    self.init(name: step.name, className: scenario)
    milliseconds = step.attempts.reduce(0) { $0 + $1.duration }
    let failed = step.attempts.filter { $0.outcome == .failed }.map { Self.failure($0, step) }
    switch step.status {
    case .passed: mended = failed
    case .skipped: skipped = step.reason ?? "left out"
    case .failed:
      failures =
        failed.isEmpty ? [Failure(type: "other", message: "the step failed", text: "at \(step.place)")] : failed
      output = failed.first?.output
    }
  }

  mutating func take(_ verdict: Verdict, _ reason: String) {
    let failure = Failure(type: verdict.rawValue, message: reason, text: reason)
    switch verdict {
    case .pass: output = reason
    case .fail: failures = [failure]
    case .inconclusive: error = failure
    }
  }

  /// What a stranger needs to see what happened, and the command to see it again.
  private static func failure(_ attempt: SmokeAttempt, _ step: SmokeStep) -> Failure {
    var lines: [String] = []
    if let failure = attempt.failure {
      lines += ["expected \(failure.expected)", "got \(failure.actual)", "at \(failure.place)"]
    }
    if let about = step.about { lines.insert(about, at: 0) }
    lines += ["step at \(step.place)", "attempt \(attempt.number)", "", "\(attempt.method) \(attempt.url)"]
    lines += attempt.headers
    if let body = attempt.body { lines += ["", body] }
    if let status = attempt.status {
      lines += ["", "answer \(status)"] + attempt.answerHeaders
      if let answer = attempt.answer { lines += ["", answer] }
    }
    return Failure(
      type: attempt.failure?.kind ?? "other", message: attempt.failure?.sentence ?? "the attempt failed",
      text: lines.joined(separator: "\n"), output: attempt.curl)
  }

  func write(to xml: inout XMLText) {
    let attributes: KeyValuePairs = ["name": name, "classname": className, "time": seconds(milliseconds)]
    guard !failures.isEmpty || !mended.isEmpty || skipped != nil || error != nil || output != nil else {
      return xml.element("testcase", attributes)
    }
    // In the order of the schema.
    xml.element("testcase", attributes) { xml in
      if let first = failures.first {
        xml.element("failure", ["message": first.message, "type": first.type], text: first.text)
      }
      for failure in failures.dropFirst() { Self.repeated("rerunFailure", failure, &xml) }
      for failure in mended { Self.repeated("flakyFailure", failure, &xml) }
      if let skipped { xml.element("skipped", ["message": skipped]) }
      if let error { xml.element("error", ["message": error.message, "type": error.type], text: error.text) }
      if let output { xml.element("system-out", text: output) }
    }
  }

  private static func repeated(_ name: String, _ failure: Failure, _ xml: inout XMLText) {
    xml.element(name, ["message": failure.message, "type": failure.type]) { xml in
      xml.element("stackTrace", text: failure.text)
      if let output = failure.output { xml.element("system-out", text: output) }
    }
  }
}
