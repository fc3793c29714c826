// SPDX-License-Identifier: Apache-2.0

/// What was found about one rule. Plain data, complete enough to be printed or written without asking again.
package struct Finding: Sendable, Equatable {
  /// The rule as written.
  package var expression: String
  package var verdict: Verdict
  /// The figure, in the rule's base unit (microseconds, share, requests per second, requests). Nil when there is none:
  /// no data, or a quantile that falls among the failed requests (the reason says which).
  package var value: Double?
  /// The confidence bound that decided, in the unit of `value`: the lower one of a FAIL of an upper limit, the upper one
  /// otherwise. Nil when judged by estimate, or when there is none.
  package var bound: Double?
  /// Requests that were judged.
  package var n: Int
  /// What they are worth after the design effect: `n` independent requests would have told as much.
  package var effectiveN: Double
  /// Why, and for INCONCLUSIVE what would prove it. One or more sentences without a trailing full stop.
  package var reason: String
  /// The part of `reason` that value, bound, n and confidence beside it do not say. Nil when they say all.
  package var remark: String?
  /// `.estimate` also for rules that are always judged so (avg, min, max, rate, count, windows).
  package var confidence: Confidence

  package init(
    expression: String, verdict: Verdict, value: Double? = nil, bound: Double? = nil, n: Int = 0,
    effectiveN: Double = 0, reason: String, remark: String? = nil, confidence: Confidence
  ) {
    self.expression = expression
    self.verdict = verdict
    self.value = value
    self.bound = bound
    self.n = n
    self.effectiveN = effectiveN
    self.reason = reason
    self.remark = remark
    self.confidence = confidence
  }

  /// A reason that no figure beside it repeats.
  mutating func explain(_ text: String) {
    reason = text
    remark = text
  }
}

/// All findings of a run, and what they come to.
package struct RunJudgement: Sendable, Equatable {
  package var verdict: Verdict
  package var findings: [Finding]
  /// Why the verdict is worse than that of any finding (an unhealthy generator), else empty.
  package var reasons: [String]

  package init(verdict: Verdict, findings: [Finding], reasons: [String]) {
    self.verdict = verdict
    self.findings = findings
    self.reasons = reasons
  }
}
