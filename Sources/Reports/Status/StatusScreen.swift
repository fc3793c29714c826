// SPDX-License-Identifier: Apache-2.0
package import Readiness
import Results

/// `gonogo status`: how far the list is, per category and row, open criticals first, and what to type next. No verdict.
package struct StatusScreen {
  package var checklist: Checklist
  /// Nil: the demo.
  package var environment: String?
  package var build: DecidedBuild
  /// All rows, for the counts.
  package var states: [ItemState]
  /// Rows to list.
  package var shown: [ItemState]
  package var steps: [NextStep]
  /// Folders that count for nothing, with the reason.
  package var refused: [(run: String, reason: String)]

  package init(
    checklist: Checklist, environment: String?, build: DecidedBuild, states: [ItemState], shown: [ItemState],
    steps: [NextStep], refused: [(run: String, reason: String)]
  ) {
    self.checklist = checklist
    self.environment = environment
    self.build = build
    self.states = states
    self.shown = shown
    self.steps = steps
    self.refused = refused
  }

  /// With a newline at its end.
  package func text(style: TerminalStyle) -> String {
    var page = Page(style: style)
    if environment == nil { page.line(Wordings.demo(columns: style.columns), .bold) }
    page.line(checklist.title, .bold)
    page.row("about", environment.map { "environment \($0)" } ?? "the embedded hotel")
    page.row("build", "\(build.build ?? "not known"): \(build.reason)")
    page.blank()
    categories(&page)
    rows(&page)
    for (index, one) in refused.prefix(8).enumerated() {
      if index == 0 { page.blank() }
      page.row(index == 0 ? "refused" : "", "\(one.run): \(one.reason)")
    }
    if refused.count > 8 { page.row("", "... and \(refused.count - 8) more") }
    if !steps.isEmpty {
      page.blank()
      page.line("what to type next", .bold)
      for step in steps {
        page.line(step.command, indent: 2)
        page.line("for \(listed(step.items))", .dim, indent: 6)
      }
    }
    if environment == nil { page.line(Wordings.demo(columns: style.columns), .bold) }
    return page.text
  }

  // MARK: categories

  private static let columns: [Standing] = [.pass, .fail, .partial, .pending, .notApplicable]

  private func categories(_ page: inout Page) {
    var order: [String] = []
    var groups: [String: [ItemState]] = [:]
    for state in states {
      if groups[state.item.category] == nil { order.append(state.item.category) }
      groups[state.item.category, default: []].append(state)
    }
    let lines = order.map { ($0, groups[$0] ?? []) } + [("all", states)]
    let numbers = Self.columns.reduce(0) { $0 + $1.rawValue.count + 2 }
    let widest = lines.map { TerminalText.width(TerminalText.escaped($0.0)) }.max() ?? 0
    let nameColumns = min(max(widest, 8), page.style.columns - numbers)
    guard nameColumns >= min(12, widest) else {
      for (name, rows) in lines {
        page.line("\(name): \(rows.count { $0.standing == .pass }) of \(rows.count) PASS")
      }
      return
    }
    func put(_ name: String, _ cells: [String]) -> String {
      TerminalText.padded(TerminalText.truncated(TerminalText.escaped(name), to: nameColumns), to: nameColumns)
        + zip(cells, Self.columns).map { TerminalText.padded($0, to: $1.rawValue.count + 2, right: true) }.joined()
    }
    page.put(page.style.paint(put("category", Self.columns.map(\.rawValue)), .dim))
    for (name, rows) in lines {
      page.put(
        put(
          name,
          Self.columns.map { standing in
            let count = rows.count { $0.standing == standing }
            return count == 0 ? "-" : "\(count)"
          }))
    }
  }

  // MARK: rows

  private func rows(_ page: inout Page) {
    let critical = shown.filter { $0.isOpen && checklist.isCritical($0.item) }
    let open = shown.filter { $0.isOpen && !checklist.isCritical($0.item) }
    let closed = shown.filter { !$0.isOpen }
    for (heading, rows) in [
      ("critical and open", worstFirst(critical)), ("open", worstFirst(open)), ("closed", closed),
    ] where !rows.isEmpty {
      page.blank()
      page.line("\(heading): \(rows.count)", .bold)
      for state in rows { row(state, &page) }
    }
  }

  private func worstFirst(_ rows: [ItemState]) -> [ItemState] {
    Standing.worstFirst.flatMap { standing in rows.filter { $0.standing == standing } }
  }

  private func row(_ state: ItemState, _ page: inout Page) {
    let owner = state.item.owner.map { " (\($0))" } ?? ""
    var text = "\(state.item.id) \(state.item.title)\(owner)"
    // That nobody has looked is what PENDING says.
    if state.origin != .none || !state.attempts.isEmpty { text += ": \(state.reason)" }
    page.row(state.standing.rawValue, label: state.standing.paint, text)
    guard state.isOpen || state.origin == .overridden else { return }
    for note in state.notes { page.row("", note, .dim) }
  }
}
