// SPDX-License-Identifier: Apache-2.0

extension Histogram {
  /// Adds all counts of another histogram; the cost follows the range of values the other one uses.
  ///
  /// Between equal layouts the merge is exact. Otherwise each count is recorded at the highest value it may stand
  /// for, so that a merge never makes a duration look shorter than it was.
  package mutating func merge(_ other: borrowing Histogram) {
    if layout == other.layout {
      for index in other.usedIndices where other.counters[index] != 0 { add(other.counters[index], at: index) }
      overflowCount = saturatingSum(overflowCount, other.overflowCount)
      overflowMaximum = max(overflowMaximum, other.overflowMaximum)
    } else {
      for index in other.usedIndices where other.counters[index] != 0 {
        recordSaturating(other.highestValue(at: index), count: other.counters[index])
      }
    }
  }

  /// Adds counts read from an encoding of the given layout.
  mutating func merge(_ decoded: ArraySlice<DecodedCounter>, layout source: CounterLayout) {
    guard source == layout else {
      for counter in decoded {
        recordSaturating(source.highestEquivalent(at: Int(counter.index)), count: counter.count)
      }
      return
    }
    for counter in decoded {
      let index = Int(counter.index)
      add(counter.count, at: index)
      if index > layout.highestIndex {
        overflowCount = saturatingSum(overflowCount, counter.count)
        overflowMaximum = max(overflowMaximum, layout.highestEquivalent(at: index))
      }
    }
  }

  private mutating func recordSaturating(_ value: Int64, count: Int64) {
    if value > layout.highest {
      recordOverflow(value, count: count)
    } else {
      add(count, at: layout.index(of: max(value, 0)))
    }
  }
}
