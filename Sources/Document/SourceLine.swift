// SPDX-License-Identifier: Apache-2.0

/// A line of YAML looked at roughly, to explain a syntax error: `  - key: value  # comment`. Offsets into the source.
struct SourceLine {
  let source: Source
  let index: Int
  let range: Range<Int>
  /// The first byte that is neither space nor tab.
  var contentStart: Int
  /// Whether the content begins with `- `.
  var hasDash = false
  /// The key up to its `: `, dashes passed.
  var key: Range<Int>?
  /// What follows the key's `: ` (or the dash), comment and blanks at the end left out; nil when there is nothing.
  var value: Range<Int>?

  init(of offset: Int, in source: Source) { self.init(source.lineIndex(of: offset), in: source) }

  init(_ index: Int, in source: Source) {
    self.source = source
    self.index = index
    range = source.lineRange(index)
    let bytes = source.bytes
    var at = range.lowerBound
    let end = range.upperBound
    func skipBlanks() { while at < end, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 } }
    skipBlanks()
    contentStart = at
    while at + 1 < end, bytes[at] == UInt8(ascii: "-"), bytes[at + 1] == 0x20 {
      hasDash = true
      at += 1
      skipBlanks()
    }
    let start = at
    at = Self.passQuoted(bytes, at, end) ?? at
    while at < end {
      if bytes[at] == UInt8(ascii: ":"), at + 1 == end || bytes[at + 1] == 0x20 || bytes[at + 1] == 0x09 {
        key = start..<at
        at += 1
        skipBlanks()
        break
      }
      at += 1
    }
    if key == nil {
      guard hasDash else { return }
      at = start
    }
    let last = Self.trimmedEnd(bytes, at, end)
    if at < last { value = at..<last }
  }

  /// The text without the line's comment.
  var valueText: String? { value.map { source.text($0) } }

  /// Spaces and tabs in front.
  var indentation: Range<Int> { range.lowerBound..<contentStart }

  var isBlank: Bool { contentStart == range.upperBound || source.bytes[contentStart] == UInt8(ascii: "#") }

  /// The nearest line above that holds something.
  var above: SourceLine? {
    var line = index - 1
    while line >= 0 {
      let candidate = SourceLine(line, in: source)
      if !candidate.isBlank { return candidate }
      line -= 1
    }
    return nil
  }

  /// `get:/x`: where the space is missing, and the key.
  var missingSpace: (colon: Int, key: String)? {
    let bytes = source.bytes
    var at = contentStart
    while hasDash, at < range.upperBound, bytes[at] == UInt8(ascii: "-") || bytes[at] == 0x20 { at += 1 }
    let start = at
    while at < range.upperBound, bytes[at] > 0x20, bytes[at] != UInt8(ascii: ":") { at += 1 }
    guard at > start, at + 1 < range.upperBound, bytes[at] == UInt8(ascii: ":"), bytes[at + 1] > 0x20 else {
      return nil
    }
    return (at, source.text(start..<at))
  }

  /// Offset behind the quoted text that begins here; nil when none does or it does not end on the line.
  static func passQuoted(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
    guard start < end, bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") else { return nil }
    let quote = bytes[start]
    var at = start + 1
    while at < end {
      if bytes[at] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        at += 2
      } else if bytes[at] == quote {
        if quote == UInt8(ascii: "'"), at + 1 < end, bytes[at + 1] == quote {
          at += 2
        } else {
          return at + 1
        }
      } else {
        at += 1
      }
    }
    return nil
  }

  /// The end without comment and blanks.
  static func trimmedEnd(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
    var at = passQuoted(bytes, start, end) ?? start
    var last = end
    while at < end {
      let isBlankBefore = at == start || bytes[at - 1] == 0x20 || bytes[at - 1] == 0x09
      if bytes[at] == UInt8(ascii: "#"), isBlankBefore {
        last = at
        break
      }
      at += 1
    }
    while last > start, bytes[last - 1] == 0x20 || bytes[last - 1] == 0x09 { last -= 1 }
    return last
  }
}

/// The text in the quotes that suit it: double ones, single ones where it holds a double quote or a backslash.
func quoted(_ text: String) -> String {
  guard text.contains("\"") || text.contains("\\") else { return "\"\(text)\"" }
  return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
}
