// SPDX-License-Identifier: Apache-2.0
import Foundation

@testable import Readiness
@testable import Results

/// Decisions on the shipped list, made up for pages: every standing, origin and refusal comes up.
enum SampleDecision {
  static let now = Timestamp(millisecondsSinceEpoch: 1_795_212_000_000)
  static let load = "20261120T131502Z-expected-peak"
  static let soak = "20261119T210000Z-soak"

  /// The list as it is shipped.
  static func checklist() throws -> Checklist {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let loaded = Checklist.load(package.appending(path: "scenarios/checklists/p020.yaml").path)
    guard let checklist = loaded.checklist else { throw CocoaError(.fileReadCorruptFile) }
    return checklist
  }

  /// NO-GO: rows of every standing, and everything else that a page has to show.
  static func mixed() throws -> DecisionRecord {
    let checklist = try checklist()
    var states = checklist.items.enumerated().map { state($1, $0) }
    func change(_ id: String, _ change: (inout ItemState) -> Void) {
      for index in states.indices where states[index].item.id == id { change(&states[index]) }
    }
    for id in ["P-001", "P-002", "P-003", "P-004", "F-003"] { change(id) { measured(&$0) } }
    change("P-005", soaking)
    change("F-001") { row in
      row.origin = .measured
      row.reason = "14 steps passed, 23 of 23 operations called"
      row.attempts = [attempt("20261120T140001Z-smoke", .pass, row.reason, hoursAgo: 8)]
      row.evidence = ["20261120T140001Z-smoke"]
    }
    for id in ["F-006", "F-007", "F-008", "F-009", "F-010"] {
      change(id) { open(&$0, .pending, "waits for a signature of the sheet") }
    }
    change("S-004") { open(&$0, .fail, "the token in use is the one of the test number") }
    change("O-004") { open(&$0, .partial, "2 of 5 alerts have an owner; the rest are being assigned") }
    change("DR-002") { open(&$0, .pending, "nobody has looked at it") }
    for id in ["M-009", "DOC-006", "T-006"] { change(id) { open(&$0, .pending, "nobody has looked at it") } }
    change("I-004") { row in
      row.standing = .notApplicable
      row.reason = "one machine only: nothing to balance"
      row.approvedBy = "Engineering Lead"
    }
    change("D-007") { row in
      row.standing = .notApplicable
      row.reason = "no replica is used"
    }
    change("P-008") { row in
      row.origin = .overridden
      row.reason = "measured as 64 % by a run without warm caches; Operations saw 83 % over the last week"
      row.notes = ["the measurement stays on file below"]
      row.attempts = [attempt(load, .fail, "hit rate 64 %, more than 70 % is the limit", hoursAgo: 9)]
    }
    return record(checklist, states)
  }

