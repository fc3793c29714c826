// SPDX-License-Identifier: Apache-2.0
package import FoundationEssentials
package import Judgement

/// `capacity.json`, schema `gonogo.capacity/1`: the trials of a search and the interval they left. Rates are arrivals per
/// second.
package struct CapacityRecord: Codable, Sendable, Equatable {
  package struct Trial: Codable, Sendable, Equatable {
    package var rate: Double
    /// A longer trial, judged with the plan's confidence; the others are judged by estimate.
    package var confirmation: Bool
    /// `held`, `broke`, or `untested`: nothing can be said about the system.
    package var outcome: String
    package var reason: String
    /// Run folder of the trial, inside this one.
    package var folder: String

    package init(rate: Double, confirmation: Bool, outcome: String, reason: String, folder: String) {
      self.rate = rate
      self.confirmation = confirmation
      self.outcome = outcome
      self.reason = reason
      self.folder = folder
    }
  }

  package var schema = CapacityRecord.currentSchema
  package var tool: ToolRecord
  package var plan: String
  package var target: String
  package var started: Timestamp
  package var ended: Timestamp
  package var rules: [String]
  package var trials: [Trial]
  /// The highest rate that held in a long trial; null when none did.
  @Nullable package var held: Double?
  /// The lowest rate above it that broke; null when none did.
  @Nullable package var broke: Double?
  /// Why nothing above `held` is known, when that is not the system's doing.
  @Nullable package var notTestedAbove: String?
  package var interrupted: Bool
  /// Against a stand-in on the same machine.
  package var demo: Bool
  /// PASS: a rate is known that held. FAIL: even the lowest one broke.
  package var verdict: Verdict

  package init(
    tool: ToolRecord, plan: String, target: String, started: Timestamp, ended: Timestamp, rules: [String],
    trials: [Trial], held: Double?, broke: Double?, notTestedAbove: String?, interrupted: Bool, demo: Bool = false
  ) {
    self.tool = tool
    self.plan = plan
    self.target = target
    self.started = started
    self.ended = ended
    self.rules = rules
    self.trials = trials
    self.held = held
    self.broke = broke
    self.notTestedAbove = notTestedAbove
    self.interrupted = interrupted
    self.demo = demo
    verdict = held != nil ? .pass : broke != nil ? .fail : .inconclusive
  }

  /// The text of `capacity.json`.
  package func encoded() throws -> Data { try encodeRecord(self) }

  package static let currentSchema = "gonogo.capacity/1"

  /// Reads the `capacity.json` of a folder; nil when there is none.
  package static func open(_ directory: String) throws -> CapacityRecord? {
    let path = directory + "/capacity.json"
    guard FileCalls.exists(path) else { return nil }
    let record = try JSONDecoder().decode(CapacityRecord.self, from: Data(FileCalls.read(path: path)))
    guard record.schema == currentSchema else { throw RecordError.otherSchema(record.schema) }
    return record
  }
}

/// The folder of a search: one run folder per trial below `trials/`, and what they come to.
package struct CapacityFolder: Sendable {
  package let directory: String
  private let resultsDirectory: String
  private let name: String

  package init(resultsDirectory: String, plan: String, started: Timestamp, demo: Bool = false) throws(FileError) {
    self.resultsDirectory = resultsDirectory
    name = try RunFolderName.make(
      RunFolderName.name(started: started, plan: plan, demo: demo), in: resultsDirectory)
    directory = resultsDirectory + "/" + name
    try FileCalls.makeDirectory(trialsDirectory)
  }

  package var trialsDirectory: String { directory + "/trials" }

  package func finish(_ record: CapacityRecord, summary: String) throws {
    try FileCalls.replace(directory + "/capacity.json", with: Array(record.encoded()))
    try FileCalls.replace(directory + "/summary.md", with: Array(summary.utf8))
    try FileCalls.replace(directory + "/verdict", with: Array("\(record.verdict.rawValue)\n".utf8))
    try Manifest.write(directory: directory)
    try RunFolderName.pointLatest(to: name, in: resultsDirectory)
  }
}
