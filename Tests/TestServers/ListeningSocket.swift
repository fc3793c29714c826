// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Where a server listens.
package enum ListeningAddress: Sendable {
  /// 127.0.0.1; port 0 lets the kernel choose.
  case ipv4(port: UInt16 = 0)
  /// ::1; port 0 lets the kernel choose.
  case ipv6(port: UInt16 = 0)
  /// A socket file that the server makes and removes.
  case unix(path: String)
}

/// A system call that failed while a server was started.
package struct TestServerError: Error, CustomStringConvertible {
  package let call: StaticString
  package let code: Int32
  package var description: String { "\(call): \(String(cString: strerror(code)))" }
}

struct ListeningSocket {
  let descriptor: Int32
  let port: UInt16

  init(_ address: ListeningAddress) throws(TestServerError) {
    let family =
      switch address {
      case .ipv4: AF_INET
      case .ipv6: AF_INET6
      case .unix: AF_UNIX
      }
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    descriptor = try check("socket", socket(family, kind, 0))
    do throws(TestServerError) {
      var yes: Int32 = 1
      _ = setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, 4)
      _ = try check("bind", Self.bind(descriptor, to: address))
      // The kernel cuts this down to net.core.somaxconn.
      _ = try check("listen", listen(descriptor, 16_384))
      port = try Self.port(of: descriptor)
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  private static func bind(_ descriptor: Int32, to address: ListeningAddress) -> Int32 {
    switch address {
    case .ipv4(let port):
      var name = sockaddr_in()
      name.sin_family = sa_family_t(AF_INET)
      name.sin_port = port.bigEndian
      name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
      return Self.bind(descriptor, &name)
    case .ipv6(let port):
      var name = sockaddr_in6()
      name.sin6_family = sa_family_t(AF_INET6)
      name.sin6_port = port.bigEndian
      name.sin6_addr = in6addr_loopback
      return Self.bind(descriptor, &name)
    case .unix(let path):
      var name = sockaddr_un()
      name.sun_family = sa_family_t(AF_UNIX)
      precondition(path.utf8.count < MemoryLayout.size(ofValue: name.sun_path), "socket path too long")
      withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: path.utf8) }
      return Self.bind(descriptor, &name)
    }
  }

  private static func bind<Name>(_ descriptor: Int32, _ name: inout Name) -> Int32 {
    withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Name>.size))
      }
    }
  }

  /// 0 for a socket file.
  private static func port(of descriptor: Int32) throws(TestServerError) -> UInt16 {
    var name = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let result = withUnsafeMutablePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    _ = try check("getsockname", result)
    // The port stands at the same place in both families.
    return Int32(name.sin6_family) == AF_UNIX ? 0 : UInt16(bigEndian: name.sin6_port)
  }
}

/// The result of a system call, or its error.
func check(_ call: StaticString, _ result: Int32) throws(TestServerError) -> Int32 {
  guard result >= 0 else { throw TestServerError(call: call, code: errno) }
  return result
}
