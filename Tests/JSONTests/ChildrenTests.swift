// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JSON

/// Walks are held against what the scan itself finds with `$.*`: two ways to the same values.
@Suite struct ChildrenTests {
  private func scan(_ text: String, _ path: String) throws -> [JSONFragment] {
    let bytes = Array(text.utf8)
    var matches = JSONMatches()
    try matches.scan(bytes, JSONPaths([try JSONPath(path)]))
    return matches.all(of: 0)
  }

  private static let texts = [
    "{}", " { } ", "[]", "[ \n ]", "1", "null", "\"a\"", "{\"a\":1}", "[1]",
    "{ \"a\" : [1, 2, {\"b\": []}] , \"c\\n\" :\"}]\\\"\", \"\" : -1.5e3 , \"a\":true,\"x\":{ } , \"y\" : [ ] }",
    "[ [ ] , {\"]\":\"[\"}, \"\\u005d\" ,null,false , 0 , [[[1]],[2,3]], {\"a\":{\"b\":1,\"c\":2},\"d\":[1,2,3]} ]",
    "{\"\u{65E5}\u{672C}\":\"\u{1F600}\",\"e\u{301}\":[\"\\ud83d\\ude00\"]}", "\u{FEFF}[1,{\"a\":2}]",
    "{\"a\":1,\"a\":{\"a\":1},\"a\":[0,0]}",
  ]

  @Test(arguments: texts) func childrenAreThoseOfTheScan(text: String) throws {
    let bytes = Array(text.utf8)
    var toSee = try scan(text, "$")
    var values = 0
    while let parent = toSee.popLast() {
      values += 1
      var children: [JSONFragment] = []
      parent.forEachMember(in: bytes.span) { name, value in
        #expect(name.kind == .string)
        children.append(value)
        return true
      }
      parent.forEachElement(in: bytes.span) {
        children.append($0); return true
      }
      // The child's own text, scanned by itself, says kind, escapes and number of children.
      for child in children {
        let raw = child.raw(in: bytes.span)
        let alone = try #require(try scan(raw, "$").first)
        #expect(alone.kind == child.kind && alone.children == child.children, "\(raw)")
        #expect(alone.hasEscapes == child.hasEscapes && alone.range.count == child.range.count, "\(raw)")
      }
      #expect(children.count == (parent.kind == .array || parent.kind == .object ? parent.children : 0))
      if values == 1 { #expect(try children == scan(text, "$.*")) }
      toSee += children
    }
    #expect(values >= 1)
  }

  @Test func namesInTheOrderOfTheText() throws {
    let text = #"{"b": 1, "\u0061": 2, "b": 3, "": 4}"#
    let bytes = Array(text.utf8)
    let root = try #require(try scan(text, "$").first)
    var names: [String] = []
    root.forEachMember(in: bytes.span) { name, value in
      names.append("\(name.string(in: bytes.span))=\(value.raw(in: bytes.span))")
      return true
    }
    #expect(names == ["b=1", "a=2", "b=3", "=4"])
  }

  @Test func aWalkEndsWhenItIsTold() throws {
    let text = "[1,2,3,{\"a\":1,\"b\":2}]"
    let bytes = Array(text.utf8)
    let root = try #require(try scan(text, "$").first)
    var seen = 0
    root.forEachElement(in: bytes.span) { _ in
      seen += 1
      return seen < 2
    }
    #expect(seen == 2)
    root.forEachMember(in: bytes.span) { _, _ in
      Issue.record("an array has no members")
      return false
    }
  }

  @Test func deepTextsNeedNoStack() throws {
    let text = "[" + String(repeating: "[", count: 500) + String(repeating: "]", count: 500) + ",1]"
    let bytes = Array(text.utf8)
    let root = try #require(try scan(text, "$").first)
    var kinds: [JSONValueKind] = []
    root.forEachElement(in: bytes.span) {
      kinds.append($0.kind); return true
    }
    #expect(kinds == [.array, .number])
  }

  /// Bytes that are not those of the scan, of the same length: whatever comes out, the walk ends.
  @Test func otherBytesEndToo() throws {
    let text = #"{"a":[1,{"b":"c"}],"d":"e"}"#
    let root = try #require(try scan(text, "$").first)
    for byte in UInt8.min...UInt8.max {
      let bytes = [UInt8](repeating: byte, count: text.utf8.count)
      var seen = 0
      root.forEachMember(in: bytes.span) { _, _ in
        seen += 1
        return true
      }
      #expect(seen <= bytes.count)
    }
  }
}
