// SPDX-License-Identifier: Apache-2.0

/// Appends a text as a JSON string literal, quotes included, with the least of escapes: `"`, `\` and control characters.
package func appendJSONString(_ text: String, to buffer: inout [UInt8]) {
  buffer.append(UInt8(ascii: "\""))
  appendJSONEscaped(text, to: &buffer)
  buffer.append(UInt8(ascii: "\""))
}

/// Appends a text escaped for the inside of a JSON string literal, without the quotes.
package func appendJSONEscaped(_ text: String, to buffer: inout [UInt8]) {
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      buffer.append(UInt8(ascii: "\\"))
      buffer.append(byte)
    case 0x0A: append(escape: "n", to: &buffer)
    case 0x0D: append(escape: "r", to: &buffer)
    case 0x09: append(escape: "t", to: &buffer)
    case 0x08: append(escape: "b", to: &buffer)
    case 0x0C: append(escape: "f", to: &buffer)
    case 0..<0x20:
      append(escape: "u", to: &buffer)
      for digit in [0, 0, byte >> 4, byte & 15] { buffer.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
    default: buffer.append(byte)
    }
  }
}

private func append(escape letter: Unicode.Scalar, to buffer: inout [UInt8]) {
  buffer.append(UInt8(ascii: "\\"))
  buffer.append(UInt8(ascii: letter))
}
