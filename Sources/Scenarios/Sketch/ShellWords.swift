// SPDX-License-Identifier: Apache-2.0

/// Cuts a command line into words as a POSIX shell would, with `$'...'`. Nothing is run and nothing is looked up: a
/// variable becomes a template, so words are templates already.
struct ShellWords {
  private let scalars: [Unicode.Scalar]
  private var index = 0
  private var words: [String] = []
  /// Nil between words.
  private var word: String?
  /// The literal part at the end of `word` that may still need escaping.
  private var literal = ""

  static func split(_ text: String) throws(ScenarioSketch.Mistake) -> [String] {
    var words = ShellWords(text)
    return try words.split()
  }

  private init(_ text: String) { scalars = Array(text.unicodeScalars) }

  private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }
  private var next: Unicode.Scalar? { index + 1 < scalars.count ? scalars[index + 1] : nil }

  private mutating func split() throws(ScenarioSketch.Mistake) -> [String] {
    while let scalar = current {
      switch scalar {
      case " ", "\t", "\n", "\r":
        endWord()
        index += 1
      case "'":
        begin()
        try singleQuoted()
      case "\"":
        begin()
        try doubleQuoted()
      case "\\":
        escaped()
      case "$" where next == "'":
        begin()
        try ansiQuoted()
      case "$":
        begin()
        try variable()
      case "`": throw Self.command
      case "#" where word == nil:
        while current != nil, current != "\n" { index += 1 }
      case "|", ";", "&", "<", ">":
        throw ScenarioSketch.Mistake(
          "'\(scalar)' outside quotes ends the command in a shell", hint: "quote URLs that hold & or ;")
      default:
        begin()
        take(scalar)
        index += 1
      }
    }
    endWord()
    return words
  }

  private static let command = ScenarioSketch.Mistake(
    "a command inside the command is not run", hint: "put what it prints into a variable, and write $NAME")

  // MARK: parts of words

  private mutating func begin() {
    if word == nil { word = "" }
  }

  private mutating func take(_ scalar: Unicode.Scalar) { literal.unicodeScalars.append(scalar) }

  private mutating func endLiteral() {
    word?.append(ScenarioSketch.literal(literal))
    literal = ""
  }

  private mutating func endWord() {
    endLiteral()
    if let word { words.append(word) }
    word = nil
  }

  private mutating func escaped() {
    index += 1
    guard let scalar = current else { return }
    index += 1
    // A backslash at the end of a line joins it with the next one.
    if scalar == "\n" { return }
    if scalar == "\r", current == "\n" {
      index += 1
      return
    }
    begin()
    take(scalar)
  }

  private mutating func singleQuoted() throws(ScenarioSketch.Mistake) {
    index += 1
    while let scalar = current, scalar != "'" {
      take(scalar)
      index += 1
    }
    try close()
  }

  private mutating func doubleQuoted() throws(ScenarioSketch.Mistake) {
    index += 1
    while let scalar = current, scalar != "\"" {
      switch scalar {
      case "\\" where next == "\n": index += 2
      case "\\" where next.map { "\\\"$`".unicodeScalars.contains($0) } ?? false:
        take(scalars[index + 1])
        index += 2
      case "$": try variable()
      case "`": throw Self.command
      default:
        take(scalar)
        index += 1
      }
    }
    try close()
  }

  private mutating func close() throws(ScenarioSketch.Mistake) {
    guard current != nil else { throw ScenarioSketch.Mistake("a quote is not closed") }
    index += 1
  }

  /// `$NAME` or `${NAME}`; a dollar before anything else is itself.
  private mutating func variable() throws(ScenarioSketch.Mistake) {
    index += 1
    if current == "(" { throw Self.command }
    let isBraced = current == "{"
    let start = isBraced ? index + 1 : index
    var end = start
    while end < scalars.count, Self.isNamePart(scalars[end], isFirst: end == start) { end += 1 }
    let isClosed = !isBraced || (end < scalars.count && scalars[end] == "}")
    guard end > start, isClosed else {
      if isBraced { throw ScenarioSketch.Mistake("only ${NAME} is understood of what begins with ${") }
      return take("$")
    }
    var name = String.UnicodeScalarView()
    name.append(contentsOf: scalars[start..<end])
    endLiteral()
    word?.append(ScenarioSketch.variable(String(name)))
    index = isBraced ? end + 1 : end
  }

  private static func isNamePart(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
    scalar == "_" || ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
      || (!isFirst && ("0"..."9").contains(scalar))
  }

  private mutating func ansiQuoted() throws(ScenarioSketch.Mistake) {
    index += 2
    while let scalar = current, scalar != "'" {
      index += 1
      guard scalar == "\\", let letter = current else {
        take(scalar)
        continue
      }
      index += 1
      switch letter {
      case "n": take("\n")
      case "r": take("\r")
      case "t": take("\t")
      case "u", "U", "x": try codePoint(most: letter == "x" ? 2 : letter == "u" ? 4 : 8)
      default: take(letter)
      }
    }
    try close()
  }

  private mutating func codePoint(most: Int) throws(ScenarioSketch.Mistake) {
    var value: UInt32 = 0
    var count = 0
    while count < most, let scalar = current, let digit = Character(scalar).hexDigitValue {
      value = value << 4 | UInt32(digit)
      count += 1
      index += 1
    }
    // A pair of surrogates, as browsers write what lies beyond 16 bits.
    if value & 0xfc00 == 0xd800, current == "\\", next == "u" {
      let high = value
      index += 2
      try codeUnit(after: high)
      return
    }
    guard count > 0, let scalar = Unicode.Scalar(value) else {
      throw ScenarioSketch.Mistake("a \\u in $'...' stands for no character")
    }
    take(scalar)
  }

  private mutating func codeUnit(after high: UInt32) throws(ScenarioSketch.Mistake) {
    var low: UInt32 = 0
    for _ in 0..<4 {
      guard let scalar = current, let digit = Character(scalar).hexDigitValue else { break }
      low = low << 4 | UInt32(digit)
      index += 1
    }
    guard low & 0xfc00 == 0xdc00, let scalar = Unicode.Scalar(0x10000 + (high & 0x3ff) << 10 + (low & 0x3ff)) else {
      throw ScenarioSketch.Mistake("a \\u in $'...' stands for no character")
    }
    take(scalar)
  }
}
