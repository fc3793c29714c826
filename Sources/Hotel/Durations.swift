// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// How long things took, as Prometheus' histograms have it. From any thread.
final class Durations: Sendable {
  private struct Counts {
    var buckets = [Int](repeating: 0, count: boundsSeconds.count)
    var nanoseconds: Int64 = 0
    var total = 0
  }

  private static let boundsSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  private let counts = Mutex(Counts())

  func count(nanoseconds: Int64) {
    let seconds = Double(nanoseconds) / 1e9
    let bucket = Self.boundsSeconds.firstIndex { seconds <= $0 }
    counts.withLock { counts in
      counts.total += 1
      counts.nanoseconds += nanoseconds
      if let bucket { counts.buckets[bucket] += 1 }
    }
  }

  /// The lines of the metric of that name, without its head. `labels` as they stand between the braces.
  func text(_ name: String, labels: String = "") -> String {
    let inner = labels.isEmpty ? "" : labels + ","
    let outer = labels.isEmpty ? "" : "{\(labels)}"
    let counts = counts.withLock { $0 }
    var text = ""
    var below = 0
    for (bound, count) in zip(Self.boundsSeconds, counts.buckets) {
      below += count
      text += "\(name)_bucket{\(inner)le=\"\(bound)\"} \(below)\n"
    }
    return text + "\(name)_bucket{\(inner)le=\"+Inf\"} \(counts.total)\n"
      + "\(name)_sum\(outer) \(Double(counts.nanoseconds) / 1e9)\n\(name)_count\(outer) \(counts.total)\n"
  }
}
