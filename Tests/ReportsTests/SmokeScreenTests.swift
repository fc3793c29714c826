// SPDX-License-Identifier: Apache-2.0
import Judgement
import Testing

@testable import Reports
@testable import Results

/// What a smoke run says at its end, for a reader who knows neither the tool nor the scenario.
@Suite struct SmokeScreenTests {
  private static let started = Timestamp(millisecondsSinceEpoch: 1_795_180_502_123)

  private static func attempt(_ outcome: SmokeAttempt.Outcome, status: Int, number: Int = 1) -> SmokeAttempt {
    SmokeAttempt(
      number: number, round: 1, at: started, duration: 12.34, method: "POST",
      url: "https://staging.hotel.example/api/v1/reservations", headers: ["Idempotency-Key: 1"],
      body: #"{"guest":"Ana Ficticia"}"#, traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      status: status, answerHeaders: [], answer: "{\"error\":\"\u{1B}]0;boom\"}", answerBytes: 21, outcome: outcome,
      failure: outcome == .failed
        ? SmokeFailure(
          kind: "status", expected: "status 201", actual: "\(status)", place: "scenarios/reservation.yaml:34:15") : nil,
      curl: outcome == .failed ? "curl -sS -i https://staging.hotel.example/api/v1/reservations" : nil)
  }

  private static func step(_ name: String, _ attempts: [SmokeAttempt], _ cause: SmokeStep.Cause? = nil) -> SmokeStep {
    var step = SmokeStep(
      name: name, section: .steps, place: "scenarios/reservation.yaml:20:5", method: "POST", path: "/api", tags: [],
      writes: true)
    if name == "book" { step.about = "A room that is free is booked." }
    step.attempts = attempts
    step.cause = cause
    step.reason = cause.map { _ in "a step before it failed" }
    return step.judged()
  }

  private static func record() -> RunRecord {
    var record = SampleRecord.passing()
    record.kind = .smoke
    record.plan = PlanRecord(name: "smoke", model: "smoke", mix: [], phases: [], steps: [])
    var smoke = SmokeRecord(
      settings: SmokeSettings(readOnly: false, tags: [], failFast: false, retries: 2, retryPause: 1000),
      scenarios: [
        SmokeScenario(
          scenario: "reservation", about: "A guest searches, books and cancels.",
          steps: [
            step("search", [attempt(.failed, status: 503), attempt(.passed, status: 200, number: 2)]),
            step("book", [attempt(.failed, status: 500), attempt(.failed, status: 500, number: 2)]),
            step("read-back", [], .earlierFailure), step("cancel", [attempt(.passed, status: 204)]),
          ])
      ])
    smoke.coverage = CoverageRecord(
      source: "/openapi.json",
      operations: [
        CoveredOperation(operation: "POST /api/v1/reservations", called: 2),
        CoveredOperation(operation: "GET /api/v1/rooms", called: 0),
        CoveredOperation(operation: "DELETE /admin", called: 0, ignored: "destroys data"),
      ], gaps: ["GET /api/v1/rooms"], undocumented: ["GET /hidden"], unusedIgnores: ["PUT /x"])
    record.smoke = smoke
    record.verdict = .fail
    record.reasons = smoke.reasons
    record.items = [ItemRecord(id: "F-001", status: .fail, reason: "1 step failed: reservation/book")]
    record.leftBehind = [LeftBehind(scenario: "reservation", step: "book", key: "k1", state: "indeterminate")]
    record.leftBehindCount = 1
    return record
  }

  @Test(arguments: [40, 80])
  func theWholeScreen(columns: Int) throws {
    let screen = try #require(SmokeScreen(record: Self.record(), directory: "results/20261120T131502Z-smoke"))
    let text = screen.text(style: TerminalStyle(columns: columns))
    try expectGolden(text, "smoke-\(columns).txt")
    for line in text.split(separator: "\n")
    where !line.contains("://") && !line.contains("scenarios/") && !line.hasPrefix("00-") {
      #expect(shownWidth(line) <= columns, "\(line)")
    }
  }

  @Test func thePage() throws { try expectGolden(smokeSummary(Self.record()), "smoke.md") }

  @Test func onlySmokeHasOne() {
    #expect(SmokeScreen(record: SampleRecord.passing(), directory: "x") == nil)
  }

  @Test func ticksAndWords() {
    let scenario = Self.record().smoke!.scenarios[0]
    func lines(_ style: TerminalStyle) -> [String] {
      scenario.steps.map { SmokeLine.step($0, of: scenario, style: style) }
    }
    #expect(
      lines(TerminalStyle(columns: 60, ticks: true)).map { $0.prefix(5) } == ["  ✓ s", "  ✗ b", "  - r", "  ✓ c"])
    #expect(
      lines(TerminalStyle(columns: 60)).map { $0.prefix(6) } == ["  ok  ", "  FAIL", "  skip", "  ok  "])
    for columns in [40, 41, 59, 80, 200] {
      for line in lines(TerminalStyle(columns: columns, colour: true)) { #expect(shownWidth(line) <= columns) }
    }
    let running = SmokeLine.running(
      scenario.steps[1], of: scenario, attempt: 2, seconds: 3.7, style: TerminalStyle(columns: 60))
    #expect(running == "  ...  book          3s  attempt 2")
  }
}
