// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestDatabases
import TestServers
import Testing
import Transport

/// Hotels that share one outbox, and what becomes of it when one of them is away.
@Suite(.enabled(if: TestPostgres.isInstalled, "PostgreSQL is not installed"))
struct SharedOutboxTests {
  private let postgres: TestPostgres
  private let api: CloudAPI

  init() throws {
    postgres = try TestPostgres()
    api = try CloudAPI { _ in Reply.json("{}").delayed(milliseconds: 20) }
  }

  private func hotel(_ flags: [String] = []) throws -> RunningHotel {
    try RunningHotel(["--database", postgres.url, "--cloud-api", api.server.url] + flags)
  }

  @Test func aHotelThatStartsLeavesToOthersWhatIsTheirs() throws {
    let first = try hotel(["--reply-delay-ms", "2500"])
    let ids = (0..<60).map { "m\($0)" }
    try first.deliver(metaPost(ids))
    let second = try hotel()
    try second.deliver(metaPost(["z"]))
    let sent = try api.messages(61).map(\.context.messageId)
    #expect(sent.first == "z")
    #expect(sent.sorted() == (ids + ["z"]).sorted())
    #expect(try second.metric("outbox_depth", becomes: 0))
    #expect(try api.messages.count == 61)
  }

  @Test func whatAKilledHotelHasLeftIsSentOnce() throws {
    let first = try hotel(["--reply-delay-ms", "300"])
    let second = try hotel(["--reply-delay-ms", "300"])
    let taken = Mutex<Set<String>>([])
    let urls = [first.url, second.url]
    let deliveries = DispatchSemaphore(value: 0)
    Thread {
      _ = atOnce(6) { worker in
        for index in 0..<150 {
          let id = "w\(worker)-\(index)"
          let body = metaPost([id])
          let answer = try ask(urls[worker % 2], "POST", "/webhooks/whatsapp", headers: [signature(body)], body: body)
          guard answer.status == 200 else { return }
          taken.withLock { _ = $0.insert(id) }
        }
      }
      deliveries.signal()
    }.start()
    #expect(api.server.waitUntil(seconds: 15) { $0.requestCount >= 60 })
    first.send(SIGKILL)
    #expect(first.ends())
    let sentByThen = api.server.observed.requestCount
    #expect(deliveries.wait(timeout: .now() + 60) == .success)
    #expect(try second.metric("outbox_depth", becomes: 0))
    let sent = try api.messages.map(\.context.messageId)
    #expect(taken.withLock { $0 }.subtracting(sent).isEmpty)
    let twice = Dictionary(grouping: sent) { $0 }.filter { $0.value.count > 1 }
    #expect(twice.values.allSatisfy { $0.count == 2 })
    // Those that were under way: as many as the killed one had connections, or just answered and not yet written down.
    #expect(Set(twice.keys).isSubset(of: sent[..<sentByThen].suffix(4 * 32)))
    #expect(twice.count <= 2 * 32)
  }

  /// One that stands still is taken for dead. When it goes on, it must not send what others have sent for it.
  @Test func aHotelThatStoodStillSendsNothingTwice() throws {
    let first = try hotel(["--reply-delay-ms", "2000"])
    let ids = (0..<40).map { "m\($0)" }
    #expect(try first.deliver(metaPost(ids)).status == 200)
    first.send(SIGSTOP)
    let second = try hotel()
    #expect(try second.metric("outbox_depth", becomes: 0))
    #expect(try api.messages.map(\.context.messageId).sorted() == ids.sorted())
    first.send(SIGCONT)
    #expect(eventually { try first.deliver(metaPost(["z"])).status == 200 })
    #expect(try api.messages(41).last?.context.messageId == "z")
    #expect(try first.metric("outbox_depth", becomes: 0))
    #expect(try api.messages.count == 41)
  }

  /// In good order there is nothing to wait for.
  @Test func aHotelThatEndsLeavesTheRestToOthers() throws {
    let first = try hotel(["--reply-delay-ms", "600000"])
    try first.deliver(metaPost(["a"]))
    first.send(SIGTERM)
    #expect(first.ends())
    let second = try hotel()
    #expect(try second.metric("outbox_depth") == 1)
    #expect(api.server.observed.requestCount == 0)
    // It is claimed by the second now, with the time it is due at.
    let third = try hotel()
    try third.deliver(metaPost(["b"]))
    #expect(try api.messages(1).map(\.context.messageId) == ["b"])
    #expect(try third.metric("outbox_depth", becomes: 1))
  }

  /// The answer to a COMMIT is lost: nobody knows whether it was done, so it must not be said to have been.
  @Test func whatMayHaveBeenCommittedIsNotAcknowledged() throws {
    let gate = try PostgresGate(to: postgres)
    defer { gate.close() }
    let hotel = try RunningHotel(["--database", gate.url])
    gate.loseAnswers(toCommits: 1)
    let refused = try hotel.book(key: "k", room: "3")
    #expect(refused.status == 503)
    #expect(refused.header(named: "Retry-After") == "1")
    #expect(eventually { try hotel.ask("GET", "/health/ready").status == 200 })
    // It was done, and the guest who asks again with the same key learns that.
    let again = try hotel.book(key: "k", room: "3")
    #expect(again.status == 201)
    #expect(again.header(named: "Idempotent-Replayed") == "true")
    #expect(try hotel.ask("GET", "/api/v1/reservations?key=k").decoded(BookedList.self).reservations.count == 1)
  }

  @Test func aServerThatIsSlowIsNotTakenForDead() throws {
    let gate = try PostgresGate(to: postgres)
    defer { gate.close() }
    let hotel = try RunningHotel(["--database", gate.url])
    gate.delay(milliseconds: 150)
    // Six answers of the server for this one.
    #expect(try hotel.book(key: "k", room: "3").status == 201)
    #expect(try hotel.ask("GET", "/health/ready").status == 200)
    gate.delay(milliseconds: 0)
    let many = metaPost((0..<2_000).map { "m\($0)" })
    #expect(try hotel.deliver(many).decoded(Receipt.self) == Receipt(new: 2_000, duplicates: 0))
  }

  @Test func aMessageThatMayHaveBeenCommittedIsAnsweredOnce() throws {
    let gate = try PostgresGate(to: postgres)
    defer { gate.close() }
    let hotel = try RunningHotel(["--database", gate.url, "--cloud-api", api.server.url])
    // From now on the hotel claims what it writes down.
    try hotel.deliver(metaPost(["first"]))
    #expect(try hotel.metric("outbox_depth", becomes: 0))
    let bodies = (0..<20).map { metaPost(["m\($0)"]) }
    var refused = 0
    for body in bodies {
      gate.loseAnswers(toCommits: 1)
      if try hotel.deliver(body).status == 503 { refused += 1 }
      #expect(eventually { try hotel.deliver(body).status == 200 })
    }
    #expect(refused > 0)
    gate.loseAnswers(toCommits: 0)
    #expect(try hotel.metric("outbox_depth", becomes: 0))
    #expect(Set(try api.messages.map(\.context.messageId)).count == bodies.count + 1)
    #expect(try api.messages.count == bodies.count + 1)
  }
}
