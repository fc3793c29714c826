// SPDX-License-Identifier: Apache-2.0
import Judgement

@testable import Results

/// Records made up for reports: what they say is consistent, so that a reader of the golden texts is not misled.
enum SampleRecord {
  static func passing() -> RunRecord {
    var record = RunRecord(
      tool: ToolRecord(version: "0.1.0"), runId: "01hz7", seed: 42,
      started: Timestamp(millisecondsSinceEpoch: 1_795_180_502_123), target: "https://staging.hotel.example",
      plan: PlanRecord(
        name: "expected-peak", model: "open",
        mix: [MixRecord(scenario: "reservation", share: 0.8), MixRecord(scenario: "health", share: 0.2)],
        phases: [
          PhaseRecord(
            name: "warm-up", start: 0, seconds: 30, plannedSeconds: 30, steady: false, rate: "0..1x peak", from: 0,
            to: 40),
          PhaseRecord(
            name: "peak", start: 30, seconds: 600, plannedSeconds: 600, steady: true, rate: "1x peak", from: 40, to: 40),
        ],
        steps: [
          StepRecord(scenario: "reservation", step: "search"), StepRecord(scenario: "reservation", step: "book"),
          StepRecord(scenario: "health", step: "live", probe: true),
        ]),
      settings: SettingsRecord(
        thresholds: ["p(95) < 300ms @peak", "errors < 0.1% @steady"], confidence: 0.95, timeout: 30_000, drain: 30_000,
        maxInFlight: 1200),
      provenance: Provenance(
        host: "runner", kernel: "6.1.0", processors: 4, workers: 2, libraries: ["libcurl": "7.88.1"], binary: nil,
        commandLine: ["gonogo", "load", "expected-peak.yaml"]))
    record.ended = Timestamp(millisecondsSinceEpoch: 1_795_181_132_623)
    record.environment = "staging"
    record.environmentKind = "staging"
    record.build = "2026.11.2"
    counts(&record)
    figures(&record)
    record.verdict = .pass
    record.thresholds = [
      ThresholdRecord(
        expression: "p(95) < 300ms @peak", value: 182.4, bound: 191.7, n: 43_200, effectiveN: 21_600, verdict: .pass,
        reason:
          "903 of 43,200 at or over 300 ms or failed (2.09 %); at most 2.26 % with 95 % confidence, 5 % is the limit",
        confidence: 0.95, unit: "milliseconds", limit: 300),
      ThresholdRecord(
        expression: "errors < 0.1% @steady", value: 0.000_185, bound: 0.000_331, n: 43_200, effectiveN: 43_200,
        verdict: .pass,
        reason: "8 of 43,200 failed (0.0185 %); at most 0.0331 % with 95 % confidence, 0.1 % is the limit",
        confidence: 0.95, unit: "fraction", limit: 0.001),
    ]
    return record
  }

  private static func counts(_ record: inout RunRecord) {
    record.arrivals.planned = 24_600
    record.arrivals.started = 24_600
    record.arrivals.completed = 24_591
    record.arrivals.failed = 9
    record.totals.planned = 44_280
    record.totals.sent = 44_280
    record.totals.ok = 44_271
    record.totals.refused = 131
    record.totals.slow = 12
    record.totals.failed = 9
    record.totals.failedByKind = ["timeout": 2, "status": 6, "connect-refused": 1]
  }

