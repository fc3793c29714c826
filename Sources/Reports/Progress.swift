// SPDX-License-Identifier: Apache-2.0

extension ProgressSnapshot {
  /// Three lines, more on a narrow terminal, each at most `style.columns` wide, for redrawing in place.
  package func lines(style: TerminalStyle) -> [String] {
    let columns = style.columns
    let name = TerminalText.truncated(TerminalText.escaped(phase), to: max(8, columns / 4))
    let clock = self.clock
    var bar = ""
    if let share = doneShare {
      let room = columns - TerminalText.width(name) - clock.count - 9
      if room > 0 {
        let filled = Int(Double(room) * share)
        bar = "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: room - filled) + "]"
      }
      bar += TerminalText.padded("\(Int(share * 100))%", to: 5, right: true) + " "
    }
    let first = name + " " + bar + clock
    let paintedFirst =
      TerminalText.width(first) <= columns
      ? style.paint(name, .bold) + " " + bar + clock : TerminalText.truncated(first, to: columns)
    return [paintedFirst] + Self.packed(times, style: style) + Self.packed(counts, style: style)
  }

  private typealias Part = (text: String, paint: TerminalStyle.Paint?)

  private var times: [Part] {
    let figures = [("p50", p50), ("p95", p95), ("p99", p99)]
    return [(NumberText.perSecond(requestsPerSecond), nil)]
      + figures.map { ("\($0.0) \(NumberText.milliseconds($0.1))", nil) }
  }

  private var counts: [Part] {
    [
      ("\(NumberText.count(sent)) sent", nil),
      ("\(NumberText.count(errors)) errors", errors > 0 ? .red : nil),
      ("\(NumberText.count(inFlight)) in flight", nil),
      (healthText, isHealthy ? nil : .yellow),
    ]
  }

  /// As many parts side by side as there is room for; only a part wider than a whole line is cut, and before it is
  /// painted, since a cut must not fall inside a colour.
  private static func packed(_ parts: [Part], style: TerminalStyle) -> [String] {
    var lines: [String] = []
    var used = 0
    for part in parts {
      let room = style.columns - used - 2
      let width = TerminalText.width(part.text)
      // The start of a long last part is worth more than a line of its own.
      let fits = !lines.isEmpty && (width <= room || room >= style.columns / 2)
      let text = TerminalText.truncated(part.text, to: fits ? room : style.columns)
      let painted = part.paint.map { style.paint(text, $0) } ?? text
      if fits {
        lines[lines.count - 1] += "  " + painted
        used += 2 + TerminalText.width(text)
      } else {
        lines.append(painted)
        used = TerminalText.width(text)
      }
    }
    return lines
  }

  /// One plain line, for logs.
  package func line() -> String {
    var text =
      "\(clock) \(TerminalText.escaped(phase)): \(NumberText.perSecond(requestsPerSecond)), "
      + "p50 \(NumberText.milliseconds(p50)), p95 \(NumberText.milliseconds(p95)), "
      + "p99 \(NumberText.milliseconds(p99)), \(NumberText.count(sent)) sent, \(NumberText.count(errors)) errors, "
      + "\(NumberText.count(inFlight)) in flight"
    if !isHealthy { text += ", \(healthText)" }
    return text
  }

  private var clock: String {
    let elapsed = NumberText.duration(seconds: elapsedSeconds.rounded(.down))
    guard let totalSeconds else { return elapsed }
    return "\(elapsed) / \(NumberText.duration(seconds: totalSeconds))"
  }

  private var doneShare: Double? {
    guard let totalSeconds, totalSeconds > 0 else { return nil }
    return min(max(elapsedSeconds / totalSeconds, 0), 1)
  }

  private var healthText: String {
    isHealthy ? "gonogo ok" : "gonogo NOT HEALTHY" + (healthNote.map { ": " + TerminalText.escaped($0) } ?? "")
  }
}
