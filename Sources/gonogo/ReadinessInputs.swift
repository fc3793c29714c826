// SPDX-License-Identifier: Apache-2.0
import Document
import Glibc
import Readiness
import Results
import Scenarios

/// The list, the people's file and the system that a command about readiness is for.
struct ReadinessInputs {
  /// Nil: the embedded hotel, a DEMO.
  var environment: Environment?
  var checklist: Checklist
  var checklistFile: InputFile
  var entries: PeoplesEntries
  /// Nil when there is no people's file.
  var peoplesFile: InputFile?
  var resultsDirectory: String
  var build: DecidedBuild
  /// Of runs against any system, newest first.
  var evidence: [RunEvidence]

  static let flags: [Flag] = [
    Flag("env", "NAME", "an environment declared in gonogo.yaml; without it the embedded hotel: a DEMO"),
    ChecklistInputs.flag,
    Flag("build", "NAME", "the build that is meant; default: that of the newest conclusive run"),
    Flag("people", "FILE", "what people attest (default readiness.yaml beside gonogo.yaml)", completion: .file),
    Flag("out", "DIR", "where run folders are (default results)", completion: .directory),
    Flag("config", "FILE", "gonogo.yaml, else found upwards from here", completion: .file),
  ]

  static func read(_ arguments: Arguments, console: Console, now: Timestamp) throws -> ReadinessInputs {
    let environment = try declared(arguments, console: console)
    let (checklist, checklistFile) = try list(arguments, console: console)
    let (entries, peoplesFile) = try people(arguments, console: console)
    let directory = arguments.value("out") ?? "results"
    var scan = EvidenceScan(
      directory: directory, checklist: checklist, environment: environment?.name, now: now,
      toolVersion: Main.version)
    scan.signatureProblem = { folder in
      guard case .invalid(let why) = Signature.look(directory: folder, signers: nil) else { return nil }
      return "\(Signature.fileName) is no valid signature of the manifest: \(why)"
    }
    let evidence = scan.runs()
    let build = DecidedBuild.find(
      given: arguments.value("build"), evidence: evidence, environment: environment?.name, now: now)
    return ReadinessInputs(
      environment: environment, checklist: checklist, checklistFile: checklistFile, entries: entries,
      peoplesFile: peoplesFile, resultsDirectory: directory, build: build, evidence: evidence)
  }

  /// An embedded environment is the demo, whatever it is called.
  private static func declared(_ arguments: Arguments, console: Console) throws -> Environment? {
    guard let name = arguments.value("env") else { return nil }
    let file = try LoadInputs.readEnvironments(arguments, console: console)?.value
    let environment = try LoadTarget.environment(named: name, in: file)
    return environment.isEmbedded ? nil : environment
  }

  private static func list(_ arguments: Arguments, console: Console) throws -> (Checklist, InputFile) {
    let loaded = try ChecklistInputs.read(arguments, console: console)
    guard let checklist = loaded.checklist else { throw CommandFailure.usage("the checklist cannot be used") }
    return (checklist, InputFile(path: loaded.path, bytes: loaded.bytes))
  }

  /// Beside gonogo.yaml, or here when there is none.
  static func peoplesPath(_ arguments: Arguments) -> String {
    if let path = arguments.value("people") { return path }
    guard let environments = LoadInputs.environmentsPath(arguments), let slash = environments.lastIndex(of: "/")
    else { return PeoplesFile.defaultPath }
    return environments[...slash] + PeoplesFile.defaultPath
  }

  private static func people(_ arguments: Arguments, console: Console) throws -> (PeoplesEntries, InputFile?) {
    let path = peoplesPath(arguments)
    // A link that leads nowhere is there: what it should hold must not be taken for nothing.
    var status = stat()
    if lstat(path, &status) != 0, errno == ENOENT || errno == ENOTDIR {
      guard arguments.value("people") == nil else {
        throw CommandFailure.usage("--people: there is no \(printable(path))")
      }
      return (PeoplesEntries(), nil)
    }
    let source: Source
    do throws(Mistake) {
      source = try Source(contentsOf: path, limit: PeoplesFile.mostBytes)
    } catch {
      throw CommandFailure.usage(printable(error.message))
    }
    var diagnostics = Diagnostics()
    let entries = PeoplesFile.decode(source, &diagnostics)
    try LoadInputs.report(diagnostics, console: console)
    guard let entries else { throw CommandFailure.usage("\(printable(path)) cannot be used") }
    return (entries, InputFile(path: path, bytes: source.bytes))
  }

  func facts(decided: Timestamp) -> DecisionFacts {
    var facts = DecisionFacts(
      tool: ToolRecord(version: Main.version), decided: decided, environment: environment?.name, build: build,
      checklist: checklist, checklistDigest: Digest.sha256(checklistFile.bytes), evidence: evidence, entries: entries)
    facts.environmentKind = environment?.kind.rawValue
    facts.target = environment?.url
    facts.peak = environment?.peak.map { PlanForecast.text(of: .rate($0.rate)) }
    facts.fileRemarks = fileRemarks
    return facts
  }

  /// Files of people's evidence that are not what they were.
  var fileRemarks: [String] {
    peoplesFile.map { EvidenceFile($0.path).remarks(on: entries, checklist: checklist.id) } ?? []
  }
}
