// SPDX-License-Identifier: Apache-2.0

/// A document of XML 1.0, written element by element. Texts of others are shown as they are and never read as markup;
/// what XML cannot hold is written as terminals show it (`\u{1B}`).
struct XMLText {
  private(set) var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
  private var open: [String] = []

  /// An element with elements in it, made by `content`.
  mutating func element(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: (inout XMLText) -> Void
  ) {
    text += indent + tag(name, attributes) + ">\n"
    open.append(name)
    content(&self)
    open.removeLast()
    text += indent + "</\(name)>\n"
  }

  /// An element with text in it, or nothing.
  mutating func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text content: String = "") {
    text += indent + tag(name, attributes)
    text += content.isEmpty ? "/>\n" : ">" + Self.escaped(content) + "</\(name)>\n"
  }

  private var indent: String { String(repeating: "  ", count: open.count) }

  private func tag(_ name: String, _ attributes: KeyValuePairs<String, String>) -> String {
    "<" + name + attributes.map { " \($0.key)=\"\(Self.escaped($0.value, inAttribute: true))\"" }.joined()
  }

  /// Line by line, so that line breaks stay what they are. `]]>` cannot come about, since no `>` is left.
  static func escaped(_ text: String, inAttribute: Bool = false) -> String {
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.map { line in
      var safe = ""
      // Many servers end lines with both.
      let line = line.last == "\r" ? line.dropLast() : line
      for scalar in TerminalText.escaped(String(line)).unicodeScalars {
        switch scalar {
        case "&": safe += "&amp;"
        case "<": safe += "&lt;"
        case ">": safe += "&gt;"
        case "\"": safe += "&quot;"
        // Characters that XML has no way to write, wherever they came from.
        case "\u{FFFE}", "\u{FFFF}", "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": safe += "\u{FFFD}"
        default: safe.unicodeScalars.append(scalar)
        }
      }
      return safe
    }.joined(separator: inAttribute ? "&#10;" : "\n")
  }
}
