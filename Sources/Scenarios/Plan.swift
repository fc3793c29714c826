// SPDX-License-Identifier: Apache-2.0
package import Judgement

/// How many arrivals of which scenarios, when, and what must hold. As written: rates may still be multiples of a peak;
/// `resolved(peak:)` makes arrivals per second of them.
package struct Plan: Sendable {
  package var name: String
  package var about = ""
  package var scenarios: [ScenarioProgram]
  package var mix: Mix
  package var phases: [Phase]
  package var thresholds: [Threshold] = []
  package var confidence = Confidence.standard
  /// Path of a run folder whose figures the rules that say `baseline` are held against.
  package var baseline: String?
  package var maxInFlight: Int?
  /// How long journeys may go on after the last arrival.
  package var drainNanoseconds: Int64 = 30_000_000_000
  /// Limit of one request, where the step has none of its own.
  package var timeoutNanoseconds: Int64 = 30_000_000_000
  package var arrivals = ArrivalPattern.even
  package var connections: ConnectionPolicy?
  package var http = HTTPVersion.automatic
  package var compression = false
  package var find: FindPlan?
  package var overloadStop: OverloadStop? = .standard
  package var seed: UInt64?

  package init(name: String, scenarios: [ScenarioProgram], mix: Mix, phases: [Phase]) {
    self.name = name
    self.scenarios = scenarios
    self.mix = mix
    self.phases = phases
  }

  package enum ArrivalPattern: String, Sendable, CaseIterable { case even, poisson }

  /// Who shares connections.
  package enum ConnectionPolicy: String, Sendable, CaseIterable { case pool, journey, none }

  package enum HTTPVersion: String, Sendable, CaseIterable {
    case automatic = "auto"
    case http1 = "1.1"
    case http2 = "2"
    case http2PriorKnowledge = "2-prior-knowledge"
  }

  /// The run is stopped when more than `errorShare` of the requests of `seconds` failed.
  package struct OverloadStop: Sendable, Equatable {
    package var errorShare: Double
    package var seconds: Int

    package static let standard = OverloadStop(errorShare: 0.5, seconds: 10)
  }
}

/// Shares of arrivals. Shares are fractions that add up to 1.
package struct Mix: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    /// Index into the plan's scenarios.
    package var scenario: Int
    package var share: Double
  }

  package var entries: [Entry]

  package init(entries: [Entry]) {
    self.entries = entries
  }
}

/// A stretch of a plan.
package struct Phase: Sendable, Equatable {
  package enum Load: Sendable, Equatable {
    case rate(RateExpression)
    /// Closed model: so many visitors, each starting again when it is done. Ramps from the first number to the second.
    case users(from: Int, to: Int)
  }

  package var name: String
  package var load: Load
  package var durationNanoseconds: Int64
  package var isSteady: Bool
  /// Nil: the plan's.
  package var mix: Mix?
  package var arrivals: Plan.ArrivalPattern?

  package init(
    name: String, load: Load, durationNanoseconds: Int64, isSteady: Bool = false, mix: Mix? = nil,
    arrivals: Plan.ArrivalPattern? = nil
  ) {
    self.name = name
    self.load = load
    self.durationNanoseconds = durationNanoseconds
    self.isSteady = isSteady
    self.mix = mix
    self.arrivals = arrivals
  }
}

/// A search for the greatest rate at which the rules hold.
package struct FindPlan: Sendable, Equatable {
  /// The search goes no higher.
  package var upTo: RateExpression
  /// Where it begins; nil: a tenth of `upTo`.
  package var startingAt: RateExpression?
  /// What must hold at a rate.
  package var rules: [Threshold]
  /// Length of one trial.
  package var trialNanoseconds: Int64
  /// The search ends when the interval is this share of its upper end.
  package var precision: Double
}
