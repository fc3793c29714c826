// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// The messages of guests: each counts once, however often Meta delivers it, and its reply is written down together
/// with it.
final class Messages: Sendable {
  /// What came of a post.
  struct Receipt: Sendable {
    var new = 0
    var duplicates = 0
    fileprivate var replies: [OutboxReply] = []
  }

  static let schema = [
    """
    CREATE TABLE IF NOT EXISTS messages (
      tenant TEXT NOT NULL, phone_number_id TEXT NOT NULL, id TEXT NOT NULL, received BIGINT NOT NULL,
      PRIMARY KEY (tenant, phone_number_id, id))
    """,
    "CREATE INDEX IF NOT EXISTS messages_received ON messages (received)",
  ]

  /// Meta delivers a message again for up to seven days.
  private static let keptSeconds = 8 * 86_400

  private let database: Database
  private let outbox: Outbox
  private let posts = Atomic<Int>(0)
  private static let forgetEvery = 100

  init(database: Database, outbox: Outbox) {
    self.database = database
    self.outbox = outbox
  }

  /// Takes all messages of a post or none. `done` is called, on another thread, when they and their replies are on the
  /// disk. `begunNanoseconds`: when the post came in.
  func accept(
    _ messages: [InboundMessage], tenant: String, traceID: String, begunNanoseconds: Int64,
    done: @escaping @Sendable (Result<Receipt, DatabaseError>) -> Void
  ) {
    if messages.isEmpty { return done(.success(Receipt())) }
    let now = Int(wallMilliseconds() / 1_000)
    let due = begunNanoseconds + outbox.delayNanoseconds
    // In one order, so that two posts with the same messages never wait for each other in a circle.
    let messages = messages.sorted { ($0.phoneNumberID, $0.id) < ($1.phoneNumberID, $1.id) }
    database.write({ (writer) throws(DatabaseError) -> Receipt in
      var receipt = Receipt()
      let holder = self.outbox.holder
      for message in messages {
        let inserted = try writer.run(
          """
          INSERT INTO messages (tenant, phone_number_id, id, received) VALUES (?, ?, ?, ?)
          ON CONFLICT DO NOTHING RETURNING id
          """, .text(tenant), .text(message.phoneNumberID), .text(message.id), .integer(now))
        if inserted.isEmpty {
          receipt.duplicates += 1
          continue
        }
        receipt.new += 1
        guard let intent = message.intent else { continue }
        let reply = OutboxReply(
          tenant: tenant, phoneNumberID: message.phoneNumberID, messageID: message.id, guest: message.guest,
          intent: intent, traceID: traceID, claimedBy: holder, dueNanoseconds: due)
        try reply.insert(in: writer)
        receipt.replies.append(reply)
      }
      return receipt
    }) { result in
      switch result {
      case .success(let receipt): self.outbox.added(receipt.replies)
      case .failure(let error): if error.kind == .connection { self.outbox.mayHaveAdded() }
      }
      done(result)
    }
    if posts.add(1, ordering: .relaxed).newValue % Self.forgetEvery == 0 {
      forget(before: now - Self.keptSeconds)
    }
  }

  /// Forgets some old ones: the table must not grow for ever.
  private func forget(before seconds: Int) {
    database.write({ (writer) throws(DatabaseError) in
      try writer.run(
        """
        DELETE FROM messages WHERE (tenant, phone_number_id, id) IN (
          SELECT tenant, phone_number_id, id FROM messages WHERE received < ? LIMIT 1000)
        """, .integer(seconds))
    }) { _ in }
  }
}
