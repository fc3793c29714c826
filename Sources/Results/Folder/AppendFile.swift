// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A text file that only grows, by whole lines. When a write fails, the file is cut back to its last whole line, the
/// error is remembered, and what comes later is counted but not written. Not thread-safe: its owner guards it.
struct AppendFile: ~Copyable {
  let path: String
  private let descriptor: Int32
  private let trouble: DiskTrouble
  private var buffer: [UInt8] = []
  /// Bytes on disk: always up to the end of a line.
  private var length = 0
  private var failed = false
  /// Lines that were not written.
  private(set) var lostLines = 0

  /// Precondition for all later calls: the file was not there before.
  init(path: String, trouble: DiskTrouble) throws(FileError) {
    self.path = path
    self.trouble = trouble
    descriptor = try FileCalls.open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, operation: "create")
    buffer.reserveCapacity(1 << 16)
  }

  /// Goes on behind what is there; a last line without its end is ended first.
  init(continuing path: String, trouble: DiskTrouble) throws(FileError) {
    self.path = path
    self.trouble = trouble
    descriptor = try FileCalls.open(path, O_RDWR | O_CREAT | O_APPEND, operation: "open")
    length = max(0, Int(lseek(descriptor, 0, SEEK_END)))
    var last: UInt8 = 10
    if length > 0, pread(descriptor, &last, 1, off_t(length - 1)) == 1, last != 10 { buffer.append(10) }
  }

  /// Until the file is closed; told by `FileCalls.isLocked`.
  func lock() { _ = flock(descriptor, LOCK_EX | LOCK_NB) }

  deinit {
    close(descriptor)
  }

  /// Takes one or more whole lines, each with its newline; they reach the file with `flush`, or before when many wait.
  mutating func append(_ lines: some Sequence<UInt8>) {
    buffer.append(contentsOf: lines)
    if buffer.count >= 1 << 18 { flush() }
  }

  mutating func append(_ lines: String) {
    append(lines.utf8)
  }

  /// Hands everything to the kernel: it survives the death of this process, not that of the machine.
  mutating func flush() {
    guard !buffer.isEmpty else { return }
    defer { buffer.removeAll(keepingCapacity: true) }
    let newline = UInt8(ascii: "\n")
    if failed {
      lostLines += buffer.count { $0 == newline }
      return
    }
    let (taken, code) = buffer.withUnsafeBytes { FileCalls.write($0, to: descriptor) }
    if code == 0 {
      length += taken
      return
    }
    failed = true
    trouble.remember(FileError(operation: "write", path: path, code: code))
    let whole = (buffer[0..<taken].lastIndex(of: newline) ?? -1) + 1
    length += whole
    lostLines += buffer[whole...].count { $0 == newline }
    _ = ftruncate(descriptor, off_t(length))
  }

  /// `flush`, and on to the disk.
  mutating func synchronize() {
    flush()
    if !failed && fsync(descriptor) != 0 {
      failed = true
      trouble.remember(FileError(operation: "write", path: path, code: errno))
    }
  }
}
