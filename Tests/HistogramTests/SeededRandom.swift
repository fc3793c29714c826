// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The same numbers in every run, so that a failure can be repeated.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func uniform() -> Double { Double.random(in: 0..<1, using: &self) }

  mutating func normal() -> Double { (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform()) }
}

/// How durations are distributed, in microseconds.
enum Durations: CaseIterable {
  case constant, uniform, logNormal, heavyTail, twoModes, wholeRange

  func sample(_ random: inout SeededRandom) -> Int64 {
    switch self {
    case .constant: 123_457
    case .uniform: Int64.random(in: 1...50_000, using: &random)
    case .logNormal: max(Int64(20_000 * exp(0.8 * random.normal())), 1)
    case .heavyTail: min(Int64(1_000 / pow(1 - random.uniform(), 1.2)) + 1, 3_600_000_000)
    case .twoModes: random.uniform() < 0.97 ? Int64(900 + 200 * random.uniform()) : 2_000_000
    case .wholeRange: Int64(exp(random.uniform() * log(3.6e9)))
    }
  }
}
