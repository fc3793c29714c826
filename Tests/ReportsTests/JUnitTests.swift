// SPDX-License-Identifier: Apache-2.0
import Foundation
import Judgement
import TestPython
import Testing

@testable import Reports
@testable import Results

/// Written here, read by another parser: what comes out again is what was put in, in the order of Surefire's schema.
@Suite struct JUnitTests {
  private static let python = JUnitReader.python

  private func read(_ text: String) throws -> [String] { try JUnitReader.outline(text) }

  private static func attempt(
    _ number: Int, _ outcome: SmokeAttempt.Outcome, _ status: Int?, actual: String = "200", body: String? = nil
  ) -> SmokeAttempt {
    SmokeAttempt(
      number: number, round: 1, at: Timestamp(millisecondsSinceEpoch: 0), duration: 12.3456, method: "POST",
      url: "http://127.0.0.1:8080/r", headers: ["X-Key: 1"], body: body, traceparent: "", status: status,
      answerHeaders: ["Content-Type: text/plain"], answer: "oops", answerBytes: 4, outcome: outcome,
      failure: outcome == .failed
        ? SmokeFailure(kind: "status", expected: "status 201", actual: actual, place: "r.yaml:14:7") : nil,
      curl: outcome == .failed ? "curl -H \"Authorization: $TOKEN\" 'http://127.0.0.1:8080/r'" : nil)
  }

  private static func step(
    _ name: String, _ status: SmokeStep.Status, _ attempts: [SmokeAttempt] = [], reason: String? = nil
  ) -> SmokeStep {
    var step = SmokeStep(
      name: name, section: .steps, place: "r.yaml:9:5", method: "POST", path: "/r", tags: [], writes: true)
    step.status = status
    step.attempts = attempts
    step.reason = reason
    return step
  }

  private static func smoke(_ steps: [SmokeStep], items: [ItemRecord] = []) -> RunRecord {
    var record = SampleRecord.passing()
    record.kind = .smoke
    record.plan.name = "smoke"
    record.demo = true
    record.thresholds = []
    record.items = items
    record.smoke = SmokeRecord(
      settings: SmokeSettings(readOnly: false, tags: [], failFast: false, retries: 2, retryPause: 1000),
      scenarios: [SmokeScenario(scenario: "reservation", about: "A guest books.", steps: steps)])
    return record
  }

