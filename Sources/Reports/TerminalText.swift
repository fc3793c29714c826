// SPDX-License-Identifier: Apache-2.0

/// How to write for a terminal. Whether it is one, and whether colour is wanted, is the caller's to find out.
package struct TerminalStyle: Sendable, Equatable {
  /// 40...200; whatever is given outside is brought to the nearer end.
  package let columns: Int
  package let colour: Bool
  /// Ticks and crosses instead of words: the terminal can show them.
  package let ticks: Bool

  package init(columns: Int = 80, colour: Bool = false, ticks: Bool = false) {
    self.ticks = ticks
    self.columns = min(max(columns, 40), 200)
    self.colour = colour
  }

  enum Paint: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case passBanner = "1;30;42"
    case failBanner = "1;37;41"
    case inconclusiveBanner = "1;30;43"
  }

  func paint(_ text: String, _ paint: Paint) -> String {
    colour ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
  }
}

/// Text of others (the network, files) made safe and short for a terminal.
package enum TerminalText {
  /// Replaces what could move the cursor, change colours, reorder or hide text by visible `\u{...}` escapes. One line.
  package static func escaped(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": safe += "\\n"
      case "\r": safe += "\\r"
      case "\t": safe += "\\t"
      case _ where isHarmless(scalar): safe.unicodeScalars.append(scalar)
      default: safe += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
      }
    }
    return safe
  }

  /// Controls, format characters (bidirectional overrides, zero-width ones), line separators, private and unassigned
  /// ones can mislead whoever reads them.
  static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    default: true
    }
  }

  /// At most so many columns; what is cut off shows as `...`.
  package static func truncated(_ text: String, to columns: Int) -> String {
    if width(text) <= columns { return text }
    let mark = String(repeating: ".", count: min(3, max(columns, 0)))
    var kept = ""
    var used = mark.count
    for character in text {
      let wide = width(of: character)
      if used + wide > columns { break }
      used += wide
      kept.append(character)
    }
    return kept + mark
  }

  /// Columns a terminal gives the text: two for East Asian wide characters and emoji, none for combining marks.
  static func width(_ text: String) -> Int {
    text.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of character: Character) -> Int {
    guard let first = character.unicodeScalars.first else { return 0 }
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default:
      switch first.properties.generalCategory {
      case .nonspacingMark, .enclosingMark: return 0
      default: return 1
      }
    }
  }

  static func padded(_ text: String, to columns: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, columns - width(text)))
    return right ? space + text : text + space
  }

  static func withoutTrailingSpaces(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
  }

  /// Words in lines of at most `columns`; longer words are cut into pieces, a number stays with its unit.
  static func wrapped(_ text: String, columns: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in unbroken(text) {
      var rest = word
      while true {
        let room = line.isEmpty ? columns : columns - width(line) - 1
        if width(rest) <= room {
          line += (line.isEmpty ? "" : " ") + rest
          break
        }
        if line.isEmpty {
          let piece = prefix(of: rest, columns: columns)
          lines.append(piece)
          rest = String(rest.dropFirst(piece.count))
        } else {
          lines.append(line)
          line = ""
        }
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  private static func unbroken(_ text: String) -> [String] {
    var words: [String] = []
    for word in text.split(separator: " ") {
      let unit = word.drop { ")".contains($0) }.prefix { $0.isLetter || $0 == "%" }
      if ["%", "ms", "s", "us", "min", "h"].contains(unit), words.last?.last?.isNumber == true {
        words[words.count - 1] += " " + word
      } else if words.last == "n" {
        words[words.count - 1] += " " + word
      } else {
        words.append(String(word))
      }
    }
    return words
  }

  private static func prefix(of text: String, columns: Int) -> String {
    var kept = ""
    var used = 0
    for character in text {
      let wide = width(of: character)
      if !kept.isEmpty && used + wide > columns { break }
      used += wide
      kept.append(character)
    }
    return kept
  }
}
