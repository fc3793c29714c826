// SPDX-License-Identifier: Apache-2.0
import Scenarios
import Testing

@testable import Load

private let second: Int64 = 1_000_000_000

private func arrivals(_ phases: [RatePhase?], seed: UInt64 = 1, gap: Int64 = 0) -> [Arrival] {
  let schedule = ArrivalSchedule(
    phases: phases, phaseLengthsNanoseconds: phases.map { $0?.lengthNanoseconds ?? gap }, seed: seed)
  var cursor = schedule.arrivals()
  var all: [Arrival] = []
  while let arrival = cursor.next() { all.append(arrival) }
  #expect(schedule.count() == all.count)
  return all
}

@Suite struct ArrivalScheduleTests {
  @Test func evenArrivalsComeAtEqualGaps() {
    let all = arrivals([RatePhase(lengthNanoseconds: 20 * second, startRate: 1000, endRate: 1000)])
    #expect(all.count == 20_000)
    #expect(all.first?.dueNanoseconds == 0)
    for (arrival, index) in zip(all, 0...) {
      #expect(abs(arrival.dueNanoseconds - Int64(index) * 1_000_000) <= 1)
    }
  }

  @Test(arguments: [(0.0, 100.0), (100.0, 0.0), (10.0, 90.0), (50.0, 50.0), (0.1, 99.9)])
  func rampsHoldTheAreaUnderTheirRate(from: Double, to: Double) {
    let all = arrivals([RatePhase(lengthNanoseconds: 40 * second, startRate: from, endRate: to)])
    #expect(all.count == 2000)
    // At every moment the number of arrivals so far is the integral of the rate, to within one.
    for moment in stride(from: 1.0, through: 39, by: 1) {
      let expected = from * moment + (to - from) * moment * moment / 80
      let seen = all.prefix { Double($0.dueNanoseconds) < moment * 1e9 }.count
      #expect(abs(Double(seen) - expected) <= 1.001)
    }
    #expect(zip(all, all.dropFirst()).allSatisfy { $0.dueNanoseconds <= $1.dueNanoseconds })
  }

  @Test func fractionsOfAnArrivalCarryOverPhases() {
    // 0.5 + 0.5 arrivals: none is lost between phases.
    let phases = (0..<10).map { _ in RatePhase(lengthNanoseconds: second / 2, startRate: 1, endRate: 1) }
    #expect(arrivals(phases).count == 5)
  }

  @Test func everyArrivalLiesInItsPhase() {
    let phases: [RatePhase?] = [
      RatePhase(lengthNanoseconds: 3 * second, startRate: 0, endRate: 33),
      nil,
      RatePhase(lengthNanoseconds: 2 * second, startRate: 33, endRate: 33, isPoisson: true),
      RatePhase(lengthNanoseconds: 5 * second, startRate: 33, endRate: 7),
    ]
    let starts: [Int64] = [0, 3, 7, 9, 14].map { $0 * second }
    let all = arrivals(phases, gap: 4 * second)
    #expect(Set(all.map(\.phase)) == [0, 2, 3])
    for arrival in all {
      #expect(arrival.dueNanoseconds >= starts[arrival.phase])
      #expect(arrival.dueNanoseconds < starts[arrival.phase + 1])
    }
    #expect(all.map(\.index) == Array(0..<all.count))
  }

  @Test func poissonGapsAreExponential() {
    let all = arrivals([RatePhase(lengthNanoseconds: 1000 * second, startRate: 20, endRate: 20, isPoisson: true)])
    // 20,000 expected, standard deviation 141.
    #expect(abs(all.count - 20_000) < 600)
    let gaps = zip(all, all.dropFirst()).map { Double($1.dueNanoseconds - $0.dueNanoseconds) / 1e9 }
    let mean = gaps.reduce(0, +) / Double(gaps.count)
    let variance = gaps.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(gaps.count)
    #expect(abs(variance.squareRoot() / mean - 1) < 0.05)
    let longerThanMean = Double(gaps.filter { $0 > mean }.count) / Double(gaps.count)
    #expect(abs(longerThanMean - 0.368) < 0.02)
  }

