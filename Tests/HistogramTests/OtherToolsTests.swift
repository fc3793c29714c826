// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Histogram

/// Logs are exchanged with an independent implementation: PyPI's `hdrhistogram`. Without a Python that has it these
/// tests are reported as skipped; `scripts/setup` puts one into `.build/python`.
@Suite(.enabled(if: Python.withHistograms != nil, "no Python with the package hdrhistogram"), .timeLimit(.minutes(5)))
struct OtherToolsTests {
  /// What both sides print about a histogram: tag, start, total, minimum, maximum, p50, p99, then each counter.
  private static let describe = """
    import sys, hdrh.log
    from hdrh.histogram import HdrHistogram
    def describe(tag, start, histogram):
      counters = [(item.value_iterated_to, item.count_at_value_iterated_to)
        for item in histogram.get_recorded_iterator()]
      print(tag, "%.3f" % start, histogram.get_total_count(), histogram.get_min_value(), histogram.get_max_value(),
        histogram.get_value_at_percentile(50), histogram.get_value_at_percentile(99),
        " ".join("%d:%d" % counter for counter in counters))
    """

  private func describe(_ tag: String?, _ start: Double, _ histogram: borrowing Histogram) -> String {
    var counters: [String] = []
    histogram.forEachBucket { _, highest, count in counters.append("\(highest):\(count)") }
    let figures = [
      histogram.totalCount, histogram.minimum, histogram.maximum, histogram.value(atQuantile: 0.5),
      histogram.value(atQuantile: 0.99),
    ]
    return "\(tag ?? "-") \(String(format: "%.3f", start)) "
      + (figures.map { "\($0)" } + counters).joined(separator: " ")
  }

  @Test func ourLogsAreReadByThem() throws {
    var random = SeededRandom(seed: 51)
    var writer = IntervalLogWriter(startSecondsSinceEpoch: 1_750_000_000, comments: ["microseconds"])
    var log = writer.header
    var expected: [String] = []
    for (second, durations) in Durations.allCases.enumerated() {
      for tag in [nil, "reservation/book", "zimmer%20b%C3%BCcher!failed"] {
        var histogram = Histogram()
        // A thousand, so that the ranks of p50 and p99 are whole and rounding rules do not matter.
        for _ in 0..<1_000 { histogram.record(durations.sample(&random)) }
        let start = 1_750_000_000 + Double(second)
        writer.append(tag: tag, startSecondsSinceEpoch: start, lengthSeconds: 1, histogram: histogram, to: &log)
        expected.append(describe(tag, start, histogram))
      }
    }
    // Out of range for us; for them a value above the highest, and counted all the same.
    var histogram = Histogram()
    histogram.record(250, count: 600)
    histogram.record(4_000_000_000, count: 400)
    writer.append(
      tag: nil, startSecondsSinceEpoch: 1_750_000_099, lengthSeconds: 1, histogram: histogram, to: &log)
    expected.append(describe(nil, 1_750_000_099, histogram))

    let (printed, _) = try Python.run(
      Self.describe + """

        reader = hdrh.log.HistogramLogReader(sys.argv[1], HdrHistogram(1, 3600000000, 3))
        while True:
          histogram = reader.get_next_interval_histogram(absolute=True)
          if histogram is None: break
          describe(histogram.get_tag() or "-", histogram.get_start_time_stamp() / 1000, histogram)
        """, log: log)
    #expect(printed == expected)
  }

  /// Every precision, two units, two highest values, tagged and not, comments, a base time.
  @Test func theirLogsAreReadByUs() throws {
    let (printed, log) = try Python.run(
      Self.describe + """

        import random
        random.seed(52)
        with open(sys.argv[1], "w") as file:
          log = hdrh.log.HistogramLogWriter(file)
          log.output_comment(" written by another tool")
          log.output_log_format_version()
          file.write("#[StartTime: 1441812279.474 (seconds since epoch), Wed Sep 09 08:24:39 PDT 2015]\\n")
          log.output_base_time(1441812279474)
          log.output_legend()
          start = 0
          for digits in range(1, 6):
            for unit in (1, 1000):
              for highest in (10000000, 86400000000 if digits < 4 else 100000):
                histogram = HdrHistogram(unit, highest, digits)
                for value in range(1000):
                  histogram.record_value(min(int(random.lognormvariate(9, 1.5)) + 1, highest))
                start += 1
                tag = "a/b" if start % 2 else ""
                if tag: file.write("Tag=" + tag + ",")
                log.output_interval_histogram(histogram, start, start + 1)
                # Decoded again, since their live minimum and maximum are finer than an encoding.
                describe(tag or "-", 1441812279.474 + start, HdrHistogram.decode(histogram.encode()))
        """, log: [])
    #expect(printed.count == 20)
    var reader = IntervalLogReader(log)
    var read: [String] = []
    while let line = try reader.next() {
      read.append(describe(line.tag, line.startSecondsSinceEpoch, try reader.histogram()))
    }
    #expect(read == printed)
  }
}
