// SPDX-License-Identifier: Apache-2.0
import Judgement

extension RunFolder {
  /// The record of a smoke run with everything that is computed, from the attempts in it and the ledger. From the same
  /// files it gives the same bytes.
  func completedSmoke(_ facts: RunRecord, _ smoke: SmokeRecord) -> RunRecord {
    var result = facts
    let smoke = smoke.judged()
    result.smoke = smoke
    result.arrivals = smoke.arrivals
    result.totals = smoke.totals
    var doubts = problems + incompleteness
    if result.interrupted { doubts.append("the run was interrupted: what it had not checked stays unchecked") }
    if !result.interrupted, let reason = result.stopReason {
      doubts.append("the run was stopped before its end, so it cannot PASS: \(reason)")
    }
    if result.ended == nil { doubts.append("the run did not come to its end: the record goes as far as it did") }
    let broken = readLedger(&result, &doubts)
    result.steady = nil
    result.steps = []
    result.journeys = []
    result.generator = nil
    result.connections = nil
    result.thresholds = []
    result.items = smokeItems(result, doubts: doubts)
    // A step that failed has said so in the record's own reasons.
    let failed = result.items.filter { $0.status == .fail && smoke.verdict != .fail }
    result.reasons = broken + smoke.reasons + failed.map { "\($0.id): \($0.reason)" } + doubts
    let broke = failed.map { _ in Verdict.fail } + broken.map { _ in .fail }
    let verdicts = [smoke.verdict] + broke + (doubts.isEmpty ? [] : [.inconclusive])
    result.verdict = Verdict.worst(of: verdicts) ?? .inconclusive
    return result
  }
}
