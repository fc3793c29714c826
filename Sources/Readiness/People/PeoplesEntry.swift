// SPDX-License-Identifier: Apache-2.0
package import Results

/// One entry of the people's file. Entries are never changed: a later one wins.
package enum PeoplesEntry: Sendable, Equatable {
  case attestation(Attestation)
  case approval(Approval)
  case risk(RiskEntry)
  case signOff(SignOffEntry)
  case condition(ConditionEntry)
  case decisionMaker(DecisionMakerEntry)
  case supersession(Supersession)
  case report(ImportedReport)
}

/// What a person says about a row.
package struct Attestation: Sendable, Equatable {
  package var item: String
  /// `.pending` withdraws what was said before.
  package var status: Standing
  package var who: String
  package var at: Timestamp
  /// Counts for that environment only; `demo` is the embedded hotel; nil: for every one.
  package var environment: String?
  /// Counts for that build only; nil: for every one.
  package var build: String?
  package var note: String?
  package var evidence: [EvidenceReference]
  /// Of an N/A.
  package var approvedBy: String?
  /// Why it stands over a measurement.
  package var override: String?
  /// Which list the row is of.
  package var checklist: String

  package init(
    item: String, status: Standing, who: String, at: Timestamp, environment: String? = nil, build: String? = nil,
    note: String? = nil, evidence: [EvidenceReference] = [], approvedBy: String? = nil, override: String? = nil,
    checklist: String = Attestation.defaultChecklist
  ) {
    self.item = item
    self.status = status
    self.who = who
    self.at = at
    self.environment = environment
    self.build = build
    self.note = note
    self.evidence = evidence
    self.approvedBy = approvedBy
    self.override = override
    self.checklist = checklist
  }

  package static let defaultChecklist = "p020"
}

/// A file or link, with the digest that the file had when it was named. As text: `scan.json sha256:64 digits`.
package struct EvidenceReference: Sendable, Equatable {
  package var location: String
  package var sha256: String?

  package init(location: String, sha256: String? = nil) {
    self.location = location
    self.sha256 = sha256
  }

  private static let mark = " sha256:"

  /// Reads `text`'s format; what has no digest is a location as a whole.
  package init(_ text: String) {
    if let range = text.ranges(of: Self.mark).last, Digest.isSHA256(text[range.upperBound...]) {
      self.init(location: String(text[..<range.lowerBound]), sha256: String(text[range.upperBound...]))
    } else {
      self.init(location: text)
    }
  }

  package var text: String { location + (sha256.map { Self.mark + $0 } ?? "") }
}

extension Digest {
  /// 64 lower-case hexadecimal digits.
  static func isSHA256(_ text: some StringProtocol) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }
}

/// Of the N/A of a row.
package struct Approval: Sendable, Equatable {
  package var item: String
  package var who: String
  package var at: Timestamp
  package var checklist: String

  package init(item: String, who: String, at: Timestamp, checklist: String = Attestation.defaultChecklist) {
    self.item = item
    self.who = who
    self.at = at
    self.checklist = checklist
  }
}

package struct RiskEntry: Sendable, Equatable {
  package var risk: Risk
  package var at: Timestamp

  package init(risk: Risk, at: Timestamp) {
    self.risk = risk
    self.at = at
  }
}

package struct SignOffEntry: Sendable, Equatable {
  package var signOff: SignOff
  /// What was signed: nil for any.
  package var environment: String?
  package var build: String?

  package init(signOff: SignOff, environment: String? = nil, build: String? = nil) {
    self.signOff = signOff
    self.environment = environment
    self.build = build
  }
}

/// A condition under which people agree to launch.
package struct ConditionEntry: Sendable, Equatable {
  package var text: String
  package var who: String
  package var at: Timestamp

  package init(text: String, who: String, at: Timestamp) {
    self.text = text
    self.who = who
    self.at = at
  }
}

package struct DecisionMakerEntry: Sendable, Equatable {
  package var who: String
  package var at: Timestamp?

  package init(who: String, at: Timestamp? = nil) {
    self.who = who
    self.at = at
  }
}

/// Why a PASS counts after a FAIL on the same build.
package struct Supersession: Sendable, Equatable {
  /// Name of the run folder of the FAIL.
  package var run: String
  package var reason: String
  package var who: String
  package var at: Timestamp

  package init(run: String, reason: String, who: String, at: Timestamp) {
    self.run = run
    self.reason = reason
    self.who = who
    self.at = at
  }
}

/// A report of another tool, as figures: a decision needs no file, and the digest tells whether the file is the same.
package struct ImportedReport: Sendable, Equatable {
  package var path: String
  package var kind: ReportKind
  package var sha256: String
  /// Of the import.
  package var at: Timestamp
  /// When the report was made, if it says so: its age counts from then.
  package var made: Timestamp?
  package var who: String
  /// Rows it is for; empty: every row that asks for a report of its kind.
  package var items: [String]
  /// Counts by name, in the order of the report's kind.
  package var summary: [ReportFigure]
  package var environment: String?
  package var build: String?

  package init(
    path: String, kind: ReportKind, sha256: String, at: Timestamp, made: Timestamp? = nil, who: String,
    items: [String] = [], summary: [ReportFigure], environment: String? = nil, build: String? = nil
  ) {
    self.path = path
    self.kind = kind
    self.sha256 = sha256
    self.at = at
    self.made = made
    self.who = who
    self.items = items
    self.summary = summary
    self.environment = environment
    self.build = build
  }
}

package enum ReportKind: String, Sendable, CaseIterable {
  case junit, sarif, coverage
}

package struct ReportFigure: Sendable, Equatable {
  package var name: String
  package var value: Int

  package init(_ name: String, _ value: Int) {
    self.name = name
    self.value = value
  }
}
