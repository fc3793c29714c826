// SPDX-License-Identifier: Apache-2.0
import Readiness
import Testing

/// The list of Agente Hotelero against the counts of its rows, and its rule at every boundary.
@Suite struct P020Tests {
  let list: Checklist

  init() throws { list = try Lists.list("p020") }

  // MARK: rows

  @Test func theRowsAreCounted() {
    #expect(list.items.count == 145)
    #expect(list.items.count { $0.priority == "CRITICAL" } == 81)
    #expect(list.items.count { $0.priority == "HIGH" } == 45)
    #expect(list.items.count { $0.priority == "MEDIUM" } == 19)
    #expect(list.items.count(where: \.isBlocker) == 74)
    #expect(Set(list.items.map(\.id)).count == 145)
  }

  @Test(arguments: [
    ("Security", 22, 11, 10, 8, 3), ("Performance", 15, 8, 7, 6, 1), ("Operations", 18, 11, 10, 4, 3),
    ("Infrastructure", 12, 7, 7, 3, 2), ("Application", 14, 6, 4, 5, 3), ("Data & Database", 10, 5, 5, 3, 2),
    ("Monitoring", 12, 6, 5, 5, 1), ("Disaster Recovery", 8, 5, 5, 2, 1), ("Documentation", 10, 4, 3, 5, 1),
    ("Team", 8, 5, 5, 2, 1), ("Compliance", 6, 3, 3, 2, 1), ("Final Validation", 10, 10, 10, 0, 0),
  ])
  func theRowsOfACategoryAreCounted(_ name: String, all: Int, critical: Int, blockers: Int, high: Int, medium: Int) {
    let rows = list.items.filter { $0.category == name }
    #expect(rows.count == all)
    #expect(rows.count { $0.priority == "CRITICAL" } == critical)
    #expect(rows.count(where: \.isBlocker) == blockers)
    #expect(rows.count { $0.priority == "HIGH" } == high)
    #expect(rows.count { $0.priority == "MEDIUM" } == medium)
    #expect(list.categories.map(\.name).contains(name) && list.categories.count == 12)
  }

  @Test func criticalRowsWithoutTheCircle() {
    let rows = list.items.filter { $0.priority == "CRITICAL" && !$0.isBlocker }.map(\.id)
    #expect(rows == ["S-015", "P-011", "O-004", "A-012", "A-013", "M-003", "DOC-003"])
    #expect(!list.items.contains { $0.isBlocker && $0.priority != "CRITICAL" })
  }

  @Test(arguments: [
    ("O-007", "T-003"), ("O-008", "DOC-004"), ("O-012", "D-009"), ("O-011", "I-009"), ("O-003", "D-001"),
    ("S-021", "F-004"), ("P-001", "F-003"), ("O-015", "M-009"), ("O-005", "DOC-003"), ("A-001", "F-002"),
  ])
  func rowsThatRepeatEachOther(_ one: String, _ other: String) throws {
    let left = try #require(list.items.first { $0.id == one })
    let right = try #require(list.items.first { $0.id == other })
    #expect(left.sameAs == [other] && right.sameAs == [one])
    #expect(list.items.count { !$0.sameAs.isEmpty } == 20)
  }

