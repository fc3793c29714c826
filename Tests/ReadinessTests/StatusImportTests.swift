// SPDX-License-Identifier: Apache-2.0
import Results
import Testing

@testable import Readiness

/// Statuses out of the team's own lists.
@Suite struct StatusImportTests {
  private static let ids: Set<String> = ["S-001", "S-002", "S-003", "S-004", "S-005", "DOC-010"]

  private func markdown(_ text: String) throws -> [String: Standing] {
    let list = try StatusMarkdown.read(Array(text.utf8), items: Self.ids)
    return Dictionary(list.rows.map { ($0.item, $0.status) }) { first, _ in first }
  }

  @Test func tables() throws {
    let list = try StatusMarkdown.read(
      Array(
        """
        | ID | Item | Priority | Status | Notes |
        |----|:-----|----------|--------|-------|
        | S-001 | \u{1F534} **Secrets renewed \\| all** | CRITICAL | \u{2705} PASS | seen in vault |
        | **S-002** | Keys | CRITICAL | \u{23F8}\u{FE0F} | - |
        | S-003 | Passwords | HIGH | \u{274C} | |
        | S-004 | Token | HIGH | \u{26A0}\u{FE0F} PARTIAL | |
        | S-005 | PASS the login | HIGH | `N/A` | no PMS |
        | S-999 | Other | HIGH | PASS | |

        ```
        | S-005 | in a block | HIGH | FAIL | |
        ```
        """.utf8), items: Self.ids)
    #expect(list.rows.map(\.item) == ["S-001", "S-002", "S-003", "S-004", "S-005"])
    #expect(list.rows.map(\.status) == [.pass, .pending, .fail, .partial, .notApplicable])
    #expect(list.rows[0].notes == "seen in vault" && list.rows[1].notes == nil)
    #expect(list.rows[0].line == 3)
    #expect(list.remarks == ["line 8: the checklist has no row S-999"])
  }

  @Test func tablesWithoutAStatusColumn() throws {
    #expect(try markdown("| S-001 | Secrets | CRITICAL | \u{23F8} | note |\n") == ["S-001": .pending])
    #expect(try markdown("| S-001 | Secrets | CRITICAL | PASS |\n") == ["S-001": .pass])
  }

  @Test func boxes() throws {
    let found = try markdown(
      """
      - [x] S-001 Secrets
      - [ ] **S-002**: Keys
      * [X] `DOC-010` Handbook
        - [ ] S-003 Passwords \u{274C}
      - [x] something else
      - [y] S-004 no box
      - [x](http://example) S-005 a link
      """)
    #expect(found["S-001"] == .pass && found["S-002"] == .pending && found["DOC-010"] == .pass)
    #expect(found["S-003"] == .fail && found["S-004"] == nil)
  }

  @Test func entriesOfEvidence() throws {
    let list = try StatusMarkdown.read(
      Array(
        """
        ### S-001: Live secrets renewed
        - **Status**: \u{2705} PASS
        - **Validated By**: Security Lead
        - **Date**: 2026-11-20 13:15 UTC
        - **Evidence**:
          - rotation.log
          - https://ci.example/1
        - **Notes**: all of them

        ## S-002 without a status
        text
        """.utf8), items: Self.ids)
    let row = try #require(list.rows.first)
    #expect(list.rows.count == 1)
    #expect(row.item == "S-001" && row.status == .pass && row.who == "Security Lead")
    #expect(row.at?.text == "2026-11-20T13:15:00.000Z")
    #expect(row.evidence == ["rotation.log", "https://ci.example/1"] && row.notes == "all of them")
  }

  @Test func tablesOfValues() throws {
    let list = try StatusTable.read(
      Array(
        "\u{FEFF}Item ID;State;Validated By;Date;Evidence;Comment\r\nS-001;passed;ops;2026-11-19;a.log; b.log\r\n"
          .utf8))
    #expect(list.rows.map(\.item) == ["S-001"])
    #expect(list.rows[0].evidence == ["a.log"] && list.rows[0].notes == "b.log")
    let quoted = try StatusTable.read(
      Array("id,status,notes\n\nS-001, PASS ,\"a, \"\"b\"\"\nc\"\nS-002,,\n,PASS,\nS-003,n/a,x\n".utf8))
    #expect(quoted.rows.map(\.item) == ["S-001", "S-003"])
    #expect(quoted.rows.map(\.line) == [3, 7])
    #expect(quoted.rows[0].notes == "a, \"b\"\nc")
  }

