// SPDX-License-Identifier: Apache-2.0
import Judgement

/// Conditions in words, with the figures at hand.
struct WordedCondition {
  let inputs: RuleInputs

  /// What makes it hold: "critical 79 of 81, S-001 FAIL, S-002 PENDING".
  func fact(_ condition: Condition) -> String {
    switch condition {
    case .score(let name, let comparison, let limit):
      var text = "\(name) \(share(name))"
      // Of a score that must be full, the rows say more than the figure.
      if comparison == .less, limit.numerator == limit.denominator,
        let rule = inputs.tally.checklist.rule.scores.first(where: { $0.name == name })
      {
        let open = inputs.tally.openRows(rule).map { "\($0.id) \(standing($0.id))" }
        text += open.isEmpty ? "" : ": \(listed(open))"
      }
      return text
    case .openRisks(let level):
      return inputs.openRisks(atLeast: level).map { "\($0.id) \($0.level.rawValue): \($0.title)" }
        .joined(separator: "; ")
    case .acceptedRisks:
      return inputs.acceptedRisks.map { risk in
        "\(risk.id) \(risk.level.rawValue), accepted by \(risk.acceptedBy ?? "")"
      }.joined(separator: "; ")
    case .missingSignatures: return "not signed: \(listed(inputs.missingSignatures))"
    case .recordedConditions: return "conditions: \(inputs.conditions.joined(separator: "; "))"
    }
  }

  private func standing(_ id: String) -> String {
    switch inputs.tally.standing(id) {
    case .notApplicable: "N/A, not approved"
    case .pass: "with open parts"
    case let standing: standing.rawValue
    }
  }

  /// "138 of 145 = 95.17 %"; cut, not rounded, so that what is short of a limit is seen to be.
  func share(_ name: String) -> String {
    let share = inputs.share(name)
    // The numbers of a mean of means say nothing.
    let method = inputs.tally.checklist.rule.scores.first { $0.name == name }?.method
    if method == .weightedMeanOfGroups, share.denominator > 0 { return "\(share.percentText) %" }
    return share.denominator == 0 ? "of nothing" : "\(share.numerator) of \(share.denominator) = \(share.percentText) %"
  }
}

extension Fraction {
  /// In percent with up to two places, cut towards zero: 89.999 is "89.99". Empty for a share of nothing.
  package var percentText: String {
    guard denominator > 0 else { return "" }
    // Records and reports come from anywhere: a part beyond the whole must not end the program.
    guard (0...denominator).contains(numerator) else { return numerator < 0 ? "below 0" : "above 100" }
    let hundredths = denominator.dividingFullWidth(numerator.multipliedFullWidth(by: 10_000)).quotient
    let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
    if rest == 0 { return "\(whole)" }
    return "\(whole).\(rest < 10 ? "0" : "")\(rest % 10 == 0 ? rest / 10 : rest)"
  }
}
