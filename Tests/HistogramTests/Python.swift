// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestPython

/// Runs scripts in a Python that has the package `hdrhistogram`.
enum Python {
  static let withHistograms = TestPython.path(importing: "hdrh.log")

  /// Runs the script with the path of a file that holds `log`; returns the lines it printed and the file afterwards.
  static func run(_ script: String, log: [UInt8]) throws -> (printed: [String], log: [UInt8]) {
    let file = FileManager.default.temporaryDirectory.appending(path: "gonogo-\(UUID().uuidString).hlog")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(log).write(to: file)
    let printed = try TestPython.run([withHistograms ?? "python3", "-c", script, file.path(percentEncoded: false)])
    return (printed.split(separator: "\n").map(String.init), Array(try Data(contentsOf: file)))
  }
}
