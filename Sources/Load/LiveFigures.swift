// SPDX-License-Identifier: Apache-2.0
import Judgement

/// What a run looks like at this moment, for people who watch it. The record is made from the files, not from this.
package struct LiveFigures: Sendable {
  /// Since the last look: requests that completed, and of them those that failed.
  package var completed = 0
  package var failed = 0
  /// Response times since the last look, in microseconds; nil when nothing was answered.
  package var p50: Int64?
  package var p95: Int64?
  package var p99: Int64?
  /// 99th percentile of the own lag since the last look, in microseconds.
  package var ownLagP99: Int64?
  /// Since the begin.
  package var totalCompleted = 0
  package var totalFailed = 0
  package var totalArrivals = 0
  package var inFlight = 0
  package var openConnections = 0
  /// Since the begin, by name.
  package var failedByKind: [String: Int] = [:]

  package init() {}
}

/// One `abort` rule and the requests it is about.
struct Watched {
  var watch: LiveWatch
  /// By phase, then by step.
  var selects: [[Bool]]
  /// By second of completion, not fed yet.
  var pending: [Int: LiveWatch.Second] = [:]
  var fedBefore = 0
  private let overMicroseconds: Double?
  private let counts: CountedEvent?

  init(_ watch: LiveWatch, phases: [(name: String, isSteady: Bool)], steps: [String]) {
    self.watch = watch
    let selection = watch.threshold.selection
    selects = phases.map { phase in
      let inPhase =
        selection.phase == nil || selection.phase == phase.name
        || selection.phase == Selection.steadyPhase && phase.isSteady
      return steps.map { inPhase && selection.includes(step: $0) }
    }
    counts = watch.threshold.countedEvent
    if case .failedOrAtLeast(_, let microseconds) = counts {
      overMicroseconds = microseconds
    } else {
      overMicroseconds = nil
    }
  }

  mutating func add(_ measurement: Measurement) {
    guard selects[Int(measurement.phase)][Int(measurement.step)] else { return }
    let isFailed = measurement.outcome == RequestOutcome.failed.rawValue
    let isOver: Bool =
      switch counts {
      case .failedOrAtLeast(let measure, _):
        isFailed
          || Double(measure == .service ? measurement.serviceMicroseconds : measurement.responseMicroseconds)
            >= overMicroseconds ?? .infinity
      case .slow: measurement.isSlow
      case .refused: measurement.outcome == RequestOutcome.refused.rawValue
      case .failed: isFailed
      case .unsent, .reply, nil: false
      }
    let second = max(fedBefore, Int(measurement.endNanoseconds / 1_000_000_000))
    var sums = pending[second] ?? LiveWatch.Second(n: 0)
    sums.n += 1
    sums.over += isOver ? 1 : 0
    sums.failed += isFailed ? 1 : 0
    pending[second] = sums
  }

  /// Feeds every second before `second`; true when the rule is broken.
  mutating func feed(before second: Int) -> Bool {
    var isBroken = watch.isBroken
    while fedBefore < second {
      isBroken = watch.feed(pending.removeValue(forKey: fedBefore) ?? LiveWatch.Second(n: 0))
      fedBefore += 1
    }
    return isBroken
  }
}
