// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A decision is shown again as it was taken, from its folder alone.
@Suite struct DecisionReportTests {
  @Test func isMadeAgainByteForByte() async throws {
    let scratch = try Scratch()
    let decided = try await gonogo(["decide", "--no-color"], in: scratch)
    #expect(decided.code == 99, "\(decided)")
    let results = scratch.path + "/results"
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: results).first { $0.contains("decision") })
    let folder = "results/" + name
    for file in ["decision.html", "decision.md", "junit.xml", "evidence.md", "checklist.csv"] {
      #expect(FileManager.default.fileExists(atPath: scratch.path + "/" + folder + "/" + file), "\(file)")
    }
    // What came on file since has no part in it.
    try scratch.write(
      "readiness.yaml", "- {item: S-001, status: pass, who: qa, at: 2026-11-20T10:00:00Z, note: seen}\n")
    let screen = try await gonogo(["report", folder, "--no-color"], in: scratch)
    #expect(screen.code == 99)
    #expect(screen.out == decided.out)
    for (flags, file) in [
      (["--html", "-"], "decision.html"), (["--summary"], "decision.md"), (["--json"], "decision.json"),
    ] {
      let again = try await gonogo(["report", folder] + flags, in: scratch)
      #expect(again.code == 99)
      #expect(
        try again.out.trimmingCharacters(in: .newlines)
          == scratch.read("\(folder)/\(file)").trimmingCharacters(in: .newlines), "\(file)")
    }
    let refused = try await gonogo(["report", folder, "--write"], in: scratch)
    #expect(refused.code == 2)
    #expect(refused.err.contains("is a decision, whose files stay as they were sealed"))
  }
}
