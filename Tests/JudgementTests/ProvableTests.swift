// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Judgement

struct ProvableTests {
  private func answer(
    _ text: String, rate: Double, seconds: Int, confidence: Confidence = .standard
  ) throws -> Provability {
    provable(try Threshold.parse(text), confidence: confidence, requestsPerSecond: rate, seconds: seconds)
  }

  @Test(arguments: [
    (
      "errors < 0.1%", 5.0, 60,
      "at 5 req/s `errors < 0.1%` needs 10 min without an error; this plan of 60 s can never PASS"
    ),
    (
      "p(95) < 300ms", 0.5, 60,
      "at 0.5 req/s `p(95) < 300ms` needs 118 s without one that is at or over 300 ms or failed; this plan of 60 s can never PASS"
    ),
    (
      "errors < 1%", 1000, 10,
      "at 1,000 req/s `errors < 1%` needs 12 s without an error; this plan of 10 s can never PASS"
    ),
    ("errors < 1%", 0, 10, "`errors < 1%` needs requests and gets none; this plan of 10 s can never PASS"),
    (
      "errors < 1% over 20s", 10, 10,
      "`errors < 1% over 20s` needs one whole window of 20 s; this plan of 10 s can never PASS"
    ),
    ("rate > 50/s", 40, 60, "`rate > 50/s` needs more than the 40 req/s offered; this plan of 60 s can never PASS"),
    (
      "count >= 5000", 40, 60,
      "`count >= 5000` needs more than the 2,400 requests planned; this plan of 60 s can never PASS"
    ),
  ])
  func cannotPass(_ text: String, rate: Double, seconds: Int, expected: String) throws {
    let answer = try answer(text, rate: rate, seconds: seconds)
    #expect(!answer.canPass)
    #expect(answer.text == expected)
    #expect(answer.eventsAllowed == nil)
  }

  @Test(arguments: [
    (
      "errors < 0.1%", 5.0, 600, 0,
      "`errors < 0.1%` can PASS if none of about 3,000 requests fail"
    ),
    (
      "p(95) < 300ms", 10, 60, 20,
      "`p(95) < 300ms` can PASS if at most 20 of about 600 requests are at or over 300 ms or failed, fewer if they come in clumps"
    ),
  ])
  func canPass(_ text: String, rate: Double, seconds: Int, allowed: Int, expected: String) throws {
    let answer = try answer(text, rate: rate, seconds: seconds)
    #expect(answer.canPass)
    #expect(answer.eventsAllowed == allowed)
    #expect(answer.text == expected)
  }

  @Test func estimatesCanAlwaysPass() throws {
    for text in ["avg < 1s", "errors == 0", "errors < 5% over 10s", "rate > 10/s"] {
      #expect(try answer(text, rate: 20, seconds: 60).canPass)
    }
    #expect(try answer("errors < 0.001%", rate: 20, seconds: 60, confidence: .estimate).canPass)
  }

  /// Said before the run and judged after it: the same.
  @Test func agreesWithTheVerdictOfAnErrorFreeRun() throws {
    for text in ["errors < 0.1%", "errors <= 1%", "p(99) < 2ms", "p(50) < 2ms", "slow < 5%"] {
      for (rate, seconds) in [(1, 12), (1, 60), (5, 59), (5, 60), (10, 300), (50, 60), (3, 11)] {
        let run = MadeUpRun(seconds: seconds, requests: rate)
        let canPass = try answer(text, rate: Double(rate), seconds: seconds).canPass
        #expect(try (run.finding(text).verdict == .pass) == canPass, "\(text) at \(rate)/s for \(seconds) s")
      }
    }
  }

  @Test(arguments: [
    (
      15,
      "A run of 15 s sees what comes once in 5 s or more often (95 % sure); a stall once an hour escapes over 99 % of such runs."
    ),
    (
      60,
      "A run of 60 s sees what comes once in 20 s or more often (95 % sure); a stall once an hour escapes 98 % of such runs."
    ),
    (
      300,
      "A run of 5 min sees what comes once in 100 s or more often (95 % sure); a stall once an hour escapes 92 % of such runs."
    ),
    (
      36_000,
      "A run of 10 h sees what comes once in 3 h 20 min or more often (95 % sure); a stall once a day escapes 66 % of such runs."
    ),
    (0, "Nothing was measured, so nothing was seen."),
  ])
  func blindSpots(_ seconds: Int, expected: String) {
    #expect(blindSpot(seconds: seconds) == expected)
  }

