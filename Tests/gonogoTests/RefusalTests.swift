// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing

/// Where load may not go, it does not go.
@Suite struct RefusalTests {
  private let scratch: Scratch
  private let server: TestServer

  init() throws {
    scratch = try Scratch()
    server = try TestServer(always: .answer())
    try scratch.write(
      "gonogo.yaml",
      """
      environments:
        live:
          url: \(server.url)
          kind: production
        opened:
          url: \(server.url)
          kind: production
          allow: [smoke, load]
        people:
          url: \(server.url)
          kind: staging
          outbound: live
        broken:
          url: \(server.url)
          kind: staging
          settings: {health: [/health]}
      """)
    try scratch.write("read.yaml", "scenario: read\nsteps: [{name: a, get: /}]\n")
    try scratch.write("hook.yaml", "scenario: hook\nsteps: [{name: a, post: /webhooks/whatsapp, json: {a: 1}}]\n")
  }

  private func load(_ words: String...) async throws -> Ended {
    try await gonogo(["load"] + words + ["--rate", "5/s", "--for", "1s"], in: scratch)
  }

  @Test func aHostThatNobodyDeclared() async throws {
    for url in [
      "http://hotel.example", "https://10.1.2.3:8443/x", "http://localhost.example/", "http://127.0.0.1.example",
    ] {
      let ended = try await load("--url", url)
      #expect(ended.code == 3)
      #expect(ended.err.contains("is not this machine and is not declared: nothing was sent"))
      #expect(ended.out.isEmpty)
    }
    let ended = try await load("--url", "https://hotel.example:8443/x?y=1")
    let lines = """
        environments:
          staging:
            url: https://hotel.example:8443
            kind: staging
            allow: [smoke, load]
      """
    #expect(ended.err.contains(lines), "\(ended.err)")
    // The lines to add are right: with them the host is accepted, and only its name is not found.
    try scratch.write("more.yaml", lines)
    let added = try await load("--url", "https://hotel.example:8443/x", "--config", "more.yaml", "--dry-run")
    #expect(added.code == 0, "\(added)")
  }

  /// What nobody declared on this machine is taken for the hotel, and what it lacks is told with the lines that mend it.
  @Test func aTargetOnThisMachineThatNobodyDeclared() async throws {
    let scratch = try Scratch()
    try scratch.write(
      "health.yaml",
      """
      scenario: health
      steps:
        - {name: live, get: "{{ settings.health[0] }}"}
        - {name: ready, get: "{{ settings.health[1] }}", when: "settings.health[1]"}
      """)
    try scratch.write(
      "hook.yaml",
      """
      scenario: hook
      steps:
        - name: a
          let: {id: "{{ uuid() }}"}
          post: "{{ settings.webhook }}"
          json: {id: "{{ id }}"}
          reply: {within: 1s, message: "{{ id }}"}
      """)
    try scratch.write(
      "peak.yaml",
      "plan: peak\nmix: [{scenario: hook.yaml, share: 100%}]\nphases: [{name: main, rate: 1x peak, for: 1s}]\n")
    let smoked = try await gonogo(["smoke", "health.yaml", "--target", server.url], in: scratch)
    #expect(smoked.code == 0, "\(smoked)")
    #expect(Set(["/health/live", "/health/ready"]).isSubset(of: Set(server.observed.requests.map(\.path))))

    // A reply that nobody would see is not asked for, and that is no proof of anything.
    let unseen = try await gonogo(["smoke", "hook.yaml", "health.yaml", "--target", server.url], in: scratch)
    #expect(unseen.code == 4, "\(unseen)")
    #expect(unseen.out.contains("1 step could not be checked: hook/a"), "\(unseen.out)")
    #expect(unseen.err.contains("it awaits a reply; declare the target in gonogo.yaml"), "\(unseen.err)")
    #expect(server.observed.requestsByPath["/webhooks/whatsapp"] == nil)

    let deaf = try await gonogo(
      ["load", "hook.yaml", "--rate", "5/s", "--for", "1s", "--target", server.url], in: scratch)
    #expect(deaf.code == 3 && deaf.err.contains("nothing says where they arrive"), "\(deaf)")
    #expect(deaf.err.contains("sink: {listen: \"127.0.0.1:9090\"}") && !deaf.err.contains("peak:"), "\(deaf)")
    let load = ["load", "peak.yaml", "--target", server.url, "--dry-run"]
    let unknown = try await gonogo(load, in: scratch)
    #expect(unknown.code == 2, "\(unknown)")
    let sentence = "plan 'peak' sends multiples of the peak, and nobody declared \(server.url) or its peak"
    #expect(unknown.err.contains(sentence), "\(unknown.err)")
    // The lines to add are right.
    let lines = unknown.err.split(separator: "\n").drop { !$0.contains("environments:") }
    try scratch.write("gonogo.yaml", lines.joined(separator: "\n") + "\n")
    let known = try await gonogo(load, in: scratch)
    #expect(known.code == 0, "\(known)")
    #expect(known.out.contains("environment  local"), "\(known.out)")
  }

