// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing

/// What is secret is in no file of a run and on no screen, whichever way it went.
@Suite struct SecretTests {
  /// From the process environment; short, so that each way to write it fits into an excerpt.
  private static let given = "k\"3/w+ä=\\&y %z"
  /// Made up by the server and captured with `secret: true`; its name says nothing.
  private static let learned = "T9<'zq?~^é\"0"
  private static let variable = "GONOGO_TEST_KEY"

  /// Everything an echo could do to a text before the tool sees it again.
  private static func spellings(_ secret: String) throws -> [String] {
    let unreserved = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
    let percent = try #require(secret.addingPercentEncoding(withAllowedCharacters: unreserved))
    let json = try String(decoding: JSONSerialization.data(withJSONObject: [secret]), as: UTF8.self)
    let escaped = String(json.dropFirst(2).dropLast(2))
    let ascii = escaped.unicodeScalars.map { scalar in
      scalar.isASCII ? String(scalar) : "\\u" + String(format: "%04x", scalar.value)
    }.joined()
    return [
      secret, percent, percent.replacing("%20", with: "+"),
      percent.replacing(#/%[0-9A-F]{2}/#) { $0.output.lowercased() },
      escaped, escaped.replacing("\\/", with: "/"), ascii, ascii.replacing("\\/", with: "/"), html(secret),
    ]
  }

  private static func html(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
      .replacing("'", with: "&#39;")
  }

  /// In base64, behind so many other bytes: what is looked for are the characters that the secret alone decides.
  private static func base64(_ secret: String) -> [(whole: String, core: String)] {
    (0..<3).map { shift in
      let bytes = Data(String(repeating: "-", count: shift).utf8) + Data(secret.utf8)
      let whole = bytes.base64EncodedString()
      let first = (8 * shift + 5) / 6
      return (whole, String(whole.dropFirst(first).prefix(8 * bytes.count / 6 - first)))
    }
  }

  private static func echo(_ secret: String) throws -> String {
    (try spellings(secret) + base64(secret).map(\.whole)).joined(separator: " ")
  }

  private static func answer(to request: Request) throws -> Reply {
    if request.path == "/login" {
      let token = try JSONSerialization.data(withJSONObject: ["ticket": learned])
      return .json(String(decoding: token, as: UTF8.self))
    }
    let secret = request.sequence % 2 == 0 ? given : learned
    let headers = [("X-Echo", secret), ("X-Coded", base64(secret)[request.sequence % 3].whole)]
    let body = try echo(secret)
    switch request.path {
    case "/broken": return .answer(500, headers: headers, body: body)
    case "/json":
      let json = try JSONSerialization.data(withJSONObject: ["echo": body, "plain": secret, "ok": false])
      return .answer(200, headers: headers, body: String(decoding: json, as: UTF8.self))
    default: return .answer(200, headers: headers, body: body)
    }
  }

  private static let scenario = """
    scenario: secretive
    vars:
      user: "ada:{{ secret('\(variable)') }}"
    setup:
      - name: login
        post: /login
        form: {name: ada, word: "{{ secret('\(variable)') }}"}
        capture:
          ticket: {json: "$.ticket", secret: true}
    steps:
      - name: any
        post: "/{{ pick('broken', 'json', 'fine', 'fine') }}?a={{ env('\(variable)') }}&b={{ ticket }}"
        headers:
          Authorization: "Basic {{ base64(user) }}"
          X-A: "{{ secret('\(variable)') }}"
          X-B: "{{ ticket }}"
        json:
          a: "{{ secret('\(variable)') }}"
          b: "{{ ticket }}"
        expect:
          status: 200
    """

  /// The same requests with one rule each that the answers break, so that each kind of failure is explained.
  private static let rules = [
    "headers: {X-Echo: nothing}", "headers: {X-Coded: {contains: nothing}}", "body: {contains: nothing}",
    "body: {equals: \"{{ ticket }}\"}", "json: {\"$.echo\": nothing}", "json: {\"$.plain\": {contains: nothing}}",
    "json: {\"$.ok\": \"{{ ticket }}\"}",
  ]

  @Test func appearsNowhere() async throws {
    let server = try TestServer { request in (try? Self.answer(to: request)) ?? .answer(599) }
    let scratch = try Scratch()
    var mix = "plan: secrets\nphases: [{name: all, rate: 60/s, for: 4s}]\noverload-stop: off\nmix:\n"
    for (index, rule) in ([""] + Self.rules).enumerated() {
      let text = Self.scenario.replacing("scenario: secretive", with: "scenario: secretive\(index)")
        .replacing("status: 200", with: rule.isEmpty ? "status: 200" : rule)
      try scratch.write("s\(index).yaml", text + "\n")
      mix += "  - {scenario: s\(index).yaml, share: 12.5%}\n"
    }
    try scratch.write("plan.yaml", mix)
    let environment: [String: String?] = [Self.variable: Self.given]
    let words = ["plan.yaml", "--no-color"]
    let lint = try await gonogo(["lint"] + words, in: scratch, environment: environment)
    #expect(lint.code == 0, "\(lint)")
    let ended = try await gonogo(["load"] + words + ["--url", server.url], in: scratch, environment: environment)
    #expect(ended.code == 99, "\(ended)")

    // The secrets went out and came back, or there is nothing to find.
    let seen = server.observed.requests.filter { $0.header("X-A") != nil }
    #expect(seen.count > 100)
    #expect(seen.allSatisfy { $0.header("X-A") == Self.given && $0.header("X-B") == Self.learned })
    let folder = try scratch.runFolder()
    let samples = try text(of: folder + "/slowest.json")
    for kind in ["status", "header", "body", "json"] {
      #expect(samples.contains("\"failure\" : \"\(kind)\""), "\(samples)")
    }
    #expect(samples.contains("[redacted]"))

    let report = try await gonogo(["report", folder, "--json"], in: scratch)
    var shown = [("screens", ended.out + ended.err + lint.out + lint.err + report.out + report.err)]
    for file in files(below: folder) { shown.append((file, try text(of: folder + "/" + file))) }
    for secret in [Self.given, Self.learned] {
      for spelling in try Self.spellings(secret) + Self.base64(secret).map(\.core) {
        // As it is, and once more inside a JSON text.
        let quoted = spelling.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        for (name, text) in shown {
          #expect(!text.contains(spelling), "\(spelling) in \(name)")
          #expect(!text.contains(quoted), "\(quoted) in \(name)")
        }
      }
    }
  }

  /// Before the load: a login that is refused, and a target that is not healthy.
  @Test func appearsInNoRefusal() async throws {
    let server = try TestServer { request in
      request.path == "/login" ? .answer(401, headers: [("X-Echo", Self.given)], body: "no: \(Self.given)") : .answer()
    }
    let scratch = try Scratch()
    try scratch.write("s.yaml", Self.scenario + "\n")
    let ended = try await gonogo(
      ["load", "s.yaml", "--url", server.url, "--rate", "5/s", "--for", "1s"], in: scratch,
      environment: [Self.variable: Self.given])
    #expect(ended.code == 3)
    #expect(ended.err.contains("setup of 'secretive'"), "\(ended.err)")
    #expect(!ended.err.contains(Self.given))
  }

  @Test func onTheCommandLine() async throws {
    let server = try TestServer { .answer($0.sequence < 2 ? 200 : 404, body: "\($0.headers) \($0.target)") }
    let scratch = try Scratch()
    let ended = try await gonogo(
      [
        "load", "--url", server.url + "/a?api_key=q1w2e3r4t5", "--rate", "20/s", "--for", "1s", "--header",
        "Authorization: Bearer z9y8x7w6v5", "--header", "X-Auth-Token: m1n2b3v4c5",
      ], in: scratch)
    #expect(ended.code == 99, "\(ended)")
    let dead = try await gonogo(
      ["load", "--url", "http://127.0.0.1:\(try unusedPort())/?api_key=q1w2e3r4t5", "--rate", "5/s"], in: scratch)
    #expect(dead.code == 3)
    let folder = try scratch.runFolder()
    var shown = [("screens", ended.out + ended.err + dead.err)]
    for file in files(below: folder) { shown.append((file, try text(of: folder + "/" + file))) }
    for (name, text) in shown {
      for secret in ["q1w2e3r4t5", "z9y8x7w6v5", "m1n2b3v4c5"] {
        #expect(!text.contains(secret), "\(secret) in \(name)")
      }
    }
  }
}
