// SPDX-License-Identifier: Apache-2.0
import Glibc

// Does a figure grow, and how fast at least and at most? Memory at one moment is much like memory a moment before, so
// tests that take its samples for independent call flat memory growing: Theil-Sen does so in 30-41 % of cases. This one
// was chosen by simulation (Tests/JudgementTests/growth.py): 6 to 94 medians, 4,000 series a case.
//
// 1. The slope is that of least squares. Its variance is that of a series whose neighbours correlate by ρ, exactly:
//    w'R(ρ)w σ², with σ² from the residuals and their degrees of freedom after Satterthwaite. ρ is the one under which
//    the residuals' correlation would be expected as found, plus one standard error of it: fitted lines take correlation
//    out of short series, and what is not seen must not make a bound narrow.
// 2. Where that would be a ρ over 0.9 the series may as well wander: then the mean of its differences is the slope, and
//    their scatter its error, as of a random walk. Saw-teeth and single steps end here and prove nothing.
// 3. Growth whose second half is less than half as steep as the whole is one that comes to an end (caches that fill): the
//    lower bound is none.
//
// Flat series called growing at 95 %: at most 5 % for ρ up to 0.9 from 10 medians on (5.1 % with 6), 7.6 % for a pure
// random walk. The upper bound is below the true slope in at most 6.9 %, 9.7 % for a random walk. A leak that adds ten
// times the scatter of the medians is found in 78 % or more of series of 6, 90 % of series of 10, one of thirty times
// the scatter always. Saw-teeth of up to 0.8 of the series' length: under 1 %; single steps: under 0.2 %; growth that
// ends with a time constant of up to a fifth of the series: under 0.2 %.
//
// What no series can tell, so that it is called growing: a saw-tooth longer than itself (period 8 in 6 medians 35 %, 12
// in 10 medians 25 %, twice the length 40-57 %), and growth that has not ended by its end (time constant of 5 medians:
// 98 % of series of 6, 83 % of 10, none of 22; of 10 medians: 98-100 % of 6 and 10, 72 % of 22, none of 46). After an
// hour a cache that fills over half an hour looks like a leak; a run four times as long as the filling tells them apart.

/// How fast a series grows.
package struct Growth: Sendable, Equatable {
  /// Per step from one value to the next.
  package var slope: Double
  /// Minus infinity where growth is no steady one.
  package var lower: Double
  package var upper: Double
  /// Grew, but less than half as fast in its second half: what it does next cannot be told.
  package var isSlowing: Bool
}

/// Fewer medians tell nothing about how they scatter.
package let leastGrowthValues = 6

/// The slope of values at equal distances with one-sided bounds. Nil for fewer than `leastGrowthValues`. O(n²) for n
/// values. Precondition: level in 0.5 ..< 1, values finite.
package func growth(of values: [Double], level: Double) -> Growth? {
  let n = values.count
  guard n >= leastGrowthValues else { return nil }
  let line = Line(values)
  var result = Growth(slope: line.slope, lower: line.slope, upper: line.slope, isSlowing: false)
  let half = Array(values[(n / 2)...])
  result.isSlowing = line.slope > 0 && Line(half).slope < line.slope / 2
  if line.squares > 0 {
    let model = CorrelatedResiduals(count: n)
    let found = line.neighbours / line.squares
    let error = ((1 - min(found * found, 1)) / Double(n)).squareRoot()
    if let variance = model.slopeVariance(correlation: found + error, squares: line.squares) {
      let width = studentQuantile(level, degreesOfFreedom: max(1, variance.freedom)) * variance.value.squareRoot()
      result.lower = line.slope - width
      result.upper = line.slope + width
    } else {
      let differences = zip(values.dropFirst(), values).map { $0 - $1 }
      let mean = differences.reduce(0, +) / Double(n - 1)
      let scatter = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n - 2)
      let width =
        studentQuantile(level, degreesOfFreedom: Double(n - 2)) * (scatter / Double(n - 1)).squareRoot()
      result.slope = mean
      result.lower = mean - width
      result.upper = mean + width
    }
  }
  if result.isSlowing { result.lower = -.infinity }
  return result
}

/// A line by least squares through values at equal distances.
private struct Line {
  var slope = 0.0
  /// Sum of the squared residuals, and of the products of neighbouring ones.
  var squares = 0.0
  var neighbours = 0.0

