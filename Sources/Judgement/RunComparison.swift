// SPDX-License-Identifier: Apache-2.0
import Glibc

// Whether two runs differ. Requests come in clumps and the speed of a system wanders, so that what lies near in time says
// less than its number: every figure is compared by its counts in blocks of 10 s, scattered as they are (`designEffect`),
// over runs of 300 s and more, with Holm's correction over all comparisons that are made at once, and a difference has
// to be large enough to matter as well. Nothing is drawn by lot: the same runs give the same answer.
//
// A percentile is compared by the share of requests beyond the middle of the two percentiles, a failed request being
// beyond everything: the shares differ exactly as the percentiles do, and a share of counts needs no assumption about
// how times are spread.

/// The length of a block.
package let comparisonBlockSeconds = 10
/// Shorter runs prove nothing.
package let leastComparedSeconds = 300
/// Of all comparisons together: the chance that equal runs are called different.
package let comparisonAlpha = 0.05
/// A smaller difference is none, whatever is proven about it.
package let leastComparedShare = 0.05
package let leastComparedMicroseconds = 1000.0
/// Requests beyond a percentile that make it worth comparing.
private let leastBeyond = 5.0

/// What is compared.
package enum ComparedFigure: Sendable, Hashable {
  /// Of the response times: a share in 0...1, exclusive.
  case quantile(Double)
  case errors
  /// Requests answered as expected per second.
  case throughput
}

package enum ComparisonOutcome: String, Sendable, Codable, CaseIterable {
  /// The second run is faster, has fewer errors, or does more.
  case better
  case worse
  case noProvenDifference = "no-proven-difference"
  case cannotTell = "cannot-tell"
}

/// One figure of two runs.
package struct FigureComparison: Sendable, Equatable {
  /// `scenario/step`; nil: all requests.
  package var step: String?
  package var figure: ComparedFigure
  /// In the figure's base unit; nil when a percentile falls among the failed requests, or nothing was sent.
  package var first: Double?
  package var second: Double?
  package var firstCount: Int
  package var secondCount: Int
  /// Two-sided chance of such a difference between equal runs, alone and after Holm's correction; nil: not compared.
  package var p: Double?
  package var adjustedP: Double?
  package var outcome: ComparisonOutcome
  /// Why nothing can be told, or why a proven difference counts for none.
  package var reason: String?
}

/// Compares the second run with the first over their steady phases: pooled, then step by step. `times`: false when a
/// generator was not healthy, so that nothing about time can be told. `throughput`: it was not fixed by the plan.
/// Precondition: both runs have the same steps. O(figures x lines of the logs).
package func compareRuns<First: MeasuredRun, Second: MeasuredRun>(
  _ first: First, _ second: Second, times: Bool, throughput: Bool
) -> [FigureComparison] {
  let comparer = RunComparer(first: first, second: second)
  var found: [FigureComparison] = []
  let selections = [nil] + (first.steps.count > 1 ? first.steps.map(Optional.some) : [])
  for step in selections {
    for q in [0.5, 0.95, 0.99] { found.append(comparer.quantile(q, step: step, isTold: times)) }
    found.append(comparer.errors(step: step))
    if throughput, step == nil { found.append(comparer.throughput(isTold: times)) }
  }
  let adjusted = holm(found.map(\.p))
  for index in found.indices {
    found[index].adjustedP = adjusted[index]
    found[index].decide()
  }
  return found
}

extension FigureComparison {
  fileprivate mutating func decide() {
    guard let adjustedP else { return outcome = .cannotTell }
    outcome = .noProvenDifference
    guard adjustedP <= comparisonAlpha else { return }
    let isMore = (second ?? .infinity) > (first ?? .infinity)
    if let first, let second {
      let change = (second - first).magnitude
      let leastChange: Double
      switch figure {
      case .quantile: leastChange = max(first * leastComparedShare, leastComparedMicroseconds)
      case .errors, .throughput: leastChange = first * leastComparedShare
      }
      guard change >= leastChange else {
        let least = if case .quantile = figure { "5 % and 1 ms" } else { "5 %" }
        return reason = "a difference is proven, but it is smaller than \(least)"
      }
    }
    outcome = isMore == (figure == .throughput) ? .better : .worse
  }
}

