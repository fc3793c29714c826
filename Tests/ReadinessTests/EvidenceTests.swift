// SPDX-License-Identifier: Apache-2.0
import Results
import Testing

@testable import Readiness

/// Which runs count for a row, one rule after the other.
@Suite struct EvidenceTests {
  @Test func aRunThatCountsProvesTheRow() {
    let state = MadeUp.state([MadeUp.run("a", [("P-002", .pass)])])
    #expect(state.standing == .pass)
    #expect(state.origin == .measured)
    #expect(state.reason == "P-002 of a")
    #expect(state.validatedBy == "run a on runner")
    #expect(state.evidence == ["results/a"])
    #expect(state.command == "gonogo load plan.yaml")
    #expect(state.attempts.map(\.refusal) == [nil])
  }

  @Test func withoutARunNothingIsKnown() {
    let state = MadeUp.state()
    #expect(state.standing == .pending && state.origin == .none)
    #expect(state.reason == "no run is on file")
  }

  struct Refused: CustomTestStringConvertible, Sendable {
    var name: String
    var run: RunEvidence
    var environment: String? = "staging"
    var build: String? = "1.4.2"
    var says: String
    var testDescription: String { name }
  }

  private static func changed() -> RunEvidence {
    var run = MadeUp.run("a", [("P-002", .pass)])
    run.buildAfter = "1.4.3"
    return run
  }

  private static func unended() -> RunEvidence {
    var run = MadeUp.run("a", [("P-002", .pass)])
    run.ended = nil
    return run
  }

  @Test(arguments: [
    Refused(
      name: "stale", run: MadeUp.run("a", daysAgo: 8, [("P-002", .pass)]),
      says: "it is 8 days old: evidence counts for 7 days"),
    Refused(
      name: "from the future", run: MadeUp.run("a", daysAgo: -1, [("P-002", .pass)]), says: "it is dated in the future"),
    Refused(
      name: "other build", run: MadeUp.run("a", [("P-002", .pass)], build: "1.4.1"),
      says: "it is of build 1.4.1, not 1.4.2"),
    Refused(
      name: "no build", run: MadeUp.run("a", [("P-002", .pass)], build: nil), says: "its build is not known"),
    Refused(
      name: "no build anywhere", run: MadeUp.run("a", [("P-002", .pass)], build: nil), build: nil,
      says: "its build is not known"),
    Refused(
      name: "demo", run: MadeUp.demo("a", [("P-002", .pass)]), says: "a DEMO run is no evidence for a real system"),
    Refused(
      name: "real for the demo", run: MadeUp.run("a", [("P-002", .pass)]), environment: nil,
      says: "a run against a real system is no evidence for the demo"),
    Refused(
      name: "other environment", run: MadeUp.run("a", [("P-002", .pass)], environment: "production"),
      says: "it was made against the environment production, not staging"),
    Refused(
      name: "undeclared", run: MadeUp.run("a", [("P-002", .pass)], environment: nil),
      says: "its target is no declared environment"),
    Refused(
      name: "unverified", run: MadeUp.run("a", [("P-002", .pass)], soundness: .unsound(["x was changed", "y"])),
      says: "its folder does not verify: x was changed (and 1 more)"),
    Refused(
      name: "unexamined", run: MadeUp.run("a", [("P-002", .pass)], soundness: .unexamined),
      says: "its folder was not verified"),
    Refused(name: "build changed", run: changed(), says: "the build changed during the run, from 1.4.2 to 1.4.3"),
    Refused(name: "killed", run: unended(), says: "it did not come to its end"),
  ])
  func isRefused(_ one: Refused) throws {
    let state = MadeUp.state([one.run], environment: one.environment, build: one.build)
    #expect(state.standing == .pending)
    #expect(state.origin == .none)
    let attempt = try #require(state.attempts.first)
    #expect(attempt.standing == .pass)
    #expect(attempt.refusal?.contains(one.says) == true, "\(attempt.refusal ?? "counts")")
    #expect(state.reason.contains(one.says), "\(state.reason)")
    let refused = refusedRuns([one.run], environment: one.environment, build: one.build, now: MadeUp.now)
    #expect(refused.map(\.reason) == [attempt.refusal])
  }

