// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Judgement

struct LiveWatchTests {
  /// The first second (from 0) at whose end the rule is broken; nil when it never is.
  private func broken(_ text: String, _ seconds: [LiveWatch.Second]) throws -> Int? {
    var watch = try #require(LiveWatch(try Threshold.parse(text)))
    for (index, second) in seconds.enumerated() where watch.feed(second) { return index }
    return nil
  }

  @Test func onlyRulesThatAbortAreWatched() throws {
    #expect(LiveWatch(try Threshold.parse("errors < 1%")) == nil)
    #expect(LiveWatch(try Threshold.parse("errors < 1% over 10s")) == nil)
    #expect(LiveWatch(try Threshold.parse("errors < 1% over 10s abort")) != nil)
  }

  @Test func theOverloadStopNeedsTenSecondsOfMostlyErrors() throws {
    let bad = LiveWatch.Second(n: 10, failed: 6)
    let good = LiveWatch.Second(n: 10)
    let rule = Threshold.overloadStop.text
    #expect(try broken(rule, Array(repeating: bad, count: 9)) == nil)
    #expect(try broken(rule, Array(repeating: bad, count: 10)) == 9)
    #expect(try broken(rule, Array(repeating: good, count: 100)) == nil)
    // 60 % for 8 of 10 seconds are 48 %; for 9 of them 54 %.
    #expect(
      try broken(rule, Array(repeating: good, count: 30) + Array(repeating: bad, count: 8) + [good, good]) == nil)
    #expect(try broken(rule, Array(repeating: good, count: 30) + Array(repeating: bad, count: 9)) == 38)
    // Exactly half is not more than half.
    #expect(try broken(rule, Array(repeating: LiveWatch.Second(n: 10, failed: 5), count: 50)) == nil)
  }

  @Test func nothingCompletedSaysNothingAboutShares() throws {
    var watch = try #require(LiveWatch(.overloadStop))
    for _ in 0..<30 { _ = watch.feed(LiveWatch.Second(n: 0)) }
    #expect(!watch.isBroken)
    #expect(watch.value == nil)
    // But the answered rate is 0 then.
    #expect(try broken("rate > 1/s over 5s abort", Array(repeating: LiveWatch.Second(n: 0), count: 9)) == 4)
  }

  @Test(arguments: [
    ("p(95) < 300ms over 2s abort", LiveWatch.Second(n: 100, over: 5), LiveWatch.Second(n: 100, over: 4)),
    ("slow < 1% over 2s abort", LiveWatch.Second(n: 100, over: 1), LiveWatch.Second(n: 1000, over: 9)),
    ("rate >= 50/s over 2s abort", LiveWatch.Second(n: 60, failed: 11), LiveWatch.Second(n: 60, failed: 10)),
    ("errors == 0 over 2s abort", LiveWatch.Second(n: 100, failed: 1), LiveWatch.Second(n: 100, over: 9)),
    ("errors <= 50% over 2s abort", LiveWatch.Second(n: 3, failed: 2), LiveWatch.Second(n: 4, failed: 2)),
  ])
  func breaksJustBeyondItsLimit(_ text: String, bad: LiveWatch.Second, good: LiveWatch.Second) throws {
    #expect(try broken(text, [bad, bad]) == 1)
    #expect(try broken(text, [good, good, good]) == nil)
  }

  @Test func brokenOnceIsBrokenForGood() throws {
    var watch = try #require(LiveWatch(try Threshold.parse("errors < 10% over 1s abort")))
    let answers = [watch.feed(LiveWatch.Second(n: 1, failed: 1)), watch.feed(LiveWatch.Second(n: 100))]
    #expect(answers == [true, true])
    #expect(watch.value == 0)
    #expect(watch.isBroken)
  }

  /// Second by second the same as adding up the window anew.
  @Test func sumsAreThoseOfTheWindow() throws {
    var dice = Dice(seed: 31)
    var watch = try #require(LiveWatch(try Threshold.parse("errors <= 100% over 7s abort")))
    var seconds: [LiveWatch.Second] = []
    for _ in 0..<200 {
      let n = dice.index(below: 4)
      seconds.append(LiveWatch.Second(n: n, failed: dice.index(below: n + 1)))
      let isBroken = watch.feed(seconds[seconds.count - 1])
      #expect(!isBroken)
      let window = seconds.suffix(7)
      let sum = window.reduce(0) { $0 + $1.n }
      let expected =
        window.count < 7 || sum == 0 ? nil : Double(window.reduce(0) { $0 + $1.failed }) / Double(sum)
      #expect(watch.value == expected)
    }
  }
}
