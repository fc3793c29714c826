// SPDX-License-Identifier: Apache-2.0

/// A value to compare with: what an expectation wants to find.
package struct JSONScalar: Sendable, Equatable {
  private let kind: JSONValueKind
  private let content: [UInt8]

  /// `null`.
  package static let null = JSONScalar(kind: .null, content: [])

  /// A boolean.
  package static func bool(_ value: Bool) -> JSONScalar { JSONScalar(kind: .bool, content: [value ? 1 : 0]) }

  /// A number as JSON writes it, of any size; nil when the text is none.
  package static func number(_ text: String) -> JSONScalar? {
    let content = Array(text.utf8)
    return isJSONNumber(content.span) ? JSONScalar(kind: .number, content: content) : nil
  }

  /// Text.
  package static func string(_ text: String) -> JSONScalar { JSONScalar(kind: .string, content: Array(text.utf8)) }

  /// Whether the fragment has this value: numbers by value (1, 1.0 and 10e-1 are equal, exactly, of any size), strings by
  /// content, and never across kinds. Allocates nothing.
  package func matches(_ fragment: JSONFragment, in bytes: Span<UInt8>) -> Bool {
    guard kind == fragment.kind else { return false }
    switch kind {
    case .null: return true
    case .bool: return fragment.bool(in: bytes) == (content[0] == 1)
    case .string: return fragment.equals(content.span, in: bytes)
    case .number:
      if fragment.isLength {
        let length = Array(String(fragment.children).utf8)
        return equalNumbers(length.span, content.span)
      }
      return equalNumbers(bytes.extracting(fragment.range), content.span)
    case .array, .object: return false
    }
  }
}

/// Whether the whole text is one JSON number.
package func isJSONNumber(_ text: Span<UInt8>) -> Bool {
  guard text.count > 0, text[0] == UInt8(ascii: "-") || text[0] &- 0x30 < 10 else { return false }
  var index = 0
  do throws(JSONError) { try skipNumber(text, &index) } catch { return false }
  return index == text.count
}

/// Whether two JSON numbers are the same number, without rounding. Both must be valid. Complexity: O(digits).
package func equalNumbers(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  guard let one = Significand(left), let other = Significand(right) else {
    // An exponent beyond all reason: equal only when written alike.
    guard left.count == right.count else { return false }
    for index in 0..<left.count where left[index] != right[index] { return false }
    return true
  }
  if one.isZero || other.isZero { return one.isZero && other.isZero }
  guard one.isNegative == other.isNegative, one.exponent == other.exponent else { return false }
  var first = one.first
  var second = other.first
  while first <= one.last, second <= other.last {
    if left[first] == UInt8(ascii: ".") { first += 1 }
    if right[second] == UInt8(ascii: ".") { second += 1 }
    guard left[first] == right[second] else { return false }
    first += 1
    second += 1
  }
  return first > one.last && second > other.last
}

/// A number as digits, from the first to the last that is not 0, times a power of ten.
private struct Significand {
  var isNegative = false
  var isZero = true
  /// Offsets of the outermost digits that are not 0.
  var first = 0
  var last = 0
  /// The power of ten the last of them counts.
  var exponent = 0

  init?(_ text: Span<UInt8>) {
    var index = 0
    if text[0] == UInt8(ascii: "-") {
      isNegative = true
      index = 1
    }
    var point: Int?
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: ".") {
        point = index
      } else if byte &- 0x30 < 10 {
        if byte != 0x30 {
          if isZero { first = index }
          isZero = false
          last = index
        }
      } else {
        break
      }
      index += 1
    }
    // Digits between the last that counts and the point, whichever comes first.
    let unit = point ?? index
    exponent = last < unit ? unit - last - 1 : unit - last
    guard index < text.count else { return }
    index += 1
    let isDown = text[index] == UInt8(ascii: "-")
    if isDown || text[index] == UInt8(ascii: "+") { index += 1 }
    var power = 0
    while index < text.count {
      power = power * 10 + Int(text[index] - 0x30)
      guard power < 1 << 50 else { return nil }
      index += 1
    }
    exponent += isDown ? -power : power
  }
}
