// SPDX-License-Identifier: Apache-2.0

/// Figures over the run's time, or over anything else that has an order: lines or bars, what is shaded behind them, and
/// the same figures as a table, which screen readers, keyboards and the tip at the pointer read.
package struct Chart: Sendable {
  /// One line, or one layer of stacked bars.
  package struct Series: Sendable {
    package enum Look: Sendable {
      case line, boldLine, dashedLine, bars
    }

    package var name: String
    package var look: Look
    /// 0...4, one of the page's colours `--a ... --e`; 3 is that of good, 4 that of bad.
    package var colour: Int
    /// One per place; nil: nothing to draw.
    package var values: [Double?]
    /// Where a value is nil since it lies beyond all that can be drawn (a percentile among the failed).
    package var isBeyond: [Bool]

    package init(_ name: String, _ look: Look, colour: Int, values: [Double?], isBeyond: [Bool] = []) {
      self.name = name
      self.look = look
      self.colour = colour
      self.values = values
      self.isBeyond = isBeyond
    }
  }

  /// A stretch of time with a meaning, shaded: a warm-up, a fault.
  package struct Band: Sendable {
    package var from: Int
    package var to: Int
    package var name: String
    package var isFault: Bool

    package init(from: Int, to: Int, name: String, isFault: Bool = false) {
      self.from = from
      self.to = to
      self.name = name
      self.isFault = isFault
    }
  }

  /// A line across: what a rule allows.
  package struct Limit: Sendable {
    package var value: Double
    package var name: String

    package init(value: Double, name: String) {
      self.value = value
      self.name = name
    }
  }

  /// Where the places of the series stand.
  package enum Across: Sendable {
    /// Equal stretches of so many seconds from the run's begin.
    case time(stretchSeconds: Int)
    /// Shares of the width, their names, and ticks.
    case places([Double], names: [String], heading: String, ticks: [(share: Double, text: String)])
  }

  package var title: String
  /// What is shown and how it was counted, in a sentence.
  package var about: String
  package var unit: ChartUnit
  package var across: Across
  package var series: [Series]
  package var bands: [Band] = []
  package var limits: [Limit] = []
  /// What a percentile that cannot be drawn falls among: the failed, the lost.
  package var beyond = "failed"

  package init(
    title: String, about: String, unit: ChartUnit, across: Across, series: [Series], bands: [Band] = [],
    limits: [Limit] = []
  ) {
    self.title = title
    self.about = about
    self.unit = unit
    self.across = across
    self.series = series
    self.bands = bands
    self.limits = limits
  }

  var count: Int { series.map(\.values.count).max() ?? 0 }

  /// Nothing where there is nothing to draw.
  package var html: HTMLText {
    guard series.contains(where: { $0.values.contains { $0 != nil } || $0.isBeyond.contains(true) }) else {
      return .none
    }
    return ChartDrawing(self).html
  }
}
