// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Histogram

/// Values that the reference implementations (Java, C) and their tests publish.
@Suite struct ReferenceTests {
  @Test(
    arguments: [
      (1, 3_600_000_000, 3, 23_552),
      (1, 3_600_000_000, 2, 3_328),
      (1, 100_000_000, 3, 18_432),
      (1, 2, 0, 3),
      (1, 2, 3, 2_048),
      (1, 2_047, 3, 2_048),
      (1, 2_048, 3, 3_072),
      (1_000, 100_000_000, 3, 9_216),
      (1, 10_000_000, 3, 15_360),
      (1_024, 3_600_000_000, 3, 13_312),
      (1, Int64.max, 3, 55_296),
      (1, Int64.max, 5, 6_160_384),
    ] as [(Int64, Int64, Int, Int)])
  func numberOfCounters(lowest: Int64, highest: Int64, digits: Int, counters: Int) throws {
    let layout = try CounterLayout(lowestDiscernible: lowest, highest: highest, significantDigits: digits)
    #expect(layout.counterCount == counters)
    #expect(layout.index(of: highest) == layout.highestIndex)
    #expect(layout.highestIndex < layout.counterCount)
    #expect(layout.largestCountable >= highest)
  }

  /// Lowest, middle and highest equivalent values at three digits, from the reference's own tests.
  @Test(arguments: [1, 1_024])
  func equivalentValues(unit: Int64) throws {
    let layout = try CounterLayout(lowestDiscernible: unit, highest: 3_600_000_000, significantDigits: 3)
    for (value, lowest) in [(10_007, 10_000), (10_009, 10_008)] as [(Int64, Int64)] {
      #expect(layout.lowestEquivalent(at: layout.index(of: value * unit)) == lowest * unit)
    }
    for (value, next) in [
      (8_180, 8_184), (8_187, 8_188), (8_191, 8_192), (8_193, 8_200), (9_995, 10_000), (10_007, 10_008),
      (10_008, 10_016),
    ] as [(Int64, Int64)] {
      #expect(layout.highestEquivalent(at: layout.index(of: value * unit)) == next * unit - 1)
    }
    for (value, width) in [(1, 1), (1_025, 1), (2_047, 1), (2_048, 2), (2_500, 2), (8_191, 4), (8_192, 8), (10_000, 8)]
      as [(Int64, Int64)]
    {
      let index = layout.index(of: value * unit)
      #expect(layout.highestEquivalent(at: index) - layout.lowestEquivalent(at: index) == width * unit - 1)
    }
    for (value, middle) in [(4_000, 4_001), (8_000, 8_002), (10_007, 10_004)] as [(Int64, Int64)] {
      #expect(layout.middle(at: layout.index(of: value * unit)) == middle * unit)
    }
  }

  /// 10,000 values of 1 ms and one of 100 s: the data set of the reference's tests of quantiles and means.
  @Test func stallDataSet() {
    var histogram = Histogram()
    histogram.record(1_000, count: 10_000)
    histogram.record(100_000_000)
    #expect(histogram.totalCount == 10_001)
    #expect(histogram.value(atQuantile: 0.3) == 1_000)
    #expect(histogram.value(atQuantile: 0.99) == 1_000)
    #expect(histogram.value(atQuantile: 0.9999) == 1_000)
    #expect(histogram.value(atQuantile: 0.99999) == 100_007_935)
    #expect(histogram.value(atQuantile: 1) == 100_007_935)
    #expect(histogram.minimum == 1_000)
    #expect(histogram.maximum == 100_007_935)
    let mean = (10_000 * 1_000 + 100_000_000) / 10_001.0
    #expect(abs(histogram.mean - mean) < mean * 0.001)
    let squares = 10_000 * (1_000 - mean) * (1_000 - mean) + (100_000_000 - mean) * (100_000_000 - mean)
    let deviation = (squares / 10_001).squareRoot()
    #expect(abs(histogram.standardDeviation - deviation) < deviation * 0.001)
  }

  /// An interval a load generator in the field wrote: one value, at three digits up to 10,000,000.
  @Test func intervalFromTheField() throws {
    let text = "HISTFAAAACF4nJNpmSzMwMDAzAABMJoRTM6Y1mD/ASKwvYoJAFr8BV4="
    var decoder = HistogramDecoder()
    let histogram = try decoder.decode(base64: Array(text.utf8).span)
    #expect(histogram.layout.highest == 10_000_000)
    #expect(histogram.layout.significantDigits == 3)
    #expect(histogram.layout.lowestDiscernible == 1)
    #expect(histogram.totalCount == 1)
    #expect(histogram.minimum == 108_288)
    #expect(histogram.maximum == 108_351)
    #expect(histogram.mean == 108_320)
    #expect(histogram.encode().suffix(3) == [0xb7, 0x7a, 0x02])
    #expect(histogram.encode().count == 43)
  }
}
