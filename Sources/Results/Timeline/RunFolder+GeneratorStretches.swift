// SPDX-License-Identifier: Apache-2.0
import Histogram

extension RunFolder {
  /// The tool's own state: delays pooled from `generator.hlog`, the rest from `generator.csv`.
  func addGenerator(_ cut: StretchCut, to timeline: inout RunTimeline) {
    var rows = Array(repeating: [GeneratorRow](), count: cut.count)
    for row in generatorRows { rows[cut.index(row.second)].append(row) }
    let ownLag = delays(GeneratorFormat.ownLagTag, cut)
    let blocked = delays(GeneratorFormat.blockedTag, cut)
    for index in timeline.stretches.indices where !rows[index].isEmpty {
      func mean(_ path: KeyPath<GeneratorCounts, Int>) -> Double? {
        GeneratorHealth.mean(rows[index].map { $0.counts[keyPath: path] }).map { $0 / 1000 }
      }
      let resident = rows[index].map(\.counts.residentKiB).max() ?? -1
      timeline.stretches[index].generator = RunTimeline.GeneratorStretch(
        ownLagP99: ownLag[index], blockedP99: blocked[index], busyShare: mean(\.busyPerMille),
        cpuShare: mean(\.cpuPerMille), inFlight: rows[index].map(\.counts.inFlight).max(),
        residentMiB: resident > 0 ? Double(resident) / 1024 : nil)
    }
  }

  /// The p99 of each stretch, in milliseconds. Lines stand in the order of time; one out of it would begin its stretch
  /// anew, so the longer of the two delays stays.
  private func delays(_ tag: String, _ cut: StretchCut) -> [Double?] {
    var found = [Double?](repeating: nil, count: cut.count)
    let start = runStart(generatorLog)
    var reader = IntervalLogReader(generatorLog)
    var pooled = Histogram()
    var current = -1
    func close(_ pooled: borrowing Histogram) {
      guard current >= 0, pooled.totalCount > 0 else { return }
      found[current] = max(found[current] ?? 0, milliseconds(Double(pooled.delay(atQuantile: 0.99))))
    }
    while true {
      do throws(IntervalLogError) {
        guard let line = try reader.next() else { break }
        if line.tag != tag { continue }
        let index = cut.index(Int((line.startSecondsSinceEpoch - start).rounded()))
        if index != current {
          close(pooled)
          pooled.reset()
          current = index
        }
        try reader.merge(into: &pooled)
      } catch {
        // A damaged line costs a point of a chart; health is judged by generator.csv.
        continue
      }
    }
    close(pooled)
    return found
  }
}
