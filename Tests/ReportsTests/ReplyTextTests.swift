// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results
import Testing

@testable import Reports

/// Replies stand on the last screen and in the summary when there are any.
@Suite struct ReplyTextTests {
  private func record(lost: Int = 0, open: Int = 0, p99: Double? = 812.5) -> RunRecord {
    var totals = ReplyTotals()
    totals.came = 1200 - lost - open
    totals.awaited = 1200
    totals.late = 7
    totals.lost = lost
    totals.open = open
    totals.duplicated = 2
    var record = SampleRecord.passing()
    record.replies = ReplyFigures(totals, p50: 402, p95: 409.25, p99: p99)
    return record
  }

  private func screen(_ record: RunRecord) -> [Substring] {
    FinalScreen(record: record, directory: "results/x").text(style: TerminalStyle(columns: 80, colour: false))
      .split(separator: "\n")
  }

  @Test func countsAndTimes() {
    let lines = screen(record())
    #expect(lines.contains("replies      1,200 awaited = 1,200 came + 0 lost; 7 late, 2 duplicated"))
    #expect(lines.contains("             reply time p50 402 ms, p95 409 ms, p99 813 ms"))
    let summary = markdownSummary(record())
    #expect(summary.contains("- replies: 1,200 awaited = 1,200 came + 0 lost; 7 late, 2 duplicated\n"))
    #expect(summary.contains("- replies: reply time p50 402 ms, p95 409 ms, p99 813 ms\n"))
  }

  @Test func whatIsLostHasNoTime() {
    let lines = screen(record(lost: 20, open: 3, p99: nil))
    #expect(lines.contains("replies      1,200 awaited = 1,177 came + 20 lost + 3 open; 7 late, 2 duplicated"))
    #expect(lines.contains("             reply time p50 402 ms, p95 409 ms, p99 lost"))
  }

  @Test func withoutRepliesNothingIsSaid() {
    #expect(!screen(SampleRecord.passing()).contains { $0.hasPrefix("replies") })
    #expect(!markdownSummary(SampleRecord.passing()).contains("replies"))
  }

  /// A count is exact: no estimate, no bound.
  @Test func countsAreJudgedByCount() {
    var record = record(lost: 1)
    record.thresholds = [
      ThresholdRecord(
        expression: "replies lost == 0", value: 1, bound: nil, n: 1200, effectiveN: 1200, verdict: .fail,
        reason: "1 lost, of 1,200 replies awaited, by count",
        remark: "1 lost, of 1,200 replies awaited, by count", confidence: nil, unit: "count", limit: 0)
    ]
    #expect(screen(record).contains { $0.hasPrefix("FAIL") && $0.contains("by count") })
  }
}
