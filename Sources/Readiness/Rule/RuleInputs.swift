// SPDX-License-Identifier: Apache-2.0
import Judgement

/// All that clauses may ask about.
struct RuleInputs {
  var tally: Tally
  var risks: [Risk]
  /// Roles of the sheet that have not signed.
  var missingSignatures: [String]
  /// Conditions that the launch is tied to.
  var conditions: [String]

  private var rule: DecisionRule { tally.checklist.rule }

  func openRisks(atLeast level: RiskLevel) -> [Risk] {
    risks.filter { $0.isOpen && $0.level >= level }
  }

  var acceptedRisks: [Risk] { risks.filter { !$0.isMitigated && !$0.isOpen } }

  func share(_ name: String) -> Fraction {
    guard let score = rule.scores.first(where: { $0.name == name }) else { return Fraction(0, of: 0) }
    return tally.score(score).share
  }

  func holds(_ condition: Condition) -> Bool {
    switch condition {
    case .score(let name, let comparison, let limit): comparison.holds(share(name), limit)
    case .openRisks(let level): !openRisks(atLeast: level).isEmpty
    case .acceptedRisks: !acceptedRisks.isEmpty
    case .missingSignatures: !missingSignatures.isEmpty
    case .recordedConditions: !conditions.isEmpty
    }
  }

  /// The first clause that applies.
  var deciding: Clause? { rule.clauses.first { $0.conditions.allSatisfy(holds) } }

  /// The outcome, nothing said of sign-off rows. A list of which nothing counts proves nothing.
  var outcome: Outcome { isEmpty ? .noGo : deciding?.outcome ?? rule.otherwise }

  /// Not one row counts: there are none, or all are N/A.
  var isEmpty: Bool {
    !tally.checklist.items.contains { $0.isScored && $0.partOf == nil && tally.worth($0.id) != .left }
  }

  /// As it would be with every open signature given. A FAIL on a sign-off row is a refusal, which nothing heals.
  var signed: RuleInputs {
    var inputs = self
    inputs.tally.prove(openSignOffs)
    inputs.missingSignatures = []
    return inputs
  }

  /// Sign-off rows that wait for a signature.
  var openSignOffs: [String] {
    tally.checklist.items.filter { item in
      item.isSignOff && tally.worth(item.id) == .open && tally.standing(item.id) != .fail
    }.map(\.id)
  }
}

extension Comparison {
  /// Exact; a share of nothing satisfies nothing.
  func holds(_ share: Fraction, _ limit: Fraction) -> Bool {
    guard share.denominator > 0 else { return false }
    let order = share.compared(with: limit)
    return switch self {
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    case .equal: order == 0
    case .notEqual: order != 0
    }
  }
}

extension Risk {
  /// HIGH and CRITICAL ones cannot be accepted away.
  package var canBeAccepted: Bool { level < .high }

  /// Neither mitigated nor accepted.
  package var isOpen: Bool { !isMitigated && (!canBeAccepted || acceptedBy?.isEmpty ?? true) }
}

extension RiskLevel: Comparable {
  package static func < (left: RiskLevel, right: RiskLevel) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .low: 0
    case .medium: 1
    case .high: 2
    case .critical: 3
    }
  }
}

extension Outcome {
  /// 0 for NO-GO, 3 for GO.
  var rank: Int {
    switch self {
    case .noGo: 0
    case .ready: 1
    case .caution: 2
    case .go: 3
    }
  }
}
