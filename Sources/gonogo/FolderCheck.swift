// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc
import Judgement
import Load
import Readiness
import Reports
import Results

/// Whether a folder is what was written when it was sealed: digests, and whatever can be made again.
struct FolderCheck {
  /// What a folder is, by the record in it.
  struct Kind: Sendable {
    let name: String
    let record: String
    /// What does not follow from the facts, beyond digests; `manifest` tells whether those are right.
    let problems: @Sendable (_ directory: String) -> [String]
  }

  static let kinds = [
    Kind(name: "run", record: "run.json", problems: runProblems),
    Kind(name: "search for capacity", record: "capacity.json", problems: searchProblems),
    Kind(name: "decision", record: "decision.json", problems: decisionProblems),
  ]

  let directory: String
  let kind: String
  let problems: [String]
  let signature: SignatureState

  /// `signers`: who may have signed; nil: anybody.
  init(_ directory: String, signers: String?) {
    self.directory = directory
    let present = Self.kinds.filter { Self.exists("\(directory)/\($0.record)") }
    kind = present.first?.name ?? "folder"
    let manifest = Manifest.verify(directory: directory, ignoring: [Manifest.signatureName])
    var found = manifest.map(\.description)
    let isPlain = !manifest.contains { if case .notAFile = $0 { true } else { false } }
    if present.isEmpty {
      found.append("there is no \(Self.kinds.map(\.record).joined(separator: ", no ")): nothing says what this is")
    } else if isPlain {
      for one in present { found += one.problems(directory) }
    }
    signature = Signature.look(directory: directory, signers: signers)
    switch signature {
    case .invalid(let why): found.append("\(Signature.fileName) is no valid signature of the manifest: \(why)")
    case .unknownSigner(let key): found.append("signed by \(key), which is not an allowed signer")
    case .none, .valid, .signed: break
    }
    var seen: Set<String> = []
    problems = found.filter { seen.insert($0).inserted }
  }

  private static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  private static func bytes(_ path: String) -> [UInt8]? {
    (try? Data(contentsOf: URL(filePath: path))).map(Array.init)
  }

  // MARK: kinds

  /// Every figure, verdict and item of the record, and the texts made of it.
  private static func runProblems(_ directory: String) -> [String] {
    var found = RunFolder.verify(directory, toolVersion: Main.version)
    guard let folder = try? RunFolder.open(directory), let record = folder.record, record.ended != nil,
      record.tool.version == Main.version
    else { return found }
    for file in derivedFiles where exists("\(directory)/\(file.name)") {
      if bytes("\(directory)/\(file.name)") != (try? file.make(record, folder)) {
        found.append("\(file.name) is not what the rest of the folder says")
      }
    }
    return found
  }

  /// Every trial by itself, and what they come to.
  private static func searchProblems(_ directory: String) -> [String] {
    let record: CapacityRecord
    do {
      guard let opened = try CapacityRecord.open(directory) else { return ["capacity.json is missing"] }
      record = opened
    } catch {
      return ["capacity.json cannot be read: \(error)"]
    }
    var found: [String] = []
    for trial in record.trials {
      let name = trial.folder.split(separator: "/").last.map(String.init) ?? ""
      guard trial.folder == "trials/\(name)", name != ".", name != ".." else {
        found.append("capacity.json names a trial outside of its folder: \(trial.folder)")
        continue
      }
      let path = "\(directory)/\(trial.folder)"
      found += RunFolder.verify(path, toolVersion: Main.version).map { "\(trial.folder): \($0)" }
      guard let run = try? RunFolder.open(path), let again = run.completed() else { continue }
      let word =
        switch CapacityCommand.outcome(of: again) {
        case .held: "held"
        case .broke: "broke"
        case .untested: "untested"
        }
      if word != trial.outcome { found.append("\(trial.folder): its run says \(word), capacity.json \(trial.outcome)") }
    }
    func happened(_ rate: Double?, _ outcome: String) -> Bool {
      rate == nil || record.trials.contains { $0.rate == rate && $0.outcome == outcome }
    }
    if !happened(record.held, "held") { found.append("no trial held at the rate that capacity.json says was held") }
    if !happened(record.broke, "broke") { found.append("no trial broke at the rate that capacity.json says broke") }
    let verdict = record.held != nil ? "pass" : record.broke != nil ? "fail" : "inconclusive"
    if record.verdict.rawValue != verdict {
      found.append("the verdict of capacity.json does not follow from its rates")
    }
    if bytes("\(directory)/verdict") != Array("\(record.verdict.rawValue)\n".utf8) {
      found.append("verdict is not that of capacity.json")
    }
    if record.tool.version == Main.version, bytes("\(directory)/summary.md") != Array(capacitySummary(record).utf8) {
      found.append("summary.md is not what capacity.json says")
    }
    return found
  }
}

extension FolderCheck {
  /// The outcome and all that leads to it, and the texts made of the record.
  private static func decisionProblems(_ directory: String) -> [String] {
    let record: DecisionRecord
    do {
      guard let opened = try DecisionRecord.open(directory) else { return ["decision.json is missing"] }
      record = opened
    } catch {
      return ["decision.json cannot be read: \(error)"]
    }
    var found = record.contradictions
    guard record.tool.version == Main.version, let files = try? decisionFiles(record) else { return found }
    for (name, content) in files where bytes("\(directory)/\(name)") != content {
      found.append("\(name) is not what decision.json says")
    }
    return found
  }
}
