// SPDX-License-Identifier: Apache-2.0
import Judgement
import Reports
import Scenarios

/// What a plan is going to send and what that can prove: known from its files, before anything is sent.
struct PlanForecast {
  let plan: Plan
  let phases: [ResolvedPhase]
  let expected: ExpectedLoad
  /// Checklist rows.
  let items: [StartScreen.Proof]

  /// Throws when a rate is a multiple of a peak that is not known.
  init(_ plan: Plan, environment: Environment?) throws(PlanError) {
    self.plan = plan
    phases = try plan.resolved(for: environment)
    expected = plan.expectedLoad(phases)
    items = ItemForecast(plan, phases, environment: environment).proofs
  }

  /// Requests that change data; nil where it depends on the target how many.
  var writes: Double? {
    expected.writes ?? (plan.scenarios.allSatisfy(\.isReadOnly) ? 0 : nil)
  }

  var isClosed: Bool {
    phases.contains { if case .users = $0.load { true } else { false } }
  }

  /// Arrivals, requests and writes to come.
  var rows: [CheckScreen.Row] {
    guard let arrivals = expected.arrivals, let requests = expected.requests, let writes else {
      return [
        CheckScreen.Row("requests", "as many as the target answers"),
        writes == 0
          ? CheckScreen.Row("WRITES", "none")
          : CheckScreen.Row("WRITES", "as many as the target takes", isStriking: true),
      ]
    }
    func about(_ number: Double) -> String { "about \(NumberText.count(Int(number.rounded())))" }
    return [
      CheckScreen.Row("requests", "\(about(requests)), by \(about(arrivals)) arrivals"),
      CheckScreen.Row(
        "WRITES", writes > 0 ? "\(about(writes)) requests change data in the target" : "none", isStriking: writes > 0),
    ]
  }

  /// Rule by rule.
  var proofs: [StartScreen.Proof] {
    if plan.thresholds.isEmpty {
      let rule = Threshold.whenNoneIsWritten.text
      return [
        StartScreen.Proof(expression: rule, canPass: true, text: "is judged by its estimate: no rule is written")
      ]
    }
    return plan.thresholds.map { threshold in
      guard let rates = plan.expectedRates(for: threshold, phases) else {
        return StartScreen.Proof(
          expression: threshold.text, canPass: true, text: "depends on how many requests the users come to")
      }
      // Phases that are judged apart must all pass: the hardest of them speaks.
      let proofs = rates.map {
        provable(threshold, confidence: plan.confidence, requestsPerSecond: $0.perSecond, seconds: $0.seconds)
      }
      let hardest = proofs.first { !$0.canPass } ?? proofs.min { $0.eventsAllowed ?? .max < $1.eventsAllowed ?? .max }
      guard let proof = hardest else {
        return StartScreen.Proof(expression: threshold.text, canPass: false, text: "no phase is selected")
      }
      return StartScreen.Proof(expression: threshold.text, canPass: proof.canPass, text: proof.text)
    }
  }

  var shownPhases: [StartScreen.Phase] {
    zip(plan.phases, phases).map { written, resolved in
      StartScreen.Phase(
        name: resolved.name, seconds: resolved.seconds, rate: Self.text(of: written.load),
        meaning: Self.meaning(of: resolved, written: written.load), isSteady: resolved.isSteady)
    }
  }

  /// As people write it.
  static func text(of load: Phase.Load) -> String {
    switch load {
    case .users(let from, let to): return "users: " + (from == to ? "\(to)" : "\(from)..\(to)")
    case .rate(let rate):
      let numbers = span(rate.from, rate.to)
      switch rate.unit {
      case .arrivalsPerSecond: return "\(numbers) arrivals/s"
      case .requestsPerSecond: return "\(numbers) requests/s"
      case .peak: return "\(numbers)x peak"
      }
    }
  }

  /// The same rate in the units that were not written.
  private static func meaning(of phase: ResolvedPhase, written: Phase.Load) -> String? {
    guard case .arrivals(let from, let to) = phase.load, case .rate(let rate) = written else { return nil }
    let each = phase.requestsPerArrival
    let arrivals = "\(span(from, to)) arrivals/s"
    let requests = "\(span(from * each, to * each)) requests/s"
    let isOneEach = (each - 1).magnitude < 1e-9
    switch rate.unit {
    case .arrivalsPerSecond: return isOneEach ? "one request each" : "= \(requests)"
    case .requestsPerSecond: return isOneEach ? "as many arrivals" : "= \(arrivals)"
    case .peak: return isOneEach ? "\(arrivals), one request each" : "\(arrivals) = \(requests)"
    }
  }

  private static func span(_ from: Double, _ to: Double) -> String {
    from == to ? NumberText.plain(to) : "\(NumberText.plain(from))..\(NumberText.plain(to))"
  }
}
