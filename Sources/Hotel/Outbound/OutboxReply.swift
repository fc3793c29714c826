// SPDX-License-Identifier: Apache-2.0

/// A reply that a guest is still to get, and the row that it is.
struct OutboxReply: Sendable {
  var tenant: String
  var phoneNumberID: String
  /// The message it answers.
  var messageID: String
  var guest: String
  var intent: Intent
  var traceID: String
  /// Which hotel sends it, as `SenderLease` names it; empty: nobody yet.
  var claimedBy: String
  /// CLOCK_MONOTONIC: it is sent then, not before.
  var dueNanoseconds: Int64

  /// Differs from that of every other reply.
  var key: String { tenant + " " + phoneNumberID + " " + messageID }

  /// The message as the Cloud API takes it.
  func body(text: String) -> [UInt8] {
    let message: JSONText = [
      "messaging_product": "whatsapp", "recipient_type": "individual", "to": .text(guest), "type": "text",
      "context": ["message_id": .text(messageID)], "text": ["body": .text(text)],
    ]
    return message.bytes
  }
}

extension OutboxReply {
  /// `due` in milliseconds since 1970, since the monotonic clock does not outlive the machine's run.
  static let schema = [
    """
    CREATE TABLE IF NOT EXISTS outbox (
      tenant TEXT NOT NULL, phone_number_id TEXT NOT NULL, message_id TEXT NOT NULL, guest TEXT NOT NULL,
      intent TEXT NOT NULL, trace_id TEXT NOT NULL, due BIGINT NOT NULL, given_up BIGINT NOT NULL,
      claimed_by TEXT NOT NULL, PRIMARY KEY (tenant, phone_number_id, message_id))
    """,
    "CREATE INDEX IF NOT EXISTS outbox_due ON outbox (given_up, claimed_by, due)",
  ]

  /// The rows that are to be sent, those due first; takes who has claimed them, and the most that are wanted.
  static let select = """
    SELECT tenant, phone_number_id, message_id, guest, intent, trace_id, due FROM outbox
    WHERE given_up = 0 AND claimed_by = ? ORDER BY due LIMIT ?
    """

  /// Claims rows that are nobody's, those due first; takes for whom, and the most that are wanted. Of two hotels that
  /// want the same row at the same time, the second finds it claimed by another than it had seen, and leaves it.
  static let claim = """
    UPDATE outbox SET claimed_by = ? FROM (
      SELECT tenant, phone_number_id, message_id, claimed_by FROM outbox
      WHERE given_up = 0 AND claimed_by NOT IN (SELECT id FROM senders) ORDER BY due LIMIT ?) AS free
    WHERE outbox.tenant = free.tenant AND outbox.phone_number_id = free.phone_number_id
      AND outbox.message_id = free.message_id AND outbox.claimed_by = free.claimed_by
    RETURNING given_up
    """

  private static let ofReply = " WHERE tenant = ? AND phone_number_id = ? AND message_id = ?"

  /// From a row of `select`.
  init?(_ row: [SQLValue], claimedBy: String) {
    guard let tenant = row[0].text, let phoneNumberID = row[1].text, let messageID = row[2].text,
      let guest = row[3].text, let intent = row[4].text.flatMap(Intent.init(rawValue:)), let traceID = row[5].text,
      let due = row[6].integer
    else { return nil }
    self.tenant = tenant
    self.phoneNumberID = phoneNumberID
    self.messageID = messageID
    self.guest = guest
    self.intent = intent
    self.traceID = traceID
    self.claimedBy = claimedBy
    dueNanoseconds = monotonicNanoseconds() + max(0, Int64(due) - wallMilliseconds()) * 1_000_000
  }

  func insert(in writer: any SQLConnection) throws(DatabaseError) {
    let due = wallMilliseconds() + (dueNanoseconds - monotonicNanoseconds()) / 1_000_000
    try writer.run(
      """
      INSERT INTO outbox (tenant, phone_number_id, message_id, guest, intent, trace_id, due, claimed_by, given_up)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)
      """, .text(tenant), .text(phoneNumberID), .text(messageID), .text(guest), .text(intent.rawValue),
      .text(traceID), .integer(Int(due)), .text(claimedBy))
  }

  func delete(in writer: any SQLConnection) throws(DatabaseError) {
    try writer.run("DELETE FROM outbox" + Self.ofReply, .text(tenant), .text(phoneNumberID), .text(messageID))
  }

  /// For people to look at; it is not sent any more.
  func keepUnsent(in writer: any SQLConnection) throws(DatabaseError) {
    try writer.run(
      "UPDATE outbox SET given_up = 1" + Self.ofReply, .text(tenant), .text(phoneNumberID), .text(messageID))
  }
}
