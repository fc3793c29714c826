// SPDX-License-Identifier: Apache-2.0
import Judgement

/// Decides a list by its own rule. Pure and exact: shares are compared as fractions, nothing is rounded. A row without a
/// state is PENDING; states of rows that the list does not have count for nothing. `signOffs`: the signatures that count.
package func decide(
  _ checklist: Checklist, states: [ItemState], risks: [Risk] = [], signOffs: [SignOff] = [], conditions: [String] = []
) -> DecisionFindings {
  let signed = Set(signOffs.map(\.role))
  let inputs = RuleInputs(
    tally: Tally(checklist, states), risks: risks,
    missingSignatures: checklist.rule.roles.filter { !signed.contains($0) }, conditions: conditions)
  return Decider(inputs: inputs, states: states).findings()
}

/// One decision while it is made.
struct Decider {
  let inputs: RuleInputs
  let states: [ItemState]

  private var checklist: Checklist { inputs.tally.checklist }
  private var rule: DecisionRule { checklist.rule }

  func findings() -> DecisionFindings {
    let plain = inputs.outcome
    var outcome = plain
    var after: Outcome?
    // What only signatures are missing for is ready for them: as a clause says so, or because the rows of the signatures
    // are all that keeps it from going.
    let signed = inputs.signed
    let signedOutcome = signed.outcome
    let awaits = !inputs.openSignOffs.isEmpty || !inputs.missingSignatures.isEmpty
    if plain.rank < Outcome.caution.rank, awaits, signedOutcome.rank >= Outcome.caution.rank {
      outcome = .ready
      after = signedOutcome
    } else if plain == .ready {
      // The clause speaks too early: even with all signatures it would not go.
      outcome = .noGo
    }
    let shown = outcome == .ready ? signed : inputs
    return DecisionFindings(
      outcome: outcome, afterSignOff: after, clause: inputs.isEmpty ? nil : shown.deciding?.text,
      reasons: reasons(outcome, after, shown), scores: rule.scores.map(inputs.tally.score),
      categories: checklist.categories.map { inputs.tally.score(category: $0.name) },
      openCriticals: openCriticals.map(\.id), openSignOffs: inputs.openSignOffs,
      missingSignatures: inputs.missingSignatures,
      change: Changes(inputs: inputs, outcome: outcome).steps(), remarks: remarks(), readings: checklist.readings)
  }

  /// Rows that clauses demand in full, in the list's order; without such a clause, open blockers.
  private var openCriticals: [ChecklistItem] {
    checklist.items.filter { inputs.tally.worth($0.id) == .open && checklist.isCritical($0) }
  }

  // MARK: reasons

  private func reasons(_ outcome: Outcome, _ after: Outcome?, _ shown: RuleInputs) -> [String] {
    if inputs.isEmpty { return ["nothing in the list counts: there is nothing to decide on"] }
    var reasons: [String] = []
    if let after {
      var waits: [String] = []
      if !inputs.openSignOffs.isEmpty { waits.append("the rows \(listed(inputs.openSignOffs))") }
      if rule.asksForSignatures, !inputs.missingSignatures.isEmpty {
        waits.append("the signatures of \(listed(inputs.missingSignatures))")
      }
      reasons.append("everything else is proven: with \(waits.joined(separator: " and ")) it is \(after.rawValue)")
    }
    guard let deciding = shown.deciding else { return reasons + [rule.otherwiseBecause] }
    reasons.append(text(deciding, shown))
    let worst = deciding.outcome.rank
    for clause in rule.clauses
    where clause != deciding && clause.outcome.rank <= worst && clause.conditions.allSatisfy(shown.holds) {
      reasons.append(text(clause, shown))
    }
    return reasons
  }

  private func text(_ clause: Clause, _ shown: RuleInputs) -> String {
    let facts = clause.conditions.map { WordedCondition(inputs: shown).fact($0) }
    return "\(clause.outcome.rawValue): \(clause.because) (\(facts.joined(separator: "; ")))"
  }

  // MARK: remarks

  private func remarks() -> [String] {
    var remarks: [String] = []
    let known = Set(checklist.items.map(\.id))
    let strangers = states.map(\.item.id).filter { !known.contains($0) }
    if !strangers.isEmpty { remarks.append("no such rows in this list: \(listed(strangers))") }
    for state in states where state.standing == .notApplicable && known.contains(state.item.id) {
      if !state.isApprovedAway {
        remarks.append(
          "\(state.item.id) is N/A without \(state.reason.isEmpty ? "a reason" : "an approval"): it counts as open")
      } else if rule.isStrict {
        remarks.append("\(state.item.id) is N/A, and the list is strict: it stays in the denominator")
      }
    }
    for item in checklist.items {
      let open = inputs.tally.openParts(item.id)
      if inputs.tally.standing(item.id) == .pass, !open.isEmpty {
        remarks.append("\(item.id) is PASS but counts as open: of its parts \(listed(open)) are not")
      }
    }
    return remarks + differences()
  }

  /// Rows that ask for the same thing and stand differently, each pair once. What was measured twice may well differ.
  private func differences() -> [String] {
    let states = Dictionary(states.map { ($0.item.id, $0) }) { first, _ in first }
    var order: [String: Int] = [:]
    for (index, item) in checklist.items.enumerated() where order[item.id] == nil { order[item.id] = index }
    return checklist.items.flatMap { item in
      item.sameAs.filter { other in
        guard let place = order[other], order[item.id] ?? 0 < place || !isMutual(item.id, other) else { return false }
        let measured = [states[item.id], states[other]].allSatisfy { $0?.origin == .measured }
        return inputs.tally.standing(item.id) != inputs.tally.standing(other) && !measured
      }.map { other in
        "\(item.id) is \(inputs.tally.standing(item.id).rawValue) and \(other), which asks for the same,"
          + " is \(inputs.tally.standing(other).rawValue)"
      }
    }
  }

  private func isMutual(_ id: String, _ other: String) -> Bool {
    checklist.items.first { $0.id == other }?.sameAs.contains(id) ?? false
  }
}

/// "a, b and 3 more"
package func listed(_ names: [String], most: Int = 12) -> String {
  if names.count <= most { return names.joined(separator: ", ") }
  return names.prefix(most).joined(separator: ", ") + " and \(names.count - most) more"
}
