// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Judgement

struct PrecedenceTests {
  private static let sound = MadeUpRun(seconds: 60, requests: 100)
  private static let broken = MadeUpRun(seconds: 60, requests: 100) { _, second in
    second.answered.removeLast(30)
    second.failed = 30
  }

  @Test func failOutweighsInconclusiveOutweighsPass() {
    let (p, i, f) = (Verdict.pass, Verdict.inconclusive, Verdict.fail)
    for (verdicts, worst) in [
      ([p], p), ([p, i], i), ([i, p], i), ([f, p], f), ([i, f, p], f), ([f, i], f), ([p, p], p), ([i], i),
    ] {
      #expect(Verdict.worst(of: verdicts) == worst)
    }
    #expect(Verdict.worst(of: []) == nil)
  }

  @Test func aRunIsTheWorstOfItsFindings() throws {
    #expect(try Self.sound.judged("errors < 1%", "p(95) < 2ms").verdict == .pass)
    #expect(try Self.sound.judged("errors < 1%", "errors < 0.01%").verdict == .inconclusive)
    #expect(try Self.sound.judged("errors < 0.01%", "p(95) < 1ms", "errors < 1%").verdict == .fail)
  }

  /// rule, verdict of the finding with an unhealthy generator, on a sound and on a broken run.
  @Test(arguments: [
    ("errors < 1%", Verdict.pass, Verdict.fail), ("refused < 1%", .pass, .pass),
    ("p(95) < 2ms", .inconclusive, .inconclusive),
    ("max < 2ms", .inconclusive, .inconclusive), ("avg < 2ms", .inconclusive, .inconclusive),
    ("rate > 1/s", .inconclusive, .inconclusive), ("unsent < 1%", .inconclusive, .inconclusive),
    ("slow < 1%", .inconclusive, .inconclusive), ("p(95) < 2ms over 10s", .inconclusive, .inconclusive),
    ("errors < 1% over 10s", .pass, .fail), ("count > 1", .inconclusive, .inconclusive),
  ])
  func anUnhealthyGeneratorLeavesRulesOnAnswersOnly(_ text: String, sound: Verdict, broken: Verdict) throws {
    for (run, verdict) in [(Self.sound, sound), (Self.broken, broken)] {
      let judgement = try run.judged(text, healthy: false, reasons: ["own lag p99 was 80 ms"])
      #expect(judgement.findings[0].verdict == verdict, "\(judgement.findings[0])")
      // The run itself never passes then.
      #expect(judgement.verdict == (verdict == .fail ? .fail : .inconclusive))
      #expect(judgement.reasons == ["own lag p99 was 80 ms"])
      if verdict == .inconclusive {
        #expect(judgement.findings[0].reason.hasPrefix("the generator was not healthy (own lag p99 was 80 ms)"))
      }
    }
  }

  @Test func theGeneratorsOwnFailuresNeitherFailNorPass() throws {
    let run = MadeUpRun(seconds: 60, requests: 100) { _, second in
      second.answered.removeLast(30)
      second.failed = 30
      second.generatorFailed = 30
    }
    for confidence in [Confidence.standard, .estimate] {
      let judgement = try run.judged("errors < 1%", "p(95) < 2ms", "errors == 0", confidence: confidence)
      #expect(judgement.findings[0].verdict == .inconclusive)
      #expect(judgement.findings[2].verdict == .inconclusive)
      #expect(judgement.reasons == ["1,800 requests failed in the generator itself"])
    }
    var one = Self.sound
    one.seconds[5].failed = 1
    one.seconds[5].generatorFailed = 1
    let judgement = try one.judged("errors < 5%")
    #expect(judgement.findings[0].verdict == .pass)
    #expect(judgement.verdict == .inconclusive)
  }

  @Test func withoutThresholdsErrorsAreJudgedByEstimate() throws {
    let sound = try MadeUpRun(seconds: 5, requests: 3).judged()
    #expect(sound.verdict == .pass)
    #expect(sound.findings.map(\.expression) == ["errors < 1%"])
    #expect(sound.findings[0].confidence == .estimate)
    #expect(sound.findings[0].reason.contains("by the estimate alone"))
    #expect(sound.findings[0].reason.hasSuffix("no thresholds were written"))
    #expect(try Self.broken.judged().verdict == .fail)
    #expect(try Self.sound.judged(healthy: false).verdict == .inconclusive)
  }

