// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Histogram

/// Against the values themselves, kept and sorted.
@Suite struct QuantileTests {
  @Test(arguments: Durations.allCases, [1, 2, 3, 4])
  func quantilesAreTheSortedValuesWithinThePrecision(durations: Durations, digits: Int) {
    var random = SeededRandom(seed: 11)
    for n in [1, 2, 19, 20, 1_000, 5_003] {
      var histogram = Histogram(significantDigits: digits)
      var values = (0..<n).map { _ in durations.sample(&random) }
      for value in values { histogram.record(value) }
      values.sort()
      let share = [10, 100, 1_000, 10_000][digits - 1]
      for permille in [0, 1, 10, 50, 250, 500, 550, 750, 900, 950, 990, 999, 1_000] {
        let rank = max((permille * n + 999) / 1_000, 1)
        let exact = values[rank - 1]
        let found = histogram.value(atQuantile: Double(permille) / 1_000)
        #expect(found >= exact && found <= exact + exact / Int64(share), "\(permille) of \(n)")
      }
      #expect(histogram.minimum <= values[0] && histogram.minimum >= values[0] - values[0] / Int64(share))
      #expect(histogram.maximum >= values[n - 1])
      #expect(histogram.value(atQuantile: 1) == histogram.maximum)
    }
  }

  @Test(arguments: Durations.allCases)
  func meanAndDeviationAreNearTheExactOnes(durations: Durations) {
    var random = SeededRandom(seed: 12)
    let values = (0..<4_000).map { _ in durations.sample(&random) }
    var histogram = Histogram()
    for value in values { histogram.record(value) }
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    let squares = values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
    let deviation = (squares / Double(values.count)).squareRoot()
    #expect(abs(histogram.mean - mean) <= mean / 1_000)
    // Each value moves by a thousandth at most, and so does the deviation, by a thousandth of the values.
    #expect(abs(histogram.standardDeviation - deviation) <= (deviation + mean) / 1_000)
  }

  @Test(arguments: Durations.allCases)
  func countsAboveALimitEncloseTheExactOne(durations: Durations) {
    var random = SeededRandom(seed: 13)
    let values = (0..<2_000).map { _ in durations.sample(&random) }
    var histogram = Histogram()
    for value in values { histogram.record(value) }
    let limits = (0..<300).map { _ in Double(durations.sample(&random)) + random.uniform() }
    for limit in limits + [0, 1, 3.6e9, 1e12, -1, .infinity, -.infinity] {
      let exact = values.count { Double($0) >= limit }
      #expect(histogram.count(surelyAtLeast: limit) <= exact)
      #expect(histogram.count(possiblyAtLeast: limit) >= exact)
      // The two differ by the one counter that the limit cuts.
      let cut = values.count { abs(Double($0) - limit) <= limit / 1_000 }
      #expect(histogram.count(possiblyAtLeast: limit) - histogram.count(surelyAtLeast: limit) <= max(cut, 0))
    }
  }

  @Test func aLimitBetweenCountersIsNotAmbiguous() {
    var histogram = Histogram()
    histogram.record(100)
    histogram.record(300_000)  // counter 299,776...300,031
    #expect(histogram.count(possiblyAtLeast: 100) == 2)
    #expect(histogram.count(surelyAtLeast: 100) == 2)
    #expect(histogram.count(surelyAtLeast: 100.5) == 1)
    #expect(histogram.count(possiblyAtLeast: 100.5) == 1)
    #expect(histogram.count(surelyAtLeast: 299_776) == 1)
    #expect(histogram.count(surelyAtLeast: 299_777) == 0)
    #expect(histogram.count(possiblyAtLeast: 300_031) == 1)
    #expect(histogram.count(possiblyAtLeast: 300_031.5) == 0)
    #expect(histogram.count(possiblyAtLeast: .nan) == 2)
    #expect(histogram.count(surelyAtLeast: .nan) == 0)
  }

  @Test func quantilesOutsideTheirRangeAreCut() {
    var histogram = Histogram()
    for value in 1...100 as ClosedRange<Int64> { histogram.record(value) }
    #expect(histogram.value(atQuantile: -1) == 1)
    #expect(histogram.value(atQuantile: 0) == 1)
    #expect(histogram.value(atQuantile: 0.55) == 55)
    #expect(histogram.value(atQuantile: 2) == 100)
    #expect(histogram.value(atQuantile: .nan) == 100)
    #expect(histogram.value(atQuantile: .infinity) == 100)
  }

  @Test(arguments: Durations.allCases)
  func mergingPartsIsRecordingAll(durations: Durations) {
    var random = SeededRandom(seed: 14)
    var whole = Histogram()
    var merged = Histogram()
    for _ in 0..<20 {
      var part = Histogram()
      for _ in 0..<100 {
        let value = durations.sample(&random)
        part.record(value)
        whole.record(value)
      }
      merged.merge(part)
    }
    merged.merge(Histogram())
    #expect(merged.encode() == whole.encode())
    #expect(merged.totalCount == 2_000)
  }

  /// Into another precision or unit, nothing gets lost and nothing gets shorter.
  @Test func mergingOtherLayoutsKeepsCountsAndNeverShortens() throws {
    var random = SeededRandom(seed: 15)
    for digits in 1...5 {
      for unit in [1, 1_000] as [Int64] {
        var source = Histogram(
          layout: try CounterLayout(lowestDiscernible: unit, highest: 7_200_000_000, significantDigits: digits))
        var values: [Int64] = []
        for _ in 0..<1_000 {
          values.append(min(Durations.wholeRange.sample(&random), 3_000_000_000))
          source.record(values.last!)
        }
        source.record(5_000_000_000)
        values.append(5_000_000_000)
        values.sort()
        var target = Histogram()
        target.merge(source)
        var throughBytes = Histogram()
        var decoder = HistogramDecoder()
        try decoder.merge(source.encode().span, into: &throughBytes)
        #expect(throughBytes.encode() == target.encode())
        #expect(throughBytes.overflowCount == target.overflowCount)
        #expect(target.totalCount == 1_001)
        #expect(target.overflowCount == 1)
        #expect(source.overflowCount == 0)
        for q in [0.1, 0.5, 0.9, 0.99, 1] {
          let exact = Double(values[Int((q * 1_001).rounded(.up)) - 1])
          let found = Double(target.value(atQuantile: q))
          #expect(found >= exact)
          #expect(found <= exact * (1 + pow10(-digits)) * 1.001 + Double(unit))
        }
      }
    }
  }

  private func pow10(_ exponent: Int) -> Double { (0..<(-exponent)).reduce(1.0) { value, _ in value / 10 } }
}
