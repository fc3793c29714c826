// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Judgement

struct VerdictTests {
  /// 5 minutes, 100 requests/s of 1 ms.
  private static let sound = MadeUpRun(seconds: 300, requests: 100)

  /// One request in so many fails, evenly.
  private static func failing(oneIn: Int, seconds: Int = 300, requests: Int = 100) -> MadeUpRun {
    var count = 0
    return MadeUpRun(seconds: seconds, requests: requests) { _, second in
      for _ in 0..<requests {
        count += 1
        if count % oneIn == oneIn / 2 {
          second.answered.removeLast()
          second.failed += 1
        }
      }
    }
  }

  @Test(arguments: [
    ("errors < 0.1%", Verdict.pass), ("errors <= 0.1%", .pass), ("errors == 0", .pass), ("errors != 0", .fail),
    ("errors > 1%", .fail), ("p(95) < 2ms", .pass), ("p(99.9) <= 1ms", .pass), ("p(99) < 1ms", .fail),
    ("p(95) > 0.5ms", .pass), ("p(95) > 1ms", .fail), ("p(95) >= 1ms", .pass), ("med < 2ms", .pass),
    ("service p(95) < 0.6ms", .pass), ("service p(95) < 0.5ms", .fail), ("journey p(95) < 1s", .inconclusive),
    ("avg < 1.1ms", .pass), ("avg < 1ms", .fail), ("min >= 1ms", .pass), ("max <= 1ms", .pass), ("max < 1ms", .fail),
    ("rate > 99/s", .pass), ("rate > 100/s", .fail), ("count == 30000", .pass), ("count > 30000", .fail),
    ("slow < 1%", .pass), ("refused == 0", .pass), ("unsent < 1%", .pass), ("errors < 1% step:reservation", .pass),
    ("errors < 1% step:nothing", .inconclusive), ("errors < 1% @nothing", .inconclusive),
    ("errors < 1% @steady", .pass),
    ("errors < 10% over 10s", .pass), ("rate > 99/s over 10s", .pass), ("rate > 100/s over 10s", .fail),
    ("p(95) < 2ms over 1m", .pass), ("p(95) < 1ms over 1m", .fail), ("errors < 10% over 6m", .inconclusive),
    ("p(95) == 1ms", .pass), ("p(95) != 1ms", .fail), ("errors < 100%", .pass),
  ])
  func aSoundRun(_ text: String, verdict: Verdict) throws {
    let finding = try Self.sound.finding(text)
    #expect(finding.verdict == verdict, "\(finding)")
    #expect(finding.expression == text)
    #expect(!finding.reason.isEmpty)
  }

  @Test(arguments: [
    ("errors < 0.1%", 200, Verdict.fail), ("errors < 0.1%", 1000, .inconclusive), ("errors < 0.1%", 3000, .pass),
    ("errors < 1%", 200, .pass), ("errors < 1%", 50, .fail), ("errors < 1%", 98, .inconclusive),
    ("errors > 1%", 50, .pass), ("errors > 1%", 98, .inconclusive), ("errors > 1%", 200, .fail),
    ("errors == 0", 20_000, .fail), ("errors <= 0", 20_000, .fail), ("p(95) < 2ms", 40, .pass),
    ("p(95) < 2ms", 15, .fail),
    ("max < 2ms", 20_000, .fail), ("avg < 2ms", 2, .pass), ("p(95) > 2ms", 10, .pass),
  ])
  func evenlyFailingRuns(_ text: String, oneIn: Int, verdict: Verdict) throws {
    let finding = try Self.failing(oneIn: oneIn).finding(text)
    #expect(finding.verdict == verdict, "\(finding)")
  }

