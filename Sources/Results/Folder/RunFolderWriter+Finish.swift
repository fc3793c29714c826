// SPDX-License-Identifier: Apache-2.0
import Glibc

extension RunFolderWriter {
  /// Ends the run's files: reads the folder back, completes the record from it, and writes `slowest.json`, `run.json`,
  /// `verdict`, the derived files and the manifest; then `latest` points here. `record`: all facts, arrivals and totals
  /// as the engine counted them. Returns the record as it was written; `trouble` tells whether it was. Call it once, last.
  package func finish(record: RunRecord, samples: Samples, derived: [DerivedFile]) -> RunRecord {
    synchronize()
    unlink(directory + "/" + Self.reserveName)
    replace("slowest.json") { try Array(encodeRecord(samples)) }
    return conclude(record: record, derived: derived)
  }

  /// With a summary as the only file made of the record.
  package func finish(
    record: RunRecord, samples: Samples, summary: @escaping @Sendable (RunRecord) -> String
  ) -> RunRecord {
    finish(
      record: record, samples: samples, derived: [DerivedFile("summary.md", text: { record, _ in summary(record) })])
  }
}
