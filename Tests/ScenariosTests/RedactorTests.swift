// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Scenarios

/// A secret appears nowhere, however it was encoded on its way.
@Suite struct RedactorTests {
  static let secrets = [
    "s3cr3t", "p@ss/w:rd&x=y z", "quote\"back\\slash\nnewline", "\u{e9}t\u{e9}-\u{1f511}-key", "abcd", "a+b/c==",
    "????>>>>~~~~",
  ]

  @Test(arguments: secrets)
  func everyEncoding(secret: String) {
    let redactor = Redactor()
    redactor.add(secret)
    let bytes = Array(secret.utf8)
    func text(_ write: (inout [UInt8]) -> Void) -> String {
      var out: [UInt8] = []
      write(&out)
      return String(decoding: out, as: UTF8.self)
    }
    let percent = text { appendPercentEncoded(bytes, to: &$0) }
    let hex = text { appendHex(bytes, to: &$0) }
    var spellings = [
      secret, percent, text { appendFormEncoded(bytes, to: &$0) }, text { appendJSONEscaped(bytes, to: &$0) }, hex,
      hex.uppercased(), text { appendLink(bytes, to: &$0) },
      percent.replacing(/%[0-9A-F]{2}/) { $0.output.lowercased() },
    ]
    spellings += [
      secret.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
        .replacing("\"", with: "&quot;"),
      text { appendJSONEscaped(bytes, to: &$0) }.utf16.map { unit in
        unit < 0x80 ? String(UnicodeScalar(UInt8(unit))) : "\\u" + String(format: "%04x", unit)
      }.joined(),
    ]
    if let json = try? JSONSerialization.data(withJSONObject: [secret]) {
      spellings.append(String(String(decoding: json, as: UTF8.self).dropFirst(2).dropLast(2)))
    }
    for spelling in spellings {
      let shown = redactor.redact("before \(spelling) after")
      #expect(shown == "before [redacted] after")
    }
    for before in ["", "u", "us", "user:", "user:x"] {
      for after in ["", ":", "xy"] {
        let encoded = Data("\(before)\(secret)\(after)".utf8).base64EncodedString()
        let safe = encoded.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        for spelling in [encoded, safe] {
          let shown = redactor.redact("x=\(spelling);")
          #expect(shown.contains("[redacted]"), "\(spelling) of \(before)...\(after)")
          // What is left must not tell more than the neighbours' bits: at most two characters at each end.
          let left = shown.replacing("[redacted]", with: "").count - 3
          #expect(left <= (before.utf8.count + after.utf8.count) * 4 / 3 + 7, "\(shown)")
        }
      }
    }
  }

  @Test(arguments: [
    ("Authorization: Bearer abc.def\nAccept: x", "Authorization: [redacted]\nAccept: x"),
    ("cookie: a=b; c=d\r\nX: y", "cookie: [redacted]\r\nX: y"),
    ("Set-Cookie: id=1; HttpOnly", "Set-Cookie: [redacted]"), ("Cookie: \"a\"; b=c", "Cookie: [redacted]"),
    (#"["Authorization: Bearer abc","X: y"]"#, #"["Authorization: [redacted]","X: y"]"#),
    (
      #"{"head":"GET /\r\nCookie: a=\"b\"; c\r\nAuthorization: Basic eA==\r\nX: y"}"#,
      #"{"head":"GET /\r\nCookie: [redacted]\r\nAuthorization: [redacted]\r\nX: y"}"#
    ),
    ("Authorization: Digest username=\"u\", response=\"r\"", "Authorization: [redacted]"),
    ("X-Api-Key: 12345", "X-Api-Key: [redacted]"), ("x_api_key=12345&a=b", "x_api_key=[redacted]&a=b"),
    (#"{"password":"hunter\"2","user":"ada"}"#, #"{"password":"[redacted]","user":"ada"}"#),
    (#"{"access_token" : "ey.J", "n": 1}"#, #"{"access_token" : "[redacted]", "n": 1}"#),
    (#"{"token": 12345, "n": 1}"#, #"{"token": "[redacted]", "n": 1}"#),
    (#"{"secrets": {"a": ["x", "}"]}, "n": 1}"#, #"{"secrets": "[redacted]", "n": 1}"#),
    (#"{"body": "{\"password\":\"hunter2\",\"u\":1}"}"#, #"{"body": "{\"password\":\"[redacted]\",\"u\":1}"}"#),
    ("GET /x?token=abc&y=1 HTTP/1.1", "GET /x?token=[redacted]&y=1 HTTP/1.1"),
    ("/x?y=1&client_secret=abc#f", "/x?y=1&client_secret=[redacted]"),
    ("grant=x&password=a%20b&c=d", "grant=x&password=[redacted]&c=d"),
    ("nothing to hide: 5 < 6, key=value", "nothing to hide: 5 < 6, key=value"),
    ("the token was wrong", "the token was wrong"), (#"{"tok":"abc","monkey":"x"}"#, #"{"tok":"abc","monkey":"x"}"#),
    (#"{"password":""}"#, #"{"password":""}"#), ("password=", "password="), ("", ""),
    ("{'api-key': 'x y'}", "{'api-key': '[redacted]'}"),
  ])
  func names(text: String, expected: String) {
    #expect(Redactor().redact(text) == expected)
  }

  @Test func shortSecretsOnlyAsWords() {
    let redactor = Redactor()
    redactor.add("abc")
    redactor.add("")
    #expect(redactor.redact("abc abcd xabc (abc)") == "[redacted] abcd xabc ([redacted])")
  }

  @Test func theLongerSecretWins() {
    let redactor = Redactor()
    redactor.add("secret")
    redactor.add("secret-and-more")
    #expect(redactor.redact("a secret-and-more b secret c") == "a [redacted] b [redacted] c")
  }

  @Test func capturesOfOneJourneyAreNotRemembered() throws {
    let program = try program(
      "scenario: s\nsteps:\n  - {name: a, get: /, capture: {t: {json: \"$.t\", secret: true}, api_token: \"$.u\"}}\n")
    let context = context()
    let journey = try journey(program, context)
    let answer = Answer(200, #"{"t": "first-value", "u": "second-value"}"#)
    #expect(program.requests[0].judge(answer, elapsedMicroseconds: 1, journey: journey).outcome == .ok)
    #expect(journey.redacted("first-value second-value third") == "[redacted] [redacted] third")
    #expect(context.redactor.redact("first-value") == "first-value")
  }

  @Test func secretsOfFilesAreKnownBeforeTheFirstRequest() throws {
    let program = try program(
      """
      scenario: s
      steps:
        - name: a
          get: "/?k={{ secret('K') }}"
          headers: {Authorization: "Bearer literal-in-file", X-User: "{{ env('U') }}"}
      """, variables: ["K": "key with blank", "U": "some-user"])
    let context = context()
    let journey = try journey(program, context)
    let request = try rendered(program, journey)
    #expect(request.urlText.hasSuffix("?k=key%20with%20blank"))
    #expect(context.redactor.redact("at \(request.urlText)") == "at http://127.0.0.1:8080/?k=[redacted]")
    #expect(context.redactor.redact("x literal-in-file some-user") == "x [redacted] [redacted]")
  }

  @Test func manyThreadsAtOnce() async {
    let redactor = Redactor()
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<8 {
        group.addTask {
          for round in 0..<50 {
            redactor.add("secret-\(worker)-\(round)")
            #expect(redactor.redact("a secret-\(worker)-\(round) b") == "a [redacted] b")
          }
        }
      }
    }
  }
}
