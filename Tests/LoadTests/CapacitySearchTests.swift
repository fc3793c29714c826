// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Load

/// Runs a search against a system of known capacity; answers the interval and the number of trials.
private func search(
  capacity: Double, maximum: Double = 1000, precision: Double = 0.1, generatorLimit: Double = .infinity,
  confirmedCapacity: Double? = nil
) -> (CapacityInterval, trials: Int) {
  var search = CapacitySearch(startRate: maximum / 16, maximumRate: maximum, precision: precision)
  for trials in 0..<100 {
    switch search.next() {
    case .done(let interval): return (interval, trials)
    case .trial(let rate, let isConfirmation):
      if rate > generatorLimit {
        search.record(.untested("own limit"))
      } else {
        let limit = isConfirmation ? confirmedCapacity ?? capacity : capacity
        search.record(rate <= limit ? .held : .broke)
      }
    }
  }
  Issue.record("the search did not end")
  return (CapacityInterval(), 100)
}

@Suite struct CapacitySearchTests {
  @Test(arguments: [2.0, 17, 62.5, 99, 333, 700, 999])
  func findsTheCapacityWithinItsPrecision(capacity: Double) throws {
    let (interval, trials) = search(capacity: capacity)
    let held = try #require(interval.held)
    let broke = try #require(interval.broke)
    #expect(held <= capacity && capacity < broke)
    #expect(broke - held <= 0.1 * held)
    #expect(interval.notTestedAbove == nil)
    #expect(trials <= 16)
  }

  @Test func aSystemThatHoldsTheHighestRateIsNotGivenAnUpperEnd() {
    let (interval, _) = search(capacity: 5000)
    #expect(interval.held == 1000)
    #expect(interval.broke == nil)
    #expect(interval.notTestedAbove != nil)
  }

  @Test func aSystemThatHoldsNothingIsSaidToHoldNothing() {
    let (interval, _) = search(capacity: 0)
    #expect(interval.held == nil)
    #expect(interval.broke != nil)
  }

  @Test func theGeneratorsOwnLimitIsNeverTheSystems() {
    let (interval, _) = search(capacity: 5000, generatorLimit: 300)
    #expect(interval.held == 250)
    #expect(interval.broke == nil)
    #expect(interval.notTestedAbove == "own limit")
  }

  @Test func aGeneratorThatCannotEvenBeginFindsNothing() {
    let (interval, trials) = search(capacity: 5000, generatorLimit: 1)
    #expect(interval.held == nil && interval.broke == nil)
    #expect(interval.notTestedAbove == "own limit")
    #expect(trials == 3)
  }

  @Test func oneBadMomentOfTheGeneratorDoesNotEndTheSearch() {
    var search = CapacitySearch(startRate: 100, maximumRate: 100)
    search.record(.untested("noise"))
    #expect(search.next() == .trial(rate: 100, isConfirmation: false))
    search.record(.held)
    search.record(.untested("noise"))
    #expect(search.next() == .trial(rate: 100, isConfirmation: true))
    search.record(.held)
    #expect(
      search.next()
        == .done(CapacityInterval(held: 100, notTestedAbove: "the search was told to stop at this rate")))
  }

  @Test func aRateThatBreaksInTheLongTrialDidNotHold() throws {
    // Short trials hold up to 500, long ones only up to 300.
    let (interval, _) = search(capacity: 500, confirmedCapacity: 300)
    let held = try #require(interval.held)
    #expect(held <= 300)
    #expect(try #require(interval.broke) > 300)
  }
}
