// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JSON

/// Texts of all values found by one path.
func found(_ path: String, in text: String) throws -> [String] {
  let bytes = Array(text.utf8)
  var matches = JSONMatches()
  try matches.scan(bytes, JSONPaths([try JSONPath(path)]))
  return matches.all(of: 0).map { $0.raw(in: bytes) }
}

@Suite struct PathTests {
  static let document = """
    {"id": 7, "rooms": [{"id": "r1", "tags": ["a", "b"]}, {"id": "r2", "tags": []}, {"name": "no id"}],
     "odd name": true, "it's": 1, "length": "real", "text": "h\\u00e9llo", "nothing": null, "big": 12345678901234567890123,
     "a-b": {"length": {"x": 5}}, "nested": [[1, 2], [3]], "é": "ü", "": "empty", "obj": {"p": 1, "q": [2]},
     "esc\\u0061p\\"ed": "e", "_x": 1, "back\\\\slash": 2}
    """

  @Test(arguments: [
    ("$.id", ["7"]), ("$['id']", ["7"]), ("$[\"id\"]", ["7"]), ("$.rooms[0].id", ["\"r1\""]),
    ("$.rooms[*].id", ["\"r1\"", "\"r2\""]), ("$.rooms[3]", []), ("$.rooms.length", ["3"]), ("$.length", ["\"real\""]),
    ("$['length']", ["\"real\""]), ("$.text.length", ["5"]), ("$.id.length", []), ("$.obj.length", []),
    ("$.rooms[*].tags.length", ["2", "0"]), ("$.rooms['length']", []), ("$['odd name']", ["true"]),
    ("$['it\\'s']", ["1"]), ("$.a-b.length", ["{\"x\": 5}"]), ("$.a-b.length.x", ["5"]), ("$.nothing", ["null"]),
    ("$.nested[*][*]", ["1", "2", "3"]), ("$.nested[1][0]", ["3"]), ("$.nested[*]", ["[1, 2]", "[3]"]),
    ("$.é", ["\"ü\""]), ("$['']", ["\"empty\""]), ("$.obj[*]", ["1", "[2]"]), ("$.obj.*", ["1", "[2]"]),
    ("$.big", ["12345678901234567890123"]), ("$.missing", []), ("$.id.x", []), ("$.id[0]", []), ("$.obj[0]", []),
    ("$.rooms.id", []), ("$.rooms[0].tags[1]", ["\"b\""]), ("$['escap\"ed']", ["\"e\""]),
    ("$[\"escap\\\"ed\"]", ["\"e\""]),
    ("$._x", ["1"]), ("$['back\\\\slash']", ["2"]), ("$.i", []), ("$.idx", []), ("$.nested[*].length", ["2", "1"]),
    ("$.*.length", ["3", "4", "5", "{\"x\": 5}", "2", "1", "5", "1"]),
  ]) func finds(path: String, values: [String]) throws {
    #expect(try found(path, in: Self.document) == values)
  }

  @Test(arguments: [
    ("$", "[1]", ["[1]"]), ("$", " 5 ", ["5"]), ("$", "\"x\"", ["\"x\""]), ("$.length", "[1, 2]", ["2"]),
    ("$.length", "\"abc\"", ["3"]), ("$.length", "5", []), ("$.length", "{}", []), ("$[*]", "[]", []),
    ("$[*]", "5", []), ("$[0]", "[[0]]", ["[0]"]), ("$[0][0]", "[[0]]", ["0"]), ("$[1]", "[1, 2, 3]", ["2"]),
    ("$[*].a", "[{\"a\": 1}, 2, {\"b\": {\"a\": 3}}, {\"a\": 4}]", ["1", "4"]), ("$.a", "\u{FEFF}{\"a\": 1}", ["1"]),
    // Of equal names the first counts, also below a wildcard and on the way to something deeper.
    ("$.a", "{\"a\": 1, \"a\": 2}", ["1"]), ("$.a.b", "{\"a\": {\"c\": 1}, \"a\": {\"b\": 2}}", []),
    ("$[*].a", "[{\"a\": 1, \"a\": 2}, {\"a\": 3}]", ["1", "3"]), ("$.*", "{\"a\": 1, \"a\": 2}", ["1", "2"]),
  ]) func findsAtTheRoot(path: String, text: String, values: [String]) throws {
    #expect(try found(path, in: text) == values)
  }

