// SPDX-License-Identifier: Apache-2.0
package import FoundationEssentials
package import Results

/// `decision.json`, schema `gonogo.decision/1`: how every row stood and why, the rule, and what it came to. Nothing else is
/// needed to make the outcome, the screen and the pages again.
package struct DecisionRecord: Codable, Sendable, Equatable {
  package static let currentSchema = "gonogo.decision/1"

  package var schema = DecisionRecord.currentSchema
  package var tool: ToolRecord
  /// When it was made: evidence is old or not as of this moment.
  package var decided: Timestamp
  /// About the embedded hotel: never a decision on a real system.
  package var demo: Bool
  /// Name of the declared environment.
  package var environment: String
  /// `staging` or `production`; null for the embedded hotel.
  @Nullable package var environmentKind: String?
  /// Base URL; null when nothing declares one.
  @Nullable package var target: String?
  /// The build that is decided on; null: no evidence names one.
  @Nullable package var build: String?
  package var checklist: DecidedChecklist
  package var rule: DecidedRule
  package var readings: [Reading]

  package var outcome: Outcome
  /// Of READY FOR SIGN-OFF: what it is once everybody has signed.
  @Nullable package var afterSignOff: Outcome?
  /// Why, the clause that decided first.
  package var reasons: [String]
  /// What would bring a better outcome, in the order in which it would be done.
  package var change: [String]
  /// Those of the rule, in its order.
  package var scores: [Score]
  /// One for each category, in the order of the checklist.
  package var categories: [Score]
  /// Ids of rows without which nothing is launched, and that are not PASS.
  package var openCriticals: [String]
  /// Worth knowing about the rows, with no part in the outcome.
  package var remarks: [String]

  /// In the order of the checklist.
  package var items: [DecidedItem]
  /// The folder from which people's evidence is named, as seen from the decision's own; null: two folders up.
  @Nullable package var evidenceFolder: String?
  /// Folders that count for nothing, whatever they say.
  package var refused: [RefusedEvidence]
  package var risks: [Risk]
  package var signOffs: [SignOff]
  /// Roles of the sheet that nobody has signed for.
  package var missingSignOffs: [String]
  package var conditions: [DecidedCondition]
  /// Who took the decision; null: nobody is on file.
  @Nullable package var decisionMaker: String?
  /// The newest of each kind.
  package var controls: [ControlRun]
  /// What whoever decides must know about the judge and its inputs: old control runs, files that changed.
  package var warnings: [String]
}

/// Which list was decided.
package struct DecidedChecklist: Codable, Sendable, Equatable {
  package var id: String
  package var title: String
  package var source: String
  /// SHA-256 of its file.
  package var digest: String
  package var categories: [DecidedCategory]

  package init(id: String, title: String, source: String, digest: String, categories: [DecidedCategory]) {
    self.id = id
    self.title = title
    self.source = source
    self.digest = digest
    self.categories = categories
  }
}

package struct DecidedCategory: Codable, Sendable, Equatable {
  package var name: String
  @Nullable package var weight: Int?

  package init(name: String, weight: Int?) {
    self.name = name
    self.weight = weight
  }
}

/// The rule as its file has it.
package struct DecidedRule: Codable, Sendable, Equatable {
  package struct Score: Codable, Sendable, Equatable {
    package var name: String
    /// `share`, `weighted-mean-of-groups`, `points`.
    package var method: String
    @Nullable package var priority: String?
    @Nullable package var category: String?
    @Nullable package var group: String?
  }

  package struct Clause: Codable, Sendable, Equatable {
    /// The conditions as written; `and` joins them.
    package var text: String
    package var outcome: Outcome
    package var because: String
  }

  package var scores: [Score]
  /// The first that applies decides.
  package var clauses: [Clause]
  package var otherwise: Outcome
  package var otherwiseBecause: String
  /// N/A rows stay in the denominator.
  package var strict: Bool
  /// Roles of the sign-off sheet.
  package var roles: [String]
  /// The role that decides.
  @Nullable package var decisionMaker: String?
}

/// One row: what it asks for, how it stands, and why.
package struct DecidedItem: Codable, Sendable, Equatable {
  package var id: String
  package var category: String
  package var group: String
  package var priority: String
  package var blocker: Bool
  package var title: String
  @Nullable package var hint: String?
  @Nullable package var owner: String?
  @Nullable package var targetDate: String?
  /// Proven by the signatures of a decision, not before it.
  package var signOff: Bool
  /// Whose signature proves a sign-off row; null: the decision itself.
  @Nullable package var role: String?
  package var sameAs: [String]
  @Nullable package var points: Int?
  /// The row it details; it is in no score by itself, and that row is PASS only with its parts.
  @Nullable package var partOf: String?
  /// Whether scores count it.
  package var scored: Bool
  /// The condition under which the list asks for it.
  @Nullable package var applies: String?
  /// What no run can see of it.
  @Nullable package var people: String?

  package var standing: Standing
  package var origin: Origin
  package var reason: String
  @Nullable package var validatedBy: String?
  @Nullable package var date: Timestamp?
  package var evidence: [String]
  package var notes: [String]
  /// What measures it again, as typed.
  @Nullable package var command: String?
  /// Newest first, those that do not count included.
  package var attempts: [Attempt]
  /// Of an N/A; null: nobody, and then the row is open.
  @Nullable package var approvedBy: String?
}

/// A folder that does not count.
package struct RefusedEvidence: Codable, Sendable, Equatable {
  package var run: String
  package var reason: String

  package init(run: String, reason: String) {
    self.run = run
    self.reason = reason
  }
}

/// What somebody asks for, beside a launch that is agreed.
package struct DecidedCondition: Codable, Sendable, Equatable {
  package var text: String
  package var who: String
  package var at: Timestamp

  package init(text: String, who: String, at: Timestamp) {
    self.text = text
    self.who = who
    self.at = at
  }
}

extension DecisionRecord {
  /// The text of `decision.json`: the same record gives the same bytes.
  package func encoded() throws -> Data { try encodeRecord(self) }

  /// Reads the `decision.json` of a folder; nil when there is none.
  package static func open(_ directory: String) throws -> DecisionRecord? {
    let path = directory + "/decision.json"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try decoded(from: Data(contentsOf: URL(filePath: path)))
  }

  package static func decoded(from data: Data) throws -> DecisionRecord {
    let schema = try JSONDecoder().decode(SchemaOnly.self, from: data).schema
    guard schema == currentSchema else { throw RecordError.otherSchema(schema) }
    return try JSONDecoder().decode(DecisionRecord.self, from: data)
  }

  private struct SchemaOnly: Decodable {
    var schema: String
  }
}
