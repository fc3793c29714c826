// SPDX-License-Identifier: Apache-2.0
package import Judgement

/// Quantiles of one kind of time, in milliseconds. A quantile is null when there are no requests, or when it falls among
/// the failed ones, which count as beyond every limit. `max` and `mean` are of the times as they were measured, failed
/// requests with the time until they failed.
package struct TimeFigures: Codable, Sendable, Equatable {
  @Nullable package var p50: Double?
  @Nullable package var p95: Double?
  @Nullable package var p99: Double?
  @Nullable package var p999: Double?
  @Nullable package var max: Double?
  @Nullable package var mean: Double?

  package init(
    p50: Double? = nil, p95: Double? = nil, p99: Double? = nil, p999: Double? = nil, max: Double? = nil,
    mean: Double? = nil
  ) {
    self.p50 = p50
    self.p95 = p95
    self.p99 = p99
    self.p999 = p999
    self.max = max
    self.mean = mean
  }
}

/// Of the steady phases.
package struct SteadyFigures: Codable, Sendable, Equatable {
  package var seconds: Int
  /// Sent.
  package var requests: Int
  /// Answered as expected, per second of the steady phases, by the second of their last byte.
  @Nullable package var rate: Double?
  /// (failed + inFlight) / sent.
  @Nullable package var errorRate: Double?
  /// Due to last byte, of all requests sent.
  package var response: TimeFigures
  /// Handed to the network to last byte, of all requests sent.
  package var service: TimeFigures
  /// Response time of the requests answered as expected, refusals included; failed ones are left out.
  package var answered: TimeFigures
  /// The 5 minutes with the largest share of requests beyond the p95 of all, null without a steady phase that long.
  @Nullable package var worst: WorstStretch?
  /// Whether all steady phases offer the same load. If not, these figures mix what rules judge phase by phase.
  package var equalLoads = true

  package init(
    seconds: Int, requests: Int, rate: Double?, errorRate: Double?, response: TimeFigures, service: TimeFigures,
    answered: TimeFigures, worst: WorstStretch?
  ) {
    self.seconds = seconds
    self.requests = requests
    self.rate = rate
    self.errorRate = errorRate
    self.response = response
    self.service = service
    self.answered = answered
    self.worst = worst
  }
}

/// Five steady minutes of one phase.
package struct WorstStretch: Codable, Sendable, Equatable {
  /// Second of the run in which it begins.
  package var start: Int
  package var seconds: Int
  package var requests: Int
  @Nullable package var errorRate: Double?
  package var response: TimeFigures

  package init(start: Int, seconds: Int, requests: Int, errorRate: Double?, response: TimeFigures) {
    self.start = start
    self.seconds = seconds
    self.requests = requests
    self.errorRate = errorRate
    self.response = response
  }
}

/// Of one step, over the steady phases.
package struct StepFigures: Codable, Sendable, Equatable {
  package var scenario: String
  package var step: String
  package var probe: Bool
  package var requests: Int
  /// failed + inFlight.
  package var errors: Int
  package var refused: Int
  package var slow: Int
  package var response: TimeFigures
  package var service: TimeFigures

  package init(
    scenario: String, step: String, probe: Bool, requests: Int, errors: Int, refused: Int, slow: Int,
    response: TimeFigures, service: TimeFigures
  ) {
    self.scenario = scenario
    self.step = step
    self.probe = probe
    self.requests = requests
    self.errors = errors
    self.refused = refused
    self.slow = slow
    self.response = response
    self.service = service
  }
}

/// Of one scenario, over the whole run.
package struct JourneyFigures: Codable, Sendable, Equatable {
  package var scenario: String
  package var arrivals: ArrivalTotals
  /// Begin to end of those that ended; failed and cut ones count as beyond every limit.
  package var duration: TimeFigures

  package init(scenario: String, arrivals: ArrivalTotals, duration: TimeFigures) {
    self.scenario = scenario
    self.arrivals = arrivals
    self.duration = duration
  }
}

/// Replies to messages of a webhook, over the whole run: awaited = count + lost + open. Times in milliseconds, from the
/// due time of a message's first delivery to the arrival of its reply; lost ones count as beyond every limit.
package struct ReplyFigures: Codable, Sendable, Equatable {
  package var awaited: Int
  /// Came; `late` is part of it.
  package var count: Int
  package var late: Int
  /// Not there at the end of the drain.
  package var lost: Int
  /// Not there when the run was cut short.
  package var open: Int
  /// Replies beyond the first to a message.
  package var duplicated: Int
  @Nullable package var p50: Double?
  @Nullable package var p95: Double?
  @Nullable package var p99: Double?

  package init(_ totals: ReplyTotals, p50: Double? = nil, p95: Double? = nil, p99: Double? = nil) {
    awaited = totals.awaited
    count = totals.came
    late = totals.late
    lost = totals.lost
    open = totals.open
    duplicated = totals.duplicated
    self.p50 = p50
    self.p95 = p95
    self.p99 = p99
  }

  package var totals: ReplyTotals {
    var totals = ReplyTotals()
    totals.awaited = awaited
    totals.came = count
    totals.late = late
    totals.lost = lost
    totals.open = open
    totals.duplicated = duplicated
    return totals
  }
}

