// SPDX-License-Identifier: Apache-2.0
import Readiness
import Testing

/// The weighted list, the scorecard and the launch checklist: their rows, and their rules at every boundary.
@Suite struct SisterListTests {
  // MARK: weighted

  @Test(arguments: [
    ("Core functionality", 20, 12, 1, 0), ("Testing and quality", 25, 12, 2, 4), ("Security", 25, 18, 2, 7),
    ("Performance", 15, 15, 3, 6), ("Observability", 10, 15, 2, 6), ("Resilience", 15, 16, 1, 4),
    ("Documentation", 5, 10, 0, 4), ("Deployment", 5, 15, 2, 9),
  ])
  func theRowsOfTheWeightedList(_ name: String, weight: Int, rows: Int, blockers: Int, criticals: Int) throws {
    let list = try Lists.list("es")
    #expect(list.items.count == 113 && list.items.count { $0.partOf == nil } == 108)
    #expect(list.items.count { $0.priority == "BLOCKER" } == 13)
    #expect(list.items.count { $0.priority == "CRITICAL" } == 40)
    #expect(list.items.count { $0.priority == "IMPORTANT" } == 55)
    #expect(list.categories.first { $0.name == name }?.weight == weight)
    #expect(list.categories.compactMap(\.weight).reduce(0, +) == 120)
    let own = list.items.filter { $0.category == name }
    #expect(own.count == rows)
    #expect(own.count { $0.priority == "BLOCKER" } == blockers)
    #expect(own.count { $0.priority == "CRITICAL" } == criticals)
  }

  /// Rows that the source ticks are the IMPORTANT ones but PCI-DSS; their score is known by hand.
  @Test func theScoreOfTheSourceIsFoundAgain() throws {
    let list = try Lists.list("es")
    var standings: [String: Standing] = ["ES-3.3.3": .pending]
    for item in list.items where item.priority != "IMPORTANT" { standings[item.id] = .pending }
    let ticked = decide(list, states: Lists.states(list, standings))
    // 65.21 of 120.
    #expect(ticked.scores.map(\.name) == ["blockers", "criticals", "overall"])
    #expect(ticked.scores[2].share == Fraction(1027, of: 1890))
    #expect(ticked.scores[2].share.percentText == "54.33")
    #expect(ticked.outcome == .noGo && ticked.clause == "blockers < 100%")
    #expect(ticked.openCriticals.count == 13)
    // With the red rows put right it is 81.0 of 120, and not the 80 % that the source expects.
    for item in list.items where item.priority == "BLOCKER" || item.partOf != nil { standings[item.id] = nil }
    let mended = decide(list, states: Lists.states(list, standings))
    #expect(mended.scores[2].share.percentText == "67.5")
    #expect(mended.outcome == .noGo && mended.clause == "overall < 80%")
  }

  @Test func aRowIsOnlyAsGoodAsItsParts() throws {
    let list = try Lists.list("es")
    let findings = decide(list, states: Lists.states(list, ["ES-1.1.4c": .fail]), signOffs: try Lists.signatures(list))
    #expect(findings.outcome == .noGo)
    #expect(findings.openCriticals == ["ES-1.1.4"])
    #expect(findings.remarks == ["ES-1.1.4 is PASS but counts as open: of its parts ES-1.1.4c are not"])
    #expect(findings.scores[0].share == Fraction(12, of: 13))
    // A part that does not apply, with approval, is no hindrance.
    let approved = decide(
      list, states: Lists.states(list, ["ES-1.1.4c": .notApplicable]), signOffs: try Lists.signatures(list))
    #expect(approved.outcome == .go)
  }

