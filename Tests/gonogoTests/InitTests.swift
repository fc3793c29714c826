// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing

/// `gonogo init` in somebody else's repository.
@Suite struct InitTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private static let all = [
    "gonogo.yaml", "gonogo.mk", "scenarios/first.yaml", "scenarios/plans/smoke.yaml",
    "scenarios/plans/expected-peak.yaml", "scenarios/plans/soak.yaml",
  ]

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(scratch.path)/\(path)") }

  private func lint(in folder: String = ".") async throws -> Ended {
    let files = Self.all.filter { $0.hasSuffix(".yaml") && exists("\(folder)/\($0)") }.map { "\(folder)/\($0)" }
    return try await gonogo(["lint", "--quiet"] + files, in: scratch)
  }

  @Test func firstFilesPassLintAndRun() async throws {
    let server = try TestServer(always: .answer())
    let ended = try await gonogo(["init", "repo/load", "--target", server.url], in: scratch)
    #expect(ended.code == 0, "\(ended)")
    #expect(ended.out.isEmpty)
    #expect(ended.err.contains("wrote  gonogo.yaml\n") && ended.err.contains("\n  cd repo/load\n"))
    #expect(exists("repo/load/scenarios/health.yaml") && exists("repo/load/gonogo.mk"))
    let linted = try await lint(in: "repo/load")
    #expect(linted.code == 0 && linted.out.isEmpty, "\(linted)")
    let run = try await gonogo(
      [
        "load", "repo/load/scenarios/health.yaml", "--config", "repo/load/gonogo.yaml", "--env", "local", "--rate",
        "20/s", "--for", "1s", "--quiet",
      ], in: scratch)
    #expect([0, 4].contains(run.code), "\(run)")
    #expect(server.observed.requestsByPath.keys.sorted() == ["/health/live", "/health/ready"])
  }

  @Test func nothingIsOverwrittenUnlessNamed() async throws {
    try scratch.write("gonogo.yaml", "mine: true\n")
    let first = try await gonogo(["init"], in: scratch)
    #expect(first.code == 0)
    #expect(first.err.contains("kept   gonogo.yaml (it is there: --force gonogo.yaml overwrites it)"))
    #expect(try scratch.read("gonogo.yaml") == "mine: true\n")

    try scratch.write("scenarios/plans/soak.yaml", "mine too\n")
    let forced = try await gonogo(["init", "--force", "./gonogo.yaml"], in: scratch)
    #expect(forced.code == 0, "\(forced)")
    #expect(try scratch.read("gonogo.yaml").contains("environments:"))
    #expect(try scratch.read("scenarios/plans/soak.yaml") == "mine too\n")
    #expect(!exists("gonogo.yaml.new"))

    let unknown = try await gonogo(["init", "--force", "gonogo.yml"], in: scratch)
    #expect(unknown.code == 2)
    #expect(unknown.err.contains("did you mean gonogo.yaml?"))
  }

  @Test func aLinkIsNotFollowed() async throws {
    let other = try scratch.write("elsewhere/precious", "precious\n")
    try FileManager.default.createSymbolicLink(atPath: scratch.path + "/gonogo.mk", withDestinationPath: other)
    try FileManager.default.createSymbolicLink(atPath: scratch.path + "/gonogo.yaml", withDestinationPath: "nowhere")
    #expect(try await gonogo(["init"], in: scratch).code == 0)
    #expect(try await gonogo(["init", "--force", "gonogo.mk"], in: scratch).code == 0)
    #expect(try scratch.read("elsewhere/precious") == "precious\n")
    #expect(!exists("nowhere"))
  }

  @Test func dryRunWritesNothing() async throws {
    let ended = try await gonogo(["init", "--dry-run", "--curl", "curl http://127.0.0.1:1/a"], in: scratch)
    #expect(ended.code == 0)
    for path in Self.all { #expect(ended.out.contains("==> \(path)\n")) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).allSatisfy { $0.hasPrefix(".stream") })
  }

  @Test func aCurlCommandThatRuns() async throws {
    let server = try TestServer { request in
      let isRight =
        request.method == "POST" && request.target == "/v1/bookings?x=1"
        && request.header("authorization") == "Bearer t0psecret" && request.header("x-kind") == "it's"
        && String(decoding: request.body, as: UTF8.self) == #"{"guest":"José","nights":2}"#
      return .answer(request.path == "/" ? 404 : isRight ? 201 : 400)
    }
    let command = """
      curl -sS -X POST '\(server.url)/v1/bookings?x=1' -H "Authorization: Bearer $BOOKING_TOKEN" -H 'X-Kind: it'\\''s' \
      --json '{"guest":"Jos\\u00e9","nights":2}'
      """
    let ended = try await gonogo(["init", "--curl", command, "--name", "booking"], in: scratch)
    #expect(ended.code == 0, "\(ended)")
    #expect(ended.err.contains("  export BOOKING_TOKEN=...\n"))
    let run = try await gonogo(
      ["load", "scenarios/booking.yaml", "--env", "local", "--rate", "10/s", "--for", "1s", "--json", "--quiet"],
      in: scratch, environment: ["BOOKING_TOKEN": "t0psecret"])
    #expect([0, 4].contains(run.code), "\(run)")
    let totals = try #require(try object(run.out)["totals"] as? [String: Any])
    #expect(totals["ok"] as? Int == 10 && totals["sent"] as? Int == 10, "\(run.out)")
    #expect(try await lint().code == 0)
  }

  @Test func anotherScenarioBesideTheFirst() async throws {
    #expect(try await gonogo(["init", "--curl", "curl http://127.0.0.1:1/a"], in: scratch).code == 0)
    let second = try await gonogo(["init", "--curl", "curl http://127.0.0.1:1/b", "--name", "second"], in: scratch)
    #expect(second.code == 0)
    #expect(second.err.contains("wrote  scenarios/second.yaml"))
    #expect(second.err.contains("put `- {scenario: ../second.yaml, share: 10%}` into the mix of your plans"))
  }

  @Test func aStrangersTargetAllowsNoLoadYet() async throws {
    #expect(try await gonogo(["init", "--curl", "curl -k https://api.hotel.example/a"], in: scratch).code == 0)
    let text = try scratch.read("gonogo.yaml")
    #expect(text.contains("url: https://api.hotel.example\n") && text.contains("insecure: true"))
    let refused = try await gonogo(
      ["load", "scenarios/first.yaml", "--env", "staging", "--rate", "1/s", "--for", "1s"], in: scratch)
    #expect(refused.code == 3)
    #expect(refused.err.contains("does not allow load"))
  }

  @Test func theDocumentOfARealHotel() async throws {
    let said = try scratch.write("hotel.out", "")
    let hotel = try Child(
      URL(fileURLWithPath: Child.tool).deletingLastPathComponent().path + "/hotel",
      ["--port", "0", "--database", "hotel.db", "--log", "off"], in: scratch, out: .path(said))
    try await hotel.waits { (try? scratch.read("hotel.out").contains("\n")) == true }
    let port = try #require(try object(scratch.read("hotel.out"))["port"] as? Int)
    let url = "http://127.0.0.1:\(port)"
    let ended = try await gonogo(["init", "--openapi", url + "/openapi.json"], in: scratch)
    #expect(ended.code == 0, "\(ended)")
    let scenario = try scratch.read("scenarios/first.yaml")
    #expect(try scratch.read("gonogo.yaml").contains("health: [/health/live, /health/ready]"))
    for part in [
      "get: /health/live\n", "checkin={{ date(+30d) }}", "# POST /api/v1/reservations: ", "# Not called yet:",
    ] {
      #expect(scenario.contains(part), "\(part)")
    }
    #expect(try await lint().code == 0)
    let run = try await gonogo(
      ["load", "scenarios/first.yaml", "--env", "local", "--rate", "5/s", "--for", "1s", "--json", "--quiet"],
      in: scratch)
    let totals = try #require(try object(run.out)["totals"] as? [String: Any], "\(run)")
    #expect(totals["failed"] as? Int == 0 && (totals["ok"] as? Int ?? 0) >= 40, "\(run.out)")
  }

  @Test(arguments: [
    (["--openapi", "none.json"], 2, "none.json cannot be read"), (["--openapi", "empty"], 2, "empty"),
    (["--openapi", "http://127.0.0.1:1/x"], 3, "cannot be fetched"),
    (["--curl", "wget x"], 2, "this is no curl command"),
    (["--curl", "curl http://h/", "--openapi", "x"], 2, "give one, then the other"),
    (["a", "b"], 2, "one folder at a time"),
    (["--name", "x"], 2, "--name goes with --openapi or --curl"), (["--target", "hotel.example"], 2, "is not a URL"),
    (["--curl", "curl http://h/", "--name", "../x"], 2, "--name takes letters"), (["file/below"], 2, "file"),
  ])
  func refusals(words: [String], code: Int32, message: String) async throws {
    try scratch.write("empty", "")
    try scratch.write("file", "")
    let ended = try await gonogo(["init"] + words, in: scratch)
    #expect(ended.code == code, "\(ended)")
    #expect(ended.err.contains(message), "\(ended)")
    #expect(!exists("gonogo.yaml"))
  }

  @Test func theFirstDemoPasses() async throws {
    #expect(try await gonogo(["init"], in: scratch).code == 0)
    let ended = try await gonogo(["smoke", "--retries", "0"], in: scratch)
    #expect(ended.code == 0, "\(ended)")
    #expect(ended.out.replacing(#/\s+/#, with: " ").contains("F-001 PENDING: the hotel's operations count where"))
  }

  @Test func theMakeTargets() async throws {
    guard Child.find("make") != nil else { return }
    #expect(try await gonogo(["init"], in: scratch).code == 0)
    try scratch.write("Makefile", "include gonogo.mk\n")
    try await installFake("#!/bin/sh\necho \"$@\"\nexit 99\n", in: scratch)
    let staging = try await run("make", ["load-test", "ENV=staging", "GONOGO=./fake"], in: scratch)
    #expect(
      staging.out.hasPrefix("load scenarios/plans/expected-peak.yaml --env staging\nverdict=fail exit=99\n"),
      "\(staging)")
    #expect(staging.code == 2)
    let empty = try await run("make", ["smoke-test", "TARGET=", "GONOGO=./fake"], in: scratch)
    #expect(empty.out.hasPrefix("smoke --target \nverdict=fail exit=99"), "\(empty)")
  }
}
