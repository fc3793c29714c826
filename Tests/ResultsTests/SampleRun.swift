// SPDX-License-Identifier: Apache-2.0
import Foundation
import Histogram
import Testing

@testable import Results

/// A directory of its own for one test, removed with the value that holds it.
final class TemporaryDirectory {
  let path: String

  init() {
    path = NSTemporaryDirectory() + "gonogo-results-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

/// A run of two scenarios and three steps, made up second by second: 10 s warm-up, then a steady peak.
struct SampleRun {
  static let kinds = ["timeout", "status", "generator"]

  var peakSeconds = 60
  var thresholds = ["p(95) < 300ms @peak", "errors < 10% @steady"]
  var confidence: Double? = 0.95
  var isOpen = true
  var requestsPerSecond = 20
  /// Of each step and second, how many fail with a timeout.
  var failuresPerSecond = 0
  /// Response times in microseconds of one second's requests of a step.
  var microseconds: @Sendable (_ second: Int, _ request: Int) -> Int64 = { second, request in
    Int64(20_000 + (second * 37 + request * 101) % 1000 * 100)
  }
  var ownLagMicroseconds: @Sendable (_ second: Int) -> Int64 = { _ in 150 }
  var busyPerMille = 300

  var seconds: Int { 10 + peakSeconds }

  func record() -> RunRecord {
    var record = RunRecord(
      tool: ToolRecord(version: "0.1.0"), runId: "01sample", seed: 7, started: Timestamp("2026-11-20T13:15:02.250Z")!,
      target: "http://127.0.0.1:8080",
      plan: PlanRecord(
        name: "expected peak", model: isOpen ? "open" : "closed",
        mix: [MixRecord(scenario: "reservation", share: 0.8), MixRecord(scenario: "health check", share: 0.2)],
        phases: [
          PhaseRecord(
            name: "warm-up", start: 0, seconds: 10, plannedSeconds: 10, steady: false, rate: "0..1x peak", from: 0,
            to: 40),
          PhaseRecord(
            name: "peak", start: 10, seconds: peakSeconds, plannedSeconds: peakSeconds, steady: true, rate: "1x peak",
            from: 40, to: 40),
        ],
        steps: [
          StepRecord(scenario: "reservation", step: "search"),
          StepRecord(scenario: "reservation", step: "book, now"),
          StepRecord(scenario: "health check", step: "live", probe: true),
        ]),
      settings: SettingsRecord(
        thresholds: thresholds, confidence: confidence, timeout: 30_000, drain: 30_000, maxInFlight: nil),
      provenance: Provenance(
        host: "build", kernel: "6.1", processors: 2, workers: 1, libraries: ["libcurl": "7.88.1"], binary: nil,
        commandLine: ["gonogo", "load"]))
    record.sameMachine = true
    return record
  }

  /// Writes all seconds; returns the facts as an engine would have counted them.
  @discardableResult
  func write(to writer: RunFolderWriter) -> RunRecord {
    var record = record()
    for second in 0..<seconds {
      writeSecond(second, to: writer, into: &record)
      writer.flush()
    }
    record.ended = Timestamp(millisecondsSinceEpoch: record.started.millisecondsSinceEpoch + Int64(seconds) * 1000)
    return record
  }

  func writeSecond(_ second: Int, to writer: RunFolderWriter, into record: inout RunRecord) {
    let phase = second < 10 ? 0 : 1
    let empty = Histogram()
    for step in 0..<3 {
      var ok = Histogram()
      var failed = Histogram()
      for request in 0..<requestsPerSecond {
        if request < failuresPerSecond {
          failed.record(30_000_000)
        } else {
          ok.record(microseconds(second, request))
        }
      }
      var counts = StepCounts()
      counts.due = requestsPerSecond
      counts.sent = requestsPerSecond
      counts.ok = requestsPerSecond - failuresPerSecond
      counts.failed = failuresPerSecond > 0 ? [failuresPerSecond, 0, 0] : []
      counts.completedOk = counts.ok
      counts.completedFailed = failuresPerSecond
      writer.step(
        step, second: second, phase: phase, counts: counts, responseOk: ok, responseFailed: failed, serviceOk: ok,
        serviceFailed: failed)
      record.totals.planned += counts.due
      record.totals.sent += counts.sent
      record.totals.ok += counts.ok
      record.totals.failed += failuresPerSecond
      if failuresPerSecond > 0 { record.totals.failedByKind["timeout", default: 0] += failuresPerSecond }
    }
    for scenario in 0..<2 {
      var counts = ArrivalTotals()
      counts.planned = 20
      counts.started = 20
      counts.completed = 20
      var durations = Histogram()
      durations.record(500_000, count: 20)
      writer.journeys(
        scenario: scenario, second: second, phase: phase, counts: counts, completed: durations, failed: empty)
      record.arrivals += counts
    }
    var lag = Histogram()
    lag.record(ownLagMicroseconds(second), count: 60)
    var state = GeneratorCounts()
    state.busyPerMille = busyPerMille
    state.cpuPerMille = 400
    writer.generator(second: second, counts: state, ownLag: lag, blocked: empty)
  }

  /// A whole folder. Returns its path and the record as written.
  func folder(in directory: TemporaryDirectory) throws -> (path: String, record: RunRecord) {
    let writer = try RunFolderWriter(
      resultsDirectory: directory.path, record: record(), failureKinds: SampleRun.kinds)
    let facts = write(to: writer)
    let record = writer.finish(record: facts, samples: Samples(slowest: [], failures: [:])) { "# \($0.plan.name)\n" }
    #expect(writer.trouble == nil)
    return (writer.directory, record)
  }
}
