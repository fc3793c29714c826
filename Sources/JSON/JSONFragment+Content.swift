// SPDX-License-Identifier: Apache-2.0

extension JSONFragment {
  /// Appends the content of a string, escapes resolved; nothing for other kinds.
  package func appendContent(in bytes: Span<UInt8>, to buffer: inout [UInt8]) {
    guard kind == .string else { return }
    var index = start + 1
    while index < end - 1 {
      if bytes[index] != UInt8(ascii: "\\") {
        buffer.append(bytes[index])
        index += 1
      } else {
        let (word, length) = encoded(escape(in: bytes, &index))
        for byte in 0..<length { buffer.append(UInt8(truncatingIfNeeded: word >> (8 * UInt32(byte)))) }
      }
    }
  }

  /// Whether a string's content is this UTF-8. Allocates nothing.
  package func equals(_ content: [UInt8], in bytes: Span<UInt8>) -> Bool { equals(content.span, in: bytes) }

  /// Whether a string's content is this UTF-8. Allocates nothing.
  package func equals(_ content: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
    guard kind == .string else { return false }
    let room = end - start - 2
    if !hasEscapes {
      guard room == content.count else { return false }
      for offset in 0..<room where bytes[start + 1 + offset] != content[offset] { return false }
      return true
    }
    // An escape is never shorter than what it stands for.
    guard room >= content.count else { return false }
    var index = start + 1
    var at = 0
    while index < end - 1 {
      if bytes[index] != UInt8(ascii: "\\") {
        guard at < content.count, content[at] == bytes[index] else { return false }
        index += 1
        at += 1
      } else {
        let (word, length) = encoded(escape(in: bytes, &index))
        guard at + length <= content.count else { return false }
        for byte in 0..<length where content[at + byte] != UInt8(truncatingIfNeeded: word >> (8 * UInt32(byte))) {
          return false
        }
        at += length
      }
    }
    return at == content.count
  }

  /// Characters of a string.
  func scalarCount(in bytes: Span<UInt8>) -> Int {
    guard kind == .string else { return 0 }
    var index = start + 1
    var count = 0
    while index < end - 1 {
      if bytes[index] == UInt8(ascii: "\\") {
        _ = escape(in: bytes, &index)
        count += 1
      } else {
        if bytes[index] & 0xC0 != 0x80 { count += 1 }
        index += 1
      }
    }
    return count
  }

  /// The scalar an escape stands for, two escapes being one pair of surrogates. The text has been validated.
  private func escape(in bytes: Span<UInt8>, _ index: inout Int) -> UInt32 {
    let letter = bytes[index + 1]
    index += 2
    switch letter {
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"): break
    default: return UInt32(letter)
    }
    let unit = codeUnit(in: bytes, at: index)
    index += 4
    guard unit & 0xF800 == 0xD800 else { return unit }
    guard unit < 0xDC00, index + 6 <= end - 1, bytes[index] == UInt8(ascii: "\\"),
      bytes[index + 1] == UInt8(ascii: "u")
    else { return 0xFFFD }
    let low = codeUnit(in: bytes, at: index + 2)
    guard low & 0xFC00 == 0xDC00 else { return 0xFFFD }
    index += 6
    return 0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF)
  }

  private func codeUnit(in bytes: Span<UInt8>, at index: Int) -> UInt32 {
    var value: UInt32 = 0
    for offset in 0..<4 { value = value << 4 | (hexValue(bytes[index + offset]) ?? 0) }
    return value
  }

  /// The scalar's UTF-8, first byte lowest.
  private func encoded(_ scalar: UInt32) -> (word: UInt32, length: Int) {
    switch scalar {
    case 0..<0x80: return (scalar, 1)
    case 0x80..<0x800: return (0x80C0 | scalar >> 6 | (scalar & 0x3F) << 8, 2)
    case 0x800..<0x10000:
      return (0x8080E0 | scalar >> 12 | (scalar >> 6 & 0x3F) << 8 | (scalar & 0x3F) << 16, 3)
    default:
      let high = scalar >> 18 | (scalar >> 12 & 0x3F) << 8
      return (0x8080_80F0 | high | (scalar >> 6 & 0x3F) << 16 | (scalar & 0x3F) << 24, 4)
    }
  }
}
