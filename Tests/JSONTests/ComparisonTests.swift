// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import JSON

/// SplitMix64: the same seed, the same run.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// Writes random documents the way a careless server would: odd blanks, needless escapes, odd names.
private struct DocumentWriter {
  var random: SeededGenerator
  /// Whether strings hold pairs of surrogates: broken in two by a mutation they are valid here and not elsewhere.
  var hasPairs = true
  var text = ""

  mutating func value(_ depth: Int) {
    blank()
    switch Int.random(in: 0..<(depth > 4 ? 5 : 8), using: &random) {
    case 0: text += "null"
    case 1: text += Bool.random(using: &random) ? "true" : "false"
    case 2: text += "\(Int.random(in: -1000...1000, using: &random))"
    case 3: text += "\(Double(Int.random(in: -9999...9999, using: &random)) / 64)"
    case 4: string()
    case 5, 6:
      text += "["
      for index in 0..<Int.random(in: 0...4, using: &random) {
        if index > 0 { text += "," }
        value(depth + 1)
      }
      blank()
      text += "]"
    default:
      text += "{"
      for index in 0..<Int.random(in: 0...4, using: &random) {
        if index > 0 { text += "," }
        blank()
        // A number in front keeps the names of one object apart: what equal names mean is not under test here.
        string(prefix: "\(index)")
        blank()
        text += ":"
        value(depth + 1)
      }
      blank()
      text += "}"
    }
    blank()
  }

  private mutating func blank() {
    if Int.random(in: 0..<4, using: &random) == 0 {
      text += [" ", "\n", "\t", "\r\n"].randomElement(using: &random) ?? ""
    }
  }

  private mutating func string(prefix: String = "") {
    text += "\"" + prefix
    let pieces = [
      "a", "length", "é", "予", "\u{1F600}", "\\u00e9", "\\ud83d\\ude00", "\\n", "\\\"", "\\\\", "'",
      "plain text of some length",
    ]
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      text += (hasPairs ? pieces : pieces.filter { !$0.hasPrefix("\\ud") }).randomElement(using: &random) ?? ""
    }
    text += "\""
  }
}

@Suite(.timeLimit(.minutes(2))) struct ComparisonTests {
  /// Every value of a parsed tree with the path to it.
  private func leaves(_ value: Any, _ path: String, _ visit: (String, Any) -> Void) {
    visit(path, value)
    if let list = value as? [Any] {
      for (index, item) in list.enumerated() { leaves(item, "\(path)[\(index)]", visit) }
    } else if let object = value as? [String: Any] {
      for (key, item) in object {
        let escaped = key.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        leaves(item, "\(path)['\(escaped)']", visit)
      }
    }
  }

  private func isSame(_ fragment: JSONFragment, _ value: Any, _ bytes: [UInt8]) -> Bool {
    switch fragment.kind {
    case .null: value is NSNull
    case .bool: fragment.bool(in: bytes) == (value as? NSNumber)?.boolValue
    case .number: fragment.number(in: bytes) == (value as? NSNumber)?.doubleValue
    case .string: fragment.string(in: bytes) == value as? String
    case .array: fragment.count(in: bytes) == (value as? [Any])?.count
    case .object: fragment.count(in: bytes) == (value as? [String: Any])?.count
    }
  }

  @Test(arguments: [11, 12, 13] as [UInt64]) func agreesWithAnotherParser(seed: UInt64) throws {
    var writer = DocumentWriter(random: SeededGenerator(state: seed))
    var compared = 0
    for _ in 0..<500 {
      writer.text = ""
      writer.value(0)
      let bytes = Array(writer.text.utf8)
      let tree = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      var wanted: [(path: String, value: Any)] = []
      leaves(tree, "$") { path, value in wanted.append((path, value)) }
      let part = Array(wanted.shuffled(using: &writer.random).prefix(40))
      var matches = JSONMatches()
      try matches.scan(bytes, JSONPaths(part.map { try JSONPath($0.path) }))
      for (index, one) in part.enumerated() {
        let fragments = matches.all(of: index)
        #expect(fragments.count == 1 && isSame(fragments[0], one.value, bytes), "\(one.path) in \(writer.text)")
        compared += 1
      }
    }
    #expect(compared > 1000)
  }

  @Test(arguments: [21, 22, 23, 24] as [UInt64]) func mutationsAreJudgedAlike(seed: UInt64) throws {
    var writer = DocumentWriter(random: SeededGenerator(state: seed), hasPairs: false)
    let hugeExponent = try Regex("[eE][+-]?[0-9]{3,}")
    let pieces = [
      "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u12", "0", "-", ".", "e", "t", "null", " ", "\u{0}", "\n", "é",
    ]
    .map { Array($0.utf8) }
    let paths = JSONPaths(try ["$", "$[*]", "$.*.*", "$[*].length", "$['0a']"].map { try JSONPath($0) })
    var matches = JSONMatches()
    var accepted = 0
    for _ in 0..<1500 {
      writer.text = ""
      writer.value(1)
      var bytes = Array(writer.text.utf8)
      for _ in 0..<Int.random(in: 0...2, using: &writer.random) {
        let at = Int.random(in: 0...bytes.count, using: &writer.random)
        let end = min(bytes.count, at + Int.random(in: 0...3, using: &writer.random))
        switch Int.random(in: 0..<4, using: &writer.random) {
        case 0: bytes.removeSubrange(at..<end)
        case 1: bytes.insert(contentsOf: pieces.randomElement(using: &writer.random) ?? [], at: at)
        case 2 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &writer.random)
        default: bytes.insert(contentsOf: bytes[at..<end], at: at)
        }
      }
      let isOurs = (try? matches.scan(bytes, paths)) != nil
      if isOurs {
        accepted += 1
        for index in 0..<paths.count {
          for fragment in matches.all(of: index) {
            #expect(fragment.range.lowerBound >= 0 && fragment.range.upperBound <= bytes.count)
            _ = fragment.string(in: bytes)
            _ = fragment.count(in: bytes)
          }
        }
      }
      // Numbers of any size are valid; the other parser refuses what no double holds.
      if String(decoding: bytes, as: UTF8.self).contains(hugeExponent) { continue }
      // A NUL near the start makes the other parser guess UTF-16 or UTF-32.
      if bytes.prefix(4).contains(0) { continue }
      let isTheirs = (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
      #expect(isOurs == isTheirs, "\(String(decoding: bytes, as: UTF8.self).debugDescription)")
    }
    #expect(accepted > 300)
  }
}
