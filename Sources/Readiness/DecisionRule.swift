// SPDX-License-Identifier: Apache-2.0
package import Judgement

/// How a list is decided, as data: scores by name, and clauses of which the first that applies decides.
package struct DecisionRule: Sendable, Equatable {
  package var scores: [ScoreRule]
  package var clauses: [Clause]
  /// What is said when no clause applies, and why.
  package var otherwise: Outcome
  package var otherwiseBecause: String
  /// N/A rows with reason and approver leave the denominator; `strict` keeps them in.
  package var isStrict: Bool
  /// Roles of the sign-off sheet.
  package var roles: [String]
  package var decisionMaker: String?

  /// Whether a clause asks for the signatures themselves, and not only for rows that they prove.
  package var asksForSignatures: Bool { clauses.contains { $0.conditions.contains(.missingSignatures) } }

  package init(
    scores: [ScoreRule], clauses: [Clause], otherwise: Outcome, isStrict: Bool, roles: [String],
    decisionMaker: String?, otherwiseBecause: String = "no clause of the rule applies"
  ) {
    self.scores = scores
    self.clauses = clauses
    self.otherwise = otherwise
    self.otherwiseBecause = otherwiseBecause
    self.isStrict = isStrict
    self.roles = roles
    self.decisionMaker = decisionMaker
  }
}

/// How a named score is made.
package struct ScoreRule: Sendable, Equatable {
  package enum Method: Sendable, Equatable, CaseIterable {
    /// Rows that PASS, of rows that count.
    case share
    /// The mean of the shares of each category's groups, categories weighed by their weights, divided by the weights' sum.
    case weightedMeanOfGroups
    /// Points earned, of points to be had: a row that PASSes earns all of its points, any other none.
    case points
  }

  package var name: String
  package var method: Method
  /// Which rows; nil: not by this.
  package var priority: String?
  package var category: String?
  package var group: String?

  package init(
    name: String, method: Method = .share, priority: String? = nil, category: String? = nil, group: String? = nil
  ) {
    self.name = name
    self.method = method
    self.priority = priority
    self.category = category
    self.group = group
  }
}

/// `if critical < 100% then NO-GO because ...`.
package struct Clause: Sendable, Equatable {
  /// As written; `and` joins conditions.
  package var text: String
  package var conditions: [Condition]
  package var outcome: Outcome
  package var because: String

  package init(text: String, conditions: [Condition], outcome: Outcome, because: String) {
    self.text = text
    self.conditions = conditions
    self.outcome = outcome
    self.because = because
  }
}

/// One thing that holds or does not.
package enum Condition: Sendable, Equatable {
  /// A score against a share, exactly. A score of nothing satisfies none.
  case score(String, Comparison, Fraction)
  /// Risks of this level or above that are neither mitigated nor (below HIGH) accepted.
  case openRisks(atLeast: RiskLevel)
  /// Risks that are not mitigated but accepted, of any level below HIGH.
  case acceptedRisks
  /// A role of the sheet has not signed.
  case missingSignatures
  /// The launch is tied to conditions.
  case recordedConditions
}
