// SPDX-License-Identifier: Apache-2.0

extension Diagnostics {
  /// Says what libyaml found in words of our own, and what to quote where one of the usual traps is in sight.
  mutating func syntaxError(_ problem: SyntaxProblem, in source: Source) {
    error(at: Position(source: source, offset: problem.offset), problem.problem)
  }
}

extension Source {
  /// Whether a comment is all that stands between the offset and the end of its line.
  func nextIsComment(_ offset: Int) -> Bool {
    let range = lineRange(lineIndex(of: offset))
    let rest = bytes[min(offset, range.upperBound)..<range.upperBound]
    return rest.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "#")
  }
}