  private static func figures(_ record: inout RunRecord) {
    let all = TimeFigures(p50: 41.2, p95: 182.4, p99: 305.9, p999: 1203, max: 30_015, mean: 58.3)
    let service = TimeFigures(p50: 40.9, p95: 181.8, p99: 304.1, p999: 1201, max: 30_014, mean: 57.9)
    record.steady = SteadyFigures(
      seconds: 600, requests: 43_200, rate: 71.986, errorRate: 8.0 / 43_200, response: all, service: service,
      answered: TimeFigures(p50: 41.2, p95: 182.1, p99: 304.7, p999: 1120, max: 2900, mean: 54.9),
      worst: WorstStretch(
        start: 330, seconds: 300, requests: 21_604, errorRate: 7.0 / 21_604,
        response: TimeFigures(p50: 43.1, p95: 214.7, p99: 388.2, p999: 1400, max: 30_015, mean: 63)))
    record.steps = [
      StepFigures(
        scenario: "reservation", step: "search", probe: false, requests: 19_200, errors: 2, refused: 0, slow: 0,
        response: TimeFigures(p50: 38.1, p95: 120.5, p99: 201, p999: 450, max: 30_015, mean: 44),
        service: TimeFigures(p50: 37.9, p95: 120.1, p99: 200, p999: 449, max: 30_014, mean: 43)),
      StepFigures(
        scenario: "reservation", step: "book", probe: false, requests: 19_200, errors: 6, refused: 131, slow: 12,
        response: TimeFigures(p50: 61.4, p95: 241.8, p99: 402.3, p999: 1800, max: 2900, mean: 77),
        service: TimeFigures(p50: 61, p95: 240.9, p99: 400.8, p999: 1799, max: 2899, mean: 76)),
      StepFigures(
        scenario: "health", step: "live", probe: true, requests: 4800, errors: 0, refused: 0, slow: 0,
        response: TimeFigures(p50: 0.912, p95: 2.41, p99: 4.87, p999: 9, max: 14.2, mean: 1.1),
        service: TimeFigures(p50: 0.87, p95: 2.3, p99: 4.6, p999: 8.7, max: 14, mean: 1.05)),
    ]
    record.generator = GeneratorFigures(
      healthy: true, ownLag: DelayFigures(p50: 0.061, p99: 0.413, max: 3.2),
      blocked: DelayFigures(p50: 0, p99: 0, max: 0), cpuShare: 0.21, busyShare: 0.18, steal: 0.002, onSchedule: 1,
      reasons: [])
    record.connections = ConnectionFigures(
      run: ConnectionUse(opened: 31, sent: 44_280), steady: ConnectionUse(opened: 12, sent: 43_200))
  }

  /// Everything that can be wrong is.
  static func failing() -> RunRecord {
    var record = passing()
    record.verdict = .fail
    record.demo = true
    record.insecure = true
    record.sameMachine = true
    record.interrupted = true
    record.steady?.equalLoads = false
    record.stopReason = "errors <= 50% over 10s"
    record.thresholds[0].verdict = .fail
    record.thresholds[0].value = nil
    record.thresholds[0].bound = nil
    record.thresholds[0].reason =
      "3,000 of 43,200 at or over 300 ms or failed, the percentile falls among the failed ones"
    record.thresholds[0].remark = record.thresholds[0].reason
    record.generator?.healthy = false
    record.generator?.reasons = ["own lag p99 was over 6 ms in 40 of 600 steady seconds; 1 % may be"]
    record.reasons = (record.generator?.reasons ?? []) + ["the run was interrupted before the end of its plan"]
    record.steps[0].response = TimeFigures(max: 30_015, mean: 30_001)
    record.leftBehind = (1...7).map {
      LeftBehind(scenario: "reservation", step: "book", key: "01hz7-\($0)", state: $0 == 1 ? "indeterminate" : "acked")
    }
    record.leftBehindCount = 1234
    record.notes = ["The target closed 12 connections on its own."]
    return record
  }

  /// A rule of every kind of verdict and bound.
  static func manyRules() -> RunRecord {
    var record = passing()
    record.verdict = .fail
    record.thresholds += [
      ThresholdRecord(
        expression: "p(95) < 200ms @peak step:reservation/book", value: 318.2, bound: 301, n: 19_200,
        effectiveN: 9_412, verdict: .fail, reason: "",
        remark: "3,112 of 19,200 at or over 200 ms or failed (16.2 %), 5 % is the limit", confidence: 0.95,
        unit: "milliseconds", limit: 200),
      ThresholdRecord(
        expression: "errors < 0.01%", value: 0.000_185, bound: 0.000_331, n: 43_200, effectiveN: 43_200,
        verdict: .inconclusive, reason: "",
        remark:
          "8 of 43,200 failed (0.0185 %); the measured share is not within the limit, nor is it proven to be beyond it",
        confidence: 0.95, unit: "fraction", limit: 0.0001),
      ThresholdRecord(
        expression: "p(95) < 1s over 10s abort", value: nil, bound: nil, n: 44_280, effectiveN: 44_280, verdict: .pass,
        reason: "", remark: "held in all 621 windows of 10 s, each judged by its estimate", confidence: nil,
        unit: "milliseconds", limit: 1000),
    ]
    return record
  }
}
