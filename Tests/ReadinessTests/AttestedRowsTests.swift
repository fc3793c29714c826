// SPDX-License-Identifier: Apache-2.0
import Results
import Testing

@testable import Readiness

/// What people's words and reports do to rows.
@Suite struct AttestedRowsTests {
  private let row = MadeUp.item("S-001")

  @Test func aWordCountsWithItsAge() {
    let state = MadeUp.states([row], [], [MadeUp.word("S-001", .pass)])[0]
    #expect(state.standing == .pass && state.origin == .attested)
    #expect(state.validatedBy == "ops")
    #expect(state.reason == "attested by ops on 2026-11-18: seen")
    #expect(state.notes == ["attested 2 days ago, for no build in particular"])
  }

  @Test func theLastWordCountsAndPendingWithdraws() {
    let words = [MadeUp.word("S-001", .pass), MadeUp.word("S-001", .fail)]
    #expect(MadeUp.states([row], [], words)[0].standing == .fail)
    let withdrawn = MadeUp.states([row], [], words + [MadeUp.word("S-001", .pending)])[0]
    #expect(withdrawn.standing == .pending && withdrawn.origin == .none)
  }

  @Test(arguments: [
    ("staging" as String?, "1.4.2" as String?, Standing.pass), ("production", "1.4.2", .pending),
    ("staging", "1.4.1", .pending), (nil, nil, .pass), ("demo", nil, .pending),
  ])
  func whereAWordIsFor(environment: String?, build: String?, expected: Standing) {
    let word = MadeUp.word("S-001", .pass, environment: environment, build: build)
    let state = MadeUp.states([row], [], [word])[0]
    #expect(state.standing == expected)
    #expect(expected == .pass || state.notes[0].contains("which does not count: it is for"))
  }

  @Test func ofAnotherListItIsNoWord() {
    guard case .attestation(var said) = MadeUp.word("S-001", .pass) else { return }
    said.checklist = "es"
    #expect(MadeUp.states([row], [], [.attestation(said)])[0].standing == .pending)
  }

