// SPDX-License-Identifier: Apache-2.0
import Results
import Synchronization
import TestServers
import Testing
import Transport

@testable import Load

/// One journey after the other, as scenario files describe them.
extension RealRuns {
  @Suite struct Journeys {
    private func run(
      _ yaml: String, _ fixture: Fixture, rate: Double = 20, seconds: Double = 1, setUp: Bool = false
    ) throws -> Fixture.Finished {
      let program = try fixture.program(
        [try Fixture.scenario(yaml: yaml)], phases: [Fixture.open(rate: rate, seconds: seconds)])
      if setUp { try #require(try LoadRun.setUp(program) == nil) }
      let finished = try fixture.run(program)
      expectLedgersAddUp(finished)
      return finished
    }

    @Test func eachRetryIsARequestOfItsOwn() throws {
      // Of three sends the last succeeds.
      let fixture = try Fixture(TestServer { $0.sequence % 3 == 2 ? .answer() : .answer(503) })
      let finished = try run(
        """
        scenario: s
        steps:
          - {name: a, get: /, retry: {count: 2, on: 503, backoff: 50ms}}
        """, fixture, rate: 1, seconds: 2)
      #expect(finished.outcome.arrivals.completed == 2)
      #expect(finished.outcome.totals.sent == 6 && finished.outcome.totals.ok == 2)
      #expect(finished.outcome.totals.failedByKind == ["status": 4])
      // A retry is due when its wait is over: the wait is no response time, but part of the journey.
      #expect(try #require(finished.record.steady?.answered.p50) < 100)
      #expect(try #require(finished.record.journeys.first?.duration.p50) >= 100)
    }

    @Test func aRefusalEndsTheJourneyWithoutAnError() throws {
      let fixture = try Fixture(TestServer { $0.path == "/book" ? .answer(409) : .answer() })
      let finished = try run(
        """
        scenario: s
        steps:
          - {name: book, post: /book, expect: {status: {201: booked, 409: sold out}}}
          - {name: read, get: /read}
        finally:
          - {name: bye, get: /bye}
        """, fixture)
      #expect(finished.outcome.arrivals.completed == 20 && finished.outcome.arrivals.failed == 0)
      #expect(finished.outcome.totals.refused == 20 && finished.outcome.totals.ok == 40)
      #expect(fixture.server.observed.requestsByPath == ["/book": 20, "/bye": 20])
    }

    @Test func finallyRunsAfterAFailureAndTheJourneyStaysFailed() throws {
      let fixture = try Fixture(TestServer { $0.path == "/b" ? .answer(500) : .answer() })
      let finished = try run(
        """
        scenario: s
        steps:
          - {name: a, get: /a}
          - {name: b, get: /b}
          - {name: c, get: /c}
        finally:
          - {name: d, get: /d}
        """, fixture)
      #expect(finished.outcome.arrivals.failed == 20)
      #expect(fixture.server.observed.requestsByPath == ["/a": 20, "/b": 20, "/d": 20])
    }

    @Test func aMissedWithinIsSlowAndNoError() throws {
      let fixture = try Fixture(TestServer { $0.sequence % 4 == 0 ? .answer().delayed(milliseconds: 300) : .answer() })
      let finished = try run(
        "scenario: s\nsteps:\n  - {name: a, get: /, expect: {within: 200ms}}\n", fixture)
      #expect(finished.outcome.totals.slow == 5)
      #expect(finished.outcome.totals.ok == 20 && finished.outcome.arrivals.completed == 20)
    }

    /// Steps with more and fewer headers, bodies and none: each sends its own, whatever was sent before.
    @Test func stepsDoNotMixTheirHeadersAndBodies() throws {
      let fixture = try Fixture(TestServer(always: .answer()))
      _ = try run(
        """
        scenario: s
        steps:
          - {name: a, post: /a, headers: {X-One: "{{ journey.number }}", X-Two: two}, body: "{{ journey.number }}"}
          - {name: b, get: /b}
          - {name: c, put: /c, headers: {X-Three: three}, body: constant}
          - {name: d, get: /d, headers: {X-One: one, X-Two: "{{ journey.number }}", X-Three: three}}
        """, fixture, rate: 50)
      let requests = fixture.server.observed.requests
      #expect(requests.count == 200)
      var traces: Set<String> = []
      var journeys: [String: Set<String>] = [:]
      for request in requests {
        let own = request.headers.filter { $0.name.hasPrefix("X-") && $0.name != "X-Gonogo-Run" }
        #expect(request.headers("X-Gonogo-Run") == ["test-run"])
        #expect(request.headers("User-Agent") == ["gonogo"])
        let trace = try #require(request.headers("traceparent").first)
        #expect(trace.utf8.count == 55 && traces.insert(trace).inserted)
        journeys[String(trace.prefix(35)), default: []].insert(request.path)
        switch request.path {
        case "/a":
          #expect(own.map(\.name) == ["X-One", "X-Two"] && own[1].value == "two")
          #expect(request.bodyText == own[0].value)
        case "/b": #expect(own.isEmpty && request.body.isEmpty)
        case "/c": #expect(own.map(\.value) == ["three"] && request.bodyText == "constant")
        default: #expect(own.map(\.name) == ["X-One", "X-Two", "X-Three"] && request.body.isEmpty)
        }
      }
      // One trace for the four requests of a journey.
      #expect(journeys.count == 50 && journeys.values.allSatisfy { $0.count == 4 })
    }

    @Test func cookiesBelongToOneJourneyOrOneUser() throws {
      let handler: TestServer.Handler = { request in
        request.header("Cookie") == nil ? .answer(headers: [("Set-Cookie", "visitor=\(request.sequence)")]) : .answer()
      }
      let yaml = "scenario: s\nsteps:\n  - {name: a, get: /a}\n  - {name: b, get: /b}\n"
      let open = try Fixture(TestServer(handler: handler))
      _ = try run(yaml, open)
      for request in open.server.observed.requests {
        #expect((request.header("Cookie") != nil) == (request.path == "/b"))
      }
      // Two users, one after the other as the same visitor: the second has no cookie of the first.
      let closed = try Fixture(TestServer(handler: handler))
      let finished = try closed.run(
        try closed.program(
          [try Fixture.scenario(yaml: yaml + "  - pause: 100ms\n")],
          phases: [
            Fixture.closed(users: 1, seconds: 1, name: "a"), Fixture.closed(users: 0, seconds: 0.5, name: "b"),
            Fixture.closed(users: 1, seconds: 1, name: "c"),
          ]))
      expectLedgersAddUp(finished)
      let requests = closed.server.observed.requests
      #expect(requests.count > 10)
      #expect(requests.count { $0.header("Cookie") == nil } == 2)
    }
  }
}
