// SPDX-License-Identifier: Apache-2.0

/// What a rule makes of a list: nothing in it depends on anything but the list, how its rows stand, and what people signed.
package struct DecisionFindings: Sendable, Equatable {
  package var outcome: Outcome
  /// Of READY FOR SIGN-OFF: what it is once the signatures are there.
  package var afterSignOff: Outcome?
  /// The clause that decided, as written; nil: none applied.
  package var clause: String?
  /// Why, in words: the clause that decided first, then every other that speaks for the same or a worse outcome.
  package var reasons: [String]
  /// Those of the rule, in its order.
  package var scores: [Score]
  /// Rows that PASS of rows that count, for each category.
  package var categories: [Score]
  /// Rows that a clause `score < 100%` demands for anything but NO-GO and that are not PASS, in the list's order.
  package var openCriticals: [String]
  /// Rows that a signature still has to prove.
  package var openSignOffs: [String]
  /// Roles that have not signed, in the rule's order.
  package var missingSignatures: [String]
  /// What would bring a better outcome, in the order in which it would be done; the last step of each way names it.
  package var change: [String]
  /// Worth knowing, with no part in the outcome: rows that ask for the same and stand differently, N/A without approval.
  package var remarks: [String]
  /// Readings of the list's contradictions.
  package var readings: [Reading]
}
