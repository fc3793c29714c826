// SPDX-License-Identifier: Apache-2.0

/// Requests by the second of their last byte, phase and step, of seconds that are still open. Confined to the recorder.
struct Completions {
  struct Count {
    var ok = 0
    var failed = 0
  }

  private let stepCount: Int
  private let placeCount: Int
  /// The first is `firstOpen`; each by phase, then by step, and empty as long as nothing completed.
  private var seconds: [[Count]] = []
  private(set) var firstOpen = 0

  init(stepCount: Int, phaseCount: Int) {
    self.stepCount = stepCount
    placeCount = stepCount * phaseCount
  }

  /// One past the last second in which something completed.
  var end: Int { firstOpen + seconds.count }

  mutating func add(_ measurement: Measurement, failed: Bool) {
    let place = max(0, Int(measurement.endNanoseconds / 1_000_000_000) - firstOpen)
    while seconds.count <= place { seconds.append([]) }
    if seconds[place].isEmpty { seconds[place] = Array(repeating: Count(), count: placeCount) }
    let step = Int(measurement.phase) * stepCount + Int(measurement.step)
    if failed { seconds[place][step].failed += 1 } else { seconds[place][step].ok += 1 }
  }

  /// Takes out the first open second.
  mutating func popFirst() -> Second {
    firstOpen += 1
    return Second(counts: seconds.isEmpty ? [] : seconds.removeFirst(), stepCount: stepCount)
  }

  /// What completed in one second.
  struct Second {
    fileprivate var counts: [Count]
    fileprivate let stepCount: Int

    mutating func take(phase: Int, step: Int) -> Count {
      guard !counts.isEmpty else { return Count() }
      defer { counts[phase * stepCount + step] = Count() }
      return counts[phase * stepCount + step]
    }

    /// What nobody took.
    var rest: [(phase: Int, step: Int, count: Count)] {
      counts.enumerated().compactMap { place, count in
        count.ok + count.failed > 0 ? (place / stepCount, place % stepCount, count) : nil
      }
    }
  }
}
