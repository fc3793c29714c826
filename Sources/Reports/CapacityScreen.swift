// SPDX-License-Identifier: Apache-2.0
package import Results

/// The last screen of a capacity search: the answer first, then every trial. A pure function of the record.
package struct CapacityScreen: Sendable {
  private let record: CapacityRecord
  private let directory: String

  /// `directory`: the folder of the search, as people can open it.
  package init(record: CapacityRecord, directory: String) {
    self.record = record
    self.directory = directory
  }

  /// Several lines, each ended by a newline, none wider than the style's columns but for a long path.
  package func text(style: TerminalStyle) -> String {
    var page = Page(style: style)
    if record.demo { page.line(Wordings.demo(columns: style.columns), .bold) }
    page.banner(record.verdict, name: record.plan)
    page.line(Wordings.capacity(record), .bold)
    if record.interrupted { page.row("interrupted", Wordings.searchInterrupted, .yellow) }
    page.row("target", record.target)
    for (index, rule) in record.rules.enumerated() { page.row(index == 0 ? "rules" : "", rule) }
    trials(&page)
    page.blank()
    page.row("files", path: directory)
    if record.demo { page.line(Wordings.demo(columns: style.columns), .bold) }
    return page.text
  }

  private func trials(_ page: inout Page) {
    guard !record.trials.isEmpty else { return }
    page.blank()
    let rates = record.trials.map { NumberText.plain($0.rate) }
    let title = "arrivals/s"
    let digits = max(title.count, rates.map(\.count).max() ?? 0)
    page.put("", label: nil, page.style.paint("\(TerminalText.padded(title, to: digits, right: true))  trial", .dim))
    for (rate, trial) in zip(rates, record.trials) {
      let paint: TerminalStyle.Paint =
        switch trial.outcome {
        case "held": .green
        case "broke": .red
        default: .yellow
        }
      page.put(
        TerminalText.escaped(trial.outcome), label: paint,
        "\(TerminalText.padded(rate, to: digits, right: true))  \(trial.confirmation ? "long" : "short")")
      // Why a rate held is in its own folder; what ended the search is wanted here.
      if trial.outcome != "held" { page.row("", trial.reason) }
    }
  }
}
