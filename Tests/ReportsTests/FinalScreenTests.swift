// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results
import Testing

@testable import Reports

@Suite struct FinalScreenTests {
  private func text(_ record: RunRecord, columns: Int = 80, colour: Bool = false) -> String {
    FinalScreen(record: record, directory: "results/20261120T131502Z-expected-peak", troubles: [])
      .text(style: TerminalStyle(columns: columns, colour: colour))
  }

  @Test func passing() throws {
    try expectGolden(text(SampleRecord.passing()), "passing-80.txt")
  }

  @Test func failing() throws {
    try expectGolden(text(SampleRecord.failing()), "failing-80.txt")
    try expectGolden(text(SampleRecord.failing(), columns: 40), "failing-40.txt")
    try expectGolden(text(SampleRecord.failing(), colour: true), "failing-80-colour.txt")
  }

  @Test func inconclusiveWithNothingMeasured() throws {
    var record = SampleRecord.passing()
    record.verdict = .inconclusive
    record.steady = nil
    record.steps = []
    record.generator = nil
    record.totals = RunTotals()
    record.arrivals = ArrivalTotals()
    record.build = nil
    record.environment = nil
    record.thresholds = []
    record.reasons = ["run.json is missing: the run did not come to its end"]
    try expectGolden(text(record), "nothing-80.txt")
  }

  @Test(arguments: [0, 40, 41, 60, 79, 80, 100, 200, 1000])
  func noLineIsWiderThanAsked(columns: Int) {
    for record in [SampleRecord.passing(), SampleRecord.failing()] {
      for colour in [false, true] {
        for line in text(record, columns: columns, colour: colour).split(separator: "\n") {
          #expect(shownWidth(line) <= min(max(columns, 40), 200), "\(line)")
        }
      }
    }
  }

  @Test func colourChangesNothingButColour() {
    let record = SampleRecord.failing()
    let plain = text(record).split(separator: "\n").map { TerminalText.withoutTrailingSpaces(String($0)) }
    let coloured = text(record, colour: true).replacing(#/\u{1B}\[[0-9;]*m/#, with: "").split(separator: "\n")
      .map { TerminalText.withoutTrailingSpaces(String($0)) }
    #expect(plain == coloured)
  }

  @Test func theVerdictComesFirstAndDemoLast() {
    for columns in [40, 80] {
      let lines = text(SampleRecord.failing(), columns: columns).split(separator: "\n")
      #expect(lines[1].contains("FAIL"))
      #expect(lines.last?.hasPrefix("DEMO") == true)
    }
    #expect(!text(SampleRecord.passing()).contains("DEMO"))
  }

  @Test func hostileTextsCannotPaintOrMove() {
    let hostile = "x\u{1B}[2J\u{1B}]0;t\u{7}\r\n\u{202E}evil\u{200B}\u{9B}31m\u{2028}"
    var record = SampleRecord.failing()
    record.plan.name = hostile
    record.target = hostile
    record.build = hostile
    record.environment = hostile
    record.stopReason = hostile
    record.reasons = [hostile]
    record.notes = [hostile]
    record.steps[0].scenario = hostile
    record.steps[0].step = hostile
    record.thresholds[0].expression = hostile
    record.thresholds[0].reason = hostile
    record.totals.failedByKind[hostile] = 1
    record.leftBehind[0].key = hostile
    record.generator?.reasons = [hostile]
    let screen = FinalScreen(record: record, directory: hostile, troubles: [hostile]).text(style: TerminalStyle())
    for scalar in (screen + markdownSummary(record)).unicodeScalars where scalar != "\n" {
      #expect(TerminalText.isHarmless(scalar), "U+\(String(scalar.value, radix: 16))")
    }
    #expect(screen.contains("\\u{1B}[2J"))
    for line in screen.split(separator: "\n") { #expect(line.count <= 80) }
  }
}
