// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scenarios

@Suite struct OpenAPITests {
  private func read(_ text: String, location: String = "/openapi.json") -> String {
    do throws(OpenAPIError) {
      return try readOpenAPI(Array(text.utf8), location: location).map { operation in
        ([operation.description] + operation.basePaths).joined(separator: " | ")
      }.joined(separator: ", ")
    } catch {
      return "error: \(error.message)"
    }
  }

  @Test func operationsInTheirOrder() {
    let text = """
      {"openapi": "3.1.0", "info": {"title": "x", "get": {}}, "paths": {
        "/b": {"parameters": [{"get": 1}], "post": {"responses": {"200": {}}}, "get": {}, "summary": "x", "x-y": {}},
        "/a/{id}": {"delete": {"deprecated": true}, "get": null, "trace": {}}, "x-ext": {"get": {}}, "/none": {}},
       "webhooks": {"w": {"post": {}}}, "components": {}}
      """
    #expect(read(text) == "POST /b, GET /b, DELETE /a/{id}, TRACE /a/{id}")
  }

  /// What FastAPI, among others, writes: keys escaped or not, a byte order mark, anything between.
  @Test func namesAreReadWithTheirEscapes() {
    #expect(
      read("\u{FEFF} {\"openapi\":\"3.0.2\",\"p\\u0061ths\":{\"\\/caf\\u00e9\":{\"g\\u0065t\":{}}}}")
        == "GET /caf\u{E9}")
  }

  @Test func yamlIsReadLikeJSON() {
    let text = """
      openapi: 3.0.3
      servers: [{url: /api}]
      paths:
        /rooms:
          get: {responses: {200: {description: ok}}}
          post: {}
        '/rooms/{id}': {delete: {servers: [{url: 'https://x.example/v2'}]}}
      """
    #expect(read(text) == "GET /rooms | /api, POST /rooms | /api, DELETE /rooms/{id} | /v2")
  }

  @Test(arguments: [
    ("/api/v1", "/api/v1"), ("/api/v1/", "/api/v1"), ("/", ""), ("https://h.example", ""),
    ("https://h.example/", ""), ("https://h.example:8443/base?x=1", "/base"), ("//h.example/base", "/base"),
    ("v1", "/docs/v1"), ("./v1", "/docs/v1"), ("../v1", "/v1"), (".", "/docs"), ("../../..", ""),
    ("{scheme}://h/{base}", "/live"), ("{unknown}/v2", "/v2"), ("https://h/{unknown}/x", "/{unknown}/x"),
  ])
  func servers(url: String, base: String) {
    let text = """
      {"openapi": "3.0.0", "servers": [{"url": "\(url)", "variables":
       {"scheme": {"default": "https"}, "base": {"default": "live", "enum": ["live"]}}}], "paths": {"/a": {"get": {}}}}
      """
    #expect(read(text, location: "/docs/openapi.json") == "GET /a | \(base)")
  }

  @Test func closerServersWin() {
    let text = """
      {"openapi": "3.1.0", "servers": [{"url": "/all"}, {"url": "https://h/all"}, {"url": "/more"}], "paths": {
       "/a": {"servers": [{"url": "/path"}], "get": {}, "put": {"servers": [{"url": "/own"}]}}, "/b": {"get": {}}}}
      """
    #expect(read(text) == "GET /a | /path, PUT /a | /own, GET /b | /all | /more")
  }

  @Test func pathsMayReferToItems() {
    func document(_ reference: String) -> String {
      """
      {"openapi": "3.1.0", "paths": {"/a": {"$ref": "\(reference)", "post": {}}, "/b": {"$ref": "\(reference)"}},
       "components": {"pathItems": {"one": {"get": {}}, "odd/name~": {"put": {}}, "chain": {"$ref": "#/x"}}}}
      """
    }
    #expect(read(document("#/components/pathItems/one")) == "GET /a, POST /a, GET /b")
    #expect(read(document("#/components/pathItems/odd~1name~0")) == "PUT /a, POST /a, PUT /b")
    #expect(
      read(document("other.yaml#/a"))
        == "error: the path '/a' refers to 'other.yaml#/a', which is not in #/components/pathItems")
    #expect(
      read(document("#/components/pathItems/chain"))
        == "error: '#/components/pathItems/chain' refers to something else again")
  }

  @Test(arguments: [
    ("", "error: it is neither JSON nor YAML with keys (line 1: the file is empty)"),
    ("<html>not found</html>", "error: it is neither JSON nor YAML with keys"),
    ("{\"openapi\": ", "error: it is not JSON: the text ends inside a value (byte 12)"),
    ("{}", "error: it has no `openapi` with a version"), ("[]", "error: it is neither JSON nor YAML with keys"),
    ("{\"swagger\": \"2.0\", \"paths\": {}}", "error: it is Swagger 2, only OpenAPI 3 is read"),
    ("{\"openapi\": \"4.0.0\", \"paths\": {}}", "error: it is OpenAPI 4.0.0, not 3"),
    ("{\"openapi\": \"3.1.0\"}", "error: it has no `paths`"),
    ("{\"openapi\": \"3.1.0\", \"paths\": []}", "error: it has no `paths`"),
    ("{\"openapi\": \"3.1.0\", \"paths\": {}}", "error: it has no operation under `paths`"),
    ("{\"openapi\": \"3.1.0\", \"paths\": {\"a\": {\"get\": {}}}}", "error: the path 'a' does not begin with /"),
    ("{\"openapi\": 3.1, \"paths\": {\"/a\": {\"get\": {}}}}", "GET /a"),
  ])
  func whatCannotBeRead(text: String, expected: String) {
    #expect(read(text) == expected)
  }

  /// A mistake in what is read leaves no half list: what is missing there would seem not to exist.
  @Test func tooMuchIsRefused() {
    let paths = (0...20_000).map { "\"/p\($0)\":{\"get\":{}}" }.joined(separator: ",")
    #expect(
      read("{\"openapi\":\"3.1.0\",\"paths\":{\(paths)}}") == "error: it has more than 20000 operations")
    let bytes = [UInt8](repeating: UInt8(ascii: " "), count: (16 << 20) + 1)
    #expect(throws: OpenAPIError(message: "it has 16777217 bytes; at most 16777216 are read")) {
      try readOpenAPI(bytes)
    }
    let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
    #expect(read("{\"openapi\":\"3.1.0\",\"x\":\(deep)}").hasPrefix("error: it is not JSON: nested too deep"))
  }

  /// Many paths that refer to one large item, and one item with many servers and variables.
  @Test func hostileDocumentsAreReadOnce() {
    let large = (0..<20_000).map { "\"x-\($0)\":{}" }.joined(separator: ",")
    let paths = (0..<10_000).map { "\"/p\($0)\":{\"$ref\":\"#/components/pathItems/i\"}" }.joined(separator: ",")
    let text = """
      {"openapi":"3.1.0","paths":{\(paths)},"components":{"pathItems":{"i":{\(large),"get":{}}}}}
      """
    #expect(read(text).split(separator: ",").count == 10_000)
    let variables = (0..<5000).map { "\"v\($0)\":{\"default\":\"{v\($0 + 1)}{v\($0 + 1)}\"}" }.joined(separator: ",")
    let servers = Array(repeating: "{\"url\":\"/{v0}\",\"variables\":{\(variables)}}", count: 20).joined(separator: ",")
    #expect(
      read("{\"openapi\":\"3.1.0\",\"servers\":[\(servers)],\"paths\":{\"/a\":{\"get\":{}}}}").hasPrefix("GET /a"))
  }
}
