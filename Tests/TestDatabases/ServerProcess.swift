// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// Why a server could not be used.
package struct ServerFailure: Error, CustomStringConvertible {
  package var description: String
}

/// A server that a test has started on a free port, in a folder of its own. It ends with its test, and with the test
/// process when that is killed. For one thread.
package final class ServerProcess {
  package let port: Int
  package let folder: URL
  private let words: [String]
  private let isReady: [String]
  /// By which it ends in good order.
  private let endSignal: String
  private var holder: Process?
  private var input = Pipe()
  /// The server itself, not the shell that holds it.
  private var pid: pid_t = 0

  /// `words`: the program and its arguments. `isReady`: a command that succeeds once the server serves.
  init(_ words: [String], isReady: [String], port: Int, folder: URL, endSignal: String = "QUIT") throws {
    self.words = words
    self.endSignal = endSignal
    self.isReady = isReady
    self.port = port
    self.folder = folder
    try start()
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(at: folder)
  }

  /// What it has printed.
  package var log: String {
    (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? ""
  }

  /// Starts it, again on the same port and with the same data, and waits until it serves.
  package func start() throws {
    guard holder == nil else { return }
    // When our end of the shell's input is closed, by whatever, the server is made to end.
    let script = """
      exec 3>&1 >>log 2>&1
      "$@" </dev/null 3>&- &
      echo $! >&3
      exec 3>&-
      cat >/dev/null
      kill -CONT $!
      kill -\(endSignal) $!
      wait
      """
    let started = Process()
    started.executableURL = URL(filePath: "/bin/sh")
    started.arguments = ["-c", script, "sh"] + words
    started.currentDirectoryURL = folder
    input = Pipe()
    let output = Pipe()
    started.standardInput = input
    started.standardOutput = output
    try started.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let number = pid_t(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw ServerFailure(description: "\(words[0]) was not started")
    }
    holder = started
    pid = number
    let deadline = Date(timeIntervalSinceNow: 30)
    while (try? runCommand(isReady)) == nil {
      guard Date() < deadline else {
        throw ServerFailure(description: "\(words[0]) does not serve: \(log.suffix(500))")
      }
      usleep(20_000)
    }
  }

  /// Stops all its processes where they are: connections stay open, nothing answers.
  package func pause() { signal(SIGSTOP) }

  package func resume() { signal(SIGCONT) }

  /// Ends it in good order: what it keeps outside its folder goes too.
  package func stop() {
    resume()
    try? input.fileHandleForWriting.close()
    let deadline = Date(timeIntervalSinceNow: 10)
    while let holder, holder.isRunning, Date() < deadline { usleep(5_000) }
    kill()
  }

  /// Ends all its processes at once, without any goodbye. The data stay for another `start`.
  package func kill() {
    guard let holder else { return }
    signal(SIGKILL)
    try? input.fileHandleForWriting.close()
    holder.waitUntilExit()
    self.holder = nil
  }

  private func signal(_ number: Int32) {
    guard holder?.isRunning == true else { return }
    // The first one first, since it would make others.
    Foundation.kill(pid, number)
    for child in children(of: pid) { Foundation.kill(child, number) }
  }
}

/// Processes whose parent is that one.
private func children(of parent: pid_t) -> [pid_t] {
  let numbers = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { pid_t($0) }
  return numbers.filter { number in
    guard let line = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8) else { return false }
    // The name stands in parentheses and may hold anything; behind it come the state and the parent.
    let fields = line.split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 1 && pid_t(fields[1]) == parent
  }
}

/// Runs a command that ends within a minute, and throws what it complained about when it fails.
func runCommand(_ words: [String]) throws {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = ["timeout", "60"] + words
  process.currentDirectoryURL = URL(filePath: "/")
  let errors = Pipe()
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = FileHandle.nullDevice
  process.standardError = errors
  try process.run()
  let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else {
    throw ServerFailure(description: "\(words): \(String(decoding: complaint, as: UTF8.self))")
  }
}

/// A folder of that beginning under the temporary directory.
func newFolder(_ name: String) throws -> URL {
  let folder = FileManager.default.temporaryDirectory.appending(path: "\(name)-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}

/// A TCP port of 127.0.0.1 that nobody listens on just now.
func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var place = sockaddr_in()
  place.sin_family = sa_family_t(AF_INET)
  place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isFound = withUnsafeMutablePointer(to: &place) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
    }
  }
  guard isFound else { throw ServerFailure(description: "no free port") }
  return Int(UInt16(bigEndian: place.sin_port))
}
