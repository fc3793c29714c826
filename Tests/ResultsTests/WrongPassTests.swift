// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Results

/// Ways in which a load run could mark more than it has proven.
@Suite struct WrongPassTests {
  private let directory = TemporaryDirectory()

  private func items(_ change: (inout PeakRun) -> Void) throws -> [String: ItemRecord] {
    var run = PeakRun()
    run.arrivals = [60, 40]
    run.change = { Self.declare(to: &$0) }
    change(&run)
    return try run.items(in: directory)
  }

  private static func declare(to record: inout RunRecord) {
    record.peak?.mix = [MixRecord(scenario: "fast", share: 0.6), MixRecord(scenario: "book", share: 0.4)]
  }

  @Test func theRunItselfPasses() throws {
    #expect(try items { _ in }["F-003"]?.status == .pass)
  }

  /// A step whose condition never holds is in the plan and was never sent.
  @Test func aStepThatWasNeverSentIsNoProof() throws {
    let items = try items { run in
      run.change = { record in
        Self.declare(to: &record)
        record.plan.steps.append(StepRecord(scenario: "book", step: "extra", perJourney: 0.5))
      }
    }
    for id in ["P-002", "P-003", "F-003"] { #expect(items[id]?.status == .pending, "\(id)") }
    #expect(items["P-002"]?.part == "book/extra")
  }

  @Test func probesAloneProveNothing() throws {
    let items = try items { run in
      run.change = { record in
        Self.declare(to: &record)
        for index in record.plan.steps.indices { record.plan.steps[index].probe = true }
      }
    }
    for id in ["P-001", "P-002", "P-003", "P-004", "F-003", "P-013"] {
      #expect(items[id]?.status == .pending, "\(id)")
    }
    #expect(items["P-002"]?.reason.contains("no step but probes was sent") == true)
  }

  /// 0.8 % of the peak is within the tolerance of a share, and is missing all the same.
  @Test func aRareJourneyOfThePeakMustBeThere() throws {
    let items = try items { run in
      run.change = { record in
        record.peak?.mix = [
          MixRecord(scenario: "fast", share: 0.596), MixRecord(scenario: "book", share: 0.396),
          MixRecord(scenario: "pay", share: 0.008),
        ]
      }
    }
    #expect(items["P-001"]?.status == .pending && items["F-003"]?.status == .pending)
    #expect(items["P-001"]?.reason.contains("pay was 0 % of the arrivals, declared are 0.8 %") == true)
  }
}
