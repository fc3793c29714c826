// SPDX-License-Identifier: Apache-2.0

/// Which rooms are taken, kept in Redis for a moment. Bookings and cancellations drop what they change; what slips
/// through (a query that ran meanwhile) is stale for two seconds at most, and books nothing twice: the database decides.
final class AvailabilityCache: Sendable {
  private let redis: Redis
  private let hits = Counter(
    "cache_hits_total", "Queries answered from the cache.", label: "cache", values: [name])
  private let misses = Counter(
    "cache_misses_total", "Queries that the cache could not answer.", label: "cache", values: [name])

  private static let name = "availability"
  private static let milliseconds = 2_000

  init(_ redis: Redis) { self.redis = redis }

  /// Nil when it is not known.
  func taken(tenant: String, checkin: Day, nights: Int) -> Set<Int>? {
    if case .text(let text)? = redis.run([["HGET", Self.key(tenant, checkin.number), String(nights)]])?.first {
      hits.add(to: Self.name)
      return Set(text.split(separator: ",").compactMap { Int($0) })
    }
    misses.add(to: Self.name)
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

  var metricsText: String { hits.text + misses.text }

  private static func key(_ tenant: String, _ night: Int) -> String { "hotel:taken:\(tenant):\(night)" }
}
