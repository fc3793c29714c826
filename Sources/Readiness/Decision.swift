// SPDX-License-Identifier: Apache-2.0
package import Results

/// What is decided.
package enum Outcome: String, Codable, Sendable, CaseIterable {
  case go = "GO"
  case caution = "GO WITH CAUTION"
  /// Everything is proven but the signatures.
  case ready = "READY FOR SIGN-OFF"
  case noGo = "NO-GO"
}

/// An exact share: `numerator` of `denominator`. Nothing is rounded before it is compared.
package struct Fraction: Codable, Sendable, Equatable {
  package var numerator: Int
  package var denominator: Int

  package init(_ numerator: Int, of denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// Nil for a share of nothing.
  package var value: Double? { denominator == 0 ? nil : Double(numerator) / Double(denominator) }
}

/// A named score of a decision: `critical`, `total`, a category's.
package struct Score: Codable, Sendable, Equatable {
  package var name: String
  /// Rows that PASS, of rows that count; of a weighted score: its numerator and denominator in lowest terms.
  package var share: Fraction
  /// Rows of each standing among those meant.
  package var counts: [String: Int]

  package init(name: String, share: Fraction, counts: [String: Int]) {
    self.name = name
    self.share = share
    self.counts = counts
  }
}

package enum RiskLevel: String, Codable, Sendable, CaseIterable {
  case low = "LOW"
  case medium = "MEDIUM"
  case high = "HIGH"
  case critical = "CRITICAL"
}

package struct Risk: Codable, Sendable, Equatable {
  package var id: String
  package var title: String
  /// The row it comes from, if one.
  @Nullable package var item: String?
  package var level: RiskLevel
  package var impact: String
  package var probability: String
  @Nullable package var mitigation: String?
  /// The mitigation is in place.
  package var isMitigated: Bool
  /// Who accepts living with it.
  @Nullable package var acceptedBy: String?

  package init(
    id: String, title: String, item: String?, level: RiskLevel, impact: String, probability: String,
    mitigation: String?, isMitigated: Bool, acceptedBy: String?
  ) {
    self.id = id
    self.title = title
    self.item = item
    self.level = level
    self.impact = impact
    self.probability = probability
    self.mitigation = mitigation
    self.isMitigated = isMitigated
    self.acceptedBy = acceptedBy
  }
}

/// A signature on the sheet.
package struct SignOff: Codable, Sendable, Equatable {
  package var role: String
  package var who: String
  package var at: Timestamp
  @Nullable package var note: String?

  package init(role: String, who: String, at: Timestamp, note: String?) {
    self.role = role
    self.who = who
    self.at = at
    self.note = note
  }
}

/// A run of the judge against a hotel whose state is known: a judge that passes a broken one is no judge.
package struct ControlRun: Codable, Sendable, Equatable {
  /// `healthy`, `errors`.
  package var name: String
  package var run: String
  package var at: Timestamp
  package var expected: String
  package var found: String

  package init(name: String, run: String, at: Timestamp, expected: String, found: String) {
    self.name = name
    self.run = run
    self.at = at
    self.expected = expected
    self.found = found
  }
}
