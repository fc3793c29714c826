// SPDX-License-Identifier: Apache-2.0
import Histogram

@testable import Results

/// A run at a declared peak, made up second by second: 80 % of the arrivals are `fast` journeys of one step, 20 % `book`
/// journeys of two. Everything about it can be changed.
struct PeakRun {
  static let kinds = ["status", "generator"]

  var seconds = 60
  /// Of fast and of book journeys.
  var arrivals = [80, 20]
  /// Response time in microseconds of a request of step 0 (`fast/go`), 1 (`book/search`) or 2 (`book/pay`).
  var microseconds: @Sendable (_ step: Int, _ second: Int) -> Int64 = { step, second in
    Int64(20_000 + 10_000 * step + second % 7 * 1000)
  }
  var failures: @Sendable (_ step: Int, _ second: Int) -> Int = { _, _ in 0 }
  var ownLagMicroseconds: Int64 = 100
  /// Started of those planned, per scenario and second.
  var unsent = 0
  var everyMilliseconds = 5000.0
  /// From there on the steps of `book` are not sent.
  var silentFrom = Int.max
  var samples: [TargetSample] = []
  /// Last word on the facts.
  var change: @Sendable (inout RunRecord) -> Void = { _ in }

  private static let scenarioOf = [0, 1, 1]

  func record() -> RunRecord {
    let rate = Double(arrivals.reduce(0, +))
    var record = RunRecord(
      tool: ToolRecord(version: "0.1.0"), runId: "01peak", seed: 7, started: Timestamp("2026-11-20T13:15:02.250Z")!,
      target: "http://127.0.0.1:8080",
      plan: PlanRecord(
        name: "peak", model: "open",
        mix: [MixRecord(scenario: "fast", share: 0.8), MixRecord(scenario: "book", share: 0.2)],
        phases: [
          PhaseRecord(
            name: "peak", start: 0, seconds: seconds, plannedSeconds: seconds, steady: true, rate: "1x peak",
            from: rate, to: rate)
        ],
        steps: [
          StepRecord(scenario: "fast", step: "go", perJourney: 1),
          StepRecord(scenario: "book", step: "search", perJourney: 1),
          StepRecord(scenario: "book", step: "pay", perJourney: 1),
        ]),
      settings: SettingsRecord(
        thresholds: ["errors < 1%"], confidence: 0.95, timeout: 30_000, drain: 30_000, maxInFlight: nil),
      provenance: Provenance(
        host: "build", kernel: "6.1", processors: 2, workers: 1, libraries: [:], binary: nil,
        commandLine: ["/usr/bin/gonogo", "load", "a plan.yaml", "--env", "staging"]))
    record.demo = true
    record.peak = PeakRecord(
      rate: "100 arrivals/s", arrivalsPerSecond: 100, source: "log, week 42", by: "ops",
      mix: [MixRecord(scenario: "fast", share: 0.8), MixRecord(scenario: "book", share: 0.2)])
    if !samples.isEmpty {
      record.watched = WatchedRecord(sources: [WatchedSource(source: .process, name: "hotel", every: everyMilliseconds)]
      )
    }
    change(&record)
    return record
  }

  /// The whole folder, judged.
  func judged(in directory: TemporaryDirectory) throws -> RunRecord {
    let path = try folder(in: directory)
    return try judgedRecord(RunFolder.open(path).completed())
  }

  func items(in directory: TemporaryDirectory) throws -> [String: ItemRecord] {
    Dictionary(uniqueKeysWithValues: try judged(in: directory).items.map { ($0.id, $0) })
  }

  func folder(in directory: TemporaryDirectory) throws -> String {
    var record = record()
    let writer = try RunFolderWriter(resultsDirectory: directory.path, record: record, failureKinds: Self.kinds)
    writer.target?.append(samples)
    let phases = record.plan.phases
    for second in 0..<seconds {
      let phase = phases.lastIndex { $0.start <= second } ?? 0
      write(second, phase: phase, to: writer, into: &record)
    }
    record.ended = Timestamp(millisecondsSinceEpoch: record.started.millisecondsSinceEpoch + Int64(seconds) * 1000)
    let interrupted = record.interrupted
    _ = writer.finish(record: record, samples: Samples(slowest: [], failures: [:])) { _ in interrupted ? "cut" : "whole"
    }
    return writer.directory
  }

  private func write(_ second: Int, phase: Int, to writer: RunFolderWriter, into record: inout RunRecord) {
    let empty = Histogram()
    for step in 0..<3 {
      let failed = failures(step, second)
      var counts = StepCounts()
      counts.sent = step > 0 && second >= silentFrom ? 0 : arrivals[Self.scenarioOf[step]] - unsent
      counts.due = counts.sent
      counts.ok = counts.sent - failed
      counts.failed = failed > 0 ? [failed, 0] : []
      counts.completedOk = counts.ok
      counts.completedFailed = failed
      var ok = Histogram()
      var bad = Histogram()
      if counts.ok > 0 { ok.record(microseconds(step, second), count: Int64(counts.ok)) }
      if failed > 0 { bad.record(1000, count: Int64(failed)) }
      guard counts.due > 0 else { continue }
      writer.step(
        step, second: second, phase: phase, counts: counts, responseOk: ok, responseFailed: bad, serviceOk: ok,
        serviceFailed: bad)
      record.totals.planned += counts.due
      record.totals.sent += counts.sent
      record.totals.ok += counts.ok
      record.totals.failed += failed
      if failed > 0 { record.totals.failedByKind["status", default: 0] += failed }
    }
    for scenario in 0..<2 where arrivals[scenario] > 0 {
      var counts = ArrivalTotals()
      counts.planned = arrivals[scenario]
      counts.started = arrivals[scenario] - unsent
      counts.unsent = unsent
      counts.completed = counts.started
      var durations = Histogram()
      durations.record(50_000, count: Int64(counts.completed))
      writer.journeys(
        scenario: scenario, second: second, phase: phase, counts: counts, completed: durations, failed: empty)
      record.arrivals += counts
    }
    var lag = Histogram()
    lag.record(ownLagMicroseconds, count: Int64(arrivals[0] + 2 * arrivals[1]))
    writer.generator(second: second, counts: GeneratorCounts(), ownLag: lag, blocked: empty)
    writer.flush()
  }
}

private struct NoRecord: Error {}

private func judgedRecord(_ record: RunRecord?) throws -> RunRecord {
  guard let record else { throw NoRecord() }
  return record
}
