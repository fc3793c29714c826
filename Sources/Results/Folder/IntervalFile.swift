// SPDX-License-Identifier: Apache-2.0
import Histogram

/// An interval log on disk. Not thread-safe: its owner guards it.
struct IntervalFile: ~Copyable {
  /// Behind a tag: these are the failed ones.
  static let failedMark = "!failed"

  private var file: AppendFile
  private var writer: IntervalLogWriter
  private let startSeconds: Double
  private var line: [UInt8] = []

  init(path: String, record: RunRecord, trouble: DiskTrouble) throws(FileError) {
    file = try AppendFile(path: path, trouble: trouble)
    startSeconds = record.started.secondsSinceEpoch
    writer = IntervalLogWriter(
      startSecondsSinceEpoch: startSeconds,
      comments: ["[gonogo run \(record.runId.filter { !$0.isNewline })]", "[Values: microseconds]"])
    file.append(writer.header)
  }

  /// One line for the second, counted from the run's begin; nothing for an empty histogram.
  mutating func append(_ histogram: borrowing Histogram, tag: String, second: Int) {
    guard histogram.totalCount > 0 else { return }
    line.removeAll(keepingCapacity: true)
    writer.append(
      tag: tag, startSecondsSinceEpoch: startSeconds + Double(second), lengthSeconds: 1, histogram: histogram, to: &line
    )
    file.append(line)
  }

  mutating func flush() { file.flush() }

  mutating func synchronize() { file.synchronize() }

  var lostLines: Int { file.lostLines }
}
