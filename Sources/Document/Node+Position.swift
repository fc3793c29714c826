// SPDX-License-Identifier: Apache-2.0

extension Node {
  /// Where in the file the byte `offset` of a scalar's text (UTF-8) was written: escapes, doubled quotes, folded lines and
  /// a literal block's indentation are followed back. The node's own place for a `>` block and for collections.
  /// Complexity: O(scalar).
  package func position(atOffset offset: Int) -> Position {
    guard offset > 0, case .scalar = kind else { return contentStart }
    let bytes = position.source.bytes
    switch style {
    case .none:
      return Position(source: position.source, offset: min(position.offset + offset, end))
    case .plain, .singleQuoted, .doubleQuoted:
      var walk = ScalarWalk(bytes: bytes, index: contentStart.offset, end: end, style: style)
      walk.advance(by: offset)
      return Position(source: position.source, offset: min(walk.index, max(position.offset, end - 1)))
    case .literal: return literalPosition(offset)
    case .folded: return position
    }
  }

  private var contentStart: Position {
    let quoted = style == .singleQuoted || style == .doubleQuoted
    if style == .literal { return literalPosition(0) }
    return Position(source: position.source, offset: position.offset + (quoted ? 1 : 0))
  }

  // Line n of the text stands on the n-th line after the `|`, moved right by the block's indentation.
  private func literalPosition(_ offset: Int) -> Position {
    guard let text, !text.isEmpty else { return position }
    var line = 0
    var column = 0
    for byte in text.utf8.prefix(offset) {
      if byte == 0x0A {
        line += 1
        column = 0
      } else {
        column += 1
      }
    }
    let source = position.source
    let first = source.lineIndex(of: position.offset) + 1
    guard first + line < source.lineStarts.count else { return position }
    // The indentation is what the source has in front of the first line that is not blank.
    let texts = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
    guard let known = texts.indices.first(where: { !texts[$0].isEmpty }), first + known < source.lineStarts.count else {
      return position
    }
    let range = source.lineRange(first + known)
    let indentation = max(0, range.count - texts[known].count)
    let target = source.lineRange(first + line)
    return Position(source: source, offset: min(target.lowerBound + indentation + column, target.upperBound))
  }
}

/// Follows a flow scalar's source and its text side by side.
private struct ScalarWalk {
  let bytes: [UInt8]
  var index: Int
  let end: Int
  let style: Node.Style

  /// Moves over source bytes until `count` bytes of text are behind.
  mutating func advance(by count: Int) {
    var left = count
    while left > 0, index < end {
      let byte = bytes[index]
      if style == .doubleQuoted, byte == UInt8(ascii: "\\") {
        left -= escape()
      } else if style == .singleQuoted, byte == UInt8(ascii: "'"), index + 1 < end, bytes[index + 1] == byte {
        index += 2
        left -= 1
      } else if let next = foldEnd() {
        left -= next.produced
        index = next.index
      } else {
        index += 1
        left -= 1
      }
    }
    // An escaped line break stands for nothing: the byte asked for comes after it.
    while index + 1 < end, style == .doubleQuoted, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == 0x0A || bytes[index + 1] == 0x0D
    {
      _ = escape()
    }
  }

  /// Blanks and at least one line break from here: a space, or one newline for each break after the first.
  private func foldEnd() -> (index: Int, produced: Int)? {
    var at = index
    var breaks = 0
    while at < end {
      switch bytes[at] {
      case 0x20, 0x09: at += 1
      case 0x0D where at + 1 < end && bytes[at + 1] == 0x0A:
        at += 2
        breaks += 1
      case 0x0A, 0x0D:
        at += 1
        breaks += 1
      default: return breaks == 0 ? nil : (at, max(1, breaks - 1))
      }
    }
    return breaks == 0 ? nil : (at, max(1, breaks - 1))
  }

  /// Passes an escape; the bytes of text it made.
  private mutating func escape() -> Int {
    guard index + 1 < end else {
      index += 1
      return 1
    }
    let letter = bytes[index + 1]
    index += 2
    let digits: Int
    switch letter {
    case UInt8(ascii: "x"): digits = 2
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "U"): digits = 8
    case UInt8(ascii: "N"), UInt8(ascii: "_"): return 2
    case UInt8(ascii: "L"), UInt8(ascii: "P"): return 3
    case 0x0A, 0x0D:
      if letter == 0x0D, index < end, bytes[index] == 0x0A { index += 1 }
      while index < end, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
      return 0
    default: return 1
    }
    let hex = String(decoding: bytes[index..<min(index + digits, end)], as: UTF8.self)
    index = min(index + digits, end)
    guard let value = UInt32(hex, radix: 16), let scalar = Unicode.Scalar(value) else { return 1 }
    return String(scalar).utf8.count
  }
}
