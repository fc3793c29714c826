// SPDX-License-Identifier: Apache-2.0
import Glibc

@testable import Judgement

/// A run whose speed wanders: what one second was slow, the next one is likely to be as well, for all steps together.
/// Times are log-normal around that; failures come in clumps.
struct WanderingRun: MeasuredRun {
  struct Shape: Sendable {
    var seconds = 300
    var requestsPerSecond = 10
    /// Correlation time and spread of the wandering.
    var wanderSeconds = 8.0
    var wander = 0.15
    var spread = 0.4
    /// Of the requests, in clumps of this length.
    var errors = 0.001
    var clumpSeconds = 3.0
    /// Of each step, multiplied with all its times.
    var slowness = [1.0, 1.0, 1.0]
  }

  let steps = ["shop/list", "shop/look", "shop/buy"]
  let phases: [PhaseFacts]
  let brokenLive: [String] = []
  /// Per step, per second: times in microseconds, and how many failed.
  private let times: [[[Double]]]
  private let failed: [[Int]]
  private static let medians = [20_000.0, 60_000, 200_000]

  init(_ shape: Shape, dice: inout Dice) {
    phases = [
      PhaseFacts(
        name: "peak", isSteady: true, seconds: shape.seconds, load: .arrivals(from: 10, to: 10, mix: ""))
    ]
    let kept = exp(-1 / shape.wanderSeconds)
    var level = dice.normal()
    var failingUntil = 0.0
    var times = steps.map { _ in [[Double]]() }
    var failed = steps.map { _ in [Int]() }
    for second in 0..<shape.seconds {
      level = kept * level + (1 - kept * kept).squareRoot() * dice.normal()
      // Half of the requests of a clump fail.
      if dice.unit() < 2 * shape.errors / shape.clumpSeconds { failingUntil = Double(second) + shape.clumpSeconds }
      for step in steps.indices {
        let median = Self.medians[step] * shape.slowness[step] * exp(shape.wander * level)
        var answered: [Double] = []
        var failures = 0
        for _ in 0..<shape.requestsPerSecond {
          if Double(second) < failingUntil, dice.unit() < 0.5 {
            failures += 1
          } else {
            answered.append((median * exp(shape.spread * dice.normal())).rounded())
          }
        }
        times[step].append(answered)
        failed[step].append(failures)
      }
    }
    self.times = times
    self.failed = failed
  }

  private func chosen(_ selection: Selection) -> [Int] { steps.indices.filter { selection.includes(step: steps[$0]) } }

  func batches(
    of selection: Selection, counting event: CountedEvent, batchSeconds: Int
  ) throws(SelectionError) -> [Batch] {
    batchRanges(seconds: phases[0].seconds, batchSeconds: batchSeconds).map { range in
      var n = 0
      var over = 0
      for step in chosen(selection) {
        for second in range {
          n += times[step][second].count + failed[step][second]
          over += failed[step][second]
          if case .failedOrAtLeast(_, let limit) = event {
            for time in times[step][second] where time >= limit { over += 1 }
          }
        }
      }
      return Batch(n: n, over: over)
    }
  }

  func quantile(_ q: Double, of selection: Selection, measure: Measure) throws(SelectionError) -> Double? {
    let all = chosen(selection).flatMap { times[$0].flatMap { $0 } }.sorted()
    let sent = try totals(of: selection).sent
    let rank = max(1, Int((q * Double(sent)).rounded(.up)))
    return rank <= all.count ? all[rank - 1] : nil
  }

  func answeredTimes(of selection: Selection, measure: Measure) throws(SelectionError) -> AnsweredTimes? { nil }

  func totals(of selection: Selection) throws(SelectionError) -> RequestTotals {
    var totals = RequestTotals()
    for step in chosen(selection) {
      totals.ok += times[step].reduce(0) { $0 + $1.count }
      totals.failed += failed[step].reduce(0, +)
    }
    totals.sent = totals.ok + totals.failed
    totals.due = totals.sent
    totals.completedOk = totals.ok
    totals.seconds = phases[0].seconds
    return totals
  }

  func replies(of selection: Selection) throws(SelectionError) -> ReplyTotals { ReplyTotals() }

  func completedPerSecond(of selection: Selection) throws(SelectionError) -> [Int] {
    (0..<phases[0].seconds).map { second in chosen(selection).reduce(0) { $0 + times[$1][second].count } }
  }
}
