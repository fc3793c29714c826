// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results
import Testing

@testable import Readiness

/// Ways in which a row or a list could seem better than it is.
@Suite struct WrongGoTests {
  private let pass: [(String, ItemStatus)] = [("P-002", .pass)]
  private let fail: [(String, ItemStatus)] = [("P-002", .fail)]

  // MARK: runs

  /// Who edits a FAIL, or makes it with a clock that is ahead, is no better off than who leaves it alone.
  @Test func aFailThatDoesNotCountStillStandsInTheWay() {
    for old in [
      MadeUp.run("failed", daysAgo: 2, fail, soundness: .unsound(["x was changed"])),
      MadeUp.run("failed", daysAgo: -1, fail),
    ] {
      let runs = [MadeUp.run("again", pass), old]
      let state = MadeUp.state(runs)
      #expect(state.standing == .fail)
      #expect(state.attempts.first { $0.run == "again" }?.refusal?.contains("supersede failed") == true)
      let reason = PeoplesEntry.supersession(
        Supersession(run: "failed", reason: "r", who: "qa", at: MadeUp.now))
      #expect(MadeUp.state(runs, [reason]).standing == .pass)
    }
  }

  @Test func ofARunAndItsBrokenCopyTheRunCounts() {
    var (broken, run) = (MadeUp.run("a", pass, soundness: .unsound(["x"])), MadeUp.run("b", pass))
    broken.runId = "01"
    run.runId = "01"
    let state = MadeUp.state([broken, run])
    #expect(state.standing == .pass && state.reason == "P-002 of b")
    #expect(state.attempts.first { $0.run == "a" }?.refusal == "it is a copy of b")
  }

