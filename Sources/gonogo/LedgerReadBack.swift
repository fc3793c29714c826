// SPDX-License-Identifier: Apache-2.0
import Load
import Reports
import Results
import Transport

/// Reads back what a run wrote, before its folder is sealed. The first signal ends it: what is known by then is kept,
/// and the run counts as interrupted.
func readLedgerBack(
  _ program: LoadProgram, _ record: inout RunRecord, writer: RunFolderWriter, limitNanoseconds: Int64?,
  console: Console, signals: borrowing Signals
) {
  guard writer.trouble == nil, limitNanoseconds != 0 else { return }
  var settings = LedgerAudit.Settings()
  // A rate the target has just held.
  let seconds = max(1, Double(program.lengthNanoseconds) / 1e9)
  settings.perSecond = min(max(Double(record.totals.sent) / seconds, 50), 1_000)
  settings.longestNanoseconds = limitNanoseconds
  if let limitNanoseconds { settings.patienceNanoseconds = min(settings.patienceNanoseconds, limitNanoseconds) }
  let begun = MonotonicTime.now()
  var isStopped = false
  var shown = begun
  do {
    _ = try LedgerAudit.run(
      program: program, directory: writer.directory, ledger: writer.ledger, settings: settings
    ) { progress in
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
