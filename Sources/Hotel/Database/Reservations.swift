// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// What a guest wants to book. The same key of the same tenant is the same wish, however often it comes.
struct Order: Sendable, Equatable {
  var tenant: String
  var key: String
  var room: Int
  var guest: String
  var checkin: Day
  var nights: Int

  /// The nights slept in the room.
  var stay: Range<Int> { checkin.number..<checkin.number + nights }
}

/// A guest's room for some nights.
struct Reservation: Sendable {
  var id: String
  var order: Order
  /// Seconds since 1970.
  var created: Int
}

enum BookingOutcome: Sendable {
  case booked(Reservation)
  /// The key was used before, for the same order.
  case repeated(Reservation)
  /// The key was used before, for another order.
  case otherOrder
  /// What the key booked has been cancelled since.
  case cancelled
  case soldOut
  case failed(DatabaseError)
}

/// Rooms and who sleeps in them. Each tenant has rooms, keys and reservations of its own.
final class Reservations: Sendable {
  let database: Database
  /// Rooms of each tenant, numbered from 1.
  let rooms: Int
  private let loseOneOf: Int
  private let cache: AvailabilityCache?
  private let booked = Atomic<Int>(0)
  private let cancelled = Atomic<Int>(0)

  /// A key is remembered so long after its booking was cancelled.
  private static let keySeconds = 86_400

  /// The primary key of `nights` is what makes double booking impossible.
  static let schema = [
    """
    CREATE TABLE IF NOT EXISTS reservations (
      id TEXT PRIMARY KEY, tenant TEXT NOT NULL, key TEXT NOT NULL, room BIGINT NOT NULL, guest TEXT NOT NULL,
      checkin BIGINT NOT NULL, nights BIGINT NOT NULL, created BIGINT NOT NULL, cancelled BIGINT, UNIQUE (tenant, key))
    """,
    "CREATE INDEX IF NOT EXISTS reservations_cancelled ON reservations (cancelled) WHERE cancelled IS NOT NULL",
    """
    CREATE TABLE IF NOT EXISTS nights (
      tenant TEXT NOT NULL, night BIGINT NOT NULL, room BIGINT NOT NULL, reservation TEXT NOT NULL,
      PRIMARY KEY (tenant, night, room))
    """,
  ]

  /// `database` was made with `schema`. `rooms`: how many each tenant has. `loseOneOf`: see Misbehaviour.
  init(_ database: Database, rooms: Int, loseOneOf: Int, cache: AvailabilityCache?) {
    self.database = database
    self.rooms = rooms
    self.loseOneOf = loseOneOf
    self.cache = cache
  }

  /// Rooms free for all of the nights, ascending. Linear in the rooms.
  func free(tenant: String, checkin: Day, nights: Int) throws(DatabaseError) -> [Int] {
    let taken = try taken(tenant: tenant, checkin: checkin, nights: nights)
    return (1...rooms).filter { !taken.contains($0) }
  }

  private func taken(tenant: String, checkin: Day, nights: Int) throws(DatabaseError) -> Set<Int> {
    if let known = cache?.taken(tenant: tenant, checkin: checkin, nights: nights) { return known }
    let rows = try database.read { (reader) throws(DatabaseError) in
      try reader.run(
        "SELECT DISTINCT room FROM nights WHERE tenant = ? AND night >= ? AND night < ?", .text(tenant),
        .integer(checkin.number), .integer(checkin.number + nights))
    }
    let taken = Set(rows.compactMap { $0[0].integer })
    cache?.keep(taken, tenant: tenant, checkin: checkin, nights: nights)
    return taken
  }

  /// The reservation of that id, unless it was cancelled or is another tenant's.
  func reservation(tenant: String, id: String) throws(DatabaseError) -> Reservation? {
    try database.read { (reader) throws(DatabaseError) in
      try reader.run(Self.select + "WHERE id = ? AND tenant = ? AND cancelled IS NULL", .text(id), .text(tenant)).first
        .flatMap { Self.reservation($0, of: tenant) }
    }
  }

  /// The tenant's reservations of that idempotency key that were not cancelled: none or one.
  func reservations(tenant: String, key: String) throws(DatabaseError) -> [Reservation] {
    try database.read { (reader) throws(DatabaseError) in
      try reader.run(Self.select + "WHERE tenant = ? AND key = ? AND cancelled IS NULL", .text(tenant), .text(key))
        .compactMap { Self.reservation($0, of: tenant) }
    }
  }

