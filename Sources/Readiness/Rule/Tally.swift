// SPDX-License-Identifier: Apache-2.0

/// How the rows of a list stand, as scores count them.
struct Tally {
  /// What a row is to a score.
  enum Worth { case earned, open, left }

  let checklist: Checklist
  private(set) var standings: [String: Standing]
  /// N/A rows whose reason somebody approved.
  private let approved: Set<String>
  private let parts: [String: [String]]

  init(_ checklist: Checklist, _ states: [ItemState]) {
    self.checklist = checklist
    standings = Dictionary(states.map { ($0.item.id, $0.standing) }) { first, _ in first }
    approved = Set(states.filter(\.isApprovedAway).map(\.item.id))
    parts = Dictionary(grouping: checklist.items.filter { $0.partOf != nil }) { $0.partOf ?? "" }
      .mapValues { $0.map(\.id) }
  }

  func standing(_ id: String) -> Standing { standings[id] ?? .pending }

  /// Rows of a row that are open; such a row is not PASS, whatever is said of itself.
  func openParts(_ id: String) -> [String] { (parts[id] ?? []).filter { ownWorth($0) == .open } }

  func worth(_ id: String) -> Worth {
    let own = ownWorth(id)
    return own == .earned && !openParts(id).isEmpty ? .open : own
  }

  private func ownWorth(_ id: String) -> Worth {
    switch standing(id) {
    case .pass: .earned
    case .notApplicable: !checklist.rule.isStrict && approved.contains(id) ? .left : .open
    case .partial, .fail, .pending: .open
    }
  }

  /// Takes the rows and their parts for PASS.
  mutating func prove(_ ids: [String]) {
    for id in ids { for one in [id] + openParts(id) { standings[one] = .pass } }
  }

  // MARK: scores

  /// Rows that a score is about, N/A ones included.
  func rows(_ score: ScoreRule) -> [ChecklistItem] {
    checklist.items.filter(score.isAbout)
  }

  func score(_ rule: ScoreRule) -> Score {
    let rows = rows(rule)
    return Score(name: rule.name, share: share(rule, rows), counts: counts(rows))
  }

  func score(category: String) -> Score {
    score(ScoreRule(name: category, category: category))
  }

  private func counts(_ rows: [ChecklistItem]) -> [String: Int] {
    rows.reduce(into: [:]) { $0[standing($1.id).rawValue, default: 0] += 1 }
  }

  private func share(_ rule: ScoreRule, _ rows: [ChecklistItem]) -> Fraction {
    switch rule.method {
    case .share: return share(rows) { _ in 1 }
    case .points: return share(rows) { $0.points ?? 0 }
    case .weightedMeanOfGroups:
      let mean = WeightedMean.of(
        checklist.categories.map { category in
          (category.weight ?? 1, groups(of: category.name, rows).map { share($0) { _ in 1 } })
        })
      return mean ?? Fraction(0, of: 0)
    }
  }

  private func share(_ rows: [ChecklistItem], _ points: (ChecklistItem) -> Int) -> Fraction {
    var earned = 0
    var all = 0
    for row in rows {
      switch worth(row.id) {
      case .earned:
        earned += points(row)
        all += points(row)
      case .open: all += points(row)
      case .left: break
      }
    }
    return Fraction(earned, of: all)
  }

  private func groups(of category: String, _ rows: [ChecklistItem]) -> [[ChecklistItem]] {
    var order: [String] = []
    var groups: [String: [ChecklistItem]] = [:]
    for row in rows where row.category == category {
      if groups[row.group] == nil { order.append(row.group) }
      groups[row.group, default: []].append(row)
    }
    return order.compactMap { groups[$0] }
  }

  /// Open rows of a score, those that raise it most first; equals in the list's order. In a weighted mean a row is worth
  /// more in a small group, in a category of few groups and much weight.
  func openRows(_ rule: ScoreRule) -> [ChecklistItem] {
    let rows = rows(rule)
    let open = rows.filter { worth($0.id) == .open }
    let worths: [Double]
    switch rule.method {
    case .share: return open
    case .points: worths = open.map { Double($0.points ?? 0) }
    case .weightedMeanOfGroups:
      worths = open.map { row in
        let counted = groups(of: row.category, rows).map { $0.filter { worth($0.id) != .left } }.filter { !$0.isEmpty }
        let size = counted.first { $0.contains { $0.group == row.group } }?.count ?? 1
        let weight = checklist.categories.first { $0.name == row.category }?.weight ?? 1
        return Double(weight) / Double(counted.count * size)
      }
    }
    return zip(open, worths).enumerated()
      .sorted { ($0.element.1, $1.offset) > ($1.element.1, $0.offset) }.map(\.element.0)
  }
}

extension ScoreRule {
  /// Whether the row is among those that the score counts.
  func isAbout(_ item: ChecklistItem) -> Bool {
    item.isScored && item.partOf == nil && priority ?? item.priority == item.priority
      && category ?? item.category == item.category && group ?? item.group == item.group
  }
}

extension ItemState {
  /// Not applicable, with a reason that somebody approved.
  var isApprovedAway: Bool {
    standing == .notApplicable && approvedBy?.isEmpty == false && !reason.isEmpty
  }
}
