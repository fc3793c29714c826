// SPDX-License-Identifier: Apache-2.0

/// Reads rows of RFC 4180 one after the other. Linear, no lookahead beyond one byte.
struct CSVReader {
  enum Row {
    case row, blank, end
    case broken(FeederMistake)
  }

  private let source: [UInt8]
  private var index = 0
  /// The line the next row begins on.
  private(set) var line = 1

  init(_ source: [UInt8]) {
    self.source = source
    if source.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }
  }

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")

  /// Appends the fields of the next row and where each of them ends.
  mutating func row(into fields: inout [UInt8], ends: inout [Int32]) -> Row {
    guard index < source.count else { return .end }
    if takeLineEnd() { return .blank }
    while true {
      if index < source.count, source[index] == Self.quote {
        if let mistake = quoted(into: &fields) { return .broken(mistake) }
      } else {
        while index < source.count, source[index] != Self.comma, !isLineEnd {
          if source[index] == Self.quote {
            return .broken(FeederMistake(line: line, message: "a quote inside a field: quote the whole field"))
          }
          fields.append(source[index])
          index += 1
        }
      }
      ends.append(Int32(fields.count))
      guard index < source.count, source[index] == Self.comma else { break }
      index += 1
    }
    _ = takeLineEnd()
    return .row
  }

  private var isLineEnd: Bool {
    source[index] == 0x0a || (source[index] == 0x0d && index + 1 < source.count && source[index + 1] == 0x0a)
      || (source[index] == 0x0d && index + 1 == source.count)
  }

  private mutating func takeLineEnd() -> Bool {
    guard index < source.count, isLineEnd else { return false }
    if source[index] == 0x0d { index += 1 }
    if index < source.count { index += 1 }
    line += 1
    return true
  }

  private mutating func quoted(into fields: inout [UInt8]) -> FeederMistake? {
    let start = line
    index += 1
    while index < source.count {
      let byte = source[index]
      index += 1
      if byte != Self.quote {
        if byte == 0x0a { line += 1 }
        fields.append(byte)
      } else if index < source.count, source[index] == Self.quote {
        fields.append(byte)
        index += 1
      } else if index == source.count || source[index] == Self.comma || isLineEnd {
        return nil
      } else {
        return FeederMistake(line: line, message: "text follows the closing quote of a field")
      }
    }
    return FeederMistake(line: start, message: "the quote opened here is never closed")
  }
}
