// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Synchronization
import TestServers
import Testing

/// `gonogo smoke --watch` through the real binary.
@Suite struct SmokeWatchTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func smoke(_ words: [String]) async throws -> Ended { try await gonogo(["smoke"] + words, in: scratch) }

  @Test func watchingTellsOfChanges() async throws {
    let asked = Mutex(0)
    let server = try TestServer { request in
      guard request.path == "/a" else { return .answer() }
      return asked.withLock { count in
        count += 1
        return count == 3 || count == 4 ? .answer(500) : .answer()
      }
    }
    try scratch.write("a.yaml", "scenario: a\nsteps: [{name: x, get: /a}]\n")
    let ended = try await smoke([
      "a.yaml", "--target", server.url, "--retries", "0", "--watch", "1s", "--rounds", "7", "--build", "b1",
    ])
    #expect(ended.code == 0, "\(ended)")
    let lines = ended.out.split(separator: "\n")
    #expect(lines.count == 7, "\(ended.out)")
    #expect(ended.err.components(separatedBy: "***").count == 5, "\(ended.err)")
    #expect(ended.err.contains("*** PASS -> FAIL: a/x ***") && ended.err.contains("*** FAIL -> PASS ***"))
    #expect(ended.err.contains("7 rounds, the last one: PASS"))
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/results")
    let log = try #require(names.first { $0.hasSuffix("-watch.jsonl") })
    #expect(try text(of: scratch.path + "/results/" + log).split(separator: "\n").count == 7)
    // Of seven rounds the first and last of each stretch keep their folders.
    let folders = names.filter { $0.hasPrefix("2") && !$0.hasSuffix(".jsonl") }
    #expect(folders.count == 6, "\(names)")
    #expect(try await gonogo(["report", "results/latest"], in: scratch).code == 0)
  }

  @Test func watchingEndsWithAnInterrupt() async throws {
    let server = try TestServer(always: .answer())
    try scratch.write("a.yaml", "scenario: a\nsteps: [{name: x, get: /a}]\n")
    let child = try Child(
      Child.tool, ["smoke", "a.yaml", "--target", server.url, "--watch", "1h"], in: scratch)
    try await child.waits { FileManager.default.fileExists(atPath: scratch.path + "/results/latest") }
    child.send(SIGINT)
    let ended = try await child.ended(within: 30)
    #expect(ended.code == 0, "\(ended)")
    #expect(ended.err.contains("1 round, the last one: PASS"))
  }

  @Test func whatCleanNeedsIsKept() async throws {
    let server = try TestServer { request in
      request.method == "POST" ? .json(#"{"id": "b1"}"#, status: 201) : .answer(request.method == "DELETE" ? 500 : 200)
    }
    try scratch.write(
      "a.yaml",
      """
      scenario: a
      steps:
        - let: {key: "{{ uuid() }}"}
        - {name: book, post: /book, writes: {key: "{{ key }}", closed-by: cancel}}
      finally:
        - {name: cancel, delete: /book/b1}
      """)
    let ended = try await smoke(
      ["a.yaml", "--target", server.url, "--watch", "1s", "--rounds", "3", "--retries", "0", "--json"])
    #expect(ended.code == 99, "\(ended)")
    #expect(try ended.out.split(separator: "\n").map { try object(String($0))["left"] as? Int } == [1, 1, 1])
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/results")
    let folders = names.filter { $0.hasPrefix("2") && !$0.hasSuffix(".jsonl") }.sorted()
    #expect(folders.count == 3, "\(names)")
    let clean = try await gonogo(["clean", "results/" + folders[1], "--dry-run"], in: scratch)
    #expect(clean.out.contains("1 write is left in \(server.url); nothing was sent"), "\(clean)")
  }

  @Test func anInterruptWhileTheTargetIsAsked() async throws {
    let asked = Mutex(0)
    let server = try TestServer { request in
      if request.path == "/live" { asked.withLock { $0 += 1 } }
      return asked.withLock { $0 } > 1 && request.path == "/live" ? Reply([.hold]) : .answer()
    }
    try scratch.write("a.yaml", "scenario: a\nsteps: [{name: x, get: /a}]\n")
    try scratch.write(
      "gonogo.yaml", "environments: {here: {url: \(server.url), kind: staging, settings: {health: /live}}}\n")
    let child = try Child(Child.tool, ["smoke", "a.yaml", "--env", "here", "--watch", "1s"], in: scratch)
    try await child.waits { asked.withLock { $0 } == 2 }
    child.send(SIGINT)
    let ended = try await child.ended(within: 30)
    // The round that did not begin is none: the last one counts.
    #expect(ended.code == 0 && ended.err.contains("1 round, the last one: PASS"), "\(ended)")
  }

  @Test func withoutItsHotelItEnds() async throws {
    try scratch.write("a.yaml", "scenario: a\nsteps: [{name: x, get: /health/live}]\n")
    try FileManager.default.createDirectory(atPath: scratch.path + "/tmp", withIntermediateDirectories: false)
    let child = try Child(
      Child.tool, ["smoke", "a.yaml", "--watch", "1s"], in: scratch, environment: ["TMPDIR": scratch.path + "/tmp"])
    try await child.waits { FileManager.default.fileExists(atPath: scratch.path + "/results/latest") }
    let children = try text(of: "/proc/\(child.pid)/task/\(child.pid)/children")
    let hotel = try #require(children.split(separator: " ").compactMap { pid_t($0) }.first, "\(children)")
    kill(hotel, SIGKILL)
    let ended = try await child.ended(within: 30)
    #expect(ended.code == 70 && ended.err.contains("the embedded hotel was ended by signal 9"), "\(ended)")
  }
}