private struct RunComparer<First: MeasuredRun, Second: MeasuredRun> {
  var first: First
  var second: Second

  private func selection(_ step: String?) -> Selection { Selection(phase: Selection.steadyPhase, step: step) }

  private func counts(_ step: String?) -> (first: RequestTotals, second: RequestTotals)? {
    guard let a = try? first.totals(of: selection(step)), let b = try? second.totals(of: selection(step)) else {
      return nil
    }
    return (a, b)
  }

  private func blocks(_ step: String?, _ event: CountedEvent) -> (first: [Batch], second: [Batch])? {
    guard
      let a = try? first.batches(of: selection(step), counting: event, batchSeconds: comparisonBlockSeconds),
      let b = try? second.batches(of: selection(step), counting: event, batchSeconds: comparisonBlockSeconds)
    else { return nil }
    return (a, b)
  }

  private func begun(_ figure: ComparedFigure, _ step: String?) -> FigureComparison {
    let counts = counts(step)
    return FigureComparison(
      step: step, figure: figure, firstCount: counts?.first.sent ?? 0, secondCount: counts?.second.sent ?? 0,
      outcome: .cannotTell)
  }

  func quantile(_ q: Double, step: String?, isTold: Bool) -> FigureComparison {
    var result = begun(.quantile(q), step)
    result.first = (try? first.quantile(q, of: selection(step), measure: .response)) ?? nil
    result.second = (try? second.quantile(q, of: selection(step), measure: .response)) ?? nil
    let beyond = ((1 - q) * 1e9).rounded() / 1e9
    guard isTold else {
      result.reason = "a generator was not healthy, so that nothing is known about times"
      return result
    }
    let fewest = min(result.firstCount, result.secondCount)
    guard Double(fewest) * beyond >= leastBeyond else {
      result.reason =
        "\(Wording.count(fewest)) requests are too few: it takes \(Wording.count((leastBeyond / beyond).rounded(.up)))"
      return result
    }
    let limit: Double
    switch (result.first, result.second) {
    case (let a?, let b?): limit = (a * b).squareRoot()
    case (let known?, nil), (nil, let known?): limit = known
    case (nil, nil):
      result.reason = "it falls among the failed requests in both runs"
      return result
    }
    guard let blocks = blocks(step, .failedOrAtLeast(.response, microseconds: limit)) else { return result }
    result.p = shareDifference(blocks.first, blocks.second)
    return result
  }

  func errors(step: String?) -> FigureComparison {
    var result = begun(.errors, step)
    guard result.firstCount > 0, result.secondCount > 0, let blocks = blocks(step, .failed) else {
      result.reason = "no request was sent"
      return result
    }
    func share(_ batches: [Batch]) -> Double {
      Double(batches.reduce(0) { $0 + $1.surelyOver }) / Double(batches.reduce(0) { $0 + $1.n })
    }
    result.first = share(blocks.first)
    result.second = share(blocks.second)
    result.p = shareDifference(blocks.first.map(\.sure), blocks.second.map(\.sure))
    return result
  }

  func throughput(isTold: Bool) -> FigureComparison {
    var result = begun(.throughput, nil)
    guard let a = try? first.completedPerSecond(of: selection(nil)),
      let b = try? second.completedPerSecond(of: selection(nil)), !a.isEmpty, !b.isEmpty
    else { return result }
    result.first = Double(a.reduce(0, +)) / Double(a.count)
    result.second = Double(b.reduce(0, +)) / Double(b.count)
    guard isTold else {
      result.reason = "a generator was not healthy, so that nothing is known about times"
      return result
    }
    result.p = meanDifference(blockMeans(a), blockMeans(b))
    return result
  }

  private func blockMeans(_ perSecond: [Int]) -> [Double] {
    batchRanges(seconds: perSecond.count, batchSeconds: comparisonBlockSeconds).map { range in
      Double(perSecond[range].reduce(0, +)) / Double(range.count)
    }
  }
}

extension Batch {
  /// Without what is in doubt: the generator's own failures are not the target's.
  fileprivate var sure: Batch { Batch(n: n, over: surelyOver) }
}
