// SPDX-License-Identifier: Apache-2.0
import Judgement
import Testing

@testable import Results

/// Rules about the target's own figures, judged on a folder: 60 s, sampled every 5 s.
@Suite struct ReadingsTests {
  private let directory = TemporaryDirectory()

  private static func sample(_ second: Int, _ metric: String, _ value: Double, _ instance: String = "hotel:7@1")
    -> TargetSample
  {
    TargetSample(second: second, source: .process, instance: instance, metric: metric, value: value)
  }

  private func finding(_ rule: String, _ samples: [TargetSample]) throws -> ThresholdRecord {
    var run = PeakRun()
    run.arrivals = [4, 1]
    run.samples = samples
    run.change = { $0.settings.thresholds = [rule] }
    return try run.judged(in: directory).thresholds[0]
  }

  private static func memory(_ seconds: some Sequence<Int>, _ value: Double) -> [TargetSample] {
    seconds.map { sample($0, TargetMetric.memory, value) }
  }

  private static let all = Array(stride(from: 0, to: 60, by: 5))

  @Test func oneSampleBeyondTheLimitBreaksARule() throws {
    let samples = Self.memory(Self.all, 100e6) + [Self.sample(59, TargetMetric.memory, 400e6, "hotel:8@1")]
    let record = try finding("memory(hotel) < 400MB @peak", samples)
    #expect(record.verdict == .fail && record.value == 400e6 && record.unit == "bytes" && record.limit == 400e6)
    #expect(record.reason.hasPrefix("hotel:8@1 had 400 MB; 1 of 13 samples"))
    #expect(try finding("memory(hotel) <= 400MB @peak", samples).verdict == .pass)
  }

  /// 12 samples are to be expected; a tenth of them may be missing.
  @Test(arguments: [(11, Verdict.pass), (10, .inconclusive)])
  func missingSamplesProveNothingGood(count: Int, verdict: Verdict) throws {
    let record = try finding("memory(hotel) < 400MB @peak", Self.memory(Self.all.prefix(count), 1e6))
    #expect(record.verdict == verdict, "\(record.reason)")
    if verdict != .pass { #expect(record.reason.hasPrefix("only 10 of 12 samples were taken")) }
    #expect(try finding("memory(hotel) < 1MB", Self.memory(Self.all.prefix(2), 1e6)).verdict == .fail)
  }

  @Test func memoryIsAShareOfItsLimit() throws {
    let limit = [Self.sample(0, TargetMetric.memoryLimit, 200e6)]
    let record = try finding("memory(hotel) < 50%", Self.memory(Self.all, 99e6) + limit)
    #expect(record.verdict == .pass && record.value == 0.495 && record.unit == "fraction")
    let without = try finding("memory(hotel) < 50%", Self.memory(Self.all, 99e6))
    #expect(without.verdict == .inconclusive && without.reason == "no memory limit of hotel is known")
  }

  @Test func processorTimeIsAShareOfTheProcessors() throws {
    // Half a processor, but for 10 s of two.
    var used = 0.0
    let samples = Self.all.map { second in
      used += (30..<40).contains(second) ? 10 : 2.5
      return Self.sample(second, TargetMetric.cpu, used)
    }
    let record = try finding("cpu(hotel) < 80% @peak", samples)
    #expect(record.verdict == .fail && record.value == 2)
    let four = try finding("cpu(hotel) < 80% @peak", samples + [Self.sample(0, TargetMetric.processors, 4)])
    #expect(four.verdict == .pass && four.value == 0.5)
  }

  @Test func aMetricIsMeantWithOrWithoutItsLabels() throws {
    let samples = Self.all.flatMap { second in
      [Self.sample(second, #"hits{code="200"}"#, 5), Self.sample(second, #"hits{code="500"}"#, 9)]
    }
    #expect(try finding(#"metric('hits{code="200"}') < 6"#, samples).verdict == .pass)
    let record = try finding(#"metric("hits") < 6"#, samples)
    #expect(record.verdict == .fail && record.reason.hasPrefix(#"hotel:7@1 {code="500"} had 9"#))
    #expect(try finding(#"metric("hit") < 6"#, samples).reason == "nothing of the name hit was sampled; there are hits")
  }

  @Test func withoutSamplesNothingIsKnown() throws {
    let record = try finding("cpu(hotel) < 80%", [])
    #expect(record.verdict == .inconclusive && record.reason == "the target was not watched in this run")
  }
}
