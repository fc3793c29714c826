// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Document

/// Decodes a one-line text; the first message when that fails.
private func decode<Value>(_ shape: Shape<Value>, _ text: String) -> Result<Value, Diagnostics> {
  var diagnostics = Diagnostics()
  guard let value = shape.read(Source(path: "t", text: text), &diagnostics) else { return .failure(diagnostics) }
  return .success(value)
}

@Suite struct ShapeTests {
  @Test(arguments: [
    ("30s", Duration.seconds(30)), ("250ms", .milliseconds(250)), ("1h30m", .seconds(5400)), ("0", .zero),
    ("0s", .zero), ("1.5s", .milliseconds(1500)), ("1d", .seconds(86400)), ("15us", .microseconds(15)),
    ("0.000001s", .microseconds(1)), ("1m0.25s", .milliseconds(60250)), ("0.3333333333333ms", .nanoseconds(333_333)),
    ("1h1m1s1ms1us", .nanoseconds(3_661_001_001_000)), ("36500d", .seconds(36500 * 86400)),
  ]) func durations(text: String, duration: Duration) throws {
    #expect(try decode(.duration, text).get() == duration)
    #expect(try decode(.durationRange, text).get() == duration...duration)
    let pattern = try #require(Regex(#"^(0|([0-9]+(\.[0-9]+)?(us|ms|s|m|h|d))+)$"#) as Regex<AnyRegexOutput>?)
    #expect(text.wholeMatch(of: pattern) != nil)
  }

  @Test(arguments: [
    "30", "s", "-1s", "1 s", "1S", "1s1s", "1s1m", "1.s", ".5s", "1x", "1,5s", "36501d", "9223372036854775807d", "1e3s",
    "1s ", "١s", "∞",
  ]) func notDurations(text: String) {
    #expect(throws: Mistake.self) { try parseDuration(text) }
  }

  @Test func shares() throws {
    #expect(try decode(.share, "20%").get() == 0.2)
    #expect(try decode(.share, "0.5 %").get() == 0.005)
    #expect(try decode(.share, "100%").get() == 1)
    for text in ["20", "101%", "-1%", "%", "a%", "0x10%", "1e1%", "1.%", "", "inf%", "nan%"] {
      #expect(throws: Diagnostics.self, "\(text)") { try decode(.share, text).get() }
    }
  }

  @Test func scalarsAreTypedByTheirKey() throws {
    #expect(try decode(.string, "NO").get() == "NO")
    #expect(try decode(.string, "null").get() == "null")
    #expect(try decode(.string, "0034600111222").get() == "0034600111222")
    #expect(try decode(.bool, "True").get() == true)
    #expect(try decode(.integer(in: 1...5), "0x5").get() == 5)
    #expect(try decode(.number, "1e3").get() == 1000)
    for text in ["yes", "on", "\"true\"", "1", "TrUe", "!!str true"] {
      #expect(throws: Diagnostics.self, "\(text)") { try decode(.bool, text).get() }
    }
    for text in ["\"5\"", "6", "5.0", "05", "1e0", "five"] {
      #expect(throws: Diagnostics.self, "\(text)") { try decode(.integer(in: 1...5), text).get() }
    }
    for text in [".inf", ".nan", "1e999", "\"1\"", "1,5"] {
      #expect(throws: Diagnostics.self, "\(text)") { try decode(.number, text).get() }
    }
  }

  @Test func alternativesGoByKindThenByOrder() throws {
    let either = Shape<String>.anyOf(
      "a code or codes",
      [
        Shape.integer(in: 100...599).map { code throws(Mistake) in "code \(code)" },
        Shape.choice(names: ["any"]).map { word throws(Mistake) in "word \(word)" },
        Shape.list(of: .integer()).map { codes throws(Mistake) in "list \(codes)" },
        Shape.dictionary(keys: .integer(), of: .string).map { entries throws(Mistake) in
          "names \(entries.map { "\($0.key)=\($0.value)" })"
        },
      ])
    #expect(try decode(either, "200").get() == "code 200")
    #expect(try decode(either, "any").get() == "word any")
    #expect(try decode(either, "[1, 2]").get() == "list [1, 2]")
    #expect(try decode(either, "{201: booked, 409: sold out}").get() == #"names ["201=booked", "409=sold out"]"#)
    guard case .failure(let scalar) = decode(either, "many") else { throw Mistake("decoded") }
    #expect(scalar.all.map(\.message) == ["expected a code or codes, found `many`"])
    guard case .failure(let list) = decode(either, "[1, x]") else { throw Mistake("decoded") }
    #expect(list.all.map(\.message) == ["expected a whole number, found `x`"])
  }

