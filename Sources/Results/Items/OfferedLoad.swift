// SPDX-License-Identifier: Apache-2.0
import Judgement

extension RunFolder {
  /// Why rules that hold in all steady phases prove nothing about the system under its expected load; empty: they do.
  package func lacksOfSteadyPhases(_ record: RunRecord) -> [String] {
    OfferedLoad.lacks(ofAllSteadyPhases: self, record)
  }
}

/// What a run offered, held against the peak that the environment declares: whether the checklist's rules "under the
/// expected peak" can be judged by it at all.
struct OfferedLoad {
  /// Steady phases whose figures are judged: those at the peak where there are any, else all.
  private(set) var phases: [RunFolder.PhaseSpan] = []
  /// One selection, or one per phase where phases are not pooled.
  private(set) var selections: [Selection] = []
  /// The longest unbroken stretch at the declared peak or above it.
  private(set) var secondsHeld = 0
  /// Arrivals per second, the lowest of the phases judged; nil for users.
  private(set) var rate: Double?
  /// Of the declared peak, in words: "at 2x the declared peak"; nil when it is the peak.
  private(set) var note: String?
  /// Why nothing can be PASS: the load is not the declared one, or was not kept up. Empty: it is.
  private(set) var lacks: [String] = []
  /// A broken rule counts against the target: the load was no heavier than declared.
  private(set) var mayFail = false
  private(set) var isClosed = false

  /// A rate is the declared one within this share of it.
  private static let rateTolerance = 0.01
  private static let keptShare = 0.99

  init(_ folder: RunFolder, _ record: RunRecord) {
    let steady = folder.phaseSpans.filter { $0.facts.isSteady && $0.facts.seconds > 0 }
    guard !steady.isEmpty else {
      lacks = ["the run had no steady phase"]
      return
    }
    guard record.plan.model != "closed" else {
      phases = steady
      isClosed = true
      lacks = [
        "closed model: users wait while the target is slow, so the load that was not sent cannot be seen; a plan with"
          + " `rate:` is needed"
      ]
      return
    }
    choosePhases(steady, peak: record.peak)
    selections =
      phases.count == steady.count
      ? [Selection(phase: Selection.steadyPhase)] : phases.map { Selection(phase: $0.facts.name) }
    judgeAll(folder, record)
  }

  private init() {}

  /// Why nothing is proven by rules that are asked of all steady phases, whatever their rate: the mix is not the declared
  /// one, the load was not kept up, nothing but probes was sent.
  static func lacks(ofAllSteadyPhases folder: RunFolder, _ record: RunRecord) -> [String] {
    var load = OfferedLoad()
    load.phases = folder.phaseSpans.filter { $0.facts.isSteady && $0.facts.seconds > 0 }
    guard !load.phases.isEmpty else { return ["the run had no steady phase"] }
    if record.peak == nil {
      load.lacks.append("no expected peak is declared, so that nobody says which mix it should have been")
    }
    load.judgeAll(folder, record)
    return load.lacks
  }

  private mutating func judgeAll(_ folder: RunFolder, _ record: RunRecord) {
    judgeMix(folder, record)
    judgeKept(folder, record)
    judgeSteps(folder)
  }

  /// Probes and setups say nothing about the system's work.
  private mutating func judgeSteps(_ folder: RunFolder) {
    let names = Set(phases.map(\.facts.name))
    let isSent = folder.series.stepRows.contains { row in
      let step = folder.series.steps[row.step]
      return !step.probe && step.perJourney != 0 && row.counts.sent > 0
        && names.contains(folder.series.phases[row.phase])
    }
    if !isSent { lacks.append("no step but probes was sent in the steady phases") }
  }

  // MARK: rate

  private static func rates(_ span: RunFolder.PhaseSpan) -> (from: Double, to: Double) {
    if case .arrivals(let from, let to, _) = span.facts.load { (from, to) } else { (0, 0) }
  }

