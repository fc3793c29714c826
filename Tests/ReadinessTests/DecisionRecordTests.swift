// SPDX-License-Identifier: Apache-2.0
import Foundation
import Judgement
import Results
import Testing

@testable import Readiness

/// A decision on folders that the real writers made.
@Suite struct DecisionRecordTests {
  private typealias Evidence = PreparedEvidence

  @Test func nothingOnFileIsNoGo() throws {
    let evidence = Evidence()
    let record = try evidence.decided([])
    #expect(record.outcome == .noGo)
    #expect(record.openCriticals.count == 9)
    #expect(record.scores.map(\.share) == [Fraction(0, of: 9), Fraction(0, of: 20)])
    #expect(record["M-01"]?.reason.contains("no run") == true)
    #expect(!record.change.isEmpty && record.missingSignOffs == Evidence.roles)
  }

  @Test func allButTheSignaturesIsReady() throws {
    let evidence = Evidence()
    let run = try evidence.run()
    let record = try evidence.decided(Evidence.attested())
    #expect(record.outcome == .ready && record.afterSignOff == .go)
    #expect(record.build == "1.4.2")
    #expect(record.openCriticals == ["F-01", "F-02", "F-03"])
    let item = try #require(record["M-02"])
    #expect(item.standing == .pass && item.origin == .measured)
    #expect(item.validatedBy?.contains("runner") == true)
    #expect(item.evidence.contains { $0.contains(run) })
    #expect(item.command?.contains("gonogo smoke --env staging") == true)
  }

  @Test(arguments: [(0, Outcome.go), (1, .caution), (2, .caution), (3, .noGo)])
  func whatIsOpenDecides(open: Int, outcome: Outcome) throws {
    let evidence = Evidence()
    try evidence.run()
    let record = try evidence.decided(Evidence.attested(open: open) + Evidence.signed)
    #expect(record.outcome == outcome)
    #expect(record.scores.last?.share == Fraction(20 - open, of: 20))
    #expect(record.contradictions == [])
    #expect(record.warnings.first?.contains("gonogo decide --control") == true)
  }

  @Test func anOpenRiskStopsIt() throws {
    let evidence = Evidence()
    try evidence.run()
    let risk = Risk(
      id: "R-1", title: "one node", item: nil, level: .high, impact: "outage", probability: "low", mitigation: nil,
      isMitigated: false, acceptedBy: "ops")
    let record = try evidence.decided(
      Evidence.attested() + Evidence.signed + [.risk(RiskEntry(risk: risk, at: Evidence.start))])
    #expect(record.outcome == .noGo && record.reasons[0].contains("R-1"))
  }

  // MARK: what does not count

  private func refusal(_ record: DecisionRecord, _ run: String) -> String? {
    record.refused.first { $0.run == run }?.reason
  }

  @Test func staleEvidenceIsRefused() throws {
    let evidence = Evidence()
    let run = try evidence.run()
    let entries = Evidence.attested() + Evidence.signed
    let fresh = try evidence.decided(entries, build: "1.4.2", now: Evidence.start.later(seconds: 5, days: 7))
    #expect(fresh.outcome == .go && fresh.refused == [])
    let stale = try evidence.decided(entries, build: "1.4.2", now: Evidence.start.later(seconds: 6, days: 7))
    #expect(stale.outcome == .noGo)
    #expect(refusal(stale, run) == "it is over 7 days old: evidence counts for 7 days")
    #expect(stale["M-01"]?.standing == .pending && stale["M-01"]?.attempts.first?.refusal != nil)
  }

  @Test func evidenceOfAnotherBuildIsRefused() throws {
    let evidence = Evidence()
    let run = try evidence.run()
    let record = try evidence.decided(Evidence.attested() + Evidence.signed, build: "1.5.0")
    #expect(record.outcome == .noGo)
    #expect(refusal(record, run) == "it is of build 1.4.2, not 1.5.0")
    #expect(refusal(record, "signature of ops as Engineering Lead") == "it is for build 1.4.2, not 1.5.0")
    #expect(record.missingSignOffs == Evidence.roles)
  }

