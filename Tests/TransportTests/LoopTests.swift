// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct LoopTests {
  @Test func cancelInFlight() throws {
    let server = try TestServer { $0.path == "/slow" ? .neverAnswers : .answer() }
    let loop = try TransportLoop(settings: ConnectionSettings())
    let slow = try (0..<10).map { _ in try loop.makeExchange() }
    let quick = try loop.makeExchange()
    for exchange in slow {
      exchange.prepare("\(server.url)/slow")
      loop.start(exchange)
    }
    loop.run(owner: Pause(loop, nanoseconds: 50_000_000))
    #expect(server.waitUntil { $0.requestsByPath["/slow"] == 10 })
    for exchange in slow { loop.cancel(exchange) }
    for exchange in slow { loop.cancel(exchange) }
    #expect(loop.openConnections == 0)
    #expect(server.waitUntil { $0.connectionsOpen == 0 })
    // No callback follows, and each can be used again.
    for exchange in slow { exchange.prepare("\(server.url)/quick") }
    quick.prepare("\(server.url)/quick")
    #expect(Round(loop, slow + [quick]).run())
    #expect(slow.allSatisfy { $0.failure == nil && $0.status == 200 })
  }

  /// Cancelling, retiring and starting from inside `ended`, also of exchanges whose end is next in the same batch.
  @Test func ownerActsInsideEnded() throws {
    let server = try TestServer(always: .answer())
    let loop = try TransportLoop(settings: ConnectionSettings(), connectionsPerMulti: 4)
    let exchanges = try (0..<40).map { _ in try loop.makeExchange() }
    for exchange in exchanges { exchange.prepare(server.url) }
    var cancelled: Set<ObjectIdentifier> = []
    var endedTwice = 0
    var seen: Set<ObjectIdentifier> = []
    let owner = Actions(loop, exchanges) { exchange in
      if cancelled.contains(ObjectIdentifier(exchange)) { Issue.record("ended after it was cancelled") }
      if !seen.insert(ObjectIdentifier(exchange)).inserted { endedTwice += 1 }
      for other in exchanges where !seen.contains(ObjectIdentifier(other)) {
        if cancelled.insert(ObjectIdentifier(other)).inserted {
          loop.cancel(other)
          break
        }
      }
      loop.retire(exchange)
      return seen.count + cancelled.count >= 40
    }
    loop.run(owner: owner)
    #expect(endedTwice == 0)
    #expect(seen.count + cancelled.count == 40)
    #expect(seen.isDisjoint(with: cancelled))
    for exchange in exchanges { loop.retire(exchange) }
    let fresh = try loop.makeExchange()
    #expect(loop.send(fresh, server.url) && fresh.failure == nil)
  }

  /// A refused request ends like others, but never from inside `start`: an owner that starts from `ended` would recurse.
  @Test func refusalsDoNotRecurse() throws {
    let loop = try TransportLoop(settings: .with { $0.allowedHosts = [] })
    let exchange = try loop.makeExchange()
    exchange.prepare("http://127.0.0.1:1/")
    var left = 10_000
    let owner = Actions(loop, [exchange]) { exchange in
      left -= 1
      if left > 0 { loop.start(exchange) }
      return left == 0
    }
    loop.run(owner: owner)
    #expect(left == 0 && exchange.failure == .hostNotAllowed)
  }

  @Test func wakeAndStopFromAnotherThread() throws {
    let loop = try TransportLoop(settings: ConnectionSettings())
    let mailbox = Mailbox()
    let waker = loop.waker
    let owner = MailboxOwner(loop, until: 1_000) { mailbox.takeAll() }
    let threads = (0..<4).map { part in
      Thread {
        for value in 0..<250 {
          mailbox.put(part * 250 + value)
          waker.wake()
          if value % 50 == 0 { usleep(1_000) }
        }
      }
    }
    for thread in threads { thread.start() }
    loop.run(owner: owner)
    #expect(Set(owner.received).count == 1_000)
  }

  /// With nothing to do the loop sleeps: it takes hardly a turn, and accounts for the time as waiting.
  @Test func sleepsUntilDue() throws {
    let loop = try TransportLoop(settings: ConnectionSettings())
    let start = MonotonicTime.now()
    loop.run(owner: Pause(loop, nanoseconds: 100_000_000))
    let took = MonotonicTime.now().nanoseconds(since: start)
    #expect(took >= 100_000_000)
    #expect(loop.turns < 10)
    #expect(loop.waitingNanoseconds >= 90_000_000 && loop.waitingNanoseconds <= took)
  }

  @Test func connectionsAreCounted() throws {
    let server = try TestServer(always: .answer())
    var loop: TransportLoop? = try TransportLoop(settings: ConnectionSettings(), connectionsPerMulti: 8)
    let exchanges = try (0..<50).map { _ in try loop!.makeExchange() }
    for exchange in exchanges { exchange.prepare(server.url) }
    #expect(Round(loop!, exchanges).run())
    #expect(loop!.openConnections == server.observed.connectionsOpen)
    #expect(loop!.connectionsOpened == server.observed.connectionsAccepted)
    // The loop takes its connections with it, even while exchanges are still held.
    loop = nil
    #expect(server.waitUntil { $0.connectionsOpen == 0 })
    #expect(exchanges[0].status == 200)
  }

  @Test func serverKilledUnderLoad() throws {
    let server = try TestServer { $0.sequence == 500 ? Reply([.killServer]) : .answer() }
    let loop = try TransportLoop(settings: ConnectionSettings())
    let exchanges = try (0..<50).map { _ in try loop.makeExchange() }
    for exchange in exchanges { exchange.prepare(server.url) }
    var failures: [TransportFailure: Int] = [:]
    let round = Round(loop, exchanges, expecting: 1_000) { exchange, round in
      if let failure = exchange.failure { failures[failure, default: 0] += 1 }
      if round.ended.count <= 950 { loop.start(exchange) }
    }
    #expect(round.run())
    #expect(Set(failures.keys).isSubset(of: [.connectRefused, .reset, .emptyReply]), "\(failures)")
    #expect(failures[.connectRefused, default: 0] > 300)
  }
}

