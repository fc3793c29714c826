// SPDX-License-Identifier: Apache-2.0
import Results
import Testing

@testable import Reports

@Suite struct CapacityScreenTests {
  private func record(held: Double? = 320, broke: Double? = 340) -> CapacityRecord {
    let started = Timestamp(millisecondsSinceEpoch: 1_795_180_502_123)
    func trial(_ rate: Double, _ isLong: Bool, _ outcome: String, _ reason: String) -> CapacityRecord.Trial {
      CapacityRecord.Trial(rate: rate, confirmation: isLong, outcome: outcome, reason: reason, folder: "trials/x")
    }
    return CapacityRecord(
      tool: ToolRecord(version: "0.1.0"), plan: "capacity", target: "https://staging.hotel.example", started: started,
      ended: started, rules: ["p(95) < 300ms", "errors < 1%"],
      trials: [
        trial(50, false, "held", "12 of 1,500 at or over 300 ms or failed, judged by the estimate alone"),
        trial(1000, false, "untested", "the generator's own limit: the busiest worker was busy 91 % of the time"),
        trial(340, false, "broke", "p(95) < 300ms: 812 of 10,200 at or over 300 ms or failed (7.96 %)"),
        trial(320, true, "held", "901 of 28,800 at or over 300 ms or failed"),
      ], held: held, broke: broke, notTestedAbove: nil, interrupted: false, demo: held == nil)
  }

  private func text(_ record: CapacityRecord, columns: Int) -> String {
    CapacityScreen(record: record, directory: "results/20261120T131502Z-capacity")
      .text(style: TerminalStyle(columns: columns))
  }

  @Test func theAnswerComesFirst() throws {
    try expectGolden(text(record(), columns: 80), "capacity-80.txt")
    try expectGolden(capacitySummary(record()), "capacity.md")
  }

  @Test func aSearchOfADemoSaysSoFirstAndLast() {
    for columns in [40, 80] {
      let lines = text(record(held: nil), columns: columns).split(separator: "\n")
      #expect(lines.first?.hasPrefix("DEMO") == true && lines.last?.hasPrefix("DEMO") == true)
      #expect(lines.allSatisfy { $0.count <= columns })
    }
    #expect(capacitySummary(record(held: nil)).contains("DEMO"))
  }

  @Test(
    arguments: [
      (320, 340, nil, "320 arrivals/s held, 340 broke: the capacity lies between"),
      (320, nil, "the plan goes no higher", "320 arrivals/s held; nothing above is known: the plan goes no higher"),
      (nil, 50, nil, "no rate held: 50 arrivals/s broke"),
      (nil, nil, nil, "no rate could be tested: the search did not begin"),
    ] as [(Double?, Double?, String?, String)])
  func answers(held: Double?, broke: Double?, notTestedAbove: String?, text: String) {
    var record = record(held: held, broke: broke)
    record.notTestedAbove = notTestedAbove
    #expect(Wordings.capacity(record) == text)
  }
}
