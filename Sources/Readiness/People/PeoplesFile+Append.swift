// SPDX-License-Identifier: Apache-2.0
package import Document
import Glibc

/// Why entries were not written.
package enum AppendError: Error {
  /// The file has mistakes: it is left as it is.
  case broken(Diagnostics)
  /// What is there cannot be written below; the text to write by hand.
  case unfit(reason: String, text: String)
  case file(operation: String, code: Int32)
  /// Another writer holds the file.
  case locked
}

extension PeoplesFile {
  private static let header = """
    # What people attest, accept and sign: one entry after the other, later ones win. `gonogo attest` appends here and
    # never changes what is written; edit it by hand as you like. `gonogo schema readiness` says what an entry may hold.

    """

  /// Reads a file that need not be there.
  package static func read(_ path: String) throws(AppendError) -> PeoplesEntries {
    if access(path, F_OK) != 0, errno == ENOENT { return PeoplesEntries() }
    var diagnostics = Diagnostics()
    let source: Source
    do throws(Mistake) {
      source = try Source(contentsOf: path, limit: limits.bytes)
    } catch {
      diagnostics.error(at: Position(source: Source(path: path, bytes: []), offset: 0), error.message)
      throw .broken(diagnostics)
    }
    guard let entries = decode(source, &diagnostics) else { throw .broken(diagnostics) }
    return entries
  }

  /// Writes entries below what is there, all of them or none, and returns the text that was added. `entries` is asked
  /// once the file is locked, and given what is in it. What people wrote is not touched: nothing is written unless the
  /// file can be read, and reads the same afterwards.
  @discardableResult
  package static func append(
    to path: String, _ entries: (PeoplesEntries) throws -> [PeoplesEntry]
  ) throws -> String {
    let descriptor = try locked(path)
    // Closing gives the lock back.
    defer { close(descriptor) }
    let bytes = try content(of: descriptor)
    let source = Source(path: path, bytes: bytes)
    var diagnostics = Diagnostics()
    guard let before = decode(source, &diagnostics) else { throw AppendError.broken(diagnostics) }
    // A file without a byte in it was made here, or holds nothing to lose: it does not stay behind.
    var isWritten = false
    defer { if bytes.isEmpty, !isWritten { unlink(path) } }
    let new = try entries(before)
    guard !new.isEmpty else { return "" }
    let added = new.map { $0.text(indent: indentation(of: source)) }.joined()
    var text = bytes.isEmpty ? header : ""
    if let last = bytes.last, last != 0x0A { text += "\n" }
    text += added
    var after = Diagnostics()
    guard decode(Source(path: path, bytes: bytes + Array(text.utf8)), &after)?.all == before.all + new else {
      let reason = after.all.first.map { ": \($0.message)" } ?? ""
      throw AppendError.unfit(
        reason: "nothing can be written below what is there\(reason)", text: new.map { $0.text() }.joined())
    }
    try write(Array(text.utf8), at: bytes.count, to: descriptor)
    isWritten = true
    return added
  }

  /// Spaces in front of the dashes of the list that is there.
  private static func indentation(of source: Source) -> Int {
    var diagnostics = Diagnostics()
    guard !isWithoutContent(source.bytes), let node = parse(source, &diagnostics, limits: limits) else { return 0 }
    return max(0, node.position.column - 1)
  }

  /// Opens the file, made if it is not there, with its lock held. Waits 5 s for another writer.
  private static func locked(_ path: String) throws(AppendError) -> Int32 {
    for _ in 0..<100 {
      let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o644)
      guard descriptor >= 0 else {
        // A link is followed to the file, which is locked itself.
        if errno == ELOOP, let target = realpath(path, nil) {
          defer { free(target) }
          return try locked(String(cString: target))
        }
        throw .file(operation: "open", code: errno)
      }
      var opened = stat()
      guard fstat(descriptor, &opened) == 0, opened.st_mode & S_IFMT == S_IFREG else {
        close(descriptor)
        throw .file(operation: "write to what is no regular file", code: EINVAL)
      }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
        var named = stat()
        // An editor may have put another file in its place meanwhile.
        if stat(path, &named) == 0, named.st_ino == opened.st_ino, named.st_dev == opened.st_dev { return descriptor }
      } else if errno != EWOULDBLOCK && errno != EINTR {
        let code = errno
        close(descriptor)
        throw .file(operation: "lock", code: code)
      }
      close(descriptor)
      usleep(50_000)
    }
    throw .locked
  }

  private static func content(of descriptor: Int32) throws(AppendError) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limits.bytes {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count == 0 { break }
      if count > 0 {
        bytes.append(contentsOf: chunk[..<count])
      } else if errno != EINTR {
        throw .file(operation: "read", code: errno)
      }
    }
    return bytes
  }

  /// All of it, safely on disk, or the file as it was.
  private static func write(_ bytes: [UInt8], at end: Int, to descriptor: Int32) throws(AppendError) {
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress! + written, $0.count - written, off_t(end + written))
      }
      if count > 0 {
        written += count
      } else if count == 0 || errno != EINTR {
        let code = count == 0 ? ENOSPC : errno
        ftruncate(descriptor, off_t(end))
        throw .file(operation: "write", code: code)
      }
    }
    guard fsync(descriptor) == 0 else {
      let code = errno
      ftruncate(descriptor, off_t(end))
      throw .file(operation: "write", code: code)
    }
  }
}