  @Test func sevenDaysAreNotTooOld() {
    #expect(MadeUp.state([MadeUp.run("a", daysAgo: 7, [("P-002", .pass)])]).standing == .pass)
    let second = 1.0 / 86_400
    #expect(MadeUp.state([MadeUp.run("a", daysAgo: 7 + second, [("P-002", .pass)])]).standing == .pending)
    // Clocks of two machines differ.
    #expect(MadeUp.state([MadeUp.run("a", daysAgo: -240 * second, [("P-002", .pass)])]).standing == .pass)
  }

  @Test func theNewestConclusiveRunCounts() {
    let runs = [
      MadeUp.run("old", daysAgo: 3, [("P-002", .pass)]), MadeUp.run("new", daysAgo: 2, [("P-002", .fail)]),
      MadeUp.run("unsure", daysAgo: 1, [("P-002", .pending)]),
    ]
    let state = MadeUp.state(runs)
    #expect(state.standing == .fail)
    #expect(state.reason == "P-002 of new")
    #expect(state.attempts.map(\.run) == ["unsure", "new", "old"])
    #expect(state.notes == ["attempt 2 of 3 on this build; the others: 1 PASS, 1 PENDING"])
  }

  @Test func anInconclusiveRunAloneSaysWhatIsMissing() {
    let state = MadeUp.state([MadeUp.run("a", [("P-002", .pending)])])
    #expect(state.standing == .pending)
    #expect(state.reason == "P-002 of a (a)")
  }

  @Test func aPassAfterAFailNeedsAReason() {
    let runs = [MadeUp.run("failed", daysAgo: 2, [("P-002", .fail)]), MadeUp.run("again", [("P-002", .pass)])]
    let refused = MadeUp.state(runs)
    #expect(refused.standing == .fail)
    #expect(refused.reason == "P-002 of failed")
    #expect(refused.attempts[0].refusal?.contains("gonogo attest supersede failed --reason WHY") == true)
    #expect(refused.notes.contains { $0.hasPrefix("the PASS of again does not count") })

    let reason = PeoplesEntry.supersession(
      Supersession(run: "failed", reason: "wrong data loaded", who: "qa", at: MadeUp.now))
    let counted = MadeUp.state(runs, [reason])
    #expect(counted.standing == .pass)
    #expect(counted.notes.contains("the FAIL of failed is superseded by qa: wrong data loaded"))
    #expect(counted.notes.contains("attempt 2 of 2 on this build; the others: 1 FAIL"))
    #expect(counted.attempts.map(\.standing) == [.pass, .fail])
    #expect(counted.attempts.allSatisfy { $0.refusal == nil })
  }

  @Test func everyFailBeforeAPassNeedsItsReason() {
    let runs = [
      MadeUp.run("first", daysAgo: 4, [("P-002", .fail)]), MadeUp.run("second", daysAgo: 3, [("P-002", .pass)]),
      MadeUp.run("third", daysAgo: 2, [("P-002", .fail)]), MadeUp.run("fourth", [("P-002", .pass)]),
    ]
    func supersede(_ run: String) -> PeoplesEntry {
      .supersession(Supersession(run: run, reason: "r", who: "qa", at: MadeUp.now))
    }
    #expect(MadeUp.state(runs, [supersede("third")]).standing == .fail)
    #expect(MadeUp.state(runs, [supersede("third")]).reason == "P-002 of first")
    #expect(MadeUp.state(runs, [supersede("first")]).standing == .fail)
    #expect(MadeUp.state(runs, [supersede("first"), supersede("third")]).standing == .pass)
    // What is superseded still stands until a newer run says otherwise.
    #expect(MadeUp.state(Array(runs.prefix(3)), [supersede("first"), supersede("third")]).standing == .fail)
  }

  @Test func aFailOfThisBuildIsNeverTooOld() {
    let runs = [MadeUp.run("failed", daysAgo: 30, [("P-002", .fail)]), MadeUp.run("again", [("P-002", .pass)])]
    #expect(MadeUp.state(runs).standing == .fail)
  }

