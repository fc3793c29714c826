// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

/// Why the hotel could not be started, for people.
struct StartError: Error {
  var message: String
  init(_ message: String) { self.message = message }
}

/// A listening, non-blocking IPv4 socket and the port it got; port 0 takes a free one.
func listeningSocket(address: String, port: Int) throws(StartError) -> (descriptor: Int32, port: Int) {
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
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isListening = withUnsafeMutablePointer(to: &place) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 && listen(descriptor, 1_024) == 0 && getsockname(descriptor, $0, &length) == 0
    }
  }
  guard isListening else {
    throw StartError("cannot listen on \(address):\(port): \(String(cString: strerror(errno)))")
  }
  return (descriptor, Int(UInt16(bigEndian: place.sin_port)))
}