  @Test func wordsAboutRowsThatAreNotThereAreNamed() {
    let list = MadeUp.checklist([row])
    let words = [MadeUp.word("S-001", .pass), MadeUp.word("Q-001", .fail), MadeUp.word("Q-001", .pass)]
    #expect(
      PeoplesEntries(words).aboutStrangers(list) == "people's entries name rows that \(list.id) does not have: Q-001")
    #expect(PeoplesEntries([words[0]]).aboutStrangers(list) == nil)
  }

  @Test func notApplicableIsOpenUntilApproved() {
    let word = MadeUp.word("S-001", .notApplicable, note: "no such thing")
    let open = MadeUp.states([row], [], [word])[0]
    #expect(open.standing == .notApplicable && open.approvedBy == nil && open.isOpen)
    #expect(open.notes.contains { $0.contains("gonogo attest S-001 approve") })
    let approval = PeoplesEntry.approval(Approval(item: "S-001", who: "qa", at: MadeUp.now))
    let closed = MadeUp.states([row], [], [word, approval])[0]
    #expect(closed.approvedBy == "qa" && !closed.isOpen)
    // An approval is of what was said before it, not of what may come.
    #expect(MadeUp.states([row], [], [approval, word])[0].approvedBy == nil)
    #expect(MadeUp.states([row], [], [word, approval, word])[0].approvedBy == nil)
    #expect(MadeUp.states([row], [], [word, approval, MadeUp.word("S-001", .pass)])[0].approvedBy == nil)
  }

  // MARK: over measurements

  @Test(arguments: [Standing.pass, .partial, .notApplicable])
  func aMeasuredRowIsNotAttestedOver(_ status: Standing) {
    for runs in [[], [MadeUp.run("a", [("P-002", .fail)])]] {
      let state = MadeUp.state(runs, [MadeUp.word("P-002", status, approvedBy: status == .notApplicable ? "qa" : nil)])
      #expect(state.standing == (runs.isEmpty ? .pending : .fail))
      #expect(state.notes.contains { $0.contains("counts only with --override REASON") })
      #expect(state.approvedBy == nil)
    }
  }

  @Test func anOverrideIsShownWithWhatItIsOver() {
    let run = MadeUp.run("a", daysAgo: 3, [("P-002", .fail)])
    let state = MadeUp.state([run], [MadeUp.word("P-002", .pass, override: "the load host was broken", daysAgo: 2)])
    #expect(state.standing == .pass && state.origin == .overridden)
    #expect(state.reason.hasPrefix("OVERRIDDEN by ops on 2026-11-18, because: the load host was broken"))
    #expect(state.notes[0] == "measured: FAIL, P-002 of a")
    #expect(state.attempts.count == 1)
  }

  @Test func aNewerMeasurementEndsAnOverride() {
    let run = MadeUp.run("a", daysAgo: 1, [("P-002", .fail)])
    let state = MadeUp.state([run], [MadeUp.word("P-002", .pass, override: "r", daysAgo: 2)])
    #expect(state.standing == .fail && state.origin == .measured)
    #expect(state.notes.contains { $0.contains("older than the measurement") })
  }

  @Test func aFailureSomebodyKnowsOfIsBelieved() {
    let state = MadeUp.state([MadeUp.run("a", [("P-002", .pass)])], [MadeUp.word("P-002", .fail)])
    #expect(state.standing == .fail && state.origin == .attested)
  }

  @Test func whatAScenarioMarksPeopleAttestUntilOneHas() {
    let item = MadeUp.item("O-001", marks: [.measured("O-001")])
    let word = MadeUp.word("O-001", .pass)
    #expect(MadeUp.states([item], [], [word])[0].standing == .pass)
    #expect(MadeUp.states([item], [MadeUp.run("a", [("O-001", .fail)])], [word])[0].standing == .fail)
    #expect(MadeUp.states([item], [MadeUp.demo("a", [("O-001", .fail)])], [word])[0].standing == .pass)
  }

  @Test func aScenarioMayMarkARowThatTheListLeavesToPeople() {
    let state = MadeUp.states([row], [MadeUp.run("a", [("S-001", .fail)])], [MadeUp.word("S-001", .pass)])[0]
    #expect(state.standing == .fail && state.origin == .measured)
  }

  // MARK: rows that ask for the same

  @Test func aRowWithoutAnythingTakesWhatItsTwinHas() {
    let items = [MadeUp.item("O-007", sameAs: ["T-003"]), MadeUp.item("T-003")]
    let states = MadeUp.states(items, [], [MadeUp.word("T-003", .pass)])
    #expect(states.map(\.standing) == [.pass, .pass])
    #expect(states[0].notes[0] == "on file for T-003, which asks for the same")
    #expect(states[0].item.id == "O-007")
    // It goes both ways, and what the row has itself comes first.
    #expect(MadeUp.states(items, [], [MadeUp.word("O-007", .pass)]).map(\.standing) == [.pass, .pass])
    let both = MadeUp.states(items, [], [MadeUp.word("O-007", .fail), MadeUp.word("T-003", .pass)])
    #expect(both.map(\.standing) == [.fail, .pass])
  }

  @Test func nobodysWordProvesAMeasuredRowByItsTwin() {
    let items = [MadeUp.item("A-001", sameAs: ["F-002"]), MadeUp.item("F-002", marks: [.measured("F-002")])]
    #expect(MadeUp.states(items, [], [MadeUp.word("A-001", .pass)]).map(\.standing) == [.pass, .pending])
    let measured = MadeUp.states(items, [MadeUp.run("a", [("F-002", .pass)])])
    #expect(measured.map(\.standing) == [.pass, .pass])
    // An N/A of one row is not that of another.
    let words = [MadeUp.word("A-001", .notApplicable, approvedBy: "qa")]
    #expect(MadeUp.states([items[0], MadeUp.item("X", sameAs: ["A-001"])], [], words)[1].standing == .pending)
  }

  // MARK: reports

  private let tests = MadeUp.item("A-001", marks: [.report(kind: "junit", rule: "failed == 0")])

  @Test func aReportProvesTheRowItIsFor() {
    let pass = MadeUp.report(.junit, [ReportFigure("failed", 0)], for: ["A-001"])
    let state = MadeUp.states([tests], [], [pass])[0]
    #expect(state.standing == .pass && state.origin == .imported)
    #expect(state.reason == "failed is 0, as asked for: failed == 0")
    #expect(state.evidence == ["report.xml"])
    let fail = MadeUp.report(.junit, [ReportFigure("failed", 2)], for: ["A-001"])
    #expect(MadeUp.states([tests], [], [pass, fail])[0].standing == .fail)
    #expect(
      MadeUp.states([tests], [], [MadeUp.report(.junit, [ReportFigure("failed", 0)], for: ["X"])])[0].standing
        == .pending)
  }

  @Test func reportsAgeAndBelongToBuilds() {
    for report in [
      MadeUp.report(.junit, [ReportFigure("failed", 0)], for: ["A-001"], daysAgo: 8),
      MadeUp.report(.junit, [ReportFigure("failed", 0)], for: ["A-001"], build: "1.4.1"),
      MadeUp.report(.junit, [ReportFigure("failed", 0)], for: ["A-001"], environment: "production"),
    ] {
      let state = MadeUp.states([tests], [], [report])[0]
      #expect(state.standing == .pending)
      #expect(state.notes[0].contains("does not count"))
    }
  }

  @Test func aReportForNoRowIsForTheOnlyOneThatAsks() {
    let anyone = MadeUp.report(.junit, [ReportFigure("failed", 0)], for: [])
    #expect(MadeUp.states([tests], [], [anyone])[0].standing == .pass)
    var types = tests
    types.id = "A-004"
    #expect(MadeUp.states([tests, types], [], [anyone]).map(\.standing) == [.pending, .pending])
  }

  @Test func aReportIsNotAttestedOver() {
    let fail = MadeUp.report(.junit, [ReportFigure("failed", 2)], for: ["A-001"])
    let word = MadeUp.word("A-001", .pass)
    #expect(MadeUp.states([tests], [], [fail, word])[0].standing == .fail)
    #expect(MadeUp.states([tests], [], [word])[0].standing == .pass)
  }

  // MARK: signatures

  private static let sheet = [
    MadeUp.item("F-006", isSignOff: true, role: "Engineering Lead"), MadeUp.item("F-010", isSignOff: true),
  ]

  private func signed(_ role: String, environment: String? = "staging", build: String? = "1.4.2") -> PeoplesEntry {
    .signOff(
      SignOffEntry(
        signOff: SignOff(role: role, who: "lead", at: MadeUp.now, note: nil), environment: environment, build: build))
  }

  @Test func aSignatureProvesItsRow() {
    let roles = ["Engineering Lead", "CTO"]
    func standings(_ entries: [PeoplesEntry]) -> [Standing] {
      MadeUp.states(Self.sheet, [], entries, roles: roles).map(\.standing)
    }
    #expect(standings([]) == [.pending, .pending])
    #expect(standings([signed("Engineering Lead")]) == [.pass, .pending])
    #expect(standings([signed("Engineering Lead"), signed("CTO")]) == [.pass, .pending])
    let maker = PeoplesEntry.decisionMaker(DecisionMakerEntry(who: "CTO"))
    #expect(standings([signed("Engineering Lead"), maker]) == [.pass, .pending])
    #expect(standings([signed("Engineering Lead"), signed("CTO"), maker]) == [.pass, .pass])
    #expect(standings([MadeUp.word("F-006", .fail), signed("Engineering Lead")]) == [.fail, .pending])
  }

  @Test func aSignatureUnderAnotherBuildDoesNotCount() {
    for old in [signed("Engineering Lead", build: "1.4.1"), signed("Engineering Lead", environment: "production")] {
      let state = MadeUp.states(Self.sheet, [], [old], roles: ["Engineering Lead"])[0]
      #expect(state.standing == .pending)
      #expect(state.notes[0].contains("does not count: it is for"))
    }
  }
}
