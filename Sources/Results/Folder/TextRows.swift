// SPDX-License-Identifier: Apache-2.0

/// Lines of a file that only grows, which may have been cut off in the middle of a line.
struct TextRows {
  let bytes: [UInt8]
  private var position = 0
  /// Number of the line returned last, from 1.
  private(set) var lineNumber = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Bytes of a last line without its newline: what a killed writer leaves. 0 in a whole file.
  var cutBytes: Int { bytes.count - ((bytes.lastIndex(of: newline) ?? -1) + 1) }

  /// The next whole line, without its newline.
  mutating func next() -> ArraySlice<UInt8>? {
    guard let end = bytes[position...].firstIndex(of: newline) else { return nil }
    defer { position = end + 1 }
    lineNumber += 1
    return bytes[position..<end]
  }

  private var newline: UInt8 { UInt8(ascii: "\n") }
}

extension ArraySlice<UInt8> {
  /// Takes the text before the next comma, and the comma. Nil at the end.
  mutating func takeField() -> ArraySlice<UInt8>? {
    guard startIndex <= endIndex, !isSpent else { return nil }
    let end = firstIndex(of: UInt8(ascii: ",")) ?? endIndex
    let field = self[startIndex..<end]
    self = end == endIndex ? ArraySlice<UInt8>.spent : self[(end + 1)...]
    return field
  }

  // An empty rest after a comma is one more (empty) field; after the last field there is none.
  private static var spent: ArraySlice<UInt8> { ArraySlice([0]) }
  private var isSpent: Bool { count == 1 && first == 0 }

  /// Nil for anything but a whole number of at most 10 digits: no second has more of anything, and the sums of a
  /// damaged file stay far from the end of an Int.
  var wholeNumber: Int? {
    var rest = self
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative { rest = rest.dropFirst() }
    guard !rest.isEmpty, rest.count <= 10 else { return nil }
    var value = 0
    for byte in rest {
      guard byte >= 48, byte <= 57 else { return nil }
      value = value &* 10 &+ Int(byte &- 48)
    }
    return isNegative ? -value : value
  }
}
