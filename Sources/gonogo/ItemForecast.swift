// SPDX-License-Identifier: Apache-2.0
import Judgement
import Reports
import Scenarios

/// Which checklist rows a plan can mark PASS if everything goes well, and what the others need: known before the run.
struct ItemForecast {
  private let plan: Plan
  private let environment: Environment?
  /// Steady phases at the declared peak or above it.
  private let phases: [ResolvedPhase]
  private let seconds: Int
  private let lacks: [String]

  private static let confidence = Confidence.level(0.95)

  init(_ plan: Plan, _ phases: [ResolvedPhase], environment: Environment?) {
    self.plan = plan
    self.environment = environment
    let steady = phases.filter(\.isSteady)
    var lacks: [String] = []
    var atPeak: [ResolvedPhase] = []
    let peak = environment?.peak.flatMap { try? plan.arrivalsPerSecond($0.rate, environment) }
    if phases.contains(where: { if case .users = $0.load { true } else { false } }) {
      lacks = ["arrivals: in the closed model the load that users could not send is not seen"]
    } else if let peak, peak > 0 {
      atPeak = steady.filter { $0.lowestRate >= peak * 0.99 }
      if atPeak.isEmpty { lacks.append("a steady phase at the declared peak of \(NumberText.plain(peak)) arrivals/s") }
    } else {
      lacks.append("a declared peak (rate, mix, source and by): the environment has none")
    }
    if lacks.isEmpty, let peak = environment?.peak {
      if let declared = peak.mix {
        if !atPeak.allSatisfy({ plan.offers(declared, in: $0) }) { lacks.append("the mix that the peak declares") }
      } else {
        lacks.append("a declared mix: the environment's `peak` has none")
      }
    }
    if plan.confidence == .estimate { lacks.append("confidence: the plan says `estimate`") }
    self.phases = atPeak
    self.lacks = lacks
    seconds = Int(atPeak.reduce(0) { $0 + $1.seconds })
  }

  /// First the rows that can be PASS, then what each other one needs.
  var proofs: [StartScreen.Proof] {
    if !lacks.isEmpty {
      return [
        StartScreen.Proof(
          expression: "P-001 to P-005, P-013, F-003", canPass: false,
          text: "P-001 to P-005, P-013, F-003 need \(lacks.joined(separator: "; "))")
      ]
    }
    let hold = environment?.isEmbedded == true ? 60 : 600
    var needs: [(id: String, text: String?)] = [
      (
        "P-001",
        seconds >= hold ? nil : "P-001 needs \(NumberText.count(hold)) s at the peak; this plan has \(seconds)"
      ), ("P-002", rule("P-002", steps: true, .quantile(.response, 0.95), 1_000_000, "p(95) < 1s")),
      ("P-003", rule("P-003", steps: true, .quantile(.response, 0.99), 2_000_000, "p(99) < 2s")),
      ("P-004", rule("P-004", steps: false, .errors, 0.001, "errors < 0.1%")), ("P-005", soak),
    ]
    needs.append(("P-013", needs[0].text == nil ? nil : "P-013 needs P-001"))
    let missing = needs[0..<4].filter { $0.text != nil }.map(\.id)
    needs.append(("F-003", missing.isEmpty ? nil : "F-003 needs \(missing.joined(separator: ", "))"))
    let can = needs.filter { $0.text == nil }.map(\.id)
    let first =
      can.isEmpty ? [] : [StartScreen.Proof(expression: can[0], canPass: true, text: can.joined(separator: ", "))]
    return first
      + needs.compactMap { id, text in text.map { StartScreen.Proof(expression: id, canPass: false, text: $0) } }
  }

  private var soak: String? {
    if seconds < 3600 { return "P-005 needs 3,600 s steady; this plan has \(NumberText.count(seconds))" }
    let isWatched = environment.map { !$0.metrics.isEmpty || $0.isEmbedded } ?? false
    return isWatched ? nil : "P-005 needs the target's memory: the environment's `metrics` say where it is"
  }

  /// The hardest of the pooled requests and of each part.
  private func rule(_ id: String, steps: Bool, _ figure: Figure, _ limit: Double, _ text: String) -> String? {
    let parts: [String?] =
      steps
      ? zip(
        plan.scenarios.flatMap { Array(zip($0.requestNames, $0.requests)) }, plan.scenarios.flatMap(\.expectedCounts)
      )
      .filter { !$0.1.isProbe && $1 > 0 }.map { $0.0.0 }
      : plan.scenarios.map(\.name)
    var hardest: Provability?
    for part in [nil] + parts {
      let rule = Threshold(
        text: text + (part.map { " step:\($0)" } ?? ""), figure: figure, comparison: .less, limit: limit,
        selection: Selection(step: part))
      for rate in plan.expectedRates(for: rule, phases) ?? [] where rate.perSecond > 0 || part == nil {
        let proof = provable(
          rule, confidence: Self.confidence, requestsPerSecond: rate.perSecond, seconds: rate.seconds)
        if !proof.canPass, (proof.secondsNeeded ?? .max) > (hardest?.secondsNeeded ?? -1) { hardest = proof }
      }
    }
    return hardest.map { "\(id): \($0.text)" }
  }
}

extension ResolvedPhase {
  fileprivate var lowestRate: Double {
    if case .arrivals(let from, let to) = load { min(from, to) } else { 0 }
  }
}

extension Plan {
  /// Within a point of the declared shares, scenario by scenario.
  fileprivate func offers(_ declared: [String: Double], in phase: ResolvedPhase) -> Bool {
    var shares: [String: Double] = [:]
    for entry in phase.mix.entries { shares[scenarios[entry.scenario].name, default: 0] += entry.share }
    return Set(declared.keys).union(shares.keys).allSatisfy { name in
      ((shares[name] ?? 0) - (declared[name] ?? 0)).magnitude <= 0.01
    }
  }
}
