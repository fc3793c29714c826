// SPDX-License-Identifier: Apache-2.0

extension Judge {
  /// Quantiles and shares.
  func judgeShare(
    _ threshold: Threshold, _ rule: ShareRule, _ selection: Selection, _ finding: inout Finding
  ) throws(SelectionError) {
    let seconds = try run.totals(of: selection).seconds
    let length = batchSeconds(runSeconds: seconds)
    let evidence = ShareEvidence(
      try run.batches(of: selection, counting: rule.event, batchSeconds: length))
    finding.n = evidence.n
    finding.effectiveN = Double(evidence.n) / evidence.designEffectAbove
    guard let share = evidence.share else {
      return nothingMeasured(threshold, &finding)
    }
    finding.value = try value(of: threshold, selection) ?? (threshold.figure.measure == nil ? share : nil)
    if rule.isUpperLimit, rule.limit <= 0 {
      judgeForbidden(rule, evidence, &finding)
    } else if case .level(let level) = finding.confidence {
      if evidence.heldBatches < leastBatches {
        finding.explain(tooFewBatches(evidence, seconds: seconds, length: length))
      } else {
        try judgeByBounds(threshold, rule, selection, evidence, level, &finding)
      }
    } else {
      judgeByEstimate(threshold, rule, evidence, &finding)
    }
  }

  private func value(of threshold: Threshold, _ selection: Selection) throws(SelectionError) -> Double? {
    guard case .quantile(let measure, let q) = threshold.figure else { return nil }
    return try run.quantile(q, of: selection, measure: measure)
  }

  /// `errors == 0`, `refused <= 0`: one is enough to break it, and only the count can hold it.
  func judgeForbidden(_ rule: ShareRule, _ evidence: ShareEvidence, _ finding: inout Finding) {
    finding.value = evidence.share
    if evidence.surelyOver > 0 {
      finding.verdict = .fail
      finding.explain(
        "\(Wording.count(evidence.surelyOver)) of \(Wording.count(evidence.n)) \(rule.events); none is allowed")
    } else if evidence.possiblyOver > 0 {
      finding.explain(
        "\(Wording.count(evidence.possiblyOver)) of \(Wording.count(evidence.n)) \(rule.events), but not by the target's"
          + " fault")
    } else {
      finding.verdict = .pass
      finding.explain("none of \(Wording.count(evidence.n)) \(rule.events), by count")
    }
  }

  private func judgeByEstimate(
    _ threshold: Threshold, _ rule: ShareRule, _ evidence: ShareEvidence, _ finding: inout Finding
  ) {
    let holdsAtMost: Bool
    let holdsAtLeast: Bool
    if threshold.figure.measure != nil {
      holdsAtMost = threshold.comparison.holds(finding.value ?? .infinity, threshold.limit)
      holdsAtLeast = holdsAtMost
    } else {
      holdsAtMost = rule.comparison.holds(Double(evidence.possiblyOver) / Double(evidence.n), rule.limit)
      holdsAtLeast = rule.comparison.holds(Double(evidence.surelyOver) / Double(evidence.n), rule.limit)
    }
    finding.verdict = holdsAtMost == holdsAtLeast ? (holdsAtMost ? .pass : .fail) : .inconclusive
    finding.effectiveN = Double(evidence.n)
    let measured = measured(threshold, rule, evidence, finding.value)
    finding.reason = "\(measured), judged by the estimate alone"
    if finding.verdict != .pass { finding.remark = measured }
  }

