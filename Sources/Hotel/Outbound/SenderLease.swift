// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// Whether this hotel may send, where several share one outbox. Each reply names the hotel that has claimed it, and the
/// claims hold while that hotel renews its row in `senders`. One that was killed, stopped or cut off does not, and when
/// its lease is over the others take what it has left. The database's clock decides, since those of hotels may differ.
final class SenderLease: Sendable {
  private struct State {
    /// What replies are claimed under; another one after the lease was lost.
    var id = ""
    /// CLOCK_MONOTONIC, a little before the end that stands in the database.
    var endNanoseconds: Int64 = 0
    var isGivenUp = false
  }

  static let schema = [
    "CREATE TABLE IF NOT EXISTS senders (id TEXT PRIMARY KEY, alive_until BIGINT NOT NULL)"
  ]

  private let database: Database
  private let queue = DispatchQueue(label: "hotel.lease")
  private let state = Mutex(State())
  private static let milliseconds = 5_000

  init(_ database: Database) { self.database = database }

  /// Who this hotel is in the outbox; empty while it must not send, and in rows that nobody has claimed.
  var holder: String { state.withLock { monotonicNanoseconds() < $0.endNanoseconds ? $0.id : "" } }

  /// Renews the lease now and every second. `renewed` is told each time, on another thread, with the replies' holder.
  func keep(_ renewed: @escaping @Sendable (_ holder: String) -> Void) {
    let begun = monotonicNanoseconds()
    let before = state.withLock { $0 }
    if before.isGivenUp { return }
    let next = randomHex(bytes: 8)
    // Who could not renew in time itself calls nobody else dead: it may be the database that was away.
    let judges = begun < before.endNanoseconds
    let (clock, milliseconds) = (database.clock, Self.milliseconds)
    database.write({ (writer) throws(DatabaseError) -> String in
      let held = try writer.run(
        "UPDATE senders SET alive_until = \(clock) + ? WHERE id = ? RETURNING id", .integer(milliseconds),
        .text(before.id))
      if judges { try writer.run("DELETE FROM senders WHERE alive_until < \(clock)") }
      if !held.isEmpty { return before.id }
      try writer.run(
        "INSERT INTO senders (id, alive_until) VALUES (?, \(clock) + ?)", .text(next), .integer(milliseconds))
      return next
    }) { result in
      if case .success(let holder) = result {
        let isWanted = self.state.withLock { state in
          if state.isGivenUp { return false }
          state.id = holder
          state.endNanoseconds = begun + Int64(Self.milliseconds) * 1_000_000
          return true
        }
        if isWanted { renewed(holder) }
      }
      self.queue.asyncAfter(deadline: .now() + .seconds(1)) { self.keep(renewed) }
    }
  }

  /// Frees what is claimed, for other hotels and the next start. Returns after half a second at the latest.
  func giveUp() {
    let id = state.withLock { state in
      defer { state = State(isGivenUp: true) }
      return state.id
    }
    let isDone = DispatchSemaphore(value: 0)
    database.write({ (writer) throws(DatabaseError) in
      try writer.run("DELETE FROM senders WHERE id = ?", .text(id))
    }) { _ in isDone.signal() }
    _ = isDone.wait(timeout: .now() + .milliseconds(500))
  }
}
