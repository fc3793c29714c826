// SPDX-License-Identifier: Apache-2.0
import Judgement

extension Checklist {
  /// Whether a launch stops in front of the row while it is open: a clause of the rule demands a score in full that counts
  /// it. A rule without such a clause goes by the blockers' mark.
  package func isCritical(_ item: ChecklistItem) -> Bool {
    let names = rule.clauses.filter { $0.outcome == .noGo }.flatMap(\.conditions).compactMap { condition in
      if case .score(let name, .less, let limit) = condition, limit.numerator == limit.denominator { name } else { nil }
    }
    if names.isEmpty { return item.isBlocker }
    return rule.scores.contains { names.contains($0.name) && $0.isAbout(item) }
  }
}