  @Test func alternativesAmongMappingsGoByTheirKeys() throws {
    struct Draft { var a = 0; var b = 0 }
    func object(_ name: String, _ other: String) -> Shape<String> {
      Shape.object(Draft(), "One of two.") { o in
        o.required(name, .integer(), \.a, "First.")
        o.optional(other, .integer(), \.b, "Second.")
      }.map { draft throws(Mistake) in "\(name) \(draft.a)" }
    }
    let entries = Shape.dictionary(of: .integer()).map { entries throws(Mistake) in "entries \(entries.count)" }
    let shape = Shape<String>.anyOf("one of them", [entries, object("x", "y"), object("z", "y")])
    #expect(try decode(shape, "{x: 1, y: 2}").get() == "x 1")
    #expect(try decode(shape, "{y: 2, z: 1}").get() == "z 1")
    #expect(try decode(shape, "{other: 1}").get() == "entries 1")
    guard case .failure(let found) = decode(shape, "{z: 1, y: 2, w: 3}") else { throw Mistake("decoded") }
    #expect(found.all.map(\.message) == ["unknown key `w`"])
  }

  /// Two alternatives at each of 60 levels: tried one after the other they would cost 2^60 readings.
  @Test(.timeLimit(.minutes(1))) func nestedAlternativesAreReadOnce() {
    enum Nested {
      static let shape: Shape<Int> = .anyOf(
        "a chain", [object("left"), object("right"), Shape.integer().map { depth throws(Mistake) in depth }])
      static func object(_ name: String) -> Shape<Int> {
        Shape.object(Draft(), "A link.") { o in
          o.optional("next", .reference("chain", to: shape), \.next, "What follows.")
          o.optional(name, .bool, \.flag, "Either.")
        }.map { draft throws(Mistake) in (draft.next ?? 0) + 1 }
      }
      struct Draft {
        var next: Int?
        var flag = false
      }
    }
    let text = String(repeating: "{next: ", count: 60) + "wrong" + String(repeating: "}", count: 60)
    guard case .failure(let found) = decode(Nested.shape, text) else { return #expect(Bool(false)) }
    #expect(found.all.map(\.message) == ["expected a whole number, found `wrong`"])
    let sound = String(repeating: "{right: true, next: ", count: 60) + "0" + String(repeating: "}", count: 60)
    #expect((try? decode(Nested.shape, sound).get()) == 60)
  }

  @Test func oneOrMany() throws {
    #expect(try decode(.oneOrMany(of: .integer()), "5").get() == [5])
    #expect(try decode(.oneOrMany(of: .integer()), "[5, 6]").get() == [5, 6])
    #expect(throws: Diagnostics.self) { try decode(.oneOrMany(of: .integer()), "[]").get() }
  }

  @Test func decodesTheCorpusShape() throws {
    let journey = try decode(
      Journey.shape,
      """
      journey: on
      pick: unique
      steady: true
      vars: {b: 0034, a: [1]}
      steps:
        - {name: x, get: "/a/{{ b }}", status: 200, share: 20%, headers: {X-Id: 5}}
        - pause: 200ms..1s
        - repeat: 3
          steps:
            - {name: y, post: /y, status: [200, 204], json: {a: 1}}
            - repeat: 2
              steps: [{pause: 1s}]
      """
    ).get()
    #expect(journey.name == "on")
    #expect(journey.pick == .unique && journey.isSteady)
    #expect(journey.variables.map(\.key) == ["b", "a"])
    guard case .call(let call) = journey.steps[0], case .pause(let pause) = journey.steps[1],
      case .group(let group) = journey.steps[2], case .group(let inner) = group.steps[1]
    else { throw Mistake("other steps") }
    #expect(call.request?.key == "get" && call.status == [200] && call.share == 0.2)
    #expect(call.request?.value.node.position(atOffset: 3).column == 24)
    #expect(pause == .milliseconds(200)...(.seconds(1)))
    #expect(group.times == 3 && inner.steps.count == 1)
  }

  @Test func mistakesPointIntoTheScalar() throws {
    let shape = Shape.string.map { text throws(Mistake) -> String in
      throw Mistake("no", offset: text.utf8.count - 2, length: 2)
    }
    guard case .failure(let found) = decode(shape, "\"a\\tb {{\"") else { throw Mistake("decoded") }
    #expect(found.all[0].position.column == 7)
    #expect(found.all[0].length == 2)
  }

  @Test func checksSeeTheWhole() throws {
    struct Draft { var low = 0; var high = 0 }
    let shape = Shape.object(Draft(), "A range.") { o in
      o.required("low", .integer(), \.low, "From.")
      o.required("high", .integer(), \.high, "To.")
    }.check { draft, node, diagnostics in
      if draft.low > draft.high { diagnostics.error(at: node["high"] ?? node, "less than `low`") }
    }
    #expect(try decode(shape, "{low: 1, high: 2}").get().high == 2)
    guard case .failure(let found) = decode(shape, "{low: 3, high: 2}") else { throw Mistake("decoded") }
    #expect(found.all.map { "\($0.position) \($0.message)" } == ["t:1:16 less than `low`"])
  }
}

@Suite struct DiagnosticsTests {
  @Test func warningsDoNotStopAndColourIsOptional() throws {
    let node = try parsed("a: b")
    var diagnostics = Diagnostics()
    diagnostics.warning(at: node, "strange", hint: "look twice")
    #expect(diagnostics.isEmpty && diagnostics.errorCount == 0)
    #expect(diagnostics.rendered() == "test.yaml:1:1: warning: strange\n  a: b\n  ^\n  look twice\n")
    #expect(diagnostics.rendered(colour: true).contains("\u{1B}[33mwarning:\u{1B}[0m"))
  }

