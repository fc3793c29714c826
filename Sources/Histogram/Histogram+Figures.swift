// SPDX-License-Identifier: Apache-2.0

extension Histogram {
  /// The lowest value the smallest recorded one may have had; 0 when nothing was recorded.
  package var minimum: Int64 { totalCount == 0 ? 0 : layout.lowestEquivalent(at: lowestUsed) }

  /// The highest value the largest recorded one may have had; 0 when nothing was recorded. Exact above `highest`.
  package var maximum: Int64 { totalCount == 0 ? 0 : highestValue(at: highestUsed) }

  /// The mean, each value taken at the middle of its counter; 0 when nothing was recorded. Values beyond the last
  /// counter are taken at its middle, so the mean is too low when `overflowCount` is not 0.
  package var mean: Double {
    if totalCount == 0 { return 0 }
    var sum = 0.0
    forEachCounter { index, count in sum += Double(layout.middle(at: index)) * Double(count) }
    return sum / Double(totalCount)
  }

  /// The standard deviation of all recorded values (not an estimate from a sample); 0 when nothing was recorded.
  package var standardDeviation: Double {
    if totalCount == 0 { return 0 }
    let mean = mean
    var squares = 0.0
    forEachCounter { index, count in
      let deviation = Double(layout.middle(at: index)) - mean
      squares += deviation * deviation * Double(count)
    }
    return (squares / Double(totalCount)).squareRoot()
  }

  /// The highest value that the `ceil(q x n)`-th smallest of the n recorded values may have had; 0 when nothing was
  /// recorded, so ask `totalCount` first. `q` is cut to 0...1; 0 asks for the smallest value.
  package func value(atQuantile q: Double) -> Int64 {
    if totalCount == 0 { return 0 }
    let rank = rank(ofQuantile: q)
    var seen: Int64 = 0
    for index in usedIndices {
      seen = saturatingSum(seen, counters[index])
      if seen >= rank { return highestValue(at: index) }
    }
    return maximum
  }

  /// How many values may have been `limit` or more: all in counters that reach up to it. O(counters in use).
  package func count(possiblyAtLeast limit: Double) -> Int64 {
    // A limit that is not a number is met by none for sure, and by any perhaps.
    if limit.isNaN { return totalCount }
    var count: Int64 = 0
    forEachBucket { _, highest, inBucket in
      if Double(highest) >= limit { count = saturatingSum(count, inBucket) }
    }
    return count
  }

  /// How many values surely were `limit` or more: those in counters that begin at or above it. O(counters in use).
  package func count(surelyAtLeast limit: Double) -> Int64 {
    var count: Int64 = 0
    forEachBucket { lowest, _, inBucket in
      if Double(lowest) >= limit { count = saturatingSum(count, inBucket) }
    }
    return count
  }

  /// Each counter that is not empty: lowest and highest value it stands for, and its count, in rising order.
  package func forEachBucket(_ body: (_ lowest: Int64, _ highest: Int64, _ count: Int64) -> Void) {
    forEachCounter { index, count in body(layout.lowestEquivalent(at: index), highestValue(at: index), count) }
  }

  /// The largest value the counter stands for; what no counter could hold is in the last one.
  func highestValue(at index: Int) -> Int64 {
    let highest = layout.highestEquivalent(at: index)
    return index == layout.counterCount - 1 ? max(highest, overflowMaximum) : highest
  }

  private func rank(ofQuantile q: Double) -> Int64 {
    // Not `<`: what is not a number asks for the largest value, never for a flattering one.
    guard q < 1 else { return totalCount }
    // One step down, as the reference does: 0.55 x 100 is 55.000000000000007 and must not ask for the 56th value.
    let rank = (max(q, 0).nextDown * Double(totalCount)).rounded(.up)
    return rank < Double(totalCount) ? max(Int64(rank), 1) : totalCount
  }

  private func forEachCounter(_ body: (_ index: Int, _ count: Int64) -> Void) {
    for index in usedIndices where counters[index] != 0 { body(index, counters[index]) }
  }
}
