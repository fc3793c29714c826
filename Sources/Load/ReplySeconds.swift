// SPDX-License-Identifier: Apache-2.0
import Histogram
import Judgement
import Results

/// What became known of replies since the last time it was written, by due second, phase and step. Confined to the
/// recorder.
struct ReplySeconds {
  private struct Key: Hashable, Comparable {
    var second: UInt32
    var phase: UInt16
    var step: UInt16

    static func < (left: Key, right: Key) -> Bool {
      (left.second, left.phase, left.step) < (right.second, right.phase, right.step)
    }
  }

  private struct Part {
    var counts = ReplyTotals()
    var microseconds: [UInt32] = []
  }

  private(set) var totals = ReplyTotals()
  private var parts: [Key: Part] = [:]

  mutating func add(_ measurement: ReplyMeasurement) {
    var counts = ReplyTotals()
    switch measurement.kind {
    case .awaited: counts.awaited = 1
    case .came: counts.came = 1
    case .cameLate:
      counts.came = 1
      counts.late = 1
    case .lost: counts.lost = 1
    case .open: counts.open = 1
    case .duplicated: counts.duplicated = 1
    }
    totals += counts
    let key = Key(second: measurement.dueSecond, phase: measurement.phase, step: measurement.step)
    parts[key, default: Part()].counts += counts
    if counts.came > 0 { parts[key]?.microseconds.append(measurement.microseconds) }
  }

  /// `scratch` is overwritten.
  mutating func write(to writer: RunFolderWriter, _ scratch: inout Histogram) {
    guard !parts.isEmpty else { return }
    for (key, part) in parts.sorted(by: { $0.key < $1.key }) {
      scratch.reset()
      for time in part.microseconds { scratch.record(Int64(time)) }
      writer.replies(
        step: Int(key.step), second: Int(key.second), phase: Int(key.phase), counts: part.counts, times: scratch)
    }
    parts.removeAll(keepingCapacity: true)
  }
}
