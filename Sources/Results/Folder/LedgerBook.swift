// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc

/// What the ledger of a run says of every key, read back from its file: what the target answered, what was found later.
/// One pass over the files; memory is some 60 bytes for a key, whose text and values stay in the file.
package struct LedgerBook: Sendable {
  /// What the target's answers said, all tries of a key together.
  package enum Answer: UInt8, Sendable {
    /// Sent, or about to be, and no answer tells.
    case indeterminate
    case refused, acked, closing, closed
  }

  package struct Write: Sendable {
    package fileprivate(set) var answer = Answer.indeterminate
    /// An earlier try may have come through, so that a refusal does not tell.
    fileprivate var isDoubtful = false
    /// How often it was there when it was last read back; nil: that is not known.
    package fileprivate(set) var found: Int?
    /// Reading back was tried and told nothing.
    package fileprivate(set) var isUnread = false
    /// Index into the book's steps.
    package fileprivate(set) var step: UInt16 = 0
    fileprivate var first = Place()
    /// The last line with values.
    fileprivate var valued: Place?
    fileprivate var reasoned: Place?
  }

  fileprivate struct Place {
    var file: UInt8 = 0
    var offset = 0
    var length = 0
  }

  /// In the order of their first line.
  package private(set) var writes: [Write] = []
  /// Lines that are no entries, a last line without its end among them.
  package private(set) var unreadableLines = 0
  private var paths: [String] = []
  /// A write of each step, by index of the step, and the steps by their text as it stands in the file.
  private var firstOfStep: [Int] = []
  private var steps: [[UInt8]: UInt16] = [:]
  /// By 64 bits of the hash of key, scenario and step: two of a million keys meet once in 40 million runs.
  private var indices: [UInt64: Int] = [:]

  private static let pieceBytes = 1 << 20

  init() {}

  /// Reads the files one after the other, each to its end; throws when that is not possible.
  package init(paths: [String]) throws(FileError) {
    for path in paths { try read(path) }
  }

  /// Whether the run that writes the folder's ledger goes on, in any process of this machine.
  package static func isStillWritten(_ directory: String) -> Bool { FileCalls.isLocked(directory + "/ledger.jsonl") }

  private mutating func read(_ path: String) throws(FileError) {
    let descriptor = try FileCalls.open(path, O_RDONLY, operation: "open")
    defer { close(descriptor) }
    let file = UInt8(paths.count)
    paths.append(path)
    var rest: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: Self.pieceBytes)
    var offset = 0
    while true {
      let count = Glibc.read(descriptor, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw FileError(operation: "read", path: path, code: errno) }
      if count == 0 { break }
      rest += piece[..<count]
      var rows = TextRows(rest)
      while let line = rows.next() {
        take(line, Place(file: file, offset: offset + line.startIndex, length: line.count))
      }
      offset += rest.count - rows.cutBytes
      rest = Array(rest.suffix(rows.cutBytes))
    }
    if !rest.isEmpty { unreadableLines += 1 }
  }

  /// Text, values and reason of a write, from the files. They must be as they were.
  package func entry(_ index: Int) throws(FileError) -> LedgerEntry {
    let write = writes[index]
    let line = try text(write.first)
    guard var entry = try? JSONDecoder().decode(LedgerEntry.self, from: Data(line)) else { throw damaged(write.first) }
    entry.values = []
    if let place = write.valued, let fields = LedgerLine(try text(place)[...]) { entry.values = Array(fields.values) }
    entry.reason = nil
    if let place = write.reasoned {
      entry.reason = try? JSONDecoder().decode(LedgerEntry.self, from: Data(try text(place))).reason
    }
    return entry
  }

  private func damaged(_ place: Place) -> FileError {
    FileError(operation: "read", path: paths[Int(place.file)], code: EBADMSG)
  }

  private func text(_ place: Place) throws(FileError) -> [UInt8] {
    let path = paths[Int(place.file)]
    let descriptor = try FileCalls.open(path, O_RDONLY, operation: "open")
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: place.length)
    guard pread(descriptor, &bytes, bytes.count, off_t(place.offset)) == bytes.count else { throw damaged(place) }
    return bytes
  }

  /// `scenario/step` by index of the step.
  package var stepNames: [String] {
    firstOfStep.map { index in (try? entry(index)).map { "\($0.scenario)/\($0.step)" } ?? "" }
  }

  // MARK: reading

  mutating func take(_ line: ArraySlice<UInt8>) { take(line, Place()) }

  private mutating func take(_ line: ArraySlice<UInt8>, _ place: Place) {
    guard let fields = LedgerLine(line),
      let state = LedgerState(rawValue: String(decoding: fields.state, as: UTF8.self))
    else {
      unreadableLines += 1
      return
    }
    let hash = fields.identity
    let index = indices[hash] ?? writes.count
    if index == writes.count {
      indices[hash] = index
      writes.append(Write())
      writes[index].first = place
      writes[index].step = step(fields.step, firstWrite: index)
    }
    if !fields.values.isEmpty { writes[index].valued = place }
    writes[index].take(state, found: fields.found)
    if state == .unread { writes[index].reasoned = place }
  }
}

