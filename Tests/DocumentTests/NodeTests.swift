// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Document

/// The root of a small document that must be sound.
func parsed(_ text: String, _ location: SourceLocation = #_sourceLocation) throws -> Node {
  var diagnostics = Diagnostics()
  let node = parse(Source(path: "test.yaml", text: text), &diagnostics)
  #expect(diagnostics.rendered() == "", sourceLocation: location)
  return try #require(node, sourceLocation: location)
}

@Suite struct NodeTests {
  /// The place of `~` in the file must be found from its offset in the value's text.
  @Test(arguments: [
    "a: foo ~bar", "a: ~foo", "a: 'foo ~bar'", "a: 'it''s ~bar'", "a: \"foo ~bar\"", "a: \"tab\\t\\u00e9\\x41 ~bar\"",
    "a: \"\\\\\\\"~bar\"", "a: one\n  two ~bar", "a: one\n\n\n  two ~bar", "a: \"one\n   two ~bar\"",
    "a: 'one  \n\n   ~bar'",
    "a: \"one\\\n   ~bar\"", "a: |\n  ~first", "a: |\n  first\n  sec~ond\n", "a: |-\n    deep\n\n      mo~re",
    "- 予約 ~bar",
    "a: \"\\U0001F600~x\"", "- - |\n    one\n    ~two", "a: \"\\N\\_\\L\\P ~x\"",
  ]) func findsPlacesInsideScalars(template: String) throws {
    let plain = template.split(separator: "~", omittingEmptySubsequences: false)
    let expected = plain[0].utf8.count
    let marked = plain.joined(separator: "Q")
    func scalar(_ node: Node) -> Node {
      if let items = node.items { return scalar(items[0]) }
      if let entries = node.entries { return scalar(entries[0].value) }
      return node
    }
    let node = scalar(try parsed(marked))
    let text = try #require(node.text)
    let index = try #require(text.firstIndex(of: "Q"))
    let offset = text.utf8.distance(from: text.startIndex, to: index)
    #expect(node.position(atOffset: offset).offset == expected, "\(marked.debugDescription)")
  }

  @Test func knowsLinesAndColumns() throws {
    let root = try parsed("a: 1\r\nb:\r\n  - \"é\": 予約\r\n    c: x\r\n")
    let item = try #require(root["b"]?.items?.first)
    #expect(item.position.description == "test.yaml:3:5")
    #expect(item["é"]?.position.description == "test.yaml:3:10")
    #expect(item["c"]?.position.description == "test.yaml:4:8")
  }

  @Test(arguments: [
    ("", ScalarValue.null), ("~", .null), ("null", .null), ("true", .bool(true)), ("FALSE", .bool(false)),
    ("NO", .text("NO")), ("on", .text("on")), ("yes", .text("yes")), ("0034600111222", .text("0034600111222")),
    ("12", .number("12")), ("+12", .number("12")), ("-0", .number("-0")), ("0x1F", .number("31")),
    ("0o17", .number("15")), ("0o8", .text("0o8")), ("0x-1", .text("0x-1")), ("1.50", .number("1.50")),
    (".5", .number("0.5")), ("5.", .number("5")), (".", .text(".")), ("1e3", .number("1e3")),
    ("1.5E-3", .number("1.5e-3")), ("1e", .text("1e")), (".inf", .text(".inf")), (".nan", .text(".nan")),
    ("1_000", .text("1_000")), ("2024-01-01", .text("2024-01-01")), ("1.2.3", .text("1.2.3")), ("0.0", .number("0.0")),
    ("00.5", .text("00.5")), ("12345678901234567890123", .number("12345678901234567890123")), ("1:30", .text("1:30")),
  ]) func typesByTheCoreSchema(text: String, value: ScalarValue) throws {
    #expect(try parsed("a: \(text)")["a"]?.value == value)
    #expect(try parsed("a: \"\(text)\"")["a"]?.value == .text(text))
    #expect(try parsed("a: !!str \(text)")["a"]?.value == .text(text))
  }

  @Test func aliasesAndMergeKeys() throws {
    let root = try parsed(
      """
      one: &one {a: 1, b: 2}
      two: &two {b: 3, c: 4}
      both: {<<: [*one, *two], c: 5}
      after: {a: 9, <<: *one}
      quoted: {"<<": x}
      again: *one
      """)
    func pairs(_ key: String) -> [String] {
      (root[key]?.entries ?? []).map { "\($0.key.text ?? "")=\($0.value.text ?? "")" }
    }
    #expect(pairs("both") == ["a=1", "b=2", "c=5"])
    #expect(pairs("after") == ["a=9", "b=2"])
    #expect(pairs("quoted") == ["<<=x"])
    #expect(pairs("again") == ["a=1", "b=2"])
    #expect(root["again"]?.position.line == 1)
  }

  @Test func keysOfAnyCharacterStay() throws {
    let root = try parsed("a: &a {b: 1}\nc: {\"\\0\": 1, <<: *a, \"\": 2}\n")
    #expect(root["c"]?.entries?.map(\.key.text) == ["\u{0}", "b", ""])
  }

  @Test func anAnchorCanBeGivenAgain() throws {
    let root = try parsed("- &a 1\n- *a\n- &a 2\n- *a\n")
    #expect(root.items?.map(\.text) == ["1", "1", "2", "2"])
  }
}
