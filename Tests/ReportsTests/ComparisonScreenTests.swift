// SPDX-License-Identifier: Apache-2.0
import Judgement
import Testing

@testable import Reports
@testable import Results

@Suite struct ComparisonScreenTests {
  private static func record() -> ComparisonRecord {
    func side(_ name: String, build: String) -> ComparisonRecord.Side {
      ComparisonRecord.Side(
        folder: "results/\(name)", runId: name, started: Timestamp(millisecondsSinceEpoch: 1_795_180_502_123),
        plan: "expected-peak", target: "https://staging.hotel.example", environment: "staging", build: build,
        demo: false, steadySeconds: 600, requests: 43_200, generatorHealthy: true, verdict: .pass)
    }
    func row(
      _ step: String?, _ figure: String, _ first: Double?, _ second: Double?, _ outcome: ComparisonOutcome,
      _ reason: String? = nil
    ) -> ComparisonRecord.Row {
      ComparisonRecord.Row(
        scenario: step.map { _ in "reservation" }, step: step, figure: figure,
        unit: figure == "errors" ? "fraction" : "milliseconds", first: first, second: second,
        change: first.flatMap { first in second.map { ($0 - first) / first } }, firstRequests: 43_200,
        secondRequests: 43_200, p: 0.001, adjustedP: 0.01, outcome: outcome, reason: reason)
    }
    return ComparisonRecord(
      tool: ToolRecord(version: "0.1.0"), first: side("old", build: "1"), second: side("new", build: "2"),
      differences: [], remarks: ["build: 1 against 2"], method: ComparisonRecord.Method(comparisons: 8),
      rows: [
        row(nil, "p50", 41.2, 41.4, .noProvenDifference), row(nil, "p95", 182, 201, .worse),
        row(nil, "errors", 0.01, 0.001, .better),
        row("book\u{1B}[2J", "p99", nil, 900, .cannotTell, "300 requests are too few: it takes 500"),
      ], verdict: .fail, reasons: [])
  }

  @Test(arguments: [40, 60, 80, 120]) func itFitsTheTerminal(columns: Int) {
    let text = ComparisonScreen(record: Self.record()).text(style: TerminalStyle(columns: columns))
    for line in text.split(separator: "\n") { #expect(shownWidth(line) <= columns, "\(line)") }
    #expect(!text.contains("\u{1B}"))
    for word in ["FAIL   expected-peak", "SLOWER", "fewer errors", "no proven difference", "cannot tell", "+10.4 %"] {
      #expect(text.contains(word), "\(word): \(text)")
    }
  }

  @Test func theAnswerComesFirst() {
    let text = ComparisonScreen(record: Self.record()).text(style: TerminalStyle(columns: 100))
    #expect(
      text.contains("Proven to be worse in the second run: all requests p95 (+10.4 %). Better: all requests errors"))
  }

  @Test func asMarkdownNothingOfOthersIsMarkup() {
    var record = Self.record()
    record.second.plan = "<script>|x|"
    let text = comparisonSummary(record)
    #expect(text.hasPrefix("# FAIL, comparison: &lt;script&gt;"))
    #expect(text.contains("| all requests | p95 | 182 ms | 201 ms | +10.4 % | **SLOWER** |"))
    #expect(!text.contains("<script>"))
  }
}
