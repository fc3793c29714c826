// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

@testable import Judgement

struct DesignEffectTests {
  private func effect(_ events: [Double], n: Double = 100) -> Double {
    designEffect(ns: Array(repeating: n, count: events.count), events: events)
  }

  @Test func withoutScatterItIsOne() {
    #expect(effect(Array(repeating: 0, count: 60)) == 1)
    #expect(effect(Array(repeating: 100, count: 60)) == 1)
    #expect(effect(Array(repeating: 3, count: 60)) == 1)
    #expect(effect([50]) == 1)
    #expect(effect([]) == 1)
    #expect(designEffect(ns: [0, 0, 0], events: [0, 0, 0]) == 1)
    // Only one batch held anything: there is nothing to compare it with.
    #expect(designEffect(ns: [0, 10, 0], events: [0, 5, 0]) == 1)
  }

  /// One clump of 100 in 60 batches, counted as its own size and one and a half again.
  @Test func aLoneClumpCountsAsTwoAndAHalfOfItsSize() {
    var events = Array(repeating: 0.0, count: 60)
    events[20] = 100
    let value = effect(events, n: 1000)
    #expect(value > 230 && value < 290, "\(value)")
  }

  /// Equal clumps, far apart: about their size, more so the more there are.
  @Test func manyEqualClumpsCountAsTheirSize() {
    var events = Array(repeating: 0.0, count: 720)
    for index in stride(from: 10, to: 720, by: 30) { events[index] = 50 }
    let value = effect(events, n: 1000)
    #expect(value > 48 && value < 60, "\(value)")
  }

  /// A clump cut in two by the border of a batch is still one.
  @Test func clumpsThatSpanBatchesAreNotHalved() {
    var whole = Array(repeating: 0.0, count: 60)
    var cut = whole
    for index in [9, 24, 45] {
      whole[index] = 100
      cut[index] = 50
      cut[index + 1] = 50
    }
    #expect(effect(cut, n: 1000) > 0.8 * effect(whole, n: 1000))
  }

  /// What counts is the scatter of shares, not of how much was sent.
  @Test func unequalBatchesAloneAreNoScatter() {
    let ns = (0..<60).map { Double(20 + 37 * ($0 % 5)) }
    #expect(designEffect(ns: ns, events: ns.map { $0 / 10 }) == 1)
  }

  @Test func emptyBatchesChangeNothingMuch() {
    let ns = (0..<48).map { $0 % 2 == 0 ? 100.0 : 0 }
    let events = (0..<48).map { $0 % 2 == 0 ? Double($0 % 8) : 0 }
    let dense = designEffect(ns: ns.filter { $0 > 0 }, events: (0..<48).filter { $0 % 2 == 0 }.map { Double($0 % 8) })
    #expect(designEffect(ns: ns, events: events) >= dense)
  }

  @Test func isNeverBelowOneNorAbsurd() {
    var dice = Dice(seed: 21)
    for _ in 0..<500 {
      let count = 1 + dice.index(below: 100)
      let ns = (0..<count).map { _ in Double(dice.index(below: 50)) }
      let events = ns.map { Double(dice.binomial(Int($0), dice.unit() * dice.unit())) }
      let value = designEffect(ns: ns, events: events)
      #expect(value >= 1 && value.isFinite)
      let evidence = ShareEvidence(zip(ns, events).map { Batch(n: Int($0), over: Int($1)) })
      guard evidence.n > 0, let share = evidence.share else { continue }
      let (lower, upper) = (evidence.lower(level: 0.95), evidence.upper(level: 0.95))
      #expect(lower <= share && share <= upper)
      #expect(evidence.surelyOver == 0 || lower > 0)
      #expect(evidence.possiblyOver == evidence.n || upper < 1)
    }
  }

  @Test func eventsAllowedAndProvingAreWhereTheBoundsCross() {
    let evidence = ShareEvidence((0..<60).map { Batch(n: 100, over: $0 % 3 == 0 ? 4 : 0) })
    let (allowed, proving) = (
      evidence.eventsAllowed(limit: 0.05, level: 0.95), evidence.eventsProving(limit: 0.05, level: 0.95)
    )
    let d = evidence.designEffectAbove
    #expect(abs(upperBound(events: allowed / d, of: 6000 / d, level: 0.95) - 0.05) < 1e-9)
    #expect(abs(lowerBound(events: proving / d, of: 6000 / d, level: 0.95) - 0.05) < 1e-9)
    #expect(allowed < 300 && proving > 300)
    #expect(ShareEvidence([Batch(n: 58, over: 0)]).eventsAllowed(limit: 0.05, level: 0.95) < 0)
    #expect(ShareEvidence([Batch(n: 59, over: 0)]).eventsAllowed(limit: 0.05, level: 0.95) >= 0)
  }

  @Test func requestsToProveAreEnoughAndHardlyMore() throws {
    let evidence = ShareEvidence((0..<20).map { Batch(n: 100, over: $0 == 3 || $0 == 11 ? 1 : 0) })
    let needed = try #require(evidence.requestsToProve(limit: 0.002, level: 0.95))
    let d = evidence.designEffectAbove
    #expect(upperBound(events: needed / 1000 / d, of: needed / d, level: 0.95) <= 0.002)
    #expect(upperBound(events: needed * 0.99 / 1000 / d, of: needed * 0.99 / d, level: 0.95) > 0.002)
    #expect(evidence.requestsToProve(limit: 0.001, level: 0.95) == nil)
  }

  /// The bound in time that a finding shows agrees with its verdict in shares.
  @Test func theBoundOfAPercentileIsOnTheSameSideAsTheVerdict() throws {
    var dice = Dice(seed: 4)
    for _ in 0..<40 {
      let run = MadeUpRun(
        (0..<60).map { _ in
          MadeUpRun.Second(answered: (0..<20).map { _ in (exp(dice.normal() * 0.5) * 100_000).rounded() })
        })
      for (text, limit) in [("p(95) < 260ms", 260_000.0), ("p(95) < 228ms", 228_000), ("p(95) < 190ms", 190_000)] {
        let finding = try run.finding(text)
        let bound = try #require(finding.bound)
        switch finding.verdict {
        case .pass: #expect(bound < limit)
        case .fail, .inconclusive: #expect(bound >= limit)
        }
      }
    }
  }
}