  @Test(arguments: [
    ("", "it is empty"), ("a,b\n", "names no columns id and status"),
    ("id,status\nS-001,fine\n", "line 2: S-001 has the status fine"),
    ("id,status\nS-001,\"PASS\n", "line 2: a quoted field never ends"),
    ("id,status,date\nS-001,PASS,soon\n", "soon is no date"),
    ("id,status\n\"" + String(repeating: "x", count: 200_000) + "\",a\n", "too long"),
  ])
  func isNotTaken(text: String, says: String) {
    #expect {
      try StatusTable.read(Array(text.utf8))
    } throws: { error in
      (error as? ImportMistake)?.message.contains(says) ?? false
    }
    #expect(throws: ImportMistake.self) { try StatusTable.read([0x69, 0x64, 0xFF]) }
    #expect(throws: ImportMistake.self) { try StatusMarkdown.read([0xFF], items: []) }
  }

  @Test(arguments: [
    ("PASS", Standing.pass), ("**Passed**", .pass), ("\u{2714}\u{FE0F}", .pass), ("\u{1F7E1} PARTIAL", .partial),
    ("FAIL", .fail), ("n/a", .notApplicable), ("\u{23F8}\u{FE0F} PENDING", .pending), ("[ ]", nil), ("CRITICAL", nil),
    ("\u{2705} FAIL", nil), ("\u{2705}\u{274C}", nil), ("Database passed", nil), ("\u{1F534}", nil), ("", nil),
  ])
  func statusesAsPeopleWriteThem(text: String, expected: Standing?) {
    #expect(Standing(written: text) == expected)
  }

  // MARK: entries

  private static let list = MadeUp.checklist([
    MadeUp.item("S-001"), MadeUp.item("S-002"), MadeUp.item("P-002", marks: [.measured("P-002")]),
    MadeUp.item("F-006", isSignOff: true, role: "Engineering Lead"),
  ])

  private func importer(who: String? = "ops", override: String? = nil) -> StatusImport {
    StatusImport(
      checklist: Self.list, who: who, at: MadeUp.now, environment: "staging", build: nil, override: override,
      source: EvidenceReference(location: "list.md", sha256: String(repeating: "a", count: 64)))
  }

  private func rows(_ rows: [(String, Standing)]) -> StatusList {
    StatusList(
      rows: rows.enumerated().map { StatusRow(item: $1.0, status: $1.1, line: $0 + 1) }, remarks: [])
  }

  @Test func whatTheExportWroteIsNobodysWord() throws {
    let list = StatusList(
      rows: [
        StatusRow(item: "S-001", status: .pass, notes: "mine gonogo: measured", line: 1),
        StatusRow(item: "S-002", status: .pass, notes: "as gonogo says", line: 2),
      ], remarks: [])
    let found = try importer().entries(of: list, before: PeoplesEntries())
    #expect(found.entries.count == 1)
    #expect(found.remarks.contains { $0.contains("written by gonogo export") && $0.hasSuffix(": S-001") })
  }

  @Test func whatSaysSomethingNewBecomesEntries() throws {
    let list = rows([("S-001", .pass), ("S-002", .pending), ("P-002", .pass), ("F-006", .pass)])
    let found = try importer().entries(of: list, before: PeoplesEntries())
    #expect(found.entries.count == 1)
    guard case .attestation(let said)? = found.entries.first else { return }
    #expect(said.item == "S-001" && said.who == "ops" && said.environment == "staging")
    #expect(said.evidence.map(\.location) == ["list.md"])
    #expect(found.remarks.count == 3)
    // The same again adds nothing, even when the list's other rows have changed.
    var again = importer()
    again.source.sha256 = String(repeating: "b", count: 64)
    #expect(try again.entries(of: list, before: PeoplesEntries(found.entries)).entries.isEmpty)
    let withdrawn = PeoplesEntries(
      found.entries + [MadeUp.word("S-001", .fail, environment: "staging", note: nil)])
    #expect(try importer().entries(of: list, before: withdrawn).entries.count == 1)
  }

  @Test func measuredRowsNeedAReason() throws {
    let list = rows([("P-002", .pass)])
    #expect(try importer().entries(of: list, before: PeoplesEntries()).entries.isEmpty)
    let found = try importer(override: "no load host").entries(of: list, before: PeoplesEntries())
    guard case .attestation(let said)? = found.entries.first else {
      Issue.record("nothing was taken")
      return
    }
    #expect(said.override == "no load host")
  }

  @Test(arguments: [
    ([("S-01", Standing.pass)], "ops" as String?, "line 1: p020 has no row S-01: did you mean S-001?"),
    ([("S-001", .pass), ("S-001", .fail)], "ops", "line 2: S-001 is FAIL here and PASS in line 1"),
    ([("S-001", .pass)], nil, "does not say who"),
  ])
  func nothingIsTakenOfAListWithAMistake(_ list: [(String, Standing)], who: String?, says: String) {
    #expect {
      try importer(who: who).entries(of: rows(list), before: PeoplesEntries())
    } throws: { error in
      (error as? ImportMistake)?.message.contains(says) ?? false
    }
  }
}
