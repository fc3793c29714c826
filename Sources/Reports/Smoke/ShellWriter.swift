// SPDX-License-Identifier: Apache-2.0

/// Words of a shell command, secrets as variables.
struct ShellWriter {
  private enum Piece: Equatable {
    case literal([UInt8])
    case variable(String)
  }

  private let secrets: [(name: String, value: [UInt8])]
  private let redact: (String) -> String
  private let mark: String
  private var unnamed = 0

  init(secrets: [(name: String, value: String)], redact: @escaping (String) -> String, mark: String) {
    // The longest first: one secret may be a part of another. Short ones are found everywhere by chance.
    self.secrets = secrets.map { (Self.variable($0.name), Array($0.value.utf8)) }.filter { $0.1.count >= 4 }
      .sorted { $0.1.count > $1.1.count }
    self.redact = redact
    self.mark = mark
  }

  mutating func word(_ bytes: [UInt8]) -> String { joined(pieces(bytes)) }

  /// `Name: value`. Where the name says that the value is secret, all of it becomes one variable, but for named secrets
  /// behind a scheme: `Authorization: Bearer $API_TOKEN`.
  mutating func header(_ line: [UInt8]) -> String {
    let text = String(decoding: line, as: UTF8.self)
    guard redact(text) != text, let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return word(line) }
    let name = String(decoding: line[..<colon], as: UTF8.self)
    let value = Array(line[(colon + 1)...].drop { $0 == 0x20 })
    let parts = named(value)
    let isNamed = parts.contains { if case .variable = $0 { true } else { false } }
    // A neutral value shows whether the name alone makes it secret.
    let isSensitive = redact("\(name): x1y2z3") != "\(name): x1y2z3"
    if isNamed, !isSensitive { return word(line) }
    if isNamed, parts.count <= 2, parts.allSatisfy({ Self.isSchemeOrVariable($0) }) {
      return joined([.literal(Array("\(name): ".utf8))] + parts)
    }
    if !isSensitive { return word(line) }
    return joined([.literal(Array("\(name): ".utf8)), .variable(Self.variable(name))])
  }

  private static func isSchemeOrVariable(_ piece: Piece) -> Bool {
    guard case .literal(let bytes) = piece else { return true }
    return bytes.last == 0x20 && bytes.dropLast().allSatisfy { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
  }

  /// Splits at the secrets that have names.
  private func named(_ bytes: [UInt8]) -> [Piece] {
    var pieces: [Piece] = []
    var start = 0
    var index = 0
    while index < bytes.count {
      guard let found = secrets.first(where: { bytes[index...].starts(with: $0.value) }) else {
        index += 1
        continue
      }
      if start < index { pieces.append(.literal(Array(bytes[start..<index]))) }
      pieces.append(.variable(found.name))
      index += found.value.count
      start = index
    }
    if start < bytes.count { pieces.append(.literal(Array(bytes[start...]))) }
    return pieces
  }

  /// The same, and what the redactor knows beside them.
  private mutating func pieces(_ bytes: [UInt8]) -> [Piece] {
    var result: [Piece] = []
    for piece in named(bytes) {
      guard case .literal(let literal) = piece else {
        result.append(piece)
        continue
      }
      let text = String(decoding: literal, as: UTF8.self)
      let safe = redact(text)
      if safe == text {
        result.append(piece)
        continue
      }
      let parts = Self.split(safe, at: mark)
      for (index, part) in parts.enumerated() {
        if index > 0 {
          unnamed += 1
          result.append(.variable(unnamed == 1 ? "SECRET" : "SECRET_\(unnamed)"))
        }
        if !part.isEmpty { result.append(.literal(Array(part.utf8))) }
      }
    }
    return result
  }

  private static func split(_ text: String, at mark: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = text[...]
    while let range = rest.firstRange(of: mark) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }

  private func joined(_ pieces: [Piece]) -> String {
    var merged: [Piece] = []
    for piece in pieces {
      if case .literal(let more) = piece, case .literal(let bytes)? = merged.last {
        merged[merged.count - 1] = .literal(bytes + more)
      } else {
        merged.append(piece)
      }
    }
    if merged.isEmpty { return "''" }
    return merged.map { piece in
      switch piece {
      case .variable(let name): "\"$\(name)\""
      case .literal(let bytes): Self.quoted(literal: bytes[...])
      }
    }.joined()
  }

  /// Letters, digits and underscores, as a shell's variable must be.
  private static func variable(_ name: String) -> String {
    var result = ""
    for scalar in name.uppercased().unicodeScalars {
      let isPlain = ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
      result.unicodeScalars.append(isPlain ? scalar : "_")
    }
    return result.isEmpty || ("0"..."9").contains(result.first ?? "0") ? "_" + result : result
  }

  // MARK: quoting

  private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-".utf8)

  /// Words as one types them.
  static func commandLine(_ words: [String]) -> String {
    words.map { quoted(literal: Array($0.utf8)[...]) }.joined(separator: " ")
  }

  /// One word with exactly these bytes; harmless to look at. Precondition: no zero byte.
  static func quoted(literal bytes: ArraySlice<UInt8>) -> String {
    if bytes.isEmpty { return "''" }
    if bytes.allSatisfy(plain.contains) { return String(decoding: bytes, as: UTF8.self) }
    let text = String(decoding: bytes, as: UTF8.self)
    let isHarmless = text.utf8.elementsEqual(bytes) && text.unicodeScalars.allSatisfy(TerminalText.isHarmless)
    if isHarmless { return "'" + text.replacing("'", with: #"'\''"#) + "'" }
    return "$'" + escaped(bytes, ["'", "\\"]) + "'"
  }

  /// The argument of printf that prints exactly these bytes.
  static func format(_ bytes: [UInt8]) -> String { "'" + escaped(bytes[...], ["'", "\\", "%"]) + "'" }

  /// Octal, since a digit that follows could not be told from a shorter hexadecimal one.
  private static func escaped(_ bytes: ArraySlice<UInt8>, _ marks: Set<Character>) -> String {
    var text = ""
    for byte in bytes {
      let character = Character(Unicode.Scalar(byte))
      if byte == 0x0A {
        text += "\\n"
      } else if byte < 0x20 || byte >= 0x7F || marks.contains(character) {
        let digits = String(byte, radix: 8)
        text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
      } else {
        text.append(character)
      }
    }
    return text
  }
}
