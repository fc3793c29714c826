// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc

/// A real nginx on a free port, ended with its owner.
final class Nginx: Sendable {
  static let isInstalled = path != nil
  private static let path = Child.find("nginx", besides: ["/usr/sbin", "/usr/local/sbin"])

  let url: String
  private let child: Child
  private let scratch: Scratch

  init() async throws {
    guard let path = Self.path else { throw SpawnError(program: "nginx", code: ENOENT) }
    scratch = try Scratch()
    let port = try unusedPort()
    url = "http://127.0.0.1:\(port)"
    let folders = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \($0);" }
    try scratch.write(
      "nginx.conf",
      """
      daemon off; worker_processes 1; pid nginx.pid; error_log stderr;
      events { worker_connections 1024; }
      http {
        access_log off; \(folders.joined(separator: " "))
        server { listen 127.0.0.1:\(port); location / { return 200 "hello\\n"; } }
      }
      """)
    // `master_process off` would be simpler, but what people run has a master: it ends its worker when it is ended.
    child = try Child(path, ["-p", scratch.path, "-c", "nginx.conf", "-e", "stderr"], in: scratch)
    try await child.waits { connects(to: port) }
  }

  /// In good order, so that the worker ends too.
  func stop() async throws {
    child.send(SIGTERM)
    _ = try await child.ended(within: 10)
  }
}

/// A port that was free a moment ago, below those that the kernel hands out.
func unusedPort() throws -> UInt16 {
  for _ in 0..<200 {
    let port = UInt16.random(in: 21_000...31_000)
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = loopback(port)
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let code = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) }
    }
    if code == 0 { return port }
  }
  throw SpawnError(program: "no free port", code: EADDRINUSE)
}

private func connects(to port: UInt16) -> Bool {
  let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(socket) }
  var address = loopback(port)
  let size = socklen_t(MemoryLayout<sockaddr_in>.size)
  return withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) == 0 }
  }
}

private func loopback(_ port: UInt16) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return address
}