  static func state(_ item: ChecklistItem, _ index: Int) -> ItemState {
    var state = ItemState(
      item: item, standing: .pass, origin: .attested, reason: "checked against the running system",
      validatedBy: ["ops", "qa"][index % 2],
      date: Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch - Int64(index) * 3_600_000))
    state.item.owner = ["Engineering", "Operations", "Security", "Product"][index % 4]
    state.evidence = ["https://wiki.hotel.example/readiness/\(item.id)", "evidence/\(item.id).png"]
    return state
  }

  private static func open(_ row: inout ItemState, _ standing: Standing, _ reason: String) {
    row.standing = standing
    row.origin = standing == .pending ? .none : .attested
    row.reason = reason
    if standing == .pending {
      row.validatedBy = nil
      row.date = nil
    }
    row.evidence = []
  }

  static func attempt(
    _ run: String, _ standing: Standing, _ reason: String, hoursAgo: Int64, build: String? = "2026.11.2",
    refusal: String? = nil
  ) -> Attempt {
    Attempt(
      run: run, at: Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch - hoursAgo * 3_600_000),
      standing: standing, reason: reason, build: build, refusal: refusal)
  }

  private static func measured(_ row: inout ItemState) {
    row.origin = .measured
    row.reason =
      "903 of 43,200 at or over 1 s or failed (2.09 %); at most 2.26 % with 95 % confidence, 5 % is the limit"
    row.validatedBy = "gonogo 0.1.0, run 01hz7, started by ops"
    row.date = Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch - 9 * 3_600_000)
    row.evidence = [load]
    row.command = "gonogo load scenarios/plans/expected-peak.yaml --env staging"
    row.attempts = [
      attempt(load, .pass, row.reason, hoursAgo: 9),
      attempt(
        "20261118T090000Z-expected-peak", .fail, "2,612 of 43,200 at or over 1 s or failed (6.05 %)", hoursAgo: 60,
        refusal: "it was superseded: the pool of connections had been set to 5"),
      attempt(
        "20261104T090000Z-expected-peak", .pass, "711 of 43,200 at or over 1 s or failed", hoursAgo: 400,
        build: "2026.10.7", refusal: "it is of build 2026.10.7, not 2026.11.2"),
    ]
  }

  private static func soaking(_ row: inout ItemState) {
    measured(&row)
    row.standing = .pending
    row.reason = "60 of 3,600 s were measured"
    row.attempts = [attempt(soak, .pending, row.reason, hoursAgo: 26)]
    row.evidence = [soak]
  }

  static func record(_ checklist: Checklist, _ states: [ItemState], outcome: Outcome = .noGo) -> DecisionRecord {
    let items = states.map { DecidedItem($0) }
    let open = items.filter { $0.priority == "CRITICAL" && $0.standing != .pass }.map(\.id)
    return DecisionRecord(
      tool: ToolRecord(version: "0.1.0"), decided: now, demo: false, environment: "staging",
      environmentKind: "staging", target: "https://staging.hotel.example", build: "2026.11.2",
      checklist: DecidedChecklist(
        id: checklist.id, title: checklist.title, source: checklist.source,
        digest: String(repeating: "5a", count: 32),
        categories: checklist.categories.map { DecidedCategory(name: $0.name, weight: $0.weight) }),
      rule: DecidedRule(checklist.rule), readings: checklist.readings, outcome: outcome,
      reasons: [
        "a CRITICAL row is not PASS: \(open.count) of 81 are open",
        "a HIGH risk is not mitigated: R-2",
      ],
      change: [
        "bring to PASS: \(open.prefix(4).joined(separator: ", "))", "mitigate R-2, and say so in readiness.yaml",
        "with these, the outcome is READY FOR SIGN-OFF",
      ],
      scores: [
        score("critical", items.filter { $0.priority == "CRITICAL" }), score("total", items),
      ],
      categories: checklist.categories.map { category in
        score(category.name, items.filter { $0.category == category.name })
      },
      openCriticals: open, remarks: ["P-001 and F-003 ask for the same run"], items: items,
      refused: [
        RefusedEvidence(run: "20261112T080000Z-expected-peak", reason: "it is 8 days old; 7 days are the limit"),
        RefusedEvidence(run: "demo-20261120T101500Z-quick", reason: "it is of the embedded hotel (DEMO)"),
        RefusedEvidence(run: "20261120T111500Z-expected-peak", reason: "series.csv was changed after the run"),
      ],
      risks: [
        Risk(
          id: "R-1", title: "Alerts without an owner are seen late", item: "O-004", level: .medium,
          impact: "an outage lasts longer", probability: "once a month",
          mitigation: "the on-call engineer takes all until they are assigned", isMitigated: false,
          acceptedBy: "Operations Lead"),
        Risk(
          id: "R-2", title: "Messages leave through the test number", item: "S-004", level: .high,
          impact: "guests cannot answer", probability: "certain", mitigation: nil, isMitigated: false, acceptedBy: nil),
        Risk(
          id: "R-3", title: "The cache is cold after a deploy", item: nil, level: .low, impact: "slow for 2 min",
          probability: "each deploy", mitigation: "warm-up before traffic", isMitigated: true, acceptedBy: nil),
      ],
      signOffs: [SignOff(role: "Engineering Lead", who: "qa", at: now, note: "with the conditions")],
      missingSignOffs: ["Operations Lead", "Security Lead", "Product Lead", "CTO"],
      conditions: [
        DecidedCondition(text: "Watch the error rate every 15 min for 48 h", who: "ops", at: now)
      ], decisionMaker: nil,
      controls: [
        ControlRun(name: "healthy", run: "demo-control-healthy", at: now, expected: "pass", found: "pass"),
        ControlRun(name: "errors", run: "demo-control-errors", at: now, expected: "fail", found: "fail"),
      ],
      warnings: ["evidence/coverage.xml is not the file that was imported: its digest differs"])
  }

  static func score(_ name: String, _ items: [DecidedItem]) -> Score {
    var counts: [String: Int] = [:]
    for item in items { counts[item.standing.rawValue, default: 0] += 1 }
    let counted = items.filter { $0.standing != .notApplicable || $0.approvedBy == nil }
    return Score(
      name: name, share: Fraction(counted.count { $0.standing == .pass }, of: counted.count), counts: counts)
  }
}
