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

  /// Writes what the text stands for to the beginning of `bytes`, which only ever grows, and returns its length.
  /// Padding may be absent; anything else that is not base64 is an error.
  static func decode(_ text: Span<UInt8>, into bytes: inout [UInt8]) throws(HistogramError) -> Int {
    let bits = bits
    var length = text.count
    // Padding completes a group of four, so there are at most two, and never in a text that needs none.
    if length % 4 == 0 {
      for _ in 0..<2 where length > 0 && text[length - 1] == UInt8(ascii: "=") { length -= 1 }
    }
    guard length % 4 != 1 else { throw .invalidBase64(offset: length - 1) }
    // Whole groups of three bytes, so that the last one needs no code of its own but for its length.
    let capacity = (length + 3) / 4 * 3
    if bytes.count < capacity { bytes.append(contentsOf: repeatElement(0, count: capacity - bytes.count)) }
    var target = bytes.mutableSpan
    var written = 0
    for position in stride(from: 0, to: length, by: 4) {
      let first = bits[Int(text[position])]
      let second = bits[Int(text[position + 1])]
      let third = position + 2 < length ? bits[Int(text[position + 2])] : 0
      let fourth = position + 3 < length ? bits[Int(text[position + 3])] : 0
      guard first | second | third | fourth < 64 else {
        let wrong = [first, second, third, fourth].firstIndex { $0 >= 64 } ?? 0
        throw .invalidBase64(offset: position + wrong)
      }
      target[written] = first << 2 | second >> 4
      target[written + 1] = second << 4 | third >> 2
      target[written + 2] = third << 6 | fourth
      written += 3
    }
    return length / 4 * 3 + max(length % 4 - 1, 0)
  }
}
