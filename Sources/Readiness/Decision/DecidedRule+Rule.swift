// SPDX-License-Identifier: Apache-2.0
import Document

extension DecidedRule {
  /// The rule as it was; nil when its texts cannot be read, which no tool wrote so.
  package var rule: DecisionRule? {
    let names = scores.map(\.name)
    var clauses: [Readiness.Clause] = []
    for clause in self.clauses {
      do throws(Mistake) {
        clauses.append(
          Readiness.Clause(
            text: clause.text, conditions: try parseConditions(clause.text, scores: names), outcome: clause.outcome,
            because: clause.because))
      } catch {
        return nil
      }
    }
    let methods = scores.compactMap { score in ScoreRule.Method.allCases.first { $0.name == score.method } }
    guard methods.count == scores.count else { return nil }
    return DecisionRule(
      scores: zip(scores, methods).map {
        ScoreRule(name: $0.name, method: $1, priority: $0.priority, category: $0.category, group: $0.group)
      },
      clauses: clauses, otherwise: otherwise, isStrict: strict, roles: roles, decisionMaker: decisionMaker,
      otherwiseBecause: otherwiseBecause)
  }
}

extension DecisionRecord {
  /// The checklist as far as its rule asks; nil when the rule's texts cannot be read.
  package var decidedList: Checklist? {
    guard let rule = rule.rule else { return nil }
    return Checklist(
      id: checklist.id, title: checklist.title, source: checklist.source,
      categories: checklist.categories.map { ChecklistCategory(name: $0.name, weight: $0.weight) },
      items: items.map(\.state.item), rule: rule, readings: readings)
  }
}
