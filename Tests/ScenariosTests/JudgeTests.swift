// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scenarios

/// What answers mean.
@Suite struct JudgeTests {
  private func outcome(
    _ expect: String, _ answer: Answer, elapsedMicroseconds: Int64 = 1
  ) throws -> (judgement: StepJudgement, words: String) {
    let head = "vars: {two: 2, name: Ada, text2: \"2\", limit: 10}\n"
    let program = try program(oneStep("    get: /\n    \(expect)\n", head: head))
    let journey = try journey(program)
    let step = program.requests[0]
    let judgement = step.judge(answer, elapsedMicroseconds: elapsedMicroseconds, journey: journey)
    guard case .failed(let failure) = judgement.outcome else { return (judgement, "") }
    let words = step.explain(failure, answer, journey: journey)
    // The place ends with line and column of the file in its temporary folder.
    let place = try #require(words.lastIndex(of: "("))
    #expect(words[place...].contains("/scenario.yaml:"))
    return (judgement, "\(failure.kind.name): \(words[..<place].dropLast())")
  }

  @Test(arguments: [
    ("", 200, "ok"), ("", 204, "ok"), ("", 302, "status: expected status 2xx, got 302"),
    ("", 404, "status: expected status 2xx, got 404"), ("", 0, "status: expected status 2xx, got 0"),
    ("expect: {status: 302}", 302, "ok"), ("expect: {status: 302}", 200, "status: expected status 302, got 200"),
    ("expect: {status: [200, 204]}", 204, "ok"),
    ("expect: {status: [200, 204]}", 201, "status: expected status 200 or 204, got 201"),
    ("expect: {status: 200..204}", 203, "ok"), ("expect: {status: 4xx}", 499, "ok"),
    ("expect: {status: {201: booked, 409: sold out, 5xx: down}}", 201, "ok"),
    ("expect: {status: {201: booked, 409: sold out, 5xx: down}}", 409, "sold out"),
    ("expect: {status: {201: booked, 409: sold out, 5xx: down}}", 503, "down"),
    (
      "expect: {status: {201: booked, 409: sold out}}", 200,
      "status: expected status 201 (booked) or 409 (sold out), got 200"
    ),
  ])
  func statuses(expect: String, status: Int, expected: String) throws {
    let (judgement, words) = try outcome(expect, Answer(status))
    switch judgement.outcome {
    case .ok: #expect(expected == "ok")
    case .refused(let label): #expect(expected == label)
    case .failed: #expect(words == expected)
    }
  }

  static let body = """
    {"rooms": [], "id": "b1", "n": 2, "big": 10.5, "text": "2", "ok": true, "none": null, "tags": ["a", "b"],
     "list": [{"v": 1}, {"v": 3}], "name": "Ada", "quoted": "not empty"}
    """

