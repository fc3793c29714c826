// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Synchronization

/// A terminal that a test looks at: the far end of a pseudo terminal, and what has come out of it.
final class Terminal: Sendable {
  /// For the child's streams.
  let descriptor: Int32
  private let master: Int32
  private let collected = Mutex<[UInt8]>([])
  private static let setLock: UInt = 0x4004_5431
  private static let getNumber: UInt = 0x8004_5430
  private let done = DispatchSemaphore(value: 0)

  init(columns: UInt16) throws {
    // What posix_openpt, unlockpt and ptsname do, which the C library's module leaves out.
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var locked: Int32 = 0
    var number: UInt32 = 0
    guard master >= 0, ioctl(master, Self.setLock, &locked) == 0, ioctl(master, Self.getNumber, &number) == 0 else {
      throw SpawnError(program: "/dev/ptmx", code: errno)
    }
    descriptor = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var size = winsize(ws_row: 50, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard descriptor >= 0, ioctl(descriptor, UInt(TIOCSWINSZ), &size) == 0 else {
      throw SpawnError(program: "open terminal", code: errno)
    }
    DispatchQueue.global().async { self.collect() }
  }

  private func collect() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else { break }
      collected.withLock { $0 += buffer[..<count] }
    }
    close(master)
    done.signal()
  }

  /// Everything that was written. To be called once, after the child ended.
  func text() async -> String {
    // The last copy of this end: the other end reads to its end then.
    close(descriptor)
    return await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        _ = self.done.wait(timeout: .now() + 10)
        continuation.resume(returning: self.collected.withLock { String(decoding: $0, as: UTF8.self) })
      }
    }
  }
}

/// What stays to be seen of a terminal's output: new lines, carriage returns, lines up, erasing to the end, colours.
struct Seen {
  private(set) var lines: [String] = [""]
  private(set) var coloured = false

  init(_ text: String) {
    var row = 0
    var rest = text.unicodeScalars[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "\n":
        row += 1
        if row == lines.count { lines.append("") }
      case "\r": break
      case "\u{1B}":
        guard rest.first == "[" else { continue }
        rest.removeFirst()
        let digits = rest.prefix { ("0"..."9").contains($0) || $0 == ";" }
        rest = rest.dropFirst(digits.count)
        switch rest.popFirst() {
        case "F": row = max(0, row - (Int(String(String.UnicodeScalarView(digits))) ?? 1))
        case "J": lines.replaceSubrange(row..., with: [""])
        case "m": coloured = true
        default: lines[row] += "<unknown escape>"
        }
      default:
        lines[row].unicodeScalars.append(scalar)
      }
    }
  }

  /// Everything ever written, escapes removed, one line each.
  static func everyLine(_ text: String) -> [String] {
    text.replacing(#/\u{1B}\[[0-9;]*[A-Za-z]/#, with: "").split(whereSeparator: \.isNewline).map(String.init)
  }
}
