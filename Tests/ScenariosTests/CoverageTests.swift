// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scenarios

@Suite struct CoverageTests {
  private func operations(_ texts: [String], bases: [String] = []) -> [TargetOperation] {
    texts.map { text in
      let words = text.split(separator: " ").map(String.init)
      return TargetOperation(method: words[0], path: words[1], basePaths: bases)
    }
  }

  private func called(_ request: String, _ texts: [String], bases: [String] = [], target: String = "") -> String {
    let list = OperationList(source: "test", operations: operations(texts, bases: bases), targetPath: target)
    let words = request.split(separator: " ").map(String.init)
    switch list.match(method: words[0], path: words[1]) {
    case .operation(let index): return list.operations[index].description
    case .implied: return "implied"
    case .none: return "none"
    }
  }

  private static let api = [
    "GET /rooms", "GET /rooms/{id}", "GET /rooms/free", "DELETE /rooms/{id}", "GET /rooms/{id}/nights/{night}",
    "GET /files/{name}.json", "GET /files/{name}", "GET /v{n}/x", "GET /a/{x}-{y}", "POST /rooms/{id}:lock",
    "GET /{any}/free", "GET /slash/", "GET /both", "GET /both/", "GET /caf\u{E9}", "GET /sp%20ace", "HEAD /headed",
    "GET /",
  ]

  @Test(arguments: [
    ("GET /rooms", "GET /rooms"), ("GET /rooms/7", "GET /rooms/{id}"), ("GET /rooms/7?x=/a/b", "GET /rooms/{id}"),
    ("GET /rooms/7#f", "GET /rooms/{id}"), ("DELETE /rooms/7", "DELETE /rooms/{id}"),
    // Written out wins over braces, the farther from the left the better; but only with the method that was used.
    ("GET /rooms/free", "GET /rooms/free"), ("DELETE /rooms/free", "DELETE /rooms/{id}"),
    ("GET /x/free", "GET /{any}/free"), ("GET /files/a.json", "GET /files/{name}.json"),
    ("GET /files/a.txt", "GET /files/{name}"), ("GET /files/.json", "GET /files/{name}"),
    ("GET /rooms/7/nights/2026-01-01", "GET /rooms/{id}/nights/{night}"), ("GET /v12/x", "GET /v{n}/x"),
    ("GET /v/x", "none"), ("GET /a/1-2", "GET /a/{x}-{y}"), ("GET /a/1-2-3", "GET /a/{x}-{y}"),
    ("GET /a/-2", "none"), ("GET /a/1-", "none"), ("GET /a/12", "none"),
    ("POST /rooms/7:lock", "POST /rooms/{id}:lock"), ("POST /rooms/:lock", "none"),
    // A part in braces is never empty, and never two parts; an escaped slash does not cut.
    ("GET /rooms/", "GET /rooms"), ("GET /rooms//", "none"), ("GET /rooms/7/8", "none"),
    ("GET /rooms/7%2F8", "GET /rooms/{id}"), ("GET /rooms/7/", "GET /rooms/{id}"),
    ("GET /slash", "GET /slash/"), ("GET /slash/", "GET /slash/"), ("GET /both", "GET /both"),
    ("GET /both/", "GET /both/"),
    // However it is escaped.
    ("GET /caf%C3%A9", "GET /caf\u{E9}"), ("GET /caf%c3%a9", "GET /caf\u{E9}"), ("GET /sp%20ace", "GET /sp%20ace"),
    ("GET /%72ooms", "GET /rooms"), ("GET /rooms/%", "GET /rooms/{id}"), ("GET /rooms/%zz", "GET /rooms/{id}"),
    ("GET /Rooms", "none"), ("GET /x/../rooms", "GET /rooms"), ("GET /./rooms", "GET /rooms"),
    ("GET /../../rooms", "GET /rooms"), ("GET /", "GET /"), ("GET //", "GET /"),
    // What any server answers for the paths it has.
    ("HEAD /rooms", "implied"), ("OPTIONS /rooms/7", "implied"), ("HEAD /headed", "HEAD /headed"),
    ("HEAD /nowhere", "none"), ("GET /headed", "none"), ("PUT /rooms", "none"), ("GET /nowhere", "none"),
  ])
  func aRequestCallsAnOperation(request: String, expected: String) {
    let list = request == "GET //" ? ["GET /"] : Self.api
    // `//` is an empty part between two slashes, which is no part of any path but the root's end.
    #expect(called(request, list) == (request == "GET //" ? "none" : expected))
  }

  @Test func theOrderOfTheSourceDoesNotDecide() {
    for list in [Self.api, Self.api.reversed()] {
      #expect(called("GET /rooms/free", list) == "GET /rooms/free")
      #expect(called("GET /files/a.json", list) == "GET /files/{name}.json")
      #expect(called("GET /both", list) == "GET /both")
    }
  }

