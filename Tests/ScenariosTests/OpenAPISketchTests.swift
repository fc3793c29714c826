// SPDX-License-Identifier: Apache-2.0
import Document
import Testing

@testable import Scenarios

@Suite struct OpenAPISketchTests {
  private func document(_ paths: String, more: String = "") -> [UInt8] {
    Array("{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"T\",\"version\":\"1\"},\"paths\":{\(paths)}\(more)}".utf8)
  }

  private let ping = "\"/ping\":{\"get\":{\"responses\":{\"200\":{\"description\":\"\"}}}}"

  /// The sketch, whose file is one that is read.
  private func sketch(_ bytes: [UInt8], withWrites: Bool = false) throws -> ScenarioSketch {
    let sketch = try OpenAPISketch(bytes, location: "/openapi.json", name: "s", withWrites: withWrites).scenario
    let folder = try Folder(["s.yaml": sketch.yaml])
    let known = options(Dictionary(uniqueKeysWithValues: sketch.variables.map { ($0, "value-of-\($0)") }))
    #expect(loadScenario(folder.file("s.yaml"), known).diagnostics.rendered() == "", "\(sketch.yaml)")
    return sketch
  }

  /// The step of one GET at /x with these members beside `responses`, or why there is none.
  private func outcome(_ members: String, path: String = "/x", more: String = "") throws -> String {
    let operation = "\"\(path)\":{\"get\":{\(members)\"responses\":{\"200\":{\"description\":\"\"}}}}"
    let sketch = try sketch(document("\(ping),\(operation)", more: more))
    guard let step = sketch.steps.dropFirst().first else { return sketch.rest.last ?? "nothing" }
    return ([step.path] + step.headers.map { "\($0.name): \($0.value)" }).joined(separator: "|")
  }

  private func parameter(_ name: String, _ place: String, _ rest: String) -> String {
    "\"parameters\":[{\"name\":\"\(name)\",\"in\":\"\(place)\",\"required\":true,\(rest)}],"
  }

  @Test(arguments: [
    ("query", "\"example\":\"a b&c\"", "/x?p=a%20b%26c"), ("query", "\"examples\":{\"one\":{\"value\":7}}", "/x?p=7"),
    ("query", "\"schema\":{\"type\":\"string\",\"enum\":[\"u\",\"v\"]}", "/x?p=u"),
    ("query", "\"schema\":{\"type\":\"string\",\"format\":\"date\"}", "/x?p={{ date(+30d) }}"),
    ("query", "\"schema\":{\"type\":\"integer\",\"minimum\":3}", "/x?p=3"),
    ("query", "\"schema\":{\"type\":\"boolean\"}", "/x?p=true"),
    ("query", "\"schema\":{\"$ref\":\"#/components/schemas/N\"}", "/x?p=five"),
    ("query", "\"schema\":{\"type\":\"string\"}", "  GET /x: `p` has no example"),
    ("query", "\"example\":\"{{ oops }}\"", "/x?p=%7B%7B%20oops%20%7D%7D"),
    ("header", "\"example\":\"{{ oops }}\"", "/x|p: {{ '{{' }} oops }}"),
    ("cookie", "\"example\":\"1\"", "  GET /x: it needs a cookie"),
  ])
  func parameters(place: String, rest: String, expected: String) throws {
    let more = ",\"components\":{\"schemas\":{\"N\":{\"type\":\"string\",\"default\":\"five\"}}}"
    #expect(try outcome(parameter("p", place, rest), more: more) == expected)
  }

