// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A PostgreSQL server for tests. Give it as `--database` to the hotel.
package final class TestPostgres {
  package let process: ServerProcess
  /// The password in `url`, to be looked for where it must not be.
  package static let password = "s3cret-of-the-test"

  /// Newest version first among Debian's folders.
  private static let programs: URL? = {
    let root = URL(filePath: "/usr/lib/postgresql")
    let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).compactMap { Int($0) }
    return versions.sorted(by: >).map { root.appending(path: "\($0)/bin") }.first {
      FileManager.default.isExecutableFile(atPath: $0.appending(path: "initdb").path)
    }
  }()

  /// Whether there is one to be started; tests without it say that they were skipped.
  package static var isInstalled: Bool { programs != nil }

  /// Makes a database and serves it; some seconds.
  package init() throws {
    guard let programs = Self.programs else { throw ServerFailure(description: "PostgreSQL is not installed") }
    let folder = try newFolder("postgres")
    let passwords = folder.appending(path: "password")
    try Self.password.write(to: passwords, atomically: true, encoding: .utf8)
    // The server refuses to run as root.
    var asUser: [String] = []
    if geteuid() == 0 {
      asUser = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
      try runCommand(["chown", "-R", "postgres", folder.path])
    }
    let data = folder.appending(path: "data").path
    try runCommand(
      asUser + [
        programs.appending(path: "initdb").path, "--no-sync", "-D", data, "-U", "hotel", "-E", "UTF8", "--locale", "C",
        "-A", "scram-sha-256", "--pwfile", passwords.path,
      ])
    let port = try freePort()
    process = try ServerProcess(
      asUser + [
        programs.appending(path: "postgres").path, "-D", data, "-p", String(port), "-c", "listen_addresses=127.0.0.1",
        "-c", "unix_socket_directories=", "-c", "shared_buffers=16MB",
      ],
      isReady: [programs.appending(path: "pg_isready").path, "-q", "-h", "127.0.0.1", "-p", String(port)], port: port,
      folder: folder)
  }

  package var url: String { "postgres://hotel:\(Self.password)@127.0.0.1:\(process.port)/postgres" }
}
