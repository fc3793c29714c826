// SPDX-License-Identifier: Apache-2.0

/// Moments and the journeys that wait for them, earliest first; equal moments keep the order in which they came.
struct DeadlineHeap {
  private struct Entry {
    var nanoseconds: Int64
    var order: UInt64
    var journey: Int

    func isBefore(_ other: Entry) -> Bool {
      nanoseconds != other.nanoseconds ? nanoseconds < other.nanoseconds : order < other.order
    }
  }

  private var entries: [Entry] = []
  private var pushed: UInt64 = 0

  var count: Int { entries.count }
  var earliestNanoseconds: Int64? { entries.first?.nanoseconds }

  /// O(log n); allocates only while the heap grows beyond what it ever held.
  mutating func push(_ journey: Int, at nanoseconds: Int64) {
    entries.append(Entry(nanoseconds: nanoseconds, order: pushed, journey: journey))
    pushed &+= 1
    var child = entries.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard entries[child].isBefore(entries[parent]) else { break }
      entries.swapAt(child, parent)
      child = parent
    }
  }

  /// The journey whose moment is earliest. Traps when empty.
  mutating func pop() -> Int {
    let journey = entries[0].journey
    entries.swapAt(0, entries.count - 1)
    entries.removeLast()
    var parent = 0
    while true {
      var least = parent
      let left = 2 * parent + 1
      for child in left..<min(left + 2, max(left, entries.count)) {
        if entries[child].isBefore(entries[least]) { least = child }
      }
      if least == parent { return journey }
      entries.swapAt(parent, least)
      parent = least
    }
  }

  /// Everything still waiting, in no order; the heap is empty afterwards.
  mutating func removeAll() -> [(nanoseconds: Int64, journey: Int)] {
    defer { entries.removeAll(keepingCapacity: true) }
    return entries.map { ($0.nanoseconds, $0.journey) }
  }
}
