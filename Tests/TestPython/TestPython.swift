// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Programs in Python that tests hold our results against.
package enum TestPython {
  package struct Failure: Error {
    package var message: String
  }

  /// The first of `GONOGO_PYTHON`, the one `scripts/setup` made, and the system's that can import the module; nil when
  /// none can.
  package static func path(importing module: String) -> String? {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let candidates = [
      ProcessInfo.processInfo.environment["GONOGO_PYTHON"],
      package.appending(path: ".build/python/bin/python3").path(percentEncoded: false), "python3",
    ]
    return candidates.compactMap { $0 }.first { (try? run([$0, "-c", "import \(module)"])) != nil }
  }

  /// Output of a command that ends within two minutes and without an error.
  @discardableResult
  package static func run(_ command: [String]) throws -> String {
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
