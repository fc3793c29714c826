// SPDX-License-Identifier: Apache-2.0
import Judgement

@testable import Results

/// Records in which no field is null and no list empty, made up; whoever adds a field sets it here.
enum FullRecords {
  static func run() throws -> RunRecord {
    let times = TimeFigures(p50: 1, p95: 2, p99: 3, p999: 4, max: 5.5, mean: 1.5)
    var record = SampleRun().record()
    record.ended = record.started
    record.stopReason = "interrupted"
    record.embedded = true
    record.environment = "staging"
    record.environmentKind = "staging"
    record.build = "2026.11.2"
    record.buildAfter = "2026.11.3"
    record.watched = WatchedRecord(sources: [
      WatchedSource(
        source: .scrape, name: "http://127.0.0.1:8000/metrics", every: 5000, memoryLimit: 512e6,
        requests: "http_requests_total", trouble: "connection refused")
    ])
    record.watched?.reconciliation = [
      Reconciliation(
        metric: "http_requests_total", instance: "127.0.0.1:8000@1", server: 24_001, sent: 24_000, ok: true,
        reason: "it counted what was sent")
    ]
    record.peak = PeakRecord(
      rate: "40 arrivals/s", arrivalsPerSecond: 40, source: "nginx log", by: "ops",
      mix: [MixRecord(scenario: "reservation", share: 1)])
    record.baseline = baseline()
    record.settings.maxInFlight = 1200
    record.provenance.binary = String(repeating: "0", count: 64)
    record.totals.failedByKind = ["timeout": 2]
    record.replies = ReplyFigures(ReplyTotals(), p50: 1, p95: 2, p99: 3)
    record.notes = ["a note"]
    var ledger = LedgerFigures()
    ledger.named = [
      LedgerFinding(finding: .unknown, scenario: "reservation", step: "book", key: "1", found: 1, reason: "status 500")
    ]
    record.ledger = ledger
    for index in record.plan.steps.indices {
      record.plan.steps[index].readBack = true
      record.plan.steps[index].perJourney = 1
      record.plan.steps[index].replyWithin = 10_000
    }
    record.leftBehind = [LeftBehind(scenario: "reservation", step: "book", key: "1", state: "acked")]
    record.brokenLive = ["errors < 50% over 10s"]
    record.steady = SteadyFigures(
      seconds: 600, requests: 24_000, rate: 40, errorRate: 0.001, response: times, service: times, answered: times,
      worst: WorstStretch(start: 30, seconds: 300, requests: 12_000, errorRate: 0.002, response: times))
    record.steps = [
      StepFigures(
        scenario: "reservation", step: "book", probe: false, requests: 1, errors: 1, refused: 1, slow: 1,
        response: times, service: times)
    ]
    record.journeys = [JourneyFigures(scenario: "reservation", arrivals: ArrivalTotals(), duration: times)]
    let delays = DelayFigures(p50: 0, p99: 1, max: 2)
    record.generator = GeneratorFigures(
      healthy: false, ownLag: delays, blocked: delays, cpuShare: 1.2, busyShare: 0.3, steal: 0, onSchedule: 1,
      reasons: ["own lag"])
    record.connections = ConnectionFigures(
      run: ConnectionUse(opened: 2, sent: 100), steady: ConnectionUse(opened: 1, sent: 90))
    record.reasons = ["the run was interrupted"]
    record.thresholds = [
      ThresholdRecord(
        expression: "p(95) < 300ms", value: 182.4, bound: 191.7, n: 24_000, effectiveN: 12_000.5, verdict: .pass,
        reason: "within", remark: "no thresholds were written", confidence: 0.95, unit: "milliseconds", limit: 300)
    ]
    record.smoke = smoke()
    var item = ItemRecord(id: "P-002", status: .pass, reason: "within")
    item.value = 182.4
    item.bound = 191.7
    item.limit = 1000
    item.unit = .milliseconds
    item.n = 24_000
    item.part = "reservation/book"
    item.command = "gonogo load plan.yaml"
    record.items = [item]
    return record
  }