  /// Two categories of weight 3 and 1: rows can be chosen for exactly 80 % and 95 %.
  private func weighted(_ first: Int, of all: Int, isSigned: Bool = true, critical: Bool = true) throws -> Outcome {
    let rows = (1...30).map { "      - {id: A-\($0), priority: IMPORTANT, title: one}" }.joined(separator: "\n")
    let more = (31...all).map { "      - {id: A-\($0), priority: IMPORTANT, title: one}" }.joined(separator: "\n")
    let text = """
      checklist: small
      title: small
      priorities: {BLOCKER: {}, CRITICAL: {}, IMPORTANT: {}}
      weights: {First: 60, Second: 60}
      roles: [Stakeholder]
      scores:
        blockers: {priority: BLOCKER}
        criticals: {priority: CRITICAL}
        overall: {method: weighted-mean-of-groups}
      decision:
      CLAUSES
      items:
        First:
          G1:
      \(rows)
        Second:
          G2:
      \(more)
            - {id: C, priority: CRITICAL, title: one}
      """
    let rule = try Lists.list("es").rule
    let clauses = rule.clauses.map { "  - {if: \"\($0.text)\", then: \($0.outcome.rawValue), because: so}" }
    let list = try checklist(text.replacing("CLAUSES", with: clauses.joined(separator: "\n")))
    var standings: [String: Standing] = critical ? [:] : ["C": .pending]
    for index in 0..<(30 - first) { standings["A-\(index + 1)"] = .pending }
    return decide(
      list, states: Lists.states(list, standings), signOffs: isSigned ? try Lists.signatures(list) : []
    ).outcome
  }

  @Test func theBoundariesOfTheWeightedRule() throws {
    // Of two equal categories the second is full: (first / 30 + 1) / 2.
    #expect(try weighted(30, of: 40) == .go)
    #expect(try weighted(27, of: 40) == .go)  // exactly 95 %
    #expect(try weighted(26, of: 40) == .caution)
    #expect(try weighted(18, of: 40) == .caution)  // exactly 80 %
    #expect(try weighted(17, of: 40) == .noGo)
    #expect(try weighted(27, of: 40, isSigned: false) == .ready)
    #expect(try weighted(18, of: 40, isSigned: false) == .ready)
    #expect(try weighted(17, of: 40, isSigned: false) == .noGo)
    // Above 95 % with an open CRITICAL row.
    #expect(try weighted(30, of: 40, critical: false) == .caution)
  }

  @Test func anOpenBlockerWhateverTheScore() throws {
    let list = try Lists.list("es")
    for blocker in list.items where blocker.priority == "BLOCKER" {
      let findings = decide(
        list, states: Lists.states(list, [blocker.id: .partial]), signOffs: try Lists.signatures(list))
      #expect(findings.outcome == .noGo && findings.openCriticals == [blocker.id])
    }
    let critical = decide(
      list, states: Lists.states(list, ["ES-7.2.3": .pending]), signOffs: try Lists.signatures(list))
    #expect(critical.outcome == .caution && critical.clause == "criticals < 100%")
    #expect(critical.change == ["clear ES-7.2.3 (criticals then 40 of 40 = 100 %): GO"])
  }

  @Test func theRowsWorthMostAreNamed() throws {
    let list = try Lists.list("es")
    // All of category 8 and two sub-sections of 6: 5 of 120 and 10 of 120 are missing.
    var standings: [String: Standing] = [:]
    for item in list.items where !["BLOCKER", "CRITICAL"].contains(item.priority) && item.partOf == nil {
      if item.group.hasPrefix("6.") || item.category == "Deployment" || item.category == "Performance" {
        standings[item.id] = .pending
      }
    }
    let findings = decide(list, states: Lists.states(list, standings), signOffs: try Lists.signatures(list))
    #expect(findings.outcome == .caution, "\(findings.reasons)")
    #expect(findings.change.count == 1)
    // A row of 4.2 or of 6.2 is worth 15 / 3 / 5 = 1 of 120, one of category 8 a third of that.
    #expect(findings.change[0].contains("such as ES-4.2.1"), "\(findings.change)")
    #expect(!findings.change[0].contains("ES-8"), "\(findings.change)")
  }

  // MARK: scorecard

