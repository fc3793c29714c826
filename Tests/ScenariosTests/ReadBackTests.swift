// SPDX-License-Identifier: Apache-2.0
import Document
import Foundation
import Testing

@testable import Scenarios

/// Reading a write back, and what must be kept for it.
@Suite struct ReadBackTests {
  private static let text = """
    scenario: s
    data:
      guests: {file: guests.csv, pick: random}
    vars: {tenant: "{{ pick('a', 'b') }}"}
    defaults:
      headers: {X-Tenant: "{{ tenant }}"}
    setup:
      - {name: login, post: /login, capture: {ticket: {json: "$.ticket", secret: true}}}
    steps:
      - name: book
        let: {key: "{{ uuid() }}", token: "{{ uuid() }}"}
        post: /book
        headers: {Authorization: "Bearer {{ ticket }}", Idempotency-Key: "{{ key }}", X-Sum: "{{ base64(body) }}"}
        json: {guest: "{{ guests.name }}"}
        capture: {booking: "$.id"}
        writes:
          key: "{{ key }}"
          read:
            get: "/book?key={{ key }}&t={{ token }}&guest={{ guests.name }}&n={{ journey.number }}"
            count: "$.found"
            headers: {Accept: application/json}
            capture: {booking: "$.found[0].id"}
          closed-by: cancel
    finally:
      - {name: cancel, let: {path: "/book/{{ booking }}"}, delete: "{{ path }}"}
    """

