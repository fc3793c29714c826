// SPDX-License-Identifier: Apache-2.0
import Foundation
import Results
import Testing

@testable import Reports

@Suite struct ItemLinesTests {
  private static func item(_ id: String, _ status: ItemStatus, _ reason: String) -> ItemRecord {
    ItemRecord(id: id, status: status, reason: reason)
  }

  @Test func eachRowIsOneShortEntry() {
    var page = Page(style: TerminalStyle(columns: 60, colour: false))
    page.rows(
      of: [
        Self.item("P-001", .pass, "held for 10 min; DEMO"),
        Self.item("P-005", .pending, String(repeating: "why ", count: 80)),
      ], demo: true)
    let lines = page.text.split(separator: "\n")
    #expect(lines.first == "P-001        PASS: held for 10 min")
    #expect(lines.count <= 4)
    #expect(page.text.hasSuffix("...\n"))
  }

  @Test func theSameReasonIsSaidOnce() {
    var page = Page(style: TerminalStyle(columns: 60, colour: false))
    page.rows(of: ["P-001", "P-002", "P-003"].map { Self.item($0, .pending, "the same") }, demo: false)
    let expected = "P-001        PENDING: the same\nP-002        PENDING: as P-001\nP-003        PENDING: as P-001\n"
    #expect(page.text == expected)
  }

  @Test func theSummaryHasTheWholeReason() throws {
    var record = SampleRecord.passing()
    let reason = String(repeating: "a | reason ", count: 60)
    record.items = [Self.item("P-004", .fail, reason)]
    let text = markdownSummary(record)
    #expect(text.contains("## Checklist rows"))
    #expect(text.contains("| P-004 | **FAIL** | a \\| reason a"))
  }

  @Test func theLastScreenShowsThemBelowTheRules() throws {
    var record = SampleRecord.passing()
    record.items = [Self.item("P-004", .fail, "1 % of all")]
    let text = FinalScreen(record: record, directory: "d").text(style: TerminalStyle(columns: 80, colour: false))
    let row = try #require(text.range(of: "P-004        FAIL: 1 % of all"))
    let target = try #require(text.range(of: "\ntarget"))
    #expect(row.lowerBound < target.lowerBound)
  }
}
