// SPDX-License-Identifier: Apache-2.0
import Results
import Scenarios
import Transport

/// Which writes are still to be read back, in which order.
struct AuditQueue {
  /// One write to be read back.
  struct Ask {
    /// Index into the book.
    var write: Int
    var confirmations = 0
    var attempts = 0
    /// Good answers there had been when its first attempt failed.
    var goodBefore = 0
    /// Why the last attempt told nothing.
    var reason: String?
  }

  typealias Place = (scenario: Int, request: Int)

  /// Not asked yet, the last to be asked first.
  private var fresh: [Ask]
  /// To be asked again; from `head` on, in the order of their times.
  private var again: [(ask: Ask, due: MonotonicTime)] = []
  private var head = 0
  private let placeOfStep: [Place?]
  private let stepOfWrite: [UInt16]

  /// Acknowledged writes come first: if time runs out, those are what matters.
  init(_ book: LedgerBook, places: [String: Place]) {
    placeOfStep = book.stepNames.map { places[$0] }
    stepOfWrite = book.writes.map(\.step)
    var byOrder: [[Ask]] = [[], [], [], [], []]
    for (index, write) in book.writes.enumerated() where placeOfStep[Int(write.step)] != nil {
      let order =
        switch write.answer {
        case .acked: 0
        case .indeterminate: 1
        case .closing: 2
        case .closed: 3
        case .refused: 4
        }
      byOrder[order].append(Ask(write: index))
    }
    fresh = byOrder.flatMap(\.self).reversed()
  }

  var waiting: Int { fresh.count + again.count - head }
  var isEmpty: Bool { waiting == 0 }

  func place(of ask: Ask) -> Place? { placeOfStep[Int(stepOfWrite[ask.write])] }

  /// What may be asked now.
  mutating func next(at now: MonotonicTime) -> Ask? {
    if head < again.count, again[head].due <= now {
      head += 1
      let ask = again[head - 1].ask
      if head > 1024, head * 2 > again.count {
        again.removeFirst(head)
        head = 0
      }
      return ask
    }
    return fresh.popLast()
  }

  /// When something may be asked next; nil when nothing waits.
  var nextDue: MonotonicTime? {
    if !fresh.isEmpty { return MonotonicTime(nanoseconds: 0) }
    return head < again.count ? again[head].due : nil
  }

  /// The wait is the same for all, so that they stay in order.
  mutating func later(_ ask: Ask, at now: MonotonicTime, after nanoseconds: Int64) {
    again.append((ask, now.advanced(byNanoseconds: nanoseconds)))
  }

  /// Empties the queue; returns what was asked at least once.
  mutating func takeAsked() -> [Ask] {
    defer {
      fresh = []
      again = []
      head = 0
    }
    return again[head...].map(\.ask)
  }
}

extension LedgerBook.Write {
  /// Not what one would expect of a sound target: believed only when it is said again.
  func looksBad(found count: Int) -> Bool {
    switch answer {
    case .acked, .closing, .indeterminate: count != 1
    case .closed, .refused: count != 0
    }
  }
}

/// One connection that reads writes back, one after the other. Confined to the audit's queue.
final class LedgerReader {
  let exchange: Exchange
  var ask: AuditQueue.Ask?
  private(set) var journey: Journey?
  private let trace: TraceHeaders
  private var outgoing: [String: OutgoingRequest] = [:]
  private var journeys: [String: Journey] = [:]
  private var sent: UInt64 = 0

  init(_ exchange: Exchange, _ trace: TraceHeaders) {
    self.exchange = exchange
    self.trace = trace
  }

  func prepare(
    _ ask: AuditQueue.Ask, _ entry: LedgerEntry, _ scenario: ScenarioRun, _ request: Int, secrets: UnwrittenValues,
    timeoutNanoseconds: Int64
  ) throws {
    guard let read = scenario.program.requests[request].writes?.read?.request else { return }
    let journey = journeys[scenario.program.name] ?? Journey(scenario)
    journeys[scenario.program.name] = journey
    try journey.restore(entry.values, secrets, of: request)
    let outgoing = self.outgoing[scenario.program.requestNames[request]] ?? OutgoingRequest(trace)
    self.outgoing[scenario.program.requestNames[request]] = outgoing
    try outgoing.make(read, for: journey)
    sent += 1
    outgoing.trace(journey: UInt64(ask.write) + 1, request: UInt64(exchange.userIndex + 1) << 48 | 1 << 63 | sent)
    exchange.forgetCookies()
    exchange.prepare(
      method: outgoing.rendered.method, url: outgoing.rendered.url, headers: outgoing.headers, body: outgoing.body,
      timeoutNanoseconds: min(read.timeoutNanoseconds ?? .max, timeoutNanoseconds), keepBody: read.keepsBody,
      keepHeaders: read.keepsHeaders, maximumRedirects: read.maximumRedirects)
    self.ask = ask
    self.journey = journey
  }
}
