// SPDX-License-Identifier: Apache-2.0

import Glibc
import Scenarios

/// One stretch of an open plan: its rate goes straight from `startRate` to `endRate` in arrivals per second.
package struct RatePhase: Sendable, Equatable {
  package var lengthNanoseconds: Int64
  package var startRate: Double
  package var endRate: Double
  package var isPoisson: Bool
  /// Weight of each scenario; any positive scale.
  package var weights: [Double]

  package init(
    lengthNanoseconds: Int64, startRate: Double, endRate: Double, isPoisson: Bool = false, weights: [Double] = [1]
  ) {
    self.lengthNanoseconds = lengthNanoseconds
    self.startRate = startRate
    self.endRate = endRate
    self.isPoisson = isPoisson
    self.weights = weights
  }

  /// Arrivals expected from the begin of the phase to `seconds` into it: the integral of the rate.
  func expectedArrivals(untilSeconds seconds: Double) -> Double {
    let length = Double(lengthNanoseconds) / 1e9
    guard length > 0 else { return 0 }
    return startRate * seconds + (endRate - startRate) * seconds * seconds / (2 * length)
  }

  /// The inverse: the moment, in seconds into the phase, at which that many arrivals were expected.
  ///
  /// The quadratic is solved in the form that neither divides by a vanishing slope nor subtracts near equals.
  func seconds(atExpectedArrivals count: Double) -> Double {
    let length = Double(lengthNanoseconds) / 1e9
    let slope = (endRate - startRate) / length
    let root = max(0, startRate * startRate + 2 * slope * count).squareRoot()
    let divisor = startRate + root
    return divisor > 0 ? 2 * count / divisor : 0
  }
}

/// The intended start of one journey.
package struct Arrival: Sendable, Equatable {
  /// Counts from 0 through the whole plan.
  package var index: Int
  /// From the begin of the plan.
  package var dueNanoseconds: Int64
  package var phase: Int
  package var scenario: Int
}

/// When journeys begin. Fixed by phases and seed alone: whatever the system under test does, the same arrivals are due at
/// the same moments, on one worker or on many.
package struct ArrivalSchedule: Sendable {
  /// nil where the phase has no arrivals of its own (users come in closed phases).
  package let phases: [RatePhase?]
  package let phaseLengthsNanoseconds: [Int64]
  package let seed: UInt64

  package init(phases: [RatePhase?], phaseLengthsNanoseconds: [Int64], seed: UInt64) {
    precondition(phases.count == phaseLengthsNanoseconds.count)
    self.phases = phases
    self.phaseLengthsNanoseconds = phaseLengthsNanoseconds
    self.seed = seed
  }

  /// All arrivals in order. O(1) state; each step O(number of scenarios).
  package func arrivals() -> ArrivalCursor { ArrivalCursor(self) }

  /// Exact number of arrivals. O(arrivals).
  package func count() -> Int {
    var cursor = arrivals()
    var count = 0
    while cursor.next() != nil { count += 1 }
    return count
  }
}

/// Walks through a schedule one arrival at a time.
package struct ArrivalCursor: Sendable, IteratorProtocol {
  private let schedule: ArrivalSchedule
  private var phase = 0
  private var phaseStartNanoseconds: Int64 = 0
  /// Arrivals expected before the current phase.
  private var expectedBefore = 0.0
  /// The next arrival comes when this many have been expected since the begin of the plan.
  private var mark = 0.0
  private var index = 0
  private var random: RandomSource
  private var picker: SharePicker
  private var markIsDrawn = false

  /// An even schedule's marks are whole numbers; sums of doubles may miss them by this much.
  private static let markTolerance = 1e-6

  init(_ schedule: ArrivalSchedule) {
    self.schedule = schedule
    random = RandomSource(seed: schedule.seed, index: .max)
    picker = SharePicker(weights: schedule.phases.lazy.compactMap { $0 }.first?.weights ?? [])
  }

  package mutating func next() -> Arrival? {
    while phase < schedule.phases.count {
      guard let current = schedule.phases[phase] else {
        enterNextPhase(expected: 0)
        continue
      }
      if current.isPoisson, !markIsDrawn {
        // Exponential gaps in units of expected arrivals make a Poisson process of any rate, ramps included.
        mark = expectedBefore + random.exponential()
        markIsDrawn = true
      }
      let expectedHere = current.expectedArrivals(untilSeconds: Double(current.lengthNanoseconds) / 1e9)
      guard mark < expectedBefore + expectedHere - Self.markTolerance else {
        enterNextPhase(expected: expectedHere)
        continue
      }
      let seconds = current.seconds(atExpectedArrivals: max(0, mark - expectedBefore))
      let offset = min(Int64((seconds * 1e9).rounded()), current.lengthNanoseconds - 1)
      let arrival = Arrival(
        index: index, dueNanoseconds: phaseStartNanoseconds + max(0, offset), phase: phase,
        scenario: picker.next())
      index += 1
      mark += current.isPoisson ? random.exponential() : 1
      return arrival
    }
    return nil
  }

  private mutating func enterNextPhase(expected: Double) {
    phaseStartNanoseconds += schedule.phaseLengthsNanoseconds[phase]
    expectedBefore += expected
    phase += 1
    guard phase < schedule.phases.count, let entered = schedule.phases[phase] else { return }
    if entered.weights != picker.weights { picker = SharePicker(weights: entered.weights) }
    if entered.isPoisson {
      markIsDrawn = false
    } else if markIsDrawn {
      mark = expectedBefore
      markIsDrawn = false
    }
  }
}

/// Deals out scenarios so that after any number of arrivals each has its exact share to within one.
struct SharePicker: Sendable {
  let weights: [Double]
  private let shares: [Double]
  private var dealt: [Int]
  private var total = 0

  init(weights: [Double]) {
    let sum = weights.reduce(0, +)
    self.weights = weights
    shares = weights.map { sum > 0 ? $0 / sum : 0 }
    dealt = weights.map { _ in 0 }
  }

  mutating func next() -> Int {
    total += 1
    var best = 0
    var largestDebt = -Double.infinity
    for scenario in shares.indices {
      let debt = shares[scenario] * Double(total) - Double(dealt[scenario])
      if debt > largestDebt + 1e-9 {
        largestDebt = debt
        best = scenario
      }
    }
    if !dealt.isEmpty { dealt[best] += 1 }
    return best
  }
}

extension RandomSource {
  /// A gap of a Poisson process with rate 1.
  fileprivate mutating func exponential() -> Double {
    // In (0, 1]: the logarithm is finite.
    -log(1 - nextFraction())
  }
}
