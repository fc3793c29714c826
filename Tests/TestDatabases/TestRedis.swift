// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A Redis server for tests. Give it as `--redis` to the hotel.
package final class TestRedis {
  package let process: ServerProcess
  /// The password in `url`, to be looked for where it must not be.
  package static let password = "s3cret-of-the-test"

  /// Whether there is one to be started; tests without it say that they were skipped.
  package static var isInstalled: Bool { (try? runCommand(["redis-server", "--version"])) != nil }

  package init() throws {
    let port = try freePort()
    process = try ServerProcess(
      [
        "redis-server", "--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
        "--requirepass", Self.password,
      ],
      isReady: ["redis-cli", "-p", String(port), "--no-auth-warning", "-a", Self.password, "--raw", "ping"], port: port,
      folder: try newFolder("redis"))
  }

  package var url: String { "redis://:\(Self.password)@127.0.0.1:\(process.port)/1" }
}
