// SPDX-License-Identifier: Apache-2.0
import Judgement

/// What would bring a better outcome: the rule is tried again with the least that heals the clause in the way, until it
/// gives what is wanted.
struct Changes {
  let inputs: RuleInputs
  let outcome: Outcome

  private var rule: DecisionRule { inputs.tally.checklist.rule }

  /// In order; a step that reaches an outcome names it. Empty for GO, and where nothing that can be done would help.
  func steps() -> [String] {
    guard outcome != .go, !inputs.isEmpty else { return [] }
    var steps: [String] = []
    var now = inputs
    // Signatures come last, so they are taken as given until something else is in the way.
    now = now.signed
    var reached = now.outcome
    if reached.rank < Outcome.caution.rank, let refused = refusals() {
      return [refused] + steps
    }
    for _ in 0..<(4 * rule.clauses.count + 4) {
      if reached == .go { break }
      guard let heal = heal(&now) else { break }
      let next = now.outcome
      steps.append(next.rank > reached.rank && next.rank >= Outcome.caution.rank ? "\(heal): \(next.rawValue)" : heal)
      reached = next
    }
    let last = signatures()
    // Steps that end in nothing better are no advice.
    guard reached.rank >= Outcome.caution.rank else { return steps }
    if let last {
      // The way from READY to its outcome needs the signatures alone.
      let end = inputs.signed.outcome
      if outcome == .ready { return ["\(last): \(end.rawValue)"] + steps }
      return steps + [last]
    }
    return steps
  }

  private func refusals() -> String? {
    let refused = inputs.tally.checklist.items.filter { $0.isSignOff && inputs.tally.standing($0.id) == .fail }
    return refused.isEmpty ? nil : "\(listed(refused.map(\.id))) signed instead of refused"
  }

  private func signatures() -> String? {
    var parts: [String] = []
    if !inputs.openSignOffs.isEmpty { parts.append("sign \(listed(inputs.openSignOffs))") }
    if rule.asksForSignatures, !inputs.missingSignatures.isEmpty {
      parts.append("signatures of \(listed(inputs.missingSignatures))")
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// Takes the clause in the way out of it; what was done, or nil when nothing can be.
  private func heal(_ now: inout RuleInputs) -> String? {
    if let clause = now.deciding, clause.outcome != .go {
      for condition in clause.conditions { if let text = undo(condition, &now) { return text } }
      return nil
    }
    // No clause applies: the nearest one that would be better.
    for clause in rule.clauses where clause.outcome.rank > rule.otherwise.rank {
      for condition in clause.conditions where !now.holds(condition) {
        if case .score(let name, let comparison, let limit) = condition,
          let text = raise(name, &now, until: { comparison.holds($0.share(name), limit) })
        {
          return text
        }
      }
    }
    return nil
  }

  private func undo(_ condition: Condition, _ now: inout RuleInputs) -> String? {
    switch condition {
    case .score(let name, let comparison, let limit):
      guard [.less, .lessOrEqual, .notEqual, .equal].contains(comparison) else { return nil }
      return raise(name, &now) { !comparison.holds($0.share(name), limit) }
    case .openRisks(let level):
      let open = now.openRisks(atLeast: level)
      for index in now.risks.indices where open.contains(now.risks[index]) { now.risks[index].isMitigated = true }
      return "mitigate \(listed(open.map(\.id)))"
    case .acceptedRisks:
      let accepted = now.acceptedRisks
      for index in now.risks.indices where accepted.contains(now.risks[index]) { now.risks[index].isMitigated = true }
      return "mitigate \(listed(accepted.map(\.id))) instead of accepting"
    case .missingSignatures:
      now.missingSignatures = []
      return "signatures of \(listed(inputs.missingSignatures))"
    case .recordedConditions:
      now.conditions = []
      return "meet the conditions"
    }
  }

  /// Takes the fewest open rows for PASS until it is done.
  private func raise(_ name: String, _ now: inout RuleInputs, until isDone: (RuleInputs) -> Bool) -> String? {
    guard let score = rule.scores.first(where: { $0.name == name }) else { return nil }
    let open = now.tally.openRows(score)
    var trial = now
    var proven: [ChecklistItem] = []
    for row in open {
      trial.tally.prove([row.id])
      proven.append(row)
      guard isDone(trial) else { continue }
      now = trial
      // What is seen before includes the signatures, which are not there yet: only what it comes to is said.
      let after = WordedCondition(inputs: now).share(name)
      if proven.count == open.count { return "clear \(listed(proven.map(\.id))) (\(name) then \(after))" }
      let count = "\(proven.count) more PASS row\(proven.count == 1 ? "" : "s") of \(name)"
      let which = score.method == .share ? "" : ", such as \(listed(proven.map(\.id)))"
      return "\(count)\(which) (then \(after))"
    }
    return nil
  }
}
