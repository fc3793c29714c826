// SPDX-License-Identifier: Apache-2.0
import Observe
import Results
import Scenarios
import Transport

/// What of a target is watched while it is under load.
struct TargetSide: Sendable {
  private(set) var sources: [WatchedSource] = []
  private var entries: [TargetWatch.Entry] = []

  /// `hotelProcessID`: of the embedded hotel, when it is the target.
  init(_ target: LoadTarget, planNanoseconds: Int64, hotelProcessID: Int32?) {
    let usual = TargetWatch.usualNanoseconds(planNanoseconds: planNanoseconds)
    let metrics = target.environment?.metrics ?? []
    if let hotelProcessID {
      let limit = metrics.compactMap(\.memoryLimitBytes).first
      add(
        ProcessReader(name: "hotel", processID: hotelProcessID, memoryLimitBytes: limit), every: usual,
        memoryLimit: limit)
    }
  }

  private mutating func add(_ reader: any TargetReader, every: Int64, memoryLimit: Double?) {
    sources.append(
      WatchedSource(
        source: reader.source, name: reader.name, every: Double(every) / 1e6, memoryLimit: memoryLimit))
    entries.append(TargetWatch.Entry(reader: reader, everyNanoseconds: every))
  }

  /// As the run's record has it; nil when nothing is watched.
  var record: WatchedRecord? { sources.isEmpty ? nil : WatchedRecord(sources: sources) }

  /// Begins to sample; nil when nothing is watched.
  func watch(_ writer: RunFolderWriter, started: Timestamp) -> TargetWatch? {
    guard let file = writer.target else { return nil }
    let lead = started.millisecondsSinceEpoch - Timestamp.now().millisecondsSinceEpoch
    return TargetWatch(entries, writer: file, startedAt: MonotonicTime.now().advanced(byNanoseconds: lead * 1_000_000))
  }
}