  private func judgeByBounds(
    _ threshold: Threshold, _ rule: ShareRule, _ selection: Selection, _ evidence: ShareEvidence, _ level: Double,
    _ finding: inout Finding
  ) throws(SelectionError) {
    let upper = evidence.upper(level: level)
    let lower = evidence.lower(level: level)
    let (passing, failing) = rule.isUpperLimit ? (upper, lower) : (lower, upper)
    if rule.comparison.holds(passing, rule.limit) {
      finding.verdict = .pass
    } else if !rule.comparison.holds(failing, rule.limit) {
      finding.verdict = .fail
    }
    let usesUpper = (finding.verdict == .fail) != rule.isUpperLimit
    if usesUpper == false { finding.effectiveN = Double(evidence.n) / evidence.designEffectBelow }
    if case .quantile(let measure, _) = threshold.figure {
      let events =
        usesUpper
        ? evidence.eventsAllowed(limit: rule.limit, level: level)
        : evidence.eventsProving(limit: rule.limit, level: level)
      let share = events / Double(evidence.n)
      finding.bound = (0...1).contains(share) ? try run.quantile(1 - share, of: selection, measure: measure) : nil
    } else {
      finding.bound = usesUpper ? upper : lower
    }
    let bound =
      usesUpper
      ? "at most \(Wording.share(upper, apartFrom: rule.limit))"
      : "at least \(Wording.share(lower, apartFrom: rule.limit))"
    let measured = measured(threshold, rule, evidence, finding.value)
    var reason = measured
    reason += "; \(bound) with \(Wording.level(level)) confidence, \(Wording.share(rule.limit)) is the limit"
    if finding.verdict == .inconclusive {
      let proof = whatWouldProve(rule, evidence, level, nouns: threshold.figure.nouns)
      reason += "; " + proof
      finding.remark = evidence.possiblyOver == 0 ? proof : "\(measured); \(proof)"
    } else if finding.verdict == .fail {
      finding.remark = "\(measured), \(Wording.share(rule.limit)) is the limit"
    }
    let effect = usesUpper ? evidence.designEffectAbove : evidence.designEffectBelow
    if effect >= 2 {
      reason += "; they came in clumps: \(Wording.count(evidence.n)) \(threshold.figure.nouns) tell as much as "
      reason += "\(Wording.number(Double(evidence.n) / effect)) independent ones"
    }
    finding.reason = reason
  }

  private func measured(
    _ threshold: Threshold, _ rule: ShareRule, _ evidence: ShareEvidence, _ value: Double?
  ) -> String {
    var text = "\(Wording.count(evidence.possiblyOver)) of \(Wording.count(evidence.n)) \(rule.events)"
    if evidence.possiblyOver > 0, let share = evidence.share {
      text += " (\(Wording.share(share, apartFrom: rule.limit)))"
    }
    if threshold.figure.measure != nil, value == nil {
      text += ", the percentile falls among the \(threshold.figure.isAboutReplies ? "lost" : "failed") ones"
    }
    if threshold.figure == .errors, evidence.possiblyOver > evidence.surelyOver {
      text += ", \(Wording.count(evidence.possiblyOver - evidence.surelyOver)) of them by the generator's own fault"
    }
    return text
  }

  private func whatWouldProve(_ rule: ShareRule, _ evidence: ShareEvidence, _ level: Double, nouns: String) -> String {
    guard rule.isUpperLimit else { return "more \(nouns) would decide it" }
    if evidence.possiblyOver == 0, rule.limit < 1 {
      let needed = requestsNeeded(share: rule.limit, level: level)
      return "\(Wording.count(needed)) \(rule.without) are needed; \(Wording.count(evidence.n)) were made"
    }
    guard let needed = evidence.requestsToProve(limit: rule.limit, level: level) else {
      return "the measured share is not within the limit, nor is it proven to be beyond it"
    }
    return
      "at this share about \(Wording.count(roughly(needed))) \(nouns) are needed; \(Wording.count(evidence.n)) were made"
  }

  /// Two significant digits, up: more would promise what an estimate cannot keep.
  private func roughly(_ value: Double) -> Double {
    var unit = 1.0
    while value / unit >= 100 { unit *= 10 }
    return (value / unit).rounded(.up) * unit
  }

  private func tooFewBatches(_ evidence: ShareEvidence, seconds: Int, length: Int) -> String {
    if seconds < leastBatches {
      return "\(Wording.count(seconds, "second")) were measured; \(leastBatches) are needed for a verdict by confidence"
    }
    return "requests came in only \(evidence.heldBatches) stretches of \(length) s; \(leastBatches) are needed to see "
      + "how they clump"
  }
}
