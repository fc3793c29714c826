// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// `gonogo attest` and `gonogo status`, as people type them.
@Suite struct AttestTests {
  private static let list = """
    checklist: mine
    title: A list of our own
    source: us
    priorities: {CRITICAL: {}, HIGH: {}}
    roles: [Engineering Lead]
    scores:
      critical: {priority: CRITICAL}
    decision:
      - {if: "critical < 100%", then: NO-GO, because: criticals first}
    otherwise: {then: GO, because: all is well}
    items:
      Safety:
        Access:
          - {id: S-001, priority: CRITICAL, title: Secrets renewed}
          - {id: S-002, priority: HIGH, title: Keys, owner: Security Lead}
      Speed:
        Load:
          - {id: P-002, priority: CRITICAL, title: Fast, marked-by: measured}
          - {id: A-001, priority: HIGH, title: Tests pass, marked-by: {report: junit, rule: "failed == 0"}}
    """

  /// A scratch folder with the shipped list at hand.
  private func scratch() throws -> Scratch {
    let scratch = try Scratch()
    let lists = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "scenarios/checklists").path
    try FileManager.default.createDirectory(atPath: scratch.path + "/scenarios", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/scenarios/checklists", withDestinationPath: lists)
    return scratch
  }

  @Test(arguments: [
    (["attest"], "say what: a row and how it stands"),
    (["attest", "S-01", "pass", "--who", "ops"], "p020 has no row S-01\ndid you mean S-001?"),
    (["attest", "S-001"], "say how S-001 stands"),
    (["attest", "S-001", "pas"], "pas is no status\ndid you mean pass?"),
    (["attest", "S-001", "pass", "--who", "ops"], "a pass needs --evidence or --note"),
    (["attest", "S-001", "pass", "--note", "x"], "--who NAME is missing"),
    (["attest", "S-001", "pass", "--who", "ops", "--evidence", "nowhere"], "there is no file nowhere"),
    (["attest", "S-001", "na", "--who", "ops"], "na needs --note"),
    (["attest", "S-001", "pass", "--who", "o", "--note", "x", "--level", "low"], "--level does not go with a row"),
    (["attest", "risk", "R-1", "--title", "t", "--level", "low", "--who", "ops"], "--who does not go with risk"),
    (["attest", "decision-maker", "CTO", "--who", "ops"], "--who does not go with decision-maker"),
    (["attest", "risk", "R-1", "--title", "t"], "a new risk needs --title and --level"),
    (["attest", "risk", "R-1", "--title", "t", "--level", "huge"], "--level is low, medium, high or critical"),
    (["attest", "sign-off", "Boss", "--who", "a"], "p020 has no role Boss\nthere are: Engineering Lead"),
    (["attest", "sign-off", "CTO", "--who", "a"], "a signature is for one environment and one build"),
    (["attest", "supersede", "nothing", "--who", "a", "--reason", "r"], "there is no run nothing in results"),
    (["attest", "--import", "nowhere"], "cannot read `nowhere`"),
    (["attest", "S-001", "pass", "--who", "o", "--note", "x", "--env", "stagin"], "there is no gonogo.yaml"),
    (["status", "--category", "Securty"], "no row has the category Securty\ndid you mean Security?"),
  ])
  func aMistake(words: [String], says: String) async throws {
    let scratch = try scratch()
    let ended = try await gonogo(words, in: scratch)
    #expect(ended.code == 2, "\(ended)")
    #expect(ended.err.contains(says), "\(ended.err)")
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/readiness.yaml"))
  }

  @Test(arguments: [
    ["attest", "P-002", "pass", "--who", "ops", "--note", "fast"],
    ["attest", "P-002", "na", "--who", "ops", "--note", "not for us", "--approved-by", "qa"],
    ["attest", "F-006", "pass", "--who", "ops", "--note", "fine"], ["attest", "I-006", "approve", "--who", "qa"],
  ])
  func isRefused(words: [String]) async throws {
    let scratch = try scratch()
    let ended = try await gonogo(words, in: scratch)
    #expect(ended.code == 3, "\(ended)")
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/readiness.yaml"))
  }

