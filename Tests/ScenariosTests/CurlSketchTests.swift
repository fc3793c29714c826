// SPDX-License-Identifier: Apache-2.0
import Document
import Testing

@testable import Scenarios

@Suite struct CurlSketchTests {
  private func step(_ command: String) throws -> ScenarioSketch.Request {
    let sketch = try CurlSketch(command, name: "s", folder: "../")
    try isAccepted(sketch.scenario)
    return try #require(sketch.scenario.steps.first)
  }

  /// The file that is written is one that is read.
  private func isAccepted(_ sketch: ScenarioSketch) throws {
    let folder = try Folder(["in/s.yaml": sketch.yaml, "photo.png": "x", "body.json": "{}"])
    var options = options(Dictionary(uniqueKeysWithValues: sketch.variables.map { ($0, "value-of-\($0)") }))
    options.settings = []
    #expect(loadScenario(folder.file("in/s.yaml"), options).diagnostics.rendered() == "", "\(sketch.yaml)")
  }

  /// What is sent, as `METHOD url`, header lines sorted, body.
  private func sent(_ command: String, variables: [String: String] = [:]) throws -> String {
    let sketch = try CurlSketch(command, name: "s", folder: "../")
    let folder = try Folder(["in/s.yaml": sketch.scenario.yaml, "photo.png": "PNG", "body.json": "{\"a\": 1}\n"])
    let loaded = loadScenario(folder.file("in/s.yaml"), options(variables))
    #expect(loaded.diagnostics.rendered() == "")
    let program = try #require(loaded.value)
    let journey = try journey(program, context(base: sketch.origin))
    guard case .request(let index) = try journey.next() else { return "nothing" }
    let request = try rendered(program, journey, index)
    let method = program.requests[index].method
    return (["\(method) \(request.urlText)"] + request.headerTexts.sorted() + [request.bodyText]).joined(separator: "|")
  }

  @Test(arguments: [
    ("curl http://h.example/a", "GET http://h.example/a|"),
    ("curl h.example", "GET http://h.example/|"),
    ("/usr/bin/curl -sSL 'https://h.example:8443/a?b=1&c=%20x#frag'", "GET https://h.example:8443/a?b=1&c=%20x|"),
    ("curl -XDELETE http://h/a/1", "DELETE http://h/a/1|"),
    (
      "curl -X PUT --url http://h/a --data-raw 'x y'",
      "PUT http://h/a|Content-Type: application/x-www-form-urlencoded|x y"
    ),
    (
      "curl http://h/a -d 'a=1&b=x%20y+z' -d c=",
      "POST http://h/a|Content-Type: application/x-www-form-urlencoded|a=1&b=x+y+z&c="
    ),
    ("curl http://h/a --data-urlencode 'q=a b&c' -G", "GET http://h/a?q=a+b%26c|"),
    ("curl http://h/a -G -d x=1 -d y=2", "GET http://h/a?x=1&y=2|"),
    (
      "curl http://h/a --json '{\"n\": 2.50, \"t\": [true, null, {\"o\": {}}]}'",
      "POST http://h/a|Accept: application/json|Content-Type: application/json|{\"n\":2.50,\"t\":[true,null,{\"o\":{}}]}"
    ),
    (
      "curl http://h/a -H 'content-type: application/json' -d '{\"e\":\"\\ud83d\\ude00\\n\\\"\"}'",
      "POST http://h/a|Content-Type: application/json|{\"e\":\"😀\\n\\\"\"}"
    ),
    (
      "curl http://h/a -H 'Content-Type: application/json' -d '{broken'",
      "POST http://h/a|Content-Type: application/json|{broken"
    ),
    (
      "curl http://h/a -H 'Content-Type: application/json' --data-binary @body.json",
      "POST http://h/a|Content-Type: application/json|{\"a\": 1}\n"
    ),
    ("curl -I http://h/a", "HEAD http://h/a|"),
    ("curl http://h/a -H 'Accept:' -H 'X-Empty;' -H 'Host: h' -A me --compressed", "GET http://h/a|X-Empty;|"),
    (
      "curl http://h/a -d 'Hello {{ name }}'",
      "POST http://h/a|Content-Type: application/x-www-form-urlencoded|Hello {{ name }}"
    ),
    ("curl $'http://h/a' -H $'X: it\\'s \\u00e9 \\ud83d\\ude00'", "GET http://h/a|X: it's é 😀|"),
    ("curl \\\n  http://h/a \\\r\n  -H \"X: \\\"q\\\" \\$5 \\x\"", "GET http://h/a|X: \"q\" $5 \\x|"),
    ("$ curl http://h/a # a remark", "GET http://h/a|"),
  ])
  func whatIsSent(command: String, expected: String) throws {
    #expect(try sent(command) == expected)
  }

