// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// A guest's room for some nights.
struct Reservation: Sendable {
  var id: String
  var key: String
  var room: Int
  var guest: String
  var checkin: Day
  var nights: Int
  /// Seconds since 1970.
  var created: Int
}

/// What a guest wants to book. The same key is the same wish, however often it comes.
struct Order: Sendable {
  var key: String
  var room: Int
  var guest: String
  var checkin: Day
  var nights: Int
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

/// Rooms and who sleeps in them.
final class Reservations: Sendable {
  let database: Database
  /// Rooms are numbered from 1.
  let rooms: Int
  private let loseOneOf: Int
  private let booked = Atomic<Int>(0)

  /// A key is remembered so long after its booking was cancelled.
  private static let keySeconds = 86_400

  init(path: String, rooms: Int, loseOneOf: Int) throws(DatabaseError) {
    // The primary key of `nights` is what makes double booking impossible.
    database = try Database(
      path: path,
      schema: """
        CREATE TABLE IF NOT EXISTS reservations (
          id TEXT PRIMARY KEY, key TEXT NOT NULL UNIQUE, room INTEGER NOT NULL, guest TEXT NOT NULL,
          checkin INTEGER NOT NULL, nights INTEGER NOT NULL, created INTEGER NOT NULL, cancelled INTEGER);
        CREATE INDEX IF NOT EXISTS cancelled ON reservations (cancelled) WHERE cancelled IS NOT NULL;
        CREATE TABLE IF NOT EXISTS nights (
          night INTEGER NOT NULL, room INTEGER NOT NULL, reservation TEXT NOT NULL REFERENCES reservations (id),
          PRIMARY KEY (night, room)) WITHOUT ROWID;
        """)
    self.rooms = rooms
    self.loseOneOf = loseOneOf
  }

  /// Rooms free for all of the nights, ascending. Linear in the rooms.
  func free(checkin: Day, nights: Int) throws(DatabaseError) -> [Int] {
    let rows = try database.read { (reader) throws(DatabaseError) in
      try reader.run(
        "SELECT DISTINCT room FROM nights WHERE night >= ? AND night < ?", .integer(checkin.number),
        .integer(checkin.number + nights))
    }
    let taken = Set(rows.compactMap { $0[0].integer })
    return (1...rooms).filter { !taken.contains($0) }
  }

  /// The reservation of that id, unless it was cancelled.
  func reservation(id: String) throws(DatabaseError) -> Reservation? {
    try database.read { (reader) throws(DatabaseError) in
      try reader.run(Self.select + "WHERE id = ? AND cancelled IS NULL", .text(id)).first.flatMap(Self.reservation)
    }
  }

  /// The reservations of that idempotency key that were not cancelled: none or one.
  func reservations(key: String) throws(DatabaseError) -> [Reservation] {
    try database.read { (reader) throws(DatabaseError) in
      try reader.run(Self.select + "WHERE key = ? AND cancelled IS NULL", .text(key)).compactMap(Self.reservation)
    }
  }

  /// `done` is called, on another thread, when the outcome is on the disk.
  func book(_ order: Order, done: @escaping @Sendable (BookingOutcome) -> Void) {
    let reservation = Reservation(
      id: randomHex(bytes: 16), key: order.key, room: order.room, guest: order.guest, checkin: order.checkin,
      nights: order.nights, created: time(nil))
    if loseOneOf > 0, booked.add(1, ordering: .relaxed).newValue % loseOneOf == 0 {
      return done(.booked(reservation))
    }
    let outcome = Outcome(BookingOutcome.booked(reservation))
    database.write({ (writer) throws(DatabaseError) in
      if let earlier = try Self.earlier(order, in: writer) { return outcome.set(earlier) }
      try writer.run(
        "INSERT INTO reservations (id, key, room, guest, checkin, nights, created) VALUES (?, ?, ?, ?, ?, ?, ?)",
        .text(reservation.id), .text(order.key), .integer(order.room), .text(order.guest),
        .integer(order.checkin.number), .integer(order.nights), .integer(reservation.created))
      for night in order.checkin.number..<order.checkin.number + order.nights {
        try writer.run(
          "INSERT INTO nights (night, room, reservation) VALUES (?, ?, ?)", .integer(night), .integer(order.room),
          .text(reservation.id))
      }
    }) { error in
      guard let error else { return done(outcome.value) }
      done(error.isConstraint ? .soldOut : .failed(error))
    }
  }

  /// Whether there was one to cancel; `done` is called on another thread.
  func cancel(id: String, done: @escaping @Sendable (Result<Bool, DatabaseError>) -> Void) {
    let found = Outcome(false)
    let now = Int(time(nil))
    database.write({ (writer) throws(DatabaseError) in
      let rows = try writer.run(
        "UPDATE reservations SET cancelled = ? WHERE id = ? AND cancelled IS NULL RETURNING id", .integer(now),
        .text(id))
      found.set(!rows.isEmpty)
      try writer.run("DELETE FROM nights WHERE reservation = ? AND night IN (\(Self.nightsOf))", .text(id), .text(id))
      // Each cancellation forgets up to two old ones, so that the table does not grow for ever.
      try writer.run(
        "DELETE FROM reservations WHERE id IN (SELECT id FROM reservations WHERE cancelled < ? LIMIT 2)",
        .integer(now - Self.keySeconds))
    }) { error in
      done(error.map { .failure($0) } ?? .success(found.value))
    }
  }

  /// The nights of a reservation by the table that is indexed by its id.
  private static let nightsOf = """
    WITH RECURSIVE span(night, last) AS (
      SELECT checkin, checkin + nights - 1 FROM reservations WHERE id = ?
      UNION ALL SELECT night + 1, last FROM span WHERE night < last)
    SELECT night FROM span
    """

  private static let select = "SELECT id, key, room, guest, checkin, nights, created FROM reservations "

  private static func earlier(_ order: Order, in writer: SQLiteConnection) throws(DatabaseError) -> BookingOutcome? {
    let rows = try writer.run(
      "SELECT id, key, room, guest, checkin, nights, created, cancelled FROM reservations WHERE key = ?",
      .text(order.key))
    guard let row = rows.first, let earlier = reservation(row) else { return nil }
    guard
      earlier.room == order.room, earlier.guest == order.guest, earlier.checkin == order.checkin,
      earlier.nights == order.nights
    else { return .otherOrder }
    return row[7].integer == nil ? .repeated(earlier) : .cancelled
  }

  private static func reservation(_ row: [SQLValue]) -> Reservation? {
    guard let id = row[0].text, let key = row[1].text, let room = row[2].integer, let guest = row[3].text,
      let checkin = row[4].integer, let nights = row[5].integer, let created = row[6].integer
    else { return nil }
    return Reservation(
      id: id, key: key, room: room, guest: guest, checkin: Day(number: checkin), nights: nights, created: created)
  }
}

/// What a write found out, carried from the transaction to its end.
private final class Outcome<Value: Sendable>: Sendable {
  private let stored: Mutex<Value>

  init(_ value: Value) { stored = Mutex(value) }

  var value: Value { stored.withLock { $0 } }

  func set(_ value: Value) { stored.withLock { $0 = value } }
}
