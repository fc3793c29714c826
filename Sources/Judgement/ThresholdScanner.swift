// SPDX-License-Identifier: Apache-2.0

/// Bytes of one threshold and a place in them. Never leaves the text, never splits a character in an error.
struct ThresholdScanner {
  struct Word {
    var text: String
    var span: TextSpan
  }
  struct Number {
    var value: Double
    var span: TextSpan
  }

  let wholeText: String
  private let bytes: [UInt8]
  private(set) var offset = 0

  init(_ text: String) {
    wholeText = text
    bytes = Array(text.utf8)
  }

  var isAtEnd: Bool { offset >= bytes.count }
  var peek: UInt8? { offset < bytes.count ? bytes[offset] : nil }

  static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
  static func isNumberByte(_ byte: UInt8) -> Bool { isDigit(byte) || byte == UInt8(ascii: ".") }
  static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  func text(of span: TextSpan) -> String {
    String(decoding: bytes[span.offset..<span.offset + span.length], as: UTF8.self)
  }

  mutating func skipBlanks() {
    while let byte = peek, Self.isBlank(byte) { offset += 1 }
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  mutating func takeAll(while belongs: (UInt8) -> Bool) -> String {
    let begin = offset
    while let byte = peek, belongs(byte) { offset += 1 }
    return text(of: TextSpan(offset: begin, length: offset - begin))
  }

  /// Everything here that looks like part of a comparison, ≤ and ≥ included.
  mutating func comparisonSigns() -> String {
    let begin = offset
    while let byte = peek {
      if "<>=!".utf8.contains(byte) {
        offset += 1
      } else if bytes[offset...].starts(with: "≤".utf8) || bytes[offset...].starts(with: "≥".utf8) {
        offset += 3
      } else {
        break
      }
    }
    return text(of: TextSpan(offset: begin, length: offset - begin))
  }

  /// Letters, then letters, digits, `_` and `-`; nil when there is no letter here.
  mutating func word() -> Word? {
    guard let word = peekWord() else { return nil }
    offset += word.span.length
    return word
  }

  func peekWord() -> Word? {
    guard let first = peek, Self.isLetter(first) else { return nil }
    var end = offset
    while end < bytes.count, Self.isLetter(bytes[end]) || Self.isDigit(bytes[end]) || bytes[end] == UInt8(ascii: "-") {
      end += 1
    }
    let span = TextSpan(offset: offset, length: end - offset)
    return Word(text: text(of: span), span: span)
  }

  /// A phase or step: up to the next blank, or in double quotes. The span covers the name alone.
  mutating func name(_ what: String) throws(ThresholdError) -> Word {
    let quote = offset
    if take("\"") {
      let begin = offset
      let text = takeAll { $0 != UInt8(ascii: "\"") }
      guard take("\"") else {
        throw ThresholdError(
          span: TextSpan(offset: quote, length: offset - quote), message: "the closing quote is missing")
      }
      let span = TextSpan(offset: begin, length: offset - begin - 1)
      guard !text.isEmpty else {
        throw ThresholdError(span: TextSpan(offset: quote, length: 2), message: "expected \(what)")
      }
      return Word(text: text, span: span)
    }
    let text = takeAll { !Self.isBlank($0) }
    guard !text.isEmpty else { throw missing(what) }
    let span = TextSpan(offset: quote, length: offset - quote)
    guard !text.utf8.contains(where: { $0 == UInt8(ascii: "@") || $0 == UInt8(ascii: "\"") }) else {
      throw ThresholdError(span: span, message: "a name with @ or quotes in it stands in double quotes")
    }
    return Word(text: text, span: span)
  }

  /// An unsigned decimal number with an optional exponent; nil when there is none here.
  mutating func number() throws(ThresholdError) -> Number? {
    guard let first = peek, Self.isNumberByte(first) else { return nil }
    let begin = offset
    _ = takeAll(while: Self.isNumberByte)
    takeExponent()
    let span = TextSpan(offset: begin, length: offset - begin)
    if peek == UInt8(ascii: ",") { throw comma(after: begin) }
    let written = text(of: span)
    guard written.last != ".", written.first != ".", let value = Double(written), value.isFinite else {
      throw ThresholdError(span: span, message: "\(written) is no number")
    }
    return Number(value: value, span: span)
  }

  private mutating func takeExponent() {
    guard let letter = peek, letter | 0x20 == UInt8(ascii: "e") else { return }
    var end = offset + 1
    if end < bytes.count, bytes[end] == UInt8(ascii: "+") || bytes[end] == UInt8(ascii: "-") { end += 1 }
    guard end < bytes.count, Self.isDigit(bytes[end]) else { return }
    while end < bytes.count, Self.isDigit(bytes[end]) { end += 1 }
    offset = end
  }

  private mutating func comma(after begin: Int) -> ThresholdError {
    let written = takeAll { Self.isNumberByte($0) || $0 == UInt8(ascii: ",") }
    let span = TextSpan(offset: begin, length: offset - begin)
    let parts = text(of: span).split(separator: ",", omittingEmptySubsequences: false)
    let isGrouped = parts.count > 1 && parts.dropFirst().allSatisfy { $0.count == 3 } && parts[0] != "0"
    let meant: String? =
      isGrouped ? parts.joined() : parts.count == 2 && !written.hasSuffix(",") ? parts.joined(separator: ".") : nil
    return ThresholdError(
      span: span, message: "numbers are written with a decimal point and without separators", suggestion: meant)
  }

  /// Whether a unit follows the number just read.
  var hasUnit: Bool {
    var copy = self
    return copy.unit() != nil
  }

  /// Whether the number just read is in percent.
  var hasPercent: Bool {
    var copy = self
    return copy.unit()?.text == "%"
  }

  /// What stands right behind a number, or after one blank when it is a known unit: letters, `%`, or `/` with letters.
  mutating func unit() -> Word? {
    let before = offset
    while peek == 0x20 { offset += 1 }
    let isApart = offset > before
    let begin = offset
    if !take("%") {
      _ = take("/")
      _ = takeAll { Self.isLetter($0) || $0 >= 0x80 }
    }
    let span = TextSpan(offset: begin, length: offset - begin)
    let written = text(of: span)
    guard !written.isEmpty, !isApart || ThresholdWords.isUnit(written) else {
      offset = before
      return nil
    }
    return Word(text: written, span: span)
  }

  // MARK: Errors

  /// Something has to stand here and nothing does.
  func missing(_ what: String, suggestion: String? = nil, bare: Bool = false) -> ThresholdError {
    ThresholdError(
      span: TextSpan(offset: offset, length: 0), message: bare ? what : "expected \(what)", suggestion: suggestion)
  }

  /// Something else stands here: points at all of it, up to the next blank.
  func unexpected(_ what: String) -> ThresholdError {
    var copy = self
    let found = copy.takeAll { !Self.isBlank($0) }
    return ThresholdError(
      span: TextSpan(offset: offset, length: found.utf8.count),
      message: found.isEmpty ? "expected \(what)" : "expected \(what), found \(found)")
  }
}
