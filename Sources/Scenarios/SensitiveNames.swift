// SPDX-License-Identifier: Apache-2.0

/// Finds values by the name that stands before them, in header lines, JSON, query strings and forms, and removes them.
/// It reads text, not a format, since what is shown is often an excerpt: rather too much is removed than too little.
enum SensitiveNames {
  /// Header lines: everything to the end of the line goes.
  private static let lines = ["authorization", "proxyauthorization", "cookie", "setcookie"]
  /// Anything whose name holds one of these.
  private static let fragments = [
    "token", "password", "passwd", "passphrase", "secret", "apikey", "authorization", "credential", "privatekey",
    "accesskey", "sessionid", "clientkey",
  ]

  /// Whether a header, field or parameter of that name may hold a secret. Case, hyphens, dots and underscores are
  /// ignored.
  static func isSensitive(_ name: some StringProtocol) -> Bool {
    let folded = Self.folded(name.utf8)
    return lines.contains(folded) || fragments.contains { folded.contains($0) }
  }

  private static func folded(_ name: some Sequence<UInt8>) -> String {
    String(
      decoding: name.filter { $0 != 0x2d && $0 != 0x5f && $0 != 0x2e }.map { isLetter($0) ? $0 | 0x20 : $0 },
      as: UTF8.self)
  }

  static func removeValues(from bytes: inout [UInt8], mark: [UInt8]) {
    var out: [UInt8] = []
    var copied = 0
    var index = 0
    while index < bytes.count {
      guard isNameByte(bytes[index]) else {
        index += 1
        continue
      }
      var start = index
      while index < bytes.count, isNameByte(bytes[index]) { index += 1 }
      // Inside a JSON string a line break is written \r\n: its letter is no part of the name that follows.
      let isEscaped = start > 0 && bytes[start - 1] == 0x5c && [0x6e, 0x72, 0x74].contains(bytes[start])
      if isEscaped { start += 1 }
      // Cheap before exact: every sensitive name has at least five letters.
      guard index - start >= 5, index - start <= 128 else { continue }
      let name = folded(bytes[start..<index])
      let isLine = lines.contains(name)
      guard isLine || fragments.contains(where: { name.contains($0) }) else { continue }
      let isInString = isEscaped || (start > 0 && bytes[start - 1] == 0x22)
      guard let (value, isBareJSON) = valueRange(bytes, after: index, isLine, isInString), !value.isEmpty else {
        continue
      }
      out.append(contentsOf: bytes[copied..<value.lowerBound])
      if isBareJSON { out.append(0x22) }
      out.append(contentsOf: mark)
      if isBareJSON { out.append(0x22) }
      copied = value.upperBound
      index = value.upperBound
    }
    guard copied > 0 else { return }
    out.append(contentsOf: bytes[copied...])
    bytes = out
  }

  /// Where the value begins and ends, and whether it is a JSON value without quotes, which has to be replaced by one with
  /// quotes to stay JSON.
  private static func valueRange(_ bytes: [UInt8], after nameEnd: Int, _ isLine: Bool, _ isInString: Bool)
    -> (Range<Int>, Bool)?
  {
    var index = nameEnd
    func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }
    // The quote that closes the name; inside a JSON string it comes with backslashes.
    var slashes = 0
    while byte(index) == 0x5c {
      slashes += 1
      index += 1
    }
    let isQuoted = byte(index) == 0x22 || byte(index) == 0x27
    if isQuoted { index += 1 } else if slashes > 0 { return nil }
    while byte(index) == 0x20 || byte(index) == 0x09 { index += 1 }
    let separator = byte(index)
    guard separator == UInt8(ascii: ":") || separator == UInt8(ascii: "=") else { return nil }
    index += 1
    while byte(index) == 0x20 || byte(index) == 0x09 || (isQuoted && (byte(index) == 0x0a || byte(index) == 0x0d)) {
      index += 1
    }
    if isLine, !isQuoted { return (index..<lineEnd(bytes, from: index, isInString), false) }
    var opening = index
    while byte(opening) == 0x5c { opening += 1 }
    if byte(opening) == 0x22 || byte(opening) == 0x27 {
      return (
        opening + 1..<closingQuote(bytes, from: opening + 1, quote: byte(opening), slashes: opening - index), false
      )
    }
    if isQuoted, byte(index) == UInt8(ascii: "{") || byte(index) == UInt8(ascii: "[") {
      return (index..<closingBracket(bytes, from: index), true)
    }
    let start = index
    if separator == UInt8(ascii: ":"), !isQuoted {
      // Prose or a header line: up to ", " or the end of the line.
      let end = lineEnd(bytes, from: index, isInString)
      while index < end, !(bytes[index] == UInt8(ascii: ",") && byte(index + 1) == 0x20) { index += 1 }
      return (start..<index, false)
    }
    let stops: [UInt8] = isQuoted ? Array(",}] \t\r\n".utf8) : Array("&;,\"' \t\r\n<>)\\".utf8)
    while index < bytes.count, !stops.contains(bytes[index]) { index += 1 }
    return (start..<index, isQuoted && slashes == 0)
  }

  /// Where a line ends; inside a JSON string also at an escaped line break, and at the quote that ends the string.
  private static func lineEnd(_ bytes: [UInt8], from start: Int, _ isInString: Bool) -> Int {
    var index = start
    while index < bytes.count, bytes[index] != 0x0a, bytes[index] != 0x0d {
      if isInString {
        if bytes[index] == 0x22 { return index }
        if bytes[index] == 0x5c {
          if index + 1 < bytes.count, bytes[index + 1] == 0x6e || bytes[index + 1] == 0x72 { return index }
          index += 1
        }
      }
      index += 1
    }
    return min(index, bytes.count)
  }

  /// The quote that closes a value whose opening quote had `slashes` backslashes before it: one with as many.
  private static func closingQuote(_ bytes: [UInt8], from start: Int, quote: UInt8, slashes: Int) -> Int {
    var index = start
    var run = 0
    while index < bytes.count {
      if bytes[index] == 0x5c {
        run += 1
      } else {
        if bytes[index] == quote, run <= slashes || (slashes == 0 && run % 2 == 0) { return index - min(run, slashes) }
        run = 0
      }
      index += 1
    }
    return bytes.count
  }

  private static func closingBracket(_ bytes: [UInt8], from start: Int) -> Int {
    var depth = 0
    var isText = false
    var index = start
    while index < bytes.count {
      switch bytes[index] {
      case 0x5c where isText: index += 1
      case 0x22: isText.toggle()
      case UInt8(ascii: "{") where !isText, UInt8(ascii: "[") where !isText: depth += 1
      case UInt8(ascii: "}") where !isText, UInt8(ascii: "]") where !isText:
        depth -= 1
        if depth == 0 { return index + 1 }
      default: break
      }
      index += 1
    }
    return bytes.count
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || (byte >= 0x30 && byte <= 0x39) || byte == 0x2d || byte == 0x5f || byte == 0x2e
  }
}
