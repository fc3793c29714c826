// SPDX-License-Identifier: Apache-2.0
import Results

/// One metric of one instance of the target, on the run's time axis.
struct TargetSeries {
  /// `memory`, or a series as its source writes it.
  var metric: String
  var about: String
  var instance: String
  var unit: ChartUnit
  /// In the order of time.
  var points: [(second: Int, value: Double)]

  /// What the folder holds, in the order of its file.
  static func all(of folder: RunFolder) -> [TargetSeries] { [] }

  /// Charts by metric, in the order of their first series; at most five instances each.
  static func grouped(
    _ series: [TargetSeries]
  ) -> [(title: String, about: String, unit: ChartUnit, series: [TargetSeries])] {
    var order: [String] = []
    for one in series where !order.contains(one.metric) { order.append(one.metric) }
    return order.compactMap { metric in
      let own = series.filter { $0.metric == metric }
      guard let first = own.first else { return nil }
      return (metric, first.about, first.unit, Array(own.prefix(5)))
    }
  }

  /// The last value in each stretch. Nil between values: what was not sampled is not drawn, but for stretches shorter
  /// than the time between two samples.
  func stretches(of length: Int, count: Int) -> [Double?] {
    var values = [Double?](repeating: nil, count: count)
    var before: (index: Int, second: Int, value: Double)?
    for point in points {
      let index = point.second / max(length, 1)
      guard index >= 0, index < count else { continue }
      values[index] = point.value
      if let before, point.second - before.second <= 15, index - before.index > 1 {
        for between in before.index + 1..<index {
          let share = Double(between - before.index) / Double(index - before.index)
          values[between] = before.value + (point.value - before.value) * share
        }
      }
      before = (index, point.second, point.value)
    }
    return values
  }
}