  /// `done` is called, on another thread, when the outcome is on the disk.
  func book(_ order: Order, done: @escaping @Sendable (BookingOutcome) -> Void) {
    let reservation = Reservation(id: randomHex(bytes: 16), order: order, created: time(nil))
    if loseOneOf > 0, booked.add(1, ordering: .relaxed).newValue % loseOneOf == 0 {
      return done(.booked(reservation))
    }
    database.write({ (writer) throws(DatabaseError) -> BookingOutcome in
      // Where another transaction is just writing the same key, this waits for its end: no key is booked twice.
      let isNew = try writer.run(
        """
        INSERT INTO reservations (id, tenant, key, room, guest, checkin, nights, created)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, key) DO NOTHING RETURNING id
        """, .text(reservation.id), .text(order.tenant), .text(order.key), .integer(order.room), .text(order.guest),
        .integer(order.checkin.number), .integer(order.nights), .integer(reservation.created))
      if isNew.isEmpty { return try Self.earlier(order, in: writer) }
      // One of thirty texts. Ascending nights, so that two bookings never wait for each other in a circle.
      let places = [String](repeating: "(?, ?, ?, ?)", count: order.nights).joined(separator: ", ")
      try writer.run(
        "INSERT INTO nights (tenant, night, room, reservation) VALUES \(places)",
        order.stay.flatMap { [.text(order.tenant), .integer($0), .integer(order.room), .text(reservation.id)] })
      return .booked(reservation)
    }) { result in
      switch result {
      case .success(let outcome):
        if case .booked = outcome { self.cache?.drop(tenant: order.tenant, stay: order.stay) }
        done(outcome)
      case .failure(let error): done(error.isConstraint ? .soldOut : .failed(error))
      }
    }
  }

  /// Whether there was one to cancel; `done` is called on another thread.
  func cancel(tenant: String, id: String, done: @escaping @Sendable (Result<Bool, DatabaseError>) -> Void) {
    let now = Int(time(nil))
    database.write({ (writer) throws(DatabaseError) -> Range<Int>? in
      let rows = try writer.run(
        """
        UPDATE reservations SET cancelled = ? WHERE id = ? AND tenant = ? AND cancelled IS NULL
        RETURNING room, checkin, nights
        """, .integer(now), .text(id), .text(tenant))
      guard let row = rows.first, let room = row[0].integer, let checkin = row[1].integer, let nights = row[2].integer
      else { return nil }
      let places = [String](repeating: "?", count: nights).joined(separator: ", ")
      try writer.run(
        "DELETE FROM nights WHERE tenant = ? AND room = ? AND reservation = ? AND night IN (\(places))",
        [.text(tenant), .integer(room), .text(id)] + (checkin..<checkin + nights).map { .integer($0) })
      return checkin..<checkin + nights
    }) { result in
      if case .success(let stay?) = result { self.cache?.drop(tenant: tenant, stay: stay) }
      done(result.map { $0 != nil })
    }
    if cancelled.add(1, ordering: .relaxed).newValue % Self.forgetEvery == 0 { forget(before: now - Self.keySeconds) }
  }

  /// Forgets some old cancelled ones, more of them than came since the last time: the table must not grow for ever.
  private func forget(before seconds: Int) {
    database.write({ (writer) throws(DatabaseError) in
      try writer.run(
        "DELETE FROM reservations WHERE id IN (SELECT id FROM reservations WHERE cancelled < ? ORDER BY id LIMIT ?)",
        .integer(seconds), .integer(2 * Self.forgetEvery))
    }) { _ in }
  }

  private static let forgetEvery = 32
  private static let select = "SELECT id, key, room, guest, checkin, nights, created, cancelled FROM reservations "

  /// What was booked with the key before.
  private static func earlier(
    _ order: Order, in writer: any SQLConnection
  ) throws(DatabaseError) -> BookingOutcome {
    let rows = try writer.run(select + "WHERE tenant = ? AND key = ?", .text(order.tenant), .text(order.key))
    guard let row = rows.first, let earlier = reservation(row, of: order.tenant) else {
      return .failed(DatabaseError(kind: .other, message: "what the key booked went away meanwhile"))
    }
    if earlier.order != order { return .otherOrder }
    return row[7].integer == nil ? .repeated(earlier) : .cancelled
  }

  private static func reservation(_ row: [SQLValue], of tenant: String) -> Reservation? {
    guard let id = row[0].text, let key = row[1].text, let room = row[2].integer, let guest = row[3].text,
      let checkin = row[4].integer, let nights = row[5].integer, let created = row[6].integer
    else { return nil }
    let order = Order(
      tenant: tenant, key: key, room: room, guest: guest, checkin: Day(number: checkin), nights: nights)
    return Reservation(id: id, order: order, created: created)
  }
}
