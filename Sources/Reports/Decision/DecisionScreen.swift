// SPDX-License-Identifier: Apache-2.0
package import Readiness
import Results

/// The last screen of `gonogo decide`: the outcome first, why, what would change it, then what it rests on.
package struct DecisionScreen {
  private let record: DecisionRecord
  private let directory: String

  /// Rows of one kind that are listed one by one; the pages have all.
  private static let listed = 12

  package init(record: DecisionRecord, directory: String) {
    self.record = record
    self.directory = directory
  }

  /// With a newline at its end; no line wider than the style's columns but for a long path.
  package func text(style: TerminalStyle) -> String {
    var page = Page(style: style)
    if record.demo { page.line(Wordings.demo(columns: style.columns), .bold) }
    page.banner(record.outcome.rawValue, record.outcome.banner, name: record.checklist.title)
    page.row("about", DecisionWords.subject(record))
    page.row("decided", "\(DecisionWords.moment(record.decided)) by gonogo \(record.tool.version)")
    list("why", record.reasons, &page, .bold)
    list("to change it", record.change, &page)
    for warning in record.warnings { page.row("warning", warning, .yellow) }
    scores(&page)
    openCriticals(&page)
    evidence(&page)
    people(&page)
    page.blank()
    list("control runs", record.controls.map(DecisionWords.control), &page)
    readings(&page)
    page.blank()
    page.row("outcome", record.outcome.rawValue, .bold)
    page.row("files", path: directory)
    if record.demo { page.line(Wordings.demo(columns: style.columns), .bold) }
    return page.text
  }

  private func list(_ label: String, _ lines: [String], _ page: inout Page, _ paint: TerminalStyle.Paint? = nil) {
    for (index, line) in lines.enumerated() { page.row(index == 0 ? label : "", line, paint) }
  }

  /// The first of them, and how many more there are.
  private func shortList(_ label: String, _ lines: [String], _ page: inout Page) {
    let shown = lines.count > Self.listed + 1 ? Array(lines.prefix(Self.listed)) : lines
    list(label, shown + (shown.count < lines.count ? ["... and \(lines.count - shown.count) more"] : []), &page)
  }

  private func scores(_ page: inout Page) {
    page.blank()
    list("scores", record.scores.map { "\($0.name): \(DecisionWords.share($0, record.rule))" }, &page)
    let rows = record.categories
    guard !rows.isEmpty else { return }
    page.blank()
    let names = rows.map { TerminalText.escaped($0.name) }
    let shares = rows.map { "\($0.share.numerator)/\($0.share.denominator)" }
    let columns: [Standing] = [.fail, .partial, .pending, .notApplicable]
    let shareColumns = max(4, shares.map(\.count).max() ?? 0)
    let numbers = shareColumns + 10 + columns.reduce(0) { $0 + $1.rawValue.count + 2 }
    let nameColumns = min(names.map { TerminalText.width($0) }.max() ?? 0, page.style.columns - numbers)
    // Too narrow for columns: each category is a line of text.
    guard nameColumns >= 12 else {
      list("categories", zip(names, rows).map { "\($0): \(DecisionWords.share($1.share))" }, &page)
      return
    }
    func line(_ name: String, _ share: String, _ percent: String, _ cells: [String]) -> String {
      TerminalText.padded(TerminalText.truncated(name, to: nameColumns), to: nameColumns)
        + TerminalText.padded(share, to: shareColumns + 1, right: true)
        + TerminalText.padded(percent, to: 9, right: true)
        + zip(cells, columns).map { TerminalText.padded($0, to: $1.rawValue.count + 2, right: true) }.joined()
    }
    page.put(page.style.paint(line("category", "PASS", "", columns.map(\.rawValue)), .dim))
    for (index, row) in rows.enumerated() {
      let cells = columns.map { standing in row.counts[standing.rawValue].map { $0 == 0 ? "-" : "\($0)" } ?? "-" }
      page.put(line(names[index], shares[index], DecisionWords.percent(row.share), cells))
    }
  }

  private func openCriticals(_ page: inout Page) {
    let open = record.openCriticals.compactMap { id in record.items.first { $0.id == id } }
    guard !open.isEmpty else { return }
    page.blank()
    page.line("\(open.count) critical row\(open.count == 1 ? " is" : "s are") open:")
    let worstFirst = Standing.worstFirst.flatMap { standing in open.filter { $0.standing == standing } }
    for item in worstFirst.prefix(Self.listed) {
      page.row(item.standing.rawValue, label: item.standing.paint, "\(item.id) \(item.title): \(item.reason)")
    }
    if open.count > Self.listed { page.row("", "... and \(open.count - Self.listed) more: decision.md has all") }
  }

  private func evidence(_ page: inout Page) {
    let overrides = record.items.filter { $0.origin == .overridden }.map { "\($0.id): \($0.reason)" }
    let attempts = record.items.compactMap(DecisionWords.attempts)
    guard !(record.refused.isEmpty && overrides.isEmpty && attempts.isEmpty && record.remarks.isEmpty) else { return }
    page.blank()
    shortList("refused", record.refused.map { "\($0.run): \($0.reason)" }, &page)
    shortList("overridden", overrides, &page)
    shortList("attempts", attempts, &page)
    shortList("remarks", record.remarks, &page)
  }

  /// What was chosen; decision.md says against what.
  private func readings(_ page: inout Page) {
    guard !record.readings.isEmpty else { return }
    page.line("Where its sources contradict each other, the list is read so:", .dim)
    for reading in record.readings { page.row("", reading.chosen, .dim) }
  }

  private func people(_ page: inout Page) {
    page.blank()
    list("risks", record.risks.isEmpty ? ["none on file"] : record.risks.map(DecisionWords.risk), &page)
    list("conditions", record.conditions.map { "\($0.text) (\($0.who), \(DecisionWords.moment($0.at)))" }, &page)
    list("signed", record.signOffs.map(DecisionWords.signOff), &page)
    if !record.missingSignOffs.isEmpty { page.row("to sign", record.missingSignOffs.joined(separator: ", ")) }
    if let who = record.decisionMaker { page.row("decided by", who) }
  }
}

extension Standing {
  /// What stands in the way first.
  package static let worstFirst: [Standing] = [.fail, .partial, .pending, .notApplicable, .pass]

  var paint: TerminalStyle.Paint {
    switch self {
    case .pass: .green
    case .fail: .red
    case .partial, .pending: .yellow
    case .notApplicable: .dim
    }
  }
}

extension Outcome {
  var banner: TerminalStyle.Paint {
    switch self {
    case .go: .passBanner
    case .caution, .ready: .inconclusiveBanner
    case .noGo: .failBanner
    }
  }
}
