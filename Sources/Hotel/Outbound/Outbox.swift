// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import Synchronization

/// Replies on their way to the Cloud API. They are rows of the database until the API has accepted them, so each is sent
/// at least once whatever happens to the process; after a crash between the two it may be sent twice.
final class Outbox: Sendable {
  struct Settings: Sendable {
    /// Without it the replies stay where they are.
    var cloudAPI: String?
    var accessToken: String
    var delayMilliseconds = 0
    /// Of so many replies, one is sent twice. 0: none.
    var duplicateOneOf = 0
    /// Of so many replies, one is taken for sent without having been. 0: none.
    var loseOneOf = 0
  }

  private enum End { case sent, lost, givenUp }

  private struct Memory {
    /// Replies in memory, until their end is in the database, with the time of their next attempt.
    var dueByKey: [String: Int64] = [:]
    var ended: [(reply: OutboxReply, end: End)] = []
    var isWritingEnds = false
    /// The database may hold replies that are not in memory.
    var mayHaveMore = true
    /// Rows that are still to be sent.
    var depth = 0
    /// `depth` includes the rows that an earlier process has left.
    var isCounted = false
    var processed = 0
    var sent = 0
    var retried = 0
    var givenUp = 0
  }

  private let settings: Settings
  private let database: Database
  private let concierge: Concierge
  private let log: Log
  private let caller: HTTPCaller?
  private let queue = DispatchQueue(label: "hotel.outbox")
  private let memory = Mutex(Memory())
  /// New replies begun, for those that are lost or doubled on demand.
  private let numbered = Atomic<Int>(0)

  /// Most replies held in memory; the others wait in the database.
  private static let window = 10_000
  private static let connections = 32
  /// About four minutes of trying.
  private static let attempts = 30

  /// Begins to send what an earlier process has left.
  init(settings: Settings, database: Database, concierge: Concierge, log: Log) throws(StartError) {
    self.settings = settings
    self.database = database
    self.concierge = concierge
    self.log = log
    // Some room for those that are sent twice.
    caller =
      settings.cloudAPI == nil
      ? nil : try HTTPCaller(name: "cloud-api", connections: Self.connections, limit: 2 * Self.window)
    // Before anything is written where that is possible, else as soon as the database is there.
    try? countRows()
    refill()
  }

  var delayNanoseconds: Int64 { Int64(settings.delayMilliseconds) * 1_000_000 }

  /// Takes over replies that have just been committed.
  func added(_ replies: [OutboxReply]) {
    let taken = memory.withLock { memory in
      memory.depth += replies.count
      memory.processed += replies.count
      return take(replies, &memory)
    }
    if !taken.isEmpty { queue.async { self.begin(taken, areNew: true) } }
  }

  /// Waits until all that can be sent by then has been. CLOCK_MONOTONIC.
  func drain(untilNanoseconds end: Int64) {
    guard caller != nil else { return }
    while monotonicNanoseconds() < end, memory.withLock({ $0.dueByKey.values.contains { $0 < end } }) { usleep(2_000) }
  }

  private func take(_ replies: [OutboxReply], _ memory: inout Memory) -> [OutboxReply] {
    guard caller != nil else { return [] }
    var taken: [OutboxReply] = []
    for reply in replies where memory.dueByKey[reply.key] == nil {
      if memory.dueByKey.count >= Self.window {
        memory.mayHaveMore = true
        break
      }
      memory.dueByKey[reply.key] = reply.dueNanoseconds
      taken.append(reply)
    }
    return taken
  }

  /// Once, as soon as the database can be read.
  private func countRows() throws(DatabaseError) {
    if memory.withLock({ $0.isCounted }) { return }
    let rows = try database.read { (reader) throws(DatabaseError) in
      try reader.run("SELECT COUNT(*) FROM outbox WHERE given_up = 0")
    }
    memory.withLock { memory in
      memory.isCounted = true
      memory.depth = rows.first?.first?.integer ?? 0
    }
  }

  /// Fetches replies that are only in the database, when there is room for them.
  private func refill() {
    queue.async {
      do throws(DatabaseError) {
        try self.countRows()
        let isWanted = self.memory.withLock { memory in
          let isWanted = self.caller != nil && memory.mayHaveMore && memory.dueByKey.count < Self.window / 2
          if isWanted { memory.mayHaveMore = false }
          return isWanted
        }
        guard isWanted else { return }
        let rows = try self.database.read { (reader) throws(DatabaseError) in
          try reader.run(OutboxReply.select, .integer(2 * Self.window))
        }
        let replies = rows.compactMap { OutboxReply($0) }
        let taken = self.memory.withLock { memory in
          if replies.count == 2 * Self.window { memory.mayHaveMore = true }
          return self.take(replies, &memory)
        }
        self.begin(taken, areNew: false)
      } catch {
        self.memory.withLock { $0.mayHaveMore = true }
        self.queue.asyncAfter(deadline: .now() + .seconds(1)) { self.refill() }
      }
    }
  }