  @Test func aRowFromWordToStatus() async throws {
    let scratch = try scratch()
    try scratch.write("list.yaml", Self.list)
    try scratch.write("rotation.log", "rotated\n")
    func attest(_ words: String...) async throws -> Ended {
      try await gonogo(["attest"] + words + ["--checklist", "list.yaml", "--who", "ops: #1 \"x\""], in: scratch)
    }
    var ended = try await attest("S-001", "pass", "--evidence", "rotation.log", "--dry-run")
    #expect(ended.code == 0 && ended.out.contains("would add to readiness.yaml"), "\(ended)")
    ended = try await attest("S-001", "pass", "--evidence", "rotation.log", "--evidence", "https://ci.example/1")
    #expect(ended.code == 0 && ended.out.hasPrefix("added to readiness.yaml:\n- item: S-001\n"), "\(ended)")
    ended = try await attest("S-002", "na", "--note", "no keys")
    #expect(ended.code == 0)
    ended = try await attest("S-002", "approve")
    #expect(ended.code == 0)
    ended = try await attest("P-002", "pass", "--note", "seen", "--override", "the load host is gone")
    #expect(ended.code == 0, "\(ended)")
    try scratch.write(
      "junit.xml",
      "<testsuites><testsuite><testcase name='a'/><testcase name='b'><failure/></testcase></testsuite></testsuites>")
    ended = try await attest("--import", "junit.xml")
    #expect(ended.code == 0 && ended.err.contains("A-001 FAIL: failed is 1"), "\(ended)")
    ended = try await attest("A-001", "pass", "--note", "flaky")
    #expect(ended.code == 3 && ended.err.contains("is not attested over FAIL"), "\(ended)")
    #expect(try scratch.read("readiness.yaml").contains("- \"rotation.log sha256:"))

    let status = try await gonogo(["status", "--checklist", "list.yaml", "--json"], in: scratch)
    #expect(status.code == 0, "\(status)")
    let json = try JSONSerialization.jsonObject(with: Data(status.out.utf8)) as? [String: Any]
    let items = try #require(json?["items"] as? [[String: Any]])
    #expect(items.compactMap { $0["standing"] as? String } == ["PASS", "N/A", "PASS", "FAIL"])
    #expect(items.compactMap { $0["origin"] as? String } == ["attested", "attested", "overridden", "imported"])
    let screen = try await gonogo(["status", "--checklist", "list.yaml"], in: scratch)
    #expect(screen.out.contains("OVERRIDDEN by ops: #1") && screen.out.contains("DEMO"), "\(screen.out)")
    let open = try await gonogo(["status", "--checklist", "list.yaml", "--open"], in: scratch)
    #expect(open.out.contains("A-001") && !open.out.contains("S-001"), "\(open.out)")
    let owner = try await gonogo(["status", "--checklist", "list.yaml", "--owner", "security lead"], in: scratch)
    #expect(owner.out.contains("S-002") && !owner.out.contains("A-001"), "\(owner.out)")
  }

  @Test func aBrokenFileIsLeftAlone() async throws {
    let scratch = try scratch()
    let text = "- item: S-001\n  status: pas\n"
    try scratch.write("readiness.yaml", text)
    for words in [["attest", "S-001", "fail", "--who", "ops"], ["status"]] {
      let ended = try await gonogo(words, in: scratch)
      #expect(ended.code == 2 && ended.err.contains("readiness.yaml:2:11: error"), "\(ended)")
    }
    #expect(try scratch.read("readiness.yaml") == text)
  }

  @Test func narrowTerminalsAndNothingOnFile() async throws {
    let ended = try await gonogo(["status", "--critical"], in: try scratch())
    #expect(ended.code == 0, "\(ended)")
    #expect(ended.out.contains("critical and open: 81"))
    #expect(ended.out.contains("gonogo load scenarios/plans/expected-peak.yaml"))
    for line in ended.out.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test func theSchemaOfThePeoplesFile() async throws {
    let ended = try await gonogo(["schema", "readiness"], in: try Scratch())
    #expect(ended.code == 0)
    let schema = try JSONSerialization.jsonObject(with: Data(ended.out.utf8)) as? [String: Any]
    #expect(schema?["type"] as? String == "array")
  }
}
