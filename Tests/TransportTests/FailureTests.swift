// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestServers
import Testing
import Transport

@Suite(.timeLimit(.minutes(1))) struct FailureTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let reply: Reply
    let expected: TransportFailure
    var milliseconds = 5_000
    var keep = true
    var testDescription: String { name }
  }

  static let hostile: [Case] = [
    Case(name: "never answers", reply: .neverAnswers, expected: .timeout, milliseconds: 200),
    Case(name: "garbage", reply: .garbage, expected: .protocolError),
    Case(name: "endless headers", reply: .endlessHeaders, expected: .headersTooLarge),
    Case(name: "endless headers, discarded", reply: .endlessHeaders, expected: .headersTooLarge, keep: false),
    Case(name: "endless header line", reply: .endlessHeaderLine, expected: .headersTooLarge),
    Case(name: "endless interim answers", reply: .endlessInformational, expected: .headersTooLarge),
    Case(name: "endless body", reply: .endlessBody, expected: .bodyTooLarge),
    Case(name: "endless body, discarded", reply: .endlessBody, expected: .bodyTooLarge, keep: false),
    Case(name: "endless chunks", reply: .endlessChunks, expected: .bodyTooLarge),
    Case(name: "half a body", reply: .halfBody, expected: .partialBody),
    Case(name: "half a body, silence", reply: .halfBodyThenSilence, expected: .timeout, milliseconds: 200),
    Case(name: "closes without an answer", reply: .closesWithoutAnswer, expected: .emptyReply),
    Case(name: "resets before headers", reply: .resetsBeforeHeaders, expected: .reset),
    Case(name: "resets after headers", reply: .resetsAfterHeaders, expected: .reset),
    // libcurl takes a length it cannot hold for an unknown one, and reads to the end of the connection.
    Case(name: "absurd length, then silence", reply: .absurdContentLength, expected: .timeout, milliseconds: 200),
    Case(name: "huge length, then silence", reply: .hugeContentLength, expected: .timeout, milliseconds: 200),
    Case(name: "negative length", reply: .negativeContentLength, expected: .protocolError),
    Case(name: "length in words", reply: .wordContentLength, expected: .protocolError),
    Case(name: "chunk size not hexadecimal", reply: .chunkSizeNotHexadecimal, expected: .protocolError),
    Case(name: "chunk size overflows", reply: .chunkSizeOverflows, expected: .protocolError),
    Case(name: "chunk cut short", reply: .chunkCutShort, expected: .partialBody),
    Case(name: "no last chunk", reply: .chunksWithoutLast, expected: .partialBody),
    Case(
      name: "HTTP/0.9", reply: .raw("hello, this is plain text"), expected: .protocolError),
    Case(
      name: "broken gzip", reply: .answer(headers: [("Content-Encoding", "gzip")], body: "not gzip at all"),
      expected: .protocolError),
  ]

  @Test(arguments: hostile) func namesWhatAServerDid(_ one: Case) throws {
    let server = try TestServer(always: one.reply)
    let settings = ConnectionSettings.with {
      $0.bodyLimitBytes = 100_000
      $0.discardLimitBytes = 1_000_000
      $0.compression = true
    }
    let loop = try TransportLoop(settings: settings)
    let exchange = try loop.makeExchange()
    exchange.prepare("\(server.url)/", milliseconds: one.milliseconds, keep: one.keep)
    #expect(Round(loop, [exchange]).run())
    #expect(exchange.failure == one.expected, "\(exchange.errorText)")
    #expect(!exchange.errorText.isEmpty)
    #expect(exchange.body.count <= 100_000)
    #expect(exchange.headerBytes.count <= settings.headerLimitBytes)
    #expect(exchange.endedAt > exchange.startedAt)
  }

  /// What one failure leaves behind (an errno, a text) must not name the next.
  @Test func oneExchangeMeetsAllInTurn() throws {
    let cases = FailureTests.hostile
    let server = try TestServer { request in cases[Int(request.path.dropFirst()) ?? 0].reply }
    let settings = ConnectionSettings.with {
      $0.bodyLimitBytes = 100_000
      $0.discardLimitBytes = 1_000_000
      $0.compression = true
    }
    let loop = try TransportLoop(settings: settings)
    let exchange = try loop.makeExchange()
    for (index, one) in cases.enumerated() {
      exchange.prepare("http://127.0.0.1:1/")
      #expect(Round(loop, [exchange]).run())
      #expect(exchange.failure == .connectRefused)
      exchange.prepare("\(server.url)/\(index)", milliseconds: one.milliseconds, keep: one.keep)
      #expect(Round(loop, [exchange]).run())
      #expect(exchange.failure == one.expected, "\(one.name): \(exchange.errorText)")
    }
  }

  @Test func refused() throws {
    let server = try TestServer(always: .answer())
    let url = server.url
    server.stop()
    let loop = try TransportLoop(settings: ConnectionSettings())
    let exchange = try loop.makeExchange()
    #expect(loop.send(exchange, url))
    #expect(exchange.failure == .connectRefused)
    #expect(exchange.status == 0)
  }

  /// A backlog that is full swallows what comes: the kernel answers nothing at all.
  @Test(arguments: [false, true]) func connectTimeout(_ byTotal: Bool) throws {
    let listener = try FullListener()
    defer { listener.close() }
    let settings = ConnectionSettings.with { $0.connectTimeout = .milliseconds(byTotal ? 5_000 : 150) }
    let loop = try TransportLoop(settings: settings)
    let exchange = try loop.makeExchange()
    exchange.prepare("http://127.0.0.1:\(listener.port)/", milliseconds: byTotal ? 150 : 5_000)
    #expect(Round(loop, [exchange]).run())
    #expect(exchange.failure == .connectTimeout, "\(exchange.errorText)")
    #expect(exchange.endedAt.nanoseconds(since: exchange.startedAt) < 4_000_000_000)
  }

  @Test func unknownName() throws {
    let loop = try TransportLoop(settings: ConnectionSettings())
    let exchange = try loop.makeExchange()
    #expect(loop.send(exchange, "http://no-such-host.invalid/"))
    #expect(exchange.failure == .nameLookup)
  }

  @Test func silentTLS() throws {
    let server = try TestServer(always: .answer())
    let loop = try TransportLoop(settings: ConnectionSettings())
    let exchange = try loop.makeExchange()
    // The server waits for the end of a request that the client's greeting does not contain.
    exchange.prepare(server.url.replacing("http:", with: "https:"), milliseconds: 200)
    #expect(Round(loop, [exchange]).run())
    #expect(exchange.failure == .connectTimeout, "\(exchange.errorText)")
  }

  /// Each connection takes a descriptor: with none left, it is the generator that failed.
  @Test func outOfDescriptors() async throws {
    await #expect(processExitsWith: .success) {
      let server = try TestServer(always: .answer())
      let loop = try TransportLoop(settings: ConnectionSettings())
      let exchange = try loop.makeExchange()
      let used = open("/dev/null", O_RDONLY)
      var limit = rlimit(rlim_cur: rlim_t(used + 1), rlim_max: rlim_t(used + 1))
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      #expect(loop.send(exchange, server.url))
      #expect(exchange.failure == .generator, "\(exchange.errorText)")
    }
  }

  @Test func unusableRequestsEndWithoutBeingSent() throws {
    let server = try TestServer(always: .answer())
    let loop = try TransportLoop(settings: ConnectionSettings())
    let exchange = try loop.makeExchange()
    let attempts: [(method: String, url: String, header: String, expected: TransportFailure)] = [
      ("GET", "not a url", "A: b", .other),
      ("GET", "ftp://127.0.0.1/", "A: b", .hostNotAllowed),
      ("GET", "file:///etc/passwd", "A: b", .hostNotAllowed),
      ("GET", "\(server.url)/\u{0}", "A: b", .other),
      ("GET", "\(server.url)/", "A: b\r\nHost: elsewhere", .other),
      ("GET", "\(server.url)/", "no colon", .other),
      ("GET /x HTTP/1.1\r\n", "\(server.url)/", "A: b", .other),
      ("", "\(server.url)/", "A: b", .other),
    ]
    for attempt in attempts {
      for _ in 1...2 {
        #expect(loop.send(exchange, attempt.url, method: attempt.method, headers: [attempt.header]))
        #expect(exchange.failure == attempt.expected, "\(attempt)")
      }
    }
    #expect(server.observed.connectionsAccepted == 0)
    #expect(loop.send(exchange, "\(server.url)/", headers: ["A: b"]))
    #expect(exchange.failure == nil)
  }

  @Test func namesAreDistinct() {
    #expect(Set(TransportFailure.allCases.map(\.name)).count == TransportFailure.allCases.count)
    #expect(TransportFailure.allCases.allSatisfy { !$0.name.contains(" ") && $0.name == $0.name.lowercased() })
  }
}

/// A socket that listens and never accepts, its backlog filled by connections of its own.
private struct FullListener {
  let port: UInt16
  private var sockets: [Int32] = []

  init() throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    sockets.append(listener)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, length) == 0 && listen(listener, 0) == 0 && getsockname(listener, $0, &length) == 0
      }
    }
    try #require(bound)
    port = UInt16(bigEndian: address.sin_port)
    for _ in 0..<4 {
      let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
      sockets.append(client)
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(client, $0, length) }
      }
    }
    usleep(20_000)
  }

  func close() { for socket in sockets { Glibc.close(socket) } }
}
