// SPDX-License-Identifier: Apache-2.0
import Foundation
import Results
import Synchronization
import TestServers
import Testing

@testable import Load

/// `ledger.jsonl`: what was written to the target, and what the target said of it.
extension RealRuns {
  @Suite struct WriteLedger {
    private struct Entry: Decodable {
      var key: String
      var state: String
      var step: String
    }

    private static let scenario = """
      scenario: s
      steps:
        - name: book
          let: {key: "{{ uuid() }}"}
          post: /book
          headers: {Idempotency-Key: "{{ key }}"}
          expect: {status: {201: booked, 409: sold out}}
          writes: {key: "{{ key }}", closed-by: cancel}
        - {name: read, get: "/read"}
      finally:
        - {name: cancel, delete: "/cancel", headers: {Key: "{{ key }}"}}
      """

    private func entries(_ finished: Fixture.Finished) throws -> [String: [String]] {
      var states: [String: [String]] = [:]
      for line in (finished.files["ledger.jsonl"] ?? "").split(separator: "\n") {
        let entry = try JSONDecoder().decode(Entry.self, from: Data(line.utf8))
        #expect(entry.step == "book")
        states[entry.key, default: []].append(entry.state)
      }
      return states
    }

    @Test func eachWriteHasItsStates() throws {
      let fixture = try Fixture(
        TestServer { request in
          guard request.path == "/book" else { return .answer() }
          switch request.sequence % 5 {
          case 0: return .answer(409)
          case 1: return .answer(500)
          case 2: return .closesWithoutAnswer
          default: return .answer(201)
          }
        })
      let finished = try fixture.run(
        try fixture.program(
          [try Fixture.scenario(yaml: Self.scenario)], phases: [Fixture.open(rate: 40, seconds: 1)]))
      expectLedgersAddUp(finished)
      let states = try entries(finished)
      #expect(states.count == 40)
      let booked = fixture.server.observed.requests.filter { $0.path == "/book" }
      #expect(Set(booked.compactMap { $0.header("Idempotency-Key") }) == Set(states.keys))
      for request in booked {
        let known = states[request.header("Idempotency-Key") ?? ""] ?? []
        switch request.sequence % 5 {
        case 0: #expect(known == ["sending", "refused"])
        case 1, 2: #expect(known == ["sending", "indeterminate"])
        default: #expect(known == ["sending", "acked", "closed"])
        }
      }
    }

    /// The key is in the file when the target sees the request: were this process killed then, it would be there.
    @Test func theKeyIsInTheFileBeforeTheRequestIsSent() throws {
      let directory = Shared("")
      let missing = Shared(0)
      let server = try TestServer { request in
        guard request.path == "/book", let key = request.header("Idempotency-Key") else { return .answer() }
        let folder = directory.value.withLock { $0 }
        let runs = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let isThere = runs.contains { run in
          let text = try? String(contentsOfFile: "\(folder)/\(run)/ledger.jsonl", encoding: .utf8)
          return text?.contains("\"key\":\"\(key)\",\"scenario\":\"s\",\"state\":\"sending\"") ?? false
        }
        if !isThere { missing.value.withLock { $0 += 1 } }
        return .answer(201)
      }
      let fixture = try Fixture(server)
      directory.value.withLock { $0 = fixture.directory }
      let finished = try fixture.run(
        try fixture.program(
          [try Fixture.scenario(yaml: Self.scenario)], phases: [Fixture.open(rate: 50, seconds: 1)]))
      expectLedgersAddUp(finished)
      #expect(server.observed.requestsByPath["/book"] == 50)
      #expect(missing.value.withLock { $0 } == 0)
    }

    /// What the cancel meets, and the states of the booking then. Only an answer that tells nothing leaves it open.
    @Test(arguments: [
      (Reply.answer(200), ["sending", "acked", "closed"]), (.answer(404), ["sending", "acked"]),
      (.answer(409), ["sending", "acked"]), (.answer(503), ["sending", "acked", "closing"]),
      (.closesWithoutAnswer, ["sending", "acked", "closing"]), (.neverAnswers, ["sending", "acked", "closing"]),
    ])
    func aCloseThatDoesNotTellIsAStateOfItsOwn(reply: Reply, expected: [String]) throws {
      let fixture = try Fixture(
        TestServer { request in
          request.path == "/cancel" ? reply : .answer(request.path == "/book" ? 201 : 200)
        })
      let finished = try fixture.run(
        try fixture.program(
          [try Fixture.scenario(yaml: Self.scenario)], phases: [Fixture.open(rate: 5, seconds: 1)], timeoutSeconds: 1,
          drainSeconds: 3))
      let states = try entries(finished)
      #expect(states.count == 5 && states.values.allSatisfy { $0 == expected }, "\(states)")
    }

    /// Two bookings, one cancel: it closes the booking it names and no other.
    @Test func aCloseIsThatOfOneWrite() throws {
      let fixture = try Fixture(
        TestServer { request in
          request.path == "/book" ? .json("{\"id\":\(request.sequence)}", status: 201) : .answer()
        })
      let finished = try fixture.run(
        try fixture.program(
          [
            try Fixture.scenario(
              yaml: """
                scenario: s
                steps:
                  - repeat: 2
                    steps:
                      - name: book
                        let: {key: "{{ uuid() }}"}
                        post: /book
                        expect: {status: 201}
                        capture: {id: "$.id"}
                        writes: {key: "{{ key }}", closed-by: cancel}
                finally:
                  - {name: cancel, delete: "/book/{{ id }}"}
                """)
          ], phases: [Fixture.open(rate: 5, seconds: 1)]))
      let states = try entries(finished).values
      #expect(states.count == 10)
      #expect(states.count { $0 == ["sending", "acked", "closed"] } == 5)
      #expect(states.count { $0 == ["sending", "acked"] } == 5)
      #expect(finished.files["ledger.jsonl"]?.contains(#","values":{"id":"#) == true)
    }

    @Test func aWriteThatIsCutIsIndeterminate() throws {
      let fixture = try Fixture(TestServer(always: .neverAnswers))
      let finished = try fixture.run(
        try fixture.program(
          [try Fixture.scenario(yaml: Self.scenario)], phases: [Fixture.open(rate: 10, seconds: 1)],
          timeoutSeconds: 60, drainSeconds: 0.2))
      expectLedgersAddUp(finished)
      #expect(try entries(finished).values.allSatisfy { $0 == ["sending", "indeterminate"] })
    }
  }
}
