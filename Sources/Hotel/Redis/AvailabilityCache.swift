// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Which rooms are taken, kept in Redis for a moment. Bookings and cancellations drop what they change; what slips
/// through (a query that ran meanwhile) is stale for two seconds at most, and books nothing twice: the database decides.
final class AvailabilityCache: Sendable {
  private let redis: Redis
  private let hits = Atomic<Int>(0)
  private let misses = Atomic<Int>(0)

  private static let milliseconds = 2_000

  init(_ redis: Redis) { self.redis = redis }

  /// Nil when it is not known.
  func taken(tenant: String, checkin: Day, nights: Int) -> Set<Int>? {
    if case .text(let text)? = redis.run([["HGET", Self.key(tenant, checkin.number), String(nights)]])?.first {
      hits.add(1, ordering: .relaxed)
      return Set(text.split(separator: ",").compactMap { Int($0) })
    }
    misses.add(1, ordering: .relaxed)
    return nil
  }

  func keep(_ taken: Set<Int>, tenant: String, checkin: Day, nights: Int) {
    let key = Self.key(tenant, checkin.number)
    let text = taken.map(String.init).joined(separator: ",")
    _ = redis.run([["HSET", key, String(nights), text], ["PEXPIRE", key, String(Self.milliseconds)]])
  }

  /// Drops what a stay touches: all queries whose nights may overlap with it, begun up to a longest stay before.
  func drop(tenant: String, stay: Range<Int>) {
    let first = stay.lowerBound - nightsRange.upperBound + 1
    _ = redis.run([["UNLINK"] + (first..<stay.upperBound).map { Self.key(tenant, $0) }])
  }

  var metricsText: String {
    Metrics.head("cache_hits_total", "counter", "Queries answered from the cache.")
      + "cache_hits_total{cache=\"availability\"} \(hits.load(ordering: .relaxed))\n"
      + Metrics.head("cache_misses_total", "counter", "Queries that the cache could not answer.")
      + "cache_misses_total{cache=\"availability\"} \(misses.load(ordering: .relaxed))\n"
  }

  private static func key(_ tenant: String, _ night: Int) -> String { "hotel:taken:\(tenant):\(night)" }
}
