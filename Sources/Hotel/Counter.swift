// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// A counter of /metrics. From any thread.
final class Counter: Sendable {
  private let name: String
  private let about: String
  private let label: String?
  private let values: [String]
  private let counts: Mutex<[Int]>

  /// With a label there is one line for each of its `values`, which are all that can be counted.
  init(_ name: String, _ about: String, label: String? = nil, values: [String] = [""]) {
    self.name = name
    self.about = about
    self.label = label
    self.values = values
    counts = Mutex(Array(repeating: 0, count: values.count))
  }

  func add(_ count: Int = 1, to value: String = "") {
    guard let index = values.firstIndex(of: value) else { return }
    counts.withLock { $0[index] += count }
  }

  /// As Prometheus reads it.
  var text: String {
    let counts = counts.withLock { $0 }
    let lines = zip(values, counts).map { value, count in
      name + (label.map { "{\($0)=\"\(value)\"}" } ?? "") + " \(count)\n"
    }
    return Metrics.head(name, "counter", about) + lines.joined()
  }
}
