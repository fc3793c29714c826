// SPDX-License-Identifier: Apache-2.0
package import Judgement

/// A phase with its rate in arrivals per second.
package struct ResolvedPhase: Sendable, Equatable {
  package enum Load: Sendable, Equatable {
    /// Arrivals per second at the start and at the end; straight between them.
    case arrivals(from: Double, to: Double)
    case users(from: Int, to: Int)
  }

  package var name: String
  package var load: Load
  package var durationNanoseconds: Int64
  package var isSteady: Bool
  package var mix: Mix
  package var arrivals: Plan.ArrivalPattern
  /// Requests of an average arrival under this mix.
  package var requestsPerArrival: Double

  package var seconds: Double { Double(durationNanoseconds) / 1e9 }
}

/// Why a plan cannot be run against an environment.
package struct PlanError: Error, Equatable {
  package var message: String
  /// The lines to add, or what else to do.
  package var hint: String
  /// A declared peak would mend it.
  package var lacksPeak = false
}

extension Plan {
  /// Requests that one average arrival of a mix causes.
  package func requestsPerArrival(_ mix: Mix) -> Double {
    mix.entries.reduce(0) { $0 + $1.share * scenarios[$1.scenario].expectedCounts.reduce(0, +) }
  }

  /// The phases in arrivals per second. `Nx peak` needs the environment's declared peak.
  package func resolved(for environment: Environment?) throws(PlanError) -> [ResolvedPhase] {
    // As in the judge: with no phase marked, all are steady.
    let noneMarked = !phases.contains(where: \.isSteady)
    var result: [ResolvedPhase] = []
    for phase in phases {
      let mix = phase.mix ?? self.mix
      let load: ResolvedPhase.Load
      switch phase.load {
      case .users(let from, let to): load = .users(from: from, to: to)
      case .rate(let rate):
        let what = "phase '\(phase.name)'"
        load = .arrivals(
          from: try arrivals(rate.from, rate.unit, mix, environment, what: what),
          to: try arrivals(rate.to, rate.unit, mix, environment, what: what))
      }
      result.append(
        ResolvedPhase(
          name: phase.name, load: load, durationNanoseconds: phase.durationNanoseconds,
          isSteady: phase.isSteady || noneMarked, mix: mix, arrivals: phase.arrivals ?? arrivals,
          requestsPerArrival: requestsPerArrival(mix)))
    }
    return result
  }

  /// A rate in arrivals per second under a mix, such as the ends of a search.
  package func arrivalsPerSecond(_ rate: RateExpression, _ environment: Environment?) throws(PlanError) -> Double {
    try arrivals(rate.to, rate.unit, mix, environment, what: "`find`")
  }

  /// A number of that unit in arrivals per second.
  private func arrivals(
    _ number: Double, _ unit: RateExpression.Unit, _ mix: Mix, _ environment: Environment?, what: String
  ) throws(PlanError) -> Double {
    switch unit {
    case .arrivalsPerSecond: return number
    case .requestsPerSecond:
      let requests = requestsPerArrival(mix)
      guard requests > 0 else {
        throw PlanError(message: "the scenarios of \(what) send no requests", hint: "give the rate in arrivals/s")
      }
      return number / requests
    case .peak:
      guard let environment else {
        throw PlanError(
          message: "\(what) is a multiple of the peak, and no environment is chosen",
          hint: "choose one with --env, or give the rate as 40 arrivals/s", lacksPeak: true)
      }
      guard let peak = environment.peak else {
        throw PlanError(
          message: "\(what) is a multiple of the peak, and environment '\(environment.name)' declares none",
          hint: """
            add to '\(environment.name)' in gonogo.yaml:
                peak: {rate: 40 arrivals/s, source: "where the number comes from", by: who says so}
            """, lacksPeak: true)
      }
      return number * (try arrivals(peak.rate.to, peak.rate.unit, self.mix, environment, what: what))
    }
  }

  /// Whether it sends to a webhook: load there can make the target send messages to people. A request does so when its
  /// path says webhook, or comes from the setting `webhook`.
  package var sendsWebhooks: Bool {
    scenarios.contains { program in program.requests.contains { $0.goesToWebhook(program.settingsUsed) } }
  }
}

extension RequestStep {
  fileprivate func goesToWebhook(_ settings: [String]) -> Bool {
    parts.url.segments.contains { segment in
      switch segment {
      case .constant(let bytes): String(decoding: bytes, as: UTF8.self).lowercased().contains("webhook")
      case .insertion(.setting(let index), _): settings[index].lowercased().contains("webhook")
      case .insertion: false
      }
    }
  }
}

