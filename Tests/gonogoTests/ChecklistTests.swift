// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Lists of one's own, and where lists are found.
@Suite struct ChecklistTests {
  private static let own = """
    checklist: own
    title: Our own list
    scores: {all: {}}
    decision: [{if: all < 100%, then: NO-GO, because: a row is open}]
    otherwise: {then: GO, because: every row is PASS}
    items:
      House:
        Door: [{id: H-1, title: The door is open}]
    """
  private let scratch: Scratch

  init() throws {
    scratch = try Scratch()
    try scratch.write("own.yaml", Self.own)
    try scratch.write("broken.yaml", Self.own.replacing("all < 100%", with: "al < 100%").replacing("id:", with: "ide:"))
  }

  @Test func lintSaysWhatAListHolds() async throws {
    let ended = try await gonogo(["lint", "own.yaml"], in: scratch)
    #expect(ended.code == 0, "\(ended)")
    #expect(ended.out.contains("own.yaml: checklist 'own'"))
    #expect(ended.out.contains("NO-GO if all < 100%"), "\(ended.out)")
  }

  @Test func lintSaysEveryMistake() async throws {
    let ended = try await gonogo(["lint", "broken.yaml", "own.yaml"], in: scratch)
    #expect(ended.code == 2)
    #expect(ended.out.contains("broken.yaml:8:13: error: unknown key `ide`"), "\(ended.out)")
    #expect(ended.out.contains("did you mean `id`?"))
    #expect(ended.out.contains("broken.yaml:4:17: error: there is no score `al`"), "\(ended.out)")
    #expect(ended.out.contains("did you mean `all`?"))
    #expect(ended.err.contains("in 1 of 2 files"), "\(ended.err)")
  }

  @Test func lintReadsWhatPeopleAttest() async throws {
    let word = "- item: H-1\n  status: pass\n  who: ops\n  at: 2026-11-20T00:00:00Z\n  note: seen\n  checklist: own\n"
    try scratch.write("readiness.yaml", word + word)
    let ended = try await gonogo(["lint", "readiness.yaml"], in: scratch)
    #expect(ended.code == 0, "\(ended)")
    #expect(ended.out.contains("2, about 1 row"), "\(ended.out)")
    try scratch.write("broken.people.yaml", word.replacing("pass", with: "pas"))
    let broken = try await gonogo(["lint", "broken.people.yaml"], in: scratch)
    #expect(broken.code == 2 && broken.out.contains("did you mean `pass`?"), "\(broken)")
  }

  @Test func aPeoplesFileThatIsNotFoundIsNotTakenForNone() async throws {
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/readiness.yaml", withDestinationPath: "nowhere/readiness.yaml")
    for command in ["decide", "status"] {
      let ended = try await gonogo([command, "--checklist", "own.yaml"], in: scratch)
      #expect(ended.code == 2 && ended.err.contains("readiness.yaml`: No such file"), "\(ended)")
    }
  }

  @Test func wordsAboutRowsThatAreNotThereAreToldOf() async throws {
    try scratch.write(
      "readiness.yaml",
      "- item: H-2\n  status: fail\n  who: ops\n  at: 2026-11-20T00:00:00Z\n  note: seen\n  checklist: own\n")
    let decided = try await gonogo(["decide", "--checklist", "own.yaml"], in: scratch)
    #expect(decided.out.contains("name rows that own does not have: H-2"), "\(decided)")
    let status = try await gonogo(["status", "--checklist", "own.yaml", "--json"], in: scratch)
    #expect(status.code == 0 && status.err.contains("does not have: H-2"), "\(status)")
  }

  @Test func aListOfOnesOwnIsDecided() async throws {
    let open = try await gonogo(["decide", "--checklist", "own.yaml", "--json"], in: scratch)
    #expect(open.code == 99, "\(open)")
    let record = try object(open.out)
    #expect(record["outcome"] as? String == "NO-GO")
    #expect(((record["checklist"] as? [String: Any])?["title"] as? String) == "Our own list")
    #expect(record["change"] as? [String] == ["clear H-1 (all then 1 of 1 = 100 %): GO"])
  }

  @Test func aBrokenListDecidesNothing() async throws {
    let ended = try await gonogo(["decide", "--checklist", "broken.yaml"], in: scratch)
    #expect(ended.code == 2)
    #expect(ended.err.contains("there is no score `al`"), "\(ended.err)")
  }

  @Test func aListIsFoundByNameBesideTheEnvironments() async throws {
    try scratch.write("gonogo.yaml", "environments:\n  staging: {url: \"https://s.example\", kind: staging}\n")
    try FileManager.default.createDirectory(
      atPath: scratch.path + "/checklists", withIntermediateDirectories: true)
    try scratch.write("checklists/house.yaml", Self.own)
    let found = try await gonogo(["decide", "--checklist", "house", "--json"], in: scratch)
    #expect(try object(found.out)["outcome"] as? String == "NO-GO")
    // Those that come with the tool are beside its program, wherever it is called.
    let shipped = try await gonogo(["decide", "--checklist", "ws", "--json"], in: scratch)
    #expect(((try object(shipped.out)["checklist"] as? [String: Any])?["id"] as? String) == "ws")
    let none = try await gonogo(["decide", "--checklist", "hause"], in: scratch)
    #expect(none.code == 2)
    #expect(none.err.contains("there is no checklist hause"), "\(none.err)")
  }
}
