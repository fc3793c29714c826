// SPDX-License-Identifier: Apache-2.0
import Results

/// One metric of one instance of the target, on the run's time axis.
struct TargetSeries {
  /// What the chart is called: `Memory`, or a series as its source writes it.
  var metric: String
  var about: String
  var instance: String
  var unit: ChartUnit
  /// In the order of time.
  var points: [TargetTable.Point]
  /// What it may not go beyond; nil where there is none.
  var limit: Double?

  /// What is drawn of the target's side: memory, processors, descriptors and restarts of each instance, what has its
  /// usual name in Prometheus, and every series that a rule names. `rules`: as written. The rest stays in the file.
  static func all(of table: TargetTable, rules: [String]) -> [TargetSeries] {
    var drawn: [TargetSeries] = []
    for kind in Kind.allCases {
      for series in table.series where kind.metrics.contains(series.metric) {
        guard let one = kind.drawing(series, of: table) else { continue }
        drawn.append(one)
      }
    }
    let known = Set(Kind.allCases.flatMap(\.metrics))
    for series in table.series
    where !known.contains(series.metric) && rules.contains(where: { $0.contains(series.metric) }) {
      drawn.append(
        TargetSeries(
          metric: series.metric, about: "As its source writes it; a rule judges it.",
          instance: name(of: series, in: table),
          unit: .count, points: series.points))
    }
    return drawn
  }

  /// The name without what a restart changes, where that tells instances apart.
  private static func name(of series: TargetTable.Series, in table: TargetTable) -> String {
    let alike = table.series.filter { $0.metric == series.metric && $0.subject == series.subject }
    return alike.count == 1 ? series.subject : series.instance
  }

  private enum Kind: CaseIterable {
    case memory, processor, descriptors, restarts, unreadable

    var metrics: [String] {
      switch self {
      case .memory: [TargetMetric.memory, "process_resident_memory_bytes"]
      case .processor: [TargetMetric.cpu, "process_cpu_seconds_total"]
      case .descriptors: [TargetMetric.openDescriptors, "process_open_fds"]
      case .restarts: [TargetMetric.restarts]
      case .unreadable: [TargetMetric.unreadable]
      }
    }

    /// Nil for what would show nothing but zeros.
    func drawing(_ series: TargetTable.Series, of table: TargetTable) -> TargetSeries? {
      var one = TargetSeries(
        metric: "", about: "", instance: name(of: series, in: table), unit: .count, points: series.points)
      switch self {
      case .memory:
        one.metric = "Memory"
        one.about = "Resident memory of each instance."
        one.unit = .mebibytes
        one.points = series.points.map { TargetTable.Point(second: $0.second, value: $0.value / 1_048_576) }
        let limits = table.series(metric: TargetMetric.memoryLimit, source: series.source)
        one.limit = limits.first { $0.instance == series.instance }?.points.last.map { $0.value / 1_048_576 }
      case .processor:
        one.metric = "Processor time"
        one.about = "Of each instance between two samples; 100 % is one processor."
        one.unit = .share
        one.points = zip(series.points, series.points.dropFirst()).compactMap { before, after in
          guard after.second > before.second, after.value >= before.value else { return nil }
          return TargetTable.Point(
            second: after.second, value: (after.value - before.value) / Double(after.second - before.second))
        }
      case .descriptors:
        one.metric = "Open descriptors"
        one.about = "Files and connections that each instance holds."
      case .restarts:
        guard series.points.contains(where: { $0.value > 0 }) else { return nil }
        one.metric = "Restarts"
        one.about = "As the container engine counts them."
      case .unreadable:
        one.metric = "Samples that could not be read"
        one.about = "1 where a source gave no answer."
      }
      return one
    }
  }

  /// Charts by metric, in the order of their first series.
  static func grouped(_ series: [TargetSeries]) -> [(metric: String, series: [TargetSeries])] {
    var order: [String] = []
    for one in series where !order.contains(one.metric) { order.append(one.metric) }
    return order.map { metric in (metric, series.filter { $0.metric == metric }) }
  }

  /// The last value in each stretch. Between two samples, where stretches are shorter than the time from one to the
  /// next, it is a straight line; longer gaps stay gaps.
  func stretches(of length: Int, count: Int) -> [Double?] {
    var values = [Double?](repeating: nil, count: count)
    var before: (index: Int, second: Int, value: Double)?
    for point in points {
      let index = point.second / max(length, 1)
      guard point.second >= 0, index < count else { continue }
      values[index] = point.value
      if let before, point.second - before.second <= Self.longestGapSeconds, index - before.index > 1 {
        for between in before.index + 1..<index {
          let share = Double(between - before.index) / Double(index - before.index)
          values[between] = before.value + (point.value - before.value) * share
        }
      }
      before = (index, point.second, point.value)
    }
    return values
  }

  /// Samples are five seconds apart; one may be missing.
  private static let longestGapSeconds = 12
}
