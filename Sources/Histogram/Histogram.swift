// SPDX-License-Identifier: Apache-2.0
// Room: Histogram. Counts of durations in microseconds at three significant digits, their merge, quantiles, the V2
// encoding and the interval log that other HdrHistogram tools read. No Foundation, no files, no clock: bytes in, bytes
// out.

import Glibc

/// Counts of whole-number values (microseconds) in counters whose width is a fixed share of the value.
///
/// Every value recorded is counted: one below 1 as 1, one above `highest` in the counters above that of `highest` and
/// in `overflowCount`. There is one owner; move it between threads, never share it. 188 KB of address space at the
/// default precision, of which the system provides the pages that are used.
package struct Histogram: ~Copyable {
  /// Unit, highest value, precision.
  @usableFromInline package let layout: CounterLayout
  @usableFromInline let counters: UnsafeMutablePointer<Int64>
  /// All values recorded, those above `highest` included.
  @usableFromInline package internal(set) var totalCount: Int64 = 0
  /// Values recorded that were above `highest`.
  package internal(set) var overflowCount: Int64 = 0
  /// The largest value above `highest`, or 0.
  var overflowMaximum: Int64 = 0
  /// The counters in use are `lowestUsed...highestUsed`, if any: what merging, encoding and clearing cost follows it.
  @usableFromInline var lowestUsed = Int.max
  @usableFromInline var highestUsed = -1

  /// An empty histogram with a unit of 1. Traps when the layout is impossible (`highest` below 2, digits not 0...5).
  package init(highest: Int64 = 3_600_000_000, significantDigits: Int = 3) {
    guard
      let layout = try? CounterLayout(lowestDiscernible: 1, highest: highest, significantDigits: significantDigits)
    else { preconditionFailure("impossible histogram: highest \(highest), \(significantDigits) digits") }
    self.init(layout: layout)
  }

  /// An empty histogram of the given layout.
  package init(layout: CounterLayout) {
    self.layout = layout
    // calloc leaves untouched pages to the system: a histogram of a few values costs a few pages.
    guard let memory = calloc(layout.counterCount, MemoryLayout<Int64>.stride) else {
      preconditionFailure("no memory for \(layout.counterCount) counters")
    }
    counters = memory.bindMemory(to: Int64.self, capacity: layout.counterCount)
  }

  deinit { free(counters) }

  /// Counts a value once. Below 1 it counts as 1; above `highest` it is an overflow. A few nanoseconds, no allocation.
  @inlinable package mutating func record(_ value: Int64) {
    record(value, count: 1)
  }

  /// Counts a value `count` times; 0 times does nothing. Traps when `count` is negative.
  @inlinable package mutating func record(_ value: Int64, count: Int64) {
    precondition(count >= 0, "a value cannot be recorded a negative number of times")
    guard value <= layout.highest else { return recordOverflow(value, count: count) }
    if count == 0 { return }
    let index = layout.index(of: max(value, 1))
    // Written out: Swift 6.3.1 crashes on `&+=` here when it compiles for the thread sanitizer.
    counters[index] = counters[index] &+ count
    totalCount &+= count
    if index < lowestUsed { lowestUsed = index }
    if index > highestUsed { highestUsed = index }
  }

  /// Values above `highest` go into the counters above its own, so that an encoded histogram still holds them as
  /// overflow; the last counter takes what no counter can hold.
  @usableFromInline mutating func recordOverflow(_ value: Int64, count: Int64) {
    if count == 0 { return }
    let last = layout.counterCount - 1
    let own = value > layout.largestCountable ? last : layout.index(of: value)
    add(count, at: min(max(own, layout.highestIndex + 1), last))
    overflowCount = saturatingSum(overflowCount, count)
    overflowMaximum = max(overflowMaximum, value)
  }

  /// Adds to one counter; counts end at 2^63 - 1 rather than wrap, since merged logs come from anywhere.
  mutating func add(_ count: Int64, at index: Int) {
    counters[index] = saturatingSum(counters[index], count)
    totalCount = saturatingSum(totalCount, count)
    lowestUsed = min(lowestUsed, index)
    highestUsed = max(highestUsed, index)
  }

  /// Empties the histogram for reuse; the cost follows the range of values that was used.
  package mutating func reset() {
    if highestUsed >= lowestUsed {
      (counters + lowestUsed).update(repeating: 0, count: highestUsed - lowestUsed + 1)
    }
    totalCount = 0
    overflowCount = 0
    overflowMaximum = 0
    lowestUsed = Int.max
    highestUsed = -1
  }

  /// The counters in use, in rising order of value.
  var usedIndices: Range<Int> { lowestUsed <= highestUsed ? lowestUsed..<(highestUsed + 1) : 0..<0 }
}

// The pointer is reached through the one owner only, and values without copies have one owner.
extension Histogram: @unchecked Sendable {}

func saturatingSum(_ a: Int64, _ b: Int64) -> Int64 {
  let (sum, overflowed) = a.addingReportingOverflow(b)
  return overflowed ? .max : sum
}
