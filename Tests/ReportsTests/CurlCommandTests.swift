// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing

@testable import Reports

private enum Shell {
  static let hasCurl = ["curl", "bash"].allSatisfy { program in
    ["/usr/bin/", "/bin/", "/usr/local/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + program) }
  }
}

/// The command is given to a real shell and a real curl; what arrives must be what was sent.
@Suite(.enabled(if: Shell.hasCurl, "no curl or bash here")) struct CurlCommandTests {
  private static let mark = "[redacted]"

  /// Redacts values of password and Authorization, and one known secret, as the tool's own redactor does.
  private static func redact(_ text: String) -> String {
    text.replacing("s3cr3t-base64", with: mark)
      .replacing(#/(?i)(authorization: ?)[^\r\n]+/#) { $0.1 + mark }
      .replacing(#/("password":")[^"]+/#) { $0.1 + mark }
  }

  private func run(_ command: String, _ variables: [String: String] = [:]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bash", "-c", command]
    var environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
    environment.merge(variables) { $1 }
    process.environment = environment
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  private func sent(_ command: CurlCommand, _ variables: [String: String] = [:]) throws -> Request {
    let server = try TestServer(always: .answer())
    defer { server.stop() }
    var command = command
    command.url = Array(server.url.utf8) + command.url
    let text = command.text(redact: Self.redact, mark: Self.mark)
    #expect(!text.contains("\n"), "\(text)")
    #expect(text.unicodeScalars.allSatisfy(TerminalText.isHarmless), "\(text)")
    #expect(try run(text, variables) == 0, "\(text)")
    #expect(server.waitUntil { $0.requestCount == 1 }, "\(text)")
    return try #require(server.observed.requests.first)
  }

  private static let hostile = [
    "it's", "\"quoted\"", "$HOME `id` $(id) ${x}", "back\\slash \\n \\x41", "semi;colon & pipe | > < * ? # ~ !", "",
    "line\nbreak\r\n", "tab\there", "escape \u{1B}[31m 7digit\u{7}7", "accents áé 日本 😀", "\u{202E}reversed", "%s %d %%",
    "@file", "-X DELETE", "[redacting] {braces}", "\u{0}zero\u{0}", "'\\''",
  ]

  @Test(arguments: hostile)
  func bodiesArriveAsTheyAre(text: String) throws {
    let command = CurlCommand(
      method: "POST", url: Array("/a".utf8), headers: [Array("Content-Type: text/plain".utf8)], body: Array(text.utf8))
    let request = try sent(command)
    #expect(request.body == Array(text.utf8))
    #expect(request.method == "POST" && request.target == "/a")
    #expect(request.headers("Content-Type") == ["text/plain"])
  }

  @Test func bytesThatAreNoTextArriveToo() throws {
    let bytes = (0...255).map { UInt8($0) } + [0xFF, 0xC3, 0x28, 0x27, 0x5C]
    #expect(
      try sent(CurlCommand(method: "PUT", url: Array("/".utf8), headers: [], body: bytes)).body == bytes)
    let noZero = Array(bytes.dropFirst())
    #expect(
      try sent(CurlCommand(method: "PUT", url: Array("/".utf8), headers: [], body: noZero)).body == noZero)
  }

  @Test(arguments: ["GET", "HEAD", "DELETE", "POST", "PUT", "PATCH", "OPTIONS"])
  func methodsAndHeaders(method: String) throws {
    let lines = ["X-Text: it's \"$HOME\" `id`", "X-Empty;", "Accept: */*", "x-lower: 1"]
    let request = try sent(
      CurlCommand(
        method: method, url: Array("/p%20q/[1]{2}?a=b&c='d'&e=$x".utf8), headers: lines.map { Array($0.utf8) },
        body: nil))
    #expect(request.method == method)
    #expect(request.target == "/p%20q/[1]{2}?a=b&c='d'&e=$x")
    #expect(request.header("X-Text") == "it's \"$HOME\" `id`")
    #expect(request.header("X-Empty") == "")
    #expect(request.header("Content-Type") == nil)
    #expect(request.body.isEmpty)
    // Methods that announce a body announce an empty one.
    if ["POST", "PUT", "PATCH"].contains(method) { #expect(request.header("Content-Length") == "0") }
  }

  @Test func pathsAreNotTidied() throws {
    let request = try sent(CurlCommand(method: "GET", url: Array("/a/../b/./c".utf8), headers: [], body: nil))
    #expect(request.target == "/a/../b/./c")
  }

  @Test func aLongBodyIsSentAtOnce() throws {
    let body = [UInt8](repeating: UInt8(ascii: "x"), count: 5000)
    let request = try sent(CurlCommand(method: "POST", url: Array("/".utf8), headers: [], body: body))
    #expect(request.body == body)
    #expect(request.header("Expect") == nil)
  }

  // MARK: secrets

  @Test func secretsAreVariables() throws {
    var command = CurlCommand(
      method: "POST", url: Array("/login?verify=top'secret-1&x=1".utf8),
      headers: ["Authorization: Bearer top'secret-1", "X-Key: a-top'secret-1-b", "X-Hub-Signature-256: sha256=00ff"]
        .map { Array($0.utf8) },
      body: Array(#"{"user":"ana","password":"hunter22","key":"top'secret-1"}"#.utf8))
    command.secrets = [("WHATSAPP_APP_SECRET", "top'secret-1")]
    let text = command.text(redact: Self.redact, mark: Self.mark)
    #expect(!text.contains("secret-1") && !text.contains("hunter22"), "\(text)")
    #expect(text.contains(#"'Authorization: Bearer '"$WHATSAPP_APP_SECRET""#), "\(text)")
    #expect(text.contains("sha256=00ff"))
    let request = try sent(command, ["WHATSAPP_APP_SECRET": "top'secret-1", "SECRET": "hunter22"])
    #expect(request.target == "/login?verify=top'secret-1&x=1")
    #expect(request.header("Authorization") == "Bearer top'secret-1")
    #expect(request.header("X-Key") == "a-top'secret-1-b")
    #expect(request.bodyText == #"{"user":"ana","password":"hunter22","key":"top'secret-1"}"#)
  }

  @Test func aSensitiveHeaderIsAVariableWhateverItHolds() throws {
    var command = CurlCommand(
      method: "GET", url: Array("/".utf8), headers: [Array("Authorization: Basic czNjcjN0".utf8)], body: nil)
    #expect(
      command.text(redact: Self.redact, mark: Self.mark).contains(#"-H 'Authorization: '"$AUTHORIZATION""#))
    #expect(
      try sent(command, ["AUTHORIZATION": "Basic czNjcjN0"]).header("Authorization") == "Basic czNjcjN0")
    // A named secret beside an unnamed one: all of it goes.
    command.headers = [Array("Authorization: Digest user=known-secret, response=abc".utf8)]
    command.secrets = [("KNOWN", "known-secret")]
    let text = command.text(redact: Self.redact, mark: Self.mark)
    #expect(text.contains("$AUTHORIZATION") && !text.contains("abc") && !text.contains("known-secret"), "\(text)")
  }

  @Test func namesBecomeVariablesOfAShell() {
    var command = CurlCommand(
      method: "GET", url: Array("/x?t=value-one&u=value-two&v=s3cr3t-base64".utf8), headers: [], body: nil)
    command.secrets = [("access-token", "value-one"), ("2nd.key", "value-two"), ("short", "x")]
    #expect(
      command.text(redact: Self.redact, mark: Self.mark)
        == #"curl -sS -i '/x?t='"$ACCESS_TOKEN"'&u='"$_2ND_KEY"'&v='"$SECRET""#)
  }

  @Test func connectionAndCookies() {
    var command = CurlCommand(method: "GET", url: Array("https://h/".utf8), headers: [], body: nil)
    command.options = ["--cacert", "my ca.pem"]
    command.hasCookies = true
    #expect(
      command.text(redact: Self.redact, mark: Self.mark)
        == #"curl -sS -i --cacert 'my ca.pem' https://h/ -b "$COOKIES""#)
  }
}
