// SPDX-License-Identifier: Apache-2.0

/// Judges a run. With no thresholds, `errors < 1%` by estimate.
package func judge(
  _ thresholds: [Threshold], confidence: Confidence, run: some MeasuredRun, generatorHealthy: Bool,
  generatorReasons: [String]
) -> Judgement {
  Judgement(verdict: .inconclusive, findings: [], reasons: generatorReasons)
}
