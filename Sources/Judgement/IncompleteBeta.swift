// SPDX-License-Identifier: Apache-2.0
import Glibc

/// The regularized incomplete beta function I_x(a, b): the share of a Beta(a, b) distribution below `x`.
///
/// Relative error below 1e-10 for a, b up to 1e7. O(sqrt(max(a, b))) near the mean, less elsewhere.
/// Precondition: a > 0, b > 0.
package func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  precondition(a > 0 && b > 0)
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  // The continued fraction converges fast on this side of the mean only; the other side is its mirror image.
  let prefix = betaPrefix(x, a, b)
  if x < (a + 1) / (a + b + 2) { return prefix / a * betaFraction(x, a, b) }
  return 1 - prefix / b * betaFraction(1 - x, b, a)
}

/// The `x` with I_x(a, b) = `share`: a quantile of the Beta distribution.
///
/// Newton steps inside a bracket that only shrinks, so it always ends; at most 200 evaluations of `incompleteBeta`,
/// commonly 6. Precondition: a > 0, b > 0, share in 0...1.
package func inverseIncompleteBeta(_ share: Double, _ a: Double, _ b: Double) -> Double {
  precondition(a > 0 && b > 0 && (0...1).contains(share))
  if share == 0 { return 0 }
  if share == 1 { return 1 }
  var (low, high) = (0.0, 1.0)
  var x = a / (a + b)
  for _ in 0..<200 {
    let difference = incompleteBeta(x, a, b) - share
    if difference == 0 { return x }
    if difference > 0 { high = x } else { low = x }
    let slope = betaPrefix(x, a, b) / (x * (1 - x))
    var next = x - difference / slope
    if !(next > low && next < high) {
      // Quantiles of a small `a` lie many orders of magnitude below the mean: halve the exponent there.
      next = low > 0 ? (high / low > 4 ? (low * high).squareRoot() : (low + high) / 2) : high / 64
      if next == 0 { return 0 }
    }
    if abs(next - x) <= 4e-16 * next { return next }
    x = next
  }
  return x
}

/// x^a (1-x)^b / B(a, b), by Loader's saddle-point form: differences of large logarithms would lose half the digits when
/// a + b is in the millions (C. Loader, "Fast and accurate computation of binomial probabilities", 2000).
private func betaPrefix(_ x: Double, _ a: Double, _ b: Double) -> Double {
  let n = a + b
  let exponent =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * (1 - x))
  return exp(exponent) * (a * b / (2 * Double.pi * n)).squareRoot()
}

/// ln Γ(n + 1) minus Stirling's approximation of it.
private func stirlingError(_ n: Double) -> Double {
  if n < 16 {
    var sign: Int32 = 0
    return lgamma_r(n + 1, &sign) - (n + 0.5) * log(n) + n - 0.5 * log(2 * Double.pi)
  }
  let square = n * n
  // 1/12n - 1/360n^3 + ...: five terms are exact to the last digit from 16 on.
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - (1.0 / 1188) / square) / square) / square) / square) / n
}

/// x ln(x / mean) + mean - x, without cancellation when both are near.
private func deviance(_ x: Double, _ mean: Double) -> Double {
  guard abs(x - mean) < 0.1 * (x + mean) else { return x * log(x / mean) + mean - x }
  let ratio = (x - mean) / (x + mean)
  var sum = (x - mean) * ratio
  var term = 2 * x * ratio
  let square = ratio * ratio
  var odd = 3.0
  while true {
    term *= square
    let next = sum + term / odd
    if next == sum { return sum }
    sum = next
    odd += 2
  }
}

/// The continued fraction of I_x(a, b) by Lentz's method. Converges for x below the mean.
private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
  func awayFromZero(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
  var c = 1.0
  var d = 1 / awayFromZero(1 - (a + b) * x / (a + 1))
  var result = d
  var m = 1.0
  while m < 1_000_000 {
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / awayFromZero(1 + even * d)
    c = awayFromZero(1 + even / c)
    result *= d * c
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / awayFromZero(1 + odd * d)
    c = awayFromZero(1 + odd / c)
    result *= d * c
    if abs(d * c - 1) < 1e-15 { return result }
    m += 1
  }
  return result
}
