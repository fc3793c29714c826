// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Readiness

/// What holds of every rule and every list.
@Suite struct RuleEngineTests {
  /// Small and fast, the same numbers every time.
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 31)
    }
  }

  /// A row more that is PASS, and a risk less, never make it worse.
  @Test(arguments: Lists.names)
  func provingMoreIsNeverWorse(_ name: String) throws {
    let list = try Lists.list(name)
    var numbers = Numbers(state: 4)
    for round in 0..<15 {
      // Few open rows, so that the outcomes differ.
      let open = Int.random(in: 0...(round % 2 == 0 ? 6 : 40), using: &numbers)
      var standings: [String: Standing] = [:]
      let rows = list.items.filter { round % 4 != 0 || !$0.isBlocker }.shuffled(using: &numbers).prefix(open)
      for row in rows {
        standings[row.id] = [.fail, .partial, .pending, .notApplicable].randomElement(using: &numbers)
      }
      let risks = round % 5 == 0 ? [Lists.risk(.medium)] : []
      let signOffs = round % 3 == 0 ? [] : try Lists.signatures(list)
      let before = decide(list, states: Lists.states(list, standings), risks: risks, signOffs: signOffs)
      for row in rows.prefix(3) where standings[row.id] != .notApplicable {
        var better = standings
        better[row.id] = .pass
        let after = decide(list, states: Lists.states(list, better), risks: risks, signOffs: signOffs)
        #expect(after.outcome.rank >= before.outcome.rank, "\(row.id): \(before.outcome) then \(after.outcome)")
      }
      let without = decide(list, states: Lists.states(list, standings), signOffs: signOffs)
      #expect(without.outcome.rank >= before.outcome.rank)
    }
  }

  /// The number that is said to be missing is the least: with it the outcome is there, with one row less it is not.
  @Test(arguments: [0, 1, 5, 9, 20])
  func theMissingRowsAreTheLeast(open: Int) throws {
    let list = try Lists.list("p020")
    let rows = Lists.rows(list, open) { $0.priority != "CRITICAL" }
    func outcome(_ open: Int) -> DecisionFindings {
      decide(
        list, states: Lists.states(list, Dictionary(uniqueKeysWithValues: rows.prefix(open).map { ($0, .pending) })))
    }
    var left = open
    for step in outcome(open).change {
      let count = try #require(Int(step.prefix { $0.isNumber }))
      let wanted = try #require(step.split(separator: ": ").last.flatMap { Outcome(rawValue: String($0)) })
      #expect(outcome(left - count).outcome == wanted && outcome(left - count + 1).outcome != wanted)
      left -= count
    }
    #expect(outcome(left).outcome == .go)
  }

  @Test func aWeightedMeanIsExactAtItsLimits() throws {
    // Ten groups of 21 to 30 rows in each of three categories, one row of each PASS.
    let groups = (21...30).map { Fraction(1, of: $0) }
    let mean = try #require(WeightedMean.of([(998, groups), (1, groups), (1, groups)]))
    let expected = (21...30).reduce(0.0) { $0 + 1 / Double($1) } / 10
    #expect(abs((mean.value ?? 0) - expected) < 1e-15)
    #expect(greatestCommonDivisor(mean.numerator, mean.denominator) == 1)
    #expect(WeightedMean.of([]) == nil)
    #expect(WeightedMean.of([(5, []), (5, [Fraction(0, of: 0)])]) == nil)
    // What does not count takes its weight along.
    #expect(WeightedMean.of([(5, [Fraction(0, of: 0)]), (1, [Fraction(1, of: 2)])]) == Fraction(1, of: 2))
    #expect(
      WeightedMean.of([(3, [Fraction(1, of: 3)]), (1, [Fraction(1, of: 2), Fraction(1, of: 1)])]) == Fraction(7, of: 16)
    )
  }

  @Test func sharesAreComparedExactly() {
    // Their quotients are the same Double.
    let one = Fraction(9_007_199_254_740_993, of: 1 << 60)
    let other = Fraction(9_007_199_254_740_992, of: 1 << 60)
    #expect(one.value == other.value)
    #expect(one.compared(with: other) == 1 && other.compared(with: one) == -1)
    #expect(Fraction(19, of: 20).compared(with: Fraction(95, of: 100)) == 0)
    #expect(Fraction(Int.max, of: Int.max).compared(with: Fraction(1, of: 1)) == 0)
  }

  @Test(arguments: [
    (Fraction(137, of: 145), "94.48"), (Fraction(1, of: 1), "100"), (Fraction(0, of: 7), "0"),
    (Fraction(1, of: 2), "50"), (Fraction(2, of: 3), "66.66"), (Fraction(89_999, of: 100_000), "89.99"),
    (Fraction(91, of: 1000), "9.1"), (Fraction(1, of: 100_000), "0"), (Fraction(9001, of: 100_00), "90.01"),
    (Fraction(0, of: 0), ""),
  ])
  func percentagesAreCut(share: Fraction, text: String) { #expect(share.percentText == text) }

  @Test(arguments: [
    ("100%", 100, 100), ("92.5%", 925, 1000), ("0%", 0, 100), ("0.001%", 1, 100_000),
    ("99.999999%", 99_999_999, 100_000_000),
  ])
  func limitsAreExact(text: String, numerator: Int, denominator: Int) throws {
    #expect(try parsePercent(text) == Fraction(numerator, of: denominator))
  }

  @Test(arguments: ["", "%", "95", "-1%", "1e2%", "95.%", ".5%", "1.2.3%", "0.0000001%", "١%"])
  func otherLimitsAreRefused(text: String) { #expect(throws: (any Error).self) { try parsePercent(text) } }

  @Test func aListWithoutAClauseThatApplies() throws {
    let text = """
      checklist: own
      title: Own
      scores: {all: {}}
      decision: [{if: all < 50%, then: NO-GO, because: less than half}]
      otherwise: {then: GO WITH CAUTION, because: at least half}
      items: {A: {G: [{id: A-1, title: one}, {id: A-2, title: two}]}}
      """
    let list = try checklist(text)
    let half = decide(list, states: Lists.states(list, ["A-1": .fail]))
    #expect(half.outcome == .caution && half.clause == nil && half.reasons == ["at least half"])
    let none = decide(list, states: [])
    #expect(none.outcome == .noGo)
    #expect(none.change == ["1 more PASS row of all (then 1 of 2 = 50 %): GO WITH CAUTION"])
  }

  @Test func rowsThatAreNoneOfTheList() throws {
    let list = try Lists.list("ws")
    var states = Lists.states(list)
    var stranger = states[0]
    stranger.item.id = "X-1"
    states.append(stranger)
    let findings = decide(list, states: states, signOffs: try Lists.signatures(list))
    #expect(findings.outcome == .go && findings.remarks == ["no such rows in this list: X-1"])
  }
}
