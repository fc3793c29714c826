// SPDX-License-Identifier: Apache-2.0
import Histogram

/// A row of `generator.csv`. Delays in microseconds; -1 where a figure could not be read.
package struct GeneratorRow: Sendable, Equatable {
  /// From the run's begin.
  package var second: Int
  package var counts: GeneratorCounts
  /// Requests sent in the second.
  package var sent = 0
  /// Of `sent`: those with an own lag of at most 100 ms.
  package var onSchedule = 0
  package var ownLagP50 = 0
  package var ownLagP99 = 0
  package var ownLagMaximum = 0
  package var blockedP99 = 0
  package var blockedMaximum = 0

  package init(second: Int, counts: GeneratorCounts) {
    self.second = second
    self.counts = counts
  }

  init(second: Int, counts: GeneratorCounts, ownLag: borrowing Histogram, blocked: borrowing Histogram) {
    self.init(second: second, counts: counts)
    sent = Int(ownLag.totalCount)
    onSchedule = sent - Int(ownLag.count(possiblyAtLeast: Self.onScheduleMicroseconds + 1))
    ownLagP50 = Int(ownLag.delay(atQuantile: 0.5))
    ownLagP99 = Int(ownLag.delay(atQuantile: 0.99))
    ownLagMaximum = Int(ownLag.delay(atQuantile: 1))
    blockedP99 = Int(blocked.delay(atQuantile: 0.99))
    blockedMaximum = Int(blocked.delay(atQuantile: 1))
  }

  static let onScheduleMicroseconds = 100_000.0
}

/// `generator.csv`: one header line, one row per second.
enum GeneratorFormat {
  static let ownLagTag = "own-lag"
  static let blockedTag = "blocked"

  static let header =
    "second,sent,on_schedule,own_lag_p50_us,own_lag_p99_us,own_lag_max_us,blocked_p99_us,blocked_max_us,"
    + "busy_per_mille,cpu_per_mille,steal_per_mille,in_flight,open_connections,connections_opened,"
    + "descriptors_per_mille,ports_per_mille,resident_kib\n"

  static func line(_ row: GeneratorRow) -> String {
    let counts = row.counts
    let fields = [
      row.second, row.sent, row.onSchedule, row.ownLagP50, row.ownLagP99, row.ownLagMaximum, row.blockedP99,
      row.blockedMaximum, counts.busyPerMille, counts.cpuPerMille, counts.stealPerMille, counts.inFlight,
      counts.openConnections, counts.connectionsOpened, counts.descriptorsPerMille, counts.portsPerMille,
      counts.residentKiB,
    ]
    return fields.map(String.init).joined(separator: ",") + "\n"
  }

  /// Nil for anything but a whole row.
  static func row(_ fields: [Int]) -> GeneratorRow? {
    guard fields.count == 17 else { return nil }
    var counts = GeneratorCounts()
    counts.busyPerMille = fields[8]
    counts.cpuPerMille = fields[9]
    counts.stealPerMille = fields[10]
    counts.inFlight = fields[11]
    counts.openConnections = fields[12]
    counts.connectionsOpened = fields[13]
    counts.descriptorsPerMille = fields[14]
    counts.portsPerMille = fields[15]
    counts.residentKiB = fields[16]
    var row = GeneratorRow(second: fields[0], counts: counts)
    row.sent = fields[1]
    row.onSchedule = fields[2]
    row.ownLagP50 = fields[3]
    row.ownLagP99 = fields[4]
    row.ownLagMaximum = fields[5]
    row.blockedP99 = fields[6]
    row.blockedMaximum = fields[7]
    return row
  }
}

extension Histogram {
  /// Of delays, which may be 0: histograms count that as 1.
  func delay(atQuantile q: Double) -> Int64 {
    let value = value(atQuantile: q)
    return value <= 1 ? 0 : value
  }
}