  @Test(arguments: [
    ("\"$.id\": exists", ""), ("\"$.none\": exists", ""),
    ("\"$.gone\": exists", "expected $.gone to be there, got no such value"), ("\"$.gone\": absent", ""),
    ("\"$.id\": absent", "expected $.id to be absent, got \"b1\""), ("\"$.tags\": not empty", ""),
    ("\"$.rooms\": not empty", "expected $.rooms to be not empty, got []"), ("\"$.rooms\": empty", ""),
    ("\"$.none\": not empty", "expected $.none to be not empty, got null"), ("\"$.none\": null", ""),
    ("\"$.gone\": not empty", "expected $.gone to be not empty, got no such value"),
    ("\"$.id\": b1", ""), ("\"$.id\": b2", "expected $.id to be \"b2\", got \"b1\""),
    ("\"$.n\": 2", ""), ("\"$.n\": 2.0", ""), ("\"$.n\": \"2\"", "expected $.n to be \"2\", got 2"),
    ("\"$.text\": \"2\"", ""), ("\"$.text\": 2", "expected $.text to be 2, got \"2\""),
    ("\"$.n\": \"{{ two }}\"", ""), ("\"$.text\": \"{{ two }}\"", "expected $.text to be 2, got \"2\""),
    ("\"$.name\": \"{{ name }}\"", ""), ("\"$.name\": \"{{ name }}!\"", "expected $.name to be \"Ada!\", got \"Ada\""),
    ("\"$.ok\": true", ""), ("\"$.ok\": false", "expected $.ok to be false, got true"),
    ("\"$.n\": \"> 1\"", ""), ("\"$.n\": \"> 2\"", "expected $.n to be > 2, got 2"), ("\"$.n\": \">= 2\"", ""),
    ("\"$.big\": \"< {{ limit }}\"", "expected $.big to be < 10, got 10.5"), ("\"$.n\": \"!= 3\"", ""),
    ("\"$.text\": \"> 1\"", "expected $.text to be > 1, got \"2\""), ("\"$.id\": \"!= b2\"", ""),
    ("\"$.tags.length\": 2", ""), ("\"$.tags.length\": \"> 2\"", "expected $.tags.length to be > 2, got 2"),
    ("\"$.list[*].v\": \"> 0\"", ""), ("\"$.list[*].v\": \"< 3\"", "expected $.list[*].v to be < 3, got 3"),
    ("\"$.list[*].w\": \"< 3\"", "expected $.list[*].w to be < 3, got no such value"),
    ("\"$.id\": contains b", ""), ("\"$.id\": contains x", "expected $.id to contain `x`, got \"b1\""),
    ("\"$.id\": not contains x", ""), ("\"$.quoted\": {equals: not empty}", ""),
    ("\"$.n\": [\"> 1\", \"< 2\"]", "expected $.n to be < 2, got 2"),
    ("\"$.id\": {contains: \"{{ two }}\"}", "expected $.id to contain `2`, got \"b1\""),
  ])
  func json(rule: String, expected: String) throws {
    let (judgement, words) = try outcome("expect: {json: {\(rule)}}", Answer(200, Self.body))
    #expect((judgement.outcome == .ok) == expected.isEmpty)
    #expect(words == (expected.isEmpty ? "" : "json: \(expected)"))
  }

  @Test(arguments: [
    (
      "expect: {json: {\"$.a\": exists}}", "<html>",
      "json: expected JSON, but expected a JSON value (byte 0); the answer begins `<html>`"
    ),
    (
      "expect: {json: {\"$.a\": exists}}", "",
      "json: expected JSON, but there is no JSON value, the text is empty (byte 0); the answer begins ``"
    ),
    (
      "capture: {x: \"$.a\"}", "[1",
      "capture: expected JSON, but the text ends inside a value (byte 2); the answer begins `[1`"
    ),
    ("capture: {x: \"$.a\"}", "{}", "capture: nothing to capture for 'x': $.a is not in the answer"),
    (
      "capture: {x: {header: Location}}", "",
      "capture: nothing to capture for 'x': header Location is not in the answer"
    ),
    ("expect: {body: contains welcome}", "go away", "body: expected the body to contain `welcome`, got `go away`"),
    ("expect: {body: not contains away}", "go away", "body: expected the body not to contain `away`, got `go away`"),
    ("expect: {body: pong}", "ping", "body: expected the body to be `pong`, got `ping`"),
    ("expect: {body: [not empty, contains a]}", "", "body: expected the body not to be ``, got ``"),
    ("expect: {headers: {X-Id: exists}}", "", "header: expected header X-Id to be there, got none"),
    (
      "expect: {headers: {Content-Type: contains json}}", "",
      "header: expected header Content-Type to contain `json`, got `text/html`"
    ),
    (
      "expect: {headers: {content-type: text/plain}}", "",
      "header: expected header content-type to be `text/plain`, got `text/html`"
    ),
    (
      "expect: {headers: {Content-Type: absent}}", "",
      "header: expected header Content-Type to be absent, got `text/html`"
    ),
  ])
  func failures(keys: String, body: String, expected: String) throws {
    #expect(try outcome(keys, Answer(200, body, headers: ["Content-Type": "text/html"])).words == expected)
  }

