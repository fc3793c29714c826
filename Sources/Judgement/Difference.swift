// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Below this share of events a difference is tested exactly, given how many there were in all.
private let rareShare = 0.02

/// The two-sided chance that two series of blocks with the same share of events differ as much as these do. Doubtful
/// events are counted. Nil when either holds no request. O(blocks).
func shareDifference(_ first: [Batch], _ second: [Batch]) -> Double? {
  let (nA, xA, dA) = scattered(first)
  let (nB, xB, dB) = scattered(second)
  guard nA > 0, nB > 0 else { return nil }
  let share = (xA + xB) / (nA + nB)
  guard share > 0, share < 1 else { return 1 }
  if share <= rareShare {
    // Equal runs scatter alike: the one that shows fewer events shows less of how they come.
    let scatter = max(dA, dB)
    return conditionalChance(xA / scatter, xB / scatter, shareOfSecond: nB / (nA + nB))
  }
  let variance = ratioVariance(first) + ratioVariance(second)
  guard variance > 0 else { return xA / nA == xB / nB ? 1 : 0 }
  let t = (xB / nB - xA / nA) / variance.squareRoot()
  return studentTwoSided(t, degrees: degrees(first.count { $0.n > 0 }, second.count { $0.n > 0 }))
}

/// The two-sided chance that two series of block means with the same mean differ as much as these do. Nil with fewer than
/// three blocks in either. O(blocks).
func meanDifference(_ first: [Double], _ second: [Double]) -> Double? {
  guard first.count >= 3, second.count >= 3 else { return nil }
  let (meanA, varianceA) = meanWithVariance(first)
  let (meanB, varianceB) = meanWithVariance(second)
  guard varianceA + varianceB > 0 else { return meanA == meanB ? 1 : 0 }
  return studentTwoSided(
    (meanB - meanA) / (varianceA + varianceB).squareRoot(), degrees: degrees(first.count, second.count))
}

/// Holm's step-down correction: each chance with all others taken into account, in the order given; nil stays nil and
/// counts for nothing. O(n log n).
package func holm(_ chances: [Double?]) -> [Double?] {
  let order = chances.indices.filter { chances[$0] != nil }.sorted { (chances[$0] ?? 1, $0) < (chances[$1] ?? 1, $1) }
  var adjusted: [Double?] = chances.map { _ in nil }
  var largest = 0.0
  for (rank, index) in order.enumerated() {
    largest = max(largest, min(1, Double(order.count - rank) * (chances[index] ?? 1)))
    adjusted[index] = largest
  }
  return adjusted
}

/// The chance that a Student variable lies at least as far from 0 on either side. Precondition: degrees > 0.
package func studentTwoSided(_ t: Double, degrees: Double) -> Double {
  guard t.isFinite else { return 0 }
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
}

/// Each block tells as much as half a block that nothing before it foretold: scatter is estimated too.
private func degrees(_ first: Int, _ second: Int) -> Double { max(2, Double(first + second - 2) / 2) }

private func scattered(_ batches: [Batch]) -> (n: Double, events: Double, designEffect: Double) {
  let ns = batches.map { Double($0.n) }
  let events = batches.map { Double($0.possiblyOver) }
  return (ns.reduce(0, +), events.reduce(0, +), designEffect(ns: ns, events: events))
}

/// Of `a + b` events, each is in the second run with that chance: the exact test of two rates of rare events, for
/// numbers that need not be whole.
private func conditionalChance(_ a: Double, _ b: Double, shareOfSecond: Double) -> Double {
  guard a + b > 0 else { return 1 }
  let atLeast = b > 0 ? incompleteBeta(shareOfSecond, b, a + 1) : 1
  let atMost = a > 0 ? 1 - incompleteBeta(shareOfSecond, b + 1, a) : 1
  return min(1, 2 * min(atLeast, atMost))
}

/// The variance of the share of events, as it scatters from block to block; never below that of independent requests.
private func ratioVariance(_ batches: [Batch]) -> Double {
  let held = batches.filter { $0.n > 0 }
  let n = Double(held.reduce(0) { $0 + $1.n })
  let share = Double(held.reduce(0) { $0 + $1.possiblyOver }) / n
  let residuals = held.map { Double($0.possiblyOver) - share * Double($0.n) }
  return max(scatter(residuals) * Double(held.count * held.count) / (n * n), share * (1 - share) / n)
}

/// Mean, and the variance of that mean when neighbours resemble each other.
private func meanWithVariance(_ values: [Double]) -> (mean: Double, variance: Double) {
  let mean = values.reduce(0, +) / Double(values.count)
  return (mean, scatter(values.map { $0 - mean }))
}

/// The variance of the mean of values whose residuals these are: by the residuals, and by how much neighbours resemble
/// each other, corrected as in `designEffect` for the bias of few values.
private func scatter(_ residuals: [Double]) -> Double {
  let k = Double(residuals.count)
  let squares = residuals.reduce(0) { $0 + $1 * $1 }
  guard k >= 2, squares > 0 else { return 0 }
  let neighbours = zip(residuals, residuals.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
  var correlation = neighbours / squares
  correlation += (1 + 3 * max(correlation, 0)) / k
  correlation = min(max(correlation, 0), 0.7)
  return squares / (k - 1) / k * (1 + correlation) / (1 - correlation)
}
