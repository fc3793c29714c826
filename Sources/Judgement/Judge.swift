// SPDX-License-Identifier: Apache-2.0

/// Judges a run: one finding per threshold, and what they come to.
///
/// With no thresholds `errors < 1%` is judged by estimate. The verdict is the worst of the findings; an unhealthy
/// generator, or failures of its own, make it INCONCLUSIVE at best.
package func judge(
  _ thresholds: [Threshold], confidence: Confidence, run: some MeasuredRun, generatorHealthy: Bool,
  generatorReasons: [String]
) -> RunJudgement {
  let isDefault = thresholds.isEmpty
  let judge = Judge(
    run: run, confidence: isDefault ? .estimate : confidence, generatorHealthy: generatorHealthy,
    generatorReasons: generatorReasons)
  var findings = (isDefault ? [.whenNoneIsWritten] : thresholds).map(judge.finding)
  if isDefault {
    findings[0].reason += "; no thresholds were written"
    findings[0].remark =
      (findings[0].remark.map { $0 + "; " } ?? "") + "no thresholds were written: this is the default"
  }
  var verdict = Verdict.worst(of: findings.map(\.verdict)) ?? .inconclusive
  var reasons: [String] = []
  if !generatorHealthy {
    reasons = generatorReasons.isEmpty ? ["the generator was not healthy"] : generatorReasons
  }
  if let own = try? run.totals(of: Selection()).generatorFailed, own > 0 {
    reasons.append("\(Wording.count(own, "request")) failed in the generator itself")
  }
  if !reasons.isEmpty { verdict = Verdict.worst(of: [verdict, .inconclusive]) ?? verdict }
  return RunJudgement(verdict: verdict, findings: findings, reasons: reasons)
}

/// One run being judged.
struct Judge<Run: MeasuredRun> {
  var run: Run
  var confidence: Confidence
  var generatorHealthy: Bool
  var generatorReasons: [String]

  func finding(_ threshold: Threshold) -> Finding {
    let effective = threshold.isAlwaysEstimated ? .estimate : confidence
    if threshold.needsBaseline {
      let reason = "its limit is a baseline's, and none was given"
      return Finding(
        expression: threshold.text, verdict: .inconclusive, reason: reason, remark: reason, confidence: effective)
    }
    do throws(SelectionError) {
      let parts = try selections(of: threshold)
      var worst: Finding?
      for part in parts {
        var finding = try judgePart(threshold, part, effective)
        if parts.count > 1, let phase = part.phase {
          finding.reason = "in phase \(phase): \(finding.reason)"
          finding.remark = "in phase \(phase)" + (finding.remark.map { ": " + $0 } ?? "")
        }
        if worst == nil || Verdict.worst(of: [finding.verdict, worst!.verdict]) != worst!.verdict { worst = finding }
      }
      return worst
        ?? Finding(
          expression: threshold.text, verdict: .inconclusive, reason: "the run has no such phase",
          remark: "the run has no such phase", confidence: effective)
    } catch {
      return Finding(
        expression: threshold.text, verdict: .inconclusive, reason: error.message, remark: error.message,
        confidence: effective)
    }
  }

  /// Steady phases are pooled only when their loads are equal, and windows never reach across phases: else each phase is
  /// judged by itself and the worst counts.
  private func selections(of threshold: Threshold) throws(SelectionError) -> [Selection] {
    guard threshold.selection.phase == Selection.steadyPhase else { return [threshold.selection] }
    let steady = run.phases.filter(\.isSteady)
    let isPooled = steady.allSatisfy { $0.load == steady.first?.load }
    if steady.count < 2 || (isPooled && threshold.windowSeconds == nil) { return [threshold.selection] }
    return steady.map { Selection(phase: $0.name, step: threshold.selection.step) }
  }

  private func judgePart(
    _ threshold: Threshold, _ selection: Selection, _ confidence: Confidence
  ) throws(SelectionError) -> Finding {
    var finding = Finding(expression: threshold.text, verdict: .inconclusive, reason: "", confidence: confidence)
    if let nothing = try nothingAnswered(threshold) {
      finding.verdict = .fail
      finding.explain(nothing)
      finding.n = try run.totals(of: selection).sent
      finding.effectiveN = Double(finding.n)
      finding.value = threshold.figure == .errors ? 1 : nil
    } else if let seconds = threshold.windowSeconds {
      try judgeWindows(threshold, selection, seconds, &finding)
    } else if let rule = threshold.shareRule {
      try judgeShare(threshold, rule, selection, &finding)
    } else {
      try judgeFigure(threshold, selection, &finding)
    }
    if let wording = threshold.baselineWording {
      finding.reason += "; \(wording)"
      finding.remark = (finding.remark.map { $0 + "; " } ?? "") + wording
    }
    if run.brokenLive.contains(threshold.text), finding.verdict == .fail {
      finding.reason = "it stopped the run; \(finding.reason)"
      finding.remark = "it stopped the run" + (finding.remark.map { "; " + $0 } ?? "")
    } else if run.brokenLive.contains(threshold.text) {
      finding.verdict = .fail
      finding.reason = "it broke while the run went on and stopped it; over the whole run: \(finding.reason)"
      finding.remark = "it broke while the run went on and stopped it; the figures are of the whole run"
    }
    if !generatorHealthy, threshold.needsHealthyGenerator {
      let why = generatorReasons.isEmpty ? "" : " (\(generatorReasons.joined(separator: "; ")))"
      finding.verdict = .inconclusive
      finding.reason = "the generator was not healthy\(why), so this cannot be judged; measured: \(finding.reason)"
      finding.remark = "the generator was not healthy, so this cannot be judged"
    }
    return finding
  }

  /// A system that answered nothing at all has failed every rule that limits errors or times, however short the run.
  private func nothingAnswered(_ threshold: Threshold) throws(SelectionError) -> String? {
    let isUpperLimit =
      threshold.comparison == .less || threshold.comparison == .lessOrEqual
      || (threshold.comparison == .equal && threshold.limit == 0)
    switch threshold.figure {
    case .errors, .quantile, .mean, .minimum, .maximum: guard isUpperLimit else { return nil }
    case .rate, .slow, .refused, .unsent, .count, .replies, .replyShare, .writes, .target: return nil
    }
    let totals = try run.totals(of: Selection())
    let sent = totals.sent - totals.generatorFailed
    guard sent > 0, totals.ok == 0 else { return nil }
    return "nothing was answered: all \(Wording.count(totals.sent, "request")) of the run failed"
  }
}
