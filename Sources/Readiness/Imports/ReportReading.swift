// SPDX-License-Identifier: Apache-2.0
package import Results

/// What a report of another tool comes to.
package struct ReportReading: Sendable, Equatable {
  package var kind: ReportKind
  package var summary: [ReportFigure]
  /// When it was made, if it says so.
  package var made: Timestamp?

  /// Reads a report of the kind; a report of nothing (no test, no line, no run of the tool) is a mistake.
  package static func read(_ bytes: [UInt8], kind: ReportKind) throws(ImportMistake) -> ReportReading {
    switch kind {
    case .junit: try JUnitReading.read(bytes)
    case .sarif: try SARIFReading.read(bytes)
    case .coverage: try CoverageReading.read(bytes)
    }
  }

  /// What a file is by its first bytes; nil for lists of statuses and anything else.
  package static func kind(of bytes: [UInt8]) -> ReportKind? {
    let head = String(decoding: bytes.prefix(4096), as: UTF8.self)
    let first = firstMark(of: bytes)
    if first == UInt8(ascii: "<") {
      if head.contains("<testsuite") { return .junit }
      return head.contains("<coverage") ? .coverage : nil
    }
    if first == UInt8(ascii: "{") {
      if head.contains("sarif") || head.contains("\"runs\"") { return .sarif }
      return head.contains("\"totals\"") || head.contains("\"meta\"") ? .coverage : nil
    }
    return head.hasPrefix("TN:") || head.hasPrefix("SF:") ? .coverage : nil
  }
}

/// The first byte behind blanks and a byte order mark.
func firstMark(of bytes: [UInt8]) -> UInt8? {
  bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
}

/// A count that another tool wrote; anything but a plain number of a sound size is none.
func reportCount(_ text: String?) -> Int? {
  guard let text, !text.isEmpty, text.utf8.count <= 12, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
    return nil
  }
  return Int(text)
}
