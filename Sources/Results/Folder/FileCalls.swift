// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A call on a file that failed: what was tried, on which path, with which errno.
package struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  package var operation: String
  package var path: String
  package var code: Int32

  package init(operation: String, path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
  }

  /// The disk is full, a quota or a size limit is reached, or the device fails: nothing the run did wrong.
  package var isStorageTrouble: Bool { [ENOSPC, EDQUOT, EFBIG, EIO].contains(code) }

  package var description: String { "cannot \(operation) \(path): \(String(cString: strerror(code)))" }
}

/// The few calls on files that this room makes; each captures errno at once and retries EINTR.
enum FileCalls {
  static func open(_ path: String, _ flags: Int32, operation: String) throws(FileError) -> Int32 {
    while true {
      let descriptor = Glibc.open(path, flags | O_CLOEXEC, 0o644)
      if descriptor >= 0 { return descriptor }
      let code = errno
      if code != EINTR { throw FileError(operation: operation, path: path, code: code) }
    }
  }

  /// Writes as much as goes; returns how many bytes were taken and the errno that stopped it (0: none).
  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> (taken: Int, code: Int32) {
    var taken = 0
    while taken < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress! + taken, bytes.count - taken)
      if count > 0 {
        taken += count
      } else {
        let code = count == 0 ? ENOSPC : errno
        if code != EINTR { return (taken, code) }
      }
    }
    return (taken, 0)
  }

  /// A whole file of at most `limit` bytes. What is no regular file is refused: opening a pipe that nobody writes to would
  /// wait for ever.
  static func read(path: String, limit: Int = 1 << 30) throws(FileError) -> [UInt8] {
    let descriptor = try open(path, O_RDONLY | O_NONBLOCK, operation: "open")
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(operation: "read", path: path, code: errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw FileError(operation: "read", path: path, code: EISDIR)
    default: throw FileError(operation: "read what is no regular file", path: path, code: EINVAL)
    }
    let known = Int(status.st_size)
    guard known <= limit else { throw FileError(operation: "read", path: path, code: EFBIG) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(known + 1)
    var chunk = [UInt8](repeating: 0, count: min(max(known, 4096), 1 << 20))
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count > 0 {
        bytes.append(contentsOf: chunk[0..<count])
      } else if count == 0 {
        return bytes
      } else if errno != EINTR {
        throw FileError(operation: "read", path: path, code: errno)
      }
    }
  }

  /// All or nothing: the new content stands under `path` after it is safely on disk, or the old one still does.
  static func replace(_ path: String, with bytes: some Sequence<UInt8>) throws(FileError) {
    let draft = path + ".draft"
    let descriptor = try open(draft, O_WRONLY | O_CREAT | O_TRUNC, operation: "create")
    var code = Array(bytes).withUnsafeBytes { write($0, to: descriptor).code }
    if code == 0 && fsync(descriptor) != 0 { code = errno }
    close(descriptor)
    if code == 0 && rename(draft, path) != 0 { code = errno }
    if code != 0 {
      unlink(draft)
      throw FileError(operation: "write", path: path, code: code)
    }
  }

  static func makeDirectory(_ path: String) throws(FileError) {
    if mkdir(path, 0o755) != 0 { throw FileError(operation: "make directory", path: path, code: errno) }
  }

  /// Makes what is missing of the path.
  static func makeDirectories(_ path: String) throws(FileError) {
    var prefix = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      prefix += (prefix.isEmpty || prefix == "/" ? "" : "/") + part
      if mkdir(prefix, 0o755) != 0 {
        let code = errno
        if code != EEXIST { throw FileError(operation: "make directory", path: prefix, code: code) }
      }
    }
  }

  static func exists(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0
  }

  /// Whether another process, or another part of this one, holds the file's lock.
  static func isLocked(_ path: String) -> Bool {
    guard let descriptor = try? open(path, O_RDONLY | O_NONBLOCK, operation: "open") else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// Regular files below a directory, by path relative to it, sorted by bytes. Symbolic links are not followed.
  static func files(below directory: String) throws(FileError) -> [String] {
    var found: [String] = []
    try collect(directory, prefix: "", into: &found)
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// What else lies there: links, pipes, sockets, devices. What cannot be listed is left out.
  static func others(below directory: String) -> [String] {
    var files: [String] = []
    var others: [String] = []
    try? collect(directory, prefix: "", into: &files, others: &others)
    return others.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func collect(_ directory: String, prefix: String, into found: inout [String]) throws(FileError) {
    var others: [String] = []
    try collect(directory, prefix: prefix, into: &found, others: &others)
  }

  private static func collect(
    _ directory: String, prefix: String, into found: inout [String], others: inout [String]
  ) throws(FileError) {
    guard let stream = opendir(directory) else {
      throw FileError(operation: "list", path: directory, code: errno)
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name == "." || name == ".." { continue }
      let path = directory + "/" + name
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: try collect(path, prefix: prefix + name + "/", into: &found, others: &others)
      case S_IFREG: found.append(prefix + name)
      default: others.append(prefix + name)
      }
    }
  }
}
