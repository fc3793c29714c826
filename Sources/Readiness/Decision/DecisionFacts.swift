// SPDX-License-Identifier: Apache-2.0
package import Results

/// Everything that a decision is made of.
package struct DecisionFacts: Sendable {
  package var tool: ToolRecord
  package var decided: Timestamp
  /// Nil: the embedded hotel, a DEMO.
  package var environment: String?
  package var environmentKind: String?
  package var target: String?
  /// The expected peak that the environment declares, as runs write it down.
  package var peak: String?
  package var build: DecidedBuild
  package var checklist: Checklist
  /// SHA-256 of its file.
  package var checklistDigest: String
  package var evidence: [RunEvidence]
  package var entries: PeoplesEntries
  /// The newest of each kind.
  package var controls: [ControlRun] = []
  /// What is wrong with files that people named as evidence, for people.
  package var fileRemarks: [String] = []
  /// The folder from which people's evidence is named, as seen from the decision's own; nil: two folders up.
  package var evidenceFolder: String?

  package init(
    tool: ToolRecord, decided: Timestamp, environment: String?, build: DecidedBuild, checklist: Checklist,
    checklistDigest: String, evidence: [RunEvidence], entries: PeoplesEntries
  ) {
    self.tool = tool
    self.decided = decided
    self.environment = environment
    self.build = build
    self.checklist = checklist
    self.checklistDigest = checklistDigest
    self.evidence = evidence
    self.entries = entries
  }

  var signatures: Signatures {
    Signatures(
      entries.upTo(decided), evidence: evidence, environment: environment, build: build.build)
  }

  var states: [ItemState] {
    assemble(
      checklist: checklist, evidence: evidence, entries: entries, environment: environment, build: build.build,
      now: decided)
  }
}

extension DecisionRecord {
  /// Weighs the evidence and decides.
  package init(_ facts: DecisionFacts) {
    self.init(facts, states: facts.states)
  }

  /// Decides on rows whose standing is known.
  package init(_ facts: DecisionFacts, states: [ItemState]) {
    let build = facts.build.build
    let entries = facts.entries.upTo(facts.decided)
    let signatures = facts.signatures
    let signOffs = signatures.counted
    let findings = decide(
      facts.checklist, states: states, risks: entries.risks, signOffs: signOffs,
      conditions: entries.conditions.map(\.text))
    tool = facts.tool
    decided = facts.decided
    demo = facts.environment == nil
    environment = facts.environment ?? demoEnvironment
    checklist = DecidedChecklist(facts.checklist, digest: facts.checklistDigest)
    rule = DecidedRule(facts.checklist.rule)
    readings = facts.checklist.readings
    outcome = findings.outcome
    reasons = findings.reasons
    change = findings.change
    scores = findings.scores
    categories = findings.categories
    openCriticals = findings.openCriticals
    remarks = findings.remarks
    items = states.map(DecidedItem.init)
    refused = Self.refused(facts)
    risks = entries.risks
    self.signOffs = signOffs
    missingSignOffs = findings.missingSignatures
    conditions = entries.conditions.map { DecidedCondition(text: $0.text, who: $0.who, at: $0.at) }
    controls = facts.controls
    warnings = Self.warnings(facts)
    environmentKind = facts.environmentKind
    evidenceFolder = facts.evidenceFolder
    target = facts.target
    self.build = build
    afterSignOff = findings.afterSignOff
    decisionMaker = entries.decisionMaker
  }

  private static func refused(_ facts: DecisionFacts) -> [RefusedEvidence] {
    let build = facts.build.build
    let runs = refusedRuns(facts.evidence, environment: facts.environment, build: build, now: facts.decided)
    return runs.map { RefusedEvidence(run: $0.run.run, reason: $0.reason) }
      + facts.signatures.refused.map {
        RefusedEvidence(run: "signature of \($0.signOff.who) as \($0.signOff.role)", reason: $0.reason)
      }
  }

  private static func warnings(_ facts: DecisionFacts) -> [String] {
    var warnings: [String] = []
    if facts.build.build == nil { warnings.append("no build is decided on: \(facts.build.reason)") }
    let found = Set(facts.controls.map(\.name))
    let missing = ControlRun.expectations.map(\.name).filter { !found.contains($0) }
    if !missing.isEmpty {
      warnings.append("the judge was not tried (\(missing.joined(separator: ", "))): gonogo decide --control does it")
    }
    if let strangers = facts.entries.aboutStrangers(facts.checklist) { warnings.append(strangers) }
    for control in facts.controls {
      let days = control.daysOld(at: facts.decided)
      if days >= ControlRun.dayLimit { warnings.append("the control run \(control.name) is \(days) days old") }
    }
    return warnings + facts.doubtfulWords + facts.doubtfulRuns + facts.fileRemarks
  }

  /// What does not follow from the rest of the record: the outcome and all that leads to it are made again.
  package var contradictions: [String] {
    guard let list = decidedList else { return ["its rule cannot be read"] }
    let findings = decide(
      list, states: items.map(\.state), risks: risks, signOffs: signOffs, conditions: conditions.map(\.text))
    var found: [String] = []
    func compare(_ name: String, _ isSame: Bool) {
      if !isSame { found.append("\(name) of decision.json does not follow from its rows and rule") }
    }
    compare("the outcome", findings.outcome == outcome && findings.afterSignOff == afterSignOff)
    compare("a reason", findings.reasons == reasons)
    compare("what would change it", findings.change == change)
    compare("a score", findings.scores == scores && findings.categories == categories)
    compare("the list of open critical rows", findings.openCriticals == openCriticals)
    compare("the list of missing signatures", findings.missingSignatures == missingSignOffs)
    compare("a remark", findings.remarks == remarks)
    for control in controls where control.found != control.expected {
      found.append("the control run \(control.name) went wrong, so there is no decision")
    }
    return found
  }
}

extension DecidedChecklist {
  init(_ checklist: Checklist, digest: String) {
    self.init(
      id: checklist.id, title: checklist.title, source: checklist.source, digest: digest,
      categories: checklist.categories.map { DecidedCategory(name: $0.name, weight: $0.weight) })
  }
}
