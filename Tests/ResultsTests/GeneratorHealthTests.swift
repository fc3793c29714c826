// SPDX-License-Identifier: Apache-2.0
import Judgement
import Testing

@testable import Results

@Suite struct GeneratorHealthTests {
  private func rows(_ count: Int = 200, _ change: (inout GeneratorRow) -> Void = { _ in }) -> [GeneratorRow] {
    (0..<count).map { second in
      var row = GeneratorRow(second: second, counts: GeneratorCounts())
      row.ownLagP99 = 400
      row.counts.busyPerMille = 300
      change(&row)
      return row
    }
  }

  private func arrivals(planned: Int = 1000, started: Int = 1000) -> ArrivalTotals {
    var totals = ArrivalTotals()
    totals.planned = planned
    totals.started = started
    return totals
  }

  private func reasons(
    _ rows: [GeneratorRow], limit: Double? = nil, arrivals: ArrivalTotals? = nil, steady: [Range<Int>] = [0..<200]
  ) -> [String] {
    GeneratorHealth(smallestLimit: limit, steadySeconds: steady, arrivals: arrivals ?? self.arrivals()).reasons(rows)
  }

  @Test func aHealthyOne() {
    #expect(reasons(rows()) == [])
    #expect(reasons([], steady: []) == [])
  }

  @Test(
    arguments: [
      (nil, 10_000), (1_000_000, 10_000), (500_000, 10_000), (300_000, 6000), (50_000, 1000),
    ] as [(Double?, Double)])
  func theAllowedLagFollowsTheSmallestLimit(limit: Double?, allowed: Double) {
    #expect(GeneratorHealth(smallestLimit: limit, steadySeconds: [], arrivals: arrivals()).allowedLag == allowed)
  }

  @Test func oneSecondInAHundredMayBeLate() {
    for (late, isHealthy) in [(0, true), (2, true), (3, false)] {
      let rows = rows { if $0.second < late { $0.ownLagP99 = 10_001 } }
      #expect(reasons(rows).isEmpty == isHealthy, "\(late)")
    }
    #expect(reasons(rows { $0.ownLagP99 = 10_000 }) == [])
    #expect(
      reasons(rows { if $0.second < 40 { $0.ownLagP99 = 6_001 } }, limit: 300_000)
        == ["own lag p99 was over 6 ms in 40 of 200 steady seconds; 1 % may be"])
  }

  @Test func onlySteadySecondsCountForLag() {
    let late = rows { if $0.second < 100 { $0.ownLagP99 = 1_000_000 } }
    #expect(reasons(late, steady: [100..<200]) == [])
    #expect(reasons(late, steady: [50..<200]).count == 1)
  }

  @Test func secondsWithoutFiguresAreNoProof() {
    #expect(reasons(rows(198)) == [])
    #expect(reasons(rows(197)) == ["the tool's own state is known for only 197 of 200 steady seconds"])
    #expect(reasons([]) == ["the tool's own state is known for only 0 of 200 steady seconds"])
  }

  @Test func shares() {
    #expect(reasons(rows { $0.counts.busyPerMille = 850 }) == [])
    #expect(
      reasons(rows { $0.counts.busyPerMille = 851 }) == ["the busiest worker was busy 85.1 % of the time; 85 % may be"])
    #expect(reasons(rows { $0.counts.stealPerMille = 50 }) == [])
    #expect(
      reasons(rows { $0.counts.stealPerMille = 62 })
        == ["6.2 % of the processor time was stolen by other machines; 5 % may be"])
    #expect(reasons(rows { if $0.second == 7 { $0.counts.descriptorsPerMille = 900 } }) == [])
    #expect(
      reasons(rows { if $0.second == 7 { $0.counts.descriptorsPerMille = 901 } })
        == ["90.1 % of the descriptors were in use; 90 % may be"])
    #expect(
      reasons(rows { $0.counts.portsPerMille = 999 }) == ["99.9 % of the local ports were in use; 90 % may be"])
    // What could not be read is no figure.
    #expect(reasons(rows { $0.counts.stealPerMille = $0.second == 3 ? 60 : -1 }).count == 1)
    #expect(reasons(rows { $0.counts.stealPerMille = -1 }) == [])
  }

  @Test func arrivalsMustBeStarted() {
    #expect(reasons(rows(), arrivals: arrivals(started: 990)) == [])
    #expect(
      reasons(rows(), arrivals: arrivals(started: 989)) == ["only 989 of 1000 arrivals were started; 99 % must be"])
  }

  @Test func theSmallestLimitIsThatOfATime() throws {
    let rules = try ["errors < 0.1%", "p(95) < 300ms", "p(99) < 2s", "rate > 5"].map { try Threshold.parse($0) }
    #expect(GeneratorHealth.smallestLimit(rules) == 300_000)
    #expect(GeneratorHealth.smallestLimit([rules[0], rules[3]]) == nil)
  }

  @Test func warmUpIsNotHeldAgainstTheGenerator() throws {
    let directory = TemporaryDirectory()
    var run = SampleRun(peakSeconds: 12)
    run.ownLagMicroseconds = { $0 < 10 ? 900_000 : 100 }
    let (_, record) = try run.folder(in: directory)
    #expect(record.generator?.healthy == true)
    #expect(record.generator?.ownLag == DelayFigures(p50: 0.1, p99: 0.1, max: 0.1))
    #expect(record.generator?.onSchedule == 1)
  }

  @Test func aStarvedGeneratorMakesTimeRulesInconclusive() throws {
    let directory = TemporaryDirectory()
    var run = SampleRun()
    run.ownLagMicroseconds = { $0 % 10 == 0 ? 50_000 : 100 }
    let (_, record) = try run.folder(in: directory)
    #expect(record.generator?.healthy == false)
    #expect(record.thresholds.map(\.verdict) == [.inconclusive, .pass])
    #expect(record.verdict == .inconclusive)
    #expect(record.reasons == record.generator?.reasons)
    #expect(record.generator?.ownLag.max == 50.015)
  }
}
