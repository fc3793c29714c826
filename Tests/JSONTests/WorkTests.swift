// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import JSON

/// Linear in the text whatever it holds, counted in bytes looked at and names compared, not in time.
@Suite struct WorkTests {
  private static let shapes: [(name: String, make: @Sendable (Int) -> String)] = [
    ("flat array", { "[" + Array(repeating: "1", count: $0).joined(separator: ",") + "]" }),
    ("equal names", { "{" + Array(repeating: "\"aaaaaaaaaa\":1", count: $0).joined(separator: ",") + "}" }),
    ("near names", { "{" + (0..<$0).map { "\"aaaaaaaaab\($0)\":1" }.joined(separator: ",") + "}" }),
    ("escaped names", { "{" + Array(repeating: "\"\\u0061aaaaaaaaa\":1", count: $0).joined(separator: ",") + "}" }),
    (
      "deep",
      { size in
        let one = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        return "[" + Array(repeating: one, count: max(1, size / 100)).joined(separator: ",") + "]"
      }
    ),
    (
      "objects",
      { "[" + Array(repeating: "{\"aaaaaaaaaa\":{\"aaaaaaaaaa\":[1,2]}}", count: $0).joined(separator: ",") + "]" }
    ),
    ("long text", { "\"" + String(repeating: "é\\n", count: $0) + "\"" }),
    ("broken at the end", { "[" + String(repeating: "{\"a\":[1]},", count: $0) }),
  ]

  private static let paths = [
    "$", "$.length", "$[*]", "$[*][*][*][*]", "$.aaaaaaaaaa", "$[*].aaaaaaaaaa.aaaaaaaaaa[1]", "$.*.*.length",
    "$[*].aaaaaaaaaa.aaaaaaaaaa.length", "$[5]",
  ]

  @Test func isLinear() throws {
    let compiled = JSONPaths(try Self.paths.map { try JSONPath($0) })
    for (name, make) in Self.shapes {
      var work: [Double] = []
      for size in [2000, 4000] {
        let bytes = Array(make(size).utf8)
        var matches = JSONMatches()
        try? matches.scan(bytes, compiled)
        work.append(Double(matches.work))
        #expect(matches.work <= (compiled.count + 2) * bytes.count, "\(name)")
      }
      if work[0] > 0 { #expect(work[1] / work[0] < 2.2, "\(name)") }
    }
  }
}
