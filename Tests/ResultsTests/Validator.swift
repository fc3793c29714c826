// SPDX-License-Identifier: Apache-2.0
import Foundation

/// An independent validator of JSON Schemas: PyPI's `jsonschema`.
enum Validator {
  struct Failure: Error { var message: String }

  /// `GONOGO_PYTHON`, the one `scripts/setup` made, or the system's: the first that can import the package.
  static let python: String? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let candidates = [
      ProcessInfo.processInfo.environment["GONOGO_PYTHON"],
      package.appending(path: ".build/python/bin/python3").path(percentEncoded: false), "python3",
    ]
    return candidates.compactMap { $0 }.first { (try? run([$0, "-c", "import jsonschema"])) != nil }
  }()

  /// What the schema does not allow in the files, one complaint each.
  static func complaints(schema: String, files: [String]) throws -> [String] {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "validate.py")
    let output = try run([python ?? "python3", script.path(percentEncoded: false), schema] + files)
    return output.split(separator: "\n").map(String.init)
  }

  private static func run(_ command: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["timeout", "120"] + command
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = FileHandle.nullDevice
    try process.run()
    // A traceback fits into the pipe, so the output can be read to its end first.
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(message: String(decoding: complaint, as: UTF8.self)) }
    return String(decoding: printed, as: UTF8.self)
  }
}
