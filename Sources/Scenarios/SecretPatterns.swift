// SPDX-License-Identifier: Apache-2.0

/// The spellings of known secrets, looked for in one pass over a text.
struct SecretPatterns: Sendable {
  /// By first byte, longest first: a secret that begins like another one must not leave the other's tail behind.
  private var byFirstByte: [[[UInt8]]] = Array(repeating: [], count: 256)
  private var words: [[UInt8]] = []

  static let shortest = 4

  mutating func add(_ secret: [UInt8]) {
    guard secret.count >= Self.shortest else {
      if !words.contains(secret) { words.append(secret) }
      return
    }
    for spelling in Self.spellings(of: secret) where spelling.count >= Self.shortest { insert(spelling) }
  }

  private mutating func insert(_ spelling: [UInt8]) {
    let first = Int(spelling[0])
    guard !byFirstByte[first].contains(spelling) else { return }
    let place = byFirstByte[first].firstIndex { $0.count < spelling.count } ?? byFirstByte[first].count
    byFirstByte[first].insert(spelling, at: place)
  }

  static func spellings(of secret: [UInt8]) -> [[UInt8]] {
    var percent: [UInt8] = []
    appendPercentEncoded(secret, to: &percent)
    var form: [UInt8] = []
    appendFormEncoded(secret, to: &form)
    var link: [UInt8] = []
    appendLink(secret, to: &link)
    var json: [UInt8] = []
    appendJSONEscaped(secret, to: &json)
    var hex: [UInt8] = []
    appendHex(secret, to: &hex)
    // JSON may also escape the slash, and text already escaped may be put into JSON once more.
    var slashed: [UInt8] = []
    for byte in json { slashed += byte == UInt8(ascii: "/") ? [0x5c, byte] : [byte] }
    var twice: [UInt8] = []
    appendJSONEscaped(json, to: &twice)
    var all = [
      secret, percent, lowerDigits(percent), form, lowerDigits(form), link, lowerDigits(link), json, slashed, twice,
    ]
    all += [hex, hex.map { $0 >= 0x61 ? $0 - 0x20 : $0 }]
    all += asciiJSON(json) + html(secret)
    for spelling in base64Cores(of: secret) {
      all.append(spelling)
      all.append(
        spelling.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 })
      var percent: [UInt8] = []
      appendPercentEncoded(spelling, to: &percent)
      all.append(percent)
    }
    return all
  }

  /// JSON in ASCII only, as many libraries write it: `\u00e9`, in either case, the slash escaped or not, and once more
  /// inside a JSON text. Nothing for what is ASCII anyway.
  private static func asciiJSON(_ json: [UInt8]) -> [[UInt8]] {
    guard json.contains(where: { $0 >= 0x80 }) else { return [] }
    return [false, true].flatMap { isUpper in
      var text = ""
      for unit in String(decoding: json, as: UTF8.self).utf16 {
        if unit < 0x80, let scalar = Unicode.Scalar(unit) {
          text.unicodeScalars.append(scalar)
        } else {
          let digits = String(unit, radix: 16, uppercase: isUpper)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      }
      var twice: [UInt8] = []
      appendJSONEscaped(Array(text.utf8), to: &twice)
      let slashed = text.utf8.flatMap { $0 == UInt8(ascii: "/") ? [0x5c, $0] : [$0] }
      return [Array(text.utf8), slashed, twice]
    }
  }

  /// As on an error page, with the names and numbers that are in use for quotes. Nothing for what needs none.
  private static func html(_ secret: [UInt8]) -> [[UInt8]] {
    [("&quot;", "&#39;"), ("&quot;", "&#x27;"), ("&#34;", "&#39;"), ("&quot;", "'"), ("\"", "'")].map {
      double, single in
      secret.flatMap { byte -> [UInt8] in
        switch byte {
        case UInt8(ascii: "&"): Array("&amp;".utf8)
        case UInt8(ascii: "<"): Array("&lt;".utf8)
        case UInt8(ascii: ">"): Array("&gt;".utf8)
        case UInt8(ascii: "\""): Array(double.utf8)
        case UInt8(ascii: "'"): Array(single.utf8)
        default: [byte]
        }
      }
    }
  }

  /// %2F as %2f.
  private static func lowerDigits(_ text: [UInt8]) -> [UInt8] {
    var lower = text
    for index in text.indices where text[index] == UInt8(ascii: "%") {
      for digit in [index + 1, index + 2] where digit < text.count && lower[digit] >= 0x41 && lower[digit] <= 0x46 {
        lower[digit] += 0x20
      }
    }
    return lower
  }

  /// The characters of base64 that the secret alone decides, for each of the three places it can begin at inside the
  /// encoded bytes. Characters that share bits with a neighbour are left out.
  static func base64Cores(of secret: [UInt8]) -> [[UInt8]] {
    (0..<3).map { shift in
      var encoded: [UInt8] = []
      appendBase64([UInt8](repeating: 0, count: shift) + secret, to: &encoded)
      // 8 x shift bits come before the secret; the first character wholly inside it begins at the next multiple of 6.
      let first = (8 * shift + 5) / 6
      let last = 8 * (shift + secret.count) / 6
      return Array(encoded[first..<last])
    }
  }

  // MARK: removing

  func remove(from bytes: inout [UInt8], mark: [UInt8]) {
    var out: [UInt8] = []
    var copied = 0
    var index = 0
    while index < bytes.count {
      guard let length = match(bytes, at: index) else {
        index += 1
        continue
      }
      out.append(contentsOf: bytes[copied..<index])
      out.append(contentsOf: mark)
      index += length
      copied = index
    }
    guard copied > 0 else { return }
    out.append(contentsOf: bytes[copied...])
    bytes = out
  }

  private func match(_ bytes: [UInt8], at index: Int) -> Int? {
    for pattern in byFirstByte[Int(bytes[index])] where bytes[index...].starts(with: pattern) { return pattern.count }
    for word in words where bytes[index] == word[0] && bytes[index...].starts(with: word) {
      let end = index + word.count
      if (index == 0 || !Self.isWordByte(bytes[index - 1])) && (end == bytes.count || !Self.isWordByte(bytes[end])) {
        return word.count
      }
    }
    return nil
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) || byte == 0x5f || byte >= 0x80
  }
}