  @Test(arguments: ["errors < 1%", "errors < 0.1% @peak", "p(95) < 1s", "max < 1s", "errors == 0", "avg < 1s"])
  func nothingAnsweredIsFailHoweverShort(_ text: String) throws {
    let dead = MadeUpRun(seconds: 2, requests: 0) { _, second in second.failed = 3 }
    let finding = try dead.finding(text)
    #expect(finding.verdict == .fail, "\(finding)")
    #expect(finding.reason == "nothing was answered: all 6 requests of the run failed")
    #expect(try dead.judged().verdict == .fail)
    let hung = MadeUpRun(seconds: 2, requests: 0) { _, second in second.inFlight = 3 }
    #expect(try hung.finding(text).verdict == .fail)
    // Not when the generator failed to send any.
    let ours = MadeUpRun(seconds: 2, requests: 0) { _, second in
      second.failed = 3
      second.generatorFailed = 3
    }
    #expect(try ours.judged(text).verdict != .pass)
    #expect(try !ours.finding(text).reason.hasPrefix("nothing was answered"))
  }

  @Test(arguments: [
    "errors < 1%", "p(95) < 1s", "max < 1s", "avg < 1s", "rate > 0/s", "unsent < 1%", "errors < 1% over 2s",
    "p(95) == 1s",
  ])
  func noDataIsInconclusive(_ text: String) throws {
    for confidence in [Confidence.standard, .estimate] {
      let finding = try MadeUpRun(seconds: 60, requests: 0).finding(text, confidence: confidence)
      #expect(finding.verdict == .inconclusive, "\(finding)")
      #expect(finding.value == nil)
    }
    #expect(try MadeUpRun(seconds: 0, requests: 0).judged().verdict == .inconclusive)
  }

  @Test func allFailingAmongOthersIsFail() throws {
    // The selection's requests all fail; the run's do not.
    var run = MadeUpRun(seconds: 120, requests: 50) { index, second in
      if index >= 60 {
        second.failed = 50
        second.answered = []
      }
    }
    run.phases = ["one", "two"].map {
      PhaseFacts(name: $0, isSteady: true, seconds: 60, load: .arrivals(from: 5, to: 5, mix: ""))
    }
    let finding = try run.finding("errors < 1% @two")
    #expect(finding.verdict == .fail)
    #expect(finding.value == 1)
    let late = try run.finding("p(95) < 1s @two")
    #expect(late.verdict == .fail)
    #expect(late.value == nil)
    #expect(late.reason.contains("falls among the failed ones"))
  }

  @Test func steadyPhasesArePooledOnlyWhenTheirLoadsAreEqual() throws {
    var run = MadeUpRun(seconds: 180, requests: 10) { index, second in
      if index >= 90, index % 3 == 0 {
        second.answered.removeLast()
        second.failed = 1
      }
    }
    func phases(_ second: PhaseLoad) -> [PhaseFacts] {
      [
        PhaseFacts(name: "low", isSteady: true, seconds: 90, load: .arrivals(from: 10, to: 10, mix: "")),
        PhaseFacts(name: "high", isSteady: true, seconds: 90, load: second),
      ]
    }
    run.phases = phases(.arrivals(from: 10, to: 10, mix: ""))
    let pooled = try run.finding("errors < 4% @steady")
    #expect(pooled.verdict == .pass)
    #expect(pooled.n == 1800)
    run.phases = phases(.arrivals(from: 20, to: 20, mix: ""))
    let apart = try run.finding("errors < 4% @steady")
    #expect(apart.verdict != .pass)
    #expect(apart.n == 900)
    #expect(apart.reason.hasPrefix("in phase high: "))
  }

  @Test func doubtfulBucketsCountAgainstBothVerdicts() throws {
    var run = MadeUpRun(seconds: 60, requests: 100, microseconds: 300_000)
    run.bucketError = 0.001
    // All values straddle the limit: neither proven under nor proven over it.
    #expect(try run.finding("p(95) < 300.1ms").verdict == .inconclusive)
    #expect(try run.finding("p(95) < 301ms").verdict == .pass)
    #expect(try run.finding("p(95) < 299ms").verdict == .fail)
  }

  @Test func whatStoppedTheRunFails() throws {
    var run = Self.sound
    run.brokenLive = ["errors < 50% over 10s abort"]
    let judgement = try run.judged("errors < 1%", "errors < 50% over 10s abort")
    #expect(judgement.findings.map(\.verdict) == [.pass, .fail])
    #expect(judgement.findings[1].reason.hasPrefix("it broke while the run went on and stopped it"))
  }

  @Test func higherConfidenceNeedsMore() throws {
    let run = MadeUpRun(seconds: 60, requests: 60)
    #expect(try run.finding("errors < 0.1%").verdict == .pass)
    #expect(try run.finding("errors < 0.1%", confidence: .level(0.99)).verdict == .inconclusive)
    let estimate = try run.finding("errors < 0.1%", confidence: .estimate)
    #expect(estimate.verdict == .pass)
    #expect(estimate.bound == nil)
  }
}
