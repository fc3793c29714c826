// SPDX-License-Identifier: Apache-2.0
import Results

/// The requests of one worker that are kept to be looked at: the slowest, and the first failures of each kind. Confined
/// to its worker until the run is over; then `merge` makes one of all.
struct Evidence {
  static let mostSlowest = 20
  static let mostFailuresPerKind = 5

  private(set) var slowest: [Sample] = []
  private(set) var failures: [String: [Sample]] = [:]
  private var failureCounts = [Int](repeating: 0, count: FailureTable.names.count)
  /// A response time must be beyond this to be kept.
  private var slowestLimitMicroseconds: UInt32 = 0

  func keepsSlow(responseMicroseconds: UInt32) -> Bool { responseMicroseconds > slowestLimitMicroseconds }

  func keepsFailure(_ kind: UInt8) -> Bool { failureCounts[Int(kind)] < Self.mostFailuresPerKind }

  mutating func addSlow(_ sample: Sample, responseMicroseconds: UInt32) {
    let place = slowest.firstIndex { $0.response < sample.response } ?? slowest.count
    slowest.insert(sample, at: place)
    guard slowest.count >= Self.mostSlowest else { return }
    if slowest.count > Self.mostSlowest { slowest.removeLast() }
    slowestLimitMicroseconds = UInt32(((slowest.last?.response ?? 0) * 1000).rounded())
  }

  mutating func addFailure(_ sample: Sample, kind: UInt8) {
    failureCounts[Int(kind)] += 1
    failures[FailureTable.names[Int(kind)], default: []].append(sample)
  }

  static func merge(_ parts: [Evidence]) -> Samples {
    let slowest = parts.flatMap(\.slowest).sorted { $0.response > $1.response }.prefix(mostSlowest)
    var failures: [String: [Sample]] = [:]
    for part in parts { failures.merge(part.failures) { $0 + $1 } }
    return Samples(
      slowest: Array(slowest),
      failures: failures.mapValues { kept in
        Array(kept.sorted { $0.due < $1.due }.prefix(mostFailuresPerKind))
      })
  }
}