  @Test(arguments: [
    "expect: {body: contains needle}", "expect: {body: {equals: a needle here}}", "expect: {body: \"a needle here\"}",
    "expect: {headers: {Content-Type: \"contains {{ 'html' }}\", X-None: not contains x}}", "expect: {body: not empty}",
  ])
  func goodTexts(keys: String) throws {
    let answer = Answer(200, "a needle here", headers: ["Content-Type": "text/html"])
    #expect(try outcome(keys, answer).judgement.outcome == .ok)
  }

  @Test func slowIsNoFailure() throws {
    let expect = "expect: {within: 1ms, status: {200: fine, 409: no}}"
    #expect(try outcome(expect, Answer(200), elapsedMicroseconds: 1000).judgement == .init(outcome: .ok, isSlow: false))
    #expect(try outcome(expect, Answer(200), elapsedMicroseconds: 1001).judgement == .init(outcome: .ok, isSlow: true))
    #expect(
      try outcome(expect, Answer(409), elapsedMicroseconds: 1001).judgement
        == .init(outcome: .refused(label: "no"), isSlow: true))
    #expect(try outcome(expect, Answer(500), elapsedMicroseconds: 1001).judgement.isSlow == false)
  }

  @Test func capturesKeepTypesAndDefaults() throws {
    let captures = """
      capture:
            text: "$.t"
            number: {json: "$.list[*].v", pick: last}
            object: {json: "$.o"}
            code: {status: true}
            where: {header: location}
            other: {json: "$.none", default: 7}
            flag: "$.b"
      """
    let program = try program(oneStep("    get: /\n    \(captures)\n"))
    let journey = try journey(program)
    let body = #"{"t": "a\"\u00e9", "list": [{"v": 1}, {"v": 2.50}], "o": {"k": [1]}, "none": null, "b": false}"#
    let answer = Answer(201, body, headers: ["Location": "/x"])
    #expect(program.requests[0].judge(answer, elapsedMicroseconds: 1, journey: journey).outcome == .ok)
    let values = ["text", "number", "object", "code", "where", "other", "flag"].map { journey.value(named: $0) }
    #expect(
      values == [
        Value(text: "a\"é"), Value(kind: .number, bytes: Array("2.50".utf8)),
        Value(kind: .object, bytes: Array(#"{"k": [1]}"#.utf8)), Value(integer: 201), Value(text: "/x"),
        Value(integer: 7), Value(boolean: false),
      ])
  }

  @Test func aVariableThatIsMissingFailsTheExpectation() throws {
    let text = """
      scenario: s
      steps:
        - {name: a, get: /, when: "false", capture: {id: "$.id"}}
        - {name: b, get: /, expect: {json: {"$.id": "{{ id }}"}}}
      """
    let program = try program(text)
    let journey = try journey(program)
    #expect(try journey.next() == .request(1))
    let answer = Answer(200, #"{"id": 1}"#)
    guard
      case .failed(let failure) = program.requests[1].judge(answer, elapsedMicroseconds: 1, journey: journey).outcome
    else {
      Issue.record("a failure was expected")
      return
    }
    #expect(failure.kind == .render)
    #expect(
      program.requests[1].explain(failure, answer, journey: journey).hasPrefix("'id' has no value in this journey"))
  }

  @Test func searchIsLinear() {
    let text = [UInt8](repeating: 0x61, count: 400_000)
    let needle = [UInt8](repeating: 0x61, count: 100_000) + [0x62]
    text.withUnsafeBufferPointer { #expect(!contains($0, needle)) }
    text.withUnsafeBufferPointer { #expect(contains($0, [0x61])) }
    Array("abababc".utf8).withUnsafeBufferPointer { #expect(contains($0, Array("ababc".utf8))) }
    Array("abc".utf8).withUnsafeBufferPointer { #expect(!contains($0, Array("abcd".utf8))) }
  }
}