  @Test(arguments: [
    ("/api", "", "GET /api/rooms", true), ("/api", "", "GET /rooms", false), ("/api/", "", "GET /api/rooms", true),
    // The target's own path may be in the document or not.
    ("", "/base", "GET /base/rooms", true), ("/base", "/base", "GET /base/rooms", true),
    ("/api", "/base", "GET /base/api/rooms", true), ("/api", "/base/", "GET /base/api/rooms", true),
    ("", "/base", "GET /rooms", true), ("/{tenant}/v1", "", "GET /main/v1/rooms", true),
    ("/{tenant}/v1", "", "GET //v1/rooms", false),
  ])
  func basePaths(base: String, target: String, request: String, isFound: Bool) {
    #expect((called(request, ["GET /rooms"], bases: [base], target: target) == "GET /rooms") == isFound)
  }

  @Test func operationsThatDifferInNamesOnlyAreOne() {
    let list = OperationList(
      source: "", operations: operations(["GET /r/{id}", "GET /r/{room}", "PUT /r/{id}", "GET /r/{id}/"]))
    #expect(list.operations.map(\.description) == ["GET /r/{id}", "PUT /r/{id}", "GET /r/{id}/"])
  }

  // MARK: counting

  private func tally(_ ignored: [(String, String)] = [], target: String = "http://h:8000") -> CoverageTally {
    CoverageTally(
      OperationList(
        source: "test", operations: operations(["GET /rooms", "GET /rooms/{id}", "DELETE /admin/{id}", "POST /rooms"])),
      ignoring: ignored.map { .init(operation: $0.0, reason: $0.1) }, target: target)
  }

  @Test func gapsWaiversAndStrangers() {
    var tally = tally([("DELETE /admin/*", "destroys data"), ("* /old/*", "gone"), ("GET /rooms", "asked elsewhere")])
    for url in ["http://h:8000/rooms", "http://H:8000/rooms?x=1", "/rooms", "http://h:8000/rooms/7"] {
      tally.answered(method: "get", url: url, status: 200)
    }
    tally.answered(method: "GET", url: "http://h:8000/nowhere?token=1", status: 404)
    tally.answered(method: "GET", url: "http://h:8000/nowhere?token=2", status: 404)
    tally.answered(method: "GET", url: "http://other/rooms", status: 200)
    tally.answered(method: "GET", url: "https://h:8000/rooms", status: 200)
    let coverage = tally.coverage
    #expect(coverage.operations.map(\.called) == [3, 1, 0, 0])
    #expect(coverage.operations.map(\.ignored) == ["asked elsewhere", nil, "destroys data", nil])
    #expect(coverage.gaps.map(\.description) == ["POST /rooms"])
    #expect(coverage.undocumented == ["GET /nowhere"])
    #expect(coverage.unusedIgnores == ["* /old/*"])
  }

  /// An answer that says there is no such thing shows no operation at work.
  @Test(arguments: [(405, 0), (501, 0), (404, 1), (401, 1), (500, 1), (200, 1)])
  func answersThatCount(status: Int, expected: Int) {
    var tally = tally()
    tally.answered(method: "POST", url: "/rooms", status: status)
    #expect(tally.coverage.operations[3].called == expected)
  }

  @Test(arguments: [
    ("http://h/", "http://h:80/rooms"), ("https://h:443", "https://h/rooms"), ("http://h/x", "http://h/rooms"),
  ])
  func thePortThatIsMeant(target: String, url: String) {
    var tally = tally(target: target)
    tally.answered(method: "GET", url: url, status: 200)
    #expect(tally.coverage.operations[0].called == 1)
  }

  @Test(arguments: [
    ("DELETE /admin/*", "DELETE /admin/users/{id}", true), ("DELETE /admin/*", "GET /admin/x", false),
    ("* /admin/*", "GET /admin/x", true), ("* *", "GET /", true), ("GET *", "GET /a/b", true),
    ("GET /a/{id}", "GET /a/{room}", true), ("GET /a/{id}", "GET /a/b", false), ("GET /a", "GET /a/b", false),
    ("GET /*/b", "GET /a/x/b", true), ("GET /*b*", "GET /abab", true), ("GET /b*", "GET /", false),
    ("GET /api/x", "GET /x", true),
  ])
  func patterns(pattern: String, operation: String, fits: Bool) {
    #expect(IgnorePattern(pattern).fits(operations([operation], bases: ["/api"])[0]) == fits)
  }

  /// Stars and braces that cost much where each could be tried everywhere.
  @Test func hostilePatternsEnd() {
    let text = String(repeating: "a", count: 5000)
    let stars = String(repeating: "*a", count: 500)
    #expect(!IgnorePattern("GET /\(stars)b").fits(TargetOperation(method: "GET", path: "/" + text)))
    let braces = String(repeating: "{x}a", count: 500)
    #expect(called("GET /\(text)", ["GET /\(braces)"]) == "GET /\(braces)")
    #expect(called("GET /\(text)", ["GET /\(braces)b"]) == "none")
  }

  @Test func strangersAreKeptUpToAPoint() {
    var tally = tally()
    for number in 0..<500 { tally.answered(method: "GET", url: "/none/\(number)", status: 404) }
    tally.answered(method: "GET", url: "/" + String(repeating: "x", count: 10_000), status: 404)
    #expect(tally.coverage.undocumented.count == CoverageTally.mostUndocumented)
  }
}
