// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import TestServers
import Testing

/// `gonogo sink`, asked by `gonogo load`.
@Suite struct SinkTests {
  private func url(of child: Child, in scratch: Scratch) async throws -> String {
    try await child.waits { (try? scratch.read("lines"))?.contains("\n") == true }
    let first = try #require(scratch.read("lines").split(separator: "\n").first)
    return try #require(object(String(first))["url"] as? String)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func showsAndCounts(signal: Int32) async throws {
    let scratch = try Scratch()
    let lines = try scratch.write("lines", "")
    let child = try Child(Child.tool, ["sink", "--port", "0", "--json"], in: scratch, out: .path(lines))
    let url = try await url(of: child, in: scratch)
    try scratch.write(
      "send.yaml",
      """
      scenario: send
      steps:
        - name: send
          post: /v21.0/1065/messages
          headers: {Authorization: "Bearer s3cr3t-token"}
          json:
            messaging_product: whatsapp
            to: "34600111222"
            type: text
            context: {message_id: "wamid.A"}
            text: {body: "¿Qué tal?"}
          expect:
            json:
              "$.messages[0].id": not empty
              "$.contacts[0].wa_id": "34600111222"
      """)
    let load = ["load", "send.yaml", "--target", url, "--rate", "30/s", "--for", "1s", "--threshold", "errors < 1%"]
    let sent = try await gonogo(load, in: scratch)
    #expect(heldCodes.contains(sent.code), "\(sent)")
    child.send(signal)
    let ended = try await child.ended(within: 15)
    #expect(ended.code == 0)
    #expect(ended.err.contains("30 messages to 1 guest, 29 answered something a second time"), "\(ended.err)")
    let said = try scratch.read("lines")
    #expect(!said.contains("s3cr3t") && !ended.err.contains("s3cr3t"))
    let rows = try said.split(separator: "\n").map { try object(String($0)) }
    #expect(rows.count == 32)
    #expect(Set(rows[1...30].compactMap { $0["id"] as? String }).count == 30)
    #expect(rows[1]["to"] as? String == "34600111222")
    #expect(rows[1]["from"] as? String == "1065")
    #expect(rows[1]["text"] as? String == "¿Qué tal?")
    #expect(rows[1]["context"] as? String == "wamid.A")
    #expect(rows[31]["messages"] as? Int == 30)
    #expect(rows[31]["duplicates"] as? Int == 29)
  }

  @Test func saysWhyItCannotListen() async throws {
    let server = try TestServer(always: .answer())
    let port = try #require(server.url.split(separator: ":").last)
    let taken = try await gonogo(["sink", "--port", String(port)], in: Scratch())
    #expect(taken.code == 3)
    #expect(taken.err.contains("cannot listen on 127.0.0.1:\(port): Address already in use"), "\(taken.err)")
    for words in [["--port", "x"], ["--port", "70000"], ["--port", "-1"]] {
      #expect(try await gonogo(["sink"] + words, in: Scratch()).code == 2)
    }
    #expect(try await gonogo(["sink", "--port", "0", "--listen", "hotel.example"], in: Scratch()).code == 3)
  }

  /// A target of which nobody knows where its messages go cannot be asked for replies.
  @Test func repliesNeedASink() async throws {
    let scratch = try Scratch()
    let server = try TestServer(always: .answer())
    try scratch.write(
      "hook.yaml",
      """
      scenario: hook
      steps: [{name: a, post: /hook, let: {id: "{{ uuid() }}"}, json: {id: "{{ id }}"}, reply: {within: 1s, message: "{{ id }}", guest: "34600111222"}}]
      """)
    let words = ["load", "hook.yaml", "--rate", "5/s", "--for", "1s"]
    let refused = try await gonogo(words + ["--target", server.url], in: scratch)
    #expect(refused.code == 3, "\(refused)")
    #expect(refused.err.contains("hook/a awaits replies, and nothing says where they arrive"), "\(refused.err)")
    #expect(refused.err.contains("sink: {listen: \"127.0.0.1:9090\"}"))
    // A declared sink is started before anything is sent: here its place is taken.
    let place = server.url.dropFirst("http://".count)
    try scratch.write(
      "gonogo.yaml",
      "environments: {e: {url: \"\(server.url)\", kind: staging, outbound: sink, sink: {listen: \"\(place)\"}}}\n")
    let taken = try await gonogo(words + ["--env", "e"], in: scratch)
    #expect(taken.code == 3, "\(taken)")
    #expect(taken.err.contains("cannot listen on \(place)"), "\(taken.err)")
    #expect(server.observed.requestCount == 0)
  }
}
