// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Histogram

@Suite struct HistogramTests {
  @Test func emptyHistogramHasNoFigures() {
    let histogram = Histogram()
    #expect(histogram.totalCount == 0)
    #expect(histogram.minimum == 0)
    #expect(histogram.maximum == 0)
    #expect(histogram.mean == 0)
    #expect(histogram.standardDeviation == 0)
    #expect(histogram.value(atQuantile: 0.5) == 0)
    #expect(histogram.count(possiblyAtLeast: 0) == 0)
    #expect(histogram.count(possiblyAtLeast: .nan) == 0)
    var buckets = 0
    histogram.forEachBucket { _, _, _ in buckets += 1 }
    #expect(buckets == 0)
  }

  @Test func valuesBelowOneCountAsOne() {
    var histogram = Histogram()
    for value in [0, -1, Int64.min, 1] { histogram.record(value) }
    #expect(histogram.totalCount == 4)
    #expect(histogram.minimum == 1)
    #expect(histogram.maximum == 1)
    #expect(histogram.overflowCount == 0)
  }

  @Test func recordingManyAtOnceIsRecordingEach() {
    var many = Histogram()
    var each = Histogram()
    many.record(1_234_567, count: 1_000)
    many.record(5_000_000_000, count: 3)
    many.record(7, count: 0)
    many.record(.max, count: 0)
    for _ in 0..<1_000 { each.record(1_234_567) }
    for _ in 0..<3 { each.record(5_000_000_000) }
    #expect(many.encode() == each.encode())
    #expect(many.totalCount == 1_003)
    #expect(many.overflowCount == each.overflowCount)
    #expect(many.minimum == each.minimum)
  }

  @Test(arguments: [3_600_000_001, 3_601_000_000, 4_294_967_295, 4_294_967_296, 7_200_000_000, Int64.max])
  func valuesAboveTheHighestAreCountedAndSurviveTheEncoding(value: Int64) throws {
    var histogram = Histogram()
    histogram.record(3_600_000_000)
    histogram.record(value, count: 2)
    #expect(histogram.totalCount == 3)
    #expect(histogram.overflowCount == 2)
    #expect(histogram.maximum >= value)
    #expect(histogram.value(atQuantile: 1) == histogram.maximum)
    #expect(histogram.count(surelyAtLeast: 3_600_000_000) == 2)
    #expect(histogram.count(possiblyAtLeast: 3_600_000_000) == 3)
    #expect(histogram.count(possiblyAtLeast: Double(value)) >= 2)

    let decoded = try Histogram.decode(histogram.encode())
    #expect(decoded.totalCount == 3)
    #expect(decoded.overflowCount == 2)

    var merged = Histogram()
    merged.merge(histogram)
    #expect(merged.overflowCount == 2)
    #expect(merged.maximum == histogram.maximum)
    #expect(merged.encode() == histogram.encode())
  }

  /// With a highest value at the very end of the counters there is none above it.
  @Test func overflowWithoutACounterOfItsOwnIsInTheLastOne() throws {
    var histogram = Histogram(highest: 4_294_967_295)
    histogram.record(9_000_000_000)
    #expect(histogram.overflowCount == 1)
    #expect(histogram.totalCount == 1)
    #expect(histogram.maximum == 9_000_000_000)
    #expect(histogram.value(atQuantile: 0.5) == 9_000_000_000)
    #expect(try Histogram.decode(histogram.encode()).totalCount == 1)
  }

  @Test func resetEmptiesEverything() {
    var histogram = Histogram()
    for value in [1, 2_000_000, 3_600_000_000, 9_000_000_000] as [Int64] { histogram.record(value) }
    histogram.reset()
    #expect(histogram.encode() == Histogram().encode())
    #expect(histogram.totalCount == 0)
    #expect(histogram.overflowCount == 0)
    #expect(histogram.maximum == 0)
    for index in 0..<histogram.layout.counterCount where histogram.counters[index] != 0 {
      Issue.record("counter \(index) is not empty")
    }
    histogram.record(5)
    #expect(histogram.minimum == 5)
    #expect(histogram.maximum == 5)
  }

  @Test func countsEndAtTheLargestNumberInsteadOfWrapping() throws {
    var histogram = Histogram()
    histogram.record(100, count: .max)
    var other = Histogram()
    other.record(100, count: .max)
    other.record(200, count: 0)
    histogram.merge(other)
    #expect(histogram.totalCount == .max)
    #expect(histogram.value(atQuantile: 0.999) == 100)
    #expect(histogram.count(surelyAtLeast: 1) == .max)
    other.reset()
    other.record(200, count: .max)
    histogram.merge(other)
    #expect(histogram.totalCount == .max)
    #expect(histogram.value(atQuantile: 1) == 100)
    #expect(histogram.count(possiblyAtLeast: 1) == .max)
    #expect(histogram.mean.isFinite && histogram.standardDeviation.isFinite)
  }

  /// An owner hands its histogram to another thread; the compiler must allow it.
  @Test func anOwnerCanBeHandedOver() async {
    func total(_ histogram: consuming sending Histogram) async -> Int64 { histogram.totalCount }
    var histogram = Histogram()
    histogram.record(1)
    #expect(await total(histogram) == 1)
  }
}