  @Test func production() async throws {
    let closed = try await load("read.yaml", "--env", "live")
    #expect(closed.code == 3)
    #expect(closed.err.contains("environment 'live' does not allow load (production: read-only smoke"), "\(closed.err)")
    // By its URL it is the same system.
    #expect(try await load("--url", server.url + "/x").code == 3)
    let unnamed = try await load("read.yaml", "--env", "opened")
    #expect(unnamed.code == 3)
    #expect(unnamed.err.contains("type its name: --confirm opened"))
    #expect(try await load("read.yaml", "--env", "opened", "--confirm", "live").code == 3)
    #expect(server.observed.requestCount == 0)
    let named = try await load("read.yaml", "--env", "opened", "--confirm", "opened")
    #expect(named.out.contains("environment  opened (production)"), "\(named)")
    #expect(server.observed.requestCount > 1)
  }

  @Test func webhooksWhileMessagesReachPeople() async throws {
    let ended = try await load("hook.yaml", "--env", "people")
    #expect(ended.code == 3)
    #expect(ended.err.contains("messages caused by webhook load could reach real people"))
    #expect(server.observed.requestCount == 0)
  }

  @Test func aDeclaredHealthPathMustBeFine() async throws {
    let sick = try TestServer { $0.path == "/health" ? .answer(404) : .answer() }
    let file = try text(of: scratch.path + "/gonogo.yaml").replacing(server.url, with: sick.url)
    try scratch.write("gonogo.yaml", file)
    let ended = try await load("read.yaml", "--env", "broken")
    #expect(ended.code == 3)
    #expect(ended.err.contains("/health answers 404"))
    #expect(sick.observed.requestsByPath == ["/health": 1])
  }

  /// Systems that are not the same are no measure for each other.
  @Test(arguments: [("\"staging\"", false), ("null", false), ("\"people\"", true)])
  func aBaselineOfAnotherSystem(environment: String, demo: Bool) async throws {
    let figures = #"{"n": 100, "errorRate": 0, "rate": 40, "p50": 10, "p95": 20, "p99": 30}"#
    try scratch.write(
      "old/baseline.json",
      """
      {"schema": "gonogo.baseline/1", "tool": {"name": "gonogo", "version": "0.1.0"}, "runId": "01old",
       "started": "2026-11-20T13:15:02Z", "plan": "peak", "target": "http://old", "environment": \(environment),
       "build": null, "demo": \(demo), "peak": 40, "seconds": 600, "pooled": \(figures), "steps": []}
      """)
    let ended = try await load(
      "read.yaml", "--env", "people", "--baseline", "old/baseline.json", "--threshold", "p(95) < baseline + 10%")
    #expect(ended.code == 3, "\(ended)")
    #expect(ended.err.contains("the baseline in old/baseline.json is of another environment"), "\(ended.err)")
    #expect(server.observed.requestCount == 0)
  }

  /// What a run is said to be of, the target must not contradict.
  @Test func aBuildThatTheTargetIsNot() async throws {
    let stamped = try TestServer(always: .answer(body: #"{"version": "1.4.1"}"#))
    try scratch.write(
      "gonogo.yaml",
      """
      environments:
        told:
          url: \(stamped.url)
          kind: staging
          build: {get: /version, json: $.version}
      """)
    for verb in [["load", "--rate", "5/s", "--for", "1s"], ["smoke"]] {
      let wrong = try await gonogo(verb + ["read.yaml", "--env", "told", "--build", "1.4.2"], in: scratch)
      #expect(wrong.code == 3, "\(wrong)")
      #expect(wrong.err.contains("--build 1.4.2: the target says that it is build 1.4.1"), "\(wrong.err)")
    }
    // Nothing but questions was sent, and there is no run.
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/results"))
    let asked = stamped.observed.requestsByPath["/"] ?? 0
    let right = try await gonogo(
      ["load", "--rate", "5/s", "--for", "1s", "read.yaml", "--env", "told", "--build", "1.4.1"], in: scratch)
    #expect(right.code != 3 && stamped.observed.requestsByPath["/"] ?? 0 > asked + 2, "\(right)")
  }

  @Test func aSocketIsNotTheSystemOfThatName() async throws {
    try scratch.write("gonogo.yaml", "environments:\n  far: {url: 'https://far.hotel.example', kind: staging}\n")
    let ended = try await load("read.yaml", "--env", "far", "--unix-socket", "/tmp/nobody.sock")
    #expect(ended.code == 2, "\(ended)")
    #expect(ended.err.contains("would send elsewhere what is meant for 'far'"), "\(ended.err)")
  }

  /// A record tells what a setup sends from what is never sent: the one is in no row, the other keeps rows open.
  @Test func aStepThatIsNeverSentIsNotASetups() async throws {
    try scratch.write(
      "steps.yaml",
      """
      scenario: steps
      setup: {steps: [{name: login, get: /login}]}
      steps: [{name: a, get: /}, {name: never, get: /never, share: 0%}]
      """)
    try scratch.write("gonogo.yaml", "environments:\n  here: {url: '\(server.url)', kind: staging}\n")
    _ = try await gonogo(["load", "steps.yaml", "--target", server.url, "--rate", "5/s", "--for", "1s"], in: scratch)
    let record = try object(text(of: scratch.runFolder() + "/run.json"))
    let steps = ((record["plan"] as? [String: Any])?["steps"] as? [[String: Any]]) ?? []
    let counts = Dictionary(
      uniqueKeysWithValues: steps.map { ($0["step"] as? String ?? "", $0["perJourney"] as? Double) })
    #expect(counts == ["login": 0, "a": 1, "never": nil])
    #expect(server.observed.requestsByPath["/never"] == nil)
  }
}