  @Test func passSaysValueBoundAndNumbers() throws {
    let finding = try Self.failing(oneIn: 3000).finding("errors < 0.1%")
    #expect(finding.n == 30_000)
    #expect(finding.value == 10.0 / 30_000)
    let upper = upperBound(
      events: 10 * finding.effectiveN / 30_000, of: finding.effectiveN, level: 0.95)
    #expect(try #require(finding.bound) == upper)
    #expect(finding.confidence == .level(0.95))
    #expect(
      finding.reason.hasPrefix("10 of 30,000 failed (0.0333 %); at most 0.0565 %"), "\(finding.reason)")
    #expect(finding.reason.hasSuffix("% with 95 % confidence, 0.1 % is the limit"), "\(finding.reason)")
  }

  @Test func inconclusiveSaysWhatWouldProveIt() throws {
    let short = MadeUpRun(seconds: 64, requests: 10)
    let finding = try short.finding("errors < 0.1%")
    #expect(finding.verdict == .inconclusive)
    #expect(finding.value == 0)
    #expect(finding.n == 640)
    #expect(
      finding.reason.hasSuffix("2,995 error-free requests are needed; 640 were made"), "\(finding.reason)")
    let late = try MadeUpRun(seconds: 60, requests: 1).finding("p(99) < 2ms")
    #expect(late.reason.hasSuffix("299 requests under 2 ms are needed; 60 were made"), "\(late.reason)")
    let some = try Self.failing(oneIn: 150, seconds: 60, requests: 20).finding("errors < 1%")
    #expect(some.verdict == .inconclusive)
    #expect(some.reason.contains("at this share about "), "\(some.reason)")
    let beyond = try Self.failing(oneIn: 98).finding("errors < 1%")
    #expect(beyond.reason.contains("nor is it proven to be beyond it"), "\(beyond.reason)")
  }

  @Test func fewerThanTwelveBatchesProveNothing() throws {
    for (seconds, verdict) in [(11, Verdict.inconclusive), (12, .pass), (59, .pass)] {
      #expect(try MadeUpRun(seconds: seconds, requests: 1000).finding("errors < 1%").verdict == verdict)
    }
    let short = MadeUpRun(seconds: 11, requests: 1000) { _, second in
      second.answered.removeLast(500)
      second.failed = 500
    }
    let finding = try short.finding("errors < 1%")
    #expect(finding.verdict == .inconclusive)
    #expect(
      finding.reason == "11 seconds were measured; 12 are needed for a verdict by confidence", "\(finding.reason)")
    #expect(try short.finding("errors < 1%", confidence: .estimate).verdict == .fail)
    // Long, but with requests in four stretches only.
    let rare = MadeUpRun(seconds: 300, requests: 0) { index, second in
      if index % 75 == 0 { second.answered = Array(repeating: 1, count: 1000) }
    }
    #expect(try rare.finding("errors < 1%").reason.contains("only 4 stretches of 5 s"))
  }

  @Test func batchesAreShorterInShortRuns() {
    for (seconds, length) in [(1, 1), (11, 1), (12, 1), (23, 1), (24, 2), (59, 4), (60, 5), (3600, 5)] {
      #expect(batchSeconds(runSeconds: seconds) == length)
      let ranges = batchRanges(seconds: seconds, batchSeconds: length)
      #expect(ranges.map(\.count).reduce(0, +) == seconds)
      #expect(ranges.allSatisfy { $0.count >= length })
      #expect(seconds < 12 || ranges.count >= 12)
    }
    #expect(batchRanges(seconds: 0, batchSeconds: 5).isEmpty)
    #expect(batchRanges(seconds: 3, batchSeconds: 5) == [0..<3])
    #expect(batchRanges(seconds: 13, batchSeconds: 5) == [0..<5, 5..<13])
  }

  @Test func nothingIsRoundedBeforeComparing() throws {
    let run = MadeUpRun(seconds: 10, requests: 100) { index, second in
      if index == 0 {
        second.answered.removeLast(10)
        second.failed = 10
      }
    }
    #expect(try run.finding("errors < 1%", confidence: .estimate).verdict == .fail)
    #expect(try run.finding("errors <= 1%", confidence: .estimate).verdict == .pass)
    #expect(try run.finding("errors < 1.0000001%", confidence: .estimate).verdict == .pass)
    let slowish = MadeUpRun(seconds: 10, requests: 100, microseconds: 299_999.7)
    let finding = try slowish.finding("avg < 299999.6us")
    #expect(finding.verdict == .fail)
    // What is printed does not look like what it is compared with.
    #expect(finding.reason.contains("299.9997 ms"), "\(finding.reason)")
  }

  @Test func clumpsWidenTheBound() throws {
    // 1 % of all requests: evenly, or all of three seconds.
    let even = try Self.failing(oneIn: 100).finding("errors < 2%")
    let clumped = try MadeUpRun(seconds: 300, requests: 100) { index, second in
      if [40, 130, 221].contains(index) {
        second.failed = 100
        second.answered = []
      }
    }.finding("errors < 2%")
    #expect(even.value == clumped.value)
    #expect(even.verdict == .pass)
    #expect(clumped.verdict == .inconclusive)
    #expect(clumped.effectiveN < even.effectiveN / 50)
    #expect(clumped.reason.contains("they came in clumps: 30,000 requests tell as much as"), "\(clumped.reason)")
  }
}
