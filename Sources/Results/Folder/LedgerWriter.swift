// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Synchronization

/// What is known about one key written to the target.
package enum LedgerState: String, Codable, Sendable {
  /// About to be sent: on disk before the first byte leaves.
  case sending
  /// The target acknowledged it.
  case acked
  /// The target refused it.
  case refused
  /// No answer was understood: it may be there or not.
  case indeterminate
  /// The step named in `closed-by` was sent and its answer did not tell whether it was done.
  case closing
  /// Undone by the step named in `closed-by`.
  case closed
  /// Read back: it is there `found` times.
  case read
  /// Could not be read back, for this `reason`.
  case unread
}

/// One change of a key's state: a line of `ledger.jsonl`.
package struct LedgerEntry: Codable, Sendable, Equatable {
  package var key: String
  package var state: LedgerState
  package var scenario: String
  package var step: String
  package var at: Timestamp
  /// Of a write that was read back.
  package var found: Int?
  /// Why it was not; without secrets.
  package var reason: String?
  /// A JSON object with what reading the write back and closing it need, without secrets; empty for none. A later line
  /// with values replaces those of an earlier one.
  package var values: [UInt8] = []

  package init(
    key: String, state: LedgerState, scenario: String, step: String, at: Timestamp, found: Int? = nil,
    reason: String? = nil, values: [UInt8] = []
  ) {
    self.key = key
    self.state = state
    self.scenario = scenario
    self.step = step
    self.at = at
    self.found = found
    self.reason = reason
    self.values = values
  }

  private enum CodingKeys: CodingKey { case key, state, scenario, step, at, found, reason }
}

/// Appends to `ledger.jsonl`. Any thread may call it; a worker appends what its batch will send, flushes once, and then
/// sends.
package final class LedgerWriter: Sendable {
  private let file: Mutex<AppendFile>

  private let trouble: DiskTrouble

  /// The file is locked while this object lives, so that nobody cleans up behind a run that goes on.
  convenience init(path: String, trouble: DiskTrouble) throws(FileError) {
    self.init(try AppendFile(path: path, trouble: trouble), trouble)
  }

  private init(_ file: consuming AppendFile, _ trouble: DiskTrouble) {
    file.lock()
    self.file = Mutex(file)
    self.trouble = trouble
  }

  /// A file of its own in the same form, which may be there already: what was done about a run's writes later.
  package convenience init(continuing path: String) throws(FileError) {
    let trouble = DiskTrouble()
    self.init(try AppendFile(continuing: path, trouble: trouble), trouble)
  }

  /// The first failure of writing this folder's files, nil when all went well.
  package var failure: FileError? { trouble.first }

  /// Buffers one line.
  package func append(_ entry: LedgerEntry) {
    let line = Self.line(entry)
    file.withLock { $0.append(line) }
  }

  /// Hands what is buffered to the kernel. Whether that worked is told by `RunFolderWriter.trouble`.
  package func flush() {
    file.withLock { $0.flush() }
  }

  package func synchronize() {
    file.withLock { $0.synchronize() }
  }

  // One line per entry by hand: a JSONEncoder per line costs as much as the request it stands for.
  static func line(_ entry: LedgerEntry) -> [UInt8] {
    var line: [UInt8] = []
    line.reserveCapacity(128 + entry.key.utf8.count)
    line += #"{"at":""#.utf8
    line += entry.at.text.utf8
    line += #"","key":"#.utf8
    appendQuoted(entry.key, to: &line)
    line += #","scenario":"#.utf8
    appendQuoted(entry.scenario, to: &line)
    line += #","state":""#.utf8
    line += entry.state.rawValue.utf8
    line += #"","step":"#.utf8
    appendQuoted(entry.step, to: &line)
    if let found = entry.found { line += ",\"found\":\(found)".utf8 }
    if let reason = entry.reason {
      line += #","reason":"#.utf8
      appendQuoted(reason, to: &line)
    }
    if !entry.values.isEmpty {
      line += #","values":"#.utf8
      line += entry.values
    }
    line += "}\n".utf8
    return line
  }

  private static func appendQuoted(_ text: String, to line: inout [UInt8]) {
    line.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        line.append(UInt8(ascii: "\\"))
        line.append(byte)
      case 0..<0x20, 0x7F:
        line += "\\u00".utf8
        line += [byte >> 4, byte & 15].map { $0 < 10 ? $0 + 48 : $0 + 87 }
      default: line.append(byte)
      }
    }
    line.append(UInt8(ascii: "\""))
  }
}
