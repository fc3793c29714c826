// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Runs scripts in a Python that has the package `hdrhistogram`.
enum Python {
  struct Failure: Error { var message: String }

  /// `GONOGO_PYTHON`, the one `scripts/setup` made, or the system's: the first that can import the package.
  static let withHistograms: String? = {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let candidates = [
      ProcessInfo.processInfo.environment["GONOGO_PYTHON"],
      package.appending(path: ".build/python/bin/python3").path(percentEncoded: false), "python3",
    ]
    return candidates.compactMap { $0 }.first { (try? run([$0, "-c", "import hdrh.log"])) != nil }
  }()

  /// Runs the script with the path of a file that holds `log`; returns the lines it printed and the file afterwards.
  static func run(_ script: String, log: [UInt8]) throws -> (printed: [String], log: [UInt8]) {
    let file = FileManager.default.temporaryDirectory.appending(path: "gonogo-\(UUID().uuidString).hlog")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(log).write(to: file)
    let printed = try run([withHistograms ?? "python3", "-c", script, file.path(percentEncoded: false)])
    return (printed.split(separator: "\n").map(String.init), Array(try Data(contentsOf: file)))
  }

  /// Output of a command that ends within two minutes and without an error.
  @discardableResult
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
    guard process.terminationStatus == 0 else {
      throw Failure(message: String(decoding: complaint, as: UTF8.self))
    }
    return String(decoding: printed, as: UTF8.self)
  }
}
