// SPDX-License-Identifier: Apache-2.0
import Glibc
import TestServers

/// The plainest client: bytes out, bytes in, each wait at most two seconds.
final class RawClient {
  enum End: Equatable {
    case closed
    case reset
    /// The wait ran out while the connection was open.
    case silent
    /// The limit of bytes was reached.
    case enough
  }

  private let descriptor: Int32

  init?(port: UInt16) {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if result != 0 { return nil }
  }

  deinit { close(descriptor) }

  func write(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  /// Sends a GET for `path` that keeps the connection.
  func get(_ path: String = "/") { write("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n") }

  /// Reads until `marker` was seen (inclusive), the connection ended, or `limit` bytes were read.
  func read(until marker: String? = nil, limit: Int = 1 << 20, silentAfterMilliseconds: Int32 = 2_000) -> (String, End)
  {
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while text.count < limit {
      var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&watched, 1, silentAfterMilliseconds) == 0 { return (String(decoding: text, as: UTF8.self), .silent) }
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count <= 0 { return (String(decoding: text, as: UTF8.self), count == 0 ? .closed : .reset) }
      text += buffer[..<count]
      if let marker, String(decoding: text, as: UTF8.self).contains(marker) { break }
    }
    return (String(decoding: text, as: UTF8.self), .enough)
  }
}