extension LedgerBook {
  /// No plan has more steps than fit.
  private mutating func step(_ text: [UInt8], firstWrite index: Int) -> UInt16 {
    if let known = steps[text] { return known }
    let made = UInt16(clamping: steps.count)
    steps[text] = made
    if firstOfStep.count == Int(made) { firstOfStep.append(index) }
    return made
  }
}

extension LedgerBook.Write {
  /// A retry enters its key again. What was acknowledged stays so, whatever a later try of the same key meets.
  fileprivate mutating func take(_ state: LedgerState, found count: Int?) {
    switch state {
    case .sending:
      if answer == .closed || answer == .closing {
        // Written anew after it was taken away.
        answer = .indeterminate
        isDoubtful = false
        found = nil
      } else if answer == .refused {
        answer = .indeterminate
      }
    case .acked: answer = .acked
    case .indeterminate:
      isDoubtful = true
      if answer == .refused { answer = .indeterminate }
    case .refused: if answer == .indeterminate, !isDoubtful { answer = .refused }
    case .closing: if answer == .acked { answer = .closing }
    case .closed:
      answer = .closed
      // Closed by `clean`, after it was read: what was found then is over.
      found = nil
    case .read:
      found = count
      isUnread = count == nil
    case .unread: isUnread = true
    }
  }
}

/// The parts of one line, still escaped. Strict: what the writer does not write is no line.
struct LedgerLine {
  let state: ArraySlice<UInt8>
  /// Of key, scenario and step: the same in every process, as the results must be.
  let identity: UInt64
  /// Scenario and step.
  let step: [UInt8]
  let found: Int?
  /// A JSON object; empty for none.
  let values: ArraySlice<UInt8>

  init?(_ line: ArraySlice<UInt8>) {
    var rest = line
    guard rest.takeText(Self.at) != nil, let key = rest.takeText(Self.key),
      let scenario = rest.takeText(Self.scenario), let state = rest.takeText(Self.state),
      let step = rest.takeText(Self.step)
    else { return nil }
    self.state = state
    self.step = Array(scenario) + [0x22] + step
    // Quotes are escaped in a value, so they tell the parts apart.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for part in [key, scenario, step] {
      for byte in part { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = (hash ^ 0x22) &* 0x100_0000_01b3
    }
    identity = hash
    if rest.starts(with: Self.found) {
      let digits = rest.dropFirst(Self.found.count).prefix { (48...57).contains($0) }
      guard let number = digits.wholeNumber else { return nil }
      found = number
      rest = rest[digits.endIndex...]
    } else {
      found = nil
    }
    if rest.starts(with: Self.reason), rest.takeText(Self.reason) == nil { return nil }
    if rest.starts(with: Self.values) {
      values = rest.dropFirst(Self.values.count).dropLast()
      guard values.first == UInt8(ascii: "{"), values.last == UInt8(ascii: "}"), rest.last == UInt8(ascii: "}") else {
        return nil
      }
    } else {
      guard rest.elementsEqual([UInt8(ascii: "}")]) else { return nil }
      values = []
    }
  }

  private static let at = Array("{\"at\":\"".utf8)
  private static let key = Array(",\"key\":\"".utf8)
  private static let scenario = Array(",\"scenario\":\"".utf8)
  private static let state = Array(",\"state\":\"".utf8)
  private static let step = Array(",\"step\":\"".utf8)
  private static let found = Array(",\"found\":".utf8)
  private static let reason = Array(",\"reason\":\"".utf8)
  private static let values = Array(",\"values\":".utf8)
}

extension ArraySlice<UInt8> {
  /// Takes `name`, which ends with a quote, and the text up to the next quote that is not escaped.
  fileprivate mutating func takeText(_ name: [UInt8]) -> ArraySlice<UInt8>? {
    guard starts(with: name) else { return nil }
    let rest = dropFirst(name.count)
    var index = rest.startIndex
    while index < rest.endIndex, rest[index] != 0x22 { index += rest[index] == 0x5c ? 2 : 1 }
    guard index < rest.endIndex else { return nil }
    self = rest[(index + 1)...]
    return rest[..<index]
  }
}
