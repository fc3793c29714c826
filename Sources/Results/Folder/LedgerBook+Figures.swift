// SPDX-License-Identifier: Apache-2.0

extension LedgerBook {
  /// Names of each finding that are listed; the ledger has all of them.
  static let mostNamed = 20

  /// Sums and names. `readable`: whether the step `scenario/step` of a write has a `read`.
  func figures(readable: (String) -> Bool) -> LedgerFigures {
    var figures = LedgerFigures()
    var named: [LedgerFinding.Kind: [LedgerFinding]] = [:]
    let isReadable = stepNames.map(readable)
    // The text of a key is read from the file only for the few that are named.
    for (index, write) in writes.enumerated() {
      figures.writes += 1
      switch write.answer {
      case .acked, .closing: figures.acknowledged += 1
      case .closed:
        figures.acknowledged += 1
        figures.closed += 1
      case .refused: figures.refused += 1
      case .indeterminate: figures.indeterminate += 1
      }
      guard let kind = figures.count(write, isReadable: isReadable[Int(write.step)]) else { continue }
      guard named[kind, default: []].count < Self.mostNamed, let entry = try? entry(index) else { continue }
      named[kind, default: []].append(
        LedgerFinding(
          finding: kind, scenario: entry.scenario, step: entry.step, key: entry.key, found: write.found,
          reason: write.found == nil ? entry.reason : nil))
    }
    figures.named = LedgerFinding.Kind.allCases.flatMap { named[$0] ?? [] }
    return figures
  }

  /// Writes that are, or may be, still in the target, in their order.
  package var left: [Int] { writes.indices.filter { writes[$0].mayBeThere } }

  static let mostShown = 20

  /// The first of `left`.
  var shown: [LeftBehind] {
    left.prefix(Self.mostShown).compactMap { index in
      (try? entry(index)).map { entry in
        LeftBehind(
          scenario: entry.scenario, step: entry.step, key: entry.key,
          state: writes[index].answer == .closing ? "acked" : "\(writes[index].answer)")
      }
    }
  }
}

extension LedgerBook.Write {
  /// As far as is known: what was read back counts, else what the target answered.
  package var mayBeThere: Bool {
    if let found { return found > 0 }
    switch answer {
    case .acked, .closing, .indeterminate: return true
    case .refused, .closed: return false
    }
  }
}

extension LedgerFigures {
  /// Counts a write under what was found of it; returns the finding to name it under, if any.
  fileprivate mutating func count(_ write: LedgerBook.Write, isReadable: Bool) -> LedgerFinding.Kind? {
    guard let found = write.found else {
      guard write.isUnread || isReadable else {
        unchecked += 1
        return nil
      }
      unknown += 1
      return .unknown
    }
    switch (write.answer, found) {
    case (.refused, 0): absent += 1
    case (.refused, _):
      unexpected += 1
      return .unexpected
    case (_, 2...):
      duplicated += 1
      return .duplicated
    case (.acked, 0):
      lost += 1
      return .lost
    case (.acked, _), (.closing, 1...): kept += 1
    case (.closing, _): goneUnclear += 1
    case (.closed, 0): gone += 1
    case (.closed, _):
      stillThere += 1
      return .stillThere
    case (.indeterminate, 0): notWritten += 1
    case (.indeterminate, _): recovered += 1
    }
    return nil
  }
}