/// In milliseconds.
package struct DelayFigures: Codable, Sendable, Equatable {
  @Nullable package var p50: Double?
  @Nullable package var p99: Double?
  @Nullable package var max: Double?

  package init(p50: Double? = nil, p99: Double? = nil, max: Double? = nil) {
    self.p50 = p50
    self.p99 = p99
    self.max = max
  }
}

/// Connections of one stretch of time, and how much use was made of each.
package struct ConnectionUse: Codable, Sendable, Equatable {
  package var opened: Int
  /// Requests sent in that time for each connection opened in it; null when none was.
  @Nullable package var requestsPerConnection: Double?
  /// Share of the requests that needed no new connection: 1 - opened / sent, and 0 when redirects opened more than that;
  /// null when nothing was sent.
  @Nullable package var reuse: Double?

  package init(opened: Int, sent: Int) {
    self.opened = opened
    requestsPerConnection = opened > 0 ? Double(sent) / Double(opened) : nil
    reuse = sent > 0 ? max(0, 1 - Double(opened) / Double(sent)) : nil
  }
}

/// By the second in which a connection was opened and a request sent.
package struct ConnectionFigures: Codable, Sendable, Equatable {
  package var run: ConnectionUse
  /// Null without a steady phase.
  @Nullable package var steady: ConnectionUse?

  package init(run: ConnectionUse, steady: ConnectionUse?) {
    self.run = run
    self.steady = steady
  }
}

/// The tool's own health over the steady phases.
package struct GeneratorFigures: Codable, Sendable, Equatable {
  package var healthy: Bool
  /// Actual send minus the moment sending was allowed.
  package var ownLag: DelayFigures
  /// Waiting because the target held every slot.
  package var blocked: DelayFigures
  /// Processor time of the tool per second; 1 is one processor.
  @Nullable package var cpuShare: Double?
  /// Of the busiest worker.
  @Nullable package var busyShare: Double?
  /// Processor time the hypervisor kept back.
  @Nullable package var steal: Double?
  /// Share of the requests sent within 100 ms of the moment sending was allowed.
  @Nullable package var onSchedule: Double?
  /// Why it is not healthy.
  package var reasons: [String]

  package init(
    healthy: Bool, ownLag: DelayFigures, blocked: DelayFigures, cpuShare: Double?, busyShare: Double?, steal: Double?,
    onSchedule: Double?, reasons: [String]
  ) {
    self.healthy = healthy
    self.ownLag = ownLag
    self.blocked = blocked
    self.cpuShare = cpuShare
    self.busyShare = busyShare
    self.steal = steal
    self.onSchedule = onSchedule
    self.reasons = reasons
  }
}

/// A finding as it stands in the file: times in milliseconds, shares as fractions.
package struct ThresholdRecord: Codable, Sendable, Equatable {
  package var expression: String
  @Nullable package var value: Double?
  @Nullable package var bound: Double?
  package var n: Int
  package var effectiveN: Double
  package var verdict: Verdict
  package var reason: String
  /// The part of `reason` that the numbers beside it do not say; null when they say all.
  @Nullable package var remark: String?
  /// Fraction; null: judged by estimate.
  @Nullable package var confidence: Double?
  /// `milliseconds`, `fraction`, `perSecond` or `count`: the unit of value, bound and limit.
  package var unit: String
  package var limit: Double

  package init(
    expression: String, value: Double?, bound: Double?, n: Int, effectiveN: Double, verdict: Verdict, reason: String,
    remark: String? = nil, confidence: Double?, unit: String, limit: Double
  ) {
    self.expression = expression
    self.value = value
    self.bound = bound
    self.n = n
    self.effectiveN = effectiveN
    self.verdict = verdict
    self.reason = reason
    self.remark = remark
    self.confidence = confidence
    self.unit = unit
    self.limit = limit
  }
}

/// The mark of a checklist row.
package enum ItemStatus: String, Sendable, Codable, CaseIterable {
  case pass, partial, fail
  /// The run does not prove it, nor the contrary.
  case pending
}

/// What an item's figures are in.
package enum ItemUnit: String, Sendable, Codable, CaseIterable {
  case milliseconds, fraction
  case arrivalsPerSecond
  /// Held for so long.
  case seconds
  /// Growth of memory.
  case bytesPerDay
}

/// One checklist row that this run says something about.
package struct ItemRecord: Codable, Sendable, Equatable {
  package var id: String
  package var status: ItemStatus
  package var reason: String
  /// The figure that decided, in `unit`; null where no single figure does.
  @Nullable package var value: Double?
  /// The 95 % bound that decided, in `unit`; null where none did.
  @Nullable package var bound: Double?
  /// What value and bound are held against, in `unit`.
  @Nullable package var limit: Double?
  /// Of value, bound and limit.
  @Nullable package var unit: ItemUnit?
  /// Requests that were judged.
  @Nullable package var n: Int?
  /// The part that decided: `scenario/step`, a scenario, an instance; null: all requests pooled, or no part.
  @Nullable package var part: String?
  /// What measures it again, as typed.
  @Nullable package var command: String?

  package init(id: String, status: ItemStatus, reason: String) {
    self.id = id
    self.status = status
    self.reason = reason
  }
}
