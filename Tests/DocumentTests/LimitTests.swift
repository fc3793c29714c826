// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Document

/// Files made to hurt: refused with a message, in time that does not depend on what they would have expanded to.
@Suite(.timeLimit(.minutes(1))) struct LimitTests {
  private func message(_ text: String, _ limits: Limits = Limits()) -> String {
    var diagnostics = Diagnostics()
    let node = parse(Source(path: "x", bytes: Array(text.utf8)), &diagnostics, limits: limits)
    #expect(node == nil)
    #expect(diagnostics.errorCount == 1)
    return diagnostics.all.first?.message ?? ""
  }

  private var roomy: Limits {
    var limits = Limits()
    limits.bytes = 64 << 20
    return limits
  }

  @Test func billionLaughs() {
    var text = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
    for level in 1...40 {
      let inner = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(inner)]\n"
    }
    #expect(message(text) == "the file holds more than 100000 values, aliases expanded")
  }

  @Test func mergeBomb() {
    var text = "a0: &a0 {k: 1}\n"
    for level in 1...2000 { text += "a\(level): &a\(level) {<<: *a\(level - 1), k\(level): 1}\n" }
    #expect(message(text) == "the file holds more than 100000 values, aliases expanded")
  }

  @Test func aliasesDoNotDeepenBeyondTheLimit() {
    var text = "a0: &a0 [1]\n"
    for level in 1...100 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
    #expect(message(text) == "lists and mappings are nested more than 64 deep")
  }

  @Test(arguments: ["[", "{", "{a: ", "- ", "? ", "[{", "a:\n"])
  func deepNesting(unit: String) {
    var text = String(repeating: unit, count: 100_000)
    if unit == "a:\n" {
      text = (0..<2000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
    }
    #expect(message(text, roomy) == "lists and mappings are nested more than 64 deep")
  }

  @Test func megabytesOfBrackets() {
    #expect(message(String(repeating: "[", count: 8 << 20)).contains("at most 1048576 are read"))
    #expect(message(String(repeating: "[", count: 8 << 20), roomy).contains("nested more than 64 deep"))
  }

  @Test func manyValues() {
    #expect(message(String(repeating: "- 1\n", count: 150_000)).contains("more than 100000 values"))
    #expect(message("[" + String(repeating: "1,", count: 150_000) + "]").contains("more than 100000 values"))
  }

  @Test func manyDirectives() {
    let text = (0..<50_000).map { "%TAG !a\($0)! x\n" }.joined() + "---\na: 1\n"
    #expect(message(text) == "more than 16 `%TAG` directives")
  }

  /// Suggestions cost more than anything else: beyond the mistakes that are shown none are looked for.
  @Test func manyMistakesWithSuggestions() {
    let text = (0..<20_000).map { "- &a\($0) 1\n- *b\($0)\n" }.joined()
    var diagnostics = Diagnostics()
    _ = Journey.shape.read(Source(path: "x", text: text), &diagnostics)
    #expect(diagnostics.errorCount == 20_001)
  }

  @Test func manyMistakesAreCounted() {
    let keys = (0..<500).map { "unknown\($0): 1\n" }.joined()
    var diagnostics = Diagnostics()
    _ = Journey.shape.read(Source(path: "x", text: keys), &diagnostics)
    #expect(diagnostics.errorCount == 501)
    #expect(diagnostics.all.count == 100)
    #expect(diagnostics.rendered().hasSuffix("and 401 more\n"))
  }

  @Test func hugeScalarsAndLines() {
    var limits = roomy
    limits.nodes = 100
    var diagnostics = Diagnostics()
    let text = "a: \"" + String(repeating: "é", count: 1 << 20) + "\"\nb: c: d"
    #expect(parse(Source(path: "x", text: text), &diagnostics, limits: limits) == nil)
    #expect(diagnostics.rendered().utf8.count < 1000)
    #expect(diagnostics.all.first?.position.line == 2)
  }
}

@Suite struct SourceFileTests {
  private func failure(_ path: String, limit: Int = 100) -> String {
    do throws(Mistake) {
      _ = try Source(contentsOf: path, limit: limit)
      return ""
    } catch {
      return error.message
    }
  }

  @Test func readsAndRefuses() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "gonogo-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "a.yaml").path
    try Data("a: 1".utf8).write(to: URL(fileURLWithPath: file))
    #expect(try Source(contentsOf: file).bytes == Array("a: 1".utf8))
    #expect(failure(file, limit: 3).contains("has 4 bytes; at most 3"))
    #expect(failure(folder.path).contains("is a directory"))
    #expect(failure(file + "x").contains("No such file"))
    let pipe = folder.appending(path: "pipe").path
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(failure(pipe).contains("not a regular file"))
  }
}
