// SPDX-License-Identifier: Apache-2.0
import Glibc

extension Source {
  /// Reads a file whole; a file over `limit` bytes, a directory or a pipe is refused, with the reason as the message.
  package convenience init(contentsOf path: String, limit: Int = Limits().bytes) throws(Mistake) {
    // Not blocking: opening a pipe that nobody writes to would wait for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Mistake("cannot read `\(path)`: \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw Mistake("cannot read `\(path)`: \(String(cString: strerror(errno)))")
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw Mistake("cannot read `\(path)`: it is a directory")
    default: throw Mistake("cannot read `\(path)`: it is not a regular file")
    }
    guard status.st_size <= limit else {
      throw Mistake("`\(path)` has \(status.st_size) bytes; at most \(limit) are read")
    }
    var bytes: [UInt8] = []
    let chunk = 65_536
    while bytes.count <= limit {
      let count = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: chunk) { buffer in
        let count = Glibc.read(descriptor, buffer.baseAddress, chunk)
        if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
        return count
      }
      if count == 0 { break }
      if count < 0, errno != EINTR { throw Mistake("cannot read `\(path)`: \(String(cString: strerror(errno)))") }
    }
    self.init(path: path, bytes: bytes)
  }
}
