// SPDX-License-Identifier: Apache-2.0
import Load
import Reports
import Results
import Transport

extension LedgerAudit.Settings {
  /// After load: at a rate that the target has just held.
  init(after program: LoadProgram, _ record: RunRecord, limitNanoseconds: Int64?) {
    self.init()
    let seconds = max(1, Double(program.lengthNanoseconds) / 1e9)
    perSecond = min(max(Double(record.totals.sent) / seconds, 50), 1_000)
    longestNanoseconds = limitNanoseconds
    if let limitNanoseconds { patienceNanoseconds = min(patienceNanoseconds, limitNanoseconds) }
  }
}

/// Reads back what a run wrote, before its folder is sealed. The first signal ends it: what is known by then is kept,
/// and the run counts as interrupted.
func readLedgerBack(
  _ program: LoadProgram, _ record: inout RunRecord, directory: String, ledger: LedgerWriter,
  settings: LedgerAudit.Settings, console: Console, signals: borrowing Signals
) {
  var isStopped = false
  var shown = MonotonicTime.now()
  do {
    _ = try LedgerAudit.run(program: program, directory: directory, ledger: ledger, settings: settings) { progress in
      if signals.wait(milliseconds: 0) != nil, !isStopped {
        isStopped = true
        Console.complain("stopping: what was not read back stays unknown")
      }
      if MonotonicTime.now().nanoseconds(since: shown) >= 2_000_000_000 {
        shown = .now()
        console.remark("reading back: \(NumberText.count(progress.done)) of \(NumberText.count(progress.of)) writes")
      }
      return !isStopped
    }
  } catch {
    record.notes.append("the ledger could not be read back: \(printable("\(error)"))")
  }
  if isStopped {
    record.interrupted = true
    record.stopReason = "interrupted while its writes were read back"
  }
}
