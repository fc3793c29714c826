// SPDX-License-Identifier: Apache-2.0
import Document
import Testing

@testable import Scenarios

/// Seeded nonsense: nothing may trap, and what compiles must render.
@Suite struct FuzzTests {
  static let pieces = [
    "{{", "}}", "{{ ", " }}", "'", "\"", "a", "x.y", "g.n", "1", "2.5", "+", "-", "*", "/", "%", "(", ")", ",", "==",
    "<",
    "and", "or", "not", "uuid()", "date(+1d)", "random(1, 2)", "pick(a, 1)", "base64(a)", "[", "]", " ", "\u{e9}", "$",
    "hmac_sha256(a, a)", "now('yyyy')", "true", "null", "|", "{", "}", "\\", "\n", "counter()",
  ]

  @Test func templates() throws {
    var random = RandomSource(seed: 20_260_301, index: 0)
    let program = try program("scenario: s\nvars: {a: 1}\nsteps:\n  - {name: r, get: /, capture: {a: \"$.a\"}}\n")
    let journey = try journey(program)
    var compiledCount = 0
    for _ in 0..<30_000 {
      let text = (0..<random.next(below: 9)).map { _ in Self.pieces[random.next(below: Self.pieces.count)] }.joined()
      var scope = Scope()
      scope.names["a"] = .slot(0)
      scope.counters = []
      do {
        let template = try Template.text(text, scope: &scope)
        compiledCount += 1
        if !scope.counters.isEmpty { continue }
        var out: [UInt8] = []
        try? journey.write(template, into: &out)
        if !text.contains("{{") { #expect(out == Array(text.utf8)) }
      } catch {
        #expect(error.offset >= 0 && error.offset <= text.utf8.count, "\(text)")
        #expect(error.length >= 1)
      }
    }
    #expect(compiledCount > 5000)
  }

  @Test func expressionsWithinBraces() {
    var random = RandomSource(seed: 99, index: 0)
    let inner = Self.pieces.filter { !$0.contains("{") && !$0.contains("}") }
    var compiledCount = 0
    for _ in 0..<60_000 {
      let text = (0..<1 + random.next(below: 7)).map { _ in inner[random.next(below: inner.count)] }.joined(
        separator: " ")
      var scope = Scope()
      scope.names["a"] = .constant(Value(integer: 3))
      if (try? ExpressionParser.parse(text, scope: &scope)) != nil { compiledCount += 1 }
    }
    #expect(compiledCount > 1000)
  }

  @Test func deepNestingIsRefused() {
    var scope = Scope()
    let deep = String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000)
    #expect(throws: TemplateMistake.self) { try ExpressionParser.parse(deep, scope: &scope) }
    let negated = String(repeating: "not ", count: 20_000) + "true"
    #expect(throws: Never.self) { try ExpressionParser.parse(negated, scope: &scope) }
  }

  @Test func redactionOfNonsense() {
    var random = RandomSource(seed: 7, index: 7)
    let redactor = Redactor()
    redactor.add("pa\"ss")
    let pieces = [
      "token", "\"", "\\", ":", "=", " ", "{", "[", "]", "}", "pa\"ss", "x", "\n", "Cookie", "&", "pa\\\"ss",
    ]
    for _ in 0..<20_000 {
      let text = (0..<random.next(below: 12)).map { _ in pieces[random.next(below: pieces.count)] }.joined()
      let shown = redactor.redact(text)
      #expect(!shown.contains("pa\"ss") && !shown.contains("pa\\\"ss"), "\(text)")
    }
  }

  @Test func brokenFilesNeverTrap() throws {
    let whole = """
      scenario: s
      data: {g: {file: g.csv, pick: unique}}
      vars: {a: 1, b: "{{ uuid() }}"}
      defaults: {headers: {X: y}, retry: 2}
      setup: [{name: l, post: /l, capture: {t: "$.t"}}]
      steps:
        - {name: a, get: "/{{ g.n }}", expect: {status: {200: ok, 409: no}, json: {"$.x": "> 0"}}, repeat: 2}
        - {pause: 1s..2s, when: "a == 1"}
        - {name: b, post: /, json: {k: ["{{ b }}", 1]}, writes: {key: "{{ b }}", closed-by: c}, let: {z: 1}}
      finally: [{name: c, delete: /, share: 5%}]
      """
    let bytes = Array(whole.utf8)
    let folder = try Folder(["g.csv": "n\n1\n"])
    var random = RandomSource(seed: 31, index: 1)
    var good = 0
    for _ in 0..<400 {
      var mutated = bytes
      for _ in 0...random.next(below: 2) {
        let place = random.next(below: mutated.count)
        switch random.next(below: 3) {
        case 0: mutated.remove(at: place)
        case 1: mutated[place] = Array("{}[]:\"'ab1 \n-".utf8)[random.next(below: 13)]
        default:
          mutated.insert(
            contentsOf: mutated[place..<min(place + 9, mutated.count)], at: random.next(below: mutated.count))
        }
      }
      try folder.write("s.yaml", String(decoding: mutated, as: UTF8.self))
      let loaded = loadScenario(folder.file("s.yaml"))
      #expect((loaded.value == nil) == !loaded.diagnostics.isEmpty)
      if loaded.value != nil { good += 1 }
    }
    #expect(good > 10 && good < 390)
  }
}
