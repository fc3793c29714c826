// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc

/// What a ledger says is still in the target. One pass over the file in pieces; memory follows the keys that are open.
struct LedgerReader {
  /// Keys that were acknowledged and not taken away again, or are not known to have been refused.
  var leftCount: Int { left.count }
  /// Lines that are no entries, a last line without its end among them.
  private(set) var unreadableLines = 0
  /// By 64 bits of their hash: two of a million keys meet once in 40 million runs.
  private var left: Set<UInt64> = []
  /// Those of `left` that may be there although a later try was refused.
  private var doubtful: Set<UInt64> = []
  /// Open keys with their text, in the order of their first line, as far as `mostTracked`.
  private var open: [[UInt8]: (order: Int, entry: LedgerEntry)] = [:]
  private var order = 0

  static let mostTracked = 1000
  static let mostShown = 20
  private static let pieceBytes = 1 << 20

  init() {}

  /// Reads the file to its end; throws when that is not possible.
  init(path: String) throws(FileError) {
    let descriptor = try FileCalls.open(path, O_RDONLY, operation: "open")
    defer { close(descriptor) }
    var rest: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw FileError(operation: "read", path: path, code: errno) }
      if count == 0 { break }
      rest += piece[..<count]
      var rows = TextRows(rest)
      while let line = rows.next() { take(line) }
      rest = Array(rest.suffix(rows.cutBytes))
    }
    if !rest.isEmpty { unreadableLines += 1 }
  }

  /// The first open keys, with the state they stayed in: acked, or indeterminate.
  var shown: [LeftBehind] {
    open.values.sorted { $0.order < $1.order }.prefix(Self.mostShown).map { _, entry in
      LeftBehind(
        scenario: entry.scenario, step: entry.step, key: entry.key,
        state: (entry.state == .acked ? LedgerState.acked : .indeterminate).rawValue)
    }
  }

  /// A retry enters its key again.
  mutating func take(_ line: ArraySlice<UInt8>) {
    guard let fields = Self.values(line), let state = LedgerState(rawValue: String(decoding: fields[3], as: UTF8.self))
    else {
      unreadableLines += 1
      return
    }
    // Quotes are escaped in a value, so they tell the parts apart.
    let identity = Array(fields[1]) + [0x22] + fields[2] + [0x22] + fields[4]
    let hash = Self.hash(identity)
    switch state {
    case .sending:
      guard left.insert(hash).inserted else { return }
      order += 1
      if open.count < Self.mostTracked, let entry = Self.entry(line) { open[identity] = (order, entry) }
    case .acked:
      doubtful.remove(hash)
      open[identity]?.entry.state = state
    case .indeterminate:
      doubtful.insert(hash)
      open[identity]?.entry.state = state
    case .refused where doubtful.contains(hash): break
    case .refused, .closed:
      left.remove(hash)
      doubtful.remove(hash)
      open[identity] = nil
    }
  }

  /// FNV-1a: the same in every process, as the results must be.
  private static func hash(_ bytes: [UInt8]) -> UInt64 {
    bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  private static func entry(_ line: ArraySlice<UInt8>) -> LedgerEntry? {
    try? JSONDecoder().decode(LedgerEntry.self, from: Data(line))
  }

  /// The values of `at`, `key`, `scenario`, `state`, `step`, still escaped. Nil for what the writer does not write.
  private static func values(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
    var values: [ArraySlice<UInt8>] = []
    var rest = line
    for name in names {
      guard rest.starts(with: name) else { return nil }
      rest = rest.dropFirst(name.count)
      var index = rest.startIndex
      while index < rest.endIndex, rest[index] != 0x22 { index += rest[index] == 0x5c ? 2 : 1 }
      guard index < rest.endIndex else { return nil }
      values.append(rest[..<index])
      rest = rest[index...].dropFirst()
    }
    return rest.elementsEqual([UInt8(ascii: "}")]) ? values : nil
  }

  private static let names = ["{\"at\":\"", ",\"key\":\"", ",\"scenario\":\"", ",\"state\":\"", ",\"step\":\""].map {
    Array($0.utf8)
  }
}
