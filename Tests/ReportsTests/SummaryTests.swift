// SPDX-License-Identifier: Apache-2.0
import Results
import Testing

@testable import Reports

@Suite struct SummaryTests {
  @Test func summaries() throws {
    try expectGolden(markdownSummary(SampleRecord.passing()), "passing.md")
    try expectGolden(markdownSummary(SampleRecord.failing()), "failing.md")
  }

  @Test(arguments: [
    ("plain text, 1.5 (x)", "plain text, 1.5 (x)"), ("a|b", "a\\|b"), ("<script>&", "&lt;script&gt;&amp;"),
    ("[x](http://y)", "\\[x\\](http://y)"), ("`*_~$\\", "\\`\\*\\_\\~\\$\\\\"), ("a\nb", "a\\\\nb"),
  ])
  func textsOfOthersAreNeverMarkup(text: String, escaped: String) {
    #expect(MarkdownText.escaped(text) == escaped)
  }

  @Test(arguments: [
    ("# x", "- \\# x\n"), ("- x", "- \\- x\n"), ("1. x", "- 1\\. x\n"), ("12) x", "- 12\\) x\n"),
    ("x 1. y", "- x 1. y\n"),
    ("12", "- 12\n"), ("", "- \n"),
  ])
  func itemsDoNotBeginOtherBlocks(text: String, item: String) {
    #expect(MarkdownText.item(text) == item)
  }

  @Test func everyTableRowHasTheColumnsOfItsHeader() {
    var record = SampleRecord.failing()
    record.plan.name = "a|b"
    record.steps[0].step = "c|d"
    record.thresholds[0].reason = "e|f\n|g"
    var columns: Int?
    for line in markdownSummary(record).split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix("|") else {
        columns = nil
        continue
      }
      let bars = line.replacing("\\|", with: "").count { $0 == "|" }
      #expect(bars == columns ?? bars, "\(line)")
      columns = bars
    }
  }
}