  private func program() throws -> ScenarioProgram {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("read-back-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data("name\nAda\nBob\nÇelik\n".utf8).write(to: folder.appendingPathComponent("guests.csv"))
    try Data(Self.text.utf8).write(to: folder.appendingPathComponent("s.yaml"))
    let loaded = loadScenario(folder.appendingPathComponent("s.yaml").path)
    return try #require(loaded.value, "\(loaded.diagnostics.all)")
  }

  private func run(_ program: ScenarioProgram) throws -> ScenarioRun {
    let context = RunContext(runID: "0123456789ab", seed: 7, baseURL: "http://127.0.0.1", redactor: Redactor())
    return try #require(try ScenarioRun.prepare([program], context: context).first)
  }

  private func rendered(_ step: RequestStep, _ journey: Journey) throws -> (url: String, headers: [String]) {
    var request = RenderedRequest()
    try step.render(into: &request, journey: journey)
    let headers = request.headers.prefix(request.headerCount).map { String(decoding: $0, as: UTF8.self) }
    return (String(decoding: request.url, as: UTF8.self), headers.sorted())
  }

  @Test func anotherJourneyReadsAndClosesTheSameWrite() throws {
    let program = try program()
    let run = try run(program)
    let journey = Journey(run)
    try journey.begin(number: 17)
    journey.enter(.steps)
    guard case .request(let book) = try journey.next() else { return #expect(Bool(false)) }
    #expect(program.requests[book].name == "book")
    journey.slots[try #require(program.slotNames.firstIndex(of: "ticket"))].set(.text, "T".utf8)
    let answer = Answer(201, #"{"id":"r\"1"}"#)
    #expect(program.requests[book].judge(answer, elapsedMicroseconds: 1, journey: journey).outcome == .ok)
    let read = try #require(program.requests[book].writes?.read)
    let before = try rendered(read.request, journey)
    #expect(before.headers.contains { $0.hasPrefix("X-Tenant: ") })
    #expect(before.headers.contains("Authorization: Bearer T") && before.headers.contains("Accept: application/json"))
    // What is about the body does not go along.
    #expect(!before.headers.contains { $0.hasPrefix("X-Sum") || $0.hasPrefix("Idem") || $0.hasPrefix("Content-Type") })

    let kept = journey.keptValues(of: book)
    let json = String(decoding: kept.json, as: UTF8.self)
    // A name that says it is a secret is not written, and what setup finds is found again.
    #expect(!json.contains("token") && !json.contains("ticket") && !kept.unwritten.isEmpty)
    #expect(try JSONSerialization.jsonObject(with: Data(kept.json)) is [String: Any])

    let other = Journey(run)
    try other.restore(kept.json, kept.unwritten, of: book)
    other.slots[try #require(program.slotNames.firstIndex(of: "ticket"))].set(.text, "T".utf8)
    #expect(try rendered(read.request, other).url == before.url)
    #expect(try rendered(read.request, other).headers == before.headers)
    let closer = try #require(program.closer(of: book))
    try other.assignVariables(of: closer)
    #expect(try rendered(program.requests[closer], other).url == "http://127.0.0.1/book/r%221")

    // Without its secrets it says what is missing, and asks nothing else instead.
    try other.restore(kept.json, UnwrittenValues(), of: book)
    #expect(throws: RenderError.undefined(name: "token")) { try rendered(read.request, other) }
  }

  /// What the closing step compares its answer with is kept too, and does not tell which write it closes.
  @Test func whatTheClosersAnswerIsComparedWithIsKept() throws {
    let yaml = """
      scenario: s
      steps:
        - name: book
          let: {key: "{{ uuid() }}", guest: "{{ uuid() }}"}
          post: /book
          json: {guest: "{{ guest }}"}
          capture: {booking: "$.id"}
          writes: {key: "{{ key }}", read: {get: "/book?key={{ key }}"}, closed-by: cancel}
      finally:
        - {name: cancel, delete: "/book/{{ booking }}", expect: {json: {$.guest: "{{ guest }}"}}}
      """
    let program = try ScenariosTests.program(yaml)
    let run = try run(program)
    let journey = Journey(run)
    try journey.begin(number: 1)
    journey.enter(.steps)
    #expect(try journey.next() == .request(0))
    #expect(
      program.requests[0].judge(Answer(201, #"{"id":7}"#), elapsedMicroseconds: 1, journey: journey).outcome == .ok)
    #expect(journey.closerValues(of: 0).map(\.string) == ["7"])
    let other = Journey(run)
    try other.restore(journey.keptValues(of: 0).json, UnwrittenValues(), of: 0)
    let guest = try #require(journey.value(named: "guest")?.string)
    let gone = Answer(200, "{\"guest\":\"\(guest)\"}")
    #expect(program.requests[1].judge(gone, elapsedMicroseconds: 1, journey: other).outcome == .ok)
  }

  @Test(arguments: ["", "{}", "{\"guests\":{\"row\":3}}", "{\"guests\":{\"row\":-1}}", "{\"guests\":4}", "{", "[1]"])
  func valuesThatWereDamagedAreRefused(json: String) throws {
    let program = try program()
    let journey = Journey(try run(program))
    let book = try #require(program.requests.firstIndex { $0.name == "book" })
    #expect(throws: RestoreError.self) { try journey.restore(Array(json.utf8), UnwrittenValues(), of: book) }
  }

  @Test(
    arguments: [
      (200, #"{"found":[]}"#, 0), (200, #"{"found":null}"#, 0), (200, #"{"found":[{"id":"x"}]}"#, 1),
      (200, #"{"found":[{"id":"x"},{"id":"y"}]}"#, 2), (404, "", 0), (410, "<html>", 0),
      (200, "", nil), (200, "<html>", nil), (200, "{}", nil), (200, #"{"found":"3"}"#, nil),
      (200, #"{"found":-1}"#, nil),
      (200, #"{"found":1.5}"#, nil), (200, #"{"found":[1]}"#, nil), (403, "", nil), (302, "", nil), (500, "", nil),
      (429, "", nil),
    ] as [(Int, String, Int?)])
  func answersAreCountedOrNotUnderstood(status: Int, body: String, found: Int?) throws {
    let program = try program()
    let journey = Journey(try run(program))
    let reads = program.requests.compactMap { $0.writes?.read }
    let read = try #require(reads.first)
    let answer = read.judge(Answer(status, body), journey: journey)
    switch answer {
    case .found(let count): #expect(count == found)
    case .notNow: #expect(found == nil && (status == 500 || status == 429))
    case .unreadable: #expect(found == nil && status != 500 && status != 429)
    }
    if found == 1 { #expect(journey.value(named: "booking")?.string == "x") }
  }
}
