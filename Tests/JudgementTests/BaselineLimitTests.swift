// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Judgement

struct BaselineLimitTests {
  /// Rule, figure of the baseline and limit, both in base units.
  @Test(arguments: [
    ("p(95) < baseline", 200_000.0, 200_000.0), ("p(95) < baseline + 10%", 200_000, 220_000),
    ("p(95)<baseline+10% @steady step:a/b", 200_000, 220_000), ("p(95) < baseline + 20ms", 200_000, 220_000),
    ("p(95) < baseline + 20", 200_000, 220_000), ("p(95) < baseline + 1m30s over 10s abort", 0, 90_000_000),
    ("p(95) < baseline * 1.1", 200_000, 220_000), ("med < baseline - 50%", 200_000, 100_000),
    ("p(99) < baseline - 20ms", 50_000, 30_000), ("errors <= baseline", 0, 0),
    ("errors < baseline + 10%", 0.01, 0.011), ("errors <= baseline + 0.001", 0, 0.001),
    ("errors <= baseline - 0.5", 0.1, 0), ("rate >= baseline - 5%", 40, 38), ("rate >= baseline - 2/s", 40, 38),
  ])
  func aLimitComesFromTheBaseline(text: String, value: Double, limit: Double) throws {
    let rule = try Threshold.parse(text)
    #expect(rule.needsBaseline)
    #expect(rule.limit == .infinity)
    let resolved = try rule.resolved { _ in value }
    #expect(!resolved.needsBaseline)
    #expect(abs(resolved.limit - limit) < 1e-9)
    #expect(resolved.text == text)
    #expect(resolved.baseline?.value == value)
    #expect(try resolved.resolved { _ in value } == resolved)
  }

  @Test func aRuleWithoutOneStaysAsItIs() throws {
    let rule = try Threshold.parse("p(95) < 300ms")
    #expect(try rule.resolved { _ in 1 } == rule)
    #expect(!rule.needsBaseline)
  }

  @Test func whatTheBaselineDoesNotHoldIsSaid() throws {
    let rule = try Threshold.parse("p(95) < baseline step:a/b")
    #expect(throws: ThresholdError.self) { _ = try rule.resolved { _ in nil } }
    do throws(ThresholdError) {
      _ = try rule.resolved { _ in nil }
    } catch {
      #expect(error.message == "the baseline holds no such figure of a/b")
      #expect(error.span == TextSpan(offset: 22, length: 3))
    }
  }

  @Test func nothingIsLessThanABaselineOfNothing() throws {
    let rule = try Threshold.parse("errors < baseline")
    #expect(throws: ThresholdError.self) { _ = try rule.resolved { _ in 0 } }
  }

  /// Judged with confidence like any other limit, and the reason names both figures.
  @Test func itIsJudgedLikeAnyOtherLimit() throws {
    let run = MadeUpRun(seconds: 300, requests: 50) { _, second in second.answered[0] = 900_000 }
    func verdict(_ text: String, baseline: Double) throws -> Finding {
      let rule = try Threshold.parse(text).resolved { _ in baseline }
      return judge(
        [rule], confidence: .standard, run: run, generatorHealthy: true, generatorReasons: []
      ).findings[0]
    }
    let passed = try verdict("p(95) < baseline + 10%", baseline: 200_000)
    #expect(passed.verdict == .pass)
    #expect(passed.reason.hasSuffix("the limit is 220 ms, from the baseline's 200 ms"))
    #expect(try verdict("p(99) < baseline + 10%", baseline: 200_000).verdict == .fail)
    #expect(try verdict("p(95) < baseline", baseline: 200_000).reason.hasSuffix("the limit is the baseline's 200 ms"))
  }

  @Test func withoutABaselineNothingIsJudged() throws {
    let run = MadeUpRun(seconds: 300, requests: 50)
    let found = judge(
      [try Threshold.parse("p(95) < baseline")], confidence: .standard, run: run, generatorHealthy: true,
      generatorReasons: [])
    #expect(found.verdict == .inconclusive)
    #expect(found.findings[0].reason == "its limit is a baseline's, and none was given")
  }

  @Test func aPlanSaysThatItsBaselineIsToCome() throws {
    let found = provable(
      try Threshold.parse("p(95) < baseline"), confidence: .standard, requestsPerSecond: 10, seconds: 60)
    #expect(found.canPass)
    #expect(found.text.contains("judged against a baseline"))
  }
}
