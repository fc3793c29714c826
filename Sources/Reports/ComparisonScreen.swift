// SPDX-License-Identifier: Apache-2.0
import Judgement
package import Results

/// Two runs side by side: the answer first, then every figure. A pure function of the record.
package struct ComparisonScreen: Sendable {
  private let record: ComparisonRecord

  package init(record: ComparisonRecord) {
    self.record = record
  }

  /// Several lines, each ended by a newline, none wider than the style's columns but for a long path.
  package func text(style: TerminalStyle) -> String {
    var page = Page(style: style)
    let isDemo = record.first.demo || record.second.demo
    if isDemo { page.line(Wordings.demo(columns: style.columns), .bold) }
    page.banner(record.verdict, name: record.second.plan)
    page.line(Wordings.comparison(record), .bold)
    for reason in record.reasons { page.line(reason, .yellow) }
    for difference in record.differences { page.row("not alike", difference, .yellow) }
    page.row("first", path: record.first.folder)
    page.row("", Wordings.side(record.first))
    page.row("second", path: record.second.folder)
    page.row("", Wordings.side(record.second))
    for (index, remark) in record.remarks.enumerated() { page.row(index == 0 ? "differing" : "", remark) }
    table(&page)
    if !record.rows.isEmpty {
      page.blank()
      page.line(Wordings.comparisonMethod(record.method), .dim)
    }
    if isDemo { page.line(Wordings.demo(columns: style.columns), .bold) }
    return page.text
  }

  private func table(_ page: inout Page) {
    guard !record.rows.isEmpty else { return }
    let cells = record.rows.map { row in
      [row.figure, Wordings.value(row.first, row), Wordings.value(row.second, row), Wordings.change(row)]
    }
    let widths = (0..<4).map { column in cells.map { TerminalText.width($0[column]) }.max() ?? 0 }
    // The widest outcome beside the figures, or all of them below.
    let longest = record.rows.map { Wordings.outcome($0).count }.max() ?? 0
    let isWide = 2 + widths.reduce(0, +) + 4 + 6 + longest <= page.style.columns
    var name: String?? = .none
    for (row, cells) in zip(record.rows, cells) {
      if name != .some(row.name) {
        name = .some(row.name)
        page.blank()
        page.put(
          page.style.paint(
            TerminalText.truncated(TerminalText.escaped(row.name ?? "all requests"), to: page.style.columns), .bold))
      }
      let line =
        "  " + TerminalText.padded(cells[0], to: widths[0]) + "  "
        + TerminalText.padded(cells[1], to: widths[1], right: true) + " -> "
        + TerminalText.padded(cells[2], to: widths[2], right: true) + "  "
        + TerminalText.padded(cells[3], to: widths[3], right: true)
      let outcome = Wordings.outcome(row)
      let painted = row.outcome.paint.map { page.style.paint(outcome, $0) } ?? outcome
      if isWide {
        page.put(line + "  " + painted)
      } else {
        page.put(TerminalText.truncated(line, to: page.style.columns))
        page.put("    " + painted)
      }
      if let reason = row.reason { page.line(reason, .dim, indent: 4) }
    }
  }
}

/// The same as Markdown.
package func comparisonSummary(_ record: ComparisonRecord) -> String {
  var text = "# \(record.verdict.rawValue.uppercased()), comparison: \(MarkdownText.escaped(record.second.plan))\n\n"
  text += "**\(MarkdownText.escaped(Wordings.comparison(record)))**\n\n"
  if record.first.demo || record.second.demo { text += "**\(MarkdownText.escaped(Wordings.demo))**\n\n" }
  for reason in record.reasons { text += MarkdownText.item(reason) }
  if !record.reasons.isEmpty { text += "\n" }
  for difference in record.differences { text += MarkdownText.item("not alike: \(difference)") }
  if !record.differences.isEmpty { text += "\n" }
  for (title, side) in [("First", record.first), ("Second", record.second)] {
    text += MarkdownText.item("\(title): \(side.folder), \(Wordings.side(side))")
  }
  for remark in record.remarks { text += MarkdownText.item(remark) }
  guard !record.rows.isEmpty else { return text }
  let rows = record.rows.map { row in
    [
      MarkdownText.escaped(row.name ?? "all requests"), row.figure, Wordings.value(row.first, row),
      Wordings.value(row.second, row), Wordings.change(row),
      row.outcome == .better || row.outcome == .worse ? "**\(Wordings.outcome(row))**" : Wordings.outcome(row),
      MarkdownText.escaped(row.reason ?? ""),
    ]
  }
  text +=
    "\n" + MarkdownText.table(["step", "figure", "first", "second", "change", "proven", ""], rows, numbers: 2..<5)
  return text + "\n" + Wordings.comparisonMethod(record.method) + "\n"
}

