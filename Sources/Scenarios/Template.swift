// SPDX-License-Identifier: Apache-2.0

/// A text with `{{ ... }}` in it, compiled once: constants are encoded and joined, names are slots.
struct Template: Sendable, Equatable {
  enum Segment: Sendable, Equatable {
    case constant([UInt8])
    case insertion(Expression, Encoding)
  }

  private(set) var segments: [Segment] = []

  init() {}

  /// What the text is made of, before it is known where it goes.
  enum Part: Equatable {
    case text(String)
    case expression(Expression)
  }

  /// Splits a text at its templates and compiles them. A literal `{{` is written `{{ '{{' }}`.
  static func parts(of text: String, scope: inout Scope) throws(TemplateMistake) -> [Part] {
    let bytes = Array(text.utf8)
    var parts: [Part] = []
    var constantStart = 0
    var index = 0
    while index < bytes.count {
      guard isPair(UInt8(ascii: "{"), bytes, at: index) else {
        index += 1
        continue
      }
      if constantStart < index { parts.append(.text(String(decoding: bytes[constantStart..<index], as: UTF8.self))) }
      guard let end = closing(bytes, from: index + 2) else {
        throw TemplateMistake("this '{{' is not closed by '}}'", offset: index, length: 2)
      }
      let inner = String(decoding: bytes[(index + 2)..<end], as: UTF8.self)
      do {
        parts.append(.expression(try ExpressionParser.parse(inner, scope: &scope)))
      } catch {
        throw error.shifted(by: index + 2)
      }
      index = end + 2
      constantStart = index
    }
    if constantStart < bytes.count {
      parts.append(.text(String(decoding: bytes[constantStart...], as: UTF8.self)))
    }
    return parts
  }

  private static func isPair(_ byte: UInt8, _ bytes: [UInt8], at index: Int) -> Bool {
    index + 1 < bytes.count && bytes[index] == byte && bytes[index + 1] == byte
  }

  /// The `}}` that is not inside a quoted text.
  private static func closing(_ bytes: [UInt8], from start: Int) -> Int? {
    var quote: UInt8?
    for index in start..<max(start, bytes.count) {
      if let open = quote {
        if bytes[index] == open { quote = nil }
      } else if bytes[index] == UInt8(ascii: "'") || bytes[index] == UInt8(ascii: "\"") {
        quote = bytes[index]
      } else if isPair(UInt8(ascii: "}"), bytes, at: index) {
        return index
      }
    }
    return nil
  }

  // MARK: building

  /// Adds bytes that are sent as they are; joined with the constant before.
  mutating func append(constant: some Sequence<UInt8>) {
    if case .constant(var bytes)? = segments.last {
      segments.removeLast()
      bytes.append(contentsOf: constant)
      segments.append(.constant(bytes))
    } else {
      let bytes = Array(constant)
      if !bytes.isEmpty { segments.append(.constant(bytes)) }
    }
  }

  /// Adds a value to come; a literal becomes constant bytes at once. False: a literal that no header may hold.
  mutating func append(_ expression: Expression, as encoding: Encoding) -> Bool {
    guard case .literal(let value) = expression else {
      segments.append(.insertion(expression, encoding))
      return true
    }
    var bytes: [UInt8] = []
    let fits = Scenarios.append(value.kind, value.bytes, as: encoding, to: &bytes)
    append(constant: bytes)
    return fits
  }

  mutating func append(_ other: Template) {
    for segment in other.segments {
      switch segment {
      case .constant(let bytes): append(constant: bytes)
      case .insertion: segments.append(segment)
      }
    }
  }

  // MARK: asking

  /// The bytes when nothing has to be filled in.
  var constant: [UInt8]? {
    switch segments.first {
    case nil: []
    case .constant(let bytes) where segments.count == 1: bytes
    default: nil
    }
  }

  func collectSlots(into slots: inout Set<Int>) {
    for case .insertion(let expression, _) in segments { expression.collectSlots(into: &slots) }
  }
}
