// SPDX-License-Identifier: Apache-2.0

import Glibc
import Histogram

/// `record` is to stay below 10 ns, and an hour of 64 intervals a second to merge in less than 2 s. 31 values each are
/// 2,000 requests/s in all; 2,000 values each show what dense intervals cost, most of it in zlib.
let histogramBenchmarks = [
  Benchmark(name: "record", unit: "ns", measure: nanosecondsPerRecord),
  Benchmark(name: "merge 64 x 3600 intervals of 31 values", unit: "s") { secondsToMerge(logOf31) },
  Benchmark(name: "merge 64 x 3600 intervals of 2000 values", unit: "s") { secondsToMerge(logOf2000) },
  Benchmark(name: "write an interval of 2000 values", unit: "us", measure: microsecondsPerLine),
]

private let logOf31 = intervalLog(lines: 3_600, valuesPerLine: 31)
private let logOf2000 = intervalLog(lines: 3_600, valuesPerLine: 2_000)

@Sendable private func nanosecondsPerRecord() -> Double {
  var random = Xorshift()
  let values = (0..<4_096).map { _ in random.latency() }
  var histogram = Histogram()
  let rounds = 2_500
  let time = seconds {
    for _ in 0..<rounds {
      for value in values { histogram.record(value) }
    }
  }
  precondition(histogram.totalCount == Int64(rounds * values.count))
  return time * 1e9 / Double(rounds * values.count)
}

/// 64 logs of an hour, read as files are read: lines, base64, zlib, counts.
private func secondsToMerge(_ log: [UInt8]) -> Double {
  var total = Histogram()
  let time = seconds {
    for _ in 0..<64 {
      var reader = IntervalLogReader(log)
      do {
        while try reader.next() != nil { try reader.merge(into: &total) }
      } catch { preconditionFailure("\(error)") }
    }
  }
  precondition(total.totalCount > 0)
  return time
}

@Sendable private func microsecondsPerLine() -> Double {
  var random = Xorshift()
  var histogram = Histogram()
  for _ in 0..<2_000 { histogram.record(random.latency()) }
  var writer = IntervalLogWriter(startSecondsSinceEpoch: 0)
  var text: [UInt8] = []
  let lines = 2_000
  let time = seconds {
    for line in 0..<lines {
      text.removeAll(keepingCapacity: true)
      writer.append(
        tag: "reservation/book", startSecondsSinceEpoch: Double(line), lengthSeconds: 1, histogram: histogram,
        to: &text)
    }
  }
  return time * 1e6 / Double(lines)
}

private func intervalLog(lines: Int, valuesPerLine: Int) -> [UInt8] {
  var random = Xorshift()
  var histogram = Histogram()
  var writer = IntervalLogWriter(startSecondsSinceEpoch: 1_750_000_000)
  var text = writer.header
  for line in 0..<lines {
    histogram.reset()
    for _ in 0..<valuesPerLine { histogram.record(random.latency()) }
    writer.append(
      tag: "reservation/book", startSecondsSinceEpoch: 1_750_000_000 + Double(line), lengthSeconds: 1,
      histogram: histogram, to: &text)
  }
  return text
}

/// Latencies as services have them: log-normal around 20 ms, in microseconds. Seeded, so that runs compare.
private struct Xorshift {
  private var state: UInt64 = 0x9e37_79b9_7f4a_7c15

  mutating func latency() -> Int64 {
    var normal = -6.0
    for _ in 0..<12 { normal += uniform() }
    return Int64(20_000 * exp(normal * 0.7))
  }

  private mutating func uniform() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Double(state >> 11) * 0x1p-53
  }
}
