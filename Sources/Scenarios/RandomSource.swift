// SPDX-License-Identifier: Apache-2.0

/// SplitMix64 (Steele, Lea, Flood 2014): eight bytes of state, good enough for picks and pauses, and every seed gives a
/// full-period sequence. One per journey, so that what a journey draws depends on the seed and its index, never on the
/// worker that runs it.
package struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A sequence of its own for each pair of seed and index.
  package init(seed: UInt64, index: UInt64) {
    // The index goes through the finalizer before it meets the seed: neighbouring indexes must not start at states that
    // are multiples of the increment apart, or one journey's sequence would be another's, shifted.
    state = Self.mixed(seed &+ Self.increment) ^ Self.mixed(index &* 0xd1b5_4a32_d192_ed03 &+ 0x8bb8_4b93_962e_acc9)
  }

  package mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.mixed(state)
  }

  /// Uniform in 0 ..< 1, 53 bits.
  package mutating func nextFraction() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Uniform in 0 ..< bound, without bias. Traps when `bound` is 0.
  package mutating func next(below bound: Int) -> Int {
    precondition(bound > 0, "a choice needs at least one candidate")
    return Int(next(upperBound: UInt64(bound)))
  }

  private static let increment: UInt64 = 0x9e37_79b9_7f4a_7c15

  /// Spreads the bits of a number.
  package static func mixed(_ value: UInt64) -> UInt64 {
    var mix = value
    mix = (mix ^ (mix >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mix = (mix ^ (mix >> 27)) &* 0x94d0_49bb_1331_11eb
    return mix ^ (mix >> 31)
  }
}
