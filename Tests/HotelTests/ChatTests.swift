// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing
import Transport

@testable import Hotel

struct ChatReply: Decodable {
  var session: String
  var intent: String
  var reply: String
  var fallback: Bool?
}

extension RunningHotel {
  func chat(_ message: String, session: String? = nil) throws -> ChatReply {
    var body = ["message": message]
    body["session"] = session
    let text = String(decoding: try JSONEncoder().encode(body), as: UTF8.self)
    let answer = try ask("POST", "/chat", body: text)
    #expect(answer.status == 200)
    return try answer.decoded(ChatReply.self)
  }
}

@Suite struct ChatTests {
  @Test func sessionsGoOn() throws {
    let hotel = try RunningHotel()
    let first = try hotel.chat("hola")
    #expect(first.session.count == 32)
    #expect(try hotel.chat("precio", session: first.session).session == first.session)
    #expect(try hotel.chat("hola").session != first.session)
    #expect(try hotel.metric("sessions_created_total") == 2)
  }

  @Test func withoutASystemToAskItsOwnTableAnswers() throws {
    let hotel = try RunningHotel(["--rooms", "3"])
    let reply = try hotel.chat("¿Hay habitaciones?")
    #expect(reply.intent == "availability")
    #expect(reply.fallback == nil)
    #expect(reply.reply.contains("1 single") && reply.reply.contains("2 double"))
    #expect(try hotel.chat("cost of the room").reply.contains("EUR"))
    #expect(try hotel.chat("hi").intent == "greeting")
    #expect(try hotel.chat("what is the meaning of life").intent == "other")
  }

