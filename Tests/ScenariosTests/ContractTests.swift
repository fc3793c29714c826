// SPDX-License-Identifier: Apache-2.0
import Document
import Judgement
import Testing

@testable import Scenarios

/// The examples of the contract, copied without a change, compile and do what they say.
@Suite struct ContractTests {
  private func reservation() throws -> ScenarioProgram {
    let loaded = loadScenario(fixture("reservation.yaml"))
    #expect(loaded.diagnostics.rendered() == "")
    #expect(loaded.files.map { $0.path.split(separator: "/").last } == ["reservation.yaml", "guests.csv"])
    return try #require(loaded.value)
  }

  @Test func namesAndKinds() throws {
    let program = try reservation()
    #expect(
      program.requestNames == [
        "reservation/search", "reservation/book", "reservation/read-back", "reservation/cancel",
      ])
    #expect(program.requests.map(\.method) == ["GET", "POST", "GET", "DELETE"])
    #expect(program.requests.map(\.isReadOnly) == [true, false, true, false])
    #expect(program.requests.map(\.keepsBody) == [true, true, true, false])
    #expect(program.requests[1].writes?.closedBy == "cancel")
    #expect(program.expectedCounts == [1, 1, 1, 1])
  }

  @Test func aWholeJourney() throws {
    let program = try reservation()
    let journey = try journey(program)
    #expect(try journey.next() == .request(0))
    let search = try rendered(program, journey)
    #expect(search.urlText == "http://127.0.0.1:8080/api/v1/availability?checkin=2026-03-31&nights=2")
    #expect(!search.hasBody)
    let rooms = Answer(200, #"{"rooms":[{"id":7},{"id":8}]}"#)
    #expect(program.requests[0].judge(rooms, elapsedMicroseconds: 5, journey: journey).outcome == .ok)
    let room = try #require(journey.value(named: "room"))
    #expect(room.kind == .number && ["7", "8"].contains(room.string))

    guard case .pause(let pause) = try journey.next() else {
      Issue.record("a pause was expected")
      return
    }
    #expect((200_000_000...1_000_000_000).contains(pause))
    #expect(try journey.next() == .request(1))
    let book = try rendered(program, journey, 1)
    let key = try #require(journey.value(named: "key")).string
    #expect(key.hasPrefix("00c0ffee-0042-8"))
    #expect(book.headerTexts == ["Idempotency-Key: \(key)", "Content-Type: application/json"])
    #expect(book.bodyText.hasPrefix(#"{"room":\#(room.string),"guest":""#))
    #expect(book.bodyText.hasSuffix(#"","nights":2}"#))
    #expect(try program.requests[1].writes?.key(journey) == key)
    var read = RenderedRequest()
    try program.requests[1].writes?.read?.request.render(into: &read, journey: journey)
    #expect(read.urlText == "http://127.0.0.1:8080/api/v1/reservations?key=\(key)")
    let booked = Answer(201, #"{"id":"b/1"}"#)
    let judged = program.requests[1].judge(booked, elapsedMicroseconds: 1_000_001, journey: journey)
    #expect(judged == StepJudgement(outcome: .ok, isSlow: true))
    #expect(try journey.next() == .request(2))
    #expect(try rendered(program, journey, 2).urlText == "http://127.0.0.1:8080/api/v1/reservations/b%2F1")
    #expect(try journey.next() == .end)
    journey.enter(.finally)
    #expect(try journey.next() == .request(3))
    #expect(try journey.next() == .end)
  }

  @Test func aRefusalEndsWithNothingToCancel() throws {
    let program = try reservation()
    let journey = try journey(program)
    let judged = program.requests[1].judge(Answer(409), elapsedMicroseconds: 1, journey: journey)
    #expect(judged.outcome == .refused(label: "sold out"))
    journey.enter(.finally)
    #expect(try journey.next() == .end)
  }

  @Test func plan() throws {
    let loaded = loadPlan(fixture("expected-peak.yaml"), options(["WHATSAPP_APP_SECRET": "hush-hush"]))
    #expect(loaded.diagnostics.rendered() == "")
    let plan = try #require(loaded.value)
    #expect(plan.scenarios.map(\.name) == ["health", "whatsapp-webhook", "reservation"])
    #expect(plan.mix.entries.map(\.share) == [0.2, 0.6, 0.2])
    #expect(plan.phases.map(\.name) == ["warm-up", "peak"])
    #expect(plan.phases[0].load == .rate(RateExpression(from: 0, to: 1, unit: .peak)))
    #expect(plan.phases.map(\.isSteady) == [false, true])
    #expect(plan.phases.map(\.durationNanoseconds) == [30_000_000_000, 600_000_000_000])
    #expect(plan.thresholds.count == 4 && plan.thresholds[3].aborts)
    #expect(plan.sendsWebhooks)
    #expect(plan.drainNanoseconds == 30_000_000_000 && plan.timeoutNanoseconds == 30_000_000_000)
  }

  @Test func environments() throws {
    let loaded = loadEnvironments(fixture("gonogo.yaml"))
    #expect(loaded.diagnostics.rendered() == "")
    let staging = try #require(loaded.value?["staging"])
    #expect(staging.url == "https://staging.hotel.example")
    #expect(staging.kind == .staging && staging.allow == [.smoke, .load, .chaos] && !staging.isReadOnly)
    #expect(staging.hosts == ["staging.hotel.example"])
    #expect(staging.ca?.hasSuffix("/Fixtures/certs/staging-ca.pem") == true)
    #expect(staging.build == .answer(get: "/health/detailed", place: .json("$.version")))
    #expect(staging.peak?.rate == RateExpression(from: 40, to: 40, unit: .arrivalsPerSecond))
    #expect(staging.peak?.source == "nginx log, week 42" && staging.peak?.by == "ops")
    #expect(staging.outbound == .sink)
    #expect(staging.docker?.project == "agente")
    #expect(staging.metrics == [.init(.scrape("/metrics")), .init(.container("agente-api"))])
    #expect(staging.settings["webhook"] == .text("/webhooks/whatsapp"))
    #expect(staging.settings["health"]?.joined == "/health/live,/health/ready")
    #expect(staging.coverage.ignored == [.init(operation: "DELETE /admin/*", reason: "destroys data")])
  }

  @Test func theWebhookIsSignedOverTheBytesSent() throws {
    let loaded = loadScenario(fixture("whatsapp-webhook.yaml"), options(["WHATSAPP_APP_SECRET": "hush-hush"]))
    let program = try #require(loaded.value)
    var context = context()
    context.settings = ["webhook": "/webhooks/whatsapp"]
    let journey = try journey(program, context)
    #expect(try journey.next() == .request(0))
    let request = try rendered(program, journey)
    #expect(request.urlText == "http://127.0.0.1:8080/webhooks/whatsapp")
    var hex: [UInt8] = []
    appendHex(hmacSHA256(key: Array("hush-hush".utf8), request.body), to: &hex)
    #expect(request.headerTexts.first == "X-Hub-Signature-256: sha256=" + String(decoding: hex, as: UTF8.self))
    #expect(request.bodyText.contains(#""timestamp":1772366400,"#))
    #expect(request.bodyText.contains(#""wa_id":"0034600111222""#))
    #expect(context.redactor.redact("the key is hush-hush!") == "the key is [redacted]!")
  }

  @Test(arguments: FileKind.allCases)
  func everyKindHasASchema(kind: FileKind) {
    let schema = kind.jsonSchema
    #expect(schema.contains(#""$schema": "https://json-schema.org/draft/2020-12/schema""#))
    #expect(schema.contains(kind == .scenario ? #""capture""# : kind == .plan ? #""thresholds""# : #""outbound""#))
  }
}
