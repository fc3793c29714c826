// SPDX-License-Identifier: Apache-2.0
import TestServers
import Testing
import Transport

/// What goes over the wire for what was prepared.
@Suite(.timeLimit(.minutes(1))) struct RequestTests {
  private func client(_ change: (inout ConnectionSettings) -> Void = { _ in }) throws -> (TransportLoop, Exchange) {
    let loop = try TransportLoop(settings: .with(change))
    return (loop, try loop.makeExchange())
  }

  @Test(
    arguments: [
      ("GET", nil), ("GET", "with a body"), ("POST", "a=1"), ("POST", ""), ("POST", nil), ("PUT", "x"), ("PUT", nil),
      ("PATCH", "y"), ("DELETE", nil), ("DELETE", "z"), ("OPTIONS", nil), ("REPORT", "custom"), ("HEAD", nil),
    ] as [(String, String?)])
  func methodsAndBodies(_ method: String, _ body: String?) throws {
    let server = try TestServer(always: .answer(body: method == "HEAD" ? "" : "answer"))
    let (loop, exchange) = try client()
    #expect(loop.send(exchange, "\(server.url)/path?q=1", method: method, body: body))
    #expect(exchange.failure == nil, "\(exchange.errorText)")
    let seen = try #require(server.observed.requests.first)
    #expect(seen.method == method)
    #expect(seen.target == "/path?q=1")
    #expect(seen.bodyText == body ?? "")
    #expect(seen.header("Expect") == nil)
    #expect(seen.header("Content-Type") == nil)
    let announces = body != nil || ["POST", "PUT", "PATCH"].contains(method)
    #expect(seen.header("Content-Length") == (announces ? "\(body?.utf8.count ?? 0)" : nil))
    #expect(exchange.bodyText == (method == "HEAD" ? "" : "answer"))
  }

  /// Each method after each other on one handle: nothing of the last request may stick.
  @Test func changingShapes() throws {
    let server = try TestServer { .answer(body: $0.method == "HEAD" ? "" : "\($0.method) \($0.body.count)") }
    let (loop, exchange) = try client()
    let shapes: [(String, String?)] = [("GET", nil), ("POST", "abc"), ("HEAD", nil), ("PUT", "defgh"), ("DELETE", nil)]
    for first in shapes {
      for second in shapes {
        for (method, body) in [first, second] {
          #expect(loop.send(exchange, server.url, method: method, headers: ["X-Method: \(method)"], body: body))
          #expect(exchange.failure == nil)
          #expect(exchange.bodyText == (method == "HEAD" ? "" : "\(method) \(body?.utf8.count ?? 0)"))
        }
      }
    }
    let seen = server.observed.requests
    #expect(seen.count == 50)
    #expect(seen.allSatisfy { $0.header("X-Method") == $0.method })
    #expect(server.observed.connectionsAccepted == 1)
  }

  @Test func largeBodyIsSentWhole() throws {
    let server = try TestServer(always: .answer())
    let (loop, exchange) = try client()
    let body = String(repeating: "0123456789", count: 300_000)
    #expect(loop.send(exchange, server.url, method: "POST", body: body))
    #expect(exchange.failure == nil)
    #expect(server.observed.requests.first?.bodyText == body)
    #expect(exchange.bytesSent >= 3_000_000)
  }

  @Test func headerLines() throws {
    let server = try TestServer(always: .answer())
    let (loop, exchange) = try client { $0.userAgent = "gonogo/test" }
    let many = (0..<40).map { "X-Many-\($0): \($0)" }
    let sets: [[String]] = [
      ["A: 1"], ["A: 2"], ["A: 22222", "B: x"], [], many, ["User-Agent: other", "Content-Type: text/plain"], ["A: 3"],
      ["Empty:", "Blank: \t"],
    ]
    for lines in sets {
      for body in [nil, "body"] as [String?] {
        #expect(loop.send(exchange, server.url, method: "POST", headers: lines, body: body))
        let seen = try #require(server.observed.requests.last)
        for line in lines {
          let name = String(line.prefix { $0 != ":" })
          let value = String(line.dropFirst(name.count + 1).drop { $0 == " " || $0 == "\t" })
          #expect(seen.headers(name) == [value], "\(line)")
        }
        let known: Set<String> = ["host", "accept", "user-agent", "content-length"]
        let given = Set(lines.map { $0.prefix { $0 != ":" }.lowercased() })
        #expect(Set(seen.headers.map { $0.name.lowercased() }).subtracting(known) == given.subtracting(known))
        #expect(seen.headers("User-Agent") == [lines.contains("User-Agent: other") ? "other" : "gonogo/test"])
      }
    }
  }

  @Test func pathsStayAsWritten() throws {
    let server = try TestServer(always: .answer())
    let (loop, exchange) = try client()
    #expect(loop.send(exchange, "\(server.url)/a/../b/./c%2F?d=e%20f#fragment"))
    #expect(server.observed.requests.first?.target == "/a/../b/./c%2F?d=e%20f")
  }

  @Test func headersOfTheFinalAnswer() throws {
    let server = try TestServer(
      always: .raw(
        "HTTP/1.1 103 Early Hints\r\nLink: </early>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-One:  padded \r\n"
          + "x-one: second\r\nX-Empty:\r\n\r\nok"))
    let (loop, exchange) = try client()
    #expect(loop.send(exchange, server.url))
    #expect(exchange.status == 200)
    #expect(exchange.header(named: "x-ONE") == "padded")
    #expect(exchange.header(named: "X-Empty") == "")
    #expect(exchange.header(named: "Link") == nil)
    #expect(exchange.header(named: "X-On") == nil)
    exchange.prepare(server.url, keep: false)
    #expect(Round(loop, [exchange]).run())
    #expect(exchange.body.isEmpty && exchange.headerBytes.isEmpty)
    #expect(exchange.bodyBytes == 2)
  }

  @Test func phasesAreOrdered() throws {
    let server = try TestServer(always: .answer().delayed(milliseconds: 20))
    let (loop, exchange) = try client()
    #expect(loop.send(exchange, server.url))
    let first = exchange.phases
    #expect(!first.reused && exchange.httpVersion == .oneOne)
    #expect(first.nameLookup <= first.connect && first.connect <= first.firstByte && first.firstByte <= first.total)
    #expect(first.firstByte >= 20_000 && first.tls == 0)
    #expect(loop.send(exchange, server.url))
    #expect(exchange.phases.reused)
    #expect(exchange.bytesReceived > 2 && exchange.bytesSent > 16)
  }

  /// A body that is kept once must not cost or show anything in the next request.
  @Test func bodiesAreForgotten() throws {
    let server = try TestServer { .answer(body: $0.path == "/long" ? String(repeating: "l", count: 200_000) : "short") }
    let (loop, exchange) = try client()
    for _ in 0..<3 {
      #expect(loop.send(exchange, "\(server.url)/long"))
      #expect(exchange.body.count == 200_000)
      #expect(loop.send(exchange, "\(server.url)/short"))
      #expect(exchange.bodyText == "short")
    }
  }

  @Test func plainRequest() throws {
    let server = try TestServer { .answer($0.path == "/missing" ? 404 : 200, body: $0.bodyText + "!") }
    var post = PlainRequest("\(server.url)/x")
    post.method = "POST"
    post.body = Array("hello".utf8)
    post.headers = ["X-Kind: plain"]
    let answer = try request(post, settings: ConnectionSettings())
    #expect(answer.status == 200)
    #expect(String(decoding: answer.body, as: UTF8.self) == "hello!")
    #expect(server.observed.requests.first?.header("x-kind") == "plain")
    #expect(try request(PlainRequest("\(server.url)/missing"), settings: ConnectionSettings()).status == 404)
    server.stop()
    let error = #expect(throws: TransportError.self) { try request(post, settings: ConnectionSettings()) }
    #expect(error?.failure == .connectRefused)
  }

  @Test func unixSocket() throws {
    let path = "/tmp/gonogo-test-\(UInt32.random(in: 0 ... .max)).sock"
    let server = try TestServer(.unix(path: path), handler: { .answer(body: $0.header("Host") ?? "") })
    let answer = try request(PlainRequest("http://docker/v1/info"), settings: .with { $0.unixSocket = path })
    #expect(String(decoding: answer.body, as: UTF8.self) == "docker")
    #expect(server.observed.requests.first?.path == "/v1/info")
    let absent = #expect(throws: TransportError.self) {
      try request(PlainRequest("http://docker/"), settings: .with { $0.unixSocket = "\(path).absent" })
    }
    #expect(absent?.failure == .connectFailed)
  }

  @Test func ipVersions() throws {
    let four = try TestServer(.ipv4(), handler: { _ in .answer(body: "four") })
    let url = "http://localhost:\(four.port)/"
    #expect(try request(PlainRequest(url), settings: .with { $0.ipVersion = .four }).status == 200)
    #expect(throws: TransportError.self) { try request(PlainRequest(url), settings: .with { $0.ipVersion = .six }) }
    let six = try TestServer(.ipv6(), handler: { _ in .answer(body: "six") })
    #expect(try request(PlainRequest(six.url), settings: ConnectionSettings()).status == 200)
  }

  @Test func fixedAddresses() throws {
    let server = try TestServer(always: .answer())
    let settings = ConnectionSettings.with { $0.resolve = ["hotel.example:\(server.port):127.0.0.1"] }
    #expect(try request(PlainRequest("http://hotel.example:\(server.port)/"), settings: settings).status == 200)
    #expect(server.observed.requests.first?.header("Host") == "hotel.example:\(server.port)")
  }

  @Test func compression() throws {
    // gzip of 1,000,000 zero bytes: 1,003 bytes.
    let server = try TestServer(always: Gzip.reply(zeroBytes: 1_000_000))
    let (loop, exchange) = try client { $0.compression = true }
    #expect(loop.send(exchange, server.url))
    #expect(exchange.failure == nil, "\(exchange.errorText)")
    #expect(exchange.body.count == 1_000_000)
    #expect(exchange.bytesReceived < 10_000)
    #expect(server.observed.requests.first?.header("Accept-Encoding")?.contains("gzip") == true)
    let (plainLoop, plain) = try client()
    #expect(plainLoop.send(plain, server.url))
    #expect(plain.body.count < 10_000)
    #expect(server.observed.requests.last?.header("Accept-Encoding") == nil)
    let (cappedLoop, capped) = try client {
      $0.compression = true
      $0.bodyLimitBytes = 65_536
    }
    #expect(cappedLoop.send(capped, server.url))
    #expect(capped.failure == .bodyTooLarge)
    #expect(capped.body.count <= 65_536)
  }
}
