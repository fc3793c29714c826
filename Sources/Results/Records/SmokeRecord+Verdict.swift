// SPDX-License-Identifier: Apache-2.0
package import Judgement

extension SmokeStep {
  /// The last attempt of each round decides.
  private var deciding: [SmokeAttempt] {
    var last: [Int: SmokeAttempt] = [:]
    for attempt in attempts { last[attempt.round] = attempt }
    return last.values.sorted { $0.round < $1.round }
  }

  /// The attempt that tells what became of the step: the one that failed it, else the last one.
  package var decisive: SmokeAttempt? {
    let deciding = deciding
    return deciding.first { $0.outcome == .failed } ?? deciding.last
  }

  /// The step with `status` and `flaky` as its attempts have them.
  package func judged() -> SmokeStep {
    var result = self
    let deciding = deciding
    if deciding.contains(where: { $0.outcome == .failed }) {
      result.status = .failed
    } else if deciding.isEmpty || deciding.contains(where: { $0.outcome == .refused }) {
      result.status = .skipped
    } else {
      result.status = .passed
    }
    result.flaky = result.status == .passed && attempts.contains { $0.outcome == .failed }
    if result.status != .skipped {
      result.cause = nil
      result.reason = nil
    }
    return result
  }
}

extension SmokeRecord {
  package var steps: [SmokeStep] { scenarios.flatMap(\.steps) }

  /// With the status of every step as its attempts have it.
  func judged() -> SmokeRecord {
    var result = self
    for index in result.scenarios.indices {
      result.scenarios[index].steps = result.scenarios[index].steps.map { $0.judged() }
    }
    return result
  }

  /// What the steps come to: FAIL when one failed; INCONCLUSIVE when nothing was checked, when one passed only on a
  /// retry (PARTIAL on a checklist), or when one could not be checked; else PASS, also when steps were left out on
  /// purpose.
  package var verdict: Verdict {
    let steps = steps
    if steps.contains(where: { $0.status == .failed }) { return .fail }
    let isProven =
      steps.contains { $0.status == .passed } && !steps.contains { $0.flaky }
      && steps.allSatisfy { $0.status != .skipped || $0.cause?.isOnPurpose == true }
    return isProven ? .pass : .inconclusive
  }

  /// Why it is no PASS, in sentences.
  package var reasons: [String] {
    var reasons: [String] = []
    func count(_ number: Int) -> String { number == 1 ? "1 step" : "\(number) steps" }
    func add(_ selected: [String], _ text: (String) -> String) {
      if !selected.isEmpty { reasons.append(text(count(selected.count)) + ": " + Self.list(selected)) }
    }
    add(names { $0.status == .failed }) { "\($0) failed" }
    add(names { $0.flaky }) { "PARTIAL: \($0) passed only on a retry" }
    add(names { $0.cause == .refusal && !$0.attempts.isEmpty }) { "\($0) met a declared refusal" }
    add(names { $0.status == .skipped && $0.cause?.isOnPurpose != true && $0.attempts.isEmpty }) {
      "\($0) could not be checked"
    }
    if !steps.contains(where: { $0.status != .skipped }) {
      reasons.append(steps.isEmpty ? "there was nothing to check" : "nothing was checked: every step was left out")
    }
    return reasons
  }

  private func names(where holds: (SmokeStep) -> Bool) -> [String] {
    scenarios.flatMap { scenario in scenario.steps.filter(holds).map { "\(scenario.scenario)/\($0.name)" } }
  }

  private static func list(_ names: [String]) -> String {
    names.count <= 5 ? names.joined(separator: ", ") : names.prefix(4).joined(separator: ", ") + ", ..."
  }

  /// The requests as load counts them; setup included.
  var totals: RunTotals {
    var totals = RunTotals()
    for attempt in steps.flatMap(\.attempts) {
      totals.sent += 1
      switch attempt.outcome {
      case .passed: totals.ok += 1
      case .refused:
        totals.ok += 1
        totals.refused += 1
      case .failed:
        totals.failed += 1
        totals.failedByKind[attempt.failure?.kind ?? "other", default: 0] += 1
      }
    }
    totals.planned = totals.sent
    return totals
  }

  /// One pass through each scenario.
  var arrivals: ArrivalTotals {
    var totals = ArrivalTotals()
    totals.planned = scenarios.count
    for scenario in scenarios {
      if scenario.steps.contains(where: { $0.cause == .interrupted && $0.attempts.isEmpty }) {
        if scenario.steps.contains(where: { !$0.attempts.isEmpty }) { totals.cut += 1 } else { totals.unsent += 1 }
      } else if scenario.steps.allSatisfy({ $0.attempts.isEmpty }) {
        totals.unsent += 1
      } else if scenario.steps.contains(where: { $0.status == .failed }) {
        totals.failed += 1
      } else {
        totals.completed += 1
      }
    }
    totals.started = totals.completed + totals.failed + totals.cut
    return totals
  }
}
