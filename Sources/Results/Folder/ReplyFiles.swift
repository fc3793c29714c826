// SPDX-License-Identifier: Apache-2.0
import Histogram
package import Judgement

/// `replies.csv` and `replies.hlog` while a run goes on: only there when the plan awaits replies. Not thread-safe: its
/// owner guards it.
final class ReplyFiles {
  private var rows: AppendFile
  private var log: IntervalFile

  init(directory: String, record: RunRecord, trouble: DiskTrouble) throws(FileError) {
    rows = try AppendFile(path: directory + "/" + ReplyFormat.rowFile, trouble: trouble)
    log = try IntervalFile(path: directory + "/" + ReplyFormat.logFile, record: record, trouble: trouble)
    rows.append(ReplyFormat.header)
  }

  /// `place`: `second,phase,scenario,step` with names already encoded.
  func append(_ counts: ReplyTotals, place: String, tag: String, second: Int, times: borrowing Histogram) {
    log.append(times, tag: tag, second: second)
    rows.append(ReplyFormat.line(place: place, counts: counts))
  }

  func flush() {
    log.flush()
    rows.flush()
  }

  func synchronize() {
    log.synchronize()
    rows.synchronize()
  }
}

/// `replies.csv`: one header line, then rows of one step in one second and phase, by the due time of the messages' first
/// deliveries. Rows of the same second, phase and step are added up, since replies come later than their messages. Over a
/// run that came to its end: awaited = answered + lost + open; late is part of answered.
enum ReplyFormat {
  static let rowFile = "replies.csv"
  static let logFile = "replies.hlog"
  static let header = "second,phase,scenario,step,awaited,answered,late,lost,open,duplicated\n"

  static func line(place: String, counts: ReplyTotals) -> String {
    "\(place),\(counts.awaited),\(counts.came),\(counts.late),\(counts.lost),\(counts.open),\(counts.duplicated)\n"
  }
}

extension ReplyTotals {
  package static func += (sum: inout ReplyTotals, other: ReplyTotals) {
    sum.awaited += other.awaited
    sum.came += other.came
    sum.late += other.late
    sum.lost += other.lost
    sum.open += other.open
    sum.duplicated += other.duplicated
  }

  package var addsUp: Bool { awaited == came + lost + open && late <= came }
}

extension PlanRecord {
  /// Whether a step of it awaits replies.
  package var awaitsReplies: Bool { steps.contains { $0.replyWithin != nil } }
}
