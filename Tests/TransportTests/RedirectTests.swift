// SPDX-License-Identifier: Apache-2.0
import TestServers
import Testing
import Transport

/// Redirects, and the hosts they and first URLs may lead to.
@Suite(.timeLimit(.minutes(1))) struct RedirectTests {
  private func client(_ change: (inout ConnectionSettings) -> Void) throws -> (TransportLoop, Exchange) {
    let loop = try TransportLoop(settings: .with(change))
    return (loop, try loop.makeExchange())
  }

  @Test func offUnlessAsked() throws {
    let server = try TestServer { $0.path == "/" ? .redirect(to: "/end") : .answer(body: "end") }
    let (loop, exchange) = try client { _ in }
    #expect(loop.send(exchange, "\(server.url)/"))
    #expect(exchange.status == 302 && exchange.failure == nil && exchange.redirects == 0)
    #expect(exchange.header(named: "location") == "/end")
    #expect(server.observed.requestCount == 1)
  }

  @Test func followsWithinTheHost() throws {
    let server = try TestServer {
      switch $0.path {
      case "/": .redirect(to: "/a/b?x=1")
      case "/a/b": .redirect(to: "../c", status: 307)
      default: .answer(body: "end of \($0.target)")
      }
    }
    let (loop, exchange) = try client {
      $0.maximumRedirects = 2
      $0.allowedHosts = ["127.0.0.1"]
    }
    for _ in 0..<2 {
      #expect(loop.send(exchange, "\(server.url)/", headers: ["Authorization: Bearer token"]))
      #expect(exchange.failure == nil, "\(exchange.errorText)")
      #expect(exchange.redirects == 2 && exchange.status == 200 && exchange.bodyText == "end of /c")
      #expect(exchange.header(named: "location") == nil)
    }
    let seen = server.observed.requests
    #expect(seen.map(\.path) == ["/", "/a/b", "/c", "/", "/a/b", "/c"])
    #expect(seen.allSatisfy { $0.header("authorization") == "Bearer token" })
  }

  @Test func limit() throws {
    let server = try TestServer(always: .redirect(to: "/again"))
    let (loop, exchange) = try client { $0.maximumRedirects = 3 }
    #expect(loop.send(exchange, "\(server.url)/"))
    #expect(exchange.failure == .redirectLimit)
    #expect(server.observed.requestCount == 4)
  }

  @Test(arguments: [
    (301, "POST", "GET", ""), (302, "POST", "GET", ""), (303, "POST", "GET", ""), (303, "PUT", "GET", ""),
    (303, "HEAD", "HEAD", ""), (302, "PUT", "PUT", "body"), (307, "POST", "POST", "body"), (308, "PUT", "PUT", "body"),
  ]) func methods(_ status: Int, _ method: String, _ expectedMethod: String, _ expectedBody: String) throws {
    let server = try TestServer { $0.path == "/" ? .redirect(to: "/end", status: status) : .answer(body: "") }
    let (loop, exchange) = try client { $0.maximumRedirects = 5 }
    #expect(loop.send(exchange, "\(server.url)/", method: method, body: method == "HEAD" ? nil : "body"))
    #expect(exchange.failure == nil, "\(exchange.errorText)")
    let last = try #require(server.observed.requests.last)
    #expect(last.path == "/end" && last.method == expectedMethod && last.bodyText == expectedBody)
    // What was prepared next is not touched by where the redirect led.
    #expect(loop.send(exchange, "\(server.url)/", method: method, body: method == "HEAD" ? nil : "body"))
    let again = server.observed.requests[2]
    #expect(again.path == "/" && again.method == method && again.bodyText == (method == "HEAD" ? "" : "body"))
  }

  @Test func secretsStayWithTheirHost() throws {
    let other = try TestServer(always: .answer(headers: [("Set-Cookie", "foreign=1")], body: "other"))
    let otherURL = "http://localhost:\(other.port)/landing"
    let server = try TestServer {
      $0.path == "/" ? .redirect(to: otherURL, status: 307) : .answer(headers: [("Set-Cookie", "home=1")], body: "home")
    }
    let (loop, exchange) = try client {
      $0.maximumRedirects = 1
      $0.allowedHosts = ["127.0.0.1", "LOCALHOST."]
      $0.userAgent = "gonogo/test"
    }
    let headers = [
      "Authorization: Bearer token", "X-Api-Key: key", "Cookie: own=1", "X-Hub-Signature-256: sha",
      "Accept: text/plain",
      "traceparent: 00-1-2-01",
    ]
    #expect(loop.send(exchange, "\(server.url)/home", headers: headers))
    for _ in 0..<2 {
      #expect(loop.send(exchange, "\(server.url)/", method: "POST", headers: headers, body: "x"))
      #expect(exchange.failure == nil && exchange.bodyText == "other", "\(exchange.errorText)")
    }
    for seen in other.observed.requests {
      for name in ["authorization", "x-api-key", "x-hub-signature-256"] { #expect(seen.header(name) == nil) }
      #expect(seen.headers("cookie").allSatisfy { !$0.contains("own") && !$0.contains("home") })
      #expect(seen.header("accept") == "text/plain" && seen.header("traceparent") == "00-1-2-01")
      #expect(seen.header("user-agent") == "gonogo/test")
    }
    #expect(other.observed.requestCount == 2)
    let home = server.observed.requests
    #expect(home.count == 3 && home.allSatisfy { $0.header("x-api-key") == "key" })
    #expect(home.allSatisfy { !$0.headers("cookie").contains { $0.contains("foreign") } })
  }

  /// A credential at the head of the list must be left out too.
  @Test func secretsFirstInTheList() throws {
    let other = try TestServer(always: .answer())
    let target = "http://localhost:\(other.port)/"
    let server = try TestServer(always: .redirect(to: target))
    let (loop, exchange) = try client { $0.maximumRedirects = 1 }
    let headers = ["Authorization: secret", "X-Key: secret", "User-Agent: mine", "X-Last: secret"]
    for _ in 0..<2 { #expect(loop.send(exchange, server.url, headers: headers) && exchange.failure == nil) }
    let seen = other.observed.requests
    #expect(seen.count == 2)
    #expect(seen.allSatisfy { $0.header("user-agent") == "mine" && !$0.headers.contains { $0.value == "secret" } })
    #expect(server.observed.requests.allSatisfy { $0.headers.count { $0.value == "secret" } == 3 })
  }

  @Test(arguments: [
    "http://localhost:PORT/", "http://127.0.0.1.evil.example:PORT/", "http://127.0.0.1@localhost:PORT/",
    "//localhost:PORT/",
    "ftp://127.0.0.1:PORT/", "file:///etc/passwd", "gopher://127.0.0.1:PORT/", "http://[::1]:PORT/",
  ]) func leadsNowhereElse(_ location: String) throws {
    let other = try TestServer(always: .answer())
    let target = location.replacing("PORT", with: "\(other.port)")
    let server = try TestServer(always: .redirect(to: target))
    let (loop, exchange) = try client {
      $0.maximumRedirects = 5
      $0.allowedHosts = ["127.0.0.1"]
    }
    #expect(loop.send(exchange, server.url))
    #expect(exchange.failure == .hostNotAllowed, "\(exchange.errorText)")
    #expect(exchange.status == 302)
    #expect(other.observed.connectionsAccepted == 0)
    // The first URL passes the same check.
    #expect(loop.send(exchange, target.hasPrefix("//") ? "http:\(target)" : target))
    #expect(exchange.failure == .hostNotAllowed)
    #expect(other.observed.connectionsAccepted == 0)
  }

  @Test func allowedSpellings() throws {
    let server = try TestServer(always: .answer())
    let (loop, exchange) = try client { $0.allowedHosts = ["127.0.0.1:\(server.port)", "::1"] }
    // What the parser takes for the same address is the same address.
    for host in ["127.0.0.1", "127.1", "0x7f.1", "2130706433"] {
      #expect(loop.send(exchange, "HTTP://\(host):\(server.port)/"))
      #expect(exchange.failure == nil, "\(host): \(exchange.errorText)")
    }
    #expect(loop.send(exchange, "http://127.0.0.1:\(server.port + 1)/"))
    #expect(exchange.failure == .hostNotAllowed)
    #expect(loop.send(exchange, "http://[::1]:\(server.port)/"))
    #expect(exchange.failure == .connectRefused)
  }

  @Test func timeIsForAllHops() throws {
    let server = try TestServer(always: .redirect(to: "/on").delayed(milliseconds: 60))
    let (loop, exchange) = try client { $0.maximumRedirects = 1_000 }
    exchange.prepare(server.url, milliseconds: 300)
    #expect(Round(loop, [exchange]).run())
    #expect(exchange.failure == .timeout)
    #expect(exchange.redirects >= 1 && exchange.redirects < 20)
  }
}