  @Test func parts() throws {
    let text = try sent("curl http://h/a -F name=Ana -F 'p=@photo.png;type=image/png;filename=x.png'")
    #expect(text.hasPrefix("POST http://h/a|Content-Type: multipart/form-data; boundary="))
    #expect(text.contains("name=\"p\"; filename=\"x.png\"\r\nContent-Type: image/png\r\n\r\nPNG\r\n"))
    #expect(text.contains("name=\"name\"\r\n\r\nAna\r\n"))
  }

  @Test(arguments: [
    ("-H 'Authorization: Bearer s3cretvalue'", ["API_TOKEN"], "Authorization: Bearer T"),
    ("-u ana:s3cretvalue", ["API_PASSWORD"], "Authorization: Basic YW5hOlQ="),
    ("-b 'sid=s3cretvalue; a=b'", ["COOKIE"], "Cookie: T"),
    ("-H 'X-Api-Key: s3cretvalue'", ["X_API_KEY"], "X-Api-Key: T"),
    ("-H \"Authorization: Bearer $MINE\"", ["MINE"], "Authorization: Bearer T"),
    ("--oauth2-bearer s3cretvalue", ["API_TOKEN"], "Authorization: Bearer T"),
    ("-d 'user=ana&password=s3cretvalue'", ["PASSWORD"], "user=ana&password=T"),
    (
      "--json '{\"login\":{\"password\":\"s3cretvalue\"},\"max_tokens\":5}'", ["PASSWORD"],
      "{\"login\":{\"password\":\"T\"},\"max_tokens\":5}"
    ),
  ])
  func secretsAreWrittenNowhere(flags: String, names: [String], expected: String) throws {
    let command = "curl http://h/a \(flags)"
    let sketch = try CurlSketch(command, name: "s")
    #expect(sketch.scenario.variables == names)
    #expect(!sketch.scenario.yaml.contains("s3cret"))
    #expect(sketch.scenario.yaml.contains("secret('\(names[0])')"))
    #expect(try sent(command, variables: [names[0]: "T"]).contains(expected))
  }

  @Test func secretsInTheURL() throws {
    let sketch = try CurlSketch("curl 'https://ana:s3cret@h.example/a?api_key=s3cret&x=1'", name: "s")
    #expect(!sketch.scenario.yaml.contains("s3cret"))
    #expect(sketch.origin == "https://h.example")
    #expect(sketch.scenario.variables == ["API_PASSWORD", "API_KEY"])
    #expect(sketch.scenario.steps[0].path == "/a?api_key={{ secret('API_KEY') }}&x=1")
  }

  @Test func eachRequestHasAKeyOfItsOwn() throws {
    let step = try step("curl http://h/a -H 'idempotency-key: abc' -d x=1")
    #expect(step.headers == [.init("idempotency-key", "{{ uuid() }}")])
    #expect(step.remarks == ["idempotency-key: a new one for each request."])
  }

  @Test func whatTheEnvironmentMustSay() throws {
    let sketch = try CurlSketch("curl -k --cacert ca.pem -L -m 2.5 'http://[::1]:8000/a' -H \"X: ${VALUE}\"", name: "s")
    #expect(sketch.isInsecure && sketch.authority == "ca.pem" && sketch.origin == "http://[::1]:8000")
    #expect(sketch.scenario.variables == ["VALUE"])
    let step = sketch.scenario.steps[0]
    #expect(step.redirects == 10 && step.timeout == "2500ms" && step.headers == [.init("X", "{{ env('VALUE') }}")])
  }