  @Test func filesAndPlacesAreInOrder() throws {
    let first = try #require(try parsed("a: 1\nb: 2").entries)
    let other = Node(text: "5x", called: "--rate")
    var diagnostics = Diagnostics()
    diagnostics.error(at: first[1].key, "second")
    diagnostics.error(at: other, Mistake("bad unit", offset: 1))
    diagnostics.error(at: first[0].key, "first")
    diagnostics.error(at: first[0].key, "first")
    let heads = diagnostics.rendered().split(separator: "\n").filter { $0.contains("error:") }
    #expect(heads == ["test.yaml:1:1: error: first", "test.yaml:2:1: error: second", "--rate:1:2: error: bad unit"])
  }
}

@Suite struct SchemaTests {
  private typealias Object = [String: Any]

  @Test func isJSONAndSaysWhatTheShapeSays() throws {
    let text = Journey.shape.schema.jsonSchema(title: "journey")
    let schema = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object)
    #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
    #expect(schema["description"] as? String == "What one visitor does.")
    #expect(schema["required"] as? [String] == ["journey", "steps"])
    #expect(schema["additionalProperties"] as? Bool == false)
    let properties = try #require(schema["properties"] as? [String: Object])
    #expect(properties["pick"]?["enum"] as? [String] == ["random", "sequential", "unique"])
    #expect(properties["users"]?["maximum"] as? Int == 1000)
    #expect(properties["steps"]?["minItems"] as? Int == 1)
    let definitions = try #require(schema["$defs"] as? [String: Object])
    let alternatives = try #require(definitions["step"]?["anyOf"] as? [Object])
    #expect(alternatives.count == 3)
    let group = try #require(alternatives[1]["properties"] as? [String: Object])
    #expect((group["steps"]?["items"] as? Object)?["$ref"] as? String == "#/$defs/step")
    let call = try #require(alternatives[2]["properties"] as? [String: Object])
    #expect(call["within"]?["examples"] as? [String] == ["30s", "250ms", "1h30m"])
    #expect((alternatives[2]["allOf"] as? [Object])?.count == 2)
  }

  @Test func escapesAreJSON() throws {
    let shape = Shape.choice(names: ["a\"b", "c\\d", "e\u{1}\n"]).describing("tab\there")
    let text = shape.schema.jsonSchema(title: "q\"")
    let schema = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object)
    #expect(schema["enum"] as? [String] == ["a\"b", "c\\d", "e\u{1}\n"])
    #expect(schema["description"] as? String == "tab\there")
  }
}

@Suite struct SuggestionTests {
  @Test(
    arguments: [
      ("psot", "post"), ("Post", "post"), ("max_in_flight", "max-in-flight"), ("warmup", "warm-up"), ("x", nil),
      ("", nil), ("thresold", "thresholds"), ("postt", "post"), ("whatever", nil),
    ] as [(String, String?)]) func near(word: String, expected: String?)
  {
    #expect(nearest(to: word, among: ["get", "post", "max-in-flight", "warm-up", "thresholds"]) == expected)
  }

  @Test func longWordsAreNotCompared() {
    #expect(nearest(to: String(repeating: "a", count: 100_000), among: ["a"]) == nil)
  }

  @Test func saysWhatThereIs() {
    #expect(suggestion(for: "x", among: ["get", "post"], called: "methods") == "methods: get, post")
    #expect(suggestion(for: "gte", among: ["get", "post"], called: "methods") == "did you mean `get`?")
    #expect(suggestion(for: "x", among: []) == nil)
  }
}
