// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Results

/// P-005, by folders that were made up: long ones of few requests.
@Suite struct SoakItemTests {
  private let directory = TemporaryDirectory()

  private static let limit = 512e6
  /// A tenth of the limit in a day, as bytes per second.
  private static let allowed = limit / 10 / 86_400

  /// Memory of an instance every 30 s, and its limit.
  private static func samples(
    _ seconds: Range<Int>, instance: String = "hotel:7@100", limit: Double? = limit, _ bytes: (Int) -> Double
  ) -> [TargetSample] {
    stride(from: seconds.lowerBound, to: seconds.upperBound, by: 30).flatMap { second in
      var rows = [
        TargetSample(
          second: second, source: .process, instance: instance, metric: TargetMetric.memory, value: bytes(second))
      ]
      if let limit {
        rows.append(
          TargetSample(
            second: second, source: .process, instance: instance, metric: TargetMetric.memoryLimit, value: limit))
      }
      return rows
    }
  }

  /// Steady memory with a scatter of its own.
  private static func flat(_ second: Int) -> Double { 80e6 + Double(second * 7919 % 31) * 100 }

  private func item(
    _ samples: [TargetSample], seconds: Int = 3600, _ change: (inout PeakRun) -> Void = { _ in }
  ) throws -> ItemRecord {
    var run = PeakRun()
    run.seconds = seconds
    run.arrivals = [4, 1]
    run.samples = samples
    run.everyMilliseconds = 30_000
    run.change = { record in
      record.peak?.arrivalsPerSecond = 5
      record.plan.phases[0].from = 5
      record.plan.phases[0].to = 5
    }
    change(&run)
    return try #require(run.items(in: directory)["P-005"])
  }

  @Test func anHourOfFlatMemoryPasses() throws {
    let item = try item(Self.samples(0..<3600, Self.flat))
    #expect(item.status == .pass, "\(item.reason)")
    #expect(item.unit == .bytesPerDay && item.limit == Self.limit / 10 && item.part == "hotel:7@100")
    #expect(try #require(item.bound) < Self.limit / 10)
    #expect(item.reason.contains("no restart") && item.reason.contains("held in every window of 5 min"))
  }

  @Test func oneSecondLessIsPending() throws {
    let item = try item(Self.samples(0..<3599, Self.flat), seconds: 3599)
    #expect(item.status == .pending)
    #expect(item.reason.hasPrefix("3,599 of 3,600 s"))
  }

  /// Twice the growth that is allowed fails, half of it passes.
  @Test(arguments: [(2.0, ItemStatus.fail), (0.5, .pass)])
  func aLeakIsHeldAgainstATenthOfTheLimitADay(factor: Double, status: ItemStatus) throws {
    let item = try item(Self.samples(0..<3600) { Self.flat($0) + factor * Self.allowed * Double($0) })
    #expect(item.status == status, "\(item.reason)")
    #expect(item.unit == .bytesPerDay)
    let value = try #require(item.value)
    #expect(abs(value / (factor * Self.limit / 10) - 1) < 0.1)
  }

  @Test func aLeakFailsBeforeTheHourIsOver() throws {
    let item = try item(Self.samples(0..<2400) { Self.flat($0) + 20_000 * Double($0) }, seconds: 2400)
    #expect(item.status == .fail, "\(item.reason)")
    #expect(item.reason.hasPrefix("memory of hotel grows by 1.73 GB a day"))
  }

  @Test func tooFewMediansAreNoProof() throws {
    let item = try item(Self.samples(0..<2399) { Self.flat($0) + 20_000 * Double($0) }, seconds: 2399)
    #expect(item.status == .pending)
    #expect(item.reason.contains("from 6 medians of 5 min after the first 10 min; there are 5"))
  }

  @Test func aRestartFails() throws {
    let item = try item(
      Self.samples(0..<400, Self.flat) + Self.samples(420..<900, instance: "hotel:9@500", Self.flat), seconds: 900)
    #expect(item.status == .fail)
    #expect(item.reason.contains("hotel was started again by second 420"))
  }

  @Test func aRestartCountedByTheEngineFails() throws {
    let counts = [(10, 2.0), (500, 3.0)].map { second, value in
      TargetSample(
        second: second, source: .container, instance: "api:1a2b@x", metric: TargetMetric.restarts, value: value)
    }
    let item = try item(Self.samples(0..<900, Self.flat) + counts, seconds: 900)
    #expect(item.status == .fail && item.reason.contains("api was restarted 1 times by its policy"))
  }