extension Wordings {
  fileprivate static func comparison(_ record: ComparisonRecord) -> String {
    let worse = record.rows.filter { $0.outcome == .worse }
    let better = record.rows.filter { $0.outcome == .better }
    func list(_ rows: [ComparisonRecord.Row]) -> String {
      let shown = rows.prefix(3).map { "\($0.name ?? "all requests") \($0.figure) (\(change($0)))" }
      return shown.joined(separator: ", ") + (rows.count > 3 ? " and \(rows.count - 3) more" : "")
    }
    if !worse.isEmpty {
      return "Proven to be worse in the second run: \(list(worse))"
        + (better.isEmpty ? "." : ". Better: \(list(better)).")
    }
    if record.verdict == .inconclusive { return "It cannot be told whether the second run is worse." }
    if !better.isEmpty { return "Nothing is proven to be worse in the second run. Better: \(list(better))." }
    return "No proven difference."
  }

  fileprivate static func side(_ side: ComparisonRecord.Side) -> String {
    var text = "\(side.started.text), \(NumberText.count(side.requests)) requests in "
    text += NumberText.duration(seconds: Double(side.steadySeconds)) + ", \(side.target)"
    if let environment = side.environment { text += ", \(environment)" }
    if let build = side.build { text += ", build \(build)" }
    return text + (side.demo ? ", DEMO" : "")
  }

  fileprivate static func value(_ value: Double?, _ row: ComparisonRecord.Row) -> String {
    switch row.unit {
    case "milliseconds": value == nil ? "failed" : NumberText.milliseconds(value)
    case "fraction": NumberText.share(value)
    default: NumberText.perSecond(value)
    }
  }

  fileprivate static func change(_ row: ComparisonRecord.Row) -> String {
    guard let change = row.change else { return row.first == 0 && row.second == 0 ? "0 %" : "-" }
    let percent = (change * 1000).rounded() / 10
    return (percent > 0 ? "+" : "") + NumberText.fixed(percent, 1) + " %"
  }

  fileprivate static func outcome(_ row: ComparisonRecord.Row) -> String {
    switch (row.outcome, row.figure) {
    case (.noProvenDifference, _): "no proven difference"
    case (.cannotTell, _): "cannot tell"
    case (.better, "errors"): "fewer errors"
    case (.worse, "errors"): "MORE ERRORS"
    case (.better, "throughput"): "more"
    case (.worse, "throughput"): "LESS"
    case (.better, _): "faster"
    case (.worse, _): "SLOWER"
    }
  }

  fileprivate static func comparisonMethod(_ method: ComparisonRecord.Method) -> String {
    "\(NumberText.count(method.comparisons)) comparisons by blocks of \(method.blockSeconds) s; equal runs are called"
      + " different in at most \(NumberText.share(method.alpha)) of cases, all comparisons together (Holm). A difference"
      + " below \(NumberText.share(method.leastShare)) or \(NumberText.milliseconds(method.leastMilliseconds)) is none."
  }
}

extension ComparisonOutcome {
  fileprivate var paint: TerminalStyle.Paint? {
    switch self {
    case .better: .green
    case .worse: .red
    case .noProvenDifference: nil
    case .cannotTell: .yellow
    }
  }
}
