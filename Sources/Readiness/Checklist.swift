// SPDX-License-Identifier: Apache-2.0

/// A checklist as its file has it: rows, what marks them, and the rule that decides.
package struct Checklist: Sendable, Equatable {
  /// Short name, as in `--checklist`: `p020`.
  package var id: String
  package var title: String
  /// Where the rows come from, for people.
  package var source: String
  /// In the order of the file.
  package var categories: [ChecklistCategory]
  /// In the order of the file.
  package var items: [ChecklistItem]
  package var rule: DecisionRule
  /// Where its sources contradict each other: what was chosen. Shown with every decision.
  package var readings: [Reading]

  package init(
    id: String, title: String, source: String, categories: [ChecklistCategory], items: [ChecklistItem],
    rule: DecisionRule, readings: [Reading]
  ) {
    self.id = id
    self.title = title
    self.source = source
    self.categories = categories
    self.items = items
    self.rule = rule
    self.readings = readings
  }
}

package struct ChecklistCategory: Sendable, Equatable {
  package var name: String
  /// For rules that weigh categories, whatever the weights add up to; nil: 1.
  package var weight: Int?

  package init(name: String, weight: Int? = nil) {
    self.name = name
    self.weight = weight
  }
}

/// One row.
package struct ChecklistItem: Sendable, Equatable {
  package var id: String
  package var category: String
  package var group: String
  /// The word of its list: `CRITICAL`, `HIGH`; `BLOCKER` on another.
  package var priority: String
  package var isBlocker: Bool
  package var title: String
  /// How to check it; nil when the list does not say.
  package var hint: String?
  package var owner: String?
  /// As written: 2026-12-01.
  package var targetDate: String?
  /// What marks it; empty: people alone.
  package var marks: [Mark]
  /// Proven by the signatures of a decision, not before it.
  package var isSignOff: Bool
  /// Of a sign-off row: whose signature on the sheet proves it (`Engineering Lead`); nil: the decision itself.
  package var role: String?
  /// Rows of the same list that ask for the same thing.
  package var sameAs: [String]
  /// Points it can earn where a list counts points.
  package var points: Int?
  /// The row it details: such a row is in no score by itself, and the row above it counts as PASS only when its parts do.
  package var partOf: String?
  /// Whether scores count it. What can only be seen after the launch is listed and not counted.
  package var isScored: Bool
  /// The condition under which the list asks for it, as its source has it: `if HA`. Else it is N/A, which is approved.
  package var appliesIf: String?
  /// What no run can see of it, so that people look even when its marks hold.
  package var leftToPeople: String?

  package init(
    id: String, category: String, group: String, priority: String, isBlocker: Bool, title: String, hint: String? = nil,
    owner: String? = nil, targetDate: String? = nil, marks: [Mark] = [], isSignOff: Bool = false,
    role: String? = nil, sameAs: [String] = [], points: Int? = nil, partOf: String? = nil, isScored: Bool = true,
    appliesIf: String? = nil, leftToPeople: String? = nil
  ) {
    self.id = id
    self.category = category
    self.group = group
    self.priority = priority
    self.isBlocker = isBlocker
    self.title = title
    self.hint = hint
    self.owner = owner
    self.targetDate = targetDate
    self.marks = marks
    self.isSignOff = isSignOff
    self.role = role
    self.sameAs = sameAs
    self.points = points
    self.partOf = partOf
    self.isScored = isScored
    self.appliesIf = appliesIf
    self.leftToPeople = leftToPeople
  }
}

/// One thing that marks a row. All of a row's marks must hold for PASS.
package enum Mark: Sendable, Equatable {
  /// A row that runs compute by themselves: `P-002`, `F-001`, or what a scenario or drill says it marks.
  case measured(String)
  /// Rules judged anew on the newest load run: `p(95) < 300ms @steady`, with the least steady seconds and, as a multiple of
  /// the declared peak, the least rate it must have held.
  case rules([String], leastSteadySeconds: Int, leastPeak: Double?)
  /// An imported report of that kind, held against the rule written with it (`coverage > 75%`, `high == 0`).
  case report(kind: String, rule: String)
  /// Cannot be proven before the launch: stays PENDING with this reason.
  case later(reason: String)
}

/// Where sources contradict each other, and what was chosen.
package struct Reading: Codable, Sendable, Equatable {
  package var about: String
  package var chosen: String

  package init(about: String, chosen: String) {
    self.about = about
    self.chosen = chosen
  }
}
