// SPDX-License-Identifier: Apache-2.0
import Histogram
import Judgement

@testable import Results

/// Runs whose every text is somebody's attempt to be run by the page that shows it.
enum HostileRun {
  static let script =
    #"</title></style></script></pre></svg>--><script>document.body.dataset.pwned='yes'</script>"#
    + #"<img src=x onerror="document.body.dataset.pwned='yes'">" onload="document.body.dataset.pwned='yes'" '"#

  static let link = "javascript:document.body.dataset.pwned='yes'"

  static func load() -> RunRecord {
    var record = SampleRecord.failing()
    record.plan.name = script
    record.target = link
    record.build = script
    record.buildAfter = script + "2"
    record.environment = script
    record.stopReason = script
    record.runId = script
    record.provenance.commandLine = ["gonogo", script, "\u{1B}[2J"]
    record.provenance.host = script
    record.provenance.libraries = [script: script]
    record.notes = [script]
    record.reasons = [script, script]
    record.thresholds[0].expression = script
    record.thresholds[0].remark = script
    record.items = [ItemRecord(id: script, status: .fail, reason: script)]
    for index in record.steps.indices {
      record.steps[index].scenario = script
      record.steps[index].step = script + "\(index)"
    }
    for index in record.plan.phases.indices { record.plan.phases[index].name = script }
    record.journeys = [JourneyFigures(scenario: script, arrivals: ArrivalTotals(), duration: TimeFigures())]
    record.totals.failedByKind = [script: 3]
    record.leftBehind = [LeftBehind(scenario: script, step: script, key: script, state: script)]
    return record
  }

  static let samples: Samples = {
    let sample = Sample(
      traceparent: script, scenario: script, step: script, due: Timestamp(millisecondsSinceEpoch: 1_795_180_509_000),
      response: 900, service: 700,
      phases: SamplePhases(nameLookup: 1, connect: 2, tls: 40, firstByte: 600, total: 700, reused: false), status: 500,
      failure: script, excerpt: "HTTP/1.1 500\r\nX-Evil: \(script)\r\n\r\n<html>\(script)")
    return Samples(slowest: [sample, sample], failures: [script: [sample]])
  }()

  static let timeline: RunTimeline = {
    var timeline = RunTimeline(stretchSeconds: 5, stepStretchSeconds: 15)
    timeline.failureKinds = [script, "timeout"]
    timeline.stretches = (0..<126).map { index in
      var stretch = RunTimeline.Stretch(start: index * 5)
      stretch.due = 200
      stretch.sent = 200
      stretch.answeredOk = 190
      stretch.answeredFailed = 10
      stretch.failed = [index % 3, 1]
      stretch.response = RunTimeline.Quantiles(p50: 12, p95: 80, p99: index % 20 == 0 ? nil : 800)
      stretch.service = RunTimeline.Quantiles(p50: 11, p95: 70, p99: 700)
      stretch.generator = RunTimeline.GeneratorStretch(
        ownLagP99: 0.2, blockedP99: 0, busyShare: 0.3, cpuShare: 0.2, inFlight: 5, residentMiB: 60)
      return stretch
    }
    timeline.steps = (0..<3).map { step in
      RunTimeline.StepTrend(
        scenario: script, step: script + "\(step)", p95: [1, nil, 3], sent: [10, 10, 10], errors: [0, 2, 0])
    }
    return timeline
  }()

  static func smoke() -> RunRecord {
    var record = load()
    var step = SmokeStep(
      name: script, section: .steps, place: script, method: script, path: script, tags: [], writes: true)
    var attempt = SmokeAttempt(
      number: 1, round: 1, at: record.started, duration: 12, method: script, url: link, headers: [script], body: script,
      traceparent: script, status: 500, answerHeaders: ["X-Evil: \(script)"], answer: script, answerBytes: 10,
      outcome: .failed, curl: script)
    attempt.failure = SmokeFailure(kind: "status", expected: script, actual: script, place: script)
    step.attempts = [attempt]
    step.about = script
    step.status = .failed
    var smoke = SmokeRecord(
      settings: SmokeSettings(readOnly: false, tags: [], failFast: false, retries: 0, retryPause: 0),
      scenarios: [SmokeScenario(scenario: script, about: script, steps: [step])])
    smoke.coverage = CoverageRecord(
      source: script, operations: [CoveredOperation(operation: script, called: 0, ignored: script)], gaps: [script],
      undocumented: [script], unusedIgnores: [script])
    record.smoke = smoke
    return record
  }
}