  @Test func theRowsOfTheScorecard() throws {
    let list = try Lists.list("ws")
    #expect(list.items.count == 42)
    #expect(
      list.categories.map { category in list.items.count { $0.category == category.name } } == [7, 7, 6, 6, 5, 5, 6])
    #expect(list.items.compactMap(\.points) == [4, 4, 4, 4, 4, 4])
    let metrics = list.items.filter { $0.priority == "METRIC" }
    #expect(metrics.allSatisfy { !$0.isScored })
    #expect(
      metrics.allSatisfy { item in
        item.marks.contains { if case .later(let reason) = $0 { reason.contains(" days") } else { false } }
      })
  }

  @Test(
    arguments: [
      ([:], true, Outcome.go), ([:], false, .ready), (["WS-WS-4": .partial], true, .noGo),
      (["WS-WS-4": .partial], false, .noGo), (["WS-OPS-1": .pending], true, .noGo),
      // What is seen after the launch, and what does not apply.
      (["WS-SLO-1": .pending, "WS-SLO-5": .fail], true, .go), (["WS-INF-4": .notApplicable], true, .go),
      (["WS-WS-6": .notApplicable], true, .go),
    ] as [([String: Standing], Bool, Outcome)])
  func theRuleOfTheScorecard(standings: [String: Standing], isSigned: Bool, expected: Outcome) throws {
    let list = try Lists.list("ws")
    let findings = decide(
      list, states: Lists.states(list, standings), signOffs: isSigned ? try Lists.signatures(list) : [])
    #expect(findings.outcome == expected, "\(findings.reasons)")
    #expect(findings.afterSignOff == (expected == .ready ? .go : nil))
    let points = standings["WS-WS-4"] != nil ? Fraction(20, of: 24) : Fraction(24, of: 24)
    #expect(findings.scores[0].share == (standings["WS-WS-6"] == nil ? points : Fraction(20, of: 20)))
  }

  // MARK: launch checklist

  /// Section, rows that count, and of them ticked in the source.
  private static let sections = [
    ("Infrastructure", 21, 19), ("Security", 32, 19), ("Database & Storage", 18, 0),
    ("Monitoring & Observability", 28, 13), ("Performance & Scalability", 17, 2), ("Feature Completeness", 25, 18),
    ("Documentation", 21, 7), ("Compliance & Legal", 16, 0), ("Disaster Recovery", 15, 0), ("Pre-Launch Tasks", 32, 0),
    ("Gates", 0, 0), ("Post-Launch", 0, 0),
  ]

  private static let ticked: Set<String> = {
    let runs = [
      ("1.1", 1...6), ("1.2", 1...5), ("1.3", 1...8), ("2.1", 1...5), ("2.2", 1...7), ("2.3", 1...6), ("2.4", 1...1),
      ("4.1", 1...3), ("4.1", 5...5), ("4.2", 1...4), ("4.3", 1...5), ("5.1", 1...2), ("6.1", 1...10), ("6.2", 1...8),
      ("7.1", 1...6), ("7.2", 1...1),
    ]
    return Set(runs.flatMap { group, rows in rows.map { "RL-\(group).\($0)" } })
  }()

  @Test func theScoresOfTheSourceAreFoundAgain() throws {
    let list = try Lists.list("realtor")
    #expect(list.items.count == 259)
    var standings: [String: Standing] = [:]
    for item in list.items where !Self.ticked.contains(item.id) { standings[item.id] = .pending }
    let findings = decide(list, states: Lists.states(list, standings))
    #expect(findings.categories.map(\.name) == Self.sections.map(\.0))
    #expect(findings.categories.map(\.share) == Self.sections.map { Fraction($0.2, of: $0.1) })
    let scores = Dictionary(uniqueKeysWithValues: findings.scores.map { ($0.name, $0.share) })
    #expect(scores["health"] == Fraction(5, of: 5) && scores["core"] == Fraction(10, of: 10))
    #expect(scores["backups"] == Fraction(0, of: 6) && scores["overall"] == Fraction(78, of: 225))
    #expect(findings.outcome == .noGo)
    #expect(findings.reasons.count == 5, "\(findings.reasons)")
  }

  @Test(arguments: [
    ("Security", 1), ("Health Checks", 1), ("Core Features", 1), ("Backup & Recovery", 1), ("Infrastructure", 3),
    ("Monitoring & Observability", 3), ("Documentation", 3),
  ])
  func theGates(_ name: String, least: Int) throws {
    let list = try Lists.list("realtor")
    // Of 21 rows 19 are 90.47 %, of 28 rows 26 are 92.9 %: the number that breaks a gate is known by hand.
    for open in [least - 1, least] {
      let rows = Lists.rows(list, open) { ($0.category == name || $0.group == name) && $0.partOf == nil }
      let findings = decide(
        list, states: Lists.states(list, Dictionary(uniqueKeysWithValues: rows.map { ($0, Standing.pending) })),
        signOffs: try Lists.signatures(list))
      #expect(findings.outcome == (open == least ? .noGo : .go), "\(name) \(open): \(findings.reasons)")
    }
  }

  @Test func exactlyNinetyPercentOfASectionIsNotAboveIt() throws {
    let list = try Lists.list("realtor")
    // One of 21 rows N/A leaves 20, of which 18 are 90 %.
    let rows = Lists.rows(list, 3) { $0.category == "Documentation" }
    var standings: [String: Standing] = [rows[0]: .notApplicable, rows[1]: .pending, rows[2]: .fail]
    let exactly = decide(list, states: Lists.states(list, standings), signOffs: try Lists.signatures(list))
    #expect(exactly.outcome == .noGo && exactly.clause == "documentation <= 90%")
    standings[rows[1]] = nil
    #expect(decide(list, states: Lists.states(list, standings), signOffs: try Lists.signatures(list)).outcome == .go)
  }

  @Test(arguments: [(33, 0, Outcome.go), (34, 0, .noGo), (33, 5, .go), (34, 5, .noGo), (30, 25, .go), (31, 25, .noGo)])
  func theTotalOfTheLaunchChecklist(open: Int, notApplicable: Int, expected: Outcome) throws {
    let list = try Lists.list("realtor")
    // 192 of 225 are 85.33 %, 191 are 84.89 %; 170 of 200 are 85 % exactly.
    let rows = Lists.rows(list, open + notApplicable) { $0.isScored && $0.priority == "OTHER" && $0.partOf == nil }
    var standings: [String: Standing] = [:]
    for (index, row) in rows.enumerated() { standings[row] = index < open ? .pending : .notApplicable }
    let findings = decide(list, states: Lists.states(list, standings), signOffs: try Lists.signatures(list))
    #expect(findings.outcome == expected, "\(findings.reasons)")
  }

  @Test func signaturesAndConditionsOfTheLaunch() throws {
    let list = try Lists.list("realtor")
    let all = Lists.states(list)
    var signatures = try Lists.signatures(list)
    #expect(decide(list, states: all, signOffs: signatures).outcome == .go)
    let tied = decide(list, states: all, signOffs: signatures, conditions: ["watch it for a day"])
    #expect(tied.outcome == .caution && tied.change == ["meet the conditions: GO"])
    signatures.removeLast()
    let ready = decide(list, states: all, signOffs: signatures, conditions: ["watch it for a day"])
    #expect(ready.outcome == .ready && ready.afterSignOff == .caution)
    #expect(ready.missingSignatures == ["Operations Lead"])
    #expect(
      ready.reasons[0] == "everything else is proven: with the signatures of Operations Lead it is GO WITH CAUTION")
    #expect(ready.change == ["signatures of Operations Lead: GO WITH CAUTION", "meet the conditions: GO"])
  }

  // MARK: all of them

  @Test(arguments: Lists.names)
  func noListLaunchesWithoutEvidence(_ name: String) throws {
    let list = try Lists.list(name)
    #expect(decide(list, states: []).outcome == .noGo)
    let scored = list.items.filter { $0.isScored }.count
    #expect(scored > 30)
    // Risks count everywhere, and an N/A that nobody approved is open.
    let all = Lists.states(list)
    let signatures = try Lists.signatures(list)
    #expect(decide(list, states: all, signOffs: signatures).outcome == .go)
    #expect(decide(list, states: all, risks: [Lists.risk(.high)], signOffs: signatures).outcome == .noGo)
    #expect(
      decide(list, states: all, risks: [Lists.risk(.low, acceptedBy: "ops")], signOffs: signatures).outcome == .caution)
    var away: [String: Standing] = [:]
    for item in list.items { away[item.id] = .notApplicable }
    #expect(decide(list, states: Lists.states(list, away), signOffs: signatures).outcome == .noGo)
    #expect(decide(list, states: Lists.states(list, away, approvedBy: nil), signOffs: signatures).outcome == .noGo)
  }
}
