// SPDX-License-Identifier: Apache-2.0
import Glibc

/// One accepted connection; confined to its server's thread.
final class Connection {
  enum Sent {
    case all
    case blocked
    case clientLeft
  }

  let descriptor: Int32
  let index: Int
  var parser = RequestParser()
  /// When the first bytes of the request now being read arrived.
  var arrivedNanoseconds: Int64?

  /// The request being answered; nil while the connection is idle.
  var request: Request?
  var acts: ArraySlice<Reply.Act> = []
  var forever: [UInt8]?
  var wait: (startNanoseconds: Int64, durationNanoseconds: Int64)?
  var holds = false
  /// Grows with each entry made in the due queue; older entries no longer count.
  var stamp = 0
  var wantsWritable = false

  private var output: [UInt8] = []
  private var outputSent = 0

  init(descriptor: Int32, index: Int) {
    self.descriptor = descriptor
    self.index = index
  }

  func queue(_ bytes: [UInt8]) {
    output = outputSent == output.count ? bytes : Array(output[outputSent...]) + bytes
    outputSent = 0
  }

  /// Hands queued bytes to the kernel, as many as it takes.
  func flush() -> Sent {
    while outputSent < output.count {
      let count = output.withUnsafeBytes {
        send(descriptor, $0.baseAddress! + outputSent, $0.count - outputSent, Int32(MSG_NOSIGNAL))
      }
      if count > 0 {
        outputSent += count
      } else if errno == EAGAIN {
        return .blocked
      } else if errno != EINTR {
        return .clientLeft
      }
    }
    return .all
  }

  /// Reads what is there; false when the client closed or reset the connection.
  func read(into buffer: UnsafeMutableRawBufferPointer, nowNanoseconds: Int64) -> Bool {
    let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
    if count == 0 { return false }
    if count < 0 { return errno == EAGAIN || errno == EINTR }
    if arrivedNanoseconds == nil { arrivedNanoseconds = nowNanoseconds }
    parser.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    return true
  }

  /// The connection is of no use after this call.
  func end(withReset: Bool) {
    if withReset {
      var now = linger(l_onoff: 1, l_linger: 0)
      _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    }
    Glibc.close(descriptor)
  }
}
