// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results

@testable import Readiness

/// Runs, people's words and a small list, all made up.
enum MadeUp {
  static let now = Timestamp("2026-11-20T12:00:00Z")!

  static func daysAgo(_ days: Double) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: now.millisecondsSinceEpoch - Int64(days * 86_400_000))
  }

  static func run(
    _ name: String, daysAgo days: Double = 1, _ items: [(String, ItemStatus)], environment: String? = "staging",
    build: String? = "1.4.2", isDemo: Bool = false, soundness: RunEvidence.Soundness = .sound
  ) -> RunEvidence {
    RunEvidence(
      run: name, directory: "results/\(name)", started: daysAgo(days), ended: daysAgo(days), environment: environment,
      isDemo: isDemo, isEmbedded: isDemo, build: build, verdict: .pass,
      items: items.map { ItemRecord(id: $0.0, status: $0.1, reason: "\($0.0) of \(name)") }, host: "runner",
      command: "gonogo load plan.yaml", soundness: soundness)
  }

  static func demo(_ name: String, daysAgo days: Double = 1, _ items: [(String, ItemStatus)]) -> RunEvidence {
    run(name, daysAgo: days, items, environment: nil, build: "0.1.0", isDemo: true)
  }

  static func checklist(_ items: [ChecklistItem], roles: [String] = []) -> Checklist {
    Checklist(
      id: "p020", title: "made up", source: "a test", categories: [ChecklistCategory(name: "C")], items: items,
      rule: DecisionRule(
        scores: [], clauses: [], otherwise: .go, isStrict: false, roles: roles, decisionMaker: nil), readings: [])
  }

  static func item(
    _ id: String, marks: [Mark] = [], isSignOff: Bool = false, role: String? = nil, sameAs: [String] = []
  ) -> ChecklistItem {
    ChecklistItem(
      id: id, category: "C", group: "g", priority: "CRITICAL", isBlocker: true, title: id, marks: marks,
      isSignOff: isSignOff, role: role, sameAs: sameAs)
  }

  static func word(
    _ id: String, _ status: Standing, environment: String? = nil, build: String? = nil, override: String? = nil,
    note: String? = "seen", approvedBy: String? = nil, daysAgo days: Double = 2
  ) -> PeoplesEntry {
    .attestation(
      Attestation(
        item: id, status: status, who: "ops", at: daysAgo(days), environment: environment, build: build, note: note,
        approvedBy: approvedBy, override: override))
  }

  static func report(
    _ kind: ReportKind, _ figures: [ReportFigure], for items: [String], daysAgo days: Double = 1,
    environment: String? = nil, build: String? = nil
  ) -> PeoplesEntry {
    .report(
      ImportedReport(
        path: "report.xml", kind: kind, sha256: String(repeating: "a", count: 64), at: daysAgo(days), who: "qa",
        items: items, summary: figures, environment: environment, build: build))
  }

  static func states(
    _ items: [ChecklistItem], _ runs: [RunEvidence] = [], _ entries: [PeoplesEntry] = [],
    environment: String? = "staging", build: String? = "1.4.2", roles: [String] = []
  ) -> [ItemState] {
    assemble(
      checklist: checklist(items, roles: roles), evidence: runs, entries: PeoplesEntries(entries),
      environment: environment, build: build, now: now)
  }

  /// How the one row `P-002` stands, which runs measure.
  static func state(
    _ runs: [RunEvidence] = [], _ entries: [PeoplesEntry] = [], environment: String? = "staging",
    build: String? = "1.4.2"
  ) -> ItemState {
    states([item("P-002", marks: [.measured("P-002")])], runs, entries, environment: environment, build: build)[0]
  }
}
