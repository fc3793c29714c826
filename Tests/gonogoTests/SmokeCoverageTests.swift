// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestServers
import Testing

/// What smoke says about the operations of a target, and about the reservation flow: by its exit code, run.json and
/// junit.xml.
@Suite struct SmokeCoverageTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try scratch.write("front.yaml", "scenario: front\nsteps: [{name: front, get: /}, {name: room, get: /rooms/7}]\n")
    try scratch.write("back.yaml", "scenario: back\nsteps: [{name: back, get: /back}]\n")
    try scratch.write(
      "plan.yaml",
      """
      plan: all
      mix: [{scenario: front.yaml, share: 50%}, {scenario: back.yaml, share: 50%}]
      phases: [{name: one, rate: 1/s, for: 1s}]
      """)
  }

  /// Answers everything, and has the document it is given.
  private func server(document: String?) throws -> TestServer {
    try TestServer { request in
      guard request.path == "/openapi.json" else { return .answer() }
      return document.map { .json($0) } ?? .answer(404)
    }
  }

  private func document(_ paths: String...) -> String {
    let all = paths.map { "\"\($0)\": {\"get\": {}}" }.joined(separator: ", ")
    return "{\"openapi\": \"3.1.0\", \"paths\": {\(all)}}"
  }

  private func declare(_ server: TestServer, coverage: String) throws {
    try scratch.write(
      "gonogo.yaml",
      "environments:\n  here: {url: \"\(server.url)\", kind: staging, coverage: {\(coverage)}}\n")
  }

  private func item(_ id: String) throws -> (status: String, reason: String)? {
    let record = try object(text(of: scratch.runFolder() + "/run.json"))
    let items = try #require(record["items"] as? [[String: Any]])
    let item = items.first { $0["id"] as? String == id }
    return item.map { ($0["status"] as? String ?? "", $0["reason"] as? String ?? "") }
  }

  private func smoke(_ words: String...) async throws -> Ended {
    try await gonogo(["smoke"] + words + ["--retry-pause", "1ms"], in: scratch)
  }

  @Test func everyOperationCalled() async throws {
    let server = try server(document: document("/", "/rooms/{id}", "/back"))
    defer { server.stop() }
    let ended = try await smoke("plan.yaml", "--target", server.url)
    #expect(ended.code == 0, "\(ended)")
    let item = try #require(try item("F-001"))
    #expect(item.status == "pass" && item.reason == "3 steps passed and 3 operations called")
    let folder = try scratch.runFolder()
    let junit = try text(of: folder + "/junit.xml")
    #expect(junit.contains("<testcase name=\"room\" classname=\"front\""))
    #expect(junit.contains("<testcase name=\"F-001\" classname=\"checklist\""))
    // What it was held against is kept.
    #expect(files(below: folder + "/inputs").contains { $0.hasSuffix("openapi.json") })
  }

  @Test func anOperationThatNobodyCalled() async throws {
    let server = try server(document: document("/", "/rooms/{id}", "/back", "/never"))
    defer { server.stop() }
    let ended = try await smoke("plan.yaml", "--target", server.url)
    #expect(ended.code == 99, "\(ended)")
    #expect(ended.out.contains("1 operation of 4 never called: GET /never"), "\(ended.out)")
    #expect(try text(of: scratch.runFolder() + "/junit.xml").contains("failures=\"1\""))
  }

  /// Whoever looks at one scenario is not blamed for the others; whoever only reads, not for what writes.
  @Test func aPartOfTheScenariosLeavesItOpen() async throws {
    let server = try server(document: document("/", "/rooms/{id}", "/back"))
    defer { server.stop() }
    let ended = try await smoke("front.yaml", "--target", server.url)
    #expect(ended.code == 0, "\(ended)")
    let item = try #require(try item("F-001"))
    #expect(item.status == "pending")
    #expect(
      item.reason == "1 operation of 3 never called: GET /back (only scenarios named on the command line were walked)")
  }

  @Test func waiversNeedNoCall() async throws {
    let server = try server(document: document("/", "/rooms/{id}", "/back", "/admin/purge"))
    defer { server.stop() }
    try declare(
      server, coverage: "ignore: [{operation: GET /admin/*, reason: destroys}, {operation: GET /old, reason: gone}]")
    let ended = try await smoke("plan.yaml", "--env", "here")
    #expect(ended.code == 0, "\(ended)")
    #expect(try item("F-001")?.reason == "3 steps passed and 3 operations called, 1 ignored with a reason")
    let record = try object(text(of: scratch.runFolder() + "/run.json"))
    let coverage = try #require((record["smoke"] as? [String: Any])?["coverage"] as? [String: Any])
    #expect(coverage["unusedIgnores"] as? [String] == ["GET /old"])
  }

  @Test func routesInPlaceOfADocument() async throws {
    let server = try server(document: nil)
    defer { server.stop() }
    try declare(server, coverage: "routes: [GET /, \"GET /rooms/{id}\", POST /rooms]")
    let ended = try await smoke("plan.yaml", "--env", "here")
    #expect(ended.code == 99, "\(ended)")
    #expect(try item("F-001")?.reason == "1 operation of 3 never called: POST /rooms")
    let record = try object(text(of: scratch.runFolder() + "/run.json"))
    let coverage = try #require((record["smoke"] as? [String: Any])?["coverage"] as? [String: Any])
    #expect(coverage["undocumented"] as? [String] == ["GET /back"])
    #expect(coverage["source"] as? String == "routes of here")
  }

  @Test func nobodySaysWhatThereIs() async throws {
    let server = try server(document: nil)
    defer { server.stop() }
    let ended = try await smoke("plan.yaml", "--target", server.url)
    #expect(ended.code == 0, "\(ended)")
    let item = try #require(try item("F-001"))
    #expect(item.status == "pending")
    #expect(item.reason.hasPrefix("the target has no OpenAPI document at \(server.url)/openapi.json: it answers 404"))
  }

  @Test func aDocumentInAFile() async throws {
    let server = try server(document: nil)
    defer { server.stop() }
    try declare(server, coverage: "openapi: docs/api.yaml")
    let none = try await smoke("plan.yaml", "--env", "here")
    #expect(none.code == 2 && none.err.contains("api.yaml"), "\(none)")
    try scratch.write("docs/api.yaml", "openapi: 3.0.3\npaths:\n  /: {get: {}}\n  /back: {get: {}}\n")
    let ended = try await smoke("plan.yaml", "--env", "here")
    #expect(ended.code == 0, "\(ended)")
    #expect(try item("F-001")?.status == "pass")
  }

  // MARK: F-002

  private func reservation() throws {
    try scratch.write(
      "reservation.yaml",
      """
      scenario: reservation
      marks: {F-002: [book, read-back, cancel, gone]}
      steps:
        - name: book
          post: /r
          expect: {status: 201}
          capture: {id: "$.id"}
        - name: read-back
          get: "/r/{{ id }}"
          expect: {json: {"$.id": 7}}
      finally:
        - name: cancel
          delete: "/r/{{ id }}"
          expect: {status: [200, 204]}
        - name: gone
          get: "/r/{{ id }}"
          expect: {status: 404}
      """)
  }

  /// Answers as a hotel does; `cancels`: whether a cancelled booking is gone.
  private func hotel(cancels: Bool, failsFirstReading: Bool = false) throws -> TestServer {
    let state = HotelState()
    return try TestServer { request in
      switch request.method {
      case "POST": return .json("{\"id\": 7}", status: 201)
      case "DELETE":
        if cancels { state.isCancelled = true }
        return .answer(204, body: "")
      default:
        guard request.path.hasPrefix("/r/") else { return .answer(404) }
        if failsFirstReading, state.isFirstReading() { return .answer(503) }
        return state.isCancelled ? .answer(404) : .json("{\"id\": 7}")
      }
    }
  }

  @Test func bookedReadBackCancelledGone() async throws {
    try reservation()
    let hotel = try hotel(cancels: true)
    defer { hotel.stop() }
    let ended = try await smoke("reservation.yaml", "--target", hotel.url)
    #expect(ended.code == 0, "\(ended)")
    #expect(try item("F-002")?.status == "pass")
  }

  @Test func aCancelThatCancelledNothing() async throws {
    try reservation()
    let hotel = try hotel(cancels: false)
    defer { hotel.stop() }
    let ended = try await smoke("reservation.yaml", "--target", hotel.url)
    #expect(ended.code == 99, "\(ended)")
    let item = try #require(try item("F-002"))
    #expect(item.status == "fail" && item.reason.hasPrefix("reservation/gone failed: expected"), "\(item)")
  }

  @Test func aRetryMakesItPartial() async throws {
    try reservation()
    let hotel = try hotel(cancels: true, failsFirstReading: true)
    defer { hotel.stop() }
    let ended = try await smoke("reservation.yaml", "--target", hotel.url)
    #expect(ended.code == 4, "\(ended)")
    #expect(try item("F-002")?.status == "partial")
    #expect(try text(of: scratch.runFolder() + "/junit.xml").contains("<flakyFailure "))
  }
}

private final class HotelState: Sendable {
  private let state = Mutex((isCancelled: false, readings: 0))

  var isCancelled: Bool {
    get { state.withLock { $0.isCancelled } }
    set { state.withLock { $0.isCancelled = newValue } }
  }

  func isFirstReading() -> Bool {
    state.withLock { state in
      state.readings += 1
      return state.readings == 1
    }
  }
}
