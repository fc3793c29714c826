// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Judgement

/// Rules on replies: counts by count, shares and times by confidence.
struct ReplyRuleTests {
  /// 60 s with ten replies of 400 ms each; `change` spoils seconds.
  private func run(
    _ change: (Int, inout ReplyTotals) -> Void = { _, _ in }
  ) -> MadeUpRun {
    MadeUpRun(seconds: 60, requests: 10, microseconds: 400_000) { index, second in
      second.replies.awaited = 10
      second.replies.came = 10
      change(index, &second.replies)
    }
  }

  @Test(arguments: [
    ("replies lost == 0", Verdict.pass), ("replies duplicated == 0", .pass), ("replies late < 1%", .pass),
    ("replies lost != 0", .fail), ("replies late > 5%", .fail), ("reply p(95) < 1s", .pass),
    ("reply p(95) < 300ms", .fail), ("reply max < 1s", .pass), ("reply avg <= 400ms", .pass),
    ("replies lost < 0.01%", .inconclusive), ("replies late < 1% over 10s", .pass),
  ]) func aSoundRun(_ text: String, verdict: Verdict) throws {
    #expect(try run().finding(text).verdict == verdict)
  }

  @Test func oneLostReplyBreaksTheRuleThatForbidsIt() throws {
    let run = run { index, replies in
      if index == 7 {
        replies.came = 9
        replies.lost = 1
      }
    }
    let finding = try run.finding("replies lost == 0")
    #expect(finding.verdict == .fail && finding.value == 1 && finding.n == 600)
    #expect(finding.reason == "1 lost, of 600 replies awaited, by count")
    #expect(try run.finding("replies lost <= 1").verdict == .pass)
    #expect(try run.finding("replies lost < 5%").verdict == .pass)
    // The lost one is beyond every limit.
    #expect(try run.finding("reply max < 1h").verdict == .fail)
  }

  @Test func moreRepliesThanMessagesAreCountedAll() throws {
    let run = run { _, replies in replies.duplicated = 12 }
    #expect(try run.finding("replies duplicated == 0").value == 720)
    #expect(try run.finding("replies duplicated < 5%").verdict == .fail)
  }

  /// What was still to come when the run was cut is neither lost nor there.
  @Test func openRepliesProveNothing() throws {
    let run = run { index, replies in
      if index >= 50 {
        replies.came = 5
        replies.open = 5
      }
    }
    #expect(try run.finding("replies lost == 0").verdict == .inconclusive)
    #expect(try run.finding("replies duplicated == 0").verdict == .pass)
    #expect(try run.finding("replies lost < 1%").verdict == .inconclusive)
  }

  @Test func withoutRepliesNothingIsProven() throws {
    let run = MadeUpRun(seconds: 60, requests: 10)
    for text in ["replies lost == 0", "replies late < 1%", "reply p(95) < 1s", "reply avg < 1s"] {
      let finding = try run.finding(text)
      #expect(finding.verdict == .inconclusive || text == "reply avg < 1s", "\(text)")
      if text != "reply avg < 1s" { #expect(finding.reason == "nothing was measured: no reply was awaited here") }
    }
  }

  @Test func countsStandWhenTheGeneratorWasUnhealthy() throws {
    #expect(try run().finding("replies lost == 0", healthy: false).verdict == .pass)
    #expect(try run().finding("reply p(95) < 1s", healthy: false).verdict == .inconclusive)
  }

  @Test func whatAPlanCanProve() throws {
    func text(_ rule: String, perSecond: Double = 10) throws -> Provability {
      provable(try Threshold.parse(rule), confidence: .standard, requestsPerSecond: perSecond, seconds: 60)
    }
    #expect(try text("replies lost == 0").text == "`replies lost == 0` is judged by its count, of about 600 replies")
    #expect(try text("replies lost == 0").canPass)
    #expect(try !text("replies lost == 0", perSecond: 0).canPass)
    #expect(
      try text("reply p(95) < 3s").text
        == "`reply p(95) < 3s` can PASS if at most 20 of about 600 replies are at or over 3 s or lost, fewer if they come in clumps"
    )
    #expect(try !text("replies late < 0.1%").canPass)
  }
}
