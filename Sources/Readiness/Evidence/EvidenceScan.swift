// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc
import Judgement
package import Results

/// Looks through a results directory for runs that may be evidence.
package struct EvidenceScan {
  package var directory: String
  /// Whose rules are judged anew on each load run.
  package var checklist: Checklist
  /// Nil: the demo.
  package var environment: String?
  package var now: Timestamp
  /// Of the tool that asks: an earlier one may word its reasons differently, which is then said.
  package var toolVersion: String?
  /// What is wrong with the signature beside a folder's manifest; nil: nothing, or there is none. This room starts no
  /// program that could tell.
  package var signatureProblem: (_ directory: String) -> String? = { _ in nil }

  package init(
    directory: String, checklist: Checklist, environment: String?, now: Timestamp, toolVersion: String? = nil
  ) {
    self.directory = directory
    self.checklist = checklist
    self.environment = environment
    self.now = now
    self.toolVersion = toolVersion
  }

  /// Every run folder, newest first; folders of decisions, control runs and capacity searches are no runs. A directory
  /// that is not there holds none. Complexity: reads every file of every run that can count.
  package func runs() -> [RunEvidence] {
    folders().compactMap(evidence).sorted { $0.at > $1.at }
  }

  private var hasRules: Bool {
    checklist.items.contains { $0.marks.contains { if case .rules = $0 { true } else { false } } }
  }

  private func folders() -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else { return [] }
    return names.filter { name in
      guard !name.hasPrefix(".") else { return false }
      let path = directory + "/" + name
      var status = stat()
      // `latest` is a link to one of the others.
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return false }
      func has(_ file: String) -> Bool { access(path + "/" + file, F_OK) == 0 }
      return has("run.json") && !has("decision.json") && !has("capacity.json")
    }
  }

  /// Whether a folder is named like a run of the judge against a hotel whose state is known, which proves nothing about
  /// any system; `RunEvidence.isControl` tells whether it is one.
  package static func isControl(_ name: String) -> Bool {
    guard let dash = name.firstIndex(of: "-") else { return false }
    let rest = name[name.index(after: dash)...]
    return rest.hasPrefix("control-") || rest.hasPrefix("demo-control-")
  }

  private func evidence(_ name: String) -> RunEvidence? {
    let path = directory + "/" + name
    let record: RunRecord
    do {
      guard let found = try RunFolder.open(path).record else { return unreadable(name, path) }
      record = found
    } catch {
      return unreadable(name, path)
    }
    var run = RunEvidence(record, run: name, directory: path)
    if run.isControl { return nil }
    // What is too old to prove anything may still refute it, by its items or by the list's own rules.
    let mayRefute = run.mayRefute || (record.kind == .load && hasRules)
    guard mayRefute || refusalOfAnyBuild(run.assumedSound, environment: environment, now: now) == nil else {
      return run
    }
    guard run.isOf(environment: environment), run.ended != nil else { return run }
    var problems = RunFolder.verify(path, toolVersion: toolVersion)
    // Whoever edits a signed folder can make its manifest again, but not the signature.
    if let problem = signatureProblem(path) { problems.append(problem) }
    run.soundness = problems.isEmpty ? .sound : .unsound(problems)
    if problems.isEmpty, record.kind == .load { run.rules = RuleJudge(checklist).results(path) }
    return run
  }
}

extension EvidenceScan {
  /// Listed with the reason, and counted for nothing: nobody can tell what it was.
  private func unreadable(_ name: String, _ path: String) -> RunEvidence {
    var status = stat()
    let seconds = stat(path, &status) == 0 ? Int64(status.st_mtim.tv_sec) : 0
    let at = Timestamp(millisecondsSinceEpoch: seconds * 1000)
    return RunEvidence(
      run: name, directory: path, started: at, ended: at, environment: environment, isDemo: environment == nil,
      isEmbedded: environment == nil, build: nil, verdict: .inconclusive, items: [], host: "", command: "",
      soundness: .unsound(["its run.json cannot be read"]))
  }
}

extension RunEvidence {
  /// As its record has it, nothing verified.
  package init(_ record: RunRecord, run: String, directory: String) {
    self.init(
      run: run, directory: directory, kind: record.kind, started: record.started, ended: record.ended,
      environment: record.environment, isDemo: record.demo, isEmbedded: record.embedded ?? record.demo,
      build: known(build: record.build), buildAfter: record.buildAfter, verdict: record.verdict, items: record.items,
      host: record.provenance.host,
      command: shellText(record.provenance.commandLine), soundness: .unexamined)
    runId = record.runId
    target = record.target
    peak = record.peak?.rate
    isInsecure = record.insecure
  }

  fileprivate var assumedSound: RunEvidence {
    var run = self
    run.soundness = .sound
    return run
  }

  /// It says FAIL to a row: that counts against later runs of the same build however old it is.
  fileprivate var mayRefute: Bool { verdict == .fail || items.contains { $0.status == .fail } }
}

/// Nil for what builds answer that nobody has stamped: it is the same for all of them.
func known(build: String?) -> String? {
  guard let build else { return nil }
  let word = build.lowercased().filter { !$0.isWhitespace }
  return ["", "unknown", "undefined", "none", "null", "nil", "n/a", "-", "?"].contains(word) ? nil : build
}

/// A command line as one would type it.
func shellText(_ words: [String]) -> String {
  words.map { word in
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
          || "-_./:=@%+,".utf8.contains(byte)
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }.joined(separator: " ")
}
