// SPDX-License-Identifier: Apache-2.0
import Glibc
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
    var doubts = problems
    if result.interrupted { doubts.append("the run was interrupted: what it had not checked stays unchecked") }
    if result.ended == nil { doubts.append("the run did not come to its end: the record goes as far as it did") }
    do throws(FileError) {
      let ledger = try LedgerReader(path: directory + "/ledger.jsonl")
      result.leftBehind = ledger.shown
      result.leftBehindCount = ledger.leftCount
      if ledger.unreadableLines > 0 { doubts.append("ledger.jsonl: \(ledger.unreadableLines) lines cannot be read") }
    } catch {
      doubts.append(error.code == ENOENT ? "ledger.jsonl is missing" : "ledger.jsonl cannot be read: \(error)")
    }
    result.steady = nil
    result.steps = []
    result.journeys = []
    result.generator = nil
    result.connections = nil
    result.thresholds = []
    result.reasons = smoke.reasons + doubts
    result.verdict =
      doubts.isEmpty ? smoke.verdict : Verdict.worst(of: [smoke.verdict, .inconclusive]) ?? .inconclusive
    return result
  }
}
