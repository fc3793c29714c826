// SPDX-License-Identifier: Apache-2.0
package import Results

/// The standing of one row.
package enum Standing: String, Codable, Sendable, CaseIterable {
  case pass = "PASS"
  case partial = "PARTIAL"
  case fail = "FAIL"
  case pending = "PENDING"
  case notApplicable = "N/A"
}

/// Where a standing comes from.
package enum Origin: String, Codable, Sendable, CaseIterable {
  /// A run, a drill.
  case measured
  /// An imported report.
  case imported
  /// A person.
  case attested
  /// A person, over a measurement; the reason is shown.
  case overridden
  /// Nothing is on file.
  case none
}

/// One run that says something about a row, whether it counts or not.
package struct Attempt: Codable, Sendable, Equatable {
  /// Name of the run folder.
  package var run: String
  package var at: Timestamp
  package var standing: Standing
  package var reason: String
  @Nullable package var build: String?
  /// Why it does not count: too old, another build, another environment, a demo, not what it was when it was sealed.
  @Nullable package var refusal: String?

  package init(
    run: String, at: Timestamp, standing: Standing, reason: String, build: String?, refusal: String? = nil
  ) {
    self.run = run
    self.at = at
    self.standing = standing
    self.reason = reason
    self.build = build
    self.refusal = refusal
  }
}

/// A row, how it stands and why.
package struct ItemState: Sendable, Equatable {
  package var item: ChecklistItem
  package var standing: Standing
  package var origin: Origin
  package var reason: String
  /// The run with its operator, or the person.
  package var validatedBy: String?
  package var date: Timestamp?
  /// Paths and links.
  package var evidence: [String]
  package var notes: [String]
  /// What measured it again, as typed.
  package var command: String?
  /// Newest first.
  package var attempts: [Attempt]
  /// Of an N/A: who approved it; nil: nobody, and then it counts as open.
  package var approvedBy: String?

  package init(
    item: ChecklistItem, standing: Standing, origin: Origin, reason: String, validatedBy: String? = nil,
    date: Timestamp? = nil, evidence: [String] = [], notes: [String] = [], command: String? = nil,
    attempts: [Attempt] = [], approvedBy: String? = nil
  ) {
    self.item = item
    self.standing = standing
    self.origin = origin
    self.reason = reason
    self.validatedBy = validatedBy
    self.date = date
    self.evidence = evidence
    self.notes = notes
    self.command = command
    self.attempts = attempts
    self.approvedBy = approvedBy
  }
}
