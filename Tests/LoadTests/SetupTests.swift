// SPDX-License-Identifier: Apache-2.0
import Results
import Synchronization
import TestServers
import Testing

@testable import Load

/// `setup:` once per run, and again when it says so.
extension RealRuns {
  @Suite struct Setups {
    /// Hands out numbered tokens; only the newest is any good, and that only `uses` times.
    private static func server(uses: Int = .max, loginMilliseconds: Int = 0) throws -> TestServer {
      let state = Shared((token: 0, left: 0))
      return try TestServer { request in
        state.value.withLock { state in
          if request.path == "/login" {
            state.token += 1
            state.left = uses
            return .json("{\"token\": \"t\(state.token)\"}").delayed(milliseconds: loginMilliseconds)
          }
          guard request.header("Authorization") == "Bearer t\(state.token)", state.left > 0 else { return .answer(401) }
          state.left -= 1
          return .answer()
        }
      }
    }

    private static func scenario(_ rule: String, login: String = "") -> String {
      """
      scenario: s
      setup:
        \(rule)
        steps:
          - {name: login, post: /login, capture: {token: {json: $.token, secret: true}}\(login)}
      steps:
        - {name: a, get: /a, headers: {Authorization: "Bearer {{ token }}"}}
      """
    }

    private func run(_ yaml: String, _ fixture: Fixture, seconds: Double) throws -> Fixture.Finished {
      let program = try fixture.program(
        [try Fixture.scenario(yaml: yaml)], phases: [Fixture.open(rate: 50, seconds: seconds)])
      #expect(try LoadRun.setUp(program) == nil)
      let finished = try fixture.run(program)
      expectLedgersAddUp(finished)
      // It is no part of the load.
      #expect(finished.outcome.totals.sent == Int(50 * seconds))
      return finished
    }

    @Test func everyJourneyUsesWhatItFound() throws {
      let fixture = try Fixture(Self.server())
      let finished = try run(Self.scenario("every: 10m"), fixture, seconds: 1)
      #expect(finished.outcome.totals.ok == 50)
      #expect(fixture.server.observed.requestsByPath == ["/login": 1, "/a": 50])
    }

    @Test func itIsRenewedByTime() throws {
      let fixture = try Fixture(Self.server())
      let finished = try run(Self.scenario("every: 1s"), fixture, seconds: 2.5)
      let logins = try #require(fixture.server.observed.requestsByPath["/login"])
      #expect(logins == 3)
      // A request that was under way while the token changed is refused: few are.
      #expect(finished.outcome.totals.ok >= 110)
    }

    /// A slow login is not begun again while it is under way, and journeys do not wait for it.
    @Test func itIsRenewedOnceWhenManyJourneysAreTurnedAway() throws {
      let fixture = try Fixture(Self.server(uses: 25, loginMilliseconds: 700))
      let finished = try run(Self.scenario("on: 401"), fixture, seconds: 2.5)
      #expect(finished.outcome.totals.failedByKind.keys.sorted() == ["status"])
      let logins = try #require(fixture.server.observed.requestsByPath["/login"])
      // One before the run, one that took from 1.0 to 1.7 s.
      #expect(logins == 2)
      #expect(finished.outcome.setupFailure == nil)
    }

    @Test func aRetryThatSucceedsIsASuccess() throws {
      let fixture = try Fixture(
        TestServer {
          $0.sequence == 0 ? .answer(503) : $0.path == "/login" ? .json("{\"token\": \"t\"}") : .answer()
        })
      let finished = try run(
        Self.scenario("every: 10m", login: ", retry: {count: 2, on: 503, backoff: 10ms}"), fixture, seconds: 1)
      #expect(finished.outcome.totals.ok == 50)
    }

    @Test func aFailureIsToldWithoutSecrets() throws {
      let fixture = try Fixture(TestServer(always: .json("{\"token\": \"hunter2\"}", status: 403)))
      let program = try fixture.program(
        [try Fixture.scenario(yaml: Self.scenario("every: 10m"))], phases: [Fixture.open(rate: 1, seconds: 1)])
      let failure = try #require(try LoadRun.setUp(program))
      #expect(failure.contains("setup of 's' step 'login'") && failure.contains("403"), "\(failure)")
      #expect(fixture.server.observed.requestCount == 1)
    }
  }
}
