// SPDX-License-Identifier: Apache-2.0

/// Reads the XML of reports piece by piece: elements, attributes, text. UTF-8 only; no document type with declarations, no
/// entities but the five of XML itself, bounded depth and sizes, linear time: a report comes from anywhere.
struct XMLReader {
  enum Event: Equatable {
    /// Name without its prefix, attributes by name without prefix.
    case start(String, [String: String])
    case end(String)
    case text(String)
  }

  private let bytes: [UInt8]
  private var index = 0
  private var open: [String] = []
  private var hasRoot = false
  /// The end that follows `<a/>`.
  private var pendingEnd: String?

  private static let deepest = 200
  private static let mostAttributes = 200
  private static let longestName = 500

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  /// The next piece; nil at the end of a whole document.
  mutating func next() throws(ImportMistake) -> Event? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name)
    }
    while index < bytes.count {
      if bytes[index] != UInt8(ascii: "<") {
        if let text = try text() { return .text(text) }
        continue
      }
      if has("<!--") {
        try skip(past: "-->", from: 4)
      } else if has("<![CDATA[") {
        return .text(try characterData())
      } else if has("<?") {
        try instruction()
      } else if has("<!DOCTYPE") {
        try documentType()
      } else if has("</") {
        return try end()
      } else {
        return try start()
      }
    }
    guard hasRoot, open.isEmpty else { throw mistake("the document ends in the middle") }
    return nil
  }

  /// 1-based.
  var line: Int { bytes[..<min(index, bytes.count)].count { $0 == 0x0A } + 1 }

  private func mistake(_ message: String) -> ImportMistake { ImportMistake("line \(line): \(message)") }

  private func has(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard index + count <= bytes.count else { return false }
    return text.withUTF8Buffer { bytes[index..<index + count].elementsEqual($0) }
  }

  private mutating func skip(past mark: StaticString, from skipped: Int) throws(ImportMistake) {
    let start = index
    index += skipped
    while index < bytes.count {
      if has(mark) {
        index += mark.utf8CodeUnitCount
        return
      }
      index += 1
    }
    index = start
    throw mistake("something that was begun is never ended")
  }

  /// `<?xml ... ?>`: only its encoding matters.
  private mutating func instruction() throws(ImportMistake) {
    let start = index
    try skip(past: "?>", from: 2)
    let text = String(decoding: bytes[start..<index], as: UTF8.self).lowercased()
    guard text.hasPrefix("<?xml "), let range = text.ranges(of: "encoding").first else { return }
    let rest = text[range.upperBound...]
    guard ["utf-8", "us-ascii", "ascii"].contains(where: rest.contains) else {
      throw mistake("its encoding is not UTF-8")
    }
  }

  /// One that only names a file elsewhere is passed over, and the file is not read.
  private mutating func documentType() throws(ImportMistake) {
    guard !hasRoot else { throw mistake("a document type inside the document") }
    while index < bytes.count, bytes[index] != UInt8(ascii: ">") {
      guard bytes[index] != UInt8(ascii: "[") else { throw mistake("a document type with declarations is not read") }
      index += 1
    }
    guard index < bytes.count else { throw mistake("the document ends in the middle") }
    index += 1
  }

  /// Nil for blanks outside the root.
  private mutating func text() throws(ImportMistake) -> String? {
    let start = index
    while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
    guard !open.isEmpty else {
      guard bytes[start..<index].allSatisfy(Self.isBlank) else {
        index = start
        throw mistake("this is no XML")
      }
      return nil
    }
    return try decoded(bytes[start..<index])
  }

  private mutating func characterData() throws(ImportMistake) -> String {
    guard !open.isEmpty else { throw mistake("text outside of an element") }
    let start = index + 9
    try skip(past: "]]>", from: 9)
    return try utf8(bytes[start..<index - 3])
  }

  private mutating func start() throws(ImportMistake) -> Event {
    guard !(hasRoot && open.isEmpty) else { throw mistake("something follows the end of the document") }
    guard open.count < Self.deepest else { throw mistake("more than \(Self.deepest) elements inside each other") }
    index += 1
    let (name, whole) = try name()
    hasRoot = true
    var attributes: [String: String] = [:]
    while true {
      let hadBlank = skipBlanks()
      guard index < bytes.count else { throw mistake("the document ends in the middle") }
      if bytes[index] == UInt8(ascii: ">") {
        index += 1
        open.append(whole)
        return .start(name, attributes)
      }
      if has("/>") {
        index += 2
        pendingEnd = name
        return .start(name, attributes)
      }
      guard hadBlank else { throw mistake("a blank is missing between attributes") }
      guard attributes.count < Self.mostAttributes else { throw mistake("too many attributes") }
      let (key, value) = try attribute()
      guard attributes.updateValue(value, forKey: key) == nil else {
        throw mistake("the attribute \(key) stands twice")
      }
    }
  }

  private mutating func attribute() throws(ImportMistake) -> (String, String) {
    let (key, whole) = try name()
    skipBlanks()
    guard index < bytes.count, bytes[index] == UInt8(ascii: "=") else { throw mistake("expected = after \(key)") }
    index += 1
    skipBlanks()
    guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "'") else {
      throw mistake("the value of \(key) has no quotes")
    }
    let quote = bytes[index]
    index += 1
    let start = index
    while index < bytes.count, bytes[index] != quote {
      guard bytes[index] != UInt8(ascii: "<") else { throw mistake("< in the value of \(key)") }
      index += 1
    }
    guard index < bytes.count else { throw mistake("the value of \(key) never ends") }
    let value = try decoded(bytes[start..<index])
    index += 1
    // Declarations of prefixes are no attributes: two of them must not collide.
    return (whole.hasPrefix("xmlns") ? whole : key, value)
  }

  private mutating func end() throws(ImportMistake) -> Event {
    index += 2
    let (name, whole) = try name()
    skipBlanks()
    guard index < bytes.count, bytes[index] == UInt8(ascii: ">") else { throw mistake("</\(name) is not ended") }
    guard let expected = open.popLast(), expected == whole else { throw mistake("</\(whole)> ends nothing") }
    index += 1
    return .end(name)
  }

  /// Without and with its prefix.
  private mutating func name() throws(ImportMistake) -> (String, String) {
    let start = index
    while index < bytes.count, Self.isName(bytes[index]) { index += 1 }
    guard index > start, index - start <= Self.longestName else { throw mistake("expected a name") }
    let whole = try utf8(bytes[start..<index])
    return (whole.split(separator: ":").last.map(String.init) ?? whole, whole)
  }

  @discardableResult
  private mutating func skipBlanks() -> Bool {
    let start = index
    while index < bytes.count, Self.isBlank(bytes[index]) { index += 1 }
    return index > start
  }

  private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  private static func isName(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "_:-.".utf8.contains(byte) || byte >= 0x80
  }

  private func utf8(_ slice: ArraySlice<UInt8>) throws(ImportMistake) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else { throw mistake("this is not UTF-8") }
    return text
  }

  /// With its references resolved.
  private func decoded(_ slice: ArraySlice<UInt8>) throws(ImportMistake) -> String {
    guard slice.contains(UInt8(ascii: "&")) else { return try utf8(slice) }
    var result: [UInt8] = []
    var rest = slice
    while let mark = rest.firstIndex(of: UInt8(ascii: "&")) {
      result += rest[..<mark]
      guard let end = rest[mark...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { throw mistake("& without ;") }
      result += try Array(character(rest[(mark + 1)..<end]).utf8)
      rest = rest[(end + 1)...]
    }
    return try utf8((result + rest)[...])
  }

  private func character(_ slice: ArraySlice<UInt8>) throws(ImportMistake) -> String {
    let name = String(decoding: slice, as: UTF8.self)
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      let code =
        name.hasPrefix("#x")
        ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
      guard let code, let scalar = Unicode.Scalar(code), code != 0 else {
        throw mistake("the entity &\(name); is not read")
      }
      return String(scalar)
    }
  }
}

/// Why a report or a list of statuses was not taken.
package struct ImportMistake: Error, Sendable, Equatable {
  package var message: String

  init(_ message: String) {
    self.message = message
  }
}
