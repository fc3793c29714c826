// SPDX-License-Identifier: Apache-2.0
import Judgement

/// How fast the memory of one instance grows, by the medians of five minutes after the first ten: what a day of it would
/// come to, beside a tenth of the limit.
struct MemoryGrowth {
  var instance: String
  /// Bytes per day, with one-sided bounds.
  var perDay: Double
  var lower: Double
  var upper: Double
  /// A tenth of the limit.
  var allowed: Double
  var isSlowing: Bool
  var medians: Int

  private static let settlingSeconds = 600
  private static let medianSeconds = 300
  private static let shareOfLimit = 0.1
  /// What Prometheus clients call the memory of their process.
  private static let scrapedName = "process_resident_memory_bytes"

  /// Why there is no growth to be judged.
  enum Lack: Error, Equatable {
    /// Fewer medians than a test of growth needs.
    case tooShort(medians: Int)
    /// Windows with too few samples.
    case gaps(Int, of: Int)
  }

  /// How the memory of one thing was to be sampled, and when it was: replicas behind one address take turns, so that each
  /// of them has a part of the samples.
  struct Sampling {
    var everyMilliseconds: Int
    var seconds: [Int]

    /// At least half of the samples of a window must be there, and three of the instance itself, for its median to stand
    /// for five minutes.
    func isKnown(_ samples: Int, in window: Range<Int>) -> Bool {
      let expected = max(1, window.count * 1000 / max(1, everyMilliseconds))
      let taken = seconds.count { window.contains($0) }
      return samples >= min(3, expected) && taken * 2 >= expected
    }
  }

  /// Series of memory, one per instance: our own samples where there are any, else what was scraped.
  static func instances(_ table: TargetTable) -> [TargetTable.Series] {
    let own = table.series(metric: TargetMetric.memory)
    if !own.isEmpty { return own }
    return table.series.filter { $0.metric == scrapedName || $0.metric.hasPrefix(scrapedName + "{") }
  }

  /// `seconds`: those of the load that is judged. An instance that came later settles first.
  static func measured(
    _ series: TargetTable.Series, limit: Double, within seconds: Range<Int>, _ sampling: Sampling
  ) -> Result<MemoryGrowth, Lack> {
    let inside = series.points.filter { seconds.contains($0.second) }
    let begin = max(seconds.lowerBound, inside.first?.second ?? 0) + settlingSeconds
    let count = max(0, (seconds.upperBound - begin) / medianSeconds)
    guard count >= leastGrowthValues else { return .failure(.tooShort(medians: count)) }
    var windows = Array(repeating: [Double](), count: count)
    for point in inside where point.second >= begin {
      let window = (point.second - begin) / medianSeconds
      if window < count { windows[window].append(point.value) }
    }
    let empty = windows.indices.count { index in
      let start = begin + index * medianSeconds
      return !sampling.isKnown(windows[index].count, in: start..<start + medianSeconds)
    }
    guard empty == 0 else { return .failure(.gaps(empty, of: count)) }
    guard let growth = growth(of: windows.map(median), level: LoadItems.level) else {
      return .failure(.tooShort(medians: count))
    }
    let perDay = 86_400 / Double(medianSeconds)
    return .success(
      MemoryGrowth(
        instance: series.instance, perDay: growth.slope * perDay, lower: growth.lower * perDay,
        upper: growth.upper * perDay, allowed: limit * shareOfLimit, isSlowing: growth.isSlowing, medians: count))
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// Nothing is rounded before comparing.
  func part(_ subject: String) -> LoadItems.SoakPart {
    let measured =
      "memory of \(subject) grows by \(Wording.bytes(perDay)) a day (\(bounds), by \(medians) medians of 5 min)"
    let limit = "\(Wording.bytes(allowed)), a tenth of its limit, may be"
    if lower > allowed { return LoadItems.SoakPart(status: .fail, reason: "\(measured); \(limit)", memory: self) }
    if upper < allowed { return LoadItems.SoakPart(status: .pass, reason: "\(measured); \(limit)", memory: self) }
    let why =
      isSlowing
      ? "its growth slows down: a longer run would show whether it ends" : "a longer run would narrow the bounds"
    return LoadItems.SoakPart(status: .pending, reason: "\(measured); \(limit); \(why)", memory: self)
  }

  private var bounds: String {
    lower.isFinite
      ? "from \(Wording.bytes(lower)) to \(Wording.bytes(upper)) with 95 % confidence each"
      : "at most \(Wording.bytes(upper)) with 95 % confidence"
  }
}

extension MemoryGrowth.Lack {
  func reason(_ subject: String) -> String {
    switch self {
    case .tooShort(let medians):
      "the growth of the memory of \(subject) can be told from \(leastGrowthValues) medians of 5 min after the first 10"
        + " min; there are \(medians)"
    case .gaps(let gaps, let count):
      "memory of \(subject) is not known in \(Wording.count(gaps)) of \(Wording.count(count)) stretches of 5 min"
    }
  }
}
