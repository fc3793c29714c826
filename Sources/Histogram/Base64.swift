// SPDX-License-Identifier: Apache-2.0

/// Base64 with `+` and `/`, by tables: Foundation is not for this room, and logs are read by the hundred megabytes.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The six bits of each character; 255 for all that are none.
  private static let bits: [UInt8] = {
    var bits = [UInt8](repeating: .max, count: 256)
    for (value, character) in alphabet.enumerated() { bits[Int(character)] = UInt8(value) }
    return bits
  }()

  /// Appends the text of `bytes`, padded.
  static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
    let alphabet = alphabet
    text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
    var position = 0
    while position < bytes.count {
      let left = bytes.count - position
      let second = left > 1 ? bytes[position + 1] : 0
      let third = left > 2 ? bytes[position + 2] : 0
      let group = Int(bytes[position]) << 16 | Int(second) << 8 | Int(third)
      text.append(alphabet[group >> 18])
      text.append(alphabet[group >> 12 & 63])
      text.append(left > 1 ? alphabet[group >> 6 & 63] : UInt8(ascii: "="))
      text.append(left > 2 ? alphabet[group & 63] : UInt8(ascii: "="))
      position += 3
    }
  }

  /// Replaces `bytes` by what the text stands for. Padding may be absent; anything else that is not base64 is an error.
  static func decode(_ text: Span<UInt8>, into bytes: inout [UInt8]) throws(HistogramError) {
    bytes.removeAll(keepingCapacity: true)
    let bits = bits
    var length = text.count
    // Padding completes a group of four, so there are at most two, and never in a text that needs none.
    for _ in 0..<2 where length % 4 != 1 && length > 0 && text[length - 1] == UInt8(ascii: "=") { length -= 1 }
    guard length % 4 != 1 else { throw .invalidBase64(offset: length - 1) }
    bytes.reserveCapacity(length / 4 * 3 + 2)
    var position = 0
    while position + 4 <= length {
      let first = bits[Int(text[position])]
      let second = bits[Int(text[position + 1])]
      let third = bits[Int(text[position + 2])]
      let fourth = bits[Int(text[position + 3])]
      guard first | second | third | fourth < 64 else { throw .invalidBase64(offset: position) }
      bytes.append(first << 2 | second >> 4)
      bytes.append(second << 4 | third >> 2)
      bytes.append(third << 6 | fourth)
      position += 4
    }
    if position < length {
      let first = bits[Int(text[position])]
      let second = bits[Int(text[position + 1])]
      let third = position + 2 < length ? bits[Int(text[position + 2])] : 0
      guard first | second | third < 64 else { throw .invalidBase64(offset: position) }
      bytes.append(first << 2 | second >> 4)
      if position + 2 < length { bytes.append(second << 4 | third >> 2) }
    }
  }
}
