// SPDX-License-Identifier: Apache-2.0
import Glibc
import Testing

@testable import Judgement

/// How failures come in a simulated run.
enum FailureProcess: Sendable, CustomTestStringConvertible {
  case independent
  /// Stretches in which requests fail, of fixed or of exponentially distributed length, starting by chance; so many are
  /// expected in a run. The share that fails within one follows from the rate that is asked for.
  case clumps(seconds: Double, expected: Double, fixed: Bool)
  /// The rate of failures itself wanders: log-normal, with that correlation time and that spread.
  case wandering(seconds: Double, spread: Double)

  var testDescription: String {
    switch self {
    case .independent: "independent"
    case .clumps(let seconds, let expected, let fixed):
      "\(Int(expected)) clumps of \(fixed ? "" : "about ")\(Int(seconds)) s"
    case .wandering(let seconds, let spread): "wandering over \(Int(seconds)) s by \(spread)"
    }
  }
}

struct SimulatedRun: Sendable, CustomTestStringConvertible {
  var requestsPerSecond: Int
  var limit: Double
  var process: FailureProcess
  var seconds = 300

  var testDescription: String { "\(process.testDescription), \(requestsPerSecond)/s, limit \(limit)" }

  /// Batches of one simulated run whose true share of failures is `share`.
  func batches(share: Double, dice: inout Dice) -> [Batch] {
    let length = batchSeconds(runSeconds: seconds)
    var result: [Batch] = []
    var failing = shares(share: share, dice: &dice)[...]
    while !failing.isEmpty {
      let events = failing.prefix(length).reduce(0) { $0 + dice.binomial(requestsPerSecond, $1) }
      result.append(Batch(n: requestsPerSecond * length, over: events))
      failing = failing.dropFirst(length)
    }
    return result
  }

  /// The probability to fail, per second.
  private func shares(share: Double, dice: inout Dice) -> [Double] {
    switch process {
    case .independent: return Array(repeating: share, count: seconds)
    case .clumps(let clump, let expected, let fixed):
      var covered = Array(repeating: 0.0, count: seconds)
      let part = expected * clump / Double(seconds)
      let gap = clump * (1 - part) / part
      // Far enough before the run that its begin is as any other moment.
      var time = -4 * (clump + gap) * (1 + dice.unit())
      while time < Double(seconds) {
        let start = time + dice.exponential(mean: gap)
        time = start + (fixed ? clump : dice.exponential(mean: clump))
        var (from, to) = (max(0, start), min(Double(seconds), time))
        while from < to {
          let second = Int(from)
          let end = min(to, Double(second + 1))
          covered[second] += end - from
          from = end
          if from >= Double(seconds) { to = from }
        }
      }
      return covered.map { $0 * min(1, share / part) }
    case .wandering(let correlation, let spread):
      let keep = exp(-1 / correlation)
      let renew = (1 - keep * keep).squareRoot()
      var level = dice.normal()
      return (0..<seconds).map { _ in
        defer { level = keep * level + renew * dice.normal() }
        return min(1, share * exp(spread * level - spread * spread / 2))
      }
    }
  }

  /// How often a run with that true share passes `share < limit` at 95 %, and how often it fails it.
  /// `passedNaively`, without a design effect, costs most of the time and is counted only when asked for.
  func verdicts(
    share: Double, runs: Int, seed: UInt64, naively: Bool = false
  ) -> (passed: Double, failed: Double, passedNaively: Double) {
    var dice = Dice(seed: seed)
    var (passed, failed, naive) = (0, 0, 0)
    for _ in 0..<runs {
      let evidence = ShareEvidence(batches(share: share, dice: &dice))
      // The bound is under the limit just when the distribution function at the limit is over the level: the same test
      // as `upper(level:) < limit` without inverting anything.
      let (n, x) = (Double(evidence.n), Double(evidence.possiblyOver))
      let d = evidence.designEffectAbove
      if x < n, incompleteBeta(limit, x / d + 1, (n - x) / d) > 0.95 { passed += 1 }
      if naively, x < n, incompleteBeta(limit, x + 1, n - x) > 0.95 { naive += 1 }
      if x > 0, incompleteBeta(limit, x / d, (n - x) / d + 1) < 0.05 { failed += 1 }
    }
    return (Double(passed) / Double(runs), Double(failed) / Double(runs), Double(naive) / Double(runs))
  }
}

struct SimulationTests {
  static let runs = 400

  static let rates = [(5, 0.05), (1000, 0.05), (100, 0.01), (1000, 0.001)]

  static let clumped: [SimulatedRun] = rates.flatMap { rate, limit in
    let processes: [FailureProcess] =
      [1.0, 2, 5, 10, 20].flatMap { seconds in
        [(5.0, true), (5, false), (10, false)].compactMap { expected, fixed -> FailureProcess? in
          // Fewer requests would have to fail than there are.
          expected * seconds < limit * 300 * 1.01
            ? nil : .clumps(seconds: seconds, expected: expected, fixed: fixed)
        }
      } + [.wandering(seconds: 5, spread: 0.5), .wandering(seconds: 10, spread: 0.5)]
    return processes.map { SimulatedRun(requestsPerSecond: rate, limit: limit, process: $0) }
  }

  /// The promise: a rate just over the limit passes in at most 8 % of 5-minute runs however its failures clump, as long
  /// as five clumps or more are to be expected in a run.
  @Test(arguments: clumped) func badRunsWithClumpedFailuresRarelyPass(_ run: SimulatedRun) {
    let result = run.verdicts(share: run.limit * 1.001, runs: Self.runs, seed: 20_260)
    // Simulation error: two standard deviations of a share of 8 % in so many runs.
    #expect(result.passed <= 0.08 + 2 * (0.08 * 0.92 / Double(Self.runs)).squareRoot())
  }

