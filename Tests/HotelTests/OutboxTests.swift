// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestDatabases
import TestServers
import Testing
import Transport

@Suite struct OutboxTests {
  @Test func aReplyIsWhatMetaExpects() throws {
    let api = try CloudAPI()
    let hotel = try RunningHotel(["--cloud-api", api.server.url + "/"])
    let trace = "0af7651916cd43dd8448eb211c80319c"
    let body = metaPost(["wamid.1"], text: #""hola""#)
    let headers = [signature(body), "traceparent: 00-\(trace)-b7ad6b7169203331-01"]
    #expect(try hotel.ask("POST", "/webhooks/whatsapp", headers: headers, body: body).status == 200)
    let reply = try #require(try api.messages(1).first)
    #expect(
      reply
        == CloudAPI.Message(
          messagingProduct: "whatsapp", recipientType: "individual", to: "34600111222", type: "text",
          context: .init(messageId: "wamid.1"), text: .init(body: "Hello! Ask me for free rooms or for prices.")))
    let request = try #require(api.server.observed.requests.first)
    #expect(request.method == "POST")
    #expect(request.path == "/v21.0/106540352242922/messages")
    #expect(request.header("Authorization") == "Bearer demo-token")
    #expect(request.header("traceparent")?.contains(trace) == true)
    #expect(try hotel.metric("outbox_depth", becomes: 0))
    let line = try #require(hotel.log.split(separator: "\n").first { $0.contains(#""event":"reply""#) })
    #expect(line.contains(trace) && line.contains("wamid.1"))
    #expect(!hotel.log.contains("34600111222"))
  }

  @Test func repliesWaitForTheirTimeAndLeaveThen() throws {
    let api = try CloudAPI()
    let hotel = try RunningHotel(["--cloud-api", api.server.url, "--reply-delay-ms", "400"])
    var begun: [String: Int64] = [:]
    for index in 0..<20 {
      begun["m\(index)"] = monotonicNanoseconds()
      #expect(try hotel.deliver(metaPost(["m\(index)"])).status == 200)
    }
    for (message, request) in zip(try api.messages(20), api.server.observed.requests) {
      let waited = request.arrivedNanoseconds - (begun[message.context.messageId] ?? .max)
      #expect(waited >= 400_000_000, "\(waited)")
    }
    #expect(try api.messages.count == 20)
  }

  @Test func whatTheAPICannotTakeNowIsSentAgain() throws {
    let kinds: [Reply] = [.answer(503), .answer(429), Reply([.reset]), .answer(500)]
    let api = try CloudAPI { $0 < kinds.count ? kinds[$0] : .json("{}") }
    let hotel = try RunningHotel(["--cloud-api", api.server.url])
    try hotel.deliver(metaPost(["a"]))
    #expect(try api.messages(kinds.count + 1).map(\.context.messageId) == Array(repeating: "a", count: 5))
    #expect(try hotel.metric("outbox_depth", becomes: 0))
    #expect(try hotel.metric(#"whatsapp_messages_sent_total{result="retried"}"#) == 4)
    #expect(try hotel.metric(#"whatsapp_messages_sent_total{result="accepted"}"#) == 1)
  }