  /// A source that does not tell when it was started shows it by its counters.
  @Test func aCounterThatFallsIsNoProofOfAnUnbrokenHour() throws {
    func counter(_ metric: String) -> [TargetSample] {
      stride(from: 0, to: 3600, by: 30).map { second in
        TargetSample(
          second: second, source: .scrape, instance: "api:8080", metric: metric,
          value: Double(second < 1800 ? second : second - 1800))
      }
    }
    let samples = Self.samples(0..<3600, Self.flat)
    let item = try item(samples + counter(#"http_requests_total{code="200"}"#))
    #expect(item.status == .pending)
    #expect(item.reason.contains("of api:8080 fell by second 1800: it was started again, or several answer"))
    #expect(try self.item(samples + counter("sessions")).status == .pass)
  }

  @Test func replicasThatTakeTurnsAreNoRestart() throws {
    var samples: [TargetSample] = []
    for second in stride(from: 0, to: 900, by: 30) {
      samples += Self.samples(second..<second + 1, instance: "hotel:\(second / 30 % 2)@1", Self.flat)
    }
    #expect(try item(samples, seconds: 900).status == .pending)
  }

  @Test func withoutSamplesOrLimitItIsPending() throws {
    #expect(try item([], seconds: 600).reason.contains("the target's memory and restarts were not watched"))
    let item = try item(Self.samples(0..<600, limit: nil, Self.flat), seconds: 600)
    #expect(item.status == .pending && item.reason.contains("no memory limit of hotel is known"))
  }

  @Test func fiveMinutesWithoutASampleAreAGap() throws {
    let item = try item(Self.samples(0..<1500, Self.flat) + Self.samples(1800..<3600, Self.flat))
    #expect(item.status == .pending)
    #expect(item.reason.contains("memory of hotel is not known in 1 of 10 stretches of 5 min"))
  }

  /// A sample now and then does not stand for five minutes: the source was unreadable for most of the run.
  @Test func fewSamplesAreAGap() throws {
    let samples = Self.samples(0..<3600, Self.flat).filter { $0.second % 300 < 60 }
    let item = try item(samples)
    #expect(item.status == .pending)
    #expect(item.reason.contains("memory of hotel is not known in 10 of 10 stretches of 5 min"))
  }

  /// Replicas behind one address take turns: each has a part of the samples.
  @Test func replicasShareTheSamples() throws {
    var samples: [TargetSample] = []
    for second in stride(from: 0, to: 3600, by: 30) {
      samples += Self.samples(second..<second + 1, instance: "hotel:\(second / 30 % 3)@1", Self.flat)
    }
    #expect(try item(samples).status == .pass)
  }

  /// Thirteen phases of under five minutes hold no window in which anything could be asked.
  @Test func phasesShorterThanAWindowAreNoSoak() throws {
    let item = try item(Self.samples(0..<3600, Self.flat)) { run in
      let change = run.change
      run.change = { record in
        change(&record)
        let whole = record.plan.phases[0]
        record.plan.phases = (0..<15).map { index in
          var phase = whole
          phase.name = index == 0 ? whole.name : "\(whole.name)\(index)"
          (phase.start, phase.seconds, phase.plannedSeconds) = (index * 240, 240, 240)
          return phase
        }
      }
    }
    #expect(item.status == .pending)
    #expect(item.reason.contains("no phase is as long as a window of 5 min"))
  }

  /// A journey that stops being sent holds nothing in what is left of the hour.
  @Test func whatIsNotSentHoldsNothing() throws {
    let item = try item(Self.samples(0..<3600, Self.flat)) { run in run.silentFrom = 1500 }
    #expect(item.status == .pending)
    #expect(item.reason.contains("book/search was not sent in 7 of 12 stretches of 5 min"))
  }

  /// Two errors in one window of 1,800 requests: 0.11 %, however good the rest of the hour.
  @Test func oneBadWindowFails() throws {
    let item = try item(Self.samples(0..<900, Self.flat), seconds: 900) { run in
      run.failures = { step, second in step == 0 && (second == 400 || second == 500) ? 1 : 0 }
    }
    #expect(item.status == .fail)
    #expect(item.reason.contains("all requests errors: broken in"))
  }

  @Test func aRunWithoutAWholeWindowSaysNothingOfThem() throws {
    let item = try item([], seconds: 299) { run in run.failures = { _, _ in 1 } }
    #expect(item.status == .pending)
  }
}