extension ResolvedPhase {
  /// Arrivals expected in a part of the phase, by seconds since its start; 0 for users, whose number depends on the
  /// target.
  package func expectedArrivals(from start: Double = 0, to end: Double? = nil) -> Double {
    guard case .arrivals(let from, let to) = load, seconds > 0 else { return 0 }
    let low = min(max(start, 0), seconds)
    let high = min(max(end ?? seconds, low), seconds)
    // The rate is linear: its mean over the part times the part's length.
    func rate(_ at: Double) -> Double { from + (to - from) * at / seconds }
    return (rate(low) + rate(high)) / 2 * (high - low)
  }

  /// Requests expected in each whole second of the phase. O(seconds).
  package var expectedRequestsBySecond: [Double] {
    (0..<Int(seconds.rounded(.up))).map {
      expectedArrivals(from: Double($0), to: Double($0) + 1) * requestsPerArrival
    }
  }
}

/// What a plan is going to send. Nil where that depends on the target (closed model).
package struct ExpectedLoad: Sendable, Equatable {
  package var arrivals: Double?
  package var requests: Double?
  /// Requests that are not read-only.
  package var writes: Double?
  /// By `scenario/step`, in the order of the plan; setup is left out.
  package var byStep: [(name: String, requests: Double)]

  package static func == (left: ExpectedLoad, right: ExpectedLoad) -> Bool {
    left.arrivals == right.arrivals && left.requests == right.requests && left.writes == right.writes
      && left.byStep.elementsEqual(right.byStep) { $0 == $1 }
  }
}

extension Plan {
  /// Sums over phases.
  package func expectedLoad(_ phases: [ResolvedPhase]) -> ExpectedLoad {
    let isClosed = phases.contains { if case .users = $0.load { true } else { false } }
    var byStep = scenarios.flatMap { program in program.requestNames.map { (name: $0, requests: 0.0) } }
    var arrivals = 0.0
    var writes = 0.0
    for phase in phases {
      let here = phase.expectedArrivals()
      arrivals += here
      for entry in phase.mix.entries {
        let program = scenarios[entry.scenario]
        let first = scenarios[..<entry.scenario].reduce(0) { $0 + $1.requests.count }
        for (index, count) in program.expectedCounts.enumerated() {
          byStep[first + index].requests += here * entry.share * count
          if !program.requests[index].isReadOnly { writes += here * entry.share * count }
        }
      }
    }
    let requests = byStep.reduce(0) { $0 + $1.requests }
    return ExpectedLoad(
      arrivals: isClosed ? nil : arrivals, requests: isClosed ? nil : requests, writes: isClosed ? nil : writes,
      byStep: byStep)
  }

  /// Mean requests (journeys, for rules on journey times) per second, and the seconds they last, that a rule will see:
  /// what `provable` asks. One entry, or one per steady phase where those offer different loads, since the judge does not
  /// pool them. Nil for the closed model.
  package func expectedRates(for rule: Threshold, _ phases: [ResolvedPhase]) -> [(perSecond: Double, seconds: Int)]? {
    let selection = rule.selection
    let chosen = phases.filter { phase in
      selection.phase == nil || phase.name == selection.phase
        || (selection.phase == Selection.steadyPhase && phase.isSteady)
    }
    let isPooled = selection.phase != Selection.steadyPhase || chosen.allSatisfy { $0.offersTheSame(as: chosen[0]) }
    var rates: [(perSecond: Double, seconds: Int)] = []
    for group in isPooled ? [chosen] : chosen.map({ [$0] }) {
      let load = expectedLoad(group)
      guard load.requests != nil else { return nil }
      let seconds = group.reduce(0) { $0 + $1.seconds }
      let count =
        rule.figure.measure == .journey
        ? expectedJourneys(group, selection)
        : rule.figure.isAboutReplies
          ? expectedReplies(group, selection)
          : load.byStep.filter { selection.includes(step: $0.name) }.reduce(0) { $0 + $1.requests }
      rates.append((seconds > 0 ? count / seconds : 0, Int(seconds)))
    }
    return rates
  }

  private func expectedReplies(_ phases: [ResolvedPhase], _ selection: Selection) -> Double {
    phases.reduce(0) { sum, phase in
      phase.mix.entries.reduce(sum) { sum, entry in
        let program = scenarios[entry.scenario]
        let replies = zip(program.requestNames, program.expectedReplies).filter { selection.includes(step: $0.0) }
        return sum + phase.expectedArrivals() * entry.share * replies.reduce(0) { $0 + $1.1 }
      }
    }
  }

  private func expectedJourneys(_ phases: [ResolvedPhase], _ selection: Selection) -> Double {
    phases.reduce(0) { sum, phase in
      let share = phase.mix.entries.filter { entry in
        selection.step == nil || scenarios[entry.scenario].name == selection.step
      }.reduce(0) { $0 + $1.share }
      return sum + phase.expectedArrivals() * share
    }
  }
}

extension ResolvedPhase {
  fileprivate func offersTheSame(as other: ResolvedPhase) -> Bool { load == other.load && mix == other.mix }
}
