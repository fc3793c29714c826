// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scenarios

/// Where a template stands decides how its values are written.
@Suite struct TemplateTests {
  static let head = """
    vars:
      text: "a b/c&d=\\"é\\"\\n"
      number: 2
      fraction: 1.50
      yes: true
      nothing: null
      zeros: 0034600111222
      link: "https://other.example/x?y=1&z=a b"
      colours: [red, green]

    """

  private func request(_ step: String, _ variables: [String: String] = [:]) throws -> RenderedRequest {
    let program = try program(oneStep(step, head: Self.head), variables: variables)
    return try rendered(program, try journey(program))
  }

  @Test(arguments: [
    ("/x?q={{ text }}", "http://127.0.0.1:8080/x?q=a%20b%2Fc%26d%3D%22%C3%A9%22%0A"),
    ("/{{ number }}/{{ fraction }}", "http://127.0.0.1:8080/2/1.50"),
    ("{{ link }}", "https://other.example/x?y=1&z=a%20b"),
    ("{{ link }}&w={{ text }}", "https://other.example/x?y=1&z=a%20b&w=a%20b%2Fc%26d%3D%22%C3%A9%22%0A"),
    ("/plain path?a=b&c=%20", "http://127.0.0.1:8080/plain%20path?a=b&c=%20"),
    ("https://h.example/{{ number }}", "https://h.example/2"),
    ("/{{ '{{' }}", "http://127.0.0.1:8080/%7B%7B"),
  ])
  func urls(url: String, expected: String) throws {
    #expect(try request("    get: '\(url.replacing("'", with: "''"))'\n").urlText == expected)
  }