  @Test func theSeedFixesPoissonArrivals() {
    let phase = RatePhase(lengthNanoseconds: 10 * second, startRate: 50, endRate: 100, isPoisson: true)
    #expect(arrivals([phase], seed: 7) == arrivals([phase], seed: 7))
    #expect(arrivals([phase], seed: 7) != arrivals([phase], seed: 8))
  }

  @Test func sharesAreExactAtEveryMoment() {
    let weights = [20.0, 60, 15, 5]
    let all = arrivals([
      RatePhase(lengthNanoseconds: 100 * second, startRate: 10, endRate: 10, weights: weights)
    ])
    var seen = [0, 0, 0, 0]
    for (arrival, index) in zip(all, 1...) {
      seen[arrival.scenario] += 1
      for scenario in 0..<4 {
        #expect(abs(Double(seen[scenario]) - weights[scenario] / 100 * Double(index)) <= 1)
      }
    }
    #expect(seen == [200, 600, 150, 50])
  }

  @Test func aPhaseMayHaveItsOwnMix() {
    let all = arrivals([
      RatePhase(lengthNanoseconds: 10 * second, startRate: 10, endRate: 10, weights: [1, 0]),
      RatePhase(lengthNanoseconds: 10 * second, startRate: 10, endRate: 10, weights: [0, 1]),
    ])
    #expect(all.allSatisfy { $0.scenario == $0.phase })
  }

  @Test func aRateOfZeroHasNoArrivals() {
    #expect(arrivals([RatePhase(lengthNanoseconds: second, startRate: 0, endRate: 0)]).isEmpty)
    #expect(arrivals([RatePhase(lengthNanoseconds: 0, startRate: 10, endRate: 10)]).isEmpty)
  }
}

@Suite struct UserScheduleTests {
  @Test func aRampBringsUsersEvenlyAndTheLastToComeGoesFirst() {
    let schedule = UserSchedule(
      phases: [.init(startUsers: 0, endUsers: 4), .init(startUsers: 4, endUsers: 2)],
      phaseLengthsNanoseconds: [4 * second, 2 * second])
    let begins = schedule.changes.filter(\.begins)
    #expect(begins.map(\.user) == [0, 1, 2, 3])
    #expect(begins.map(\.atNanoseconds) == [0, 1, 2, 3].map { $0 * second })
    let ends = schedule.changes.filter { !$0.begins }
    #expect(ends.map(\.user) == [3, 2, 1, 0])
    #expect(ends.map(\.atNanoseconds) == [4, 5, 6, 6].map { $0 * second })
    #expect(schedule.mostUsers == 4)
  }

  @Test func anOpenPhaseHasNoUsers() {
    let schedule = UserSchedule(
      phases: [.init(startUsers: 2, endUsers: 2), nil, .init(startUsers: 1, endUsers: 1)],
      phaseLengthsNanoseconds: [second, second, second])
    #expect(schedule.changes.map(\.begins) == [true, true, false, false, true, false])
    #expect(schedule.changes.map(\.atNanoseconds) == [0, 0, 1, 1, 2, 3].map { $0 * second })
  }
}

@Suite struct DeadlineHeapTests {
  @Test func popsByMomentThenByOrderOfArrival() {
    var heap = DeadlineHeap()
    var random = RandomSource(seed: 3, index: 0)
    var expected: [(nanoseconds: Int64, journey: Int)] = []
    for journey in 0..<2000 {
      let moment = Int64(random.next() % 50)
      heap.push(journey, at: moment)
      expected.append((moment, journey))
    }
    expected.sort { ($0.nanoseconds, $0.journey) < ($1.nanoseconds, $1.journey) }
    var popped: [Int] = []
    while heap.count > 0 { popped.append(heap.pop()) }
    #expect(popped == expected.map(\.journey))
  }
}
