// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization
internal import Transport

/// A request of the hotel's own to another system.
struct Call: Sendable {
  var method = "GET"
  var url: String
  /// Lines "Name: value".
  var headers: [String] = []
  var body: [UInt8]?
  var timeoutMilliseconds: Int
  /// CLOCK_MONOTONIC: it is not sent before.
  var dueNanoseconds: Int64 = 0
  /// Asked when its turn has come, with CLOCK_MONOTONIC; where it may not be sent any more, nothing is.
  var mayStart: @Sendable (_ nowNanoseconds: Int64) -> Bool = { _ in true }
  /// Called once, on the caller's thread: it must not block.
  var done: @Sendable (CallOutcome) -> Void
}

enum CallOutcome: Sendable {
  case answered(status: Int, body: [UInt8])
  case failed
  /// `mayStart` did not want it.
  case notSent
}

/// Sends calls when they are due, over a few connections that stay open, all on one thread: whoever submits one never
/// waits, however slow the other system is.
// The loop and what hangs on it are confined to `queue`; what is shared stands in `inbox`, under a lock.
final class HTTPCaller: LoopOwner, @unchecked Sendable {
  private struct Inbox {
    var calls: [Call] = []
    /// Submitted and not yet done.
    var open = 0
  }

  private let queue: DispatchQueue
  private let loop: TransportLoop
  private let limit: Int
  private let inbox = Mutex(Inbox())
  private var waiting = DueHeap()
  private var idle: [Transport.Exchange] = []
  private var underway: [Call?]

  /// `limit`: the most calls taken at once, those that wait included.
  init(name: String, connections: Int, limit: Int) throws(StartError) {
    var settings = ConnectionSettings()
    settings.http = .http1
    settings.cookies = false
    settings.userAgent = "hotel/" + hotelVersion
    settings.bodyLimitBytes = 1 << 20
    self.limit = limit
    underway = Array(repeating: nil, count: connections)
    queue = DispatchQueue(label: "hotel.calls." + name)
    do throws(TransportError) {
      loop = try TransportLoop(settings: settings, connectionsPerMulti: connections)
      for index in 0..<connections {
        let exchange = try loop.makeExchange()
        exchange.userIndex = index
        idle.append(exchange)
      }
    } catch {
      throw StartError("calls to other systems cannot be made: \(error.text)")
    }
    // The loop ends with the process.
    queue.async { self.loop.run(owner: self) }
  }

  /// False when there are too many already; then nothing is sent and `done` is not called. On any thread.
  func submit(_ call: Call) -> Bool {
    let isTaken = inbox.withLock { inbox in
      guard inbox.open < limit else { return false }
      inbox.open += 1
      inbox.calls.append(call)
      return true
    }
    if isTaken { loop.waker.wake() }
    return isTaken
  }

  func turn(_ now: MonotonicTime) -> MonotonicTime {
    let calls = inbox.withLock { inbox in
      defer { inbox.calls.removeAll(keepingCapacity: true) }
      return inbox.calls
    }
    for call in calls { waiting.insert(call) }
    while let due = waiting.earliestNanoseconds, due <= now.nanoseconds, !idle.isEmpty {
      guard let call = waiting.removeEarliest(), let exchange = idle.popLast() else { break }
      guard call.mayStart(now.nanoseconds) else {
        idle.append(exchange)
        finish(call, .notSent)
        continue
      }
      underway[exchange.userIndex] = call
      exchange.prepare(
        method: call.method, url: Array(call.url.utf8), headers: call.headers.map { Array($0.utf8) }, body: call.body,
        timeoutNanoseconds: Int64(call.timeoutMilliseconds) * 1_000_000, keepBody: true, keepHeaders: false)
      loop.start(exchange)
    }
    // With every connection in use nothing is due before one of them is free, and that takes a turn by itself.
    return idle.isEmpty ? .distantFuture : MonotonicTime(nanoseconds: waiting.earliestNanoseconds ?? .max)
  }

  func ended(_ exchange: Transport.Exchange) {
    let call = underway[exchange.userIndex]
    underway[exchange.userIndex] = nil
    idle.append(exchange)
    guard let call else { return }
    let isAnswered = exchange.failure == nil
    finish(call, isAnswered ? .answered(status: exchange.status, body: Array(exchange.body)) : .failed)
  }

  private func finish(_ call: Call, _ outcome: CallOutcome) {
    inbox.withLock { $0.open -= 1 }
    call.done(outcome)
  }
}

/// Calls in the order in which they are due: a binary heap.
private struct DueHeap {
  private var calls: [Call] = []

  var earliestNanoseconds: Int64? { calls.first?.dueNanoseconds }

  mutating func insert(_ call: Call) {
    calls.append(call)
    var child = calls.count - 1
    while child > 0, calls[child].dueNanoseconds < calls[(child - 1) / 2].dueNanoseconds {
      calls.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeEarliest() -> Call? {
    guard let last = calls.popLast() else { return nil }
    guard let earliest = calls.first else { return last }
    calls[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < calls.count {
        if calls[child].dueNanoseconds < calls[least].dueNanoseconds { least = child }
      }
      if least == parent { return earliest }
      calls.swapAt(parent, least)
      parent = least
    }
  }
}
