// SPDX-License-Identifier: Apache-2.0

/// The text of `gonogo help`.
func overviewText(_ commands: [Command]) -> String {
  let width = commands.map(\.name.count).max() ?? 0
  let rows = commands.map { "  \($0.name.padded(to: width))  \($0.summary)" }
  let codes = ExitCode.allCases.sorted { $0.rawValue < $1.rawValue }.map {
    "  \(String($0.rawValue).padded(to: 3, right: true))  \($0.meaning)"
  }
  return """
    gonogo drives load at a system, checks every answer and says PASS, FAIL or INCONCLUSIVE.

    usage: gonogo COMMAND [FLAGS] [FILES]

    \(rows.joined(separator: "\n"))

    gonogo help COMMAND shows its flags and examples.

    exit codes:
    \(codes.joined(separator: "\n"))
    """
}

/// The text of `gonogo help COMMAND`.
func helpText(_ command: Command) -> String {
  let heads = command.flags.map { "--\($0.name)" + ($0.value.map { " \($0)" } ?? "") }
  let width = min(26, heads.map(\.count).max() ?? 0)
  var lines =
    wrap("gonogo \(command.name) \(command.summary).", width: 80) + [
      "",
      "usage: gonogo \(command.name)" + (command.flags.isEmpty ? "" : " [FLAGS]") + " \(command.operands)".trimmedRight,
    ]
  if !command.flags.isEmpty { lines.append("") }
  for (head, flag) in zip(heads, command.flags) {
    let text = flag.about + (flag.repeats ? " (may be repeated)" : "")
    let wrapped = wrap(text, width: 78 - width - 4)
    if head.count > width {
      lines.append("  \(head)")
    } else {
      lines.append("  \(head.padded(to: width))  \(wrapped.first ?? "")")
    }
    let rest = head.count > width ? wrapped[...] : wrapped.dropFirst()
    lines += rest.map { String(repeating: " ", count: width + 4) + $0 }
  }
  if !command.notes.isEmpty { lines += [""] + wrap(command.notes, width: 80) }
  if !command.examples.isEmpty {
    lines += ["", "examples:"]
    for example in command.examples {
      lines += ["  \(example.command)", "      \(example.about)"]
    }
  }
  return lines.joined(separator: "\n")
}

private func wrap(_ text: String, width: Int) -> [String] {
  var lines: [String] = []
  var line = ""
  for word in text.split(whereSeparator: \.isWhitespace) {
    if !line.isEmpty, line.count + 1 + word.count > width {
      lines.append(line)
      line = ""
    }
    line += (line.isEmpty ? "" : " ") + word
  }
  if !line.isEmpty { lines.append(line) }
  return lines
}

extension String {
  func padded(to width: Int, right: Bool = false) -> String {
    let fill = String(repeating: " ", count: Swift.max(0, width - count))
    return right ? fill + self : self + fill
  }

  fileprivate var trimmedRight: String { String(reversed().drop(while: { $0 == " " }).reversed()) }
}
