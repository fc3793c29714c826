// SPDX-License-Identifier: Apache-2.0

/// A place, or many, in a JSON text: `$`, `$.a.b`, `$.a[0]`, `$.rooms[*].id`, `$['odd name']`, `$.list.length`.
///
/// `*` stands for every element or every member. A last step `.length` is the number of elements of an array and the
/// number of characters (Unicode scalars) of a string; of an object it is the member of that name, as everywhere
/// else, and `['length']` is never anything but that member.
package struct JSONPath: Sendable, Equatable, CustomStringConvertible {
  enum Step: Sendable, Equatable {
    case member([UInt8])
    case index(Int)
    case wildcard
    /// A last `.length`: the size of an array or string, or an object's member.
    case length
  }

  /// As it was written.
  package let text: String
  let steps: [Step]

  package var description: String { text }

  /// Whether it can find more than one value.
  package var isMany: Bool { steps.contains(.wildcard) }

  /// Whether it ends in the size of something (see above).
  package var isLength: Bool { steps.last == .length }

  /// Complexity: O(text).
  package init(_ text: String) throws(JSONPathError) {
    var parser = JSONPathParser(text: text)
    self.steps = try parser.parse()
    self.text = text
  }
}

/// Why a path was refused.
package struct JSONPathError: Error, Equatable, CustomStringConvertible {
  package var message: String
  /// What to write instead, if it is clear.
  package var hint: String?
  /// UTF-8 bytes from the start of the path.
  package var offset: Int

  package var description: String { message + (hint.map { "; \($0)" } ?? "") }
}

private struct JSONPathParser {
  private static let mostSteps = 64
  let text: String
  private let bytes: [UInt8]
  private var index = 0
  private var steps: [JSONPath.Step] = []

  init(text: String) {
    self.text = text
    bytes = Array(text.utf8)
  }

  mutating func parse() throws(JSONPathError) -> [JSONPath.Step] {
    guard bytes.first == UInt8(ascii: "$") else {
      let start = bytes.first.map { isNameStart($0) } ?? false
      throw JSONPathError(
        message: "a path begins with `$`, the whole document", hint: start ? "write `$.\(text)`" : nil, offset: 0)
    }
    index = 1
    while index < bytes.count {
      guard steps.count < Self.mostSteps else {
        throw JSONPathError(message: "a path has at most \(Self.mostSteps) steps", hint: nil, offset: index)
      }
      switch bytes[index] {
      case UInt8(ascii: "."): try dot()
      case UInt8(ascii: "["): try bracket()
      default:
        throw JSONPathError(message: "expected `.` or `[`", hint: nil, offset: index)
      }
    }
    if case .member(let name)? = steps.last, name == Array("length".utf8), bytes.last != UInt8(ascii: "]") {
      steps[steps.count - 1] = .length
    }
    return steps
  }

  private mutating func dot() throws(JSONPathError) {
    let dot = index
    index += 1
    guard index < bytes.count else {
      throw JSONPathError(message: "a name is missing after `.`", hint: nil, offset: dot)
    }
    if bytes[index] == UInt8(ascii: "*") {
      index += 1
      steps.append(.wildcard)
      return
    }
    if bytes[index] == UInt8(ascii: ".") {
      throw JSONPathError(
        message: "`..` is not supported: a path says the whole way", hint: "use `[*]` for every element", offset: dot)
    }
    let start = index
    guard isNameStart(bytes[index]) else {
      throw JSONPathError(
        message: "a name after `.` begins with a letter or `_`", hint: "write `['...']` for other names", offset: index)
    }
    while index < bytes.count, isNamePart(bytes[index]) { index += 1 }
    steps.append(.member(Array(bytes[start..<index])))
  }

  private mutating func bracket() throws(JSONPathError) {
    let open = index
    index += 1
    guard index < bytes.count else {
      throw JSONPathError(message: "`]` is missing", hint: nil, offset: open)
    }
    switch bytes[index] {
    case UInt8(ascii: "*"):
      index += 1
      steps.append(.wildcard)
    case UInt8(ascii: "'"), UInt8(ascii: "\""): steps.append(.member(try quotedName(open)))
    case 0x30...0x39:
      let start = index
      while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
      let digits = String(decoding: bytes[start..<index], as: UTF8.self)
      guard digits.utf8.count == 1 || bytes[start] != 0x30, let value = Int(digits), value <= Int(Int32.max) else {
        throw JSONPathError(message: "`\(digits)` is no index", hint: nil, offset: start)
      }
      steps.append(.index(value))
    case UInt8(ascii: "-"):
      throw JSONPathError(message: "an index counts from the start, from 0", hint: nil, offset: index)
    case UInt8(ascii: "?"), UInt8(ascii: "("):
      throw JSONPathError(
        message: "filters are not supported", hint: "capture with `[*]` and check the values", offset: index)
    default:
      throw JSONPathError(
        message: "expected an index, `*` or a name in quotes", hint: "write `['name']`", offset: index)
    }
    guard index < bytes.count, bytes[index] == UInt8(ascii: "]") else {
      let isSlice = index < bytes.count && (bytes[index] == UInt8(ascii: ":") || bytes[index] == UInt8(ascii: ","))
      throw JSONPathError(
        message: isSlice ? "one index, or `*` for all" : "`]` is missing", hint: nil, offset: min(index, bytes.count))
    }
    index += 1
  }

  private mutating func quotedName(_ open: Int) throws(JSONPathError) -> [UInt8] {
    let quote = bytes[index]
    index += 1
    var name: [UInt8] = []
    while index < bytes.count, bytes[index] != quote {
      if bytes[index] == UInt8(ascii: "\\") {
        index += 1
        guard index < bytes.count, bytes[index] == quote || bytes[index] == UInt8(ascii: "\\") else {
          throw JSONPathError(message: "only the quote and `\\` can be escaped here", hint: nil, offset: index - 1)
        }
      }
      name.append(bytes[index])
      index += 1
    }
    guard index < bytes.count else { throw JSONPathError(message: "the quote is not closed", hint: nil, offset: open) }
    index += 1
    return name
  }

  private func isNameStart(_ byte: UInt8) -> Bool {
    byte >= 0x80 || byte == UInt8(ascii: "_") || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
  }

  // The hyphen is no part of RFC 9535's short form, but of many APIs' names; nothing else could begin with it.
  private func isNamePart(_ byte: UInt8) -> Bool {
    isNameStart(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
  }
}
