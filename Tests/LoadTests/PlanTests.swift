// SPDX-License-Identifier: Apache-2.0
import Results
import TestServers
import Testing

@testable import Load

/// Phases, mixes and models, as real runs carry them out.
extension RealRuns {
  @Suite struct Plans {
    @Test func aJourneyBegunInWarmUpIsWarmUpToItsEnd() throws {
      let fixture = try Fixture(TestServer(always: .answer().delayed(milliseconds: 400)))
      let run = try fixture.run(
        try fixture.program(
          [Fixture.scenario(["/a", "/b", "/c"])],
          phases: [
            Fixture.open(rate: 20, seconds: 1, name: "warm-up", steady: false),
            Fixture.open(rate: 20, seconds: 1, name: "peak"),
          ]))
      expectLedgersAddUp(run)
      for phase in ["warm-up", "peak"] {
        let rows = run.rows("series.csv").filter { $0[1] == phase }
        // Of each step as many as journeys began in the phase, though warm-up's last requests come long after its end.
        for step in ["step-1", "step-2", "step-3"] {
          #expect(rows.filter { $0[3] == step }.reduce(0) { $0 + Int($1[4])! } == 20, "\(phase) \(step)")
        }
        #expect(rows.contains { $0[3] == "step-3" && Int($0[0])! >= (phase == "peak" ? 2 : 1) })
      }
      #expect(run.record.steady?.requests == 60)
    }

    @Test func sharesOfAMixAreExactOnSeveralWorkers() throws {
      let fixture = try Fixture(TestServer(always: .answer()))
      let run = try fixture.run(
        try fixture.program(
          [
            Fixture.scenario(["/a"], name: "a"), Fixture.scenario(["/b"], name: "b"),
            Fixture.scenario(["/c"], name: "c"),
          ],
          phases: [
            Fixture.open(rate: 200, seconds: 1, name: "one", weights: [20, 60, 20]),
            Fixture.open(rate: 200, seconds: 1, name: "two", weights: [0, 1, 3]),
          ], workers: 2))
      expectLedgersAddUp(run)
      #expect(fixture.server.observed.requestsByPath == ["/a": 40, "/b": 170, "/c": 190])
      #expect(run.record.journeys.map(\.arrivals.completed) == [40, 170, 190])
    }

    @Test func poissonArrivalsAreThoseOfTheSchedule() throws {
      let fixture = try Fixture(TestServer(always: .answer()))
      let program = try fixture.program(
        [Fixture.scenario(["/"])], phases: [Fixture.open(rate: 300, seconds: 2, poisson: true)])
      let run = try fixture.run(program)
      expectLedgersAddUp(run)
      let expected = program.arrivalSchedule.count()
      #expect(expected > 500 && expected < 700)
      #expect(run.outcome.arrivals.completed == expected)
      // By second of their due time, as the schedule says.
      var cursor = program.arrivalSchedule.arrivals()
      var bySecond = [0, 0]
      while let arrival = cursor.next() { bySecond[Int(arrival.dueNanoseconds / 1_000_000_000)] += 1 }
      let rows = run.rows("series.csv").filter { $0[3] == "step-1" && $0[4] != "0" }
      #expect(rows.map { Int($0[4]) } == bySecond)
    }

    /// A plan of few arrivals lasts as long as one of many: its last seconds were watched too.
    @Test func aPlanLastsAsLongAsItSays() throws {
      let fixture = try Fixture(TestServer(always: .answer()))
      let run = try fixture.run(
        try fixture.program([Fixture.scenario(["/"])], phases: [Fixture.open(rate: 0.25, seconds: 3)]))
      expectLedgersAddUp(run)
      #expect(run.outcome.arrivals.completed == 1)
      #expect(run.outcome.lengthNanoseconds >= 3_000_000_000)
      #expect(run.record.generator?.healthy == true, "\(run.record.generator?.reasons ?? [])")
    }

    @Test func everySecondHasTheMachinesAndTheWorkersState() throws {
      let fixture = try Fixture(TestServer(always: .answer()))
      // Looked at as seldom as the command does it.
      let run = try fixture.run(
        try fixture.program([Fixture.scenario(["/"])], phases: [Fixture.open(rate: 50, seconds: 3)]),
        looksEvery: 1.1)
      let rows = run.rows("generator.csv")
      #expect(rows.map { $0[0] } == (0..<rows.count).map(String.init))
      #expect(rows.count >= 3)
      for row in rows.prefix(3) {
        for column in [8, 9, 10, 14, 16] { #expect(Int(row[column])! >= 0, "second \(row[0]), column \(column)") }
        #expect(Int(row[1])! >= 45)
      }
    }

    @Test func aThousandUsersOnTwoWorkersGoRound() throws {
      let fixture = try Fixture(TestServer(always: .answer().delayed(milliseconds: 500)))
      _ = MachineProbe.raiseDescriptorLimit(to: 4096)
      let run = try fixture.run(
        try fixture.program(
          [Fixture.scenario(["/"])], phases: [Fixture.closed(users: 1000, seconds: 2)], workers: 2))
      expectLedgersAddUp(run)
      let arrivals = run.outcome.arrivals
      #expect(arrivals.unsent == 0 && arrivals.failed == 0 && arrivals.cut == 0)
      // 2 s and passes of at least half a second: four at most, and as they are slower on a busy machine, two at least.
      #expect(arrivals.completed >= 2000 && arrivals.completed <= 4000)
      #expect(fixture.server.observed.connectionsAccepted <= 1100)
    }

    /// Users who go and come back while their last pass is still under way are not doubled.
    @Test func aUserIsThereOnce() throws {
      let fixture = try Fixture(TestServer(always: .answer().delayed(milliseconds: 700)))
      let run = try fixture.run(
        try fixture.program(
          [Fixture.scenario(["/"])],
          phases: [
            Fixture.closed(users: 10, seconds: 1, name: "a"), Fixture.closed(users: 0, seconds: 0.2, name: "b"),
            Fixture.closed(users: 10, seconds: 2, name: "c"),
          ]))
      expectLedgersAddUp(run)
      // One after the other, each of 700 ms, in 3.2 s.
      #expect(run.outcome.arrivals.completed <= 50)
      #expect(run.outcome.arrivals.completed >= 30)
      let most = run.rows("generator.csv").map { Int($0[11])! }.max()
      #expect(try #require(most) <= 10)
    }

    /// What fails before it can send anything fails again: it must not take a processor for that.
    @Test func passesThatCannotSendDoNotSpin() throws {
      let fixture = try Fixture(TestServer(always: .answer()))
      let scenario = try Fixture.scenario(
        yaml: """
          scenario: s
          data:
            rows: {file: rows.csv, pick: unique}
          steps:
            - {name: a, get: "/{{ rows.name }}"}
          """, files: ["rows.csv": "name\nx\ny\n"])
      let run = try fixture.run(try fixture.program([scenario], phases: [Fixture.closed(users: 5, seconds: 2)]))
      expectLedgersAddUp(run)
      #expect(run.outcome.totals.ok == 2)
      #expect(run.outcome.totals.failed > 10)
      #expect(run.outcome.totals.failed <= 5 * 21)
    }
  }
}
