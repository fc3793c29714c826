// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import Synchronization

/// Replies on their way to the Cloud API. They are rows of the database until the API has accepted them, so each is sent
/// at least once whatever happens to the process, and by one of the hotels that share the outbox; what was under way
/// when a process ended or lost the database may be sent twice.
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

  private struct Pending {
    var claimedBy: String
    var dueNanoseconds: Int64
  }

  private struct Memory {
    /// Replies in memory, until their end is in the database.
    var pending: [String: Pending] = [:]
    var ended: [(reply: OutboxReply, end: End)] = []
    /// Ends are being written, or rows fetched.
    var isTidying = false
    /// The database may hold replies that are claimed by this hotel and not in memory ...
    var mayHaveMore = false
    /// ... until then in any case. CLOCK_MONOTONIC.
    var unsureUntilNanoseconds: Int64 = 0
  }

  private let settings: Settings
  private let database: Database
  private let concierge: Concierge
  private let log: Log
  private let caller: HTTPCaller?
  private let lease: SenderLease
  private let queue = DispatchQueue(label: "hotel.outbox")
  private let memory = Mutex(Memory())
  /// New replies begun, for those that are lost or doubled on demand.
  private let numbered = Atomic<Int>(0)
  private let processed = Counter("messages_processed_total", "New messages of guests that get a reply.")
  private let calls = Counter(
    "whatsapp_messages_sent_total", "Calls to the Cloud API, by what came of them.", label: "result",
    values: ["accepted", "retried", "given_up"])

  /// Most replies held in memory; the others wait in the database.
  private static let window = 10_000
  /// Most rows claimed at once: more of them take too long for one statement.
  private static let claimLimit = 2_000
  private static let connections = 32
  /// About four minutes of trying.
  private static let attempts = 30

  /// Begins to send what earlier processes have left.
  init(settings: Settings, database: Database, concierge: Concierge, log: Log) throws(StartError) {
    self.settings = settings
    self.database = database
    self.concierge = concierge
    self.log = log
    lease = SenderLease(database)
    // Some room for those that are sent twice.
    caller =
      settings.cloudAPI == nil
      ? nil : try HTTPCaller(name: "cloud-api", connections: Self.connections, limit: 2 * Self.window)
    if caller != nil { lease.keep { self.renewed($0) } }
  }

  var delayNanoseconds: Int64 { Int64(settings.delayMilliseconds) * 1_000_000 }

  /// Who is to send a reply that is written down now.
  var holder: String { lease.holder }

  /// Takes over replies that have just been committed.
  func added(_ replies: [OutboxReply]) {
    processed.add(replies.count)
    let taken = memory.withLock { take(replies, &$0) }
    if !taken.isEmpty { queue.async { self.begin(taken, areNew: true) } }
  }

  /// What was to be added may be there or not, or come late: the database went away before it told.
  func mayHaveAdded() { memory.withLock { $0.unsureUntilNanoseconds = monotonicNanoseconds() + 60_000_000_000 } }

  /// Waits until all that can be sent by then has been, and leaves the rest to others. CLOCK_MONOTONIC.
  func drain(untilNanoseconds end: Int64) {
    guard caller != nil else { return }
    while monotonicNanoseconds() < end,
      memory.withLock({ $0.pending.values.contains { $0.dueNanoseconds < end } })
    { usleep(2_000) }
    lease.giveUp()
  }

  private func take(_ replies: [OutboxReply], _ memory: inout Memory) -> [OutboxReply] {
    let holder = lease.holder
    if holder.isEmpty { return [] }
    var taken: [OutboxReply] = []
    for reply in replies where reply.claimedBy == holder && memory.pending[reply.key]?.claimedBy != holder {
      if memory.pending.count >= Self.window {
        memory.mayHaveMore = true
        break
      }
      memory.pending[reply.key] = Pending(claimedBy: holder, dueNanoseconds: reply.dueNanoseconds)
      taken.append(reply)
    }
    return taken
  }

  /// Not sent and not to be sent from memory. Whoever has claimed it by then finds it in the database.
  private func drop(_ reply: OutboxReply) {
    memory.withLock { memory in
      if memory.pending[reply.key]?.claimedBy == reply.claimedBy { memory.pending[reply.key] = nil }
      memory.mayHaveMore = true
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
      ], body: body, timeoutMilliseconds: 10_000, dueNanoseconds: reply.dueNanoseconds,
      // Not when another hotel may have taken it over meanwhile.
      mayStart: { _ in self.lease.holder == reply.claimedBy }, done: done)
  }

  private func send(_ reply: OutboxReply, _ body: [UInt8], attempt: Int) {
    let call = call(reply, body) { outcome in
      let status: Int
      switch outcome {
      case .answered(let answered, _): status = answered
      case .failed: status = 0
      case .notSent: return self.drop(reply)
      }
      self.log.reply(reply, status: status, attempt: attempt)
      if (200..<300).contains(status) { return self.ended(reply, .sent) }
      let mayComeRight = status == 0 || status == 429 || status >= 500
      guard mayComeRight, attempt < Self.attempts else { return self.ended(reply, .givenUp) }
      var again = reply
      let pause = min(10_000, 200 << min(attempt - 1, 10)) * Int.random(in: 75...125) / 100
      again.dueNanoseconds = monotonicNanoseconds() + Int64(pause) * 1_000_000
      let isOurs = self.memory.withLock { memory in
        guard memory.pending[reply.key]?.claimedBy == reply.claimedBy else { return false }
        memory.pending[reply.key]?.dueNanoseconds = again.dueNanoseconds
        return true
      }
      guard isOurs else { return }
      self.calls.add(to: "retried")
      self.send(again, body, attempt: attempt + 1)
    }
    if caller?.submit(call) != true { drop(reply) }
  }

  // MARK: the database

  /// The lease goes on, maybe under another name: then what was claimed before is no longer ours.
  private func renewed(_ holder: String) {
    let hasRoom = memory.withLock { memory in
      memory.pending = memory.pending.filter { $0.value.claimedBy == holder }
      if monotonicNanoseconds() < memory.unsureUntilNanoseconds { memory.mayHaveMore = true }
      return memory.pending.count < Self.window / 2
    }
    tidy()
    guard hasRoom else { return }
    database.write({ (writer) throws(DatabaseError) -> Int in
      try writer.run(OutboxReply.claim, .text(holder), .integer(Self.claimLimit)).count
    }) { result in
      guard case .success(let claimed) = result, claimed > 0 else { return }
      self.memory.withLock { $0.mayHaveMore = true }
      self.tidy()
    }
  }

  private func ended(_ reply: OutboxReply, _ end: End) {
    if end == .sent { calls.add(to: "accepted") }
    if end == .givenUp { calls.add(to: "given_up") }
    memory.withLock { $0.ended.append((reply, end)) }
    tidy()
  }

  private enum Chore { case write([(reply: OutboxReply, end: End)]), fetch, none }

  /// Writes down what has ended and fetches what is only in the database, one after the other: a row that is fetched
  /// while its end is being written would be sent once more.
  private func tidy() {
    let mustBegin = memory.withLock { memory in
      defer { memory.isTidying = true }
      return !memory.isTidying
    }
    if mustBegin { nextChore() }
  }

  private func nextChore(afterSeconds seconds: Int = 0) {
    queue.asyncAfter(deadline: .now() + .seconds(seconds)) {
      let chore: Chore = self.memory.withLock { memory in
        if !memory.ended.isEmpty {
          defer { memory.ended = [] }
          return .write(memory.ended)
        }
        if memory.mayHaveMore, memory.pending.count < Self.window / 2, !self.lease.holder.isEmpty {
          memory.mayHaveMore = false
          return .fetch
        }
        memory.isTidying = false
        return .none
      }
      switch chore {
      case .write(let batch): self.write(batch)
      case .fetch: self.fetch()
      case .none: break
      }
    }
  }

  private func write(_ batch: [(reply: OutboxReply, end: End)]) {
    database.write({ (writer) throws(DatabaseError) in
      for (reply, end) in batch {
        try end == .givenUp ? reply.keepUnsent(in: writer) : reply.delete(in: writer)
      }
    }) { result in
      if case .failure = result {
        self.memory.withLock { $0.ended = batch + $0.ended }
        return self.nextChore(afterSeconds: 1)
      }
      self.memory.withLock { memory in
        for (reply, _) in batch where memory.pending[reply.key]?.claimedBy == reply.claimedBy {
          memory.pending[reply.key] = nil
        }
      }
      self.nextChore()
    }
  }

  private func fetch() {
    do throws(DatabaseError) {
      let holder = lease.holder
      let rows = try database.read { (reader) throws(DatabaseError) in
        try reader.run(OutboxReply.select, .text(holder), .integer(2 * Self.window))
      }
      let taken = memory.withLock { memory in
        if rows.count == 2 * Self.window { memory.mayHaveMore = true }
        return take(rows.compactMap { OutboxReply($0, claimedBy: holder) }, &memory)
      }
      begin(taken, areNew: false)
      nextChore()
    } catch {
      memory.withLock { $0.mayHaveMore = true }
      nextChore(afterSeconds: 1)
    }
  }

  /// Lines for /metrics. The depth is that of the database, whichever hotel sends; without one it is left out.
  var metricsText: String {
    let rows = try? database.read { (reader) throws(DatabaseError) in
      try reader.run("SELECT COUNT(*) FROM outbox WHERE given_up = 0")
    }
    let text = processed.text + calls.text
    guard let depth = rows?.first?.first?.integer else { return text }
    return text + Metrics.head("outbox_depth", "gauge", "Replies still to be sent.") + "outbox_depth \(depth)\n"
  }
}