private final class Actions: LoopOwner {
  private let loop: TransportLoop
  private var waiting: [Exchange]
  private let end = MonotonicTime.now().advanced(byNanoseconds: 10_000_000_000)
  private let act: (Exchange) -> Bool

  /// `act` gets each ended exchange; true stops the loop.
  init(_ loop: TransportLoop, _ exchanges: [Exchange], act: @escaping (Exchange) -> Bool) {
    self.loop = loop
    waiting = exchanges
    self.act = act
  }

  func turn(_ now: MonotonicTime) -> MonotonicTime {
    for exchange in waiting { loop.start(exchange) }
    waiting.removeAll()
    if now >= end { loop.stop() }
    return end
  }

  func ended(_ exchange: Exchange) { if act(exchange) { loop.stop() } }
}

private final class MailboxOwner: LoopOwner {
  private let loop: TransportLoop
  private let count: Int
  private let fetch: () -> [Int]
  private let end = MonotonicTime.now().advanced(byNanoseconds: 10_000_000_000)
  private(set) var received: [Int] = []

  init(_ loop: TransportLoop, until count: Int, fetch: @escaping () -> [Int]) {
    self.loop = loop
    self.count = count
    self.fetch = fetch
  }

  func turn(_ now: MonotonicTime) -> MonotonicTime {
    received += fetch()
    if received.count >= count || now >= end { loop.stop() }
    return end
  }

  func ended(_ exchange: Exchange) {}
}

/// A lock the thread sanitizer knows, unlike `Mutex`.
private final class Mailbox: @unchecked Sendable {
  // `values` is guarded by `lock`.
  private let lock = NSLock()
  private var values: [Int] = []

  func put(_ value: Int) { lock.withLock { values.append(value) } }

  func takeAll() -> [Int] {
    lock.withLock {
      defer { values.removeAll() }
      return values
    }
  }
}
