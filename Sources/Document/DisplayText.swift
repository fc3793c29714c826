// SPDX-License-Identifier: Apache-2.0

/// One character of a source line as a terminal may show it: nothing that moves the cursor, rings or reorders gets out.
struct DisplayCell {
  var text: String
  /// Terminal columns. A tab has none of its own: the caret line repeats it.
  var width: Int
  /// Bytes of the source it stands for.
  var bytes: Int
  var isTab: Bool { text == "\t" }

  /// Complexity: O(bytes).
  static func cells(of bytes: ArraySlice<UInt8>) -> [DisplayCell] {
    var cells: [DisplayCell] = []
    cells.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if byte >= 0x20, byte < 0x7F {
        cells.append(DisplayCell(text: String(UnicodeScalar(byte)), width: 1, bytes: 1))
        index += 1
      } else if byte == 0x09 {
        cells.append(DisplayCell(text: "\t", width: 0, bytes: 1))
        index += 1
      } else if let (scalar, length) = decodeScalar(bytes, at: index) {
        let shown = DisplayText.shown(scalar)
        let width = shown.count > 1 ? shown.count : DisplayText.width(of: scalar)
        cells.append(DisplayCell(text: shown, width: width, bytes: length))
        index += length
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        cells.append(DisplayCell(text: "\\x" + digits, width: 2 + digits.count, bytes: 1))
        index += 1
      }
    }
    return cells
  }
}

/// The scalar whose UTF-8 begins at `index`; nil when the bytes are not UTF-8 (overlong, surrogate, cut short).
func decodeScalar(_ bytes: ArraySlice<UInt8>, at index: Int) -> (scalar: Unicode.Scalar, length: Int)? {
  let first = bytes[index]
  if first < 0x80 { return (Unicode.Scalar(first), 1) }
  let length: Int
  var value: UInt32
  let smallest: UInt32
  switch first {
  case 0xC2...0xDF: (length, value, smallest) = (2, UInt32(first & 0x1F), 0x80)
  case 0xE0...0xEF: (length, value, smallest) = (3, UInt32(first & 0x0F), 0x800)
  case 0xF0...0xF4: (length, value, smallest) = (4, UInt32(first & 0x07), 0x10000)
  default: return nil
  }
  guard index + length <= bytes.endIndex else { return nil }
  for next in bytes[(index + 1)..<(index + length)] {
    guard next & 0xC0 == 0x80 else { return nil }
    value = value << 6 | UInt32(next & 0x3F)
  }
  guard value >= smallest, let scalar = Unicode.Scalar(value) else { return nil }
  return (scalar, length)
}

/// Text made safe for a terminal, and its width there.
package enum DisplayText {
  /// The text with control characters, line separators and bidirectional overrides spelled out (`\u{1B}`).
  package static func safe(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars { result += shown(scalar) }
    return result
  }

  static func shown(_ scalar: Unicode.Scalar) -> String {
    switch scalar.value {
    case 0x20..<0x7F: return String(scalar)
    case 0x09: return "\\t"
    case 0x0A: return "\\n"
    case 0x0D: return "\\r"
    // Marks and overrides that change the order in which a terminal shows what follows; the byte order mark.
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: return spelled(scalar)
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: return spelled(scalar)
    default: return String(scalar)
    }
  }

  private static func spelled(_ scalar: Unicode.Scalar) -> String {
    "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
  }

  /// Columns a terminal gives the scalar: 0 for what combines, 2 for what East Asian Width calls wide.
  static func width(of scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x20000...0x3FFFD:
      return 2
    default: return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }
}
