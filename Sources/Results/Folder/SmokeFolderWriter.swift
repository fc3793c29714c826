// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc
import Judgement

/// Writes the folder of a smoke run: `run.json` again and again while the run goes on, so that a killed one leaves what
/// it found, `ledger.jsonl` before each write to the target, `inputs/`, and at the end `junit.xml`, `summary.md`,
/// `verdict` and the manifest. Confined to one thread at a time, but for `ledger`, which any thread may use.
package final class SmokeFolderWriter: FolderWriting {
  package let directory: String
  /// Name of the folder in its parent.
  package let name: String
  package let ledger: LedgerWriter
  /// Bodies of failed requests that are too long for the command that repeats them.
  package let bodies: SentBodies

  let resultsDirectory: String
  let disk = DiskTrouble()

  /// Makes `resultsDirectory` where it is missing and a new folder in it.
  package init(resultsDirectory: String, record: RunRecord) throws(FileError) {
    signal(SIGXFSZ, SIG_IGN)
    self.resultsDirectory = resultsDirectory
    name = try RunFolderName.make(
      RunFolderName.name(started: record.started, plan: record.plan.name, demo: record.demo), in: resultsDirectory)
    directory = resultsDirectory + "/" + name
    try FileCalls.makeDirectory(directory + "/inputs")
    ledger = try LedgerWriter(path: directory + "/ledger.jsonl", trouble: disk)
    bodies = SentBodies(directory: directory, disk: disk)
    update(record)
  }

  /// The first failure of writing, nil when all went well. A run whose ledger cannot be written must stop.
  package var trouble: FileError? { disk.first }

  /// Replaces `run.json` by what is known now, and writes down what became of the writes.
  package func update(_ record: RunRecord) {
    ledger.flush()
    replace("run.json") { try Array(record.encoded()) }
  }

  /// Keeps a copy of a file the run was made from; see `RunFolderWriter.addInput`.
  package func addInput(path: String, bytes: [UInt8]) {
    do throws(FileError) {
      try InputCopies.add(path: path, bytes: bytes, to: directory)
    } catch {
      disk.remember(error)
    }
  }

  /// Ends the run's files. `record`: all facts. Returns the record as it was written. Call it once, last.
  package func finish(record: RunRecord, derived: [DerivedFile]) -> RunRecord {
    ledger.flush()
    ledger.synchronize()
    return conclude(record: record, derived: derived)
  }
}
