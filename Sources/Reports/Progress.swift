// SPDX-License-Identifier: Apache-2.0

extension ProgressSnapshot {
  /// Three lines, each at most `style.columns` wide, for redrawing in place.
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
    let second =
      "\(NumberText.perSecond(requestsPerSecond))  p50 \(NumberText.milliseconds(p50))"
      + "  p95 \(NumberText.milliseconds(p95))  p99 \(NumberText.milliseconds(p99))"
    let sentText = "\(NumberText.count(sent)) sent  "
    let errorText = "\(NumberText.count(errors)) errors"
    let flightText = "  \(NumberText.count(inFlight)) in flight  "
    let room = columns - sentText.count - errorText.count - flightText.count
    let health = TerminalText.truncated(healthText, to: max(room, 0))
    // No room for all of it: cut as a whole, and plain, since a cut must not fall inside a colour.
    let third =
      room < 0
      ? TerminalText.truncated(sentText + errorText + flightText, to: columns)
      : sentText + (errors > 0 ? style.paint(errorText, .red) : errorText) + flightText
        + (isHealthy ? health : style.paint(health, .yellow))
    let first = name + " " + bar + clock
    let paintedFirst =
      TerminalText.width(first) <= columns
      ? style.paint(name, .bold) + " " + bar + clock : TerminalText.truncated(first, to: columns)
    return [paintedFirst, TerminalText.truncated(second, to: columns), third]
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
