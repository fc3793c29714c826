// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results
import Synchronization
import TestServers
import Testing

@testable import Load
@testable import Scenarios

extension RealRuns {
  @Suite struct Basics {
    @Test func everyArrivalOfAnOpenPlanIsSentAndAnswered() throws {
      let fixture = try Fixture(TestServer(always: .answer()))
      let program = try fixture.program(
        [Fixture.scenario(["/a", "/b"])], phases: [Fixture.open(rate: 400, seconds: 1)])
      let finished = try fixture.run(program)
      expectLedgersAddUp(finished)
      #expect(finished.outcome.arrivals.completed == 400)
      #expect(finished.outcome.totals.ok == 800)
      #expect(fixture.server.observed.requestCount == 800)
    }

    /// What the target's clock says of a request agrees with what the run's files say of it.
    @Test func theFilesBeginWhenTheLoadDoes() throws {
      let arrivals = Shared<[Int64]>([])
      let fixture = try Fixture(
        TestServer { _ in
          let now = Timestamp.now().millisecondsSinceEpoch
          arrivals.value.withLock { $0.append(now) }
          return .answer()
        })
      let finished = try fixture.run(
        try fixture.program([Fixture.scenario(["/"])], phases: [Fixture.open(rate: 10, seconds: 1)]),
        leadMilliseconds: 700)
      let begin = finished.record.started.millisecondsSinceEpoch
      let seen = arrivals.value.withLock { $0 }
      #expect(seen.count == 10)
      // Due at 0, 100, 200 ms and so on: never seen before that, but for the millisecond that is rounded away.
      for (index, moment) in seen.enumerated() { #expect(moment - begin >= Int64(index) * 100 - 1) }
      #expect(finished.outcome.samples.slowest.allSatisfy { $0.due >= finished.record.started })
    }

    @Test func twoWorkersSendTheSameArrivalsAsOne() throws {
      let fixture = try Fixture(TestServer(always: .answer()))
      let program = try fixture.program(
        [Fixture.scenario(["/a"])], phases: [Fixture.open(rate: 500, seconds: 1)], workers: 2)
      let finished = try fixture.run(program)
      expectLedgersAddUp(finished)
      #expect(finished.outcome.arrivals.completed == 500)
    }

    @Test func usersGoRoundUntilTheirTimeIsOver() throws {
      let fixture = try Fixture(TestServer(delayNanoseconds: { _ in 20_000_000 }))
      let program = try fixture.program([Fixture.scenario(["/"])], phases: [Fixture.closed(users: 10, seconds: 1)])
      let finished = try fixture.run(program)
      expectLedgersAddUp(finished)
      // 10 users, 20 ms each pass: at most 500 passes in 1 s, and each user makes its last one whole.
      #expect(finished.outcome.arrivals.completed > 150)
      #expect(finished.outcome.arrivals.completed <= 510)
      #expect(finished.outcome.arrivals.cut == 0)
    }

    @Test func aStopBringsWhatRunsToItsEndAndCountsTheRest() throws {
      let fixture = try Fixture(TestServer(delayNanoseconds: { _ in 300_000_000 }))
      let program = try fixture.program(
        [Fixture.scenario(["/a", "/b"])], phases: [Fixture.open(rate: 50, seconds: 20)])
      var stopped = false
      let finished = try fixture.run(program) { run in
        if !stopped, run.elapsedNanoseconds > 1_000_000_000 {
          stopped = true
          run.stop()
        }
      }
      expectLedgersAddUp(finished)
      guard case .interrupted = finished.outcome.end else {
        Issue.record("the run does not say that it was interrupted")
        return
      }
      #expect(finished.outcome.arrivals.cut > 0)
      #expect(finished.outcome.lengthNanoseconds < 5_000_000_000)
    }

    @Test func arrivalsWithoutASlotAreUnsentWhenTheDrainIsOver() throws {
      let fixture = try Fixture(TestServer(always: .neverAnswers))
      let program = try fixture.program(
        [Fixture.scenario(["/"])], phases: [Fixture.open(rate: 20, seconds: 1)], maxInFlight: 5, timeoutSeconds: 60,
        drainSeconds: 1)
      let finished = try fixture.run(program)
      expectLedgersAddUp(finished)
      #expect(finished.outcome.totals.inFlight == 5)
      #expect(finished.outcome.arrivals.unsent == 15)
      #expect(finished.outcome.totals.unsent == 15)
    }
  }
}
