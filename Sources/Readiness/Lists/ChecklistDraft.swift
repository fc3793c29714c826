// SPDX-License-Identifier: Apache-2.0
import Document
import Judgement

/// A checklist as it was written.
struct ChecklistDraft: Sendable {
  typealias Groups = [Entry<String, [Located<RowDraft>]>]

  var id = ""
  var title = ""
  var source = ""
  var priorities: [Entry<String, PriorityDraft>] = []
  var weights: [Entry<String, Int>] = []
  var isStrict = false
  var roles: [String] = []
  var decisionMaker: String?
  var scores: [Entry<String, ScoreDraft>] = []
  var clauses: [Located<ClauseDraft>] = []
  var otherwise = OtherwiseDraft()
  var readings: [ReadingDraft] = []
  var items: [Entry<String, Groups>] = []

  struct PriorityDraft: Sendable { var isBlocker = false }

  struct ScoreDraft: Sendable {
    var method = ScoreRule.Method.share
    var priority: Located<String>?
    var category: Located<String>?
    var group: Located<String>?
  }

  struct ClauseDraft: Sendable {
    var text: Located<String>?
    var outcome = Outcome.noGo
    var because = ""
  }

  struct OtherwiseDraft: Sendable {
    var outcome = Outcome.noGo
    var because = "no clause of the rule applies"
  }

  struct ReadingDraft: Sendable {
    var about = ""
    var chosen = ""
  }

  struct RowDraft: Sendable {
    var id: Located<String>?
    var title = ""
    var priority: Located<String>?
    var isBlocker: Bool?
    var hint: String?
    var owner: String?
    var targetDate: String?
    var marks: [MarkDraft] = []
    var signOff = SignOffDraft.none
    var sameAs: [Located<String>] = []
    var points: Int?
    var partOf: Located<String>?
    var isScored = true
    var appliesIf: String?
    var leftToPeople: String?
  }

  enum SignOffDraft: Sendable {
    case none, anybody
    case role(Located<String>)
  }

  /// Nil: what marks the row's own id.
  enum MarkDraft: Sendable {
    case own
    case mark(Mark)
  }
}

/// The checklist of a draft, with what only the whole file can tell: names that must exist, numbers that must fit.
struct ChecklistCompiler {
  private let draft: ChecklistDraft
  private var diagnostics: Diagnostics
  private let rows: [(category: String, group: String, row: Located<ChecklistDraft.RowDraft>)]
  private var ids: [String] = []

  init(_ draft: ChecklistDraft, _ diagnostics: Diagnostics) {
    self.draft = draft
    self.diagnostics = diagnostics
    rows = draft.items.flatMap { category in
      category.value.flatMap { group in group.value.map { (category.key, group.key, $0) } }
    }
  }

  mutating func compile() -> (checklist: Checklist, diagnostics: Diagnostics) {
    readIDs()
    let items = rows.map { item($0.category, $0.group, $0.row) }
    checkParts()
    let categories = categories()
    let scores = scores()
    let rule = DecisionRule(
      scores: scores, clauses: clauses(scores.map(\.name)), otherwise: draft.otherwise.outcome,
      isStrict: draft.isStrict, roles: draft.roles, decisionMaker: draft.decisionMaker,
      otherwiseBecause: draft.otherwise.because)
    let checklist = Checklist(
      id: draft.id, title: draft.title, source: draft.source, categories: categories, items: items, rule: rule,
      readings: draft.readings.map { Reading(about: $0.about, chosen: $0.chosen) })
    if diagnostics.isEmpty { checkRule(checklist) }
    return (checklist, diagnostics)
  }

  /// A rule that launches what nobody has looked at decides nothing, whatever the list is called.
  private mutating func checkRule(_ checklist: Checklist) {
    guard checklist.items.contains(where: { $0.isScored && $0.partOf == nil && !$0.isSignOff }),
      let node = draft.scores.first?.keyNode ?? draft.items.first?.keyNode
    else { return }
    let findings = decide(checklist, states: [])
    guard findings.outcome != .noGo else { return }
    diagnostics.error(
      at: node, "with every row open this rule says \(findings.outcome.rawValue)",
      hint: "a clause must say NO-GO then, such as {if: total < 90%, then: NO-GO, because: ...}")
  }

  // MARK: rows

  private mutating func readIDs() {
    var first: [String: Node] = [:]
    for (_, _, row) in rows {
      guard let id = row.value.id else { continue }
      if let earlier = first[id.value] {
        diagnostics.error(at: id.node, "the row \(id.value) stands twice: first in line \(earlier.position.line)")
        continue
      }
      first[id.value] = id.node
      ids.append(id.value)
    }
    if ids.isEmpty, diagnostics.isEmpty, let node = draft.items.first?.keyNode {
      diagnostics.error(at: node, "a checklist needs rows")
    }
  }

