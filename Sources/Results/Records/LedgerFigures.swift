// SPDX-License-Identifier: Apache-2.0

/// What became of the writes of a run. Computed from `ledger.jsonl`.
///
/// writes = acknowledged + refused + indeterminate. After the read-back
/// acknowledged = kept + lost + gone + goneUnclear + stillThere + its part of duplicated, unknown and unchecked;
/// indeterminate = recovered + notWritten + likewise; refused = absent + unexpected + likewise.
package struct LedgerFigures: Codable, Sendable, Equatable {
  /// Keys that were sent.
  package var writes = 0
  /// By the target, whether closed since or not.
  package var acknowledged = 0
  package var refused = 0
  package var indeterminate = 0
  /// Part of `acknowledged`.
  package var closed = 0
  /// Acknowledged and found once.
  package var kept = 0
  /// Acknowledged and not found.
  package var lost = 0
  /// Found more than once.
  package var duplicated = 0
  /// Indeterminate and found.
  package var recovered = 0
  /// Indeterminate and not found.
  package var notWritten = 0
  /// Closed and not found.
  package var gone = 0
  /// Not found after a closing step whose answer did not tell: undone by it, or lost.
  package var goneUnclear = 0
  /// Closed and still found: the close had no effect.
  package var stillThere = 0
  /// Refused and not found.
  package var absent = 0
  /// Refused and found.
  package var unexpected = 0
  /// Should have been read back and could not be.
  package var unknown = 0
  /// Of steps without `read`: nobody can tell.
  package var unchecked = 0
  /// The first keys of each finding that somebody should look at.
  package var named: [LedgerFinding] = []

  package init() {}
}

/// A key that somebody should look at.
package struct LedgerFinding: Codable, Sendable, Equatable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case lost, duplicated, stillThere, unexpected, unknown
  }
  package var finding: Kind
  package var scenario: String
  package var step: String
  package var key: String
  /// How often it was found; null when that is not known.
  @Nullable package var found: Int?
  /// Why it is not known; null when it is, or was never asked.
  @Nullable package var reason: String?
}
