// SPDX-License-Identifier: Apache-2.0
import Document
import Foundation
import Glibc
import Results
import Testing

@testable import Readiness

/// `readiness.yaml`: what it may hold, and that nothing people wrote is ever lost.
@Suite struct PeoplesFileTests {
  /// A path in a folder of its own, which the operating system's own cleaning removes.
  private let path: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gonogo-people-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.appending(path: "readiness.yaml").path
  }

  private func read() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
  private func write(_ text: String) throws { try text.write(toFile: path, atomically: true, encoding: .utf8) }

  private static let at = Timestamp("2026-11-20T12:00:00Z")!
  private static let all: [PeoplesEntry] = [
    .attestation(
      Attestation(
        item: "S-001", status: .pass, who: "ops", at: at, environment: "staging", build: "1.4.2", note: "seen",
        evidence: [
          EvidenceReference(location: "a b.log", sha256: String(repeating: "0f", count: 32)),
          EvidenceReference(location: "https://ci.example/1?a=b#c"),
        ])),
    .attestation(
      Attestation(
        item: "I-006", status: .notApplicable, who: "ops", at: at, note: "one host", approvedBy: "qa",
        checklist: "es")),
    .attestation(Attestation(item: "P-002", status: .partial, who: "ops", at: at, override: "because")),
    .approval(Approval(item: "I-006", who: "qa", at: at)),
    .risk(
      RiskEntry(
        risk: Risk(
          id: "R-1", title: "one login", item: "S-005", level: .medium, impact: "no bookings", probability: "low",
          mitigation: "a second one", isMitigated: true, acceptedBy: "ops"), at: at)),
    .signOff(
      SignOffEntry(
        signOff: SignOff(role: "Engineering Lead", who: "lead", at: at, note: "with thanks"), environment: "demo",
        build: "0.1.0")),
    .condition(ConditionEntry(text: "watch the queue", who: "qa", at: at)),
    .decisionMaker(DecisionMakerEntry(who: "CTO", at: at)),
    .supersession(Supersession(run: "20261120T120000Z-peak", reason: "wrong data", who: "qa", at: at)),
    .report(
      ImportedReport(
        path: "trivy.sarif", kind: .sarif, sha256: String(repeating: "ab", count: 32), at: at, made: at, who: "qa",
        items: ["S-021", "F-004"], summary: [ReportFigure("results", 3), ReportFigure("high", 0)], build: "1")),
  ]

  @Test func everyKindOfEntryComesBackAsItWasWritten() throws {
    let added = try PeoplesFile.append(to: path) { before in
      #expect(before.all.isEmpty)
      return Self.all
    }
    #expect(try PeoplesFile.read(path).all == Self.all)
    #expect(try read().hasPrefix("# What people attest"))
    #expect(try read().hasSuffix(added))
  }

  @Test(arguments: [
    "", " ", "no", "Null", "~", "1.4.2", "0x1F", "2026-11-20", "- a", "a: b", "a #b", "#a", "'", "\"", "\\", "{{ x }}",
    "[a]", "%a", "@a", "`a`", "!!str a", "&a", "*a", "|", ">", "a\nb", "a\r\nb\n", "\ta", "a ", "?", "---", "...", "=",
    "<<", "\u{0}", "\u{7}\u{1B}[31m", "\u{85}", "\u{2028}", "\u{FEFF}", "\u{202E}abc", "\u{1F600}\u{FE0F}", "ñandú",
    "\u{10FFFF}", String(repeating: "long ", count: 2000), "a\u{301}", "true", ":", "a:", "- item: X\n  status: pass",
  ])
  func anyTextComesBackAsItWas(_ text: String) throws {
    try write("# mine\n- {condition: first, who: qa, at: 2026-11-20}\n")
    let entry = PeoplesEntry.condition(ConditionEntry(text: text, who: "x" + text, at: Self.at))
    if text.isEmpty {
      #expect(throws: AppendError.self) { try PeoplesFile.append(to: path) { _ in [entry] } }
      #expect(try read() == "# mine\n- {condition: first, who: qa, at: 2026-11-20}\n")
      return
    }
    try PeoplesFile.append(to: path) { _ in [entry] }
    #expect(try PeoplesFile.read(path).all.last == entry)
    // What reorders or hides text is written as an escape.
    #expect(try !read().unicodeScalars.contains { $0.value == 0x202E || $0.value == 0x1B || $0.value == 0xFEFF })
  }

  @Test(arguments: [
    "# only a comment\n", "", "\n\n", "- {condition: a, who: b, at: 2026-11-20}",
    "  - condition: a\n    who: b\n    at: 2026-11-20",
    "- condition: a # note\r\n  who: b\r\n  at: 2026-11-20\r\n# end\r\n",
    "- condition: |\n    two\n    lines\n  who: b\n  at: 2026-11-20\n\n\n# end",
    "\u{FEFF}- {condition: a, who: b, at: 2026-11-20 13:15}\n",
    "---\n- {condition: a, who: b, at: \"2026-11-20T13:15:02+01:00\"}\n",
  ])
  func whatPeopleWroteStays(_ text: String) throws {
    try write(text)
    let before = try PeoplesFile.read(path).all
    for number in 1...3 {
      try PeoplesFile.append(to: path) { _ in [.condition(ConditionEntry(text: "n\(number)", who: "qa", at: Self.at))] }
    }
    #expect(try Data(contentsOf: URL(filePath: path)).starts(with: Array(text.utf8)))
    #expect(try PeoplesFile.read(path).all.count == before.count + 3)
    #expect(try Array(PeoplesFile.read(path).all.prefix(before.count)) == before)
  }

  @Test(arguments: [
    ("item: S-001\n", "expected a list"), ("- item: S-001\n  status: pas\n", "did you mean `pass`?"),
    ("- itm: S-001\n", "did you mean `item`?"), ("- [a\n", "error"), ("[{condition: a, who: b, at: 2026-11-20}]\n", ""),
    ("- {condition: a, who: b, at: 2026-11-20}\n...\n", ""),
    ("- {condition: a, who: b, at: soon}\n", "expected a moment"),
    ("- {item: S-001, status: pass, who: a, at: 2026-11-20}\n", "a pass needs `evidence` or a `note`"),
    ("- {item: S-001, status: na, who: a, at: 2026-11-20}\n", "`na` needs a `note`"),
    ("- {item: S-001, status: fail, who: a, at: 2026-11-20, approved-by: b}\n", "only `na` is approved"),
    ("- {import: a, kind: junit, sha256: abc, at: 2026-11-20, who: a, summary: {tests: -1}}\n", "64 lower-case"),
    ("- {risk: R-1, title: t, level: high, mitigated: true, at: 2026-11-20}\n", "`mitigated` needs a `mitigation`"),
    ("- {item: S-001, risk: R-1, title: t, level: HIGH, at: 2026-11-20}\n", "did you mean `high`?"),
    ("- \u{0}\n", "error"), ("- {condition: a, who: b, at: 2026-11-20}\n--- \n- x\n", "error"),
  ])
  func aBrokenFileIsRefusedAndLeftAlone(text: String, says: String) throws {
    try write(text)
    do {
      _ = try PeoplesFile.append(to: path) { _ in [.condition(ConditionEntry(text: "n", who: "qa", at: Self.at))] }
      Issue.record("it was written")
    } catch AppendError.broken(let diagnostics) {
      #expect(diagnostics.rendered().contains(says), "\(diagnostics.rendered())")
    } catch AppendError.unfit(_, let text) {
      #expect(says.isEmpty && text.hasPrefix("- condition: "))
    }
    #expect(try read() == text)
  }

  @Test func allMistakesAreToldAtOnce() throws {
    var diagnostics = Diagnostics()
    let text = "- {item: A, status: ok, who: x, at: never}\n- {condition: c}\n- {sign-of: x}\n"
    #expect(PeoplesFile.decode(Source(path: "r.yaml", text: text), &diagnostics) == nil)
    let rendered = diagnostics.rendered()
    for part in [
      "r.yaml:1:21: error", "r.yaml:1:37: error", "r.yaml:2:3: error: missing keys", "did you mean `sign-off`?",
    ] {
      #expect(rendered.contains(part), "\(rendered)")
    }
  }

  @Test func twoWritersLoseNothing() async throws {
    let path = path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 1...4 {
        group.addTask {
          for number in 1...5 {
            try PeoplesFile.append(to: path) { _ in
              [.condition(ConditionEntry(text: "w\(writer) n\(number)", who: "qa", at: Self.at))]
            }
          }
        }
      }
      try await group.waitForAll()
    }
    let texts = try PeoplesFile.read(path).conditions.map(\.text)
    #expect(Set(texts).count == 20 && texts.count == 20)
  }

  @Test func aLinkIsWrittenThrough() throws {
    try write("")
    let link = path + ".link"
    #expect(symlink(path, link) == 0)
    try PeoplesFile.append(to: link) { _ in [.decisionMaker(DecisionMakerEntry(who: "CTO"))] }
    #expect(try PeoplesFile.read(path).decisionMaker == "CTO")
    #expect(throws: AppendError.self) {
      try PeoplesFile.append(to: "/dev/null") { _ in [.decisionMaker(DecisionMakerEntry(who: "CTO"))] }
    }
  }

  @Test func laterEntriesWin() {
    func risk(_ id: String, _ level: RiskLevel) -> PeoplesEntry {
      .risk(
        RiskEntry(
          risk: Risk(
            id: id, title: "t", item: nil, level: level, impact: "", probability: "", mitigation: nil,
            isMitigated: false, acceptedBy: nil), at: Self.at))
    }
    let entries = PeoplesEntries([
      risk("R-1", .high), risk("R-2", .low), risk("R-1", .low), .decisionMaker(DecisionMakerEntry(who: "a")),
      .decisionMaker(DecisionMakerEntry(who: "b")),
    ])
    #expect(entries.risks.map(\.id) == ["R-1", "R-2"])
    #expect(entries.risks.map(\.level) == [.low, .low])
    #expect(entries.decisionMaker == "b")
  }

  @Test(arguments: [
    ("2026-11-20", "2026-11-20T00:00:00.000Z"), ("2026-11-20T13:15:02+01:00", "2026-11-20T12:15:02.000Z"),
    ("2026-11-20 13:15 UTC", "2026-11-20T13:15:00.000Z"), ("2026-11-20T13:15:02.123456", "2026-11-20T13:15:02.123Z"),
    ("2026-11-20T00:15:02-0030", "2026-11-20T00:45:02.000Z"), ("20.11.2026", nil), ("2026-11-20T25:00:00Z", nil),
    ("2026-11-20T13:15:02+99:99", nil), ("", nil),
  ])
  func momentsAsPeopleWriteThem(text: String, expected: String?) {
    #expect(Timestamp(lenient: text)?.text == expected)
  }
}
