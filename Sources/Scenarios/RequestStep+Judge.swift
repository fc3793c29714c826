// SPDX-License-Identifier: Apache-2.0

extension RequestStep {
  /// Checks an answer against the step's expectations and keeps its captures in the journey. Refusals are known by their
  /// status alone: nothing else is checked or captured then. `elapsedMicroseconds` is compared with `within`.
  package func judge(_ response: some ResponseView, elapsedMicroseconds: Int64, journey: Journey) -> StepJudgement {
    StepJudgement(outcome: .ok, isSlow: false)
  }

  /// What was expected and what came, with the place in the file. May hold data of the target: redact it.
  package func explain(_ failure: StepFailure, _ response: some ResponseView, journey: Journey) -> String {
    ""
  }
}
