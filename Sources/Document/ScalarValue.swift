// SPDX-License-Identifier: Apache-2.0

/// What a scalar is by YAML 1.2's core schema, where no key says what it expects.
///
/// Two departures, so that identifiers survive: a number with leading zeros (`0034600111222`) is text, and so are `.inf`
/// and `.nan`, which no JSON body could carry.
package enum ScalarValue: Sendable, Equatable {
  case null
  case bool(Bool)
  /// The number as JSON writes it, digits as they were: nothing is rounded.
  case number(String)
  case text(String)
}

extension Node {
  /// The scalar by the core schema; nil for collections. Quoted is text.
  package var value: ScalarValue? {
    guard case .scalar(let text, let isPlain) = kind else { return nil }
    guard isPlain else { return .text(text) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: return coreNumber(Array(text.utf8)).map { .number($0) } ?? .text(text)
    }
  }
}

/// `[-+]?(0|[1-9][0-9]*|0o[0-7]+|0x[0-9a-fA-F]+)` or the core schema's float, written the way JSON would.
private func coreNumber(_ text: [UInt8]) -> String? {
  guard text.count <= 400 else { return nil }
  if text.starts(with: Array("0x".utf8)) || text.starts(with: Array("0o".utf8)) {
    let radix = text[1] == UInt8(ascii: "x") ? 16 : 8
    let digits = text.dropFirst(2)
    guard let first = digits.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
    return UInt64(String(decoding: digits, as: UTF8.self), radix: radix).map { String($0) }
  }
  var index = 0
  var result: [UInt8] = []
  func digits() -> ArraySlice<UInt8> {
    let start = index
    while index < text.count, (0x30...0x39).contains(text[index]) { index += 1 }
    return text[start..<index]
  }
  if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
    if text[index] == UInt8(ascii: "-") { result.append(text[index]) }
    index += 1
  }
  let whole = digits()
  if whole.count > 1, whole.first == 0x30 { return nil }
  result += whole.isEmpty ? [0x30] : whole
  var hasFraction = false
  if index < text.count, text[index] == UInt8(ascii: ".") {
    index += 1
    let fraction = digits()
    hasFraction = !fraction.isEmpty
    if hasFraction { result += [UInt8(ascii: ".")] + fraction }
  }
  guard !whole.isEmpty || hasFraction else { return nil }
  if index < text.count, text[index] | 0x20 == UInt8(ascii: "e") {
    index += 1
    result.append(UInt8(ascii: "e"))
    if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      result.append(text[index])
      index += 1
    }
    let exponent = digits()
    guard !exponent.isEmpty else { return nil }
    result += exponent
  }
  return index == text.count ? String(decoding: result, as: UTF8.self) : nil
}
