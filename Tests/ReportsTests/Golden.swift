// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Compares a text with a file in `Golden/`, or writes the file when UPDATE_GOLDEN is set.
func expectGolden(_ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/\(name)")
  if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
    try Data(text.utf8).write(to: file)
  }
  let expected = try String(contentsOf: file, encoding: .utf8)
  #expect(text == expected, "Golden/\(name)", sourceLocation: sourceLocation)
}

/// Columns a terminal would show: without colours.
func shownWidth(_ line: some StringProtocol) -> Int {
  String(line).replacing(#/\u{1B}\[[0-9;]*m/#, with: "").count
}