  // MARK: sending

  private func begin(_ replies: [OutboxReply], areNew: Bool) {
    for reply in replies {
      let number = areNew ? numbered.add(1, ordering: .relaxed).newValue : 1
      if areNew, settings.loseOneOf > 0, number % settings.loseOneOf == 0 {
        ended(reply, .lost)
        continue
      }
      let isDoubled = areNew && settings.duplicateOneOf > 0 && number % settings.duplicateOneOf == 0
      concierge.answer(reply.intent, tenant: reply.tenant, traceID: reply.traceID) { answer in
        let body = reply.body(text: answer.text)
        if isDoubled { _ = self.caller?.submit(self.call(reply, body) { _ in }) }
        self.send(reply, body, attempt: 1)
      }
    }
  }

  private func call(
    _ reply: OutboxReply, _ body: [UInt8], done: @escaping @Sendable (CallOutcome) -> Void
  ) -> Call {
    Call(
      method: "POST", url: "\(settings.cloudAPI ?? "")/v21.0/\(reply.phoneNumberID)/messages",
      headers: [
        "Content-Type: application/json", "Authorization: Bearer \(settings.accessToken)",
        "traceparent: 00-\(reply.traceID)-\(randomHex(bytes: 8))-01",
      ], body: body, timeoutMilliseconds: 10_000, dueNanoseconds: reply.dueNanoseconds, done: done)
  }

  private func send(_ reply: OutboxReply, _ body: [UInt8], attempt: Int) {
    let call = call(reply, body) { outcome in
      let status: Int
      switch outcome {
      case .answered(let answered, _): status = answered
      case .failed: status = 0
      }
      self.log.reply(reply, status: status, attempt: attempt)
      if (200..<300).contains(status) { return self.ended(reply, .sent) }
      let mayComeRight = status == 0 || status == 429 || status >= 500
      guard mayComeRight, attempt < Self.attempts else { return self.ended(reply, .givenUp) }
      var again = reply
      let pause = min(10_000, 200 << min(attempt - 1, 10)) * Int.random(in: 75...125) / 100
      again.dueNanoseconds = monotonicNanoseconds() + Int64(pause) * 1_000_000
      self.memory.withLock { memory in
        memory.retried += 1
        memory.dueByKey[reply.key] = again.dueNanoseconds
      }
      self.send(again, body, attempt: attempt + 1)
    }
    if caller?.submit(call) != true {
      memory.withLock { memory in
        memory.dueByKey[reply.key] = nil
        memory.mayHaveMore = true
      }
    }
  }

  // MARK: the database

  private func ended(_ reply: OutboxReply, _ end: End) {
    let mustBegin = memory.withLock { memory in
      if end == .sent { memory.sent += 1 }
      if end == .givenUp { memory.givenUp += 1 }
      memory.ended.append((reply, end))
      defer { memory.isWritingEnds = true }
      return !memory.isWritingEnds
    }
    if mustBegin { writeEnds() }
  }

  /// One write for all that have ended since the last, until there is none.
  private func writeEnds() {
    let batch = memory.withLock { memory in
      defer { memory.ended = [] }
      if memory.ended.isEmpty { memory.isWritingEnds = false }
      return memory.ended
    }
    if batch.isEmpty { return refill() }
    database.write({ (writer) throws(DatabaseError) in
      for (reply, end) in batch {
        try end == .givenUp ? reply.keepUnsent(in: writer) : reply.delete(in: writer)
      }
    }) { error in
      self.memory.withLock { memory in
        if error != nil {
          memory.ended = batch + memory.ended
        } else {
          memory.depth -= batch.count
          for (reply, _) in batch { memory.dueByKey[reply.key] = nil }
        }
      }
      if error == nil { return self.writeEnds() }
      self.queue.asyncAfter(deadline: .now() + .seconds(1)) { self.writeEnds() }
    }
  }

  /// Lines for /metrics.
  var metricsText: String {
    let (depth, processed, sent, retried, givenUp) = memory.withLock {
      ($0.depth, $0.processed, $0.sent, $0.retried, $0.givenUp)
    }
    return Metrics.head("messages_processed_total", "counter", "New messages of guests that get a reply.")
      + "messages_processed_total \(processed)\n"
      + Metrics.head("whatsapp_messages_sent_total", "counter", "Calls to the Cloud API, by what came of them.")
      + "whatsapp_messages_sent_total{result=\"accepted\"} \(sent)\n"
      + "whatsapp_messages_sent_total{result=\"retried\"} \(retried)\n"
      + "whatsapp_messages_sent_total{result=\"given_up\"} \(givenUp)\n"
      + Metrics.head("outbox_depth", "gauge", "Replies still to be sent.") + "outbox_depth \(depth)\n"
  }
}