  @Test func demoEvidenceIsRefused() throws {
    let evidence = Evidence()
    let run = try evidence.run(demo: true)
    let record = try evidence.decided(Evidence.attested() + Evidence.signed, build: "1.4.2")
    #expect(record.outcome == .noGo && !record.demo)
    #expect(refusal(record, run) == "a DEMO run is no evidence for a real system")
    let demo = try evidence.decided([], environment: nil)
    #expect(demo.demo && demo.environment == "demo" && demo["M-01"]?.standing == .pass)
  }

  @Test func evidenceOfAnotherEnvironmentIsRefused() throws {
    let evidence = Evidence()
    let run = try evidence.run(environment: "trial")
    let record = try evidence.decided(Evidence.attested(), build: "1.4.2")
    #expect(refusal(record, run) == "it was made against the environment trial, not staging")
  }

  @Test func aChangedFolderIsRefused() throws {
    let evidence = Evidence()
    let run = try evidence.run()
    let path = "\(evidence.directory)/\(run)/summary.md"
    try Data("better".utf8).write(to: URL(filePath: path))
    let record = try evidence.decided(Evidence.attested() + Evidence.signed, build: "1.4.2")
    #expect(record.outcome == .noGo)
    #expect(refusal(record, run)?.contains("summary.md was changed after the run") == true)
  }

  /// Rolling the dice until they fall well is no proof.
  @Test func aPassAfterAFailNeedsAReason() throws {
    let evidence = Evidence()
    let failed = try evidence.run(passes: false)
    try evidence.run(at: Evidence.start.later(hours: 1))
    let entries = Evidence.attested() + Evidence.signed
    let record = try evidence.decided(entries)
    #expect(record.outcome == .noGo)
    let item = try #require(record["M-02"])
    #expect(item.standing != .pass && (item.notes + [item.reason]).contains { $0.contains("supersede \(failed)") })
    #expect(item.attempts.map(\.standing) == [.pass, .fail])
    // What passed both times needs none.
    #expect(record["M-01"]?.standing == .pass)
    let reason = Supersession(run: failed, reason: "the sandbox was down", who: "qa", at: Evidence.now)
    // Who signed before the FAIL did not know of it.
    let early = try evidence.decided(entries + [.supersession(reason)])
    #expect(early.outcome == .ready && early.missingSignOffs == Evidence.roles)
    #expect(refusal(early, "signature of ops as Operations Lead")?.contains("older than the FAIL of \(failed)") == true)
    let settled = try evidence.decided(Evidence.attested() + Evidence.signed(Evidence.now) + [.supersession(reason)])
    #expect(settled.outcome == .go)
    #expect(settled["M-02"]?.notes.contains { $0.contains("the sandbox was down") } == true)
    #expect(settled["M-02"]?.attempts.count == 2)
  }

  @Test func theNewestConclusiveRunCounts() throws {
    let evidence = Evidence()
    try evidence.run()
    try evidence.run(passes: false, at: Evidence.start.later(hours: 1))
    let record = try evidence.decided(Evidence.attested() + Evidence.signed)
    #expect(record.outcome == .noGo && record["M-02"]?.standing == .fail)
  }

  // MARK: control runs

  @Test func controlRunsAreDatedAndNoEvidence() throws {
    let evidence = Evidence()
    try evidence.run(demo: true, plan: "control-healthy")
    try evidence.run(passes: false, demo: true, plan: "control-errors")
    let record = try evidence.decided([], environment: nil)
    #expect(record.controls.map(\.name) == ["healthy", "errors"])
    #expect(record.controls.map(\.found) == ["pass", "fail"] && record.controls.map(\.isSound) == [true, true])
    #expect(record["M-01"]?.standing == .pending)
    #expect(!record.warnings.contains { $0.contains("control") })
    let later = try evidence.decided([], environment: nil, now: Evidence.start.later(hours: 1, days: 9))
    #expect(later.warnings.contains("the control run healthy is 9 days old"))
  }

