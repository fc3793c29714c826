// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

/// A listening, non-blocking IPv4 socket that no child inherits, and the port it got; port 0 takes a free one.
func listeningSocket(address: String, port: Int) throws(SinkError) -> (descriptor: Int32, port: Int) {
  var place = sockaddr_in()
  place.sin_family = sa_family_t(AF_INET)
  guard inet_pton(AF_INET, address, &place.sin_addr) == 1, let number = UInt16(exactly: port) else {
    throw SinkError(message: "\(address):\(port) is not an IPv4 address and a port")
  }
  place.sin_port = number.bigEndian
  let descriptor = gonogo_socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
  guard descriptor >= 0 else { throw SinkError(message: "no socket: \(String(cString: strerror(-descriptor)))") }
  var one: Int32 = 1
  setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isListening = withUnsafeMutablePointer(to: &place) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 && listen(descriptor, 1_024) == 0 && getsockname(descriptor, $0, &length) == 0
    }
  }
  guard isListening else {
    let reason = String(cString: strerror(errno))
    close(descriptor)
    throw SinkError(message: "cannot listen on \(address):\(port): \(reason)")
  }
  return (descriptor, Int(UInt16(bigEndian: place.sin_port)))
}