  static func smoke() -> SmokeRecord {
    var step = SmokeStep(
      name: "book", section: .steps, place: "reservation.yaml:12:5", method: "POST", path: "/api/v1/reservations",
      tags: ["booking"], writes: true)
    step.about = "An about."
    step.status = .skipped
    step.flaky = true
    step.cause = .refusal
    step.reason = "sold out"
    step.attempts = [
      SmokeAttempt(
        number: 1, round: 1, at: SampleRun().record().started, duration: 12.5, method: "POST",
        url: "http://127.0.0.1:8080/api/v1/reservations", headers: ["Idempotency-Key: 1"], body: "{}",
        traceparent: "00-1-1-01", status: 500, answerHeaders: ["Content-Type: text/plain"], answer: "oops",
        answerBytes: 4, outcome: .failed,
        failure: SmokeFailure(kind: "status", expected: "status 201", actual: "500", place: "reservation.yaml:14:7"),
        curl: "curl -sS -i http://127.0.0.1:8080/")
    ]
    var scenario = SmokeScenario(scenario: "reservation", about: "A guest books.", steps: [step])
    scenario.marks = [SmokeMark(item: "F-002", steps: ["book"])]
    var record = SmokeRecord(
      settings: SmokeSettings(readOnly: true, tags: ["booking"], failFast: true, retries: 2, retryPause: 1000.5),
      scenarios: [scenario])
    record.coverage = CoverageRecord(
      source: "/openapi.json",
      operations: [CoveredOperation(operation: "DELETE /admin/{id}", called: 0, ignored: "destroys data")],
      gaps: ["GET /health/live"], undocumented: ["GET /nowhere"], unusedIgnores: ["* /old/*"])
    record.coverageMissing = "never beside coverage in a real record"
    return record
  }

  static func baseline() -> BaselineRecord {
    let figures = BaselineFigures(n: 24_000, errorRate: 0.001, rate: 40, p50: 1.5, p95: 2.5, p99: 3.5)
    return BaselineRecord(
      tool: ToolRecord(version: "0.1.0"), runId: "01first", started: SampleRun().record().started, plan: "peak",
      target: "https://staging.hotel.example", environment: "staging", build: "2026.11.1", demo: false, peak: 40.5,
      seconds: 600, pooled: figures,
      steps: [BaselineStep(scenario: "reservation", step: "book", figures: figures)])
  }

  static func comparison() -> ComparisonRecord {
    let side = ComparisonRecord.Side(
      folder: "results/a", runId: "01a", started: SampleRun().record().started, plan: "peak",
      target: "http://127.0.0.1:8080", environment: "staging", build: "1", demo: false, steadySeconds: 300,
      requests: 6000, generatorHealthy: true, verdict: .pass)
    let row = ComparisonRecord.Row(
      scenario: "reservation", step: "book", figure: "p95", unit: "milliseconds", first: 200.5, second: 220.75,
      change: 0.1, firstRequests: 6000, secondRequests: 6000, p: 0.001, adjustedP: 0.012, outcome: .worse,
      reason: "made up")
    return ComparisonRecord(
      tool: ToolRecord(version: "0.1.0"), first: side, second: side, differences: ["mix: a against b"],
      remarks: ["build: 1 against 2"], method: ComparisonRecord.Method(comparisons: 12), rows: [row], verdict: .fail,
      reasons: ["none"])
  }

  static func capacity() -> CapacityRecord {
    let started = SampleRun().record().started
    return CapacityRecord(
      tool: ToolRecord(version: "0.1.0"), plan: "capacity", target: "http://127.0.0.1:8080", started: started,
      ended: started, rules: ["errors < 1%"],
      trials: [
        CapacityRecord.Trial(rate: 10, confirmation: false, outcome: "held", reason: "within", folder: "trials/1")
      ], held: 10, broke: 20.5, notTestedAbove: "the plan goes no higher", interrupted: false)
  }
}
