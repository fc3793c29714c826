// SPDX-License-Identifier: Apache-2.0
import TestServers
import Testing

@Suite struct HostileTests {
  private func outcome(
    of reply: Reply, limit: Int = 1 << 20, silentAfterMilliseconds: Int32 = 2_000
  ) throws -> (String, RawClient.End) {
    let server = try TestServer(always: reply)
    let client = try #require(RawClient(port: server.port))
    client.get()
    let result = client.read(limit: limit, silentAfterMilliseconds: silentAfterMilliseconds)
    #expect(server.observed.requestCount == 1)
    #expect(server.stop())
    return result
  }

  @Test func repliesThatEndEarly() throws {
    #expect(try outcome(of: .closesWithoutAnswer) == ("", .closed))
    #expect(try outcome(of: .resetsBeforeHeaders) == ("", .reset))
    let (partial, end) = try outcome(of: .resetsAfterHeaders)
    #expect(partial.hasSuffix("\r\n\r\n0123456789"))
    #expect(end == .reset)
    let (half, halfEnd) = try outcome(of: .halfBody)
    #expect(half.contains("Content-Length: 100"))
    #expect(half.hasSuffix("\r\n\r\n" + String(repeating: "h", count: 50)))
    #expect(halfEnd == .closed)
  }

  @Test func garbageIsNoHTTP() throws {
    let (text, end) = try outcome(of: .garbage)
    #expect(end == .closed)
    #expect(!text.isEmpty && !text.hasPrefix("HTTP"))
  }

  @Test(arguments: [Reply.neverAnswers, .halfBodyThenSilence, .contentLengths(["2", "7"])])
  func repliesThatFallSilent(reply: Reply) throws {
    #expect(try outcome(of: reply, silentAfterMilliseconds: 50).1 == .silent)
  }

  @Test(arguments: [
    Reply.endlessHeaders, .endlessHeaderLine, .endlessInformational, .endlessBody, .endlessChunks,
  ])
  func endlessRepliesGoOn(reply: Reply) throws {
    let (text, end) = try outcome(of: reply, limit: 4 << 20)
    #expect(end == .enough)
    #expect(text.utf8.count >= 4 << 20)
  }

  @Test func framingsAreSentAsWritten() throws {
    #expect(try outcome(of: .negativeContentLength, silentAfterMilliseconds: 50).0.contains("Content-Length: -5\r\n"))
    let (double, _) = try outcome(of: .duplicateContentLength, silentAfterMilliseconds: 50)
    #expect(double.contains("Content-Length: 2\r\nContent-Length: 7\r\n"))
    #expect(try outcome(of: .chunkSizeNotHexadecimal).0.hasSuffix("\r\n\r\nzz\r\nok\r\n0\r\n\r\n"))
  }

  @Test func aDripArrivesWhole() throws {
    let server = try TestServer(always: .drip(body: "drop by drop", piece: 7, everyMilliseconds: 1))
    let client = try #require(RawClient(port: server.port))
    client.get()
    #expect(client.read(until: "drop by drop").1 == .enough)
    client.get()
    #expect(client.read(until: "drop by drop").1 == .enough)
  }

  @Test func aClientThatLeavesIsForgotten() throws {
    let server = try TestServer(always: .neverAnswers)
    do {
      let client = try #require(RawClient(port: server.port))
      client.get()
      #expect(server.waitUntil { $0.requestCount == 1 && $0.connectionsOpen == 1 })
    }
    #expect(server.waitUntil { $0.connectionsOpen == 0 })
  }

  @Test func killingResetsEverything() throws {
    let server = try TestServer(always: .neverAnswers)
    let clients = try (0..<5).map { _ in try #require(RawClient(port: server.port)) }
    for client in clients { client.get() }
    #expect(server.waitUntil { $0.requestCount == 5 })
    #expect(server.kill())
    for client in clients { #expect(client.read().1 == .reset) }
    #expect(RawClient(port: server.port) == nil)
  }

  @Test func aReplyMayKillTheServer() throws {
    let server = try TestServer { $0.sequence < 2 ? .answer() : Reply([.killServer]) }
    let client = try #require(RawClient(port: server.port))
    for _ in 0..<2 {
      client.get()
      #expect(client.read(until: "ok").1 == .enough)
    }
    client.get()
    #expect(client.read().1 == .reset)
    #expect(server.stop())
  }
}
