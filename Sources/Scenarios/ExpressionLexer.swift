// SPDX-License-Identifier: Apache-2.0

/// Cuts an expression into tokens with their places. Linear; never looks back.
struct ExpressionLexer {
  enum Kind: Equatable {
    case number, text, name
    /// An operator or bracket, by its spelling.
    case symbol(String)
    case end
  }

  struct Token {
    var kind: Kind
    /// The spelling; for a text, what stands between its quotes.
    var text: String
    var offset: Int
    var length: Int
    /// No blank stands before it.
    var isGlued: Bool
  }

  private let bytes: [UInt8]
  private var index = 0

  init(_ text: some StringProtocol) {
    bytes = Array(text.utf8)
  }

  /// All tokens, the last one `.end`.
  static func tokens(_ text: some StringProtocol) throws(TemplateMistake) -> [Token] {
    var lexer = ExpressionLexer(text)
    var tokens: [Token] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private mutating func next() throws(TemplateMistake) -> Token {
    let before = index
    while index < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[index]) { index += 1 }
    let start = index
    let isGlued = start == before
    func token(_ kind: Kind, _ text: String) -> Token {
      Token(kind: kind, text: text, offset: start, length: max(1, index - start), isGlued: isGlued)
    }
    guard index < bytes.count else { return token(.end, "") }
    switch bytes[index] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      let quote = bytes[index]
      guard let close = bytes[(index + 1)...].firstIndex(of: quote) else {
        throw TemplateMistake("this text has no closing quote", offset: start, length: bytes.count - start)
      }
      index = close + 1
      return token(.text, String(decoding: bytes[(start + 1)..<close], as: UTF8.self))
    case UInt8(ascii: "0")...UInt8(ascii: "9"):
      takeDigits()
      if index + 1 < bytes.count, bytes[index] == UInt8(ascii: "."), isDigit(bytes[index + 1]) {
        index += 1
        takeDigits()
      }
      return token(.number, String(decoding: bytes[start..<index], as: UTF8.self))
    case let byte where isNameStart(byte):
      while index < bytes.count, isNamePart(at: index) { index += 1 }
      return token(.name, String(decoding: bytes[start..<index], as: UTF8.self))
    default:
      return try symbol()
    }
  }

  private mutating func symbol() throws(TemplateMistake) -> Token {
    let start = index
    for symbol in ["==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "(", ")", ",", ".", "[", "]"]
    where bytes[index...].starts(with: symbol.utf8) {
      index += symbol.utf8.count
      return Token(
        kind: .symbol(symbol), text: symbol, offset: start, length: symbol.utf8.count,
        isGlued: start == 0 || !isBlank(bytes[start - 1]))
    }
    let wordFor = ["&&": "and", "||": "or", "!": "not", "=": "==", "|": nil] as KeyValuePairs<String, String?>
    for (wrong, right) in wordFor where bytes[index...].starts(with: wrong.utf8) {
      throw TemplateMistake(
        right == nil ? "there are no filters: '|' means nothing here" : "'\(wrong)' is not an operator here",
        suggestion: right, offset: start, length: wrong.utf8.count)
    }
    var end = start + 1
    while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
    throw TemplateMistake(
      "'\(String(decoding: bytes[start..<end], as: UTF8.self))' means nothing here", offset: start, length: end - start)
  }

  private mutating func takeDigits() {
    while index < bytes.count, isDigit(bytes[index]) { index += 1 }
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d }
  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private func isNameStart(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || byte >= 0x80 || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a)
  }

  /// A hyphen belongs to a name only between two of its characters.
  private func isNamePart(at place: Int) -> Bool {
    let byte = bytes[place]
    if isNameStart(byte) || isDigit(byte) { return true }
    guard byte == UInt8(ascii: "-"), place + 1 < bytes.count else { return false }
    return isNameStart(bytes[place + 1]) || isDigit(bytes[place + 1])
  }
}