  @Test func conditionalRowsAndSignOffs() {
    #expect(
      list.items.filter { $0.appliesIf != nil }.map(\.id) == ["I-004", "I-006", "I-007", "I-010", "D-007", "DR-006"])
    #expect(list.items.filter(\.isSignOff).map(\.id) == ["F-006", "F-007", "F-008", "F-009", "F-010"])
    #expect(
      list.items.filter(\.isSignOff).map(\.role)
        == ["Engineering Lead", "Operations Lead", "Security Lead", "Product Lead", nil])
    #expect(list.rule.roles.count == 5 && list.rule.decisionMaker == "CTO")
  }

  @Test(arguments: ["P-001", "P-002", "P-003", "P-004", "P-005", "P-013", "F-001", "F-002", "F-003"])
  func rowsThatRunsMark(_ id: String) {
    #expect(list.items.first { $0.id == id }?.marks == [.measured(id)])
  }

  // MARK: the rule

  /// So many rows PASS, and so many N/A with approval; the open ones are none of the critical ones.
  private func outcome(pass: Int, notApplicable: Int = 0, risks: [Risk] = []) -> DecisionFindings {
    let open = 145 - notApplicable - pass
    let rows = Lists.rows(list, open + notApplicable) { $0.priority != "CRITICAL" }
    var standings = Dictionary(uniqueKeysWithValues: rows.prefix(open).map { ($0, Standing.pending) })
    for row in rows.dropFirst(open) { standings[row] = .notApplicable }
    return decide(list, states: Lists.states(list, standings), risks: risks)
  }

  @Test(arguments: [
    (145, 0, Outcome.go), (144, 0, .go), (138, 0, .go), (137, 0, .caution), (136, 0, .caution), (131, 0, .caution),
    (130, 0, .noGo), (129, 0, .noGo), (81, 0, .noGo),
    // Exactly 95 %, exactly 90 %, and one row beside each.
    (133, 5, .caution), (134, 5, .go), (114, 25, .caution), (115, 25, .go), (126, 5, .caution), (125, 5, .noGo),
    (108, 25, .caution), (107, 25, .noGo), (132, 5, .caution), (140, 5, .go),
  ])
  func theTotal(pass: Int, notApplicable: Int, expected: Outcome) {
    let findings = outcome(pass: pass, notApplicable: notApplicable)
    #expect(findings.outcome == expected, "\(findings.reasons)")
    #expect(findings.scores.first { $0.name == "total" }?.share == Fraction(pass, of: 145 - notApplicable))
    #expect(findings.scores.first { $0.name == "critical" }?.share == Fraction(81, of: 81))
  }

  @Test(arguments: [Standing.fail, .partial, .pending, .notApplicable])
  func aCriticalRowThatIsNotPass(_ standing: Standing) {
    // An N/A that nobody approved counts as open.
    let findings = decide(list, states: Lists.states(list, ["S-001": standing], approvedBy: nil))
    #expect(findings.outcome == .noGo)
    #expect(findings.clause == "critical < 100%")
    #expect(findings.openCriticals == ["S-001"])
    #expect(findings.reasons.first?.contains("critical 80 of 81 = 98.76 %: S-001") == true, "\(findings.reasons)")
    #expect(
      findings.change.first?.hasPrefix("clear S-001 (critical then 81 of 81 = 100 %)") == true, "\(findings.change)")
    #expect(findings.change.first?.hasSuffix(": GO") == true)
  }

  @Test func aCriticalRowThatDoesNotApply() {
    let approved = decide(list, states: Lists.states(list, ["I-006": .notApplicable, "DR-006": .notApplicable]))
    #expect(approved.outcome == .go)
    #expect(approved.scores[0].share == Fraction(79, of: 79))
    #expect(approved.scores[1].share == Fraction(143, of: 143))
    var strict = list
    strict.rule.isStrict = true
    let kept = decide(strict, states: Lists.states(strict, ["I-006": .notApplicable]))
    #expect(kept.outcome == .noGo)
    #expect(kept.scores[0].share == Fraction(80, of: 81))
    #expect(kept.remarks == ["I-006 is N/A, and the list is strict: it stays in the denominator"])
  }

  @Test func anApprovalWithoutAReasonIsNone() {
    var states = Lists.states(list, ["I-006": .notApplicable])
    for index in states.indices { states[index].reason = "" }
    #expect(decide(list, states: states).outcome == .noGo)
  }

  @Test(arguments: [
    (RiskLevel.critical, false, false, 145, Outcome.noGo), (.high, false, false, 145, .noGo),
    // Accepting does not mend a HIGH one.
    (.high, false, true, 145, .noGo), (.high, true, false, 145, .go), (.critical, true, false, 145, .go),
    (.medium, false, true, 145, .caution), (.low, false, true, 145, .caution), (.low, true, false, 145, .go),
    (.low, false, false, 145, .caution), (.medium, false, false, 140, .caution),
    (.low, false, true, 135, .caution), (.high, false, false, 135, .noGo), (.low, false, true, 130, .noGo),
    (.low, false, false, 130, .noGo), (.high, true, false, 135, .caution),
  ])
  func risks(_ level: RiskLevel, isMitigated: Bool, isAccepted: Bool, pass: Int, expected: Outcome) {
    let risk = Lists.risk(level, isMitigated: isMitigated, acceptedBy: isAccepted ? "ops" : nil)
    let findings = outcome(pass: pass, risks: [risk])
    #expect(findings.outcome == expected, "\(findings.reasons)")
  }

  @Test func everyReasonIsSaid() {
    var standings = Dictionary(
      uniqueKeysWithValues: Lists.rows(list, 20) { $0.priority != "CRITICAL" }.map { ($0, Standing.pending) })
    standings["S-001"] = .fail
    let findings = decide(list, states: Lists.states(list, standings), risks: [Lists.risk(.high)])
    #expect(findings.reasons.count == 3, "\(findings.reasons)")
    #expect(findings.reasons[0].hasPrefix("NO-GO: a CRITICAL row is not PASS (critical 80 of 81"))
    #expect(findings.reasons[1] == "NO-GO: a HIGH or CRITICAL risk is not mitigated (R-1 HIGH: the cache may be cold)")
    #expect(findings.reasons[2] == "NO-GO: less than 90 % of the rows are PASS (total 124 of 145 = 85.51 %)")
    #expect(
      findings.change == [
        "clear S-001 (critical then 81 of 81 = 100 %)", "mitigate R-1",
        "6 more PASS rows of total (then 131 of 145 = 90.34 %): GO WITH CAUTION",
        "7 more PASS rows of total (then 138 of 145 = 95.17 %): GO",
      ])
  }

  @Test(arguments: [(144, Outcome.go, 0), (137, .caution, 1), (133, .caution, 5)])
  func whatWouldChangeIt(pass: Int, expected: Outcome, missing: Int) {
    let findings = outcome(pass: pass)
    #expect(findings.outcome == expected)
    #expect(findings.change.count == min(1, missing))
    if missing > 0 {
      #expect(findings.change[0].hasPrefix("\(missing) more PASS row"), "\(findings.change)")
      #expect(findings.change[0].hasSuffix(": GO"))
    }
  }

  // MARK: sign-off

  private let signOffs = ["F-006", "F-007", "F-008", "F-009", "F-010"]

  private func ready(open: Int, risks: [Risk] = [], refused: String? = nil) -> DecisionFindings {
    let others = Lists.rows(list, open) { $0.priority != "CRITICAL" }
    var standings = Dictionary(uniqueKeysWithValues: (others + signOffs).map { ($0, Standing.pending) })
    if let refused { standings[refused] = .fail }
    return decide(list, states: Lists.states(list, standings), risks: risks)
  }

  @Test(arguments: [(0, Outcome.go), (7, .go), (8, .caution), (14, .caution)])
  func readyForSignOff(open: Int, after: Outcome) {
    let findings = ready(open: open)
    #expect(findings.outcome == .ready)
    #expect(findings.afterSignOff == after)
    #expect(findings.openSignOffs == signOffs)
    #expect(findings.openCriticals == signOffs)
    #expect(
      findings.reasons[0] == "everything else is proven: with the rows \(signOffs.joined(separator: ", ")) it is"
        + " \(after.rawValue)")
    #expect(findings.change.first == "sign \(signOffs.joined(separator: ", ")): \(after.rawValue)")
  }

  @Test func notReady() {
    #expect(ready(open: 15).outcome == .noGo)
    #expect(ready(open: 0, risks: [Lists.risk(.high)]).outcome == .noGo)
    // A refusal is no missing signature.
    let refused = ready(open: 0, refused: "F-008")
    #expect(refused.outcome == .noGo && refused.afterSignOff == nil)
    #expect(refused.change.first == "F-008 signed instead of refused")
    #expect(ready(open: 0, risks: [Lists.risk(.low, acceptedBy: "ops")]).afterSignOff == .caution)
  }

  // MARK: nothing to count

  @Test func nothingCounts() {
    var standings: [String: Standing] = [:]
    for item in list.items { standings[item.id] = .notApplicable }
    let all = decide(list, states: Lists.states(list, standings))
    #expect(all.outcome == .noGo)
    #expect(all.scores.allSatisfy { $0.share.denominator == 0 && $0.share.value == nil })
    #expect(all.reasons == ["nothing in the list counts: there is nothing to decide on"])
    var empty = list
    empty.items = []
    #expect(decide(empty, states: []).outcome == .noGo)
    // All critical rows N/A: none is in the way, the others are counted.
    for item in list.items where item.priority != "CRITICAL" { standings[item.id] = nil }
    let others = decide(list, states: Lists.states(list, standings))
    #expect(others.outcome == .go && others.scores[0].share.denominator == 0)
  }

  @Test func aRowWithoutAStateIsPending() {
    let findings = decide(list, states: [])
    #expect(findings.outcome == .noGo)
    #expect(findings.openCriticals.count == 81)
    #expect(findings.scores[1].counts == ["PENDING": 145])
    #expect(findings.categories.map(\.share.denominator).reduce(0, +) == 145)
  }

  @Test func pairsThatStandDifferently() {
    let findings = decide(list, states: Lists.states(list, ["T-003": .pending]))
    #expect(findings.remarks == ["O-007 is PASS and T-003, which asks for the same, is PENDING"])
    var measured = Lists.states(list, ["F-003": .pending])
    for index in measured.indices { measured[index].origin = .measured }
    #expect(decide(list, states: measured).remarks.isEmpty)
  }
}