  @Test func whatTheAPIRefusesIsGivenUp() throws {
    let api = try CloudAPI { _ in .json(#"{"error":{"message":"no","code":131030}}"#, status: 400) }
    let hotel = try RunningHotel(["--cloud-api", api.server.url])
    try hotel.deliver(metaPost(["a"]))
    #expect(try hotel.metric(#"whatsapp_messages_sent_total{result="given_up"}"#, becomes: 1))
    #expect(try hotel.metric("outbox_depth", becomes: 0))
    #expect(api.server.observed.requestCount == 1)
    // Nor is it tried again by the next process.
    hotel.send(SIGTERM)
    #expect(hotel.ends())
    let again = try RunningHotel(["--cloud-api", api.server.url], folder: hotel.folder)
    try again.deliver(metaPost(["b"]))
    #expect(try again.metric(#"whatsapp_messages_sent_total{result="given_up"}"#, becomes: 1))
    #expect(try api.messages.map(\.context.messageId) == ["a", "b"])
  }

  @Test func withoutAnAPIRepliesStay() throws {
    let hotel = try RunningHotel()
    try hotel.deliver(metaPost(["a", "b", "c"]))
    #expect(try hotel.metric("outbox_depth") == 3)
    hotel.send(SIGTERM)
    #expect(hotel.ends())
    let api = try CloudAPI()
    let again = try RunningHotel(["--cloud-api", api.server.url], folder: hotel.folder)
    #expect(Set(try api.messages(3).map(\.context.messageId)) == ["a", "b", "c"])
    #expect(try again.metric("outbox_depth", becomes: 0))
  }

  @Test func noReplyIsLostWhenTheHotelIsKilled() throws { try expectNoReplyLost([]) }

  @Test func drainingSendsWhatIsWaiting() throws {
    let api = try CloudAPI()
    let hotel = try RunningHotel(["--cloud-api", api.server.url, "--reply-delay-ms", "1000"])
    try hotel.deliver(metaPost((0..<50).map { "m\($0)" }))
    #expect(api.server.observed.requestCount == 0)
    hotel.send(SIGTERM)
    #expect(hotel.ends())
    #expect(hotel.process.terminationStatus == 0)
    #expect(Set(try api.messages.map(\.context.messageId)).count == 50)
    let again = try RunningHotel(folder: hotel.folder)
    #expect(try again.metric("outbox_depth") == 0)
  }

  @Test func aSlowAPIHoldsUpNothingElse() throws {
    let api = try CloudAPI { _ in Reply([.hold]) }
    let hotel = try RunningHotel(["--cloud-api", api.server.url])
    for index in 0..<100 { #expect(try hotel.deliver(metaPost(["m\(index)"])).status == 200) }
    #expect(api.server.waitUntil { $0.requestCount >= 32 })
    #expect(try hotel.ask("GET", "/health/ready").status == 200)
    #expect(try hotel.metric("outbox_depth") == 100)
  }

  @Test func repliesAreLostAndDoubledOnDemand() throws {
    let api = try CloudAPI()
    let hotel = try RunningHotel([
      "--cloud-api", api.server.url, "--lose-replies-one-of", "5", "--duplicate-replies-one-of", "4",
    ])
    for index in 0..<16 { try hotel.deliver(metaPost(["m\(index)"])) }
    #expect(try hotel.metric("outbox_depth", becomes: 0))
    let counts = Dictionary(grouping: try api.messages(17).map(\.context.messageId)) { $0 }.mapValues(\.count)
    // Three of sixteen are lost, four are sent twice.
    #expect(counts.count == 13)
    #expect(counts.values.filter { $0 == 2 }.count == 4)
    #expect(try api.messages.count == 17)
  }
}

/// Killed while most replies are still to be sent and others come in, the hotel sends them all after its restart.
func expectNoReplyLost(_ flags: [String]) throws {
  let api = try CloudAPI { _ in Reply.json("{}").delayed(milliseconds: 20) }
  let hotel = try RunningHotel(["--cloud-api", api.server.url, "--reply-delay-ms", "150"] + flags)
  let taken = Mutex<Set<String>>([])
  let url = hotel.url
  let deliveries = DispatchSemaphore(value: 0)
  Thread {
    _ = atOnce(4) { worker in
      for index in 0..<200 {
        let id = "w\(worker)-\(index)"
        let body = metaPost([id])
        let answer = try ask(url, "POST", "/webhooks/whatsapp", headers: [signature(body)], body: body)
        guard answer.status == 200 else { return }
        taken.withLock { _ = $0.insert(id) }
      }
    }
    deliveries.signal()
  }.start()
  #expect(api.server.waitUntil(seconds: 15) { $0.requestCount >= 20 })
  hotel.send(SIGKILL)
  #expect(hotel.ends())
  #expect(deliveries.wait(timeout: .now() + 60) == .success)
  let acknowledged = taken.withLock { $0 }
  let again = try RunningHotel(["--cloud-api", api.server.url] + flags, folder: hotel.folder)
  #expect(try again.metric("outbox_depth", becomes: 0))
  let answered = Set(try api.messages.map(\.context.messageId))
  #expect(acknowledged.subtracting(answered).isEmpty)
  #expect(acknowledged.count >= 20)
  // And what Meta delivers again, since it saw no answer, is known.
  let first = try #require(acknowledged.sorted().first)
  #expect(try again.deliver(metaPost([first])).decoded(Receipt.self) == Receipt(new: 0, duplicates: 1))
}

@Suite(.enabled(if: TestPostgres.isInstalled, "PostgreSQL is not installed"))
struct PostgresOutboxTests {
  @Test func noReplyIsLostWhenTheHotelIsKilled() throws {
    let postgres = try TestPostgres()
    try expectNoReplyLost(["--database", postgres.url])
  }

  @Test func theSamePostAtTheSameTimeHasOneEffect() throws {
    let postgres = try TestPostgres()
    try expectOneEffect(["--database", postgres.url])
  }

  @Test func aPostIsRefusedWithoutTheDatabaseAndTakenWhenItIsBack() throws {
    let postgres = try TestPostgres()
    let api = try CloudAPI()
    let hotel = try RunningHotel(["--cloud-api", api.server.url, "--database", postgres.url])
    #expect(try hotel.deliver(metaPost(["a"])).status == 200)
    postgres.process.kill()
    let refused = try hotel.deliver(metaPost(["b"]))
    #expect(refused.status == 503)
    #expect(refused.header(named: "Retry-After") == "1")
    #expect(try hotel.chat("habitación").fallback == true)
    try postgres.process.start()
    #expect(eventually { try hotel.deliver(metaPost(["b"])).status == 200 })
    #expect(try hotel.deliver(metaPost(["a", "b"])).decoded(Receipt.self) == Receipt(new: 0, duplicates: 2))
    #expect(Set(try api.messages(2).map(\.context.messageId)) == ["a", "b"])
    #expect(try hotel.metric("outbox_depth", becomes: 0))
  }

  /// A hotel that was started before its database sends what was left in it.
  @Test func theOutboxWaitsForTheDatabase() throws {
    let postgres = try TestPostgres()
    let flags = ["--database", postgres.url]
    do {
      let hotel = try RunningHotel(flags)
      #expect(try hotel.deliver(metaPost(["a", "b"])).status == 200)
    }
    postgres.process.kill()
    let api = try CloudAPI()
    let hotel = try RunningHotel(flags + ["--cloud-api", api.server.url])
    #expect(try hotel.ask("GET", "/health/ready").status == 503)
    try postgres.process.start()
    #expect(Set(try api.messages(2, within: 30).map(\.context.messageId)) == ["a", "b"])
    #expect(try hotel.metric("outbox_depth", becomes: 0))
  }
}