  @Test func aJudgeThatPassesABrokenHotelIsFoundOut() throws {
    let evidence = Evidence()
    try evidence.run(demo: true, plan: "control-errors")
    let run = try #require(ControlRun.newest(in: evidence.directory).first)
    #expect(run.name == "errors" && run.found == "pass" && !run.isSound)
    // The newest one that says something for certain counts; an empty one does not.
    try evidence.run(passes: false, demo: true, at: Evidence.start.later(hours: 1), plan: "control-errors")
    #expect(ControlRun.newest(in: evidence.directory).first?.isSound == true)
    try evidence.run(
      passes: nil, demo: true, at: Evidence.start.later(hours: 2), plan: "control-errors")
    #expect(ControlRun.newest(in: evidence.directory).first?.isSound == true)
  }

  // MARK: the record

  @Test func theRecordTellsItAgain() throws {
    let evidence = Evidence()
    try evidence.run()
    let record = try evidence.decided(Evidence.attested(open: 1) + Evidence.signed)
    let again = try DecisionRecord.decoded(from: record.encoded())
    #expect(again == record)
    #expect(again.contradictions == [])
  }

  @Test func whatWasEditedIsFound() throws {
    let evidence = Evidence()
    try evidence.run()
    let record = try evidence.decided(Evidence.attested(open: 3) + Evidence.signed)
    func contradictions(_ change: (inout DecisionRecord) -> Void) -> [String] {
      var edited = record
      change(&edited)
      return edited.contradictions
    }
    #expect(contradictions { $0.outcome = .go }.first?.hasPrefix("the outcome") == true)
    #expect(!contradictions { $0.items[0].standing = .fail }.isEmpty)
    #expect(!contradictions { $0.scores[0].share.numerator -= 1 }.isEmpty)
    #expect(!contradictions { $0.reasons = [] }.isEmpty)
    #expect(!contradictions { $0.change = [] }.isEmpty)
    #expect(!contradictions { $0.openCriticals = ["A-01"] }.isEmpty)
    #expect(!contradictions { $0.rule.clauses.removeFirst(3) }.isEmpty)
    #expect(contradictions { $0.rule.clauses[0].text = "nonsense" } == ["its rule cannot be read"])
    let control = ControlRun(name: "errors", run: "x", at: Evidence.start, expected: "fail", found: "pass")
    #expect(!contradictions { $0.controls = [control] }.isEmpty)
  }

  @Test func theSchemaKnowsEveryField() throws {
    let evidence = Evidence()
    try evidence.run(passes: false)
    let record = try evidence.decided(Evidence.attested() + Evidence.signed)
    let schema = try JSONSerialization.jsonObject(with: Data(DecisionRecord.jsonSchema().utf8))
    let value = try JSONSerialization.jsonObject(with: record.encoded())
    #expect(differences(value, schema, "decision") == [])
    // The comparison finds what it is for.
    var less = try #require(value as? [String: Any])
    less["outcome"] = nil
    less["environment"] = nil
    #expect(
      differences(less, schema, "decision") == ["decision/environment is missing", "decision/outcome is missing"])
  }

  private func differences(_ value: Any, _ schema: Any, _ place: String) -> [String] {
    guard let schema = schema as? [String: Any] else { return ["\(place) has no schema"] }
    if let list = value as? [Any] {
      return list.prefix(3).enumerated().flatMap { differences($1, schema["items"] ?? "", "\(place)/\($0)") }
    }
    guard let object = value as? [String: Any], let properties = schema["properties"] as? [String: Any] else {
      return []
    }
    let unknown = object.keys.filter { properties[$0] == nil }.map { "\(place)/\($0) is not described" }
    let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map {
      "\(place)/\($0) is missing"
    }
    return (unknown + missing).sorted()
      + object.keys.sorted().flatMap { differences(object[$0] ?? "", properties[$0] ?? "", "\(place)/\($0)") }
  }
}
