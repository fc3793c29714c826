// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing

/// Runs a shell script, at most twenty seconds; its output must not fill a pipe.
func shell(_ script: String, in directory: String = "/tmp") throws -> [UInt8] {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/sh")
  process.arguments = ["-ec", "exec 2>/dev/null; \(script)"]
  process.currentDirectoryURL = URL(fileURLWithPath: directory)
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let watchdog = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
  DispatchQueue.global().asyncAfter(deadline: .now() + 20, execute: watchdog)
  let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
  process.waitUntilExit()
  watchdog.cancel()
  try #require(process.terminationStatus == 0, "\(script)")
  return bytes
}

enum Gzip {
  /// A sound answer whose body is that many zero bytes, compressed about a thousand to one.
  static func reply(zeroBytes: Int) throws -> Reply {
    let body = try shell("head -c \(zeroBytes) /dev/zero | gzip -9")
    return Reply([.answer(status: 200, headers: [("Content-Encoding", "gzip")], body: body)])
  }
}

/// A directory of its own that is removed with the value's last reference.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    path = "/tmp/gonogo-transport-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  func write(_ text: String, to name: String) throws {
    try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