  @Test func aFailOfAnotherBuildOrPlaceIsNoMatter() {
    let pass = MadeUp.run("now", [("P-002", .pass)])
    for old in [
      MadeUp.run("old", daysAgo: 2, [("P-002", .fail)], build: "1.4.1"),
      MadeUp.run("old", daysAgo: 2, [("P-002", .fail)], environment: "production"),
      MadeUp.demo("old", daysAgo: 2, [("P-002", .fail)]),
    ] { #expect(MadeUp.state([pass, old]).standing == .pass, "\(old)") }
  }

  @Test func attemptsOfOtherPlacesAreSummedUp() {
    let demos = (1...5).map { MadeUp.demo("demo\($0)", daysAgo: Double($0), [("P-002", .pass)]) }
    let state = MadeUp.state(demos)
    #expect(state.attempts.map(\.run) == ["demo1"])
    #expect(state.attempts[0].refusal == "a DEMO run is no evidence for a real system (and 4 older)")
  }

  @Test func theDemoHasItsOwnEvidence() {
    let state = MadeUp.state([MadeUp.demo("a", [("P-002", .pass)])], environment: nil, build: "0.1.0")
    #expect(state.standing == .pass)
  }

  @Test func controlRunsAreNoEvidence() {
    let name = "20261120T120000Z-demo-control-healthy"
    let state = MadeUp.state([MadeUp.demo(name, [("P-002", .pass)])], environment: nil, build: "0.1.0")
    #expect(state.standing == .pending && state.attempts.isEmpty)
    #expect(EvidenceScan.isControl("20261120T120000Z-control-errors"))
    #expect(!EvidenceScan.isControl("20261120T120000Z-demo-expected-peak"))
  }

  @Test func smokeAndLoadMayBeTwoRuns() {
    let items = [
      MadeUp.item("P-002", marks: [.measured("P-002")]), MadeUp.item("F-001", marks: [.measured("F-001")]),
    ]
    let states = MadeUp.states(
      items, [MadeUp.run("load", [("P-002", .pass)]), MadeUp.run("smoke", [("F-001", .partial)])])
    #expect(states.map(\.standing) == [.pass, .partial])
  }

  @Test func whatCannotTellNamesTheBuildWhenNothingElseDoes() {
    let runs = [
      MadeUp.run("a", daysAgo: 2, [("P-002", .pending)], build: "1"),
      MadeUp.run("b", daysAgo: 1, [("P-002", .pending)], build: "2"),
      MadeUp.run("c", daysAgo: 0, [("P-002", .pending)], build: nil),
    ]
    let build = DecidedBuild.find(given: nil, evidence: runs, environment: "staging", now: MadeUp.now)
    #expect(build.build == "2" && build.reason == "the build of b; no run of the environment is conclusive")
    let state = MadeUp.state(runs, build: build.build)
    #expect(state.standing == .pending && state.reason == "P-002 of b (b)", "\(state.reason)")
  }

  @Test func theBuildIsThatOfTheNewestConclusiveRun() {
    func build(_ runs: [RunEvidence], given: String? = nil) -> DecidedBuild {
      DecidedBuild.find(given: given, evidence: runs, environment: "staging", now: MadeUp.now)
    }
    let runs = [
      MadeUp.run("a", daysAgo: 3, [("P-002", .pass)], build: "1"),
      MadeUp.run("b", daysAgo: 2, [("P-002", .fail)], build: "2"),
      MadeUp.run("c", daysAgo: 1, [("P-002", .pending)], build: "3"),
      MadeUp.run("d", daysAgo: 0, [("P-002", .pass)], build: "4", soundness: .unsound(["x"])),
      MadeUp.demo("e", daysAgo: 0, [("P-002", .pass)]),
    ]
    #expect(build(runs) == DecidedBuild(build: "2", reason: "the build of b, the newest conclusive run"))
    #expect(build(runs, given: "1").build == "1")
    #expect(build([]).build == nil)
  }

  @Test func allMarksMustHold() {
    let rules = Mark.rules(["p(95) < 300ms"], leastSteadySeconds: 600, leastPeak: 1)
    let item = MadeUp.item("X-1", marks: [.measured("P-002"), rules])
    var run = MadeUp.run("a", [("P-002", .pass)])
    #expect(MadeUp.states([item], [run])[0].standing == .pending)
    for (standing, expected) in [(Standing.pass, Standing.pass), (.fail, .fail), (.pending, .pending)] {
      run.rules = [RunEvidence.RuleResult(mark: rules, standing: standing, reason: "rule")]
      let state = MadeUp.states([item], [run])[0]
      #expect(state.standing == expected)
      #expect(state.attempts.count == 1)
    }
  }

  @Test func whatCannotBeProvenBeforeStaysPending() {
    let state = MadeUp.states([MadeUp.item("P-014", marks: [.later(reason: "30 days of operation")])])[0]
    #expect(state.standing == .pending && state.reason == "30 days of operation")
  }
}
