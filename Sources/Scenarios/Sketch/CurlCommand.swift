// SPDX-License-Identifier: Apache-2.0
internal import Document

/// A curl command line, understood as far as it says what is sent. Flags that only concern curl's own output are passed
/// over; a flag that is not known is a mistake, since it may change what is sent. Words are templates already.
struct CurlCommand {
  typealias Mistake = ScenarioSketch.Mistake

  /// A piece of the body, as `-d` and its kin give it.
  enum Data: Equatable {
    case text(String)
    /// `-d @file`: without line ends; `--data-binary @file`: as it is.
    case file(String, isBinary: Bool)
    case json(String)
  }

  var method: String?
  var urls: [String] = []
  var headers: [ScenarioSketch.Pair] = []
  var data: [Data] = []
  var parts: [ScenarioSketch.Part] = []
  var user: String?
  var cookies: String?
  var isHead = false
  /// `-G`: the data goes into the query.
  var putsDataIntoQuery = false
  var isInsecure = false
  var redirects: Int?
  var isCompressed = false
  var timeout: String?
  var authority: String?
  /// Flags that were passed over though they change how curl talks, to be told.
  var notes: [String] = []

  /// What a flag takes and does.
  enum Meaning: Sendable {
    /// Concerns only what curl prints or keeps.
    case nothing, nothingWithValue
    case flag(@Sendable (inout CurlCommand) -> Void)
    case value(@Sendable (inout CurlCommand, String) throws(Mistake) -> Void)
  }

  init(_ text: String) throws(Mistake) {
    var words = try ShellWords.split(text)
    // A prompt that was copied along, variables that were set in front.
    if words.first == "$" { words.removeFirst() }
    guard let first = words.first, first == "curl" || first.hasSuffix("/curl") else {
      throw Mistake(
        words.isEmpty ? "the command is empty" : "this is no curl command: it begins with '\(words[0])'",
        hint: "--curl 'curl -X POST http://127.0.0.1:8000/...'")
    }
    try read(Array(words.dropFirst()))
    guard urls.count == 1 else {
      throw Mistake(
        urls.isEmpty
          ? "the curl command names no URL" : "the curl command names \(urls.count) URLs: \(urls[0]), \(urls[1])",
        hint: urls.isEmpty ? nil : "one command, one request")
    }
  }

  private mutating func read(_ words: [String]) throws(Mistake) {
    var index = 0
    var areFlagsOver = false
    while index < words.count {
      let word = words[index]
      index += 1
      if areFlagsOver || word == "-" || !word.hasPrefix("-") {
        urls.append(word)
      } else if word == "--" {
        areFlagsOver = true
      } else if word.hasPrefix("--") {
        guard let meaning = Self.long[String(word.dropFirst(2))] else { throw Self.unknown(word) }
        try apply(meaning, word, attached: nil, words, &index)
      } else {
        try readShort(word, words, &index)
      }
    }
  }

  /// `-sSL`, `-XPOST`, `-X POST`.
  private mutating func readShort(_ word: String, _ words: [String], _ index: inout Int) throws(Mistake) {
    var rest = word.dropFirst()
    while let letter = rest.popFirst() {
      guard let name = Self.short[letter], let meaning = Self.long[name] else { throw Self.unknown("-\(letter)") }
      switch meaning {
      case .nothing, .flag: try apply(meaning, "-\(letter)", attached: nil, words, &index)
      case .nothingWithValue, .value:
        return try apply(meaning, "-\(letter)", attached: rest.isEmpty ? nil : String(rest), words, &index)
      }
    }
  }

  private mutating func apply(
    _ meaning: Meaning, _ flag: String, attached: String?, _ words: [String], _ index: inout Int
  ) throws(Mistake) {
    func value() throws(Mistake) -> String {
      if let attached { return attached }
      guard index < words.count else { throw Mistake("curl's \(flag) needs a value") }
      index += 1
      return words[index - 1]
    }
    switch meaning {
    case .nothing: break
    case .nothingWithValue: _ = try value()
    case .flag(let set): set(&self)
    case .value(let set): try set(&self, value())
    }
  }

  private static func unknown(_ flag: String) -> Mistake {
    let near = flag.hasPrefix("--") ? nearest(to: String(flag.dropFirst(2)), among: long.keys.sorted()) : nil
    return Mistake(
      "curl's \(flag) is not understood here: it may change what is sent",
      hint: near.map { "did you mean --\($0)?" } ?? "leave it out if it does not, or write the step by hand")
  }
}
