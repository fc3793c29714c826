// SPDX-License-Identifier: Apache-2.0

/// One thing to tell the author of a file.
package struct Diagnostic: Sendable {
  /// Whether the file can be used all the same.
  package enum Severity: String, Sendable { case error, warning }

  package var severity: Severity
  package var position: Position
  /// Bytes of the source the caret line marks; it never leaves the line.
  package var length: Int
  package var message: String
  /// What to do about it, such as "did you mean `post`?".
  package var hint: String?
}

/// All mistakes of one reading, over several files. Passed `inout` through parsing and decoding.
package struct Diagnostics: Error, Sendable {
  /// Kept in full; the rest is counted. A file with more mistakes has one mistake, at its top.
  static let mostKept = 100

  /// In the order in which they were found.
  package private(set) var all: [Diagnostic] = []
  private var unkept = 0
  private var seen: Set<String> = []

  /// None yet.
  package init() {}

  /// Whether no error was reported; warnings do not count.
  package var isEmpty: Bool { unkept == 0 && !all.contains { $0.severity == .error } }

  /// The number of errors, unkept ones included.
  package var errorCount: Int { unkept + all.count { $0.severity == .error } }

  /// Whether further errors are only counted: looking for suggestions would be in vain then.
  var isFull: Bool { all.count >= Self.mostKept }

  /// Reports a mistake at a node; a scalar is marked as a whole, a collection at its start.
  package mutating func error(at node: Node, _ message: String, hint: String? = nil) {
    report(.error, at: node.position, length: node.markedLength, message, hint: hint)
  }

  /// Reports a mistake at a place; `length` in bytes.
  package mutating func error(at position: Position, length: Int = 1, _ message: String, hint: String? = nil) {
    report(.error, at: position, length: length, message, hint: hint)
  }

  /// Reports a mistake inside a scalar, at the offset the mistake carries (UTF-8 bytes of the scalar's text).
  package mutating func error(at node: Node, _ mistake: Mistake) {
    guard let offset = mistake.offset else { return error(at: node, mistake.message, hint: mistake.hint) }
    let start = node.position(atOffset: offset)
    let end = node.position(atOffset: offset + max(1, mistake.length))
    report(.error, at: start, length: max(1, end.offset - start.offset), mistake.message, hint: mistake.hint)
  }

  /// Reports something worth knowing that does not stop the file from being used.
  package mutating func warning(at node: Node, _ message: String, hint: String? = nil) {
    report(.warning, at: node.position, length: node.markedLength, message, hint: hint)
  }

  /// Takes over what another reading found.
  package mutating func append(_ other: Diagnostics) {
    for one in other.all { add(one) }
    unkept += other.unkept
  }

  private mutating func report(
    _ severity: Diagnostic.Severity, at position: Position, length: Int, _ message: String, hint: String?
  ) {
    add(Diagnostic(severity: severity, position: position, length: max(1, length), message: message, hint: hint))
  }

  // The same place can be decoded many times: an alias used twice would say everything twice.
  private mutating func add(_ one: Diagnostic) {
    if isFull {
      if one.severity == .error { unkept += 1 }
      return
    }
    guard seen.insert("\(one.position.file):\(one.position.offset):\(one.message)").inserted else { return }
    all.append(one)
  }

  /// What a person reads: by file and place, each with its line, a caret and its hint. Free of control characters.
  package func rendered(colour: Bool = false) -> String {
    var order: [String: Int] = [:]
    for one in all where order[one.position.file] == nil { order[one.position.file] = order.count }
    let sorted = all.enumerated().sorted { left, right in
      let leftKey = (order[left.element.position.file] ?? 0, left.element.position.offset, left.offset)
      let rightKey = (order[right.element.position.file] ?? 0, right.element.position.offset, right.offset)
      return leftKey < rightKey
    }
    var text = ""
    for (_, one) in sorted { text += one.rendered(colour: colour) }
    if unkept > 0 { text += "and \(unkept) more\n" }
    return text
  }
}

/// Why a value was refused, thrown by conversions (`Shape.map`); the shape adds the place.
package struct Mistake: Error, Sendable, Equatable {
  package var message: String
  package var hint: String?
  /// Where inside the scalar's text, in UTF-8 bytes; nil for the whole of it.
  package var offset: Int?
  /// UTF-8 bytes to mark from `offset`.
  package var length: Int

  /// `offset` and `length` in UTF-8 bytes of the scalar's text.
  package init(_ message: String, hint: String? = nil, offset: Int? = nil, length: Int = 1) {
    self.message = message
    self.hint = hint
    self.offset = offset
    self.length = length
  }
}
