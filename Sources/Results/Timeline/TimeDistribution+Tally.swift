// SPDX-License-Identifier: Apache-2.0
import Glibc
import Histogram

extension TimeDistribution {
  private static let pointsPerHalving = 6
  private static let binsPerDecade = 10.0
  /// An hour is the longest that is counted: 100 bins from a microsecond on.
  private static let mostBins = 120

  init(_ tally: TimeTally) {
    count = max(tally.sent, Int(tally.ok.totalCount + tally.failed.totalCount))
    guard tally.ok.totalCount + tally.failed.totalCount > 0 else { return }
    curve = Self.curve(tally)
    bins = Self.bins(tally)
  }

  /// Closer together the nearer the end is, as far as one request tells points apart.
  private static func curve(_ tally: TimeTally) -> [Point] {
    let n = Double(max(tally.sent, Int(tally.ok.totalCount)))
    var quantiles: [Double] = []
    var rest = 1.0
    while rest * n >= 1, quantiles.count < 400 {
      for step in 0..<pointsPerHalving {
        quantiles.append(1 - rest + rest / 2 * Double(step) / Double(pointsPerHalving))
      }
      rest /= 2
    }
    for named in [0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999] where (1 - named) * n >= 1 { quantiles.append(named) }
    quantiles = Array(Set(quantiles.filter { (1 - $0) * n >= 1 })).sorted()
    var points: [Point] = []
    var place = 0
    var seen: Int64 = 0
    // One pass over the counters serves all quantiles.
    tally.ok.forEachBucket { _, highest, inBucket in
      seen += inBucket
      while place < quantiles.count, Double(seen) >= max(1, (quantiles[place].nextDown * n).rounded(.up)) {
        points.append(Point(quantile: quantiles[place], milliseconds: milliseconds(Double(highest))))
        place += 1
      }
    }
    return points
  }

  private static func bins(_ tally: TimeTally) -> [Bin] {
    func index(_ microseconds: Int64) -> Int {
      Int((log10(Double(max(microseconds, 1))) * binsPerDecade + 1e-9).rounded(.down))
    }
    func edge(_ index: Int) -> Double { milliseconds(pow(10, Double(index) / binsPerDecade)) }
    var ok: [Int: Int] = [:]
    var failed: [Int: Int] = [:]
    tally.ok.forEachBucket { lowest, _, count in ok[index(lowest), default: 0] += Int(count) }
    tally.failed.forEachBucket { lowest, _, count in failed[index(lowest), default: 0] += Int(count) }
    let used = Set(ok.keys).union(failed.keys)
    guard let first = used.min(), let last = used.max(), last - first < mostBins else { return [] }
    return (first...last).map { index in
      Bin(from: edge(index), to: edge(index + 1), ok: ok[index] ?? 0, failed: failed[index] ?? 0)
    }
  }
}
