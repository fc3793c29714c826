// SPDX-License-Identifier: Apache-2.0

/// A chart as SVG. The plot stretches with the window; texts and line widths do not.
struct ChartDrawing {
  private static let height = 200.0
  /// Room above the plot for the names of bands.
  private static let top = 16.0
  /// Width in the plot's own units.
  private static let width = 1000.0

  private let chart: Chart
  private let scale: ChartScale
  /// Bars stand on each other: values are sums from below.
  private let tops: [[Double?]]

  init(_ chart: Chart) {
    self.chart = chart
    var floor = Array(repeating: 0.0, count: chart.count)
    var tops: [[Double?]] = []
    for series in chart.series {
      guard case .bars = series.look else {
        tops.append(series.values)
        continue
      }
      var own: [Double?] = []
      for (index, value) in series.values.enumerated() {
        floor[index] += value ?? 0
        own.append(value.map { _ in floor[index] })
      }
      tops.append(own)
    }
    self.tops = tops
    let values = tops.flatMap { $0.compactMap(\.self) }
    let most = values.max() ?? 0
    // A limit far above everything would flatten what is shown; it is named in the rules anyway.
    let limits = chart.limits.map(\.value).filter { $0 <= max(most * 4, .leastNonzeroMagnitude) }
    if case .milliseconds = chart.unit {
      scale = ChartScale(times: values, limits: limits)
    } else {
      scale = ChartScale(upTo: ([most] + limits).max() ?? 1, unit: chart.unit)
    }
  }