  @Test(.enabled(if: python != nil)) func oneCasePerStep() throws {
    let record = Self.smoke([
      Self.step("search", .passed, [Self.attempt(1, .passed, 200)]),
      Self.step("book", .passed, [Self.attempt(1, .failed, 500, actual: "500"), Self.attempt(2, .passed, 201)]),
      Self.step("read", .failed, (1...3).map { Self.attempt($0, .failed, nil, actual: "no answer \($0)") }),
      Self.step("cancel", .skipped, reason: "a step before it failed"),
    ])
    #expect(
      try read(junit(record)) == [
        "testsuites smoke tests=4 failures=1 errors=0 skipped=1 time=0.074",
        "testsuite reservation tests=4 failures=1 errors=0 skipped=1 time=0.074",
        "property runId=01hz7", "property seed=42", "property target=https://staging.hotel.example",
        "property environment=staging", "property build=2026.11.2", "property demo=true",
        "property started=\(record.started.text)", "property verdict=pass", "property gonogo=0.1.0",
        "property about=A guest books.",
        "testcase reservation search time=0.012",
        "testcase reservation book time=0.025",
        "flakyFailure status: expected status 201, got 500",
        "system-out curl -H \"Authorization: $TOKEN\" 'http://127.0.0.1:8080/r'",
        "testcase reservation read time=0.037",
        "failure status: expected status 201, got no answer 1",
        "rerunFailure status: expected status 201, got no answer 2",
        "system-out curl -H \"Authorization: $TOKEN\" 'http://127.0.0.1:8080/r'",
        "rerunFailure status: expected status 201, got no answer 3",
        "system-out curl -H \"Authorization: $TOKEN\" 'http://127.0.0.1:8080/r'",
        "system-out curl -H \"Authorization: $TOKEN\" 'http://127.0.0.1:8080/r'",
        "testcase reservation cancel time=0.000",
        "skipped a step before it failed",
      ])
  }

  @Test func aFailureSaysWhatAStrangerNeeds() {
    let text = junit(Self.smoke([Self.step("book", .failed, [Self.attempt(1, .failed, 500, body: "{\"a\": 1}")])]))
    for part in [
      "expected status 201\ngot 200\nat r.yaml:14:7\nstep at r.yaml:9:5\nattempt 1",
      "POST http://127.0.0.1:8080/r\nX-Key: 1\n\n{&quot;a&quot;: 1}", "answer 500\nContent-Type: text/plain\n\noops",
    ] { #expect(text.contains(part), "\(part)") }
  }

  @Test(.enabled(if: python != nil)) func itemsAreCasesOfTheirOwn() throws {
    let items = [
      ItemRecord(id: "F-001", status: .fail, reason: "1 operation of 9 never called: GET /x"),
      ItemRecord(id: "F-002", status: .pass, reason: "booked by ..."),
      ItemRecord(id: "X-1", status: .partial, reason: "a retry"), ItemRecord(id: "X-2", status: .pending, reason: "no"),
    ]
    let lines = try read(junit(Self.smoke([Self.step("a", .passed)], items: items)))
    #expect(lines.first == "testsuites smoke tests=5 failures=1 errors=0 skipped=2 time=0.000")
    #expect(
      Array(lines.drop { $0 != "testcase checklist F-001 time=0.000" }) == [
        "testcase checklist F-001 time=0.000", "failure fail: 1 operation of 9 never called: GET /x",
        "testcase checklist F-002 time=0.000", "system-out booked by ...", "testcase checklist X-1 time=0.000",
        "skipped PARTIAL: a retry", "testcase checklist X-2 time=0.000", "skipped PENDING: no",
      ])
  }

  @Test(.enabled(if: python != nil)) func oneCasePerRule() throws {
    var record = SampleRecord.passing()
    record.thresholds[0].verdict = .fail
    record.thresholds[0].reason = "too slow"
    record.thresholds[1].verdict = .inconclusive
    record.thresholds[1].reason = "too few"
    record.verdict = .fail
    record.reasons = ["own lag", "disk full"]
    #expect(
      try read(junit(record)).filter { !$0.hasPrefix("property") } == [
        "testsuites expected-peak tests=3 failures=2 errors=1 skipped=0 time=0.000",
        "testsuite expected-peak tests=3 failures=2 errors=1 skipped=0 time=0.000",
        "testcase expected-peak p(95) < 300ms @peak time=0.000", "failure fail: too slow",
        "testcase expected-peak errors < 0.1% @steady time=0.000", "error inconclusive: too few",
        "testcase expected-peak the run as a whole time=0.000", "failure fail: own lag\\ndisk full",
      ])
  }

  /// What a load run marks stands beside its rules.
  @Test(.enabled(if: python != nil)) func itemsOfALoadRun() throws {
    var record = SampleRecord.passing()
    record.items = [
      ItemRecord(id: "P-001", status: .pass, reason: "held for 600 s"),
      ItemRecord(id: "P-002", status: .fail, reason: "too slow"),
      ItemRecord(id: "P-005", status: .pending, reason: "600 of 3,600 s"),
    ]
    let lines = try read(junit(record))
    #expect(lines.first == "testsuites expected-peak tests=5 failures=1 errors=0 skipped=1 time=0.000")
    #expect(
      lines.suffix(6) == [
        "testcase checklist P-001 time=0.000", "system-out held for 600 s", "testcase checklist P-002 time=0.000",
        "failure fail: too slow", "testcase checklist P-005 time=0.000", "skipped PENDING: 600 of 3,600 s",
      ])
  }

  /// A run that is not PASS shows in the file, even when every rule holds.
  @Test func aDoubtfulRunIsNeverGreen() {
    var record = SampleRecord.passing()
    #expect(!junit(record).contains("<error"))
    record.verdict = .inconclusive
    record.reasons = ["the run was interrupted"]
    #expect(junit(record).contains("<error message=\"the run was interrupted\" type=\"inconclusive\">"))
  }

  /// Names and texts that come from servers and other people.
  @Test(
    .enabled(if: python != nil),
    arguments: [
      ("a<b>&\"'c", "a<b>&\"'c"), ("]]>", "]]>"), ("<![CDATA[x]]>", "<![CDATA[x]]>"),
      ("<!-- --><?x?>", "<!-- --><?x?>"),
      ("&amp;&#10;", "&amp;&#10;"),
      ("\u{0}\u{1}\u{B}\u{1B}[31m\u{7F}\u{85}", "\\u{0}\\u{1}\\u{B}\\u{1B}[31m\\u{7F}\\u{85}"),
      ("tab\tcr\r.", "tab\\tcr\\r."), ("\u{FFFE}\u{FFFF}\u{1FFFE}", "\\u{FFFE}\\u{FFFF}\\u{1FFFE}"),
      ("\u{202E}rtl\u{200B}", "\\u{202E}rtl\\u{200B}"), ("e\u{301}\u{1F600}\u{65E5}", "e\u{301}\u{1F600}\u{65E5}"),
      // What was no UTF-8 (a lone surrogate, cut bytes) is U+FFFD since it was read.
      (String(decoding: [0xED, 0xA0, 0x80, 0x41, 0xFF], as: UTF8.self), "\u{FFFD}\u{FFFD}\u{FFFD}A\u{FFFD}"),
      ("line one\nline two\r\nthree", "line one\\nline two\\nthree"),
    ])
  func hostileTexts(text: String, shown: String) throws {
    var attempt = Self.attempt(1, .failed, 200, actual: text)
    attempt.curl = text
    var record = Self.smoke([Self.step(text, .failed, [attempt])])
    record.target = text
    let lines = try read(junit(record))
    #expect(lines.contains("property target=\(shown)"))
    #expect(lines.contains("testcase reservation \(shown) time=0.012"))
    #expect(lines.contains("failure status: expected status 201, got \(shown)"))
    #expect(lines.contains("system-out \(shown)"))
  }

  /// The reader does find what breaks the schema.
  @Test(
    .enabled(if: python != nil),
    arguments: [
      "<testsuites><testsuite name='a' tests='0' errors='0' skipped='0' failures='0' hostname='x'/></testsuites>",
      "<testsuites><testsuite name='a' tests='1' errors='0' skipped='0' failures='0'><testcase name='x'/></testsuite></testsuites>",
      """
      <testsuites><testsuite name='a' tests='1' errors='0' skipped='0' failures='0'>
      <testcase name='x' time='1'><system-out/><failure type='x'/></testcase></testsuite></testsuites>
      """,
      "<testsuites><testsuite", "<testsuites>\u{1}</testsuites>",
    ])
  func theReaderIsStrict(text: String) {
    #expect(throws: TestPython.Failure.self) { try read(text) }
  }
}
