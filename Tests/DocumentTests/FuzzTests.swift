// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Document

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

@Suite(.timeLimit(.minutes(2))) struct FuzzTests {
  static let pieces = [
    "{{ ", " }}", ": ", "- ", "[", "]", "{", "}", "\"", "'", "&a ", "*a", "<<: ", "|\n", ">\n", "#", "\t", "\r\n", "!",
    "%",
    "@", "? ", "---\n", "...\n", "\\x", "\u{0}", "\u{FEFF}", "\u{85}", "\u{1F600}", "\\u0000", ",", "\n", "  ",
  ].map { Array($0.utf8) }

  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func mutatedCorpus(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let files = try ["Corpus", "Contract"].flatMap { folder in
      let url = CorpusTests.folder.deletingLastPathComponent().appending(path: folder)
      return try FileManager.default.contentsOfDirectory(atPath: url.path).filter { $0.hasSuffix(".yaml") }.sorted()
        .map { [UInt8](try Data(contentsOf: url.appending(path: $0))) }
    }
    var sound = 0
    for _ in 0..<1500 {
      var bytes = files.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&bytes, &random, files) }
      let source = Source(path: "fuzz", bytes: bytes)
      var diagnostics = Diagnostics()
      let value = Journey.shape.read(source, &diagnostics)
      #expect((value == nil) == !diagnostics.isEmpty)
      let rendered = diagnostics.rendered()
      expectPrintable(rendered)
      for one in diagnostics.all {
        #expect(one.position.offset >= 0 && one.position.offset <= bytes.count)
        #expect(one.position.line >= 1 && one.position.column >= 1)
        #expect(one.length >= 1)
      }
      var again = Diagnostics()
      if let node = parse(source, &again) {
        sound += 1
        walk(node, bytes.count)
      }
    }
    // Otherwise the mutations destroy everything and only syntax errors are tried.
    #expect(sound > 100)
  }

  private func walk(_ node: Node, _ count: Int) {
    if let text = node.text {
      for offset in [0, 1, text.utf8.count / 2, text.utf8.count, text.utf8.count + 5] {
        let place = node.position(atOffset: offset).offset
        #expect(place >= 0 && place <= count)
      }
    }
    node.items?.forEach { walk($0, count) }
    node.entries?.forEach { entry in
      #expect(entry.key.text != nil)
      walk(entry.key, count)
      walk(entry.value, count)
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededGenerator, _ files: [[UInt8]]) {
    let at = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, at + Int.random(in: 0...12, using: &random))
    switch Int.random(in: 0..<6, using: &random) {
    case 0: bytes.removeSubrange(at..<end)
    case 1: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: at)
    case 2 where at < bytes.count: bytes[at] = UInt8.random(in: 0...255, using: &random)
    case 3: bytes.insert(contentsOf: bytes[at..<end], at: Int.random(in: 0...bytes.count, using: &random))
    case 4:
      let other = files.randomElement(using: &random) ?? []
      let from = Int.random(in: 0...other.count, using: &random)
      bytes.insert(contentsOf: other[from..<min(other.count, from + 60)], at: at)
    default: bytes.replaceSubrange(at..<end, with: Self.pieces.randomElement(using: &random) ?? [])
    }
  }
}
