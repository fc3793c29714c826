// SPDX-License-Identifier: Apache-2.0
import Glibc

/// What is measured along an axis, and how its ticks are written.
package enum ChartUnit: Sendable {
  case milliseconds, perSecond, count, share, mebibytes

  func tick(_ value: Double) -> String {
    switch self {
    case .milliseconds:
      if value.magnitude >= 1000 { return Self.short(value / 1000) + " s" }
      return value.magnitude < 1 && value != 0 ? Self.short(value * 1000) + " us" : Self.short(value) + " ms"
    case .perSecond: return Self.short(value) + "/s"
    case .count: return Self.short(value)
    case .share: return Self.short(value * 100) + " %"
    case .mebibytes: return value >= 1024 ? Self.short(value / 1024) + " GiB" : Self.short(value) + " MiB"
    }
  }

  /// For a table.
  func cell(_ value: Double?) -> String {
    switch self {
    case .milliseconds: NumberText.milliseconds(value)
    case .perSecond: NumberText.perSecond(value)
    case .count: NumberText.plain(value)
    case .share: NumberText.share(value)
    case .mebibytes: value.map { NumberText.fixed($0, $0 < 100 ? 1 : 0) + " MiB" } ?? "-"
    }
  }

  /// What ticks are round in: memory in powers of two.
  var isBinary: Bool {
    if case .mebibytes = self { return true }
    return false
  }

  private static func short(_ value: Double) -> String {
    if value == value.rounded(), value.magnitude < 1e12 { return NumberText.count(Int(value)) }
    return HTMLText.coordinate(value, decimals: 3)
  }
}

/// A vertical axis: where a value stands, as a share of the height from below, and its ticks at round numbers.
struct ChartScale {
  private(set) var ticks: [Double]
  private let low: Double
  private let high: Double
  let isLogarithmic: Bool

  /// From 0 to a round number not below `most`.
  init(upTo most: Double, unit: ChartUnit) {
    let most = most.isFinite && most > 0 ? most : 1
    var step = Self.step(most / 4, isBinary: unit.isBinary && most >= 4)
    // Nothing is counted in parts.
    if case .count = unit { step = max(step, 1) }
    let count = max(1, Int((most / step - 1e-9).rounded(.up)))
    ticks = (0...count).map { Double($0) * step }
    low = 0
    high = Double(count) * step
    isLogarithmic = false
  }

  /// Over the decades that hold both; precondition: 0 < least <= most.
  init(logarithmicFrom least: Double, to most: Double) {
    precondition(least > 0 && most >= least, "no logarithm")
    let steps = [1.0, 2, 5]
    var ticks: [Double] = []
    for decade in Int(log10(least).rounded(.down)) - 1...Int(log10(most).rounded(.up)) + 1 {
      for step in steps { ticks.append(step * pow(10, Double(decade))) }
    }
    let first = ticks.lastIndex { $0 <= least * (1 + 1e-9) } ?? 0
    let last = ticks.firstIndex { $0 >= most * (1 - 1e-9) } ?? ticks.count - 1
    var used = Array(ticks[first...max(last, first + 1)])
    low = used[0]
    high = used[used.count - 1]
    // 1, 10, 100, ... alone where there are many; the ends stay what they are.
    if used.count > 6 {
      used = used.filter {
        let exponent = log10($0)
        return (exponent - exponent.rounded()).magnitude < 1e-6
      }
    }
    self.ticks = used
    isLogarithmic = true
  }

  /// Logarithmic where a few long times would flatten all others.
  init(times values: [Double], limits: [Double]) {
    let values = (values + limits).filter { $0 > 0 }
    guard let least = values.min(), let most = values.max(), most / least > 40 else {
      self.init(upTo: values.max() ?? 1, unit: .milliseconds)
      return
    }
    self.init(logarithmicFrom: least, to: most)
  }

  /// 0 at the bottom, 1 at the top; values beyond stay at the edge.
  func share(_ value: Double) -> Double {
    if !isLogarithmic { return min(max((value - low) / (high - low), 0), 1) }
    guard value > 0 else { return 0 }
    return min(max((log(value) - log(low)) / (log(high) - log(low)), 0), 1)
  }

  func contains(_ value: Double) -> Bool { value >= low && value <= high }

  /// The next of 1, 2, 5, 10 (in powers of two: 1, 2, 4, 8) at or above.
  private static func step(_ least: Double, isBinary: Bool) -> Double {
    if isBinary { return pow(2, log2(least).rounded(.up)) }
    let decade = pow(10, log10(least).rounded(.down))
    for factor in [1.0, 2, 5] where factor * decade >= least * (1 - 1e-9) { return factor * decade }
    return 10 * decade
  }
}

/// Ticks of the run's time.
struct TimeTicks {
  private static let steps = [
    1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
  ]

  /// Second and text, from 0 on.
  let ticks: [(second: Int, text: String)]

  init(seconds: Int, most: Int = 6) {
    let step = Self.steps.first { seconds / $0 <= most } ?? (seconds / most / 86_400 + 1) * 86_400
    ticks = stride(from: 0, through: seconds, by: step).map { second in
      let text: String
      if seconds <= 180 {
        text = "\(second) s"
      } else if step >= 3600 {
        text = "\(second / 3600) h"
      } else if step >= 60 {
        let minutes = second / 60
        text =
          seconds < 7200
          ? "\(minutes) min" : "\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60) h"
      } else {
        text = "\(second / 60):\(second % 60 < 10 ? "0" : "")\(second % 60)"
      }
      return (second, text)
    }
  }
}
