// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestPython

/// An independent validator of JSON Schemas: PyPI's `jsonschema`.
enum Validator {
  static let python = TestPython.path(importing: "jsonschema")

  /// What the schema does not allow in the files, one complaint each.
  static func complaints(schema: String, files: [String]) throws -> [String] {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "validate.py")
    let output = try TestPython.run([python ?? "python3", script.path(percentEncoded: false), schema] + files)
    return output.split(separator: "\n").map(String.init)
  }
}
