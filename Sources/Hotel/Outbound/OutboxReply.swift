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
      PRIMARY KEY (tenant, phone_number_id, message_id))
    """,
    "CREATE INDEX IF NOT EXISTS outbox_due ON outbox (given_up, due)",
  ]

  /// The rows that are to be sent, those due first; takes the most that are wanted.
  static let select = """
    SELECT tenant, phone_number_id, message_id, guest, intent, trace_id, due FROM outbox WHERE given_up = 0
    ORDER BY due LIMIT ?
    """

  private static let ofReply = " WHERE tenant = ? AND phone_number_id = ? AND message_id = ?"

  /// From a row of `select`.
  init?(_ row: [SQLValue]) {
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
    dueNanoseconds = monotonicNanoseconds() + max(0, Int64(due) - wallMilliseconds()) * 1_000_000
  }

  func insert(in writer: any SQLConnection) throws(DatabaseError) {
    let due = wallMilliseconds() + (dueNanoseconds - monotonicNanoseconds()) / 1_000_000
    try writer.run(
      """
      INSERT INTO outbox (tenant, phone_number_id, message_id, guest, intent, trace_id, due, given_up)
      VALUES (?, ?, ?, ?, ?, ?, ?, 0)
      """, .text(tenant), .text(phoneNumberID), .text(messageID), .text(guest), .text(intent.rawValue),
      .text(traceID), .integer(Int(due)))
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
