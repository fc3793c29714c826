// SPDX-License-Identifier: Apache-2.0

/// What becomes due next: a binary heap. Entries are not removed early; the owner ignores those whose stamp is old.
struct DueQueue {
  struct Entry {
    let dueNanoseconds: Int64
    let connection: Int
    let stamp: Int
  }

  private var heap: [Entry] = []

  var first: Entry? { heap.first }

  /// O(log n).
  mutating func insert(_ entry: Entry) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0, heap[child].dueNanoseconds < heap[(child - 1) / 2].dueNanoseconds {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// The earliest entry if it is due; O(log n).
  mutating func popDue(_ nowNanoseconds: Int64) -> Entry? {
    guard let top = heap.first, top.dueNanoseconds <= nowNanoseconds else { return nil }
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child].dueNanoseconds < heap[least].dueNanoseconds { least = child }
      }
      if least == parent { return top }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
