// SPDX-License-Identifier: Apache-2.0

/// What one trial of a capacity search showed.
package enum TrialOutcome: Sendable, Equatable {
  case held
  case broke
  /// The generator itself could not do it, or the figures were too few to tell: says nothing about the system.
  case untested(String)
}

/// What a capacity search found. The capacity lies between `held` and `broke`.
package struct CapacityInterval: Sendable, Equatable {
  /// The highest rate that held, confirmed by a longer trial; nil when even the lowest rate broke.
  package var held: Double?
  /// The lowest rate above it that broke; nil when none did.
  package var broke: Double?
  /// Why nothing above `held` is known, when that is not the system's doing.
  package var notTestedAbove: String?

  package init(held: Double? = nil, broke: Double? = nil, notTestedAbove: String? = nil) {
    self.held = held
    self.broke = broke
    self.notTestedAbove = notTestedAbove
  }
}

/// Looks for the highest rate that keeps its conditions: doubles until one breaks, halves the gap until it is narrow,
/// then confirms the answer with a longer trial. Pure: rates out, outcomes in.
package struct CapacitySearch: Sendable {
  package enum Step: Sendable, Equatable {
    case trial(rate: Double, isConfirmation: Bool)
    case done(CapacityInterval)
  }

  /// Trials at one rate before the generator is taken to be unable.
  private static let mostAttempts = 3

  private let maximum: Double
  /// The gap is narrow enough when it is at most this share of the rate that held.
  private let precision: Double
  private var held: Double?
  private var confirmed: Double?
  private var broke: Double?
  private var untestedReason: String?
  private var current: Double
  private var trialsLeft: Int
  private var untestedInARow = 0
  /// A short trial held where a long one broke: short ones prove nothing here, so all that follow are long.
  private var shortTrialsMislead = false

  package init(startRate: Double, maximumRate: Double, precision: Double = 0.1, mostTrials: Int = 24) {
    precondition(startRate > 0 && maximumRate >= startRate && precision > 0)
    maximum = maximumRate
    self.precision = precision
    current = startRate
    trialsLeft = mostTrials
  }

  /// What to do next. Asking again without recording gives the same answer.
  package func next() -> Step {
    if trialsLeft == 0 { return .done(interval(reason: untestedReason ?? "the search used up its trials")) }
    if let held, isNarrow {
      return confirmed == held ? .done(interval(reason: untestedReason)) : .trial(rate: held, isConfirmation: true)
    }
    if held == nil, let broke, broke <= lowestRate {
      return .done(CapacityInterval(held: nil, broke: broke, notTestedAbove: nil))
    }
    if held == nil, untestedReason != nil { return .done(interval(reason: untestedReason)) }
    return .trial(rate: current, isConfirmation: shortTrialsMislead)
  }

  package mutating func record(_ outcome: TrialOutcome) {
    guard case .trial(let rate, let isConfirmation) = next() else { return }
    trialsLeft -= 1
    if case .untested = outcome {
      untestedInARow += 1
      // The generator may have had one bad second: the same rate once more before it is given up.
      if untestedInARow < Self.mostAttempts { return }
    }
    untestedInARow = 0
    switch outcome {
    case .held:
      held = max(held ?? 0, rate)
      if isConfirmation { confirmed = rate }
    case .broke:
      broke = min(broke ?? .infinity, rate)
      if let held, held >= rate {
        shortTrialsMislead = true
        self.held = confirmed.flatMap { $0 < rate ? $0 : nil }
      }
    case .untested(let reason):
      untestedReason = reason
      if isConfirmation { held = confirmed }
    }
    current = followingRate
  }

  private var lowestRate: Double { maximum / 1024 }

  private var isNarrow: Bool {
    guard let held else { return false }
    if untestedReason != nil || held >= maximum { return true }
    guard let broke else { return false }
    return broke - held <= precision * held
  }

  private var followingRate: Double {
    switch (held, broke) {
    case (let held?, let broke?): return (held + broke) / 2
    case (let held?, nil): return min(held * 2, maximum)
    case (nil, let broke?): return max(broke / 2, lowestRate)
    case (nil, nil): return current
    }
  }

  private func interval(reason: String?) -> CapacityInterval {
    let above = reason ?? (broke == nil && held == maximum ? "the search was told to stop at this rate" : nil)
    return CapacityInterval(held: confirmed, broke: broke, notTestedAbove: above)
  }
}
