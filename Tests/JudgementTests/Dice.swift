// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Repeatable randomness (SplitMix64) with the distributions that simulations need.
struct Dice: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  init(seed: UInt64) {
    self.seed = seed
    state = seed &* 0x9E37_79B9_7F4A_7C15
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// In 0 ..< 1.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func exponential(mean: Double) -> Double { -mean * log1p(-unit()) }

  mutating func normal() -> Double {
    (-2 * log1p(-unit())).squareRoot() * cos(2 * Double.pi * unit())
  }

  mutating func index(below count: Int) -> Int { Int(unit() * Double(count)) }

  /// By inversion: O(n * p).
  mutating func binomial(_ n: Int, _ p: Double) -> Int {
    if n <= 0 || p <= 0 { return 0 }
    if p >= 1 { return n }
    if p > 0.5 { return n - binomial(n, 1 - p) }
    // exp(-700) is the smallest start that does not vanish; halves are added up beyond it.
    if Double(n) * -log1p(-p) > 600 {
      let half = n / 2
      return binomial(half, p) + binomial(n - half, p)
    }
    var probability = exp(Double(n) * log1p(-p))
    let odds = p / (1 - p)
    var rest = unit()
    var count = 0
    while rest > probability, count < n {
      rest -= probability
      probability *= odds * Double(n - count) / Double(count + 1)
      count += 1
    }
    return count
  }
}