  @Test func clumpedFailuresPassWithinEightPercentOnAverageAndFarMoreWithoutDesignEffect() {
    var (passed, naive) = (0.0, 0.0)
    for run in Self.clumped {
      let result = run.verdicts(share: run.limit * 1.001, runs: 50, seed: 7, naively: true)
      passed += result.passed
      naive += result.passedNaively
    }
    let count = Double(Self.clumped.count)
    #expect(passed / count < 0.06)
    #expect(naive / count > 0.2)
  }

  @Test(arguments: rates.map { SimulatedRun(requestsPerSecond: $0.0, limit: $0.1, process: .independent) })
  func badRunsWithIndependentFailuresRarelyPass(_ run: SimulatedRun) {
    let result = run.verdicts(share: run.limit * 1.001, runs: Self.runs, seed: 3)
    #expect(result.passed <= 0.05 + 2 * (0.05 * 0.95 / Double(Self.runs)).squareRoot())
  }

  @Test(arguments: clumped.filter { $0.requestsPerSecond == 1000 })
  func goodRunsRarelyFail(_ run: SimulatedRun) {
    let result = run.verdicts(share: run.limit * 0.999, runs: Self.runs, seed: 9)
    #expect(result.failed <= 0.08 + 2 * (0.08 * 0.92 / Double(Self.runs)).squareRoot())
  }

  /// Power: the test is of no use if nothing ever passes.
  @Test(arguments: [
    (SimulatedRun(requestsPerSecond: 5, limit: 0.05, process: .independent), 0.5, 0.97),
    (SimulatedRun(requestsPerSecond: 100, limit: 0.01, process: .independent), 0.5, 0.99),
    (SimulatedRun(requestsPerSecond: 1000, limit: 0.001, process: .independent), 0.6, 0.99),
    (SimulatedRun(requestsPerSecond: 1000, limit: 0.05, process: .independent), 0.8, 0.99),
    (SimulatedRun(requestsPerSecond: 100, limit: 0.01, process: .wandering(seconds: 5, spread: 0.5)), 0.5, 0.9),
    (SimulatedRun(requestsPerSecond: 1000, limit: 0.05, process: .wandering(seconds: 10, spread: 0.5)), 0.4, 0.9),
    (
      SimulatedRun(requestsPerSecond: 1000, limit: 0.05, process: .clumps(seconds: 2, expected: 30, fixed: false)), 0.3,
      0.9
    ),
  ])
  func soundRunsMostlyPass(_ run: SimulatedRun, part: Double, atLeast: Double) {
    let result = run.verdicts(share: run.limit * part, runs: Self.runs, seed: 13)
    #expect(result.passed >= atLeast)
    #expect(result.failed <= 0.01)
  }

  /// Twice the limit must be seen: independent, and with many clumps.
  @Test(arguments: [
    SimulatedRun(requestsPerSecond: 5, limit: 0.05, process: .independent),
    SimulatedRun(requestsPerSecond: 1000, limit: 0.001, process: .wandering(seconds: 5, spread: 0.5)),
    SimulatedRun(requestsPerSecond: 1000, limit: 0.01, process: .clumps(seconds: 1, expected: 40, fixed: true)),
  ])
  func badRunsMostlyFail(_ run: SimulatedRun) {
    #expect(run.verdicts(share: run.limit * 2, runs: Self.runs, seed: 17).failed >= 0.9)
  }

  /// What no bound can mend, said aloud by `blindSpot`: rare clumps are often absent altogether, and such a run passes.
  @Test func rareStallsAreMissedAsOftenAsTheyAreAbsent() {
    let run = SimulatedRun(
      requestsPerSecond: 1000, limit: 0.01, process: .clumps(seconds: 2, expected: 1.5, fixed: true))
    let passed = run.verdicts(share: 0.01 * 1.001, runs: 1000, seed: 19).passed
    #expect(passed > 0.15 && passed < 0.3, "exp(-1.5) = 22 %: \(passed)")
  }

  /// The simulations above ask the bounds; a run is judged by `judge`. Both say the same.
  @Test func theJudgeDecidesByTheseBounds() throws {
    let run = SimulatedRun(
      requestsPerSecond: 8, limit: 0.05, process: .clumps(seconds: 3, expected: 12, fixed: false))
    let rule = try Threshold.parse("errors < 5%")
    var dice = Dice(seed: 23)
    var verdicts: Set<Verdict> = []
    for index in 0..<60 {
      let batches = run.batches(share: [0.02, 0.06, 0.15][index % 3], dice: &dice)
      let evidence = ShareEvidence(batches)
      let expected: Verdict =
        evidence.upper(level: 0.95) < 0.05 ? .pass : evidence.lower(level: 0.95) >= 0.05 ? .fail : .inconclusive
      // All that was due in five seconds, in the first of them.
      let seconds = batches.flatMap { batch in
        [MadeUpRun.Second(answered: Array(repeating: 1, count: batch.n - batch.surelyOver), failed: batch.surelyOver)]
          + Array(repeating: MadeUpRun.Second(), count: 4)
      }
      let judgement = judge(
        [rule], confidence: .standard, run: MadeUpRun(seconds), generatorHealthy: true, generatorReasons: [])
      #expect(judgement.verdict == expected)
      verdicts.insert(judgement.verdict)
    }
    #expect(verdicts.count == 3)
  }
}
