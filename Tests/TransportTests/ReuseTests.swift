// SPDX-License-Identifier: Apache-2.0
import TestServers
import Testing
import Transport

/// Whose connections are used, for how long, and what becomes of them.
@Suite(.timeLimit(.minutes(1))) struct ReuseTests {
  @Test(arguments: ConnectionSettings.Reuse.allCases) func policies(_ reuse: ConnectionSettings.Reuse) throws {
    let server = try TestServer(always: .answer())
    let loop = try TransportLoop(settings: .with { $0.reuse = reuse })
    let exchanges = try (0..<4).map { _ in try loop.makeExchange() }
    // One after the other: a pool needs one connection, journeys one each, no reuse one per request.
    for _ in 0..<3 {
      for exchange in exchanges { #expect(loop.send(exchange, server.url) && exchange.failure == nil) }
    }
    let expected = reuse == .pool ? 1 : reuse == .journey ? 4 : 12
    #expect(server.observed.connectionsAccepted == expected)
    #expect(loop.connectionsOpened == expected)
    #expect(loop.openConnections == (reuse == .none ? 0 : expected))
    // A new journey begins.
    exchanges[0].dropConnection()
    #expect(loop.openConnections == (reuse == .pool ? 1 : reuse == .journey ? 3 : 0))
    #expect(loop.send(exchanges[0], server.url))
    #expect(server.observed.connectionsAccepted == (reuse == .pool ? 1 : expected + 1))
    for exchange in exchanges { loop.retire(exchange) }
    if reuse == .journey { #expect(loop.openConnections == 0) }
  }

  @Test func journeysKeepTheirOwnConnection() throws {
    let server = try TestServer { .answer(body: "\($0.connection)") }
    let loop = try TransportLoop(settings: .with { $0.reuse = .journey })
    let exchanges = try (0..<8).map { _ in try loop.makeExchange() }
    var own: [String] = []
    for round in 0..<5 {
      for exchange in exchanges { exchange.prepare(server.url) }
      #expect(Round(loop, round.isMultiple(of: 2) ? exchanges : exchanges.reversed()).run())
      let now = exchanges.map(\.bodyText)
      if round == 0 { own = now }
      #expect(now == own)
    }
    #expect(Set(own).count == 8)
  }

  /// A hundred exchanges at once over four multi handles: no more connections than exchanges, however often.
  @Test func poolsAreBounded() throws {
    let server = try TestServer(always: .answer().delayed(milliseconds: 2))
    let loop = try TransportLoop(settings: ConnectionSettings(), connectionsPerMulti: 25)
    let exchanges = try (0..<100).map { _ in try loop.makeExchange() }
    for _ in 0..<10 {
      for exchange in exchanges { exchange.prepare(server.url) }
      #expect(Round(loop, exchanges).run())
      #expect(exchanges.allSatisfy { $0.failure == nil && $0.status == 200 })
    }
    #expect(server.observed.requestCount == 1_000)
    #expect(server.observed.connectionsAccepted <= 100)
  }

  /// A socket the server closed while idle stays readable for ever: it must be taken out, not looked at in each turn.
  @Test func closedIdleConnectionsDoNotSpin() throws {
    let server = try TestServer(
      .ipv4(), settings: ServerSettings(closesIdleAfterMilliseconds: 30), handler: { _ in .answer() })
    let loop = try TransportLoop(settings: ConnectionSettings())
    let exchanges = try (0..<20).map { _ in try loop.makeExchange() }
    for exchange in exchanges { exchange.prepare(server.url) }
    #expect(Round(loop, exchanges).run())
    let opened = loop.connectionsOpened
    #expect(server.waitUntil { $0.connectionsOpen == 0 })
    let before = loop.turns
    let pause = Pause(loop, nanoseconds: 300_000_000)
    loop.run(owner: pause)
    #expect(loop.turns - before <= opened + 10)
    #expect(loop.connectionsDisarmed == opened)
    // The dead connections are found out before anything is sent on them.
    for exchange in exchanges { exchange.prepare(server.url, method: "POST", body: "x") }
    #expect(Round(loop, exchanges).run())
    #expect(exchanges.allSatisfy { $0.failure == nil })
    #expect(server.observed.requestCount == 40)
  }

  @Test(arguments: [ServerSettings.Closing.afterEachAnswer, .afterEachAnswerSilently])
  func closedAfterEachAnswer(_ closing: ServerSettings.Closing) throws {
    let server = try TestServer(.ipv4(), settings: ServerSettings(closing: closing), handler: { _ in .answer() })
    let loop = try TransportLoop(settings: ConnectionSettings())
    let exchange = try loop.makeExchange()
    for _ in 0..<20 {
      #expect(loop.send(exchange, server.url))
      #expect(exchange.failure == nil, "\(exchange.errorText)")
      #expect(server.waitUntil { $0.connectionsOpen == 0 })
    }
    #expect(server.observed.connectionsAccepted == 20)
  }

  /// Two thousand requests, each on its own connection, forty at a time: descriptor numbers come back at once, and an
  /// event or a wish of the last owner must never reach the next.
  @Test(arguments: [ServerSettings.Closing.afterEachAnswer, .afterEachAnswerSilently, .byClient])
  func churn(_ closing: ServerSettings.Closing) throws {
    let server = try TestServer(
      .ipv4(), settings: ServerSettings(closing: closing, captureLimit: 0),
      handler: { $0.sequence % 7 == 3 ? .resetsAfterHeaders : .answer(body: String($0.target.dropFirst())) })
    let loop = try TransportLoop(
      settings: .with { $0.reuse = closing == .byClient ? .none : .pool }, connectionsPerMulti: 10)
    let exchanges = try (0..<40).map { _ in try loop.makeExchange() }
    var sent = 0
    func prepareNext(_ exchange: Exchange) {
      exchange.userIndex = sent
      exchange.prepare("\(server.url)/\(sent)")
      sent += 1
    }
    for exchange in exchanges { prepareNext(exchange) }
    var answered = 0
    var broken = 0
    let round = Round(loop, exchanges, expecting: 2_000) { exchange, _ in
      if exchange.failure == nil {
        answered += 1
        #expect(exchange.bodyText == "\(exchange.userIndex)")
      } else {
        broken += 1
        #expect(exchange.failure == .reset || exchange.failure == .partialBody, "\(exchange.errorText)")
      }
      if sent < 2_000 {
        prepareNext(exchange)
        loop.start(exchange)
      }
    }
    #expect(round.run())
    #expect(answered + broken == 2_000)
    #expect(broken > 200 && broken < 400)
    #expect(server.waitUntil { $0.connectionsOpen <= loop.openConnections })
  }

  /// A kept connection that dies under a request without a byte of an answer: libcurl would send it again. A read may be,
  /// and that is counted; a write is a failure, since it may have happened.
  @Test(arguments: ["GET", "POST", "DELETE"]) func deadUnderRequest(_ method: String) throws {
    let server = try TestServer { $0.sequence == 1 ? .resetsBeforeHeaders : .answer() }
    let loop = try TransportLoop(settings: ConnectionSettings())
    let exchange = try loop.makeExchange()
    #expect(loop.send(exchange, server.url) && exchange.failure == nil)
    #expect(loop.send(exchange, server.url, method: method, body: method == "POST" ? "book" : nil))
    if method == "GET" {
      #expect(exchange.failure == nil && exchange.resends == 1)
      #expect(server.observed.requestCount == 3)
    } else {
      #expect(exchange.failure == .reset, "\(exchange.errorText)")
      #expect(server.observed.requestCount == 2)
    }
  }

  @Test func cookiesBelongToTheExchange() throws {
    let server = try TestServer {
      .answer(headers: [("Set-Cookie", "session=\($0.path.dropFirst())")], body: $0.header("Cookie") ?? "none")
    }
    let loop = try TransportLoop(settings: ConnectionSettings())
    let one = try loop.makeExchange()
    let two = try loop.makeExchange()
    #expect(loop.send(one, "\(server.url)/a") && one.bodyText == "none")
    #expect(loop.send(two, "\(server.url)/b") && two.bodyText == "none")
    #expect(loop.send(one, "\(server.url)/a") && one.bodyText == "session=a")
    #expect(loop.send(two, "\(server.url)/b") && two.bodyText == "session=b")
    one.forgetCookies()
    #expect(loop.send(one, "\(server.url)/c") && one.bodyText == "none")
    #expect(loop.send(two, "\(server.url)/b") && two.bodyText == "session=b")
    #expect(loop.send(one, "\(server.url)/d") && one.bodyText == "session=c")
    let without = try TransportLoop(settings: .with { $0.cookies = false })
    let third = try without.makeExchange()
    for _ in 0..<2 { #expect(without.send(third, "\(server.url)/e") && third.bodyText == "none") }
  }
}

/// Lets a loop run for so long without asking it for anything.
final class Pause: LoopOwner {
  private let loop: TransportLoop
  private let end: MonotonicTime

  init(_ loop: TransportLoop, nanoseconds: Int64) {
    self.loop = loop
    end = .now().advanced(byNanoseconds: nanoseconds)
  }

  func turn(_ now: MonotonicTime) -> MonotonicTime {
    if now >= end { loop.stop() }
    return end
  }

  func ended(_ exchange: Exchange) {}
}
