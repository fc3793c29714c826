// SPDX-License-Identifier: Apache-2.0

/// Which counter stands for which values: the HdrHistogram layout for a unit, a highest value and a precision.
///
/// Values up to 2 x 10^digits units have counters of their own; above that each doubling of the value doubles the
/// width of a counter, so that its width never exceeds 1 / 10^digits of the value.
@usableFromInline package struct CounterLayout: Sendable, Equatable {
  /// The unit: values that differ by less may share a counter. At least 1.
  @usableFromInline package let lowestDiscernible: Int64
  /// The largest value that is counted as in range.
  @usableFromInline package let highest: Int64
  /// Decimal digits that are kept, 0...5.
  package let significantDigits: Int
  /// Number of counters.
  package let counterCount: Int
  /// The counter of `highest`. Those above it hold values that are out of range.
  package let highestIndex: Int

  @usableFromInline let unitMagnitude: Int
  /// Half the number of counters of one bucket, as a power of two.
  @usableFromInline let halfMagnitude: Int
  @usableFromInline let mask: Int64
  @usableFromInline let leadingZeroBase: Int

  /// Throws `invalidLayout` when the reference implementations could not build it either.
  package init(lowestDiscernible: Int64, highest: Int64, significantDigits: Int) throws(HistogramError) {
    let invalid = HistogramError.invalidLayout(
      lowest: lowestDiscernible, highest: highest, significantDigits: significantDigits)
    guard lowestDiscernible >= 1, lowestDiscernible <= Int64.max / 2, highest >= 2 * lowestDiscernible,
      (0...5).contains(significantDigits)
    else { throw invalid }
    let exactValues = [2, 20, 200, 2_000, 20_000, 200_000][significantDigits]
    let bucketMagnitude = Int.bitWidth - (exactValues - 1).leadingZeroBitCount
    let unitMagnitude = 63 - lowestDiscernible.leadingZeroBitCount
    guard unitMagnitude + bucketMagnitude <= 62 else { throw invalid }

    self.lowestDiscernible = lowestDiscernible
    self.highest = highest
    self.significantDigits = significantDigits
    self.unitMagnitude = unitMagnitude
    halfMagnitude = bucketMagnitude - 1
    mask = ((1 << Int64(bucketMagnitude)) - 1) << Int64(unitMagnitude)
    leadingZeroBase = 64 - unitMagnitude - bucketMagnitude
    // The bits of `highest` above those one bucket resolves: each asks for one more bucket.
    let furtherBuckets = leadingZeroBase - (highest | mask).leadingZeroBitCount
    counterCount = (furtherBuckets + 2) << halfMagnitude
    highestIndex = (furtherBuckets << halfMagnitude) + Int(highest >> Int64(furtherBuckets + unitMagnitude))
  }

  /// The counter of a value in 0...`largestCountable`.
  @inlinable func index(of value: Int64) -> Int {
    let bucket = leadingZeroBase &- (value | mask).leadingZeroBitCount
    return (bucket &<< halfMagnitude) &+ Int(truncatingIfNeeded: value &>> Int64(bucket &+ unitMagnitude))
  }

  /// The smallest value that the counter stands for.
  func lowestEquivalent(at index: Int) -> Int64 {
    let bucket = bucket(at: index)
    let position = index - (bucket << halfMagnitude)
    return Int64(position) << Int64(bucket + unitMagnitude)
  }

  /// The largest value that the counter stands for.
  func highestEquivalent(at index: Int) -> Int64 {
    lowestEquivalent(at: index) + (width(at: index) - 1)
  }

  /// The value that stands for the counter in means: its middle, as in the reference implementation.
  func middle(at index: Int) -> Int64 {
    lowestEquivalent(at: index) + width(at: index) / 2
  }

  /// The largest value that has a counter at all; at least `highest`.
  var largestCountable: Int64 { highestEquivalent(at: counterCount - 1) }

  private func width(at index: Int) -> Int64 { 1 << Int64(bucket(at: index) + unitMagnitude) }

  private func bucket(at index: Int) -> Int { max((index >> halfMagnitude) - 1, 0) }
}
