// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestPython
import Testing

/// Another parser, which holds a file against the public schema.
enum JUnitReader {
  static let python = TestPython.path(importing: "xml.etree.ElementTree")

  /// What `junit.py` found in a document: an outline of it, or what breaks the schema.
  static func outline(_ text: String) throws -> [String] {
    let file = FileManager.default.temporaryDirectory.appending(path: "junit-\(UUID().uuidString).xml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(text.utf8).write(to: file)
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "junit.py").path
    let output = try TestPython.run([try #require(python), script, file.path])
    return output.split(separator: "\n").map(String.init)
  }
}
