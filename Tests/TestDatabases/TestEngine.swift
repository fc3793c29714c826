// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A container engine for tests, with a socket and data of its own, without networks. Its only image, `test`, is a static
/// busybox.
package final class TestEngine {
  package let process: ServerProcess
  package let socket: String
  /// As in DOCKER_HOST.
  package var host: String { "unix://\(socket)" }

  package static let image = "test"
  private static let busybox = "/bin/busybox"

  /// Whether there is one to be started; tests without it say that they were skipped. On CI there must be one.
  package static var isInstalled: Bool {
    if ProcessInfo.processInfo.environment["CI"]?.isEmpty == false { return true }
    return geteuid() == 0 && FileManager.default.isExecutableFile(atPath: busybox)
      && (try? runCommand(["dockerd", "--version"])) != nil
  }

  package init() throws {
    let folder = try newFolder("engine")
    let socket = folder.appending(path: "s").path
    self.socket = socket
    // A machine that runs an engine already has a containerd that would be shared.
    process = try ServerProcess(
      [
        "dockerd", "--host", "unix://\(socket)", "--data-root", folder.appending(path: "data").path, "--exec-root",
        folder.appending(path: "exec").path, "--pidfile", folder.appending(path: "pid").path, "--bridge", "none",
        "--iptables=false", "--ip6tables=false", "--shutdown-timeout", "1", "--storage-driver", "vfs",
        "--containerd-namespace", folder.lastPathComponent, "--containerd-plugins-namespace",
        "plugins.\(folder.lastPathComponent)",
      ],
      isReady: ["docker", "--host", "unix://\(socket)", "version"], port: 0, folder: folder, endSignal: "TERM")
    let root = folder.appending(path: "image/bin")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: Self.busybox, toPath: root.appending(path: "busybox").path)
    for name in ["sh", "sleep", "dd", "cat"] {
      try FileManager.default.createSymbolicLink(
        atPath: root.appending(path: name).path, withDestinationPath: "busybox")
    }
    let archive = folder.appending(path: "image.tar").path
    try runCommand(["tar", "-C", folder.appending(path: "image").path, "-cf", archive, "."])
    try docker(["import", archive, Self.image])
  }

  deinit { stop() }

  /// Ends it with all its containers: what still runs would hold up its end, or survive it.
  package func stop() {
    if let list = try? output(["ps", "--all", "--quiet"]), !list.isEmpty {
      _ = try? docker(["rm", "--force"] + list.split(separator: "\n").map(String.init))
    }
    process.stop()
  }

  /// Runs the docker command against it.
  package func docker(_ words: [String]) throws { try runCommand(["docker", "--host", host] + words) }

  /// Starts a container of the image; `options` of `docker run`.
  package func run(_ name: String, options: [String] = [], _ words: [String] = ["sleep", "600"]) throws {
    try docker(
      ["run", "--detach", "--network", "none", "--stop-signal", "KILL", "--name", name] + options + [Self.image] + words
    )
  }

  /// What the docker command prints.
  package func output(_ words: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["timeout", "60", "docker", "--host", host] + words
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ServerFailure(description: "docker \(words) failed") }
    return String(decoding: bytes, as: UTF8.self)
  }
}
