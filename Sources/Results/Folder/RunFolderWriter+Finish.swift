// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc
import Judgement

extension RunFolderWriter {
  /// Ends the run's files: reads the folder back, completes the record from it, and writes `slowest.json`, `run.json`,
  /// `verdict`, `summary.md` and `junit.xml` (texts made by `summary` and `junit`) and the manifest; then `latest` points
  /// here. `record`: all facts, arrivals and totals as the engine counted them. Returns the record as it was written;
  /// `trouble` tells whether it was. Call it once, last.
  package func finish(
    record: RunRecord, samples: Samples, summary: (RunRecord) -> String, junit: (RunRecord) -> String? = { _ in nil }
  ) -> RunRecord {
    synchronize()
    unlink(directory + "/" + Self.reserveName)
    replace("slowest.json") { try Array(encodeRecord(samples)) }
    var facts = record
    if let trouble {
      facts.notes.append(RunRecord.incompleteFiles + "\(trouble)")
    }
    let completed = RunFolder(directory: directory, record: facts).completed() ?? facts
    replace("run.json") { try Array(completed.encoded()) }
    replace("verdict") { Array("\(completed.verdict.rawValue)\n".utf8) }
    replace("summary.md") { Array(summary(completed).utf8) }
    if let text = junit(completed) { replace("junit.xml") { Array(text.utf8) } }
    do throws(FileError) {
      try Manifest.write(directory: directory)
      try RunFolderName.pointLatest(to: name, in: resultsDirectory)
    } catch {
      disk.remember(error)
    }
    return completed
  }
}