  private mutating func choosePhases(_ steady: [RunFolder.PhaseSpan], peak: PeakRecord?) {
    phases = steady
    rate = steady.map { min(Self.rates($0).from, Self.rates($0).to) }.min()
    guard let peak, peak.arrivalsPerSecond > 0 else {
      lacks.append("no expected peak is declared: the environment's `peak` says rate, mix, source and by whom")
      return
    }
    let declared = peak.arrivalsPerSecond
    let low = declared * (1 - Self.rateTolerance)
    let high = declared * (1 + Self.rateTolerance)
    let atPeak = steady.filter { span in
      let (from, to) = Self.rates(span)
      return from >= low && to >= low && from <= high && to <= high
    }
    if !atPeak.isEmpty {
      phases = atPeak
      rate = atPeak.map { min(Self.rates($0).from, Self.rates($0).to) }.min()
    }
    let lowest = phases.map { min(Self.rates($0).from, Self.rates($0).to) }.min() ?? 0
    let highest = phases.map { max(Self.rates($0).from, Self.rates($0).to) }.max() ?? 0
    mayFail = highest <= high
    secondsHeld = Self.longestStretch(phases.filter { min(Self.rates($0).from, Self.rates($0).to) >= low })
    if lowest < low {
      lacks.append(
        "\(Wording.number(lowest)) arrivals/s were offered; the declared peak is \(Wording.number(declared))"
          + " arrivals/s")
    } else if atPeak.isEmpty {
      note = "at \(Wording.number(lowest / declared))x the declared peak"
    }
  }

  private static func longestStretch(_ phases: [RunFolder.PhaseSpan]) -> Int {
    var longest = 0
    var current = 0
    var end: Int?
    for span in phases {
      current = span.start == end ? current + span.facts.seconds : span.facts.seconds
      end = span.end
      longest = max(longest, current)
    }
    return longest
  }

  // MARK: mix

  /// By what arrived, not by what the plan says: a share within one point of the declared one, or within what chance does.
  private mutating func judgeMix(_ folder: RunFolder, _ record: RunRecord) {
    guard let peak = record.peak else { return }
    let arrived = Self.arrivals(folder, phases)
    let total = arrived.reduce(0) { $0 + $1.planned }
    guard total > 0 else {
      lacks.append("nothing arrived in the steady phases")
      return
    }
    guard let declared = peak.mix else {
      let measured = zip(folder.series.scenarios, arrived).filter { $1.planned > 0 }
        .map { "\($0): \(Wording.share(Double($1.planned) / Double(total), digits: 2).replacing(" ", with: ""))" }
      lacks.append(
        "the environment's `peak` declares no mix: it would be `mix: {\(measured.joined(separator: ", "))}` for this plan"
      )
      return
    }
    var wrong: [String] = []
    for scenario in Set(declared.map(\.scenario)).union(folder.series.scenarios).sorted() {
      let share = declared.filter { $0.scenario == scenario }.reduce(0) { $0 + $1.share }
      let count = folder.series.scenarios.firstIndex(of: scenario).map { arrived[$0].planned } ?? 0
      let measured = Double(count) / Double(total)
      let chance = 4 * (share * (1 - share) / Double(total)).squareRoot()
      // Of what is declared, however rare, some must be there.
      guard (measured - share).magnitude > max(0.01, chance) || (share > 0 && count == 0) else { continue }
      wrong.append("\(scenario) was \(Wording.share(measured)) of the arrivals, declared are \(Wording.share(share))")
    }
    if !wrong.isEmpty {
      lacks.append("the mix was not the declared one: \(wrong.joined(separator: "; "))")
      mayFail = false
    }
  }

  /// By scenario, in the order of the series.
  private static func arrivals(_ folder: RunFolder, _ phases: [RunFolder.PhaseSpan]) -> [ArrivalTotals] {
    let names = Set(phases.map(\.facts.name))
    var counts = folder.series.scenarios.map { _ in ArrivalTotals() }
    for row in folder.series.journeyRows where names.contains(folder.series.phases[row.phase]) {
      counts[row.scenario] += row.counts
    }
    return counts
  }

  // MARK: kept up

  private mutating func judgeKept(_ folder: RunFolder, _ record: RunRecord) {
    let arrived = Self.arrivals(folder, phases)
    let planned = arrived.reduce(0) { $0 + $1.planned }
    let started = arrived.reduce(0) { $0 + $1.started }
    let seconds = phases.map { $0.start..<$0.end }
    let rows = folder.generatorRows.filter { row in seconds.contains { $0.contains(row.second) } }
    let sent = rows.reduce(0) { $0 + $1.sent }
    let onSchedule = rows.reduce(0) { $0 + $1.onSchedule }
    let share =
      planned > 0 && sent > 0 ? Double(started) / Double(planned) * Double(onSchedule) / Double(sent) : 0
    if planned > 0, share < Self.keptShare {
      lacks.append("\(Wording.share(share, apartFrom: Self.keptShare)) of the arrivals were on schedule; 99 % must be")
    }
    guard let generator = record.generator, generator.healthy else {
      let reasons = record.generator?.reasons ?? []
      lacks.append("the generator was not healthy" + (reasons.isEmpty ? "" : ": " + reasons.joined(separator: "; ")))
      return
    }
  }
}
