// SPDX-License-Identifier: Apache-2.0

extension DecidedItem {
  package init(_ state: ItemState) {
    let item = state.item
    id = item.id
    category = item.category
    group = item.group
    priority = item.priority
    blocker = item.isBlocker
    title = item.title
    signOff = item.isSignOff
    sameAs = item.sameAs
    scored = item.isScored
    standing = state.standing
    origin = state.origin
    reason = state.reason
    evidence = state.evidence
    notes = state.notes
    attempts = state.attempts
    role = item.role
    hint = item.hint
    owner = item.owner
    targetDate = item.targetDate
    points = item.points
    partOf = item.partOf
    applies = item.appliesIf
    people = item.leftToPeople
    validatedBy = state.validatedBy
    date = state.date
    command = state.command
    approvedBy = state.approvedBy
  }

  /// What a rule asks of the row; what marks it is not kept.
  package var state: ItemState {
    ItemState(
      item: ChecklistItem(
        id: id, category: category, group: group, priority: priority, isBlocker: blocker, title: title, hint: hint,
        owner: owner, targetDate: targetDate, isSignOff: signOff, role: role, sameAs: sameAs,
        points: points, partOf: partOf, isScored: scored, appliesIf: applies, leftToPeople: people),
      standing: standing, origin: origin, reason: reason, validatedBy: validatedBy, date: date, evidence: evidence,
      notes: notes, command: command, attempts: attempts, approvedBy: approvedBy)
  }
}

extension DecidedRule {
  package init(_ rule: DecisionRule) {
    scores = rule.scores.map(Score.init)
    clauses = rule.clauses.map { Clause(text: $0.text, outcome: $0.outcome, because: $0.because) }
    otherwise = rule.otherwise
    otherwiseBecause = rule.otherwiseBecause
    strict = rule.isStrict
    roles = rule.roles
    decisionMaker = rule.decisionMaker
  }
}

extension DecidedRule.Score {
  init(_ rule: ScoreRule) {
    name = rule.name
    method = rule.method.name
    priority = rule.priority
    category = rule.category
    group = rule.group
  }
}

extension ScoreRule.Method {
  /// As in records.
  package var name: String {
    switch self {
    case .share: "share"
    case .weightedMeanOfGroups: "weighted-mean-of-groups"
    case .points: "points"
    }
  }
}
