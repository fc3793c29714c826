// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results

/// Judges the rules that a checklist writes beside its rows on a load run, anew and with confidence, whatever the run's
/// own plan said.
struct RuleJudge {
  private let marks: [Mark]

  init(_ checklist: Checklist) {
    var seen: [Mark] = []
    for mark in checklist.items.flatMap(\.marks) {
      if case .rules = mark, !seen.contains(mark) { seen.append(mark) }
    }
    marks = seen
  }

  func results(_ directory: String) -> [RunEvidence.RuleResult] {
    guard !marks.isEmpty, let folder = try? RunFolder.open(directory), let (record, doubts) = folder.completion() else {
      return []
    }
    let lacks = doubts + folder.lacksOfSteadyPhases(record)
    return marks.map { mark in
      let (standing, reason) = judged(mark, folder, record, lacks)
      return RunEvidence.RuleResult(mark: mark, standing: standing, reason: reason)
    }
  }

  /// `lacks`: for which nothing that holds is proven.
  private func judged(
    _ mark: Mark, _ folder: RunFolder, _ record: RunRecord, _ lacks: [String]
  ) -> (Standing, String) {
    guard case .rules(let texts, let leastSeconds, let leastPeak) = mark else { return (.pending, "no rule") }
    if record.plan.model == "closed" {
      return (
        .pending, "users wait for answers, so load that was left out cannot be seen: a rate of arrivals is needed"
      )
    }
    if record.interrupted { return (.pending, "the run was interrupted") }
    var thresholds: [Threshold] = []
    for text in texts {
      do throws(ThresholdError) {
        thresholds.append(try Threshold.parse(text))
      } catch {
        return (.pending, "the rule \(text) cannot be read: \(error.message)")
      }
    }
    let judgement = judge(
      thresholds, confidence: .level(0.95), run: folder, generatorHealthy: record.generator?.healthy ?? false,
      generatorReasons: record.generator?.reasons ?? [])
    let reasons = judgement.findings.map { "\($0.expression): \($0.reason)" }.joined(separator: "; ")
    let held = HeldRate(record)
    switch judgement.verdict {
    case .inconclusive: return (.pending, (judgement.reasons + [reasons]).joined(separator: "; "))
    case .pass:
      let seconds = record.steady?.seconds ?? 0
      if seconds < leastSeconds { return (.pending, "\(seconds) of \(leastSeconds) steady seconds; \(reasons)") }
      if let leastPeak, let missing = held.missing(leastPeak) { return (.pending, "\(missing); \(reasons)") }
      if !lacks.isEmpty { return (.pending, (lacks + ["measured: " + reasons]).joined(separator: "; ")) }
      return (.pass, reasons)
    case .fail:
      // What breaks above the rate that was asked for contradicts nothing.
      if let leastPeak, let times = held.timesPeak, times > leastPeak * 1.1 {
        return (
          .pending, "broken at \(short(times)) times the peak, where \(short(leastPeak)) is asked for; \(reasons)"
        )
      }
      return (.fail, reasons)
    }
  }
}

/// The rate that the steady phases held, against the declared peak.
struct HeldRate {
  /// Nil without a declared peak or a steady phase.
  private(set) var timesPeak: Double?
  private let heldShare: Double
  private let isDeclared: Bool

  init(_ record: RunRecord) {
    let steady = record.plan.phases.filter(\.steady)
    let least = steady.map { min($0.from, $0.to) }.min()
    isDeclared = record.peak != nil
    heldShare = record.arrivals.planned > 0 ? Double(record.arrivals.started) / Double(record.arrivals.planned) : 0
    if let peak = record.peak?.arrivalsPerSecond, peak > 0, let least { timesPeak = least / peak }
  }

  /// Why the run has not held so many times the peak; nil when it has.
  func missing(_ leastPeak: Double) -> String? {
    guard isDeclared, let timesPeak else { return "the environment declares no expected peak to hold" }
    // Rates are quotients of written ones: 39.99999 of 40 is 40.
    if timesPeak < leastPeak * 0.9999 {
      return "held \(short(timesPeak)) times the peak; \(short(leastPeak)) is asked for"
    }
    return heldShare < 0.99 ? "only \(short(heldShare * 100)) % of the arrivals were started" : nil
  }
}

/// Up to three significant digits.
private func short(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
  let scaled = (value * 1000).rounded() / 1000
  return scaled == scaled.rounded() ? "\(Int(scaled))" : "\(scaled)"
}
