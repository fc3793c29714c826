// SPDX-License-Identifier: Apache-2.0
import Readiness
import Results
import Testing

@testable import Reports

@Suite struct FilledChecklistTests {
  private static func item(
    _ id: String, _ standing: Standing, reason: String = "p95 182 ms", who: String? = "run 1",
    origin: Origin = .measured
  ) -> DecidedItem {
    let row = ChecklistItem(
      id: id, category: "c", group: "g", priority: "HIGH", isBlocker: false, title: "title of \(id)")
    return DecidedItem(
      ItemState(
        item: row, standing: standing, origin: origin, reason: reason, validatedBy: who,
        date: Timestamp(millisecondsSinceEpoch: 1_795_180_502_123)))
  }

  private static let items = [
    item("S-001", .pass), item("S-002", .fail, reason: "a | b\n<script>"), item("S-003", .notApplicable),
    item("S-004", .pending, reason: "nobody has attested it", who: nil, origin: .none), item("S-005", .partial),
  ]

  private func filled(_ text: String) -> FilledChecklist { FilledChecklist(filling: text, items: Self.items) }

  private static let own = "gonogo: p95 182 ms (2026-11-20 13:15 UTC, run 1)"

  @Test func rowsOfTablesAreFilled() {
    let text = """
      # List | of S-001
      - \u{2705} **PASS**: met
      - \u{274C} **FAIL**: not met
      - \u{23F8}\u{FE0F} **PENDING**: open

      | ID | Item | Priority | Status | Notes |
      |----|:-----|----------|:------:|-------|
      | **S-001** | keys \\| tokens | \u{1F534} HIGH | \u{23F8}\u{FE0F} | see the vault |
      |S-002|x|HIGH|\u{23F8}\u{FE0F} PENDING||
      | S-003 | x | HIGH | PENDING |   |
      | S-004 | x | HIGH | old | seen |
      | S-999 | x | HIGH | \u{23F8}\u{FE0F} | kept |

      | Category | Status |
      |---|---|
      | Security | 3/22 |
      """
    let filled = filled(text)
    let lines = filled.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[7] == "| **S-001** | keys \\| tokens | \u{1F534} HIGH | \u{2705} | see the vault \(Self.own) |")
    #expect(
      lines[8]
        == "|S-002|x|HIGH|\u{274C} FAIL| gonogo: a \\| b\\\\n&lt;script&gt; (2026-11-20 13:15 UTC, run 1) |")
    #expect(lines[9] == "| S-003 | x | HIGH | N/A | \(Self.own) |")
    #expect(lines[10] == "| S-004 | x | HIGH | \u{23F8}\u{FE0F} PENDING | seen |")
    #expect(filled.changes.map(\.line) == [8, 9, 10, 11])
    #expect(filled.changes.map(\.id) == ["S-001", "S-002", "S-003", "S-004"])
    #expect(filled.missing == ["S-005"])
    // Everything else is as it was.
    let old = text.split(separator: "\n", omittingEmptySubsequences: false)
    for index in old.indices where !(7...10).contains(index) { #expect(lines[index] == old[index]) }
  }

  @Test func entriesAreFilled() {
    let text = """
      - [ ] **S-001** Keys (S-002 too)
        - **Status**: PENDING
        - **Notes**: by ops
        - Source: status of S-001
      - [x] S-002: tokens
        Status: PASS

      ### S-005: backups
      **Status:** PENDING
      **Notes:**

      ## Other
      Status: stays
      """
    #expect(
      filled(text).text == """
        - [x] **S-001** Keys (S-002 too)
          - **Status**: PASS
          - **Notes**: by ops \(Self.own)
          - Source: status of S-001
        - [ ] S-002: tokens
          Status: FAIL

        ### S-005: backups
        **Status:** PARTIAL
        **Notes:** \(Self.own)

        ## Other
        Status: stays
        """)
  }

  @Test func asOftenAsOneLikes() {
    let text = "| ID | Estado | Notas |\r\n| --- | --- | --- |\r\n| S-001 | x | by ops |\r\nend"
    let once = filled(text)
    #expect(once.text.hasSuffix("| S-001 | PASS | by ops \(Self.own) |\r\nend"))
    let twice = filled(once.text)
    #expect(twice.text == once.text && twice.changes == [])
  }

  @Test(arguments: [
    "", "\n", "no rows\n", "| S-001 | PASS |\n", "```\n| ID | Status |\n|---|---|\n| S-001 | x |\n```\n",
    "| ID | Status |\n| S-001 | x |\n", "text about S-001\nStatus: x\n", "|\n||\n|-|\n",
  ])
  func whatIsNoRowIsLeftAlone(text: String) {
    #expect(filled(text).text == text)
    #expect(filled(text).changes == [])
  }

  @Test func theTableIsForSheets() {
    let table = checklistTable(
      [
        Self.item("S-001", .pass, reason: "a \"b\", c"), Self.item("S-002", .fail, reason: "=cmd()"),
        Self.item("S-003", .fail, reason: "a\u{1B}[2Jb\nc"),
      ],
      environment: "demo", build: nil)
    let lines = table.split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(
      lines.count == 5 && lines[0].hasPrefix("id,category,group,priority,blocker,title,status,origin,validated_by"))
    #expect(lines[1].contains(",PASS,measured,run 1,2026-11-20T13:15:02.123Z,,,\"a \"\"b\"\", c\",0,"))
    #expect(lines[2].contains(",'=cmd(),") && lines[2].hasSuffix(",demo,"))
    #expect(lines[3].contains(",\"a\\u{1B}[2Jb\nc\","))
  }

  @Test func ofAWeightedScoreThePercentageIsShown() {
    let rule = DecidedRule(
      DecisionRule(
        scores: [ScoreRule(name: "overall", method: .weightedMeanOfGroups), ScoreRule(name: "rows", method: .share)],
        clauses: [], otherwise: .noGo, isStrict: false, roles: [], decisionMaker: nil))
    func text(_ name: String, _ share: Fraction) -> String {
      DecisionWords.share(Score(name: name, share: share, counts: [:]), rule)
    }
    #expect(text("overall", Fraction(0, of: 1)) == "0 %")
    #expect(text("overall", Fraction(13, of: 24)) == "54.16 %")
    #expect(text("rows", Fraction(1, of: 2)) == "1 of 2 (50 %)")
  }

  @Test(arguments: [
    (137, 145, "137 of 145 (94.48 %)"), (95, 100, "95 of 100 (95 %)"), (94_999, 100_000, "94999 of 100000 (94.99 %)"),
    (1, 100_000, "1 of 100000 (< 0.01 %)"), (0, 7, "0 of 7 (0 %)"), (0, 0, "0 of 0"), (7, 7, "7 of 7 (100 %)"),
    (1001, 10_000, "1001 of 10000 (10.01 %)"), (2, 3, "2 of 3 (66.66 %)"),
  ])
  func sharesAreCutOffNotRounded(numerator: Int, denominator: Int, text: String) {
    #expect(DecisionWords.share(Fraction(numerator, of: denominator)) == text)
  }
}
