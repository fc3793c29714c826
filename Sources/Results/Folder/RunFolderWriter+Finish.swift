// SPDX-License-Identifier: Apache-2.0
import Glibc

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
    return conclude(record: record, summary: summary, junit: junit)
  }
}