  var html: HTMLText {
    #"""
    <figure class="chart">
    <figcaption><strong>\#(chart.title)</strong> <span class="soft">\#(chart.about)\#(
    scale.isLogarithmic ? " Logarithmic scale." : "")</span>\#(legend)</figcaption>
    <div class="plot"><svg class="ticks" width="60" height="\#(Self.height + Self.top + 22)" aria-hidden="true">\#(
    valueTicks)</svg>
    <div class="area"><svg class="draw" width="100%" height="\#(Self.height + Self.top + 22)" role="img" \#
    aria-label="\#(label)" tabindex="0"\#(places)>\#(bands)\#(grid)\#(plot)\#(limitLines)\#(acrossTicks)\#
    <line class="cross" y1="\#(Self.top)" y2="\#(Self.top + Self.height)"/></svg>
    <div class="tip" role="status" hidden></div></div></div>
    <details class="data"><summary>these figures as a table</summary>
    \#(table)</details>
    </figure>

    """#
  }

  private var label: String {
    let names = chart.series.map(\.name).joined(separator: ", ")
    return "\(chart.title): \(names). Arrow keys read the values; the table below has all of them."
  }

  private func y(_ value: Double) -> Double { (1 - scale.share(value)) * Self.height }

  /// Middle of a place, as a share of the width.
  private func x(_ index: Int) -> Double {
    if case .places(let shares, _, _, _) = chart.across { return index < shares.count ? shares[index] : 1 }
    return (Double(index) + 0.5) / Double(max(chart.count, 1))
  }

  private var places: HTMLText {
    guard case .places(let shares, _, _, _) = chart.across else { return .none }
    let list = HTMLText(joining: shares.map { "\($0, decimals: 4)" as HTMLText }, separator: " ")
    return #" data-x="\#(list)""#
  }

  // MARK: Legend

  private var legend: HTMLText {
    let entries = chart.series.map { series -> HTMLText in
      let swatch: HTMLText
      switch series.look {
      case .bars: swatch = #"<rect class="bar \#(colour(series))" x="2" y="1" width="18" height="10"/>"#
      default: swatch = #"<path class="line \#(look(series)) \#(colour(series))" d="M1 6h20"/>"#
      }
      return #"<li><svg width="22" height="12" aria-hidden="true">\#(swatch)</svg>\#(series.name)</li>"#
    }
    let isBeyond = chart.series.contains { $0.isBeyond.contains(true) }
    let mark: HTMLText = #"<svg width="22" height="12" aria-hidden="true"><path class="beyond" d="M11 1v10"/></svg>"#
    let beyond: HTMLText = isBeyond ? "<li>\(mark)falls among the \(chart.beyond)</li>" : .none
    return #"<ul class="legend">\#(entries)\#(beyond)</ul>"#
  }

  private func colour(_ series: Chart.Series) -> HTMLText {
    switch series.colour {
    case 0: "ca"
    case 1: "cb"
    case 2: "cc"
    case 3: "cd"
    default: "ce"
    }
  }

  private func look(_ series: Chart.Series) -> HTMLText {
    switch series.look {
    case .boldLine: "bold"
    case .dashedLine: "dash"
    default: "thin"
    }
  }

  // MARK: Axes

  private var valueTicks: HTMLText {
    HTMLText(
      joining: scale.ticks.map { tick in
        #"<text x="54" y="\#(Self.top + y(tick) + 4)" text-anchor="end">\#(chart.unit.tick(tick))</text>"#
      })
  }

  private var grid: HTMLText {
    HTMLText(
      joining: scale.ticks.map { tick in
        let place = Self.top + y(tick)
        return #"<line class="grid" x1="0" x2="100%" y1="\#(place)" y2="\#(place)"/>"#
      })
  }

  private var acrossTicks: HTMLText {
    let ticks: [(share: Double, text: String)]
    switch chart.across {
    case .time(let stretch):
      let seconds = max(1, chart.count * stretch)
      ticks = TimeTicks(seconds: seconds).ticks.map { (Double($0.second) / Double(seconds), $0.text) }
    case .places(_, _, _, let given): ticks = given
    }
    let bottom = Self.top + Self.height
    return HTMLText(
      joining: ticks.map { tick in
        let anchor: HTMLText = tick.share < 0.03 ? "start" : tick.share > 0.97 ? "end" : "middle"
        return #"""
          <line class="notch" x1="\#(tick.share * 100, decimals: 2)%" x2="\#(tick.share * 100, decimals: 2)%" \#
          y1="\#(bottom)" y2="\#(bottom + 5)"/><text x="\#(tick.share * 100, decimals: 2)%" y="\#(bottom + 18)" \#
          text-anchor="\#(anchor)">\#(tick.text)</text>
          """#
      })
  }

  // MARK: Plot

  private var bands: HTMLText {
    guard case .time(let stretch) = chart.across else { return .none }
    let seconds = Double(max(1, chart.count * stretch))
    return HTMLText(
      joining: chart.bands.map { band in
        let from = min(max(Double(band.from) / seconds, 0), 1) * 100
        let wide = min(max(Double(band.to) / seconds, 0), 1) * 100 - from
        let shade: HTMLText = band.isFault ? "band fault" : "band"
        return #"""
          <rect class="\#(shade)" x="\#(from, decimals: 2)%" width="\#(wide, decimals: 2)%" y="0" \#
          height="\#(Self.top + Self.height)"/><svg x="\#(from, decimals: 2)%" width="\#(wide, decimals: 2)%" y="0" \#
          height="\#(Self.top)"><text class="name" x="4" y="12">\#(band.name)</text></svg>
          """#
      })
  }

  private var plot: HTMLText {
    var paths: [HTMLText] = []
    for (series, own) in zip(chart.series, tops) {
      switch series.look {
      case .bars:
        paths.append(#"<path class="bar \#(colour(series))" d="\#(bars(series.values, own))"/>"#)
      default:
        let style: HTMLText = "line \(look(series)) \(colour(series))"
        paths.append(#"<path class="\#(style)" d="\#(line(own))"/>"#)
      }
      let beyond = series.isBeyond.indices.filter { series.isBeyond[$0] }
      if !beyond.isEmpty {
        let marks = beyond.map { "M\(x($0) * Self.width) 0v9" as HTMLText }
        paths.append(#"<path class="beyond" d="\#(HTMLText(joining: marks))"/>"#)
      }
    }
    return #"""
      <svg y="\#(Self.top)" width="100%" height="\#(Self.height)" viewBox="0 0 \#(Self.width) \#(Self.height)" \#
      preserveAspectRatio="none">\#(paths)</svg>
      """#
  }

  private func line(_ values: [Double?]) -> HTMLText {
    var path = HTMLText.none
    var isDown = false
    for (index, value) in values.enumerated() {
      guard let value else {
        isDown = false
        continue
      }
      let isAlone = !isDown && (index + 1 >= values.count || values[index + 1] == nil)
      path += "\(isDown ? "L" : "M")\(x(index) * Self.width) \(y(value))"
      // A point by itself shows by its round end.
      if isAlone { path += "h0" }
      isDown = true
    }
    return path
  }

  private func bars(_ values: [Double?], _ tops: [Double?]) -> HTMLText {
    let wide = Self.width / Double(max(chart.count, 1)) * 0.86
    var path = HTMLText.none
    for (index, value) in values.enumerated() {
      guard let value, value > 0, let top = tops[index] else { continue }
      let upper = y(top)
      path += "M\(x(index) * Self.width - wide / 2) \(upper)h\(wide)V\(y(top - value))h\(-wide)z"
    }
    return path
  }

  private var limitLines: HTMLText {
    HTMLText(
      joining: chart.limits.filter { scale.contains($0.value) }.map { limit in
        let place = Self.top + y(limit.value)
        return #"""
          <line class="limit" x1="0" x2="100%" y1="\#(place)" y2="\#(place)"/><text class="limit" x="100%" \#
          dx="-4" y="\#(place - 4)" text-anchor="end">\#(limit.name)</text>
          """#
      })
  }

  // MARK: Table

  private var table: HTMLText {
    let heading: String
    let names: [String]
    switch chart.across {
    case .time(let stretch):
      heading = "from, \(NumberText.duration(seconds: Double(stretch))) each"
      names = (0..<chart.count).map { NumberText.duration(seconds: Double($0 * stretch)) }
    case .places(_, let given, let title, _):
      heading = title
      names = given
    }
    let rows = (0..<min(chart.count, names.count)).map { index -> [HTMLText] in
      let cells = chart.series.map { series -> HTMLText in
        if index < series.isBeyond.count, series.isBeyond[index] { return "\(chart.beyond)" }
        return "\(chart.unit.cell(index < series.values.count ? series.values[index] : nil))"
      }
      return ["\(names[index])"] + cells
    }
    return HTMLTable(
      caption: chart.title, columns: [.text(heading)] + chart.series.map { .number($0.name) }, rows: rows
    ).html
  }
}