  @Test func theWorstWindowIsTheWorst() throws {
    var batches = Array(repeating: Batch(n: 10, over: 1), count: 100)
    #expect(worstWindow(of: batches, seconds: 30) == WorstWindow(startSecond: 0, n: 300, over: 30))
    batches[50] = Batch(n: 10, possiblyOver: 9, surelyOver: 2)
    #expect(worstWindow(of: batches, seconds: 30) == WorstWindow(startSecond: 21, n: 300, over: 38))
    #expect(worstWindow(of: batches, seconds: 1)?.startSecond == 50)
    #expect(worstWindow(of: batches, seconds: 1000) == WorstWindow(startSecond: 0, n: 1000, over: 108))
    #expect(worstWindow(of: [], seconds: 30) == nil)
    #expect(worstWindow(of: [Batch(n: 0, over: 0)], seconds: 30) == nil)
  }

  @Test func windowSumsAreSums() {
    #expect(windowSums([1, 2, 3, 4], 2) == [3, 5, 7])
    #expect(windowSums([1, 2, 3, 4], 4) == [10])
    #expect(windowSums([1, 2, 3, 4], 5) == [])
    #expect(windowSums([], 1) == [])
    #expect(windowSums([1], 0) == [])
  }
}

struct WordingTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (2995, "2,995"), (1_234_567, "1,234,567"), (-12_345, "-12,345"),
  ])
  func counts(_ value: Int, text: String) {
    #expect(Wording.count(value) == text)
  }

  @Test(arguments: [
    (0.0, "0"), (0.1, "0.1"), (0.0333333, "0.0333"), (5, "5"), (12.345, "12.3"), (123.45, "123"), (1234.5, "1,235"),
    (99.96, "100"), (0.000000123, "0.000000123"), (1e14, "100,000,000,000,000"), (.infinity, "infinite"),
    (-2.5, "-2.5"),
  ])
  func numbers(_ value: Double, text: String) {
    #expect(Wording.number(value) == text)
  }

  @Test func valuesNearALimitDoNotLookLikeIt() {
    #expect(Wording.share(0.00099999, apartFrom: 0.001) == "0.099999 %")
    #expect(Wording.share(0.001, apartFrom: 0.001) == "0.1 %")
    #expect(Wording.time(300_031, apartFrom: 300_000) == "300.03 ms")
    #expect(Wording.time(850) == "850 us")
    #expect(Wording.time(1_234_567) == "1.23 s")
  }

  @Test(arguments: [
    (0.2, "1 s"), (60, "60 s"), (119, "119 s"), (120, "2 min"), (599, "10 min"), (3600, "60 min"), (7200, "2 h"),
    (8000, "2 h 14 min"), (1e13, "longer than anyone can wait"),
  ])
  func durations(_ seconds: Double, text: String) {
    #expect(Wording.duration(seconds) == text)
  }

  @Test func wordsThatAreNear() {
    #expect(nearest(to: "erros", among: ["errors", "rate"]) == "errors")
    #expect(nearest(to: "raet", among: ["errors", "rate"]) == "rate")
    #expect(nearest(to: "zzz", among: ["errors", "rate"]) == nil)
    #expect(nearest(to: "", among: ["errors"]) == nil)
    #expect(nearest(to: "x", among: []) == nil)
    #expect(nearest(to: "x", among: [""]) == "")
  }

  @Test func stepPatternsCoverWholeNames() {
    #expect(Selection(step: "a").includes(step: "a/b"))
    #expect(Selection(step: "a/b").includes(step: "a/b"))
    #expect(!Selection(step: "a").includes(step: "ab/c"))
    #expect(!Selection(step: "a/b").includes(step: "a/bc"))
    #expect(!Selection(step: "a/b").includes(step: "a"))
    #expect(Selection().includes(step: "anything/at-all"))
  }
}