  @Test(arguments: [
    ("", "the command is empty"), ("wget http://h/", "this is no curl command: it begins with 'wget'"),
    ("curl", "the curl command names no URL"),
    ("curl http://h/ http://i/", "the curl command names 2 URLs: http://h/, http://i/"),
    ("curl --frob http://h/", "curl's --frob is not understood here: it may change what is sent"),
    ("curl -sZ http://h/", "curl's -Z is not understood here: it may change what is sent"),
    ("curl http://h/ -H", "curl's -H needs a value"), ("curl 'http://h/", "a quote is not closed"),
    ("curl http://h/?a=1&b=2", "'&' outside quotes ends the command in a shell"),
    ("curl http://h/ | jq .", "'|' outside quotes ends the command in a shell"),
    ("curl \"http://h/$(id)\"", "a command inside the command is not run"),
    ("curl http://h/`id`", "a command inside the command is not run"),
    ("curl http://$HOST/a", "the host of the URL is a shell variable"),
    ("curl ftp://h/a", "only http and https are spoken, not ftp://h/a"),
    ("curl -X FETCH http://h/", "the method FETCH is not among GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS"),
    ("curl -X GET -d a=1 http://h/", "a GET with a body is not sent by gonogo"),
    ("curl http://h/ -H 'no colon'", "curl's -H 'no colon' has no ':'"),
    ("curl http://h/ -H 'a b: c'", "curl's -H 'a b: c': 'a b' cannot be the name of a header"),
    ("curl http://h/ -H 'A: 1' -H 'a: 2'", "the header a is set twice"),
    ("curl http://h/ -b jar.txt", "-b jar.txt: cookies of a file are not read"),
    ("curl http://h/ -F a=1 -d b=2", "-d and -F do not go together"),
    ("curl http://h/ -F a=1 -F a=2", "two parts of the form have the same name"),
    (
      "curl http://h/ -H 'Content-Type: text/plain' -d 'password=hunter2'",
      "the body holds a secret and is neither JSON nor a form, so the secret cannot be taken out of it"
    ),
  ])
  func whatIsRefused(command: String, message: String) {
    do {
      _ = try CurlSketch(command, name: "s")
      Issue.record("no mistake")
    } catch { #expect(error.message == message) }
  }

  @Test func nearFlagsAreSuggested() {
    #expect(
      throws: ScenarioSketch.Mistake(
        "curl's --dta is not understood here: it may change what is sent", hint: "did you mean --data?")
    ) {
      try CurlSketch("curl --dta x http://h/", name: "s")
    }
  }

  @Test(arguments: [
    ("get", "/api/v1/reservations/{id}", "get-reservations"), ("post", "/", "post-root"),
    ("get", "/v2/a/b/c?x=1", "get-b-c"),
    ("get", "/Año/x_y", "get-a-o-x-y"), ("delete", "/{id}", "delete-root"),
  ])
  func names(method: String, path: String, expected: String) {
    #expect(ScenarioSketch.stepName(method, path) == expected)
  }

  /// Whatever text a step holds, the file says the same text.
  @Test(arguments: [
    "", " ", "no", "NULL", "1", "0x1", "- a", "a: b", "#x", "'", "\"", "\\", "a\nb", "\t", "\u{0}x", "\u{85}",
    "\u{2028}", "\u{feff}", "{{", "}}",
    "{{ x }}", "é漢😀", "@", "`", "%", "&a", "*a", "!t", "[", "{", "~", "a ", "?", "|", ">", "\u{202e}", "/", "a/b",
    "2026-01-01", "=",
  ])
  func textsSurvive(text: String) throws {
    var sketch = ScenarioSketch(name: "s", about: ScenarioSketch.literal(text))
    var step = ScenarioSketch.Request(name: "a", method: "post", path: "/")
    step.body = .json(.object([.init("k" + ScenarioSketch.literal(text), .text(ScenarioSketch.literal(text)))]))
    sketch.steps = [step]
    let program = try program(sketch.yaml)
    let request = try rendered(program, try journey(program))
    let value = try #require(SketchValue(json: request.body))
    #expect(value == .object([.init("k" + text, .text(text))]))
  }
}
