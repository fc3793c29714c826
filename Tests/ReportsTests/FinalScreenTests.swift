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

  /// One step hidden in a mix, what was not provable, windows, and a rule judged by estimate.
  @Test func rulesOfEveryKind() throws {
    try expectGolden(text(SampleRecord.manyRules()), "rules-80.txt")
    try expectGolden(text(SampleRecord.manyRules(), columns: 60), "rules-60.txt")
    try expectGolden(text(SampleRecord.manyRules(), columns: 120), "rules-120.txt")
  }

  @Test func theWorstRuleComesFirst() throws {
    let screen = text(SampleRecord.manyRules())
    func place(_ text: String) throws -> String.Index { try #require(screen.firstRange(of: text)).lowerBound }
    #expect(try place("step:reservation/book") < place("errors < 0.01%"))
    #expect(try place("errors < 0.01%") < place("p(95) < 300ms @peak"))
  }

  @Test func aBoundSaysOfWhichKindItIs() {
    let record = SampleRecord.manyRules()
    let bounds = record.thresholds.map { Wordings.bound($0) }
    #expect(bounds == ["at most 192 ms", "at most 0.033 %", "at least 301 ms", "at most 0.033 %", "by estimate"])
    #expect(Wordings.measured(record.thresholds[4]) == "-")
  }

  @Test func troubleWithTheFilesIsSaidOnceAndAbove() throws {
    var record = SampleRecord.passing()
    record.notes = [RunRecord.incompleteFiles + "cannot write series.csv: No space left on device", "all else"]
    let troubles = ["cannot write series.csv: No space left on device", "cannot replace latest: Is a directory"]
    let screen = FinalScreen(record: record, directory: "results/x", troubles: troubles)
      .text(style: TerminalStyle(columns: 120))
    let rows = screen.split(separator: "\n").filter { $0.hasPrefix("trouble") || $0.hasPrefix("note") }
    #expect(
      rows == [
        "trouble      The run's files are not complete: cannot write series.csv: No space left on device",
        "trouble      cannot replace latest: Is a directory", "note         all else",
      ])
    #expect(
      try #require(screen.firstRange(of: "trouble")).lowerBound < #require(screen.firstRange(of: "target")).lowerBound)
  }

  @Test func ledgersTooWideForColumnsStayWhole() {
    var record = SampleRecord.passing()
    record.totals.planned = .max
    for columns in [40, 60, 80] {
      let screen = text(record, columns: columns).replacing(#/\s+/#, with: " ")
      #expect(screen.contains("requests 9,223,372,036,854,775,807 due = 44,280 sent + 0 unsent"))
    }
  }

  @Test func blockedTimeIsShownOnlyWhereThereWasSome() {
    var record = SampleRecord.passing()
    #expect(text(record, columns: 120).contains("never blocked by the target"))
    record.generator?.blocked = DelayFigures(p50: 0, p99: 0, max: 12.5)
    #expect(text(record, columns: 160).contains("blocked by the target p99 0 ms, max 12.5 ms"))
  }

  @Test(arguments: [
    (31, 44_280, 12, 43_200, "31 opened, 12 while steady: 99.972 % of the requests there reused one"),
    (31, 44_280, 0, 0, "31 opened: 99.93 % of the requests reused one"), (0, 0, 0, 0, "0 opened"),
    (90, 80, 80, 80, "90 opened, 80 while steady: 0 % of the requests there reused one"),
  ])
  func connections(opened: Int, sent: Int, steadyOpened: Int, steadySent: Int, text: String) {
    let figures = ConnectionFigures(
      run: ConnectionUse(opened: opened, sent: sent), steady: ConnectionUse(opened: steadyOpened, sent: steadySent))
    #expect(Wordings.connections(figures) == text)
  }

  @Test(arguments: [0, 40, 41, 60, 79, 80, 100, 200, 1000])
  func noLineIsWiderThanAsked(columns: Int) {
    for record in [SampleRecord.passing(), SampleRecord.failing(), SampleRecord.manyRules()] {
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

  @Test func demoIsSaidFirstAndLastAndTheVerdictRightAfter() {
    for columns in [40, 60, 80] {
      let lines = text(SampleRecord.failing(), columns: columns).split(separator: "\n")
      #expect(lines[0].hasPrefix("DEMO"))
      #expect(lines[2].contains("FAIL"))
      #expect(lines.last?.hasPrefix("DEMO") == true)
    }
    #expect(text(SampleRecord.passing()).split(separator: "\n")[1].contains("PASS"))
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
    record.thresholds[0].remark = hostile
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
