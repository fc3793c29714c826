// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TestServers
import Testing

@Suite struct ServerTests {
  @Test func answersAndKeepsTheConnection() throws {
    let server = try TestServer { .answer(201, headers: [("X-Path", $0.path)], body: "hello \($0.sequence)") }
    let client = try #require(RawClient(port: server.port))
    for number in 0..<3 {
      client.get("/a/\(number)?q=1")
      let (text, end) = client.read(until: "hello \(number)")
      #expect(end == .enough)
      #expect(text.hasPrefix("HTTP/1.1 201 "))
      #expect(text.contains("X-Path: /a/\(number)\r\n"))
      #expect(text.contains("Content-Length: 7\r\n"))
    }
    let observed = server.observed
    #expect(observed.requestCount == 3)
    #expect(observed.connectionsAccepted == 1)
    #expect(observed.requestsByPath == ["/a/0": 1, "/a/1": 1, "/a/2": 1])
    #expect(observed.requests.map(\.target) == ["/a/0?q=1", "/a/1?q=1", "/a/2?q=1"])
    #expect(server.stop())
  }

  @Test func readsBodiesOfBothFramingsAndPipelinedRequests() throws {
    let server = try TestServer { .answer(body: "got \($0.bodyText);") }
    let client = try #require(RawClient(port: server.port))
    client.write("POST /one HTTP/1.1\r\nX-Key: v\r\ncontent-length: 5\r\n\r\nfirst")
    client.write(
      "POST /two HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsec\r\n3\r\nond\r\n0\r\n\r\nGET /three HTTP/1.1\r\n\r\n"
    )
    let (text, _) = client.read(until: "got ;")
    #expect(text.contains("got first;"))
    #expect(text.contains("got second;"))
    let requests = server.observed.requests
    #expect(requests.map(\.method) == ["POST", "POST", "GET"])
    #expect(requests[0].header("x-key") == "v")
  }

  @Test func saysContinueWhenAsked() throws {
    let server = try TestServer { .answer(body: "got \($0.bodyText);") }
    let client = try #require(RawClient(port: server.port))
    client.write("PUT / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
    #expect(client.read(until: "100 Continue\r\n\r\n").1 == .enough)
    client.write("body")
    #expect(client.read(until: "got body;").1 == .enough)
  }

  @Test func headAndEmptyStatusesHaveNoBody() throws {
    let server = try TestServer { $0.path == "/none" ? .answer(204, body: "") : .answer(body: "body") }
    let client = try #require(RawClient(port: server.port))
    client.write("HEAD / HTTP/1.1\r\n\r\n")
    #expect(client.read(until: "\r\n\r\n").0.hasSuffix("Content-Length: 4\r\n\r\n"))
    client.get("/none")
    #expect(!client.read(until: "\r\n\r\n").0.contains("Content-Length"))
  }

  @Test(arguments: [ServerSettings.Closing.afterEachAnswer, .afterEachAnswerSilently])
  func closesAfterEachAnswer(closing: ServerSettings.Closing) throws {
    let server = try TestServer(always: .answer(), settings: ServerSettings(closing: closing))
    let client = try #require(RawClient(port: server.port))
    client.get()
    let (text, end) = client.read()
    #expect(end == .closed)
    #expect(text.hasSuffix("\r\n\r\nok"))
    if case .afterEachAnswer = closing {
      #expect(text.contains("Connection: close"))
    } else {
      #expect(!text.contains("Connection:"))
    }
  }

  @Test func closesIdleConnectionsButNotBusyOnes() throws {
    let settings = ServerSettings(closesIdleAfterMilliseconds: 50)
    let server = try TestServer(always: .answer().delayed(milliseconds: 200), settings: settings)
    let client = try #require(RawClient(port: server.port))
    client.get()
    let (text, end) = client.read()
    #expect(text.hasSuffix("ok"))
    #expect(end == .closed)
  }

  @Test func keepsTheFirstRequestsOnlyAndCountsAll() throws {
    let server = try TestServer(always: .answer(), settings: ServerSettings(captureLimit: 2))
    let client = try #require(RawClient(port: server.port))
    for _ in 0..<5 {
      client.get()
      _ = client.read(until: "ok")
    }
    #expect(server.observed.requests.count == 2)
    #expect(server.observed.requestCount == 5)
  }

  @Test func listensOnOtherAddresses() throws {
    let path = "/tmp/gonogo-test-\(monotonicNanoseconds()).sock"
    let local = try TestServer(always: .answer(), at: .unix(path: path))
    #expect(local.port == 0)
    let v6 = try TestServer(always: .answer(), at: .ipv6())
    #expect(v6.url == "http://[::1]:\(v6.port)")
    #expect(v6.port != 0)
    #expect(local.stop() && v6.stop())
    // A file left behind would make this fail.
    let again = try TestServer(always: .answer(), at: .unix(path: path))
    #expect(again.stop())
  }

  @Test func stopIsIdempotentAndFreesThePort() throws {
    let server = try TestServer(always: .answer())
    #expect(server.stop())
    #expect(server.stop())
    #expect(RawClient(port: server.port) == nil)
    let next = try TestServer(always: .answer(), at: .ipv4(port: server.port))
    #expect(next.port == server.port)
  }
}