  @Test(
    arguments: [
      ("", 0, nil), ("rooms", 0, "write `$.rooms`"), ("x.y", 0, "write `$.x.y`"), (".x", 0, nil), ("$x", 1, nil),
      ("$.", 1, nil),
      ("$..id", 1, "use `[*]` for every element"), ("$.1a", 2, "write `['...']` for other names"), ("$.a b", 3, nil),
      ("$[", 1, nil), ("$[]", 2, "write `['name']`"), ("$[a]", 2, "write `['name']`"), ("$[-1]", 2, nil),
      ("$[01]", 2, nil),
      ("$[99999999999]", 2, nil), ("$[1:2]", 3, nil), ("$[0,1]", 3, nil),
      ("$[?(@.a)]", 2, "capture with `[*]` and check the values"),
      ("$['a]", 1, nil), ("$['a'", 5, nil), ("$['\\n']", 3, nil), ("$[0", 3, nil), ("$.a.", 3, nil), ("$[*", 3, nil),
      ("$ .a", 1, nil),
    ] as [(String, Int, String?)]) func refuses(path: String, offset: Int, hint: String?)
  {
    let error = #expect(throws: JSONPathError.self) { try JSONPath(path) }
    #expect(error?.offset == offset)
    #expect(error?.hint == hint)
  }

  @Test func stepsAreLimited() {
    #expect(throws: JSONPathError.self) { try JSONPath("$" + String(repeating: ".a", count: 65)) }
    #expect(throws: Never.self) { try JSONPath("$" + String(repeating: ".a", count: 64)) }
  }

  @Test func knowsItsNature() throws {
    #expect(try JSONPath("$.a[*].b").isMany && !JSONPath("$.a[0].b").isMany)
    #expect(
      try JSONPath("$.a.length").isLength && !JSONPath("$.a['length']").isLength && !JSONPath("$.length.a").isLength)
  }

  @Test func severalPathsInOnePass() throws {
    let texts = ["$.rooms[*].id", "$", "$.rooms", "$.rooms[1].id", "$.id", "$.rooms[*].id", "$.none"]
    let bytes = Array(Self.document.utf8)
    var matches = JSONMatches()
    try matches.scan(bytes, JSONPaths(texts.map { try JSONPath($0) }))
    for (index, text) in texts.enumerated() {
      #expect(matches.all(of: index).map { $0.raw(in: bytes) } == (try found(text, in: Self.document)))
      #expect(matches.count(of: index) == matches.all(of: index).count)
      #expect(matches.first(of: index) == matches.all(of: index).first)
    }
    #expect(matches.fragment(of: 0, at: 1)?.string(in: bytes) == "r2")
    #expect(matches.fragment(of: 0, at: 2) == nil)
  }

  @Test func isReused() throws {
    let paths = JSONPaths([try JSONPath("$[*]")])
    let many = Array(("[" + Array(repeating: "1", count: 1000).joined(separator: ",") + "]").utf8)
    let few = Array("[5]".utf8)
    var matches = JSONMatches()
    try matches.scan(many, paths)
    let capacities = [matches.records.capacity, matches.active.capacity, matches.frames.capacity]
    for _ in 0..<100 {
      try matches.scan(few, paths)
      #expect(matches.count == 1)
      try matches.scan(many, paths)
      #expect(matches.count == 1000)
      #expect(throws: JSONError.self) { try matches.scan(Array("[5, x]".utf8), paths) }
      #expect(matches.count == 0)
    }
    // Nothing grew: the scans in between allocated nothing.
    #expect([matches.records.capacity, matches.active.capacity, matches.frames.capacity] == capacities)
  }

  @Test func scansBuffers() throws {
    var matches = JSONMatches()
    let paths = JSONPaths([try JSONPath("$.a")])
    try Array("{\"a\": \"b\"}".utf8).withUnsafeBufferPointer { buffer in
      try matches.scan(buffer, paths)
      #expect(matches.first(of: 0)?.string(in: Array(buffer)) == "b")
    }
    #expect(throws: JSONError.self) { try matches.scan(UnsafeBufferPointer(start: nil, count: 0), paths) }
  }
}
