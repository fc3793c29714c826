// SPDX-License-Identifier: Apache-2.0
import Results
import TestServers
import Testing

@testable import Load
@testable import Scenarios

/// Drains, stops and cuts: what is counted as what.
extension RealRuns {
  @Suite struct Endings {
    private static let threeSteps = """
      scenario: s
      steps:
        - {name: a, get: /a}
        - {name: b, get: /b}
      finally:
        - {name: undo, get: /undo}
      """

    private func stopped(
      _ run: Fixture, _ program: LoadProgram, after seconds: Double, cut: Bool = false
    ) throws -> Fixture.Finished {
      var isTold = false
      let finished = try run.run(program) { run in
        guard !isTold, Double(run.elapsedNanoseconds) > seconds * 1e9 else { return }
        isTold = true
        if cut { run.cut() } else { run.stop() }
      }
      expectLedgersAddUp(finished)
      return finished
    }

    @Test func aStopLetsEveryStartedJourneyDoItsFinally() throws {
      let fixture = try Fixture(TestServer(always: .answer().delayed(milliseconds: 150)))
      let program = try fixture.program(
        [try Fixture.scenario(yaml: Self.threeSteps)], phases: [Fixture.open(rate: 40, seconds: 20)])
      let finished = try stopped(fixture, program, after: 0.7)
      let arrivals = finished.outcome.arrivals
      #expect(arrivals.cut > 0 && arrivals.completed > 0 && arrivals.failed == 0)
      #expect(fixture.server.observed.requestsByPath["/undo"] == arrivals.started)
      #expect(finished.outcome.totals.ok == fixture.server.observed.requestCount)
    }

    /// Whoever had only to wait for the last answer is through, however the run ends.
    @Test func aJourneyThatIsThroughIsNotCut() throws {
      let fixture = try Fixture(TestServer(always: .answer().delayed(milliseconds: 300)))
      let program = try fixture.program([Fixture.scenario(["/"])], phases: [Fixture.open(rate: 40, seconds: 20)])
      let finished = try stopped(fixture, program, after: 0.5)
      #expect(finished.outcome.arrivals.cut == 0)
      #expect(finished.outcome.arrivals.completed == finished.outcome.totals.ok)
    }

    @Test func aCutEndsAtOnceAndCountsWhatWasUnderWay() throws {
      let fixture = try Fixture(TestServer(always: .answer().delayed(milliseconds: 3000)))
      let program = try fixture.program(
        [try Fixture.scenario(yaml: Self.threeSteps)], phases: [Fixture.open(rate: 40, seconds: 20)],
        drainSeconds: 30)
      let finished = try stopped(fixture, program, after: 0.7, cut: true)
      #expect(finished.outcome.lengthNanoseconds < 2_000_000_000)
      let totals = finished.outcome.totals
      #expect(totals.inFlight > 20 && totals.inFlight == totals.sent)
      #expect(finished.outcome.arrivals.cut == totals.inFlight)
    }

    /// What is in flight at the end counts with the time it has taken so far, at least.
    @Test func whatIsInFlightAfterTheDrainHasItsElapsedTime() throws {
      let fixture = try Fixture(TestServer(always: .neverAnswers))
      let finished = try fixture.run(
        try fixture.program(
          [Fixture.scenario(["/"])], phases: [Fixture.open(rate: 20, seconds: 1)], timeoutSeconds: 60,
          drainSeconds: 1))
      expectLedgersAddUp(finished)
      #expect(finished.outcome.totals.inFlight == 20 && finished.record.steady?.errorRate == 1)
      // Due from 0 to 0.95 s, in flight until 2 s at least.
      #expect(finished.record.steady?.response.p50 == nil)
      #expect(try #require(finished.record.steady?.response.mean) >= 1500)
      #expect(try #require(finished.record.steady?.response.max) >= 2000)
      #expect(finished.outcome.samples.slowest.count == 20)
      #expect(finished.outcome.samples.slowest.allSatisfy { $0.failure == "in-flight" && $0.response > 1000 })
    }

    /// All slots are taken by a target that answers nothing: what waits behind a pause is due, and never sent.
    @Test func aStepThatWaitsForASlotBehindAPauseIsUnsent() throws {
      let fixture = try Fixture(TestServer { $0.path == "/hold" ? .neverAnswers : .answer() })
      let quick = try Fixture.scenario(
        yaml: "scenario: quick\nsteps:\n  - {name: a, get: /a}\n  - pause: 600ms\n  - {name: b, get: /b}\n")
      let hanging = try Fixture.scenario(yaml: "scenario: hanging\nsteps:\n  - {name: h, get: /hold}\n")
      let program = try fixture.program(
        [quick, hanging],
        phases: [
          Fixture.open(rate: 10, seconds: 0.5, name: "one", weights: [1, 0]),
          Fixture.open(rate: 10, seconds: 0.5, name: "two", weights: [0, 1]),
        ], maxInFlight: 2, timeoutSeconds: 60, drainSeconds: 1)
      let finished = try fixture.run(program)
      expectLedgersAddUp(finished)
      let totals = finished.outcome.totals
      // Five journeys of two steps and five of one, all due by the end of the drain: most of the last step has no slot.
      #expect(totals.planned == 15)
      #expect(totals.inFlight == 2 && totals.unsent == 15 - totals.sent)
      #expect(totals.unsent >= 3)
      #expect(totals.sent == fixture.server.observed.requestCount)
    }
  }
}
