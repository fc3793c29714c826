// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing

/// `gonogo decide` and `export` from the outside.
@Suite struct DecideTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private static let list = """
    checklist: trial
    title: Trial
    source: a test
    priorities: {CRITICAL: {blocker: true}}
    roles: [Engineering Lead]
    scores: {critical: {priority: CRITICAL}}
    decision:
      - {if: "critical < 100%", then: NO-GO, because: a CRITICAL row is not PASS}
      - {if: "critical >= 100%", then: GO, because: all is PASS}
    otherwise: {then: NO-GO, because: nothing counts}
    items:
      Rows:
        all:
          - {id: A-1, priority: CRITICAL, title: it works}
          - {id: F-6, priority: CRITICAL, title: engineering signs, sign-off: Engineering Lead}

    """

  private func write() throws -> [String] {
    try scratch.write("trial.yaml", Self.list)
    try scratch.write("gonogo.yaml", "environments:\n  staging: {url: 'http://127.0.0.1:1', kind: staging}\n")
    return ["--env", "staging", "--checklist", "trial.yaml"]
  }

  private static let attested = """
    - item: A-1
      status: pass
      who: qa
      at: 2026-11-20T13:15:02Z
      note: seen
      checklist: trial

    """
  private static let signed = """
    - sign-off: Engineering Lead
      environment: staging
      who: ops
      at: 2026-11-20T13:15:02Z

    """

  @Test(arguments: [
    ("", 99, "NO-GO"), (attested, 11, "READY FOR SIGN-OFF"), (attested + signed, 0, "GO"), (signed, 99, "NO-GO"),
  ])
  func theCodeIsTheOutcome(people: String, code: Int32, outcome: String) async throws {
    let flags = try write()
    try scratch.write("readiness.yaml", people)
    let ended = try await gonogo(["decide"] + flags, in: scratch)
    #expect(ended.code == code && ended.out.contains("\n  \(outcome)   Trial\n"), "\(ended)")
    #expect(try scratch.read("results/latest/verdict") == "\(outcome)\n")
    #expect(try scratch.read("results/latest/inputs/readiness.yaml") == people)
    let check = try await Child("bash", ["-c", "cd results/latest && sha256sum -c manifest.sha256"], in: scratch)
      .ended()
    #expect(check.code == 0, "\(check)")
  }

  @Test func mistakesAreToldBeforeAnythingIsWritten() async throws {
    let flags = try write()
    try scratch.write("readiness.yaml", "- item: A-1\n  status: perhaps\n")
    let people = try await gonogo(["decide"] + flags, in: scratch)
    #expect(people.code == 2 && people.err.contains("readiness.yaml:2:"), "\(people)")
    let unknown = try await gonogo(["decide", "--checklist", "p021"], in: scratch)
    #expect(unknown.code == 2, "\(unknown)")
    let environment = try await gonogo(["decide", "--env", "stagin"], in: scratch)
    #expect(environment.code == 2 && environment.err.contains("did you mean staging?"), "\(environment)")
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/results"))
  }

  @Test func aTeamsListIsFilled() async throws {
    let flags = try write()
    try scratch.write("readiness.yaml", Self.attested)
    let table = "| ID | Status |\n|---|---|\n| A-1 | PENDING |\nend\n"
    try scratch.write("list.md", table)
    let dry = try await gonogo(["export", "--into", "list.md", "--dry-run"] + flags, in: scratch)
    #expect(dry.code == 0 && dry.out == "list.md:3 A-1\n- | A-1 | PENDING |\n+ | A-1 | PASS |\n", "\(dry)")
    #expect(try scratch.read("list.md") == table)
    let demo = try await gonogo(["export", "--into", "list.md", "--checklist", "trial.yaml"], in: scratch)
    #expect(demo.code == 3 && demo.err.contains("DEMO"), "\(demo)")
    let filled = try await gonogo(["export", "--into", "list.md"] + flags, in: scratch)
    #expect(filled.code == 0, "\(filled)")
    #expect(try scratch.read("list.md") == table.replacing("PENDING", with: "PASS"))
    let csv = try await gonogo(["export", "--csv"] + flags, in: scratch)
    #expect(csv.code == 0 && csv.out.contains("\r\nA-1,Rows,all,CRITICAL,yes,it works,PASS,attested,qa,"), "\(csv)")
  }

  /// A digest that is noted and never looked at shows nothing.
  @Test func evidenceThatHasChangedIsSaid() async throws {
    let flags = try write()
    try scratch.write("scan.txt", "clean\n")
    let word = ["attest", "A-1", "pass", "--who", "qa", "--evidence", "scan.txt", "--checklist", "trial.yaml"]
    let attested = try await gonogo(word, in: scratch)
    #expect(attested.code == 0, "\(attested)")
    func said() async throws -> [String] {
      let decided = try await gonogo(["decide"] + flags + ["--json"], in: scratch)
      let status = try await gonogo(["status"] + flags, in: scratch)
      let warnings = try object(decided.out)["warnings"] as? [String] ?? []
      return [warnings.joined(separator: "\n"), status.err]
    }
    for text in try await said() { #expect(!text.contains("scan.txt"), "\(text)") }
    try scratch.write("scan.txt", "two findings\n")
    for text in try await said() {
      #expect(text.contains("scan.txt, which qa gave as evidence of A-1, has changed since"), "\(text)")
    }
    try FileManager.default.removeItem(atPath: scratch.path + "/scan.txt")
    for text in try await said() { #expect(text.contains("evidence of A-1, is not there"), "\(text)") }
  }

  /// A list that was imported is the evidence of many rows, and is told of once.
  @Test func aListThatHasChangedIsSaidOnce() async throws {
    let rows = (1...7).map { "      - {id: A-\($0), priority: CRITICAL, title: row \($0)}" }
    let list = Self.list.replacing(
      "      - {id: A-1, priority: CRITICAL, title: it works}", with: rows.joined(separator: "\n"))
    let flags = try write()
    try scratch.write("trial.yaml", list)
    let csv = "id,status,who\n" + (1...7).map { "A-\($0),PASS,qa\n" }.joined()
    try scratch.write("list.csv", csv)
    let imported = try await gonogo(["attest", "--import", "list.csv", "--checklist", "trial.yaml"], in: scratch)
    #expect(imported.code == 0, "\(imported)")
    try scratch.write("list.csv", csv + "\n")
    let status = try await gonogo(["status"] + flags, in: scratch)
    let told = status.err.split(separator: "\n").filter { $0.contains("list.csv") }
    #expect(
      told.count == 1 && told[0].contains("evidence of A-1, A-2, A-3, A-4, A-5 and 2 more, has changed"), "\(status)")
  }

  /// A folder that was edited after it was signed can be sealed again, but not signed again.
  @Test func aRunThatIsWronglySignedDoesNotCount() async throws {
    let server = try TestServer(always: .answer())
    try scratch.write("trial.yaml", Self.list)
    try scratch.write("gonogo.yaml", "environments:\n  staging: {url: '\(server.url)', kind: staging}\n")
    try scratch.write("look.yaml", "scenario: look\nsteps: [{name: a, get: /}]\n")
    let smoke = ["smoke", "look.yaml", "--env", "staging", "--build", "1.4.2", "--quiet"]
    _ = try await gonogo(smoke, in: scratch)
    let folder = try scratch.runFolder()
    func refused() async throws -> [String] {
      let decide = ["decide", "--env", "staging", "--checklist", "trial.yaml", "--build", "1.4.2", "--json"]
      let decided = try await gonogo(decide, in: scratch)
      let refused = try object(decided.out)["refused"] as? [[String: Any]] ?? []
      return refused.compactMap { $0["reason"] as? String }
    }
    #expect(try await refused() == [])
    try Data("no signature".utf8).write(to: URL(filePath: folder + "/manifest.sha256.sig"))
    let reasons = try await refused()
    #expect(reasons.count == 1 && reasons[0].contains("no valid signature of the manifest"), "\(reasons)")
  }
}