  @Test(arguments: [
    ("", 400), ("{}", 422), (#"{"message":""}"#, 422), (#"{"message":1}"#, 422),
    (#"{"message":"a","session":""}"#, 422),
    (#"{"message":"a","session":"a b"}"#, 422), (#"{"message":"a","session":null}"#, 200),
    (#"{"message":"\#(String(repeating: "é", count: 1_000))"}"#, 200),
    (#"{"message":"\#(String(repeating: "é", count: 1_001))"}"#, 422),
  ])
  func whatIsNoQuestionIsRefused(body: String, status: Int) throws {
    #expect(try RunningHotel().ask("POST", "/chat", body: body).status == status)
  }

  @Test func aStalledSystemIsLeftAloneUntilItAnswersAgain() throws {
    let pms = try RunningHotel(pms: [])
    let hotel = try RunningHotel(["--pms", pms.url, "--pms-timeout-ms", "100", "--pms-open-ms", "300"])
    #expect(try hotel.chat("precio").reply.contains("suite 180.00 EUR"))
    #expect(try hotel.metric(#"circuit_breaker_state{name="pms",state="closed"}"#) == 1)

    pms.send(SIGSTOP)
    var asked = 0
    while try hotel.metric(#"circuit_breaker_state{name="pms",state="open"}"#) == 0, asked < 20 {
      let reply = try hotel.chat("precio")
      #expect(reply.fallback == true)
      #expect(reply.reply == Concierge.fallbackText)
      asked += 1
    }
    let degraded = try hotel.ask("GET", "/health/detailed")
    #expect(degraded.status == 200)
    #expect(try degraded.decoded(DetailedHealth.self).status == "degraded")
    #expect(try degraded.decoded(DetailedHealth.self).dependencies["pms"]?.status == "down")
    #expect(try hotel.ask("GET", "/health/ready").status == 200)
    // Five failures in a row, two of each question.
    #expect((1...4).contains(asked))
    // Now answers come without the system having been asked.
    let failed = try hotel.metric(#"pms_requests_total{result="failed"}"#)
    let refused = try hotel.metric(#"pms_requests_total{result="refused"}"#) ?? 0
    for _ in 0..<5 { #expect(try hotel.chat("habitación").fallback == true) }
    let failedSince = (try hotel.metric(#"pms_requests_total{result="failed"}"#) ?? 0) - (failed ?? 0)
    #expect(try hotel.metric(#"pms_requests_total{result="refused"}"#) ?? 0 >= refused + 4 - failedSince)
    #expect(failedSince <= 1)
    #expect(try hotel.chat("hola").fallback == nil)

    pms.send(SIGCONT)
    let deadline = Date(timeIntervalSinceNow: 15)
    while try hotel.chat("precio").fallback == true, Date() < deadline { usleep(50_000) }
    #expect(try hotel.chat("precio").fallback == nil)
    #expect(try hotel.metric(#"circuit_breaker_state{name="pms",state="closed"}"#) == 1)
    #expect(try hotel.metric(#"circuit_breaker_opened_total{name="pms"}"#) ?? 0 >= 1)
  }

  @Test func aStalledSystemTakesNoThreadOfTheHotel() throws {
    let pms = try RunningHotel(pms: [])
    let hotel = try RunningHotel(["--pms", pms.url, "--pms-timeout-ms", "3000", "--threads", "2"])
    pms.send(SIGSTOP)
    defer { pms.send(SIGCONT) }
    let chats = DispatchSemaphore(value: 0)
    Thread { [url = hotel.url] in
      _ = atOnce(30) { _ in try ask(url, "POST", "/chat", body: #"{"message":"price"}"#) }
      chats.signal()
    }.start()
    // More calls wait than there are threads; everything else is answered all the same.
    for _ in 0..<20 {
      #expect(try hotel.book(key: UUID().uuidString, checkin: day(Int.random(in: 1...700))).status < 500)
    }
    #expect(try hotel.metric("pms_fallbacks_total") != nil)
    #expect(chats.wait(timeout: .now() + 60) == .success)
    #expect(try hotel.metric(#"circuit_breaker_state{name="pms",state="open"}"#) == 1)
  }

  @Test func aSystemThatFailsNowAndThenIsAskedASecondTime() throws {
    let pms = try RunningHotel(pms: ["--error-share", "0.5"])
    let hotel = try RunningHotel(["--pms", pms.url])
    for _ in 0..<10 {
      #expect(try hotel.chat("precio").intent == "price")
      usleep(110_000)
    }
    #expect(try hotel.metric("pms_retries_total") ?? 0 > 0)
    #expect(try hotel.metric(#"pms_requests_total{result="ok"}"#) ?? 0 > 0)
  }

  @Test func repliesOnWhatsAppFallBackToo() throws {
    let api = try CloudAPI()
    let hotel = try RunningHotel(["--cloud-api", api.server.url, "--pms", "http://127.0.0.1:1"])
    try hotel.deliver(metaPost(["a"], text: #""precio""#))
    #expect(try api.messages(1).first?.text.body == Concierge.fallbackText)
  }

  @Test func theStandInServesWhatItDocuments() throws {
    let pms = try RunningHotel(pms: [])
    #expect(try pms.ask("GET", "/api/v1/room-types").text.contains(#""type":"suite""#))
    #expect(try pms.ask("GET", "/api/v1/rates").text.contains(#""price_cents":18000"#))
    #expect(try pms.ask("GET", "/health/live").status == 200)
    #expect(try pms.ask("GET", "/openapi.json").text.contains("/api/v1/rates"))
    #expect(try pms.ask("GET", "/api/v1/reservations").status == 404)
    #expect(try RunningHotel(pms: ["--error-share", "1"]).ask("GET", "/api/v1/rates").status == 500)
  }

  @Test func theBreakerGoesThroughItsStates() {
    let second: Int64 = 1_000_000_000
    let breaker = CircuitBreaker(failuresToOpen: 3, openMilliseconds: 1_000)
    func fail(at now: Int64) {
      guard let permit = breaker.permit(nowNanoseconds: now) else { return }
      breaker.ended(permit, well: false, nowNanoseconds: now)
    }
    fail(at: 0)
    fail(at: 0)
    let well = breaker.permit(nowNanoseconds: 0)
    if let well { breaker.ended(well, well: true, nowNanoseconds: 0) }
    let straggler = breaker.permit(nowNanoseconds: 0)
    // Only failures in a row count.
    fail(at: 1)
    fail(at: 2)
    #expect(breaker.state == .closed)
    fail(at: 3)
    #expect(breaker.state == .open)
    #expect(breaker.permit(nowNanoseconds: second) == nil)
    // What was sent before says nothing now.
    if let straggler { breaker.ended(straggler, well: true, nowNanoseconds: second) }
    #expect(breaker.state == .open)
    // One trial at a time; it fails.
    let trial = breaker.permit(nowNanoseconds: second + 3)
    #expect(trial != nil && breaker.state == .halfOpen)
    #expect(breaker.permit(nowNanoseconds: second + 3) == nil)
    if let trial { breaker.ended(trial, well: false, nowNanoseconds: second + 4) }
    #expect(breaker.state == .open && breaker.timesOpened == 2)
    // The next could not be sent, the one after it goes well.
    if let unsent = breaker.permit(nowNanoseconds: 3 * second) { breaker.returned(unsent, nowNanoseconds: 3 * second) }
    #expect(breaker.state == .open)
    if let last = breaker.permit(nowNanoseconds: 5 * second) {
      breaker.ended(last, well: true, nowNanoseconds: 5 * second)
    }
    #expect(breaker.state == .closed)
  }
}
