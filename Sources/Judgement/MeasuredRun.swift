// SPDX-License-Identifier: Apache-2.0

/// Counts of one stretch of seconds: how many, and how many of them were what the rule counts.
package struct Batch: Sendable, Equatable {
  /// Requests (journeys, for journey times) that were due in the stretch and sent.
  package var n: Int
  /// Those that may have been the event; at least `surelyOver`. Histogram buckets that straddle a limit are counted here,
  /// and failures of the generator's own. Upper bounds use it.
  package var possiblyOver: Int
  /// Those that certainly were the event. Lower bounds use it.
  package var surelyOver: Int

  /// Precondition: 0 <= surelyOver <= possiblyOver <= n.
  package init(n: Int, possiblyOver: Int, surelyOver: Int) {
    precondition(0 <= surelyOver && surelyOver <= possiblyOver && possiblyOver <= n)
    self.n = n
    self.possiblyOver = possiblyOver
    self.surelyOver = surelyOver
  }

  /// A count without doubt. Precondition: 0 <= over <= n.
  package init(n: Int, over: Int) {
    self.init(n: n, possiblyOver: over, surelyOver: over)
  }
}

/// What is counted for a rule, out of what.
package enum CountedEvent: Sendable, Hashable {
  /// Requests that failed or were in flight after the drain, of those sent. A failure of the generator's own is only
  /// `possiblyOver`.
  case failed
  /// Requests that failed, or took that many microseconds or more, of those sent; journeys likewise. Overflowed values
  /// count as over. Of replies: those lost, or later than that, of those awaited.
  case failedOrAtLeast(Measure, microseconds: Double)
  /// Requests that missed their `within`, of those sent.
  case slow
  /// Declared business refusals, of the requests sent.
  case refused
  /// Requests that became due and were never sent, of those due: here `n` is what was due.
  case unsent
  /// Of the replies awaited: here `n` is what was awaited. Whether one that was still awaited when the run was cut would
  /// have been lost is in doubt.
  case reply(ReplyEvent)
}

/// One phase of a run, as planned.
package struct PhaseFacts: Sendable, Equatable {
  /// As in the plan.
  package var name: String
  /// Marked steady, or all phases are since none is marked.
  package var isSteady: Bool
  /// Whole seconds the phase lasted: shorter than planned when the run was stopped.
  package var seconds: Int
  /// The offered load; steady phases are pooled only when theirs are equal.
  package var load: PhaseLoad

  package init(name: String, isSteady: Bool, seconds: Int, load: PhaseLoad) {
    self.name = name
    self.isSteady = isSteady
    self.seconds = seconds
    self.load = load
  }
}

/// What a phase offers: from its begin to its end.
package enum PhaseLoad: Sendable, Equatable {
  /// Open model: arrivals per second. `mix` names what arrives when phases have mixes of their own, else empty.
  case arrivals(from: Double, to: Double, mix: String)
  /// Closed model.
  case users(from: Int, to: Int, mix: String)
}

/// Sums over a selection.
package struct RequestTotals: Sendable, Equatable {
  /// Became due.
  package var due = 0
  package var sent = 0
  /// Answered as expected; refusals are part of it.
  package var ok = 0
  package var refused = 0
  package var slow = 0
  package var failed = 0
  /// Still unanswered after the drain: an error.
  package var inFlight = 0
  package var unsent = 0
  /// Of `failed`: those of kind `generator`, the tool's own.
  package var generatorFailed = 0
  /// Requests answered as expected whose last byte came within the selection's seconds, whenever they were due.
  package var completedOk = 0
  /// Length of the selection.
  package var seconds = 0

  package init() {}
}

/// Writes of a run, as they were read back.
package struct WriteTotals: Sendable, Equatable {
  package var acknowledged = 0
  package var lost = 0
  package var duplicated = 0
  /// Of which nobody knows what became of them.
  package var unread = 0

  package init() {}
}

extension MeasuredRun {
  package var writes: WriteTotals? { nil }
}

/// Replies of a selection: awaited = came + lost + open, and late ones came.
package struct ReplyTotals: Sendable, Equatable {
  package var awaited = 0
  package var came = 0
  /// Came after the time its step gives it.
  package var late = 0
  package var lost = 0
  /// Still awaited when the run was cut short.
  package var open = 0
  /// Replies beyond the first to a message.
  package var duplicated = 0

  package init() {}

  package func count(of event: ReplyEvent) -> Int {
    switch event {
    case .lost: lost
    case .late: late
    case .duplicated: duplicated
    }
  }
}

/// Times of the answered requests of a selection, in microseconds. Failed ones are left out.
package struct AnsweredTimes: Sendable, Equatable {
  package var count: Int
  package var minimum: Double
  package var maximum: Double
  package var mean: Double

  package init(count: Int, minimum: Double, maximum: Double, mean: Double) {
    self.count = count
    self.minimum = minimum
    self.maximum = maximum
    self.mean = mean
  }
}

/// What a judge may ask of a run. Results conforms to it; tests use made-up ones.
///
/// Everything goes by the second and phase in which a request was *due*, but for `completedPerSecond`.
package protocol MeasuredRun {
  /// In the order of the plan; without the drain.
  var phases: [PhaseFacts] { get }
  /// `scenario/step` names, in the order of the plan.
  var steps: [String] { get }
  /// Expressions of thresholds that broke while the run went on and stopped it.
  var brokenLive: [String] { get }

  /// Counts in consecutive stretches of `batchSeconds`, cut by `batchRanges` from the begin of each selected phase. One
  /// batch per stretch, those without requests included.
  func batches(
    of selection: Selection, counting event: CountedEvent, batchSeconds: Int
  ) throws(SelectionError) -> [Batch]

  /// The time that a share `q` in 0...1 of the requests sent stayed within, in microseconds; a failed request is
  /// infinitely long. Nil when the quantile falls among the failed ones, or there are none at all.
  func quantile(_ q: Double, of selection: Selection, measure: Measure) throws(SelectionError) -> Double?

  /// Nil when nothing was answered.
  func answeredTimes(of selection: Selection, measure: Measure) throws(SelectionError) -> AnsweredTimes?

  func totals(of selection: Selection) throws(SelectionError) -> RequestTotals

  /// By the second and phase in which a message's first delivery was due.
  func replies(of selection: Selection) throws(SelectionError) -> ReplyTotals

  /// What became of the writes of the whole run; nil when there were none.
  var writes: WriteTotals? { get }

  /// What was sampled at the target within the selected phases.
  func readings(of figure: TargetFigure, in selection: Selection) throws(SelectionError) -> TargetReadings

  /// Requests answered as expected, per second of completion, over the seconds of the selected phases.
  func completedPerSecond(of selection: Selection) throws(SelectionError) -> [Int]
}

/// How to cut a phase of so many seconds into stretches: whole ones, the rest added to the last, so that no stretch is
/// shorter than asked (but in a phase shorter than one). Precondition: batchSeconds >= 1.
package func batchRanges(seconds: Int, batchSeconds: Int) -> [Range<Int>] {
  precondition(batchSeconds >= 1)
  guard seconds > 0 else { return [] }
  let count = max(1, seconds / batchSeconds)
  return (0..<count).map { index in
    index * batchSeconds..<(index == count - 1 ? seconds : (index + 1) * batchSeconds)
  }
}
