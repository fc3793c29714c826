// SPDX-License-Identifier: Apache-2.0
import Judgement

/// Lines for a terminal under construction: text is escaped, wrapped to the width, and painted whole.
struct Page {
  let style: TerminalStyle
  private(set) var text = ""

  init(style: TerminalStyle) {
    self.style = style
  }

  /// Width of the labels of `row`.
  static let labelColumns = 13

  mutating func blank() { text += "\n" }

  /// Escaped and wrapped.
  mutating func line(_ content: String, _ paint: TerminalStyle.Paint? = nil, indent: Int = 0) {
    let margin = String(repeating: " ", count: indent)
    for line in TerminalText.wrapped(TerminalText.escaped(content), columns: style.columns - indent) {
      put(margin + painted(line, paint))
    }
  }

  /// A label, and its text beside it, wrapped in its own column.
  mutating func row(_ label: String, _ content: String, _ paint: TerminalStyle.Paint? = nil) {
    let lines = TerminalText.wrapped(TerminalText.escaped(content), columns: style.columns - Self.labelColumns)
    for (index, line) in lines.enumerated() {
      let head = TerminalText.padded(index == 0 ? label : "", to: Self.labelColumns)
      put((label.isEmpty ? head : style.paint(head, .dim)) + painted(line, paint))
    }
  }

  /// A label in a colour of its own, and its text.
  mutating func row(_ label: String, label paint: TerminalStyle.Paint, _ content: String) {
    let lines = TerminalText.wrapped(TerminalText.escaped(content), columns: style.columns - Self.labelColumns)
    for (index, line) in lines.enumerated() { put(index == 0 ? label : "", label: paint, line) }
  }

  /// A label, and beside it what the caller has made safe and short.
  mutating func put(_ label: String, label paint: TerminalStyle.Paint?, _ content: String) {
    let head = TerminalText.padded(label, to: Self.labelColumns)
    put((paint.flatMap { label.isEmpty ? nil : style.paint(head, $0) } ?? head) + content)
  }

  /// Three lines across the whole width.
  mutating func banner(_ verdict: Verdict, name: String) {
    banner(verdict.rawValue.uppercased(), verdict.banner, name: name)
  }

  /// The same with any word and colour.
  mutating func banner(_ word: String, _ paint: TerminalStyle.Paint, name: String) {
    let columns = style.columns
    let rule = String(repeating: "=", count: columns)
    let content = "  " + word + "   " + TerminalText.escaped(name)
    let line = TerminalText.padded(TerminalText.truncated(content, to: columns), to: columns)
    put(style.paint(rule, paint))
    put(style.colour ? style.paint(line, paint) : TerminalText.withoutTrailingSpaces(line))
    put(style.paint(rule, paint))
  }

  /// A label and a path, which stays in one piece so that it can be copied: too long a one is left to the terminal.
  mutating func row(_ label: String, path: String) {
    let path = TerminalText.escaped(path)
    if Self.labelColumns + TerminalText.width(path) <= style.columns {
      put(style.paint(TerminalText.padded(label, to: Self.labelColumns), .dim) + path)
    } else {
      put(style.paint(label, .dim))
      put(path)
    }
  }

  /// Already made safe and short by the caller.
  mutating func put(_ line: String) { text += line + "\n" }

  private func painted(_ line: String, _ paint: TerminalStyle.Paint?) -> String {
    paint.map { style.paint(line, $0) } ?? line
  }
}
