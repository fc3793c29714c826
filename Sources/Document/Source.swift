// SPDX-License-Identifier: Apache-2.0

/// A file's name and bytes. Positions refer to it, so that a message can show its line long after parsing.
package final class Source: Sendable {
  /// The name as messages print it.
  package let path: String
  /// The bytes as they were read, byte order mark included.
  package let bytes: [UInt8]
  /// Byte offset at which each line begins. Lines end with LF, CRLF or a lone CR.
  let lineStarts: [Int]

  /// Complexity: O(bytes).
  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    var starts = [Source.hasByteOrderMark(bytes) ? 3 : 0]
    for index in bytes.indices {
      let byte = bytes[index]
      guard byte == 0x0A || byte == 0x0D else { continue }
      if byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { continue }
      starts.append(index + 1)
    }
    lineStarts = starts
  }

  /// A source out of text at hand: a flag's value, a test.
  package convenience init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }

  static func hasByteOrderMark(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0xEF, 0xBB, 0xBF]) }

  /// Index of the line that holds the byte offset. Complexity: O(log lines).
  func lineIndex(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  /// The bytes of a line without its line break.
  func lineRange(_ index: Int) -> Range<Int> {
    let start = lineStarts[index]
    var end = index + 1 < lineStarts.count ? lineStarts[index + 1] : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return start..<max(start, end)
  }

  /// The text between two byte offsets, repaired where it is not UTF-8.
  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range.clamped(to: bytes.indices)], as: UTF8.self) }
}

/// A place in a file.
package struct Position: Sendable {
  /// The file.
  package let source: Source
  /// Bytes from the start of the file.
  package let offset: Int

  /// A place `offset` bytes into `source`.
  package init(source: Source, offset: Int) {
    self.source = source
    self.offset = offset
  }

  /// The file's name.
  package var file: String { source.path }
  /// 1-based. Complexity: O(log lines).
  package var line: Int { source.lineIndex(of: offset) + 1 }
  /// 1-based, in Unicode scalars. Complexity: O(line).
  package var column: Int {
    let range = source.lineRange(source.lineIndex(of: offset))
    return DisplayCell.cells(of: source.bytes[range.lowerBound..<max(range.lowerBound, min(offset, range.upperBound))])
      .count + 1
  }
}

extension Position: CustomStringConvertible {
  /// `file:line:column`.
  package var description: String { "\(file):\(line):\(column)" }
}