  @Test func specialHeaders() throws {
    #expect(
      try outcome(parameter("Idempotency-Key", "header", "\"schema\":{\"type\":\"string\"}"))
        == "/x|Idempotency-Key: {{ uuid() }}")
    #expect(try outcome(parameter("Accept", "header", "\"schema\":{\"type\":\"string\"}")) == "/x")
    #expect(
      try outcome(parameter("X-Api-Key", "header", "\"example\":\"real-key\""))
        == "/x|X-Api-Key: {{ secret('X_API_KEY') }}")
  }

  @Test func pathsNeedAToldValue() throws {
    #expect(try outcome(parameter("id", "path", "\"example\":\"a/b\""), path: "/x/{id}") == "/x/a%2Fb")
    #expect(
      try outcome(parameter("id", "path", "\"schema\":{\"type\":\"integer\"}"), path: "/x/{id}")
        == "  GET /x/{id}: `id` has no example")
    #expect(try outcome("", path: "/x/{id}") == "  GET /x/{id}: its path has a part without description")
  }

  @Test(arguments: [
    ("{\"type\":\"http\",\"scheme\":\"bearer\"}", "/x|Authorization: Bearer {{ secret('API_TOKEN') }}"),
    ("{\"type\":\"http\",\"scheme\":\"basic\"}", "/x|Authorization: Basic {{ base64(credentials) }}"),
    ("{\"type\":\"oauth2\",\"flows\":{}}", "/x|Authorization: Bearer {{ secret('API_TOKEN') }}"),
    ("{\"type\":\"apiKey\",\"in\":\"header\",\"name\":\"X-Key\"}", "/x|X-Key: {{ secret('X_KEY') }}"),
    ("{\"type\":\"apiKey\",\"in\":\"query\",\"name\":\"k\"}", "/x?k={{ secret('K') }}"),
    ("{\"type\":\"mutualTLS\"}", "  GET /x: its security scheme 'one' is not understood"),
  ])
  func security(scheme: String, expected: String) throws {
    let more = ",\"components\":{\"securitySchemes\":{\"one\":\(scheme)}}"
    #expect(try outcome("\"security\":[{\"one\":[]}],", more: more) == expected)
    #expect(try outcome("\"security\":[{},{\"one\":[]}],", more: more) == "/x")
  }

  @Test func bodies() throws {
    let schemas = """
      ,"components":{"schemas":{
        "Guest":{"type":"object","required":["name","born","self"],"properties":{
          "id":{"type":"string","readOnly":true,"example":"no"},"name":{"type":"string","example":"José {{x}}"},
          "born":{"type":["string","null"],"format":"date"},"note":{"type":"string"},"password":{"type":"string","example":"pw"},
          "self":{"type":"array","items":{"$ref":"#/components/schemas/Guest"}}}},
        "Both":{"allOf":[{"type":"object","required":["a"],"properties":{"a":{"type":"integer","minimum":4}}},
          {"type":"object","required":["b"],"properties":{"b":{"anyOf":[{"type":"null"},{"const":"c"}]}}}]}}}
      """
    func body(_ schema: String) -> String {
      "\"requestBody\":{\"required\":true,\"content\":{\"application/json\":\(schema)}},\"responses\":{\"201\":{},\"202\":{}}"
    }
    let paths = """
      \(ping),"/told":{"post":{\(body("{\"example\":{\"a\":[1,{}]}}"))}},
      "/both":{"put":{\(body("{\"schema\":{\"$ref\":\"#/components/schemas/Both\"}}"))}},
      "/guest":{"patch":{\(body("{\"schema\":{\"$ref\":\"#/components/schemas/Guest\"}}"))}},
      "/gone":{"delete":{"responses":{"204":{}}}},
      "/file":{"post":{"requestBody":{"required":true,"content":{"image/png":{}}},"responses":{}}}
      """
    let plain = try sketch(document(paths, more: schemas))
    #expect(plain.steps.filter { !$0.isLeftOut }.map(\.name) == ["get-ping"])
    #expect(plain.rest.last == "  POST /file: its body is image/png")
    let writing = try sketch(document(paths, more: schemas), withWrites: true)
    #expect(writing.steps.filter { !$0.isLeftOut }.map(\.name) == ["get-ping", "post-told"])
    #expect(writing.steps[1].body == .json(.object([.init("a", .list([.number("1"), .object([])]))])))
    #expect(writing.steps[1].status == "[201, 202]")
    let both = try #require(writing.steps.first { $0.name == "put-both" })
    #expect(both.body == .json(.object([.init("a", .number("4")), .init("b", .text("c"))])))
    let guest = try #require(writing.steps.first { $0.name == "patch-guest" })
    #expect(
      guest.body
        == .json(
          .object([
            .init("name", .text("José {{ '{{' }}x}}")), .init("born", .text("{{ date(+30d) }}")),
            .init("password", .text("{{ secret('PASSWORD') }}")), .init("self", .list([])),
          ])))
    #expect(writing.steps.first { $0.name == "delete-gone" }?.remarks == ["DELETE /gone: it deletes"])
  }

  @Test func whatIsLeftOut() throws {
    let paths = """
      "/a":{"get":{"deprecated":true,"responses":{"200":{}}}},\(ping),
      "/b":{"get":{"responses":{"200":{"content":{"text/event-stream":{}}}}}},"/c":{"trace":{"responses":{}}},
      "/ping/":{"get":{"responses":{"default":{}}}},"/r":{"get":{"responses":{"307":{}}}}
      """
    let sketch = try sketch(document(paths))
    #expect(sketch.steps.map(\.name) == ["get-ping", "get-ping-2", "get-r"])
    #expect(sketch.steps.map(\.status) == ["200", "2xx", "307"])
    #expect(
      sketch.rest == [
        "Not called yet:", "  GET /a: deprecated", "  GET /b: its answer is a stream that does not end",
        "  TRACE /c: gonogo does not send TRACE",
      ])
  }

  @Test func yamlAndServers() throws {
    let text = """
      openapi: 3.0.3
      info: {title: "A: b", version: "1"}
      servers: [{url: /relative}, {url: "https://{region}.example"}, {url: "https://api.example:8443/v1"}]
      paths:
        /things: {parameters: [{name: p, in: query, required: true, example: 1}], get: {responses: {"200": {description: x}}}}
      """
    let sketch = try OpenAPISketch(Array(text.utf8), location: "/", name: "s", withWrites: false)
    #expect(sketch.origin == "https://api.example:8443")
    #expect(sketch.scenario.steps.map(\.path) == ["/relative/things?p=1"])
  }

  @Test(arguments: [
    ("{", "it is not JSON: the text ends inside a value (byte 1)"),
    ("{\"swagger\":\"2.0\"}", "it is Swagger 2, only OpenAPI 3 is read"),
    (
      "{\"openapi\":\"3.0.0\",\"paths\":{\"/x\":{\"delete\":{\"responses\":{}}}}}",
      "no operation of it can be called as it is"
    ),
  ])
  func refused(text: String, message: String) {
    do {
      _ = try OpenAPISketch(Array(text.utf8), location: "/", name: "s", withWrites: true)
      Issue.record("no mistake")
    } catch { #expect(error.message == message) }
  }

  /// Hostile documents end in bounded time, and in a file that is read or a reason.
  @Test(arguments: [
    "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"$ref\":\"#/components/schemas/S\"}}}",
    "{\"$ref\":\"#/components/schemas/S\"}",
    "{\"type\":\"object\",\"required\":[\"a\",\"b\",\"c\"],\"properties\":{\"a\":{\"$ref\":\"#/components/schemas/S\"},\"b\":{\"$ref\":\"#/components/schemas/S\"},\"c\":{\"$ref\":\"#/components/schemas/S\"}}}",
    "{\"type\":\"array\",\"minItems\":20,\"items\":{\"$ref\":\"#/components/schemas/S\"}}",
    "{\"type\":\"string\",\"minLength\":1000000000}",
    "{\"type\":\"array\",\"minItems\":1000000000,\"items\":{}}", "{\"type\":7,\"required\":\"x\",\"properties\":[]}",
    "[]",
    "{\"type\":\"string\",\"maxLength\":-1}",
  ])
  func hostileSchemas(schema: String) throws {
    let body = "\"requestBody\":{\"content\":{\"application/json\":{\"schema\":{\"$ref\":\"#/components/schemas/S\"}}}}"
    let bytes = document(
      "\(ping),\"/x\":{\"post\":{\(body),\"responses\":{}}}", more: ",\"components\":{\"schemas\":{\"S\":\(schema)}}")
    #expect(try sketch(bytes, withWrites: true).yaml.utf8.count < 1_000_000)
  }
}
