// SPDX-License-Identifier: Apache-2.0
import Foundation
import Results
import Testing

@testable import Readiness

/// What is found in a results directory, from folders that the real writers made.
@Suite struct EvidenceScanTests {
  private func runs(_ directory: String, environment: String? = "staging", now: Timestamp = PreparedEvidence.now)
    -> [RunEvidence]
  {
    EvidenceScan(
      directory: directory, checklist: MadeUp.checklist([]), environment: environment, now: now, toolVersion: "0.1.0"
    ).runs()
  }

  @Test func aRunIsVerifiedBeforeItCounts() throws {
    let prepared = PreparedEvidence()
    let name = try prepared.run()
    let run = try #require(runs(prepared.directory).first)
    #expect(run.run == name && run.soundness == .sound)
    #expect(run.environment == "staging" && run.build == "1.4.2" && run.host == "runner")
    #expect(run.command == "gonogo smoke --env staging")
    #expect(run.items.contains { $0.id == "M-01" && $0.status == .pass })

    let record = prepared.directory + "/\(name)/run.json"
    let text = try String(contentsOfFile: record, encoding: .utf8)
    try text.replacing("1.4.2", with: "1.4.3").write(toFile: record, atomically: true, encoding: .utf8)
    let changed = try #require(runs(prepared.directory).first)
    guard case .unsound(let problems) = changed.soundness else {
      Issue.record("it was taken for sound")
      return
    }
    #expect(problems.contains("run.json was changed after the run"))
    let reason = refusal(of: changed, environment: "staging", build: "1.4.3", now: PreparedEvidence.now)
    #expect(reason?.hasPrefix("its folder does not verify") == true)
  }

  @Test func whatCannotCountIsNotLookedAt() throws {
    let prepared = PreparedEvidence()
    try prepared.run()
    #expect(runs(prepared.directory, environment: "production")[0].soundness == .unexamined)
    #expect(runs(prepared.directory, environment: nil)[0].soundness == .unexamined)
    let late = runs(prepared.directory, now: PreparedEvidence.start.later(days: 8))[0]
    #expect(late.soundness == .unexamined)
    #expect(
      refusal(of: late, environment: "staging", build: "1.4.2", now: PreparedEvidence.start.later(days: 8))
        == "it is 7.9 days old: evidence counts for 7 days")
  }

  @Test func otherFoldersAreNoRuns() throws {
    let prepared = PreparedEvidence()
    let name = try prepared.run()
    let files = FileManager.default
    for (folder, file) in [("20261120T000000Z-decision", "decision.json"), ("20261120T000000Z-find", "capacity.json")] {
      try files.copyItem(atPath: prepared.directory + "/" + name, toPath: prepared.directory + "/" + folder)
      try Data().write(to: URL(filePath: prepared.directory + "/\(folder)/\(file)"))
    }
    try prepared.run(demo: true, plan: "control-healthy")
    try files.createDirectory(atPath: prepared.directory + "/empty", withIntermediateDirectories: false)
    // `latest` is there already, as a link.
    #expect(runs(prepared.directory).map(\.run) == [name])
    #expect(runs(prepared.directory + "/nowhere").isEmpty)
  }

  @Test func aWrongSignatureIsAChangedFolder() throws {
    let prepared = PreparedEvidence()
    let name = try prepared.run()
    var scan = EvidenceScan(
      directory: prepared.directory, checklist: MadeUp.checklist([]), environment: "staging", now: PreparedEvidence.now)
    let path = prepared.directory + "/" + name
    scan.signatureProblem = { $0 == path ? "wrongly signed" : nil }
    #expect(scan.runs().map(\.soundness) == [.unsound(["wrongly signed"])])
  }

  @Test func aFolderThatCannotBeReadIsListed() throws {
    let prepared = PreparedEvidence()
    let name = try prepared.run()
    try Data("{".utf8).write(to: URL(filePath: prepared.directory + "/\(name)/run.json"))
    let found = runs(prepared.directory)
    #expect(
      refusedRuns(found, environment: "staging", build: "1.4.2", now: PreparedEvidence.now).map(\.reason)
        == ["its folder does not verify: its run.json cannot be read"])
  }
}
