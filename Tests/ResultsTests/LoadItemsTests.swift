// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Results

/// What load runs mark, boundary by boundary, on folders that were made up.
@Suite struct LoadItemsTests {
  private let directory = TemporaryDirectory()

  private func items(_ run: PeakRun) throws -> [String: ItemRecord] { try run.items(in: directory) }

  private static func statuses(_ items: [String: ItemRecord]) -> [String: ItemStatus] { items.mapValues(\.status) }

  // MARK: a healthy peak

  @Test func aHealthyDemoPeakMarksAllButTheSoak() throws {
    let items = try items(PeakRun())
    #expect(
      Self.statuses(items) == [
        "P-001": .pass, "P-002": .pass, "P-003": .pass, "P-004": .pending, "P-005": .pending, "P-013": .pass,
        "F-003": .pending,
      ])
    // 20 a second of book journeys' steps: 2,400 requests cannot prove 0.1 %.
    #expect(items["P-004"]?.reason.contains("2,995 error-free requests are needed; 2,400 were made") == true)
    #expect(items["P-004"]?.part == "book")
    #expect(items["P-005"]?.reason.hasPrefix("60 of 3,600 s") == true)
    #expect(items.values.allSatisfy { $0.reason.hasSuffix("; DEMO") })
    #expect(items["P-002"]?.command == "gonogo load 'a plan.yaml' --env staging")
  }

  @Test func boundsStandBesideTheFigures() throws {
    var run = PeakRun()
    run.arrivals = [60, 40]
    run.change = { record in
      record.peak?.mix = [MixRecord(scenario: "fast", share: 0.6), MixRecord(scenario: "book", share: 0.4)]
    }
    let items = try items(run)
    #expect(Self.statuses(items).filter { $0.value != .pass }.keys.sorted() == ["P-005"])
    let p95 = try #require(items["P-002"])
    #expect(p95.part == "book/pay" && p95.limit == 1000 && p95.unit == .milliseconds && p95.n == 8400)
    #expect(try #require(p95.value) <= #require(p95.bound))
    let errors = try #require(items["P-004"])
    #expect(errors.value == 0 && errors.limit == 0.001 && errors.unit == .fraction)
    #expect(try #require(errors.bound) < 0.001)
    #expect(items["F-003"]?.reason == "P-001, P-002, P-003 and P-004 are PASS in this run; DEMO")
    #expect(items["P-013"]?.reason.contains("baseline.json") == true)
  }

  // MARK: P-001

  @Test(arguments: [(59, true, false), (60, true, true), (599, false, false), (600, false, true)])
  func thePeakIsHeldLongEnough(seconds: Int, demo: Bool, holds: Bool) throws {
    var run = PeakRun()
    run.seconds = seconds
    run.change = { $0.demo = demo }
    let item = try #require(items(run)["P-001"])
    #expect(item.status == (holds ? .pass : .pending))
    #expect(item.value == Double(seconds))
    if !holds { #expect(item.reason.hasPrefix("the declared peak was held for \(seconds) of")) }
  }

  @Test(arguments: [(98.9, false), (99.0, true), (101, true)])
  func theRateIsTheDeclaredOne(rate: Double, holds: Bool) throws {
    var run = PeakRun()
    run.change = { record in
      record.plan.phases[0].from = rate
      record.plan.phases[0].to = rate
    }
    let items = try items(run)
    #expect(items["P-001"]?.status == (holds ? .pass : .pending))
    #expect(items["P-002"]?.status == (holds ? .pass : .pending))
    if !holds { #expect(items["P-002"]?.reason.contains("the declared peak is 100 arrivals/s") == true) }
  }

  @Test(arguments: [([80, 20], true), ([79, 21], true), ([70, 30], false), ([100, 0], false)])
  func theMixIsTheDeclaredOne(arrivals: [Int], holds: Bool) throws {
    var run = PeakRun()
    run.arrivals = arrivals
    let items = try items(run)
    #expect(items["P-001"]?.status == (holds ? .pass : .pending))
    if !holds { #expect(items["P-001"]?.reason.contains("the mix was not the declared one") == true) }
  }

  @Test func aPeakWithoutAMixProvesNothing() throws {
    var run = PeakRun()
    run.change = { $0.peak?.mix = nil }
    let item = try #require(items(run)["P-001"])
    #expect(item.status == .pending)
    #expect(item.reason.contains("declares no mix: it would be `mix: {fast: 80%, book: 20%}`"))
  }

  @Test func withoutADeclaredPeakNothingIsMarked() throws {
    var run = PeakRun()
    run.failures = { _, _ in 10 }
    run.change = { $0.peak = nil }
    let items = try items(run)
    #expect(items.values.allSatisfy { $0.status == .pending })
    #expect(items["P-004"]?.reason.contains("no expected peak is declared") == true)
  }

  @Test(arguments: [(0, true), (1, false)])
  func arrivalsAreOnSchedule(unsent: Int, holds: Bool) throws {
    var run = PeakRun()
    run.unsent = unsent
    let item = try #require(items(run)["P-001"])
    #expect(item.status == (holds ? .pass : .pending))
    if !holds { #expect(item.reason.contains("98 % of the arrivals were on schedule; 99 % must be")) }
  }

  @Test func aGeneratorThatIsNotHealthyMarksNothing() throws {
    var run = PeakRun()
    run.ownLagMicroseconds = 50_000
    let items = try items(run)
    #expect(items.values.allSatisfy { $0.status == .pending })
    #expect(items["P-002"]?.reason.hasPrefix("the generator was not healthy: own lag p99") == true)
  }

  @Test func usersProveNothing() throws {
    var run = PeakRun()
    run.change = { $0.plan.model = "closed" }
    let items = try items(run)
    #expect(items.values.allSatisfy { $0.status == .pending })
    #expect(items["P-001"]?.reason.hasPrefix("closed model: users wait") == true)
  }

  @Test func anInterruptedRunProvesNothingGood() throws {
    var run = PeakRun()
    run.change = { $0.interrupted = true }
    let items = try items(run)
    #expect(items.values.allSatisfy { $0.status == .pending })
    #expect(items["P-002"]?.reason.contains("the run was interrupted") == true)
  }

  @Test func anEstimateMarksNothing() throws {
    var run = PeakRun()
    run.change = { $0.settings.confidence = nil }
    let items = try items(run)
    #expect(items.values.allSatisfy { $0.status == .pending })
    #expect(items["P-003"]?.reason.contains("confidence: estimate") == true)
  }

  // MARK: P-002 to P-004

  @Test func aSlowStepInAFastMixFailsByItsName() throws {
    var run = PeakRun()
    // 120 requests a second, 2 of them of the slow step: 1.7 % of all, under the 5 % that p95 allows.
    run.arrivals = [98, 2]
    run.change = { record in
      record.peak?.mix = [MixRecord(scenario: "fast", share: 0.98), MixRecord(scenario: "book", share: 0.02)]
    }
    run.microseconds = { step, _ in step == 2 ? 1_500_000 : 20_000 }
    let items = try items(run)
    let item = try #require(items["P-002"])
    #expect(item.status == .fail && item.part == "book/pay" && item.n == 120)
    #expect(item.reason.hasPrefix("book/pay p95 1.5 s (at least 1.5 s with 95 % confidence) of 120 requests"))
    #expect(items["F-003"]?.status == .fail && items["F-003"]?.part == "book/pay")
  }

  @Test func aProbeMayBeSlow() throws {
    var run = PeakRun()
    run.microseconds = { step, _ in step == 2 ? 1_500_000 : 20_000 }
    run.arrivals = [98, 2]
    run.change = { record in
      record.plan.steps[2].probe = true
      record.peak?.mix = [MixRecord(scenario: "fast", share: 0.98), MixRecord(scenario: "book", share: 0.02)]
    }
    #expect(try items(run)["P-002"]?.status == .pass)
  }

  @Test func aStepThatWasNeverSentIsNoProof() throws {
    var run = PeakRun()
    run.change = { record in
      record.plan.steps.append(StepRecord(scenario: "book", step: "cancel", perJourney: 1))
      record.plan.steps.append(StepRecord(scenario: "book", step: "login", perJourney: 0))
    }
    let item = try #require(items(run)["P-002"])
    #expect(item.status == .pending && item.part == "book/cancel")
    #expect(!item.reason.contains("login"))
  }

  @Test(arguments: [(999_000, 1_999_000, ItemStatus.pass, ItemStatus.pass), (1_000_000, 2_000_000, .fail, .fail)])
  func theLimitsAreOneAndTwoSeconds(p95: Int, p99: Int, first: ItemStatus, second: ItemStatus) throws {
    var run = PeakRun()
    run.microseconds = { _, _ in Int64(p95) - (p95 == 999_000 ? 2000 : -2000) }
    #expect(try items(run)["P-002"]?.status == first)
    run.microseconds = { _, _ in Int64(p99) - (p99 == 1_999_000 ? 2000 : -2000) }
    #expect(try items(run)["P-003"]?.status == second)
  }

  @Test func clumpedErrorsOfOnePercentFail() throws {
    var run = PeakRun()
    // 1 % of all in four clumps of a second.
    run.failures = { step, second in second % 15 == 7 ? [12, 3, 3][step] : 0 }
    let items = try items(run)
    #expect(items["P-004"]?.status == .fail)
    #expect(items["F-003"]?.status == .fail)
    #expect(items["F-003"]?.reason.hasPrefix("P-004 is FAIL: ") == true)
    #expect(items["P-001"]?.status == .pass)
  }

  @Test func errorsOfOneJourneyFail() throws {
    var run = PeakRun()
    run.arrivals = [990, 10]
    run.change = { record in
      record.peak = PeakRecord(
        rate: "1000 arrivals/s", arrivalsPerSecond: 1000, source: "x", by: "ops",
        mix: [MixRecord(scenario: "fast", share: 0.99), MixRecord(scenario: "book", share: 0.01)])
    }
    run.failures = { step, second in step == 2 && second % 3 == 0 ? 1 : 0 }
    let item = try #require(items(run)["P-004"])
    #expect(item.status == .fail && item.part == "book")
    #expect(item.reason.contains("book errors 1.67 %"))
  }

  @Test func twoHundredRequestsAreTooFew() throws {
    var run = PeakRun()
    run.seconds = 20
    run.arrivals = [8, 1]
    run.change = { record in
      record.peak = PeakRecord(
        rate: "9 arrivals/s", arrivalsPerSecond: 9, source: "x", by: "ops",
        mix: [MixRecord(scenario: "fast", share: 8.0 / 9), MixRecord(scenario: "book", share: 1.0 / 9)])
    }
    let items = try items(run)
    #expect(items["P-004"]?.status == .pending)
    #expect(
      items["P-004"]?.reason.contains("all requests: 2,995 error-free requests are needed; 200 were made") == true)
    #expect(items["P-002"]?.reason.contains("59 requests under 1 s are needed; 20 were made") == true)
    #expect(items["F-003"]?.status == .pending)
  }

  /// A broken rule counts at the declared load and below, not above it.
  @Test(arguments: [(100.0, ItemStatus.fail), (200, .fail), (50, .pending)])
  func onlyLoadThatWasExpectedCanFail(declared: Double, status: ItemStatus) throws {
    var run = PeakRun()
    run.failures = { step, _ in step == 0 ? 8 : 0 }
    run.change = { $0.peak?.arrivalsPerSecond = declared }
    let item = try #require(items(run)["P-004"])
    #expect(item.status == status)
    if status == .pending { #expect(item.reason.hasPrefix("at 2x the declared peak; measured: ")) }
  }

  @Test func moreThanThePeakProvesThePeak() throws {
    var run = PeakRun()
    run.change = { $0.peak?.arrivalsPerSecond = 50 }
    let items = try items(run)
    #expect(items["P-001"]?.status == .pass && items["P-002"]?.status == .pass)
    #expect(items["P-002"]?.reason.contains("at 2x the declared peak") == true)
  }

  // MARK: P-013

  @Test func aRunThatFailsIsNoBaseline() throws {
    var run = PeakRun()
    run.change = { $0.settings.thresholds = ["p(95) < 1ms"] }
    let items = try items(run)
    #expect(items["P-001"]?.status == .pending || items["P-013"]?.status == .pending)
    #expect(items["P-013"]?.status == .pending)
  }
}
