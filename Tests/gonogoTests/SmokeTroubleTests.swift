// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import TestServers
import Testing

/// Smoke that is stopped, killed, or that somebody has to repeat: nothing is lost, and nothing is left unsaid.
@Suite struct SmokeTroubleTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private static let booking = """
    scenario: booking
    steps:
      - let: {key: "{{ uuid() }}"}
      - {name: book, post: /book, writes: {key: "{{ key }}", closed-by: cancel}}
      - {name: slow, get: /slow}
    finally:
      - {name: cancel, delete: /book/b1}
    """

  private static func hotel(cancels: Int = 204) throws -> TestServer {
    try TestServer { request in
      switch request.method {
      case "POST": .json("{}", status: 201)
      case "DELETE": .answer(cancels, body: "")
      default: request.path == "/slow" ? Reply([.hold]) : .answer()
      }
    }
  }

  @Test func aKilledWalkKnowsItsWrites() async throws {
    let server = try Self.hotel()
    try scratch.write("booking.yaml", Self.booking)
    let child = try Child(Child.tool, ["smoke", "booking.yaml", "--target", server.url], in: scratch)
    // The step before is told when the next one begins; its acknowledgement is on the disk by then.
    try await child.waits {
      guard let folder = try? scratch.runFolder(), let ledger = try? text(of: folder + "/ledger.jsonl") else {
        return false
      }
      return ledger.contains(#""state":"acked""#)
    }
    child.send(SIGKILL)
    #expect(try await child.ended(within: 30).code == -9)
    let folder = try scratch.runFolder()
    #expect(try text(of: folder + "/ledger.jsonl").contains(#""state":"acked""#))
    #expect(!FileManager.default.fileExists(atPath: folder + "/verdict"), "it was killed before its end")
    let clean = try await gonogo(["clean", folder, "--target", server.url, "--yes"], in: scratch)
    #expect(clean.code == 0 && clean.out.contains("1 closed"), "\(clean)")
  }

  @Test func anInterruptBeforeTheFirstStep() async throws {
    let server = try TestServer { $0.path == "/version" ? Reply([.hold]) : .answer() }
    try scratch.write("a.yaml", "scenario: a\nsteps: [{name: x, get: /a}]\n")
    try scratch.write(
      "gonogo.yaml",
      "environments: {here: {url: \(server.url), kind: staging, build: {get: /version, json: $.version}}}\n")
    let child = try Child(Child.tool, ["smoke", "a.yaml", "--env", "here"], in: scratch)
    try await child.waits { server.observed.requests.contains { $0.path == "/version" } }
    child.send(SIGINT)
    let ended = try await child.ended(within: 30)
    #expect(ended.code == 130 && ended.err.contains("interrupted; nothing was sent"), "\(ended)")
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/results"))
  }

  @Test func aBuildThatIsNotToldIsNoted() async throws {
    let server = try TestServer { $0.path == "/version" ? Reply([.reset]) : .answer() }
    try scratch.write("a.yaml", "scenario: a\nsteps: [{name: x, get: /a}]\n")
    try scratch.write(
      "gonogo.yaml",
      "environments: {here: {url: \(server.url), kind: staging, build: {get: /version, json: $.version}}}\n")
    let ended = try await gonogo(["smoke", "a.yaml", "--env", "here"], in: scratch)
    #expect(ended.code == 0 && ended.out.contains("note         the target's build is not known:"), "\(ended)")
  }

  @Test func whatIsLeftIsNamedAndTakenAway() async throws {
    let server = try Self.hotel(cancels: 500)
    try scratch.write("booking.yaml", Self.booking.replacing("  - {name: slow, get: /slow}\n", with: ""))
    // Smoke alone is allowed, so cleaning up after it is as well.
    try scratch.write("gonogo.yaml", "environments: {here: {url: \(server.url), kind: staging, allow: [smoke]}}\n")
    let ended = try await gonogo(["smoke", "booking.yaml", "--env", "here", "--retries", "0"], in: scratch)
    #expect(ended.code == 99, "\(ended)")
    let folder = try scratch.runFolder().dropFirst(scratch.path.count + 1)
    #expect(ended.out.replacing(#/\s+/#, with: " ").contains("gonogo clean \(folder) takes it away"), "\(ended.out)")
    let clean = try await gonogo(["clean", String(folder), "--yes"], in: scratch)
    #expect(clean.out.contains("left: booking/book"), "\(clean)")
    #expect(clean.code == 99 && server.observed.requests.count { $0.method == "DELETE" } >= 2, "\(clean)")
  }

  @Test(arguments: [false, true])
  func aLongBodyIsKeptForTheCommand(holdsASecret: Bool) async throws {
    let server = try TestServer(always: .answer(500))
    let text = String(repeating: "all work and no play\n", count: 8_000)
    try scratch.write("long.txt", text)
    let token = "tok-0123456789"
    try scratch.write(
      "a.yaml",
      holdsASecret
        ? "scenario: a\nsteps: [{name: x, post: /a, body: \"{{ secret('TOKEN') }} \(text.replacing("\n", with: " "))\"}]\n"
        : "scenario: a\nsteps: [{name: x, post: /a, file: long.txt}]\n")
    let ended = try await Child(
      Child.tool, ["smoke", "a.yaml", "--target", server.url], in: scratch, environment: ["TOKEN": token]
    ).ended()
    #expect(ended.code == 99, "\(ended.err)")
    let folder = try scratch.runFolder()
    let kept = try #require(files(below: folder).first { $0.hasPrefix("sent/") && $0.hasSuffix(".body") })
    #expect(ended.out.contains("--data-binary @results/"), "\(ended.out)")
    #expect(ended.out.contains("# put its secrets back first") == holdsASecret, "\(ended.out)")
    for file in files(below: folder) where holdsASecret {
      #expect(
        try !String(decoding: Data(contentsOf: URL(filePath: folder + "/" + file)), as: UTF8.self).contains(token))
    }
    let command = try #require(ended.out.split(separator: "\n").first { $0.hasPrefix("curl ") })
    #expect(try await Child("bash", ["-c", String(command)], in: scratch).ended().code == 0)
    let sent = server.observed.requests.filter { $0.path == "/a" }
    #expect(sent.count == 2 && sent.last?.body.count == sent.first?.body.count || holdsASecret, "\(sent.count)")
    #expect(holdsASecret || sent.first?.body == sent.last?.body)
    let check = try await run("env", ["-C", folder, "sha256sum", "-c", "--quiet", "manifest.sha256"], in: scratch)
    #expect(check.code == 0 && !kept.isEmpty, "\(check)")
  }
}