  private mutating func item(
    _ category: String, _ group: String, _ row: Located<ChecklistDraft.RowDraft>
  ) -> ChecklistItem {
    let draft = row.value
    let id = draft.id?.value ?? ""
    let priority = draft.priority.flatMap { written in
      self.draft.priorities.first { $0.key == written.value }
    }
    if let written = draft.priority, priority == nil {
      diagnostics.error(
        at: written.node, "there is no priority `\(written.value)`",
        hint: suggestion(for: written.value, among: self.draft.priorities.map(\.key), called: "the priorities are")
          ?? "name it under `priorities`")
    }
    for other in draft.sameAs { check(other, of: id, "asks for the same as") }
    if let whole = draft.partOf { check(whole, of: id, "is a part of") }
    var role: String?
    if case .role(let written) = draft.signOff {
      role = written.value
      if !self.draft.roles.contains(written.value) {
        diagnostics.error(
          at: written.node, "there is no role `\(written.value)`",
          hint: suggestion(for: written.value, among: self.draft.roles, called: "the roles are"))
      }
    }
    var isSignOff = true
    if case .none = draft.signOff { isSignOff = false }
    if isSignOff, !draft.marks.isEmpty {
      diagnostics.error(at: row.node.keyNode("marked-by") ?? row.node, "a signature is not marked by a run")
    }
    return ChecklistItem(
      id: id, category: category, group: group, priority: priority?.key ?? "",
      isBlocker: draft.isBlocker ?? priority?.value.isBlocker ?? false, title: draft.title, hint: draft.hint,
      owner: draft.owner, targetDate: draft.targetDate,
      marks: draft.marks.map { mark in
        switch mark {
        case .own: .measured(id)
        case .mark(let mark): mark
        }
      },
      isSignOff: isSignOff, role: role, sameAs: draft.sameAs.map(\.value), points: draft.points,
      partOf: draft.partOf?.value, isScored: draft.isScored, appliesIf: draft.appliesIf,
      leftToPeople: draft.leftToPeople)
  }

  private mutating func check(_ name: Located<String>, of id: String, _ relation: String) {
    if name.value == id {
      diagnostics.error(at: name.node, "no row \(relation) itself")
    } else if !ids.contains(name.value) {
      diagnostics.error(
        at: name.node, "there is no row \(name.value)",
        hint: nearest(to: name.value, among: ids).map { "did you mean `\($0)`?" })
    }
  }

  /// Parts are one level deep: a score would not know what a part of a part is worth.
  private mutating func checkParts() {
    let parts = Set(rows.filter { $0.row.value.partOf != nil }.compactMap { $0.row.value.id?.value })
    for (_, _, row) in rows {
      if let whole = row.value.partOf, parts.contains(whole.value) {
        diagnostics.error(at: whole.node, "\(whole.value) is itself a part")
      }
    }
  }

  // MARK: categories and scores

  private mutating func categories() -> [ChecklistCategory] {
    let names = draft.items.map(\.key)
    for weight in draft.weights where !names.contains(weight.key) {
      diagnostics.error(
        at: weight.keyNode, "there is no category `\(weight.key)`",
        hint: suggestion(for: weight.key, among: names, called: "the categories are"))
    }
    if !draft.weights.isEmpty {
      for entry in draft.items where !draft.weights.contains(where: { $0.key == entry.key }) {
        diagnostics.error(at: entry.keyNode, "the category `\(entry.key)` has no weight, and others have")
      }
    }
    return draft.items.map { entry in
      ChecklistCategory(name: entry.key, weight: draft.weights.first { $0.key == entry.key }?.value)
    }
  }

  private mutating func scores() -> [ScoreRule] {
    draft.scores.map { entry in
      let score = entry.value
      let categories = draft.items.map(\.key)
      if ClauseWords.all.contains(entry.key) {
        diagnostics.error(at: entry.keyNode, "`\(entry.key)` has a meaning of its own in clauses")
      }
      var fits: (String, String) -> Bool = { _, _ in true }
      if let category = score.category {
        if !categories.contains(category.value) {
          diagnostics.error(
            at: category.node, "there is no category `\(category.value)`",
            hint: suggestion(for: category.value, among: categories, called: "the categories are"))
        }
        fits = { name, _ in name == category.value }
      }
      if let group = score.group {
        let groups = draft.items.flatMap { category in
          category.value.filter { fits(category.key, $0.key) }.map(\.key)
        }
        if !groups.contains(group.value) {
          diagnostics.error(
            at: group.node, "there is no group `\(group.value)`",
            hint: suggestion(for: group.value, among: groups, called: "the groups are"))
        }
      }
      if let priority = score.priority, !draft.priorities.contains(where: { $0.key == priority.value }) {
        diagnostics.error(
          at: priority.node, "there is no priority `\(priority.value)`",
          hint: suggestion(
            for: priority.value, among: draft.priorities.map(\.key), called: "the priorities are"))
      }
      if score.method == .weightedMeanOfGroups { checkSizes(entry.keyNode) }
      return ScoreRule(
        name: entry.key, method: score.method, priority: score.priority?.value, category: score.category?.value,
        group: score.group?.value)
    }
  }

  /// Within these sizes a weighted mean is an exact fraction of 64-bit numbers, whatever rows are N/A.
  private mutating func checkSizes(_ node: Node) {
    for category in draft.items {
      if category.value.count > WeightedMean.mostGroups {
        diagnostics.error(
          at: category.keyNode, "a category of a weighted mean has at most \(WeightedMean.mostGroups) groups")
      }
      for group in category.value where group.value.count > WeightedMean.mostRows {
        diagnostics.error(
          at: group.keyNode,
          "a group of a weighted mean has at most \(WeightedMean.mostRows) rows, found \(group.value.count)"
        )
      }
    }
    let sum = draft.items.reduce(0) { sum, entry in
      sum + (draft.weights.first { $0.key == entry.key }?.value ?? 1)
    }
    if sum > WeightedMean.greatestSum {
      diagnostics.error(at: node, "the weights add up to \(sum); at most \(WeightedMean.greatestSum) is exact")
    }
  }

  private mutating func clauses(_ scores: [String]) -> [Clause] {
    var clauses: [Clause] = []
    for located in draft.clauses {
      guard let text = located.value.text else { continue }
      do throws(Mistake) {
        clauses.append(
          Clause(
            text: text.value, conditions: try parseConditions(text.value, scores: scores),
            outcome: located.value.outcome, because: located.value.because))
      } catch {
        diagnostics.error(at: text.node, error)
      }
    }
    return clauses
  }
}
