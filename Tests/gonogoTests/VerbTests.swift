// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Testing

/// What the make verbs do: scripts/verb of this repository, and the targets that `init` writes.
@Suite struct VerbTests {
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "scripts/verb")
    try scratch.write("scripts/verb", String(contentsOf: script, encoding: .utf8))
    try scratch.write("Makefile", "include gonogo.mk\n")
  }

  /// Something in gonogo's place.
  private func fake(_ text: String) async throws -> [String: String?] {
    try await installFake("#!/bin/sh\n" + text, in: scratch)
    return ["GONOGO": scratch.path + "/fake"]
  }

  private func verb(_ words: [String], _ environment: [String: String?]) async throws -> Ended {
    try await Child("bash", ["scripts/verb"] + words, in: scratch, environment: environment).ended()
  }

  @Test(arguments: [
    (0, "pass"), (2, "usage-error"), (3, "refused"), (4, "inconclusive"), (70, "internal-error"), (99, "fail"),
    (130, "interrupted"),
  ])
  func theLastLine(code: Int32, word: String) async throws {
    // Another run ends at the same time: its verdict is not this one's.
    let other =
      "mkdir -p results/other; echo other >results/other/verdict; echo '  \"demo\" : false' >results/other/run.json"
    let gonogo = try await fake("\(other)\nln -sfn other results/latest\nexit \(code)\n")
    let ended = try await verb(["load-test", "--env", "staging"], gonogo)
    #expect(ended.code == code && ended.out == "verdict=\(word) exit=\(code)\n", "\(ended)")
  }

  @Test(arguments: [
    (0, "go"), (10, "go-with-caution"), (11, "ready-for-sign-off"), (99, "no-go"), (4, "inconclusive"),
    (2, "usage-error"),
  ])
  func theLastLineOfADecision(code: Int32, word: String) async throws {
    let decision =
      "mkdir -p results/new; echo '  \"demo\" : true' >results/new/decision.json; ln -sfn new results/latest"
    let gonogo = try await fake("echo \"$@\"\n\(decision)\nexit \(code)\n")
    let ended = try await verb(["validate-production", "--env", "staging"], gonogo)
    let words = "decide --smoke --config scenarios/gonogo.yaml --env staging"
    #expect(ended.code == code && ended.out == "\(words)\nverdict=\(word) exit=\(code) DEMO\n", "\(ended)")
  }

  @Test func aDecisionIsOnADeclaredEnvironment() async throws {
    let gonogo = try await fake("exit 0\n")
    let empty = try await verb(["validate-production", "--env", ""], gonogo)
    #expect(empty.code == 2 && empty.err.contains("env is empty"), "\(empty)")
    let target = try await verb(["validate-production", "--target", "http://127.0.0.1:1"], gonogo)
    #expect(target.code == 2 && target.err.contains("ENV=NAME, not TARGET"), "\(target)")
  }

  @Test func withoutARunAFolderSaysSo() async throws {
    let gonogo = try await fake("exit 3\n")
    #expect(try await verb(["smoke-test"], gonogo).out == "verdict=refused exit=3 DEMO\n")
    #expect(try scratch.read("results/latest/verdict") == "refused\n")
    let empty = try await verb(["smoke-test", "--target", ""], gonogo)
    #expect(empty.code == 2 && empty.err.contains("target is empty"), "\(empty)")
    let missing = try await verb(["smoke-test"], ["GONOGO": "./nowhere"])
    #expect(
      missing.out == "verdict=internal-error exit=70 DEMO\n" && missing.err.contains("make release"), "\(missing)")
    // Where nothing can be written the last line comes all the same.
    try FileManager.default.removeItem(atPath: scratch.path + "/results")
    try scratch.write("results", "no folder")
    let full = try await verb(["smoke-test"], gonogo)
    #expect(full.code == 3 && full.out == "verdict=refused exit=3 DEMO\n", "\(full)")
    #expect(full.err.contains("results/ cannot be written"), "\(full)")
  }

  /// Ends the run when it is told to, and says so.
  private static let patient = """
    trap 'echo ended >ended; exit 130' TERM
    touch started
    while :; do sleep 0.05; done
    """

  private func expectEndedWith(_ child: Child, _ signal: Int32, sourceLocation: SourceLocation = #_sourceLocation)
    async throws -> Ended
  {
    try await child.waits { FileManager.default.fileExists(atPath: scratch.path + "/started") }
    child.send(signal)
    let ended = try await child.ended(within: 30)
    let deadline = Date().addingTimeInterval(10)
    while !FileManager.default.fileExists(atPath: scratch.path + "/ended"), Date() < deadline {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(
      FileManager.default.fileExists(atPath: scratch.path + "/ended"), "\(ended)", sourceLocation: sourceLocation)
    return ended
  }

  @Test func whoeverEndsTheVerbEndsTheRun() async throws {
    let child = try Child("bash", ["scripts/verb", "soak-test"], in: scratch, environment: await fake(Self.patient))
    let ended = try await expectEndedWith(child, SIGTERM)
    #expect(ended.code == 130 && ended.out == "verdict=interrupted exit=130 DEMO\n", "\(ended)")
  }

  @Test func whoeverEndsMakeEndsTheRun() async throws {
    guard Child.find("make") != nil else { return }
    _ = try await fake(Self.patient)
    #expect(try await gonogo(["init"], in: scratch).code == 0)
    let child = try Child("make", ["soak-test", "GONOGO=./fake"], in: scratch)
    _ = try await expectEndedWith(child, SIGTERM)
  }
}
