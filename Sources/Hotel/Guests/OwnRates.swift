// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Tonight's rates by the hotel's own table, for a hotel without a property management system. Up to a second old, so
/// that a crowd of guests costs one query.
final class OwnRates: Sendable {
  private struct Known {
    var rates: [RoomRate]
    var atNanoseconds: Int64
  }

  private let free: @Sendable (_ tenant: String) -> [Int]?
  private let known = Mutex<[String: Known]>([:])

  /// `free`: rooms free tonight, nil when that cannot be told.
  init(free: @escaping @Sendable (_ tenant: String) -> [Int]?) { self.free = free }

  /// Nil when the database does not work. Blocks as a read of it does.
  func rates(tenant: String) -> [RoomRate]? {
    let now = monotonicNanoseconds()
    if let known = known.withLock({ $0[tenant] }), now - known.atNanoseconds < 1_000_000_000 { return known.rates }
    guard let rooms = free(tenant) else { return nil }
    let rates = Dictionary(grouping: rooms, by: roomType).map { type, rooms in
      RoomRate(type: type, priceCents: rooms.map(nightCents).min() ?? 0, free: rooms.count)
    }.sorted { $0.type < $1.type }
    known.withLock { known in
      // Tenants are named by clients: the table must not grow with their imagination.
      if known.count >= 100 { known = [:] }
      known[tenant] = Known(rates: rates, atNanoseconds: now)
    }
    return rates
  }
}
