// SPDX-License-Identifier: Apache-2.0

/// Measurements by the second in which they were due, kept until nothing more can be due there. A second stays open as
/// long as something due in it is under way, so memory follows what the target still owes, not the length of the run.
struct OpenSeconds {
  private var buckets: [[Measurement]] = []
  private var spare: [[Measurement]] = []
  private(set) var firstOpen = 0

  /// Seconds that hold something or lie between such.
  var endOfOpen: Int { firstOpen + buckets.count }

  mutating func add(_ measurement: Measurement) {
    let second = max(firstOpen, Int(measurement.dueNanoseconds / 1_000_000_000))
    while buckets.count <= second - firstOpen { buckets.append(spare.popLast() ?? []) }
    buckets[second - firstOpen].append(measurement)
  }

  /// Closes the seconds before `second`, in order. What is handed out is sorted by phase and step.
  mutating func close(before second: Int, _ body: (Int, [Measurement]) -> Void) {
    while firstOpen < second {
      var bucket = buckets.isEmpty ? [] : buckets.removeFirst()
      bucket.sort { ($0.phase, $0.step) < ($1.phase, $1.step) }
      body(firstOpen, bucket)
      bucket.removeAll(keepingCapacity: true)
      if spare.count < 4 { spare.append(bucket) }
      firstOpen += 1
    }
  }
}
