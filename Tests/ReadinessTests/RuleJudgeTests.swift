// SPDX-License-Identifier: Apache-2.0
import Foundation
import Histogram
import Results
import Testing

@testable import Readiness

/// Rules that a list writes beside its rows, judged on load folders that the real writer made: ten minutes of 100
/// arrivals/s, four fifths of them `fast`, one fifth `book`.
@Suite final class RuleJudgeTests {
  private let directory = FileManager.default.temporaryDirectory.appending(path: "rules-\(UUID().uuidString)").path
  private static let seconds = 600

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  private func record() -> RunRecord {
    func mix(_ share: Double) -> [MixRecord] {
      [MixRecord(scenario: "fast", share: share), MixRecord(scenario: "book", share: 1 - share)]
    }
    var record = RunRecord(
      tool: ToolRecord(version: "0.1.0"), runId: "01rule", seed: 7, started: PreparedEvidence.start,
      target: "https://staging.hotel.example",
      plan: PlanRecord(
        name: "peak", model: "open", mix: mix(0.8),
        phases: [
          PhaseRecord(
            name: "peak", start: 0, seconds: Self.seconds, plannedSeconds: Self.seconds, steady: true, rate: "1x peak",
            from: 100, to: 100)
        ],
        steps: [
          StepRecord(scenario: "fast", step: "go", perJourney: 1),
          StepRecord(scenario: "book", step: "pay", perJourney: 1),
        ]),
      settings: SettingsRecord(
        thresholds: ["errors < 50%"], confidence: nil, timeout: 30_000, drain: 30_000, maxInFlight: nil),
      provenance: Provenance(
        host: "runner", kernel: "6.1", processors: 2, workers: 1, libraries: [:], binary: nil, commandLine: []))
    record.environment = "staging"
    record.build = "1.4.2"
    record.peak = PeakRecord(
      rate: "100 arrivals/s", arrivalsPerSecond: 100, source: "log", by: "ops", mix: mix(0.8))
    return record
  }

  private func judged(
    _ rules: [String] = ["p(95) < 300ms @steady", "errors < 1% @steady"], peak: Double? = 1, steady: Int = 600,
    errors: Int = 0, unsent: Int = 0, shares: [Int] = [80, 20], _ change: (inout RunRecord) -> Void = { _ in }
  ) throws -> (standing: Standing, reason: String) {
    var record = record()
    change(&record)
    let writer = try RunFolderWriter(
      resultsDirectory: directory, record: record, failureKinds: ["status", "generator"])
    let empty = Histogram()
    for second in 0..<Self.seconds {
      for (index, planned) in shares.enumerated() where planned > 0 {
        let sent = planned - (index == 0 ? unsent : 0)
        let failed = index == 0 ? errors : 0
        var counts = StepCounts()
        (counts.due, counts.sent, counts.ok) = (sent, sent, sent - failed)
        counts.failed = failed > 0 ? [failed, 0] : []
        (counts.completedOk, counts.completedFailed) = (counts.ok, failed)
        var good = Histogram()
        var bad = Histogram()
        good.record(20_000, count: Int64(counts.ok))
        if failed > 0 { bad.record(1000, count: Int64(failed)) }
        writer.step(
          index, second: second, phase: 0, counts: counts, responseOk: good, responseFailed: bad, serviceOk: good,
          serviceFailed: bad)
        record.totals.planned += sent
        record.totals.sent += sent
        record.totals.ok += counts.ok
        record.totals.failed += failed
        if failed > 0 { record.totals.failedByKind["status", default: 0] += failed }
        var arrived = ArrivalTotals()
        (arrived.planned, arrived.started, arrived.completed) = (planned, sent, sent)
        arrived.unsent = planned - sent
        writer.journeys(
          scenario: index, second: second, phase: 0, counts: arrived, completed: good, failed: empty)
        record.arrivals.planned += planned
        record.arrivals.started += sent
        record.arrivals.completed += sent
        record.arrivals.unsent += planned - sent
      }
      var lag = Histogram()
      lag.record(100, count: 100)
      writer.generator(second: second, counts: GeneratorCounts(), ownLag: lag, blocked: empty)
      writer.flush()
    }
    record.ended = PreparedEvidence.start.later(seconds: Self.seconds)
    _ = writer.finish(record: record, samples: Samples(slowest: [], failures: [:])) { _ in "whole" }
    let mark = Mark.rules(rules, leastSteadySeconds: steady, leastPeak: peak)
    let results = RuleJudge(MadeUp.checklist([MadeUp.item("X", marks: [mark])])).results(writer.directory)
    let result = try #require(results.first { $0.mark == mark })
    return (result.standing, result.reason)
  }

  @Test func rulesThatHoldAtThePeakPass() throws {
    let found = try judged()
    #expect(found.standing == .pass, "\(found.reason)")
    #expect(found.reason.contains("with 95 % confidence"))
  }

  @Test func theListsOwnRuleDecidesWhateverThePlanAsked() throws {
    #expect(try judged(errors: 3).standing == .fail)
    #expect(try judged(["rate >= 1000 @steady"], peak: nil).standing == .fail)
  }

  /// Each of these holds the rules; none of them proves anything.
  @Test func whatHoldsUnderAnotherLoadIsPending() throws {
    func expectPending(_ found: (standing: Standing, reason: String), _ words: String) {
      #expect(found.standing == .pending && found.reason.contains(words), "\(words): \(found.reason)")
    }
    expectPending(try judged(steady: 601), "600 of 601 steady seconds")
    expectPending(try judged(peak: 2), "held 1 times the peak; 2 is asked for")
    expectPending(try judged { $0.peak = nil }, "declares no expected peak")
    expectPending(try judged(peak: nil) { $0.peak = nil }, "no expected peak is declared")
    expectPending(try judged { $0.peak?.mix = nil }, "declares no mix")
    expectPending(try judged(shares: [100, 0]), "the mix was not the declared one")
    expectPending(try judged(peak: nil, shares: [100, 0]), "the mix was not the declared one")
    expectPending(try judged(unsent: 2), "only 58800 of 60000 arrivals were started")
    expectPending(try judged { $0.plan.model = "closed" }, "users wait for answers")
    expectPending(try judged { $0.interrupted = true }, "the run was interrupted")
    expectPending(try judged { $0.buildAfter = "1.4.3" }, "the build changed during the run")
    expectPending(try judged { $0.totals.sent += 1 }, "do not add up")
    expectPending(
      try judged { record in for step in record.plan.steps.indices { record.plan.steps[step].probe = true } },
      "no step but probes was sent")
    expectPending(try judged(["p(95) < 300ms @steady step:book/none"]), "book/none")
  }

  @Test func whatBreaksAboveTheAskedRateContradictsNothing() throws {
    let heavy = try judged(errors: 3) { $0.peak?.arrivalsPerSecond = 50 }
    #expect(heavy.standing == .pending && heavy.reason.contains("broken at 2 times the peak"))
    #expect(try judged(errors: 3) { $0.peak?.arrivalsPerSecond = 95 }.standing == .fail)
  }
}