  @Test(arguments: [
    (#""{{ number }}""#, "2"), (#""{{ fraction }}""#, "1.50"), (#""{{ yes }}""#, "true"),
    (#""{{ nothing }}""#, "null"), (#""n={{ number }}""#, #""n=2""#), (#""{{ zeros }}""#, #""0034600111222""#),
    (#""{{ text }}""#, #""a b/c&d=\"é\"\n""#), (#""<{{ text }}>""#, #""<a b/c&d=\"é\"\n>""#),
    ("NO", #""NO""#), ("0034", #""0034""#), ("12", "12"), (#""12""#, #""12""#), ("true", "true"), ("null", "null"),
    ("[1, a, {b: 'c\"'}]", #"[1,"a",{"b":"c\""}]"#), (#""{{ number + 1 }}""#, "3"), (#""{{ 'x' }}""#, #""x""#),
    (#"{"{{ zeros }}": []}"#, #"{"0034600111222":[]}"#), (#""{{ number == 2 }}""#, "true"),
  ])
  func jsonKeepsTypes(yaml: String, expected: String) throws {
    let request = try request("    post: /\n    json:\n      v: \(yaml)\n")
    #expect(request.bodyText == #"{"v":\#(expected)}"#)
    #expect(request.headerTexts == ["Content-Type: application/json"])
  }

  @Test func formsTextsAndFiles() throws {
    let form = try request("    post: /\n    form: {a b: \"{{ text }}\", c: 1, d: ~}\n")
    #expect(form.bodyText == "a+b=a+b%2Fc%26d%3D%22%C3%A9%22%0A&c=1&d=%7E")
    #expect(form.headerTexts == ["Content-Type: application/x-www-form-urlencoded"])
    let text = try request("    post: /\n    body: \"<{{ text }}>\"\n    headers: {content-type: text/xml}\n")
    #expect(text.bodyText == "<a b/c&d=\"é\"\n>")
    #expect(text.headerTexts == ["content-type: text/xml"])
    let folder = ["up/load.json": "{\"not\": \"{{ a template }}\"}"]
    let program = try program(oneStep("    put: /\n    file: up/load.json\n"), files: folder)
    let file = try rendered(program, try journey(program))
    #expect(file.bodyText == folder["up/load.json"])
    #expect(file.headerTexts == ["Content-Type: application/json"])
  }

  @Test func multipart() throws {
    let step =
      "    post: /\n    multipart:\n      note: \"{{ number }}\"\n      photo: {file: p.png, filename: 'a\"b.png'}\n"
    let program = try program(oneStep(step, head: Self.head), files: ["p.png": "PNG"])
    let request = try rendered(program, try journey(program))
    let type = try #require(request.headerTexts.first)
    let boundary = try #require(type.split(separator: "=").last)
    #expect(type.hasPrefix("Content-Type: multipart/form-data; boundary=gonogo-"))
    #expect(
      request.bodyText == """
        --\(boundary)\r\nContent-Disposition: form-data; name="note"\r\n\r\n2\r\n\
        --\(boundary)\r\nContent-Disposition: form-data; name="photo"; filename="a%22b.png"\r\nContent-Type: image/png\
        \r\n\r\nPNG\r\n--\(boundary)--\r\n
        """)
  }

  @Test func headersAreRefusedWhenTheyWouldForgeAnother() throws {
    let found = try mistakes(oneStep("    get: /\n    headers: {X-A: \"{{ text }}\"}\n", head: Self.head))
    #expect(found.count == 1 && found[0].hasSuffix("a header's value cannot span lines"))
    let captured = """
      scenario: s
      steps:
        - {name: a, get: /, capture: {text: "$.text", link: "$.link"}}
        - {name: b, get: "{{ link }}", headers: {X-A: "<{{ text }}>"}}
      """
    let program = try program(captured)
    let journey = try journey(program)
    let evil = Answer(200, #"{"text": "a\r\nSet-Cookie: x", "link": "next page"}"#)
    #expect(program.requests[0].judge(evil, elapsedMicroseconds: 1, journey: journey).outcome == .ok)
    #expect(throws: RenderError.brokenHeader(name: "X-A")) { try rendered(program, journey, 1) }
    let good = Answer(200, #"{"text": "\u00e9", "link": "next page"}"#)
    #expect(program.requests[0].judge(good, elapsedMicroseconds: 1, journey: journey).outcome == .ok)
    let request = try rendered(program, journey, 1)
    #expect(request.headerTexts == ["X-A: <\u{e9}>"])
    #expect(request.urlText == "http://127.0.0.1:8080/next%20page")
    let empty = try self.request("    get: /\n    headers: {X-B: '', X-C: \"{{ number }}\"}\n")
    #expect(empty.headerTexts == ["X-B;", "X-C: 2"])
  }

  @Test(arguments: [
    ("date()", "2026-03-01"), ("date(+30d)", "2026-03-31"), ("date(-1w)", "2026-02-22"), ("date(+1d12h)", "2026-03-03"),
    ("date(+30d, 'dd.MM.yyyy')", "31.03.2026"), ("date('yyyy')", "2026"), ("now()", "2026-03-01T12:00:00.250Z"),
    ("now('unix')", "1772366400"), ("now('unix-ms')", "1772366400250"), ("now(+90s, 'HH:mm:ss')", "12:01:30"),
    ("date(number * 10)", "2026-03-21"), ("date(+306d)", "2027-01-01"), ("date(+1461d)", "2030-03-01"),
    ("base64('Ada')", "QWRh"), ("random(3, 3)", "3"), ("pick('x')", "x"), ("counter()", "1"),
    ("run.id", "00c0ffee0042"),
    ("journey.number", "1"), ("env('E')", "from outside"), ("env('NONE', 'other')", "other"),
    (
      "hmac_sha256('key', 'The quick brown fox jumps over the lazy dog')",
      "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
    ),
    ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("7 / 2", "3.5"), ("7 % 4", "3"), ("-number", "-2"), ("10 - 3 - 2", "5"),
    ("1 < 2 and 2 < 1 or not false", "true"), ("number == '2'", "true"), ("'b' > 'a'", "true"),
    ("null == nothing", "true"),
    ("zeros == '0034600111222'", "true"), ("not (number != 2)", "true"), ("'2' == 2", "true"), ("007", "7"),
  ])
  func expressions(expression: String, expected: String) throws {
    let request = try request("    post: /\n    body: \"{{ \(expression) }}\"\n", ["E": "from outside"])
    #expect(request.bodyText == expected)
  }

  @Test func picksFromAListOfVariables() throws {
    let program = try program(oneStep("    post: /\n    body: \"{{ pick(colours) }}\"\n", head: Self.head))
    let run = try #require(try ScenarioRun.prepare([program], context: context()).first)
    let journey = Journey(run)
    var seen: Set<String> = []
    for number in 0..<40 {
      try journey.begin(number: UInt64(number))
      seen.insert(try rendered(program, journey).bodyText)
    }
    #expect(seen == ["red", "green"])
  }

  @Test(arguments: [
    ("{{ nubmer }}", "4:12 unknown variable 'nubmer' [did you mean `number`?]"),
    ("a{{ uid() }}", "4:13 unknown function 'uid' [did you mean `uuid`?]"),
    ("{{ number", "4:9 this '{{' is not closed by '}}'"),
    ("{{ }}", "4:11 an expression is missing here"),
    ("{{ number | upper }}", "4:19 there are no filters: '|' means nothing here"),
    ("{{ number = 2 }}", "4:19 '=' is not an operator here [did you mean `==`?]"),
    ("{{ number && yes }}", "4:19 '&&' is not an operator here [did you mean `and`?]"),
    ("{{ 1 < 2 < 3 }}", "4:18 comparisons do not chain [join two with 'and']"),
    (
      "{{ body }}",
      "4:12 'body' means nothing here [it is the body that is sent, in the headers of a request that has one]"
    ),
    ("{{ uuid }}", "4:12 'uuid' is a function [did you mean `uuid()`?]"),
    ("{{ random(1) }}", "4:12 random is used as random(least, greatest)"),
    ("{{ date(+30) }}", "4:18 a unit is missing or unknown: s, m, h, d or w, as in +30d"),
    (
      "{{ date('QQ') }}",
      "4:17 unknown field 'QQ' in a time format [fields are yyyy MM dd HH mm ss SSS, or unix, unix-ms]"
    ),
    ("{{ secret('GONE') }}", "4:12 the environment variable GONE is not set [export GONE=... before the run]"),
    ("{{ colours }}", "4:12 'colours' is a list [choose one of its values with pick(colours)]"),
    ("{{ number.x }}", "4:12 'number' is a single value and has no 'x' [capture the part you need by its JSON path]"),
    ("{{ (1 }}", "4:15 ')' is missing"), ("{{ 'a }}", "4:9 this '{{' is not closed by '}}'"),
    ("{{ number 2 }}", "4:19 '2' was not expected here"), ("{{ # }}", "4:12 '#' means nothing here"),
  ])
  func mistakesHaveTheirPlace(template: String, expected: String) throws {
    let text = "scenario: s\nvars: {number: 2, yes: true, colours: [a, b]}\nsteps:\n  - {name: a, "
    let line = text + "post: \"/\", body: \"\(template)\"}\n"
    let shift = "  - {name: a, post: \"/\", body: \"".count - 8
    let found = try mistakes(line)
    let parts = expected.split(separator: " ", maxSplits: 1)
    let column = try #require(Int(parts[0].split(separator: ":")[1]))
    #expect(found == ["4:\(column + shift) \(parts[1])"])
  }
}
