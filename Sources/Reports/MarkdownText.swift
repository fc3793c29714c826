// SPDX-License-Identifier: Apache-2.0

/// Text of others inside Markdown: shown as it is, never read as markup or HTML.
enum MarkdownText {
  static func escaped(_ text: String) -> String {
    var safe = ""
    for scalar in TerminalText.escaped(text).unicodeScalars {
      switch scalar {
      case "&": safe += "&amp;"
      case "<": safe += "&lt;"
      case ">": safe += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|", "~", "$":
        safe += "\\"
        safe.unicodeScalars.append(scalar)
      default: safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }

  /// An item of a list: what would begin a heading, a rule or another list is escaped too.
  static func item(_ text: String) -> String {
    let safe = escaped(text)
    let digits = safe.prefix { ("0"..."9").contains($0) }
    guard let mark = safe.dropFirst(digits.count).first else { return "- \(safe)\n" }
    if digits.isEmpty ? "#+-=".contains(mark) : ".)".contains(mark) {
      return "- \(digits)\\\(safe.dropFirst(digits.count))\n"
    }
    return "- \(safe)\n"
  }

  /// A table: cells are Markdown already; `numbers` are the columns that stand to the right.
  static func table(_ header: [String], _ rows: [[String]], numbers: Range<Int>) -> String {
    var text = "| " + header.joined(separator: " | ") + " |\n|"
    for index in header.indices { text += numbers.contains(index) ? "---:|" : "---|" }
    for row in rows { text += "\n| " + row.joined(separator: " | ") + " |" }
    return text + "\n"
  }
}
