// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

/// Why the hotel could not be started, for people.
struct StartError: Error {
  var message: String
  init(_ message: String) { self.message = message }
}

/// A listening, non-blocking IPv4 socket; port 0 takes a free one.
func listeningSocket(address: String, port: Int) throws(StartError) -> Int32 {
  func failed(_ what: String) -> StartError {
    StartError("cannot \(what) \(address):\(port): \(String(cString: strerror(errno)))")
  }
  var place = sockaddr_in()
  place.sin_family = sa_family_t(AF_INET)
  place.sin_port = UInt16(port).bigEndian
  guard inet_pton(AF_INET, address, &place.sin_addr) == 1 else {
    throw StartError("--listen takes an IPv4 address, not \(address)")
  }
  let descriptor = gonogo_socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
  guard descriptor >= 0 else { throw StartError("no socket: \(String(cString: strerror(-descriptor)))") }
  var one: Int32 = 1
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
  let bound = withUnsafePointer(to: &place) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
    }
  }
  guard bound == 0 else { throw failed("bind") }
  guard listen(descriptor, 1_024) == 0 else { throw failed("listen on") }
  return descriptor
}

/// The port a socket is bound to.
func boundPort(_ descriptor: Int32) throws(StartError) -> Int {
  var place = sockaddr_in()
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let found = withUnsafeMutablePointer(to: &place) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
  }
  guard found == 0 else { throw StartError("no port: \(String(cString: strerror(errno)))") }
  return Int(UInt16(bigEndian: place.sin_port))
}
