// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JSON

/// Texts of all values found by one path.
func found(_ path: String, in text: String) throws -> [String] {
  let bytes = Array(text.utf8)
  var matches = JSONMatches()
  try matches.scan(bytes.span, JSONPaths([try JSONPath(path)]))
  return matches.all(of: 0).map { $0.raw(in: bytes.span) }
}

@Suite struct PathTests {
  static let document = """
    {"id": 7, "rooms": [{"id": "r1", "tags": ["a", "b"]}, {"id": "r2", "tags": []}, {"name": "no id"}],
     "odd name": true, "it's": 1, "length": "real", "text": "h\\u00e9llo", "nothing": null, "big": 12345678901234567890123,
     "a-b": {"length": {"x": 5}}, "nested": [[1, 2], [3]], "é": "ü", "": "empty", "obj": {"p": 1, "q": [2]}}
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
    ("$.rooms.id", []), ("$.rooms[0].tags[1]", ["\"b\""]),
  ]) func finds(path: String, values: [String]) throws {
    #expect(try found(path, in: Self.document) == values)
  }
}
