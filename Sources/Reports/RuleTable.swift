// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results

/// The rules and their verdicts, the worst first, their numbers in columns where the width has room for them. What the
/// numbers do not say stands below.
struct RuleTable {
  private struct Row {
    var threshold: ThresholdRecord
    var cells: [String]
  }

  private let rows: [Row]
  private let titles: [String]

  init(_ thresholds: [ThresholdRecord]) {
    rows = Wordings.worstFirst(thresholds).map { threshold in
      Row(
        threshold: threshold,
        cells: [
          Wordings.measured(threshold), Wordings.bound(threshold, atMost: "<=", atLeast: ">="),
          NumberText.count(threshold.n),
          threshold.confidence == nil || threshold.n == 0
            ? "-" : NumberText.count(Int(threshold.effectiveN.rounded())),
        ])
    }
    let levels = Set(thresholds.compactMap(\.confidence))
    let level = levels.count == 1 ? levels.first.map { NumberText.share($0) + " " } ?? "" : ""
    titles = ["measured", level + "bound", "n", "effective"]
  }

  func put(on page: inout Page) {
    guard !rows.isEmpty else { return }
    let widths = titles.indices.map { index in
      2 + max(titles[index].count, rows.map { $0.cells[index].count }.max() ?? 0)
    }
    let room = page.style.columns - Page.labelColumns - widths.reduce(0, +)
    let longest = rows.map { TerminalText.width(TerminalText.escaped($0.threshold.expression)) }.max() ?? 0
    let ruleColumns = max(4, min(longest, room))
    func line(_ rule: String, _ cells: [String]) -> String {
      let numbers = zip(cells, widths).map { TerminalText.padded($0, to: $1, right: true) }.joined()
      return TerminalText.padded(rule, to: ruleColumns) + numbers
    }
    let isTable = room >= 4
    if isTable { page.put("", label: nil, page.style.paint(line("rule", titles), .dim)) }
    for row in rows {
      let threshold = row.threshold
      let word = threshold.verdict.rawValue.uppercased()
      let rule = TerminalText.escaped(threshold.expression)
      if isTable, TerminalText.width(rule) <= ruleColumns {
        page.put(word, label: threshold.verdict.paint, line(rule, row.cells))
      } else {
        page.row(word, label: threshold.verdict.paint, threshold.expression)
        if isTable {
          page.put("", label: nil, line("", row.cells))
        } else {
          page.row("", Wordings.numbers(of: threshold))
        }
      }
      if let remark = threshold.remark { page.row("", remark) }
    }
  }
}

extension Verdict {
  var paint: TerminalStyle.Paint {
    switch self {
    case .pass: .green
    case .fail: .red
    case .inconclusive: .yellow
    }
  }

  var banner: TerminalStyle.Paint {
    switch self {
    case .pass: .passBanner
    case .fail: .failBanner
    case .inconclusive: .inconclusiveBanner
    }
  }
}
