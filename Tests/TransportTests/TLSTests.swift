// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing
import Transport

@Suite(.enabled(if: TLSServer.isAvailable), .timeLimit(.minutes(2))) struct TLSTests {
  private let server: TLSServer

  init() throws { server = try TLSServer() }

  private func client(_ socket: String, _ change: (inout ConnectionSettings) -> Void = { _ in }) throws
    -> (TransportLoop, Exchange)
  {
    let settings = ConnectionSettings.with {
      $0.unixSocket = server.socket(socket)
      $0.caFile = server.file("ca.pem")
      change(&$0)
    }
    let loop = try TransportLoop(settings: settings)
    return (loop, try loop.makeExchange())
  }

  @Test func verifiedByTheGivenAuthority() throws {
    let (loop, exchange) = try client("good")
    #expect(loop.send(exchange, "https://localhost/"))
    #expect(exchange.failure == nil, "\(exchange.errorText)")
    #expect(exchange.bodyText == "hello")
    #expect(exchange.phases.tls > 0 && exchange.phases.tls <= exchange.phases.firstByte)
  }

  @Test(
    arguments: [
      ("good", "https://wrong.example/", "ca.pem"), ("expired", "https://localhost/", "ca.pem"),
      ("self", "https://localhost/", "ca.pem"), ("good", "https://localhost/", nil),
      ("good", "https://localhost/", "self.pem"), ("good", "https://localhost/", "no-such-file.pem"),
    ] as [(String, String, String?)])
  func refusedCertificates(_ socket: String, _ url: String, _ authority: String?) throws {
    let (loop, exchange) = try client(socket) { $0.caFile = authority.map(server.file) }
    #expect(loop.send(exchange, url))
    #expect(exchange.failure == .certificate, "\(exchange.errorText)")
    #expect(exchange.status == 0)
    // Only when the settings say so.
    let (carelessLoop, careless) = try client(socket) {
      $0.caFile = nil
      $0.insecure = true
    }
    #expect(carelessLoop.send(careless, url))
    #expect(careless.failure == nil && careless.bodyText == "hello", "\(careless.errorText)")
  }

  @Test func clientCertificate() throws {
    let (withoutLoop, without) = try client("client")
    #expect(withoutLoop.send(without, "https://localhost/"))
    // nginx completes the handshake and answers 400.
    #expect(without.failure == nil && without.status == 400)
    let (loop, exchange) = try client("client") {
      $0.clientCertificate = server.file("client.pem")
      $0.clientKey = server.file("client.key")
    }
    #expect(loop.send(exchange, "https://localhost/"))
    #expect(exchange.failure == nil && exchange.status == 200, "\(exchange.errorText)")
    let (brokenLoop, broken) = try client("client") {
      $0.clientCertificate = server.file("absent.pem")
      $0.clientKey = server.file("absent.key")
    }
    #expect(brokenLoop.send(broken, "https://localhost/"))
    #expect(broken.failure == .certificate, "\(broken.errorText)")
  }

  /// A server that ends the handshake without a client's certificate.
  @Test func clientCertificateDemandedByAlert() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = [
      "s_server", "-accept", "127.0.0.1:0", "-cert", server.file("good.pem"), "-key", server.file("good.key"),
      "-Verify", "1",
    ]
    let output = Pipe()
    process.standardInput = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      // SIGTERM is blocked in children of a test.
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    // It says "ACCEPT 127.0.0.1:PORT".
    var said = ""
    while !said.contains("ACCEPT") || !said.hasSuffix("\n") {
      let more = output.fileHandleForReading.availableData
      try #require(!more.isEmpty)
      said += String(decoding: more, as: UTF8.self)
    }
    let port = try #require(said.split(separator: "\n").last { $0.contains("ACCEPT") }?.split(separator: ":").last)
    let settings = ConnectionSettings.with { $0.caFile = server.file("ca.pem") }
    let loop = try TransportLoop(settings: settings)
    let exchange = try loop.makeExchange()
    #expect(loop.send(exchange, "https://127.0.0.1:\(port)/"))
    #expect(exchange.failure == .certificate, "\(exchange.errorText)")
  }

  @Test func noTLSWhereTLSIsExpected() throws {
    let (loop, exchange) = try client("http")
    #expect(loop.send(exchange, "https://localhost/"))
    #expect(exchange.failure == .tls, "\(exchange.errorText)")
  }

  @Test(arguments: [
    ("h2", ConnectionSettings.HTTP.automatic, HTTPVersion.two), ("h2", .http2, .two), ("h2", .http1, .oneOne),
    ("h2", .http2PriorKnowledge, .two), ("h2c", .http2PriorKnowledge, .two), ("good", .automatic, .oneOne),
    ("good", .http2, .oneOne),
  ]) func versions(_ socket: String, _ http: ConnectionSettings.HTTP, _ expected: HTTPVersion) throws {
    let (loop, exchange) = try client(socket) { $0.http = http }
    for _ in 0..<3 {
      #expect(loop.send(exchange, "\(socket == "h2c" ? "http" : "https")://localhost/large"))
      #expect(exchange.failure == nil, "\(exchange.errorText)")
      #expect(exchange.httpVersion == expected)
      #expect(exchange.body.count == TLSServer.largeBytes)
    }
    #expect(loop.connectionsOpened == 1)
  }

  /// Exchanges of one multi handle share one connection; of another, another.
  @Test(arguments: [true, false]) func multiplexing(_ overTLS: Bool) throws {
    let settings = ConnectionSettings.with {
      $0.unixSocket = server.socket(overTLS ? "h2" : "h2c")
      $0.caFile = server.file("ca.pem")
      $0.http = overTLS ? .http2 : .http2PriorKnowledge
    }
    let loop = try TransportLoop(settings: settings, connectionsPerMulti: 20)
    let exchanges = try (0..<40).map { _ in try loop.makeExchange() }
    for _ in 0..<5 {
      for exchange in exchanges { exchange.prepare("\(overTLS ? "https" : "http")://localhost/large") }
      #expect(Round(loop, exchanges).run())
      #expect(
        exchanges.allSatisfy { $0.failure == nil && $0.httpVersion == .two }, "\(Set(exchanges.map(\.errorText)))")
      #expect(exchanges.allSatisfy { $0.body.count == TLSServer.largeBytes })
    }
    #expect(loop.connectionsOpened == 2)
  }

  /// Ends of bodies of any size arrive: they may lie in libcurl's own buffers while the socket says nothing.
  @Test func bodiesOfManySizes() throws {
    let (loop, exchange) = try client("h2")
    for size in [1, 2_000, 5_000, 17_000, 33_000, 70_000, 130_000, 200_000, 299_999] {
      #expect(loop.send(exchange, "https://localhost/large", headers: ["Range: bytes=0-\(size - 1)"]))
      #expect(exchange.failure == nil && exchange.body.count == size, "\(exchange.errorText)")
    }
  }

  @Test func cancelledStreamLeavesTheOthers() throws {
    let (loop, first) = try client("h2") { $0.http = .http2 }
    let exchanges = try [first] + (0..<9).map { _ in try loop.makeExchange() }
    for exchange in exchanges { exchange.prepare("https://localhost/large") }
    var isFirst = true
    let round = Round(loop, exchanges, expecting: 9) { exchange, _ in
      guard isFirst, let victim = exchanges.first(where: { $0 !== exchange }) else { return }
      isFirst = false
      loop.cancel(victim)
    }
    #expect(round.run())
    #expect(round.ended.allSatisfy { $0.failure == nil && $0.body.count == TLSServer.largeBytes })
  }
}
