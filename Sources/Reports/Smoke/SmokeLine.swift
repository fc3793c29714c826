// SPDX-License-Identifier: Apache-2.0
package import Results

/// One line per step of a smoke run, for the live list and for the whole one. Pure functions.
package enum SmokeLine {
  /// Columns of the mark before a name.
  private static let mark = 5

  /// As wide as the scenario's longest name, within reason.
  private static func nameColumns(_ scenario: SmokeScenario, _ style: TerminalStyle) -> Int {
    let longest = scenario.steps.map { TerminalText.width(TerminalText.escaped($0.name)) }.max() ?? 0
    return min(max(longest, 12), max(16, style.columns / 2 - 8))
  }

  /// The line above a scenario's steps.
  package static func scenario(_ scenario: SmokeScenario, style: TerminalStyle) -> String {
    let name = TerminalText.truncated(TerminalText.escaped(scenario.scenario), to: style.columns)
    let room = style.columns - TerminalText.width(name) - 2
    let about = TerminalText.escaped(scenario.about)
    if about.isEmpty || room < 20 { return style.paint(name, .bold) }
    return style.paint(name, .bold) + "  " + style.paint(TerminalText.truncated(about, to: room), .dim)
  }

  /// A step that is over: `ok    book    12.3 ms`, never wider than the style.
  package static func step(_ step: SmokeStep, of scenario: SmokeScenario, style: TerminalStyle) -> String {
    let (word, paint): (String, TerminalStyle.Paint) =
      switch step.status {
      case .passed: step.flaky ? (style.ticks ? "✓" : "ok", .yellow) : (style.ticks ? "✓" : "ok", .green)
      case .failed: (style.ticks ? "✗" : "FAIL", .red)
      case .skipped: (style.ticks ? "-" : "skip", .dim)
      }
    var notes: [String] = []
    if let attempt = step.decisive { notes.append(NumberText.milliseconds(attempt.duration)) }
    if step.attempts.count > 1 { notes.append("\(step.attempts.count) attempts") }
    if step.flaky { notes.append("PARTIAL: passed only on a retry") }
    if let failure = step.status == .failed ? step.decisive?.failure : nil { notes.append(failure.sentence) }
    if let reason = step.reason { notes.append(reason) }
    return line(word, paint, step, scenario, notes, style: style)
  }

  /// A step before anything is sent: what it would send, or why it would not.
  package static func planned(_ step: SmokeStep, of scenario: SmokeScenario, style: TerminalStyle) -> String {
    let nameColumns = nameColumns(scenario, style)
    let name = TerminalText.padded(
      TerminalText.truncated(TerminalText.escaped(step.name), to: nameColumns), to: nameColumns)
    var text = "\(step.method) \(step.path)"
    if step.section != .steps { text = "\(step.section.rawValue): " + text }
    if let reason = step.reason { text = "left out: \(reason)" } else if step.writes { text += "  (may write)" }
    let room = style.columns - 4 - nameColumns
    return "  " + name + "  " + TerminalText.truncated(TerminalText.escaped(text), to: room)
  }

  /// What is looked at, above the first scenario.
  package static func target(_ url: String, environment: String?, demo: Bool, style: TerminalStyle) -> String {
    let text = TerminalText.escaped("smoke of " + url + (environment.map { " (\($0))" } ?? ""))
    return demo ? Wordings.demo(columns: style.columns) + "\n" + text : text
  }

  /// A step that is under way.
  package static func running(
    _ step: SmokeStep, of scenario: SmokeScenario, attempt: Int, seconds: Double, style: TerminalStyle
  ) -> String {
    var notes = [NumberText.duration(seconds: seconds.rounded(.down))]
    if attempt > 1 { notes.append("attempt \(attempt)") }
    return line(style.ticks ? "." : "...", .dim, step, scenario, notes, style: style)
  }

  private static func line(
    _ word: String, _ paint: TerminalStyle.Paint, _ step: SmokeStep, _ scenario: SmokeScenario, _ notes: [String],
    style: TerminalStyle
  ) -> String {
    let columns = style.columns
    let markColumns = style.ticks ? 2 : mark
    let nameColumns = nameColumns(scenario, style)
    let name = TerminalText.padded(
      TerminalText.truncated(TerminalText.escaped(step.name), to: nameColumns), to: nameColumns)
    let room = columns - 2 - markColumns - nameColumns - 2
    let note = TerminalText.truncated(TerminalText.escaped(notes.joined(separator: "  ")), to: room)
    let head = "  " + style.paint(TerminalText.padded(word, to: markColumns), paint) + name
    return note.isEmpty ? TerminalText.withoutTrailingSpaces(head) : head + "  " + note
  }
}
