// SPDX-License-Identifier: Apache-2.0

/// What a variable holds: a kind and the bytes to send, kept apart so that a value taken from JSON goes back into JSON
/// as the type it came with. The bytes of a text are its characters (UTF-8, not escaped); of a number, boolean, list or
/// object the JSON text as it was read. Reusing a `Value` reuses its buffer.
package struct Value: Sendable, Equatable {
  package enum Kind: UInt8, Sendable {
    /// Nothing was stored yet.
    case absent
    case null, boolean, number, text
    /// A JSON list or object, kept as its text.
    case list, object
  }

  package var kind: Kind = .absent
  package var bytes: [UInt8] = []

  package init() {}

  package init(kind: Kind, bytes: [UInt8]) {
    self.kind = kind
    self.bytes = bytes
  }

  package init(text: String) {
    self.init(kind: .text, bytes: Array(text.utf8))
  }

  package init(integer: Int) {
    self.init(kind: .number, bytes: Array(String(integer).utf8))
  }

  package init(boolean: Bool) {
    self.init(kind: .boolean, bytes: Array((boolean ? "true" : "false").utf8))
  }

  /// The bytes as text; invalid UTF-8 is repaired.
  package var string: String { String(decoding: bytes, as: UTF8.self) }

  /// The number this value is, or the number its text spells; nil when it is neither.
  var number: Double? {
    switch kind {
    case .number: Double(string)
    case .text: bytes.isEmpty ? nil : Self.parsedNumber(string)
    default: nil
    }
  }

  /// Truth for `when`: absent, null, false, 0, empty text, `[]` and `{}` are false.
  var isTrue: Bool {
    switch kind {
    case .absent, .null: false
    case .boolean: bytes.first == UInt8(ascii: "t")
    case .number: (Double(string) ?? 0) != 0
    case .text: !bytes.isEmpty
    case .list, .object:
      bytes.contains { $0 != 0x20 && $0 != 0x0a && $0 != 0x0d && $0 != 0x09 && !Self.brackets.contains($0) }
    }
  }

  private static let brackets: [UInt8] = Array("[]{}".utf8)

  mutating func clear() {
    kind = .absent
    bytes.removeAll(keepingCapacity: true)
  }

  mutating func set(_ kind: Kind, _ source: some Sequence<UInt8>) {
    self.kind = kind
    bytes.removeAll(keepingCapacity: true)
    bytes.append(contentsOf: source)
  }

  mutating func set(_ other: Value) {
    set(other.kind, other.bytes)
  }

  mutating func set(number: Double) {
    kind = .number
    bytes.removeAll(keepingCapacity: true)
    if number == number.rounded(), abs(number) < 9e15 {
      appendDecimal(Int(number), to: &bytes)
    } else {
      bytes.append(contentsOf: number.description.utf8)
    }
  }

  mutating func set(boolean: Bool) {
    set(.boolean, (boolean ? "true" : "false").utf8)
  }

  /// Equal in kind and content; numbers by value, so that 2 and 2.0 are equal.
  package static func == (left: Value, right: Value) -> Bool {
    guard left.kind == right.kind else { return false }
    if left.bytes == right.bytes { return true }
    return left.kind == .number && Double(left.string) == Double(right.string)
  }

  /// Strict decimal notation: what `Double(_:)` takes without "inf", "nan" and hexadecimal.
  static func parsedNumber(_ text: String) -> Double? {
    guard text.utf8.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || "+-.eE".utf8.contains($0) }) else { return nil }
    return Double(text)
  }
}

/// Appends an integer in decimal without building a String.
func appendDecimal(_ value: Int, to bytes: inout [UInt8]) {
  if value < 0 { bytes.append(UInt8(ascii: "-")) }
  var magnitude = value.magnitude
  let start = bytes.count
  repeat {
    bytes.append(0x30 + UInt8(magnitude % 10))
    magnitude /= 10
  } while magnitude > 0
  bytes[start...].reverse()
}

/// Appends an integer in decimal, padded with zeros to `width`.
func appendPadded(_ value: Int, width: Int, to bytes: inout [UInt8]) {
  let start = bytes.count
  appendDecimal(value, to: &bytes)
  let missing = width - (bytes.count - start)
  if missing > 0 { bytes.insert(contentsOf: repeatElement(0x30, count: missing), at: start) }
}