  init(_ values: [Double]) {
    let n = Double(values.count)
    guard n > 1 else { return }
    let mean = values.reduce(0, +) / n
    let middle = (n - 1) / 2
    var products = 0.0
    var distances = 0.0
    for (index, value) in values.enumerated() {
      let distance = Double(index) - middle
      products += distance * (value - mean)
      distances += distance * distance
    }
    slope = products / distances
    var before = 0.0
    for (index, value) in values.enumerated() {
      let residual = value - mean - slope * (Double(index) - middle)
      squares += residual * residual
      neighbours += residual * before
      before = residual
    }
    // What is left of huge values on a straight line is rounding, not scatter.
    let rounding = 1e-12 * values.reduce(0) { max($0, $1.magnitude) }
    if squares <= n * rounding * rounding { (squares, neighbours) = (0, 0) }
  }
}

/// What a fitted line leaves of a series whose values correlate by ρ^distance.
struct CorrelatedResiduals {
  let count: Int
  private static let largest = 0.9
  private static let step = 0.01

  /// Of the least-squares slope, when the neighbours of its residuals correlate by `correlation`; nil when that is more
  /// than a ρ of 0.9 would leave. O(n²) per step of ρ tried, at most eight.
  func slopeVariance(correlation: Double, squares: Double) -> (value: Double, freedom: Double)? {
    guard correlation <= expected(Self.largest) else { return nil }
    // The expected correlation rises with ρ: the first of the grid that reaches it.
    var (low, high) = (0, Int((Self.largest / Self.step).rounded()))
    while low < high {
      let middle = (low + high) / 2
      if expected(Double(middle) * Self.step) >= correlation { high = middle } else { low = middle + 1 }
    }
    let moments = moments(Double(low) * Self.step)
    return (moments.slope / moments.trace * squares, moments.trace * moments.trace / moments.traceOfSquare)
  }

  /// The correlation of neighbouring residuals, as a ratio of expectations.
  private func expected(_ rho: Double) -> Double {
    let moments = moments(rho)
    return moments.neighbours / moments.trace
  }

  private struct Moments {
    /// w'Rw, tr(MR), tr(MRMR), and the sum beside the diagonal of MRM; M takes a line out, w is the slope's weights.
    var slope = 0.0
    var trace = 0.0
    var traceOfSquare = 0.0
    var neighbours = 0.0
  }

  private func moments(_ rho: Double) -> Moments {
    let n = count
    let middle = Double(n - 1) / 2
    let distances = (0..<n).map { Double($0) - middle }
    let sum = distances.reduce(0) { $0 + $1 * $1 }
    var powers = [1.0]
    for _ in 1..<n { powers.append(powers[powers.count - 1] * rho) }
    func r(_ i: Int, _ j: Int) -> Double { powers[abs(i - j)] }
    // M = 1 - QQ' with the two orthonormal columns of Q; so MRM = R - Q(Q'R) - (RQ)Q' + Q(Q'RQ)Q'.
    let one = Array(repeating: 1 / Double(n).squareRoot(), count: n)
    let slope = distances.map { $0 / sum.squareRoot() }
    func times(_ q: [Double]) -> [Double] {
      (0..<n).map { i in (0..<n).reduce(0) { $0 + r(i, $1) * q[$1] } }
    }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let (rOne, rSlope) = (times(one), times(slope))
    let (a, b, c) = (dot(one, rOne), dot(one, rSlope), dot(slope, rSlope))
    var result = Moments()
    result.slope = c / sum
    for i in 0..<n {
      for j in 0..<n {
        let left = one[i] * rOne[j] + slope[i] * rSlope[j]
        let right = rOne[i] * one[j] + rSlope[i] * slope[j]
        let both = one[i] * (a * one[j] + b * slope[j]) + slope[i] * (b * one[j] + c * slope[j])
        let value = r(i, j) - left - right + both
        if i == j { result.trace += value }
        if j == i + 1 { result.neighbours += value }
        // tr(MRMR) = tr(MRM MRM) since M is idempotent: the squares of this symmetric matrix.
        result.traceOfSquare += value * value
      }
    }
    return result
  }
}

/// The quantile of Student's t distribution. Precondition: level in 0.5 ..< 1, degreesOfFreedom > 0.
func studentQuantile(_ level: Double, degreesOfFreedom: Double) -> Double {
  precondition(level >= 0.5 && level < 1 && degreesOfFreedom > 0)
  // P(|T| > t) = I_x(ν/2, 1/2) with x = ν / (ν + t²).
  let x = inverseIncompleteBeta(2 * (1 - level), degreesOfFreedom / 2, 0.5)
  return (degreesOfFreedom * (1 - x) / x).squareRoot()
}