  @Test func aCopyCountsOnce() {
    var (first, copy) = (MadeUp.run("a", fail), MadeUp.run("b", fail))
    first.runId = "01"
    copy.runId = "01"
    let again = MadeUp.run("c", daysAgo: 0, pass)
    let state = MadeUp.state([first, copy, again])
    #expect(state.attempts.first { $0.run == "b" }?.refusal == "it is a copy of a")
    #expect(state.standing == .fail && state.reason == "P-002 of a")
    #expect(
      refusedRuns([first, copy], environment: "staging", build: "1.4.2", now: MadeUp.now).map(\.reason)
        == ["it is a copy of a"])
    // A reason given for either is one for the run.
    for name in ["a", "b"] {
      let reason = PeoplesEntry.supersession(Supersession(run: name, reason: "r", who: "qa", at: MadeUp.now))
      let settled = MadeUp.state([first, copy, again], [reason])
      #expect(settled.standing == .pass)
      #expect(settled.notes.contains("attempt 2 of 2 on this build; the others: 1 FAIL"))
    }
    // What was found another time is another run.
    copy.verdict = .fail
    #expect(MadeUp.state([first, copy]).attempts.allSatisfy { $0.refusal == nil })
  }

  /// A plan against a real system may be called like a trial of the judge.
  @Test func aNameMakesNoControlRun() {
    let name = "20261120T100000Z-control-room"
    #expect(MadeUp.state([MadeUp.run(name, fail)]).standing == .fail)
    #expect(!MadeUp.run(name, fail).isControl)
  }

  @Test func aRealRunNamedLikeAControlRunTriesNoJudge() throws {
    let evidence = PreparedEvidence()
    try evidence.run(plan: "control-healthy")
    try evidence.run(passes: false, at: PreparedEvidence.start.later(seconds: 60), plan: "control-errors")
    #expect(ControlRun.newest(in: evidence.directory).isEmpty)
    let record = try evidence.decided([])
    #expect(record.controls.isEmpty && record["M-02"]?.standing == .fail)
  }

  @Test func aScenarioOfASmokeProvesNothingUnderLoad() {
    var run = MadeUp.run("smoke", pass)
    run.kind = .smoke
    #expect(MadeUp.state([run]).standing == .pending)
  }

  @Test(arguments: ["unknown", " Unknown ", "", "null", "n/a", "-"])
  func whatNobodyStampedIsNoBuild(text: String) throws {
    let evidence = PreparedEvidence()
    let run = try evidence.run(build: text)
    let record = try evidence.decided([], build: text.isEmpty ? nil : text)
    #expect(record["M-01"]?.standing == .pending)
    #expect(record.refused.first { $0.run == run }?.reason.contains("its build is not known") == true)
  }

  @Test func whatWasSentElsewhereIsSaid() throws {
    let evidence = PreparedEvidence()
    let run = try evidence.run()
    let list = try PreparedEvidence.list()
    let runs = EvidenceScan(
      directory: evidence.directory, checklist: list, environment: "staging", now: PreparedEvidence.now
    ).runs()
    var facts = DecisionFacts(
      tool: ToolRecord(version: "0.1.0"), decided: PreparedEvidence.now, environment: "staging",
      build: DecidedBuild(build: "1.4.2", reason: "given"), checklist: list, checklistDigest: "", evidence: runs,
      entries: PeoplesEntries())
    facts.target = "https://staging.hotel.example/"
    #expect(!DecisionRecord(facts).warnings.contains { $0.contains(run) })
    facts.target = "https://other.hotel.example"
    #expect(DecisionRecord(facts).warnings.contains { $0.hasPrefix("\(run) was sent to https://staging.hotel") })
  }

  /// The peak may have been raised since.
  @Test func whatWasHeldAtAnotherPeakIsSaid() {
    var run = MadeUp.run("a", pass)
    run.peak = "40 arrivals/s"
    func warnings(_ peak: String?) -> [String] {
      var facts = DecisionFacts(
        tool: ToolRecord(version: "0"), decided: MadeUp.now, environment: "staging",
        build: DecidedBuild(build: "1.4.2", reason: ""), checklist: MadeUp.checklist([]), checklistDigest: "",
        evidence: [run], entries: PeoplesEntries())
      facts.peak = peak
      return DecisionRecord(facts).warnings.filter { $0.contains("peak") }
    }
    #expect(
      warnings("400 arrivals/s") == ["a knew a peak of 40 arrivals/s, and the environment declares 400 arrivals/s now"])
    #expect(warnings("40 arrivals/s").isEmpty && warnings(nil).isEmpty)
    run.build = "1.4.1"
    #expect(warnings("400 arrivals/s").isEmpty)
  }

  @Test func withoutCheckedCertificatesItIsSaid() {
    var run = MadeUp.run("a", pass)
    run.isInsecure = true
    #expect(MadeUp.state([run]).notes == ["certificates were not checked in a"])
  }

  // MARK: people

  /// No date may outlive every measurement to come; who reports a failure is heard whatever the date says.
  @Test func wordsOfTheFutureDoNotCount() {
    let row = MadeUp.item("S-001")
    #expect(MadeUp.states([row], [], [MadeUp.word("S-001", .pass, daysAgo: -1)])[0].standing == .pending)
    #expect(MadeUp.states([row], [], [MadeUp.word("S-001", .fail, daysAgo: -1)])[0].standing == .fail)
    let late = MadeUp.word("P-002", .pass, override: "I say so", daysAgo: -3650)
    #expect(MadeUp.state([MadeUp.run("a", fail)], [late]).standing == .fail)
    let given = Supersession(run: "a", reason: "r", who: "qa", at: MadeUp.daysAgo(-2))
    let runs = [MadeUp.run("a", daysAgo: 2, fail), MadeUp.run("b", pass)]
    #expect(MadeUp.state(runs, [.supersession(given)]).standing == .fail)
    let report = MadeUp.report(.junit, [ReportFigure("failed", 0)], for: ["A-001"], daysAgo: -30)
    let tests = MadeUp.item("A-001", marks: [.report(kind: "junit", rule: "failed == 0")])
    let state = MadeUp.states([tests], [], [report])[0]
    #expect(state.standing == .pending && state.notes.contains { $0.contains("dated in the future") })
  }

  private func signed(
    daysAgo days: Double = 0, environment: String? = "staging", build: String? = "1.4.2"
  ) -> PeoplesEntry {
    .signOff(
      SignOffEntry(
        signOff: SignOff(role: "CTO", who: "lead", at: MadeUp.daysAgo(days), note: nil), environment: environment,
        build: build))
  }

  @Test func aSignatureIsForOneEnvironmentAndBuild() {
    let row = MadeUp.item("F-009", isSignOff: true, role: "CTO")
    func state(_ entry: PeoplesEntry, _ runs: [RunEvidence] = []) -> ItemState {
      MadeUp.states([row], runs, [entry], roles: ["CTO"])[0]
    }
    #expect(state(signed()).standing == .pass)
    #expect(state(signed(environment: nil)).notes[0].contains("it names no environment"))
    #expect(state(signed(build: nil)).notes[0].contains("it names no build"))
    #expect(state(signed(daysAgo: -1)).standing == .pending)
    // A FAIL that came later voids it; one of another build, or an earlier one, does not.
    #expect(state(signed(daysAgo: 2), [MadeUp.run("a", fail)]).notes[0].contains("older than the FAIL of a"))
    #expect(state(signed(), [MadeUp.run("a", fail)]).standing == .pass)
    #expect(state(signed(daysAgo: 2), [MadeUp.run("a", fail, build: "1.4.1")]).standing == .pass)
    #expect(state(signed(daysAgo: 2), [MadeUp.run("a", pass)]).standing == .pass)
  }

  @Test func nobodysWordIsSomebodyElsesSignature() {
    let row = MadeUp.item("F-009", isSignOff: true, role: "CTO")
    let word = MadeUp.word("F-009", .pass)
    let state = MadeUp.states([row], [], [word], roles: ["CTO"])[0]
    #expect(state.standing == .pending && state.notes[0] == "ops attested PASS: a signature alone proves this row")
    #expect(MadeUp.states([row], [], [word, signed()], roles: ["CTO"])[0].standing == .pass)
  }

  @Test func ofRowsThatAskForTheSameTheWorstIsTaken() {
    let rows = [
      MadeUp.item("A-1"), MadeUp.item("A-2"), MadeUp.item("A-3", sameAs: ["A-1", "A-2"]),
    ]
    let states = MadeUp.states(rows, [], [MadeUp.word("A-1", .pass), MadeUp.word("A-2", .partial)])
    #expect(states[2].standing == .partial && states[2].reason.hasPrefix("as A-2"))
  }

  @Test func ofAReportItIsSaidWhatItIsNotOf() {
    let tests = MadeUp.item("A-001", marks: [.report(kind: "junit", rule: "failed == 0")])
    func report(_ failed: Int, daysAgo days: Double, build: String?) -> PeoplesEntry {
      MadeUp.report(.junit, [ReportFigure("failed", failed)], for: ["A-001"], daysAgo: days, build: build)
    }
    func state(_ entries: [PeoplesEntry]) -> ItemState { MadeUp.states([tests], [], entries)[0] }
    let unnamed = state([report(0, daysAgo: 1, build: nil)])
    #expect(unnamed.notes.contains("imported for no build in particular: nothing says that it is of 1.4.2"))
    let again = state([report(2, daysAgo: 2, build: "1.4.2"), report(0, daysAgo: 1, build: "1.4.2")])
    #expect(again.standing == .pass)
    #expect(again.notes.contains { $0.hasPrefix("an earlier report, report.xml of 2026-11-18, was FAIL") })
    let other = state([report(2, daysAgo: 2, build: "1.4.1"), report(0, daysAgo: 1, build: "1.4.2")])
    #expect(!other.notes.contains { $0.contains("earlier") || $0.contains("in particular") })
  }

  @Test func changedMindsAreShown() {
    func risk(_ level: RiskLevel, daysAgo days: Double) -> PeoplesEntry {
      .risk(
        RiskEntry(
          risk: Risk(
            id: "R-1", title: "one node", item: nil, level: level, impact: "", probability: "", mitigation: nil,
            isMitigated: false, acceptedBy: "ops"), at: MadeUp.daysAgo(days)))
    }
    func warnings(_ entries: [PeoplesEntry], _ runs: [RunEvidence] = []) -> [String] {
      let facts = DecisionFacts(
        tool: ToolRecord(version: "0"), decided: MadeUp.now, environment: "staging",
        build: DecidedBuild(build: "1.4.2", reason: ""), checklist: MadeUp.checklist([MadeUp.item("S-001")]),
        checklistDigest: "", evidence: runs, entries: PeoplesEntries(entries))
      return DecisionRecord(facts).warnings.filter { !$0.contains("judge") }
    }
    #expect(
      warnings([risk(.high, daysAgo: 3), risk(.low, daysAgo: 1)])
        == ["the risk R-1 was HIGH on 2026-11-17, and a later entry makes it LOW: one node"])
    #expect(warnings([risk(.low, daysAgo: 3), risk(.high, daysAgo: 1)]).isEmpty)
    #expect(
      warnings([MadeUp.word("S-001", .notApplicable, approvedBy: "ops")])
        == ["S-001 is N/A, approved by ops, who said so"])
    #expect(warnings([MadeUp.word("S-001", .notApplicable, approvedBy: "lead")]).isEmpty)
    let reason = PeoplesEntry.supersession(Supersession(run: "a", reason: "r", who: "qa", at: MadeUp.now))
    #expect(warnings([reason]) == ["qa supersedes a, which is not among the runs"])
    #expect(warnings([reason], [MadeUp.run("a", pass)]) == ["qa supersedes a, which says FAIL to no row"])
    #expect(warnings([reason], [MadeUp.run("a", fail)]).isEmpty)
    #expect(warnings([signed(daysAgo: 3)], [MadeUp.run("a", pass)]) == ["CTO signed before a was there"])
    #expect(warnings([signed(daysAgo: -3)])[0].contains("is dated in the future"))
  }
}
