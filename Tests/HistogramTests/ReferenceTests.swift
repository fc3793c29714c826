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
}
