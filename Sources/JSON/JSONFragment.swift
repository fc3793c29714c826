// SPDX-License-Identifier: Apache-2.0

/// The kinds of JSON value.
package enum JSONValueKind: UInt8, Sendable {
  case null, bool, number, string, array, object
}

/// One value in a JSON text: its kind and place. Plain data; questions about its content take the bytes it was found in,
/// and other bytes give senseless answers (or a trap, when they are too short), never memory of somebody else.
package struct JSONFragment: Sendable, Equatable {
  package internal(set) var kind: JSONValueKind
  var start: Int
  var end: Int
  var children = 0
  var hasEscapes = false
  /// A size (`$.list.length`): `range` is then the array or string measured.
  var isLength = false

  /// The bytes of the value as it stands in the text, quotes or brackets included.
  package var range: Range<Int> { start..<end }

  /// Whether it is `null`.
  package var isNull: Bool { kind == .null }

  /// The value as it stands in the text: `"a\n"`, `1.0`, `[1, 2]`.
  package func raw(in bytes: Span<UInt8>) -> String {
    isLength ? String(children) : makeString(bytes, range)
  }

  /// The content of a string, escapes resolved (lone surrogates become U+FFFD); of anything else its `raw` text: what a
  /// captured variable holds.
  package func string(in bytes: Span<UInt8>) -> String {
    guard kind == .string else { return raw(in: bytes) }
    guard hasEscapes else { return makeString(bytes, start + 1..<end - 1) }
    var content: [UInt8] = []
    content.reserveCapacity(end - start)
    appendContent(in: bytes, to: &content)
    return String(decoding: content, as: UTF8.self)
  }

  /// The number, rounded to the nearest double (infinite when it is beyond); nil for other kinds.
  package func number(in bytes: Span<UInt8>) -> Double? {
    guard kind == .number else { return nil }
    return isLength ? Double(children) : Double(raw(in: bytes))
  }

  /// The number when it is whole, written without fraction or exponent, and fits; nil otherwise.
  package func integer(in bytes: Span<UInt8>) -> Int64? {
    guard kind == .number else { return nil }
    return isLength ? Int64(children) : Int64(raw(in: bytes))
  }

  /// The boolean; nil for other kinds.
  package func bool(in bytes: Span<UInt8>) -> Bool? {
    kind == .bool ? bytes[start] == UInt8(ascii: "t") : nil
  }

  /// Elements of an array, members of an object, characters (Unicode scalars) of a string; nil for other kinds.
  package func count(in bytes: Span<UInt8>) -> Int? {
    switch kind {
    case .array, .object: children
    case .string: scalarCount(in: bytes)
    case .null, .bool, .number: nil
    }
  }

  /// Whether there is nothing in it: null, `""`, `[]`, `{}`. A number or boolean is never empty.
  package var isEmpty: Bool {
    switch kind {
    case .null: true
    case .array, .object: children == 0
    case .string: end - start == 2
    case .bool, .number: false
    }
  }

  private func makeString(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
    bytes.extracting(range).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
  }
}
