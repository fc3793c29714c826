// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Synchronization
import TestServers
import Testing

/// `gonogo smoke` through the real binary: what it says to a stranger, how it ends, what it leaves.
@Suite struct SmokeTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func smoke(_ words: [String], environment: [String: String?] = [:], err: Stream = .kept) async throws -> Ended
  {
    try await gonogo(["smoke"] + words, in: scratch, environment: environment, err: err)
  }

  private static let reservation = """
    scenario: reservation
    about: A guest books and cancels.
    tags: [booking]
    steps:
      - {name: search, get: /rooms, expect: {json: {$.rooms: not empty}}}
      - name: book
        let: {key: "{{ uuid() }}"}
        post: /book
        headers: {Idempotency-Key: "{{ key }}", Authorization: "Bearer {{ secret('HOTEL_TOKEN') }}"}
        json: {guest: "O'Hara"}
        expect: {status: 201}
        capture: {booking: $.id}
        writes: {key: "{{ key }}", closed-by: cancel}
    finally:
      - {name: cancel, delete: "/book/{{ booking }}", expect: {status: 204}}
      - {name: gone, about: Nothing may be left., get: "/book/{{ booking }}", expect: {status: 404}}
    """

  private static let token = ["HOTEL_TOKEN": "tok-0123456789"]

  /// A hotel with one booking; `change` may answer in its stead.
  private static func hotel(_ change: @escaping @Sendable (Request) -> Reply? = { _ in nil }) throws -> TestServer {
    let isBooked = Mutex(false)
    return try TestServer { request in
      if let reply = change(request) { return reply }
      switch (request.method, request.path) {
      case ("GET", "/rooms"): return .json(#"{"rooms": [1]}"#)
      case ("POST", _):
        isBooked.withLock { $0 = true }
        return .json(#"{"id": "b1"}"#, status: 201)
      case ("DELETE", _):
        isBooked.withLock { $0 = false }
        return .answer(204, body: "")
      case ("GET", "/book/b1"): return isBooked.withLock { $0 } ? .json("{}") : .answer(404)
      default: return .answer()
      }
    }
  }

  private func record() throws -> [String: Any] { try object(text(of: scratch.runFolder() + "/run.json")) }

  private func steps(_ record: [String: Any]) -> [[String: Any]] {
    let scenarios = (record["smoke"] as? [String: Any])?["scenarios"] as? [[String: Any]] ?? []
    return scenarios.flatMap { $0["steps"] as? [[String: Any]] ?? [] }
  }

  private func statuses(_ record: [String: Any]) -> [String] {
    steps(record).map { step in
      "\(step["name"] ?? "") \(step["status"] ?? "")" + ((step["cause"] as? String).map { " \($0)" } ?? "")
    }
  }

  // MARK: passing

  @Test func everythingPasses() async throws {
    let server = try Self.hotel()
    try scratch.write("reservation.yaml", Self.reservation)
    let ended = try await smoke(["reservation.yaml", "--target", server.url], environment: Self.token)
    #expect(ended.code == 0, "\(ended)")
    #expect(ended.out.contains("  PASS   smoke-reservation"))
    #expect(ended.out.contains("steps        4 passed, in"))
    for line in ["ok   search", "ok   book", "ok   cancel", "ok   gone"] {
      #expect(ended.err.contains(line), "\(ended.err)")
    }
    let folder = try scratch.runFolder()
    #expect(FileManager.default.fileExists(atPath: folder + "/junit.xml"))
    let check = try await run("env", ["-C", folder, "sha256sum", "-c", "--quiet", "manifest.sha256"], in: scratch)
    #expect(check.code == 0, "\(check)")
    #expect(try await gonogo(["report", folder], in: scratch).code == 0)
    #expect(try text(of: folder + "/ledger.jsonl").contains(#""state":"closed""#))
    #expect(try record()["kind"] as? String == "smoke")
    for file in files(below: folder) {
      #expect(try !text(of: folder + "/" + file).contains("tok-0123456789"), "\(file)")
    }
  }

  @Test func scenariosAreFoundUpwards() async throws {
    let server = try TestServer(always: .answer())
    try scratch.write("scenarios/b.yaml", "scenario: b\nsteps: [{name: x, get: /b}]\n")
    try scratch.write("scenarios/a.yaml", "scenario: a\nsteps: [{name: x, get: /a}]\n")
    try scratch.write("scenarios/gonogo.yaml", "environments: {here: {url: \(server.url), kind: staging}}\n")
    try scratch.write("deep/er/x", "")
    let below = try await run("env", ["-C", "deep/er", Child.tool, "smoke", "--target", server.url], in: scratch)
    #expect(below.code == 0, "\(below)")
    #expect(server.observed.requests.map(\.path).suffix(2) == ["/a", "/b"])
    try scratch.write(
      "scenarios/plans/smoke.yaml",
      "plan: smoke\nmix: [{scenario: ../b.yaml, share: 1}]\nphases: [{name: m, rate: 1/s, for: 1s}]\n")
    #expect(try await smoke(["--target", server.url]).code == 0)
    #expect(server.observed.requests.map(\.path).suffix(1) == ["/b"])
    #expect(try await gonogo(["smoke", "--list"], in: scratch).out.contains("x             GET /b"))
    let nothing = try Scratch()
    let none = try await gonogo(["smoke", "--target", server.url], in: nothing)
    #expect(none.code == 2 && none.err.contains("no scenarios: there is no scenarios/plans/smoke.yaml"), "\(none)")
  }

  // MARK: failing

  @Test func aWrongStatus() async throws {
    let server = try Self.hotel { $0.method == "POST" ? .json("{\"error\":\"\u{1B}[31mboom\"}", status: 500) : nil }
    try scratch.write("reservation.yaml", Self.reservation)
    let ended = try await smoke(
      ["reservation.yaml", "--target", server.url, "--retries", "1", "--retry-pause", "10ms"], environment: Self.token)
    #expect(ended.code == 99, "\(ended)")
    for line in [
      "why          1 step failed: reservation/book", "reservation/book FAILED",
      "about        A guest books and cancels.",
      "expected     status 201", "got          500", "written in   reservation.yaml:11:22",
      "request      POST \(server.url)/book", "sent         {\"guest\":\"O'Hara\"}", "attempts     2: 500, 500",
      #"\u{1B}[31mboom"#, "curl -sS -i \(server.url)/book", #"-H 'Authorization: Bearer '"$HOTEL_TOKEN""#,
      #"--data-binary '{"guest":"O'\''Hara"}'"#,
    ] { #expect(ended.out.contains(line), "\(line)\n\(ended.out)") }
    #expect(!ended.out.contains("tok-0123456789") && !ended.out.contains("\u{1B}"))
    #expect(
      try statuses(record()) == [
        "search passed", "book failed", "cancel skipped nothingToCleanUp", "gone skipped nothingToCleanUp",
      ])
    #expect(try text(of: scratch.runFolder() + "/summary.md").contains("# FAIL: smoke-reservation"))
  }

  /// Whoever pastes the command sends the same request.
  @Test func theCommandRepeatsTheRequest() async throws {
    let server = try Self.hotel { $0.method == "POST" ? .answer(500) : nil }
    try scratch.write("reservation.yaml", Self.reservation)
    _ = try await smoke(["reservation.yaml", "--target", server.url, "--retries", "0"], environment: Self.token)
    let book = try #require(steps(record()).first { $0["name"] as? String == "book" })
    let attempt = try #require((book["attempts"] as? [[String: Any]])?.first)
    let command = try #require(attempt["curl"] as? String)
    let ended = try await Child("bash", ["-c", command], in: scratch, environment: Self.token).ended()
    #expect(ended.code == 0, "\(ended)")
    let posts = server.observed.requests.filter { $0.method == "POST" }
    #expect(posts.count == 2)
    for name in ["Authorization", "Idempotency-Key", "Content-Type"] {
      #expect(posts[0].header(name) == posts[1].header(name), "\(name)")
    }
    #expect(posts[0].body == posts[1].body && posts[0].target == posts[1].target)
  }

  @Test func aMissingField() async throws {
    let server = try Self.hotel { $0.path == "/rooms" ? .json(#"{"romms": [1]}"#) : nil }
    try scratch.write("reservation.yaml", Self.reservation)
    let ended = try await smoke(
      ["reservation.yaml", "--target", server.url, "--retries", "0"], environment: Self.token)
    #expect(ended.code == 99)
    for line in [
      "expected     $.rooms to be not empty", "got          no such value", #"14 bytes: {"romms": [1]}"#,
      "written in   reservation.yaml:5:49",
    ] { #expect(ended.out.contains(line), "\(line)\n\(ended.out)") }
    #expect(server.observed.requests.allSatisfy { $0.method == "GET" })
  }

  @Test func aCancelThatCancelledNothing() async throws {
    let server = try Self.hotel { $0.method == "DELETE" ? .answer(204, body: "") : nil }
    try scratch.write("reservation.yaml", Self.reservation)
    let ended = try await smoke(
      ["reservation.yaml", "--target", server.url, "--retries", "0"], environment: Self.token)
    #expect(ended.code == 99)
    #expect(ended.out.contains("reservation/gone FAILED"), "\(ended.out)")
    #expect(ended.out.contains("expected     status 404") && ended.out.contains("got          200"))
    #expect(ended.out.contains("about        Nothing may be left."), "\(ended.out)")
  }

  @Test func aDeadConnection() async throws {
    let server = try Self.hotel { $0.path == "/rooms" ? Reply([.reset]) : nil }
    try scratch.write("reservation.yaml", Self.reservation)
    let ended = try await smoke(
      ["reservation.yaml", "--target", server.url, "--retries", "0"], environment: Self.token)
    #expect(ended.code == 99)
    #expect(ended.out.contains("expected     an answer") && ended.out.contains("answer       none"), "\(ended.out)")
  }

  // MARK: not proven

  @Test func passedOnlyOnARetryIsPartial() async throws {
    let searches = Mutex(0)
    let server = try Self.hotel { request in
      guard request.path == "/rooms" else { return nil }
      return searches.withLock { count in
        count += 1
        return count == 1 ? .answer(503) : nil
      }
    }
    try scratch.write("reservation.yaml", Self.reservation)
    let ended = try await smoke(
      ["reservation.yaml", "--target", server.url, "--retry-pause", "10ms"], environment: Self.token)
    #expect(ended.code == 4, "\(ended)")
    #expect(ended.out.contains("why          PARTIAL: 1 step passed only on a retry: reservation/search"))
    #expect(ended.out.contains("reservation/search passed only on a retry; the attempt before:"))
    #expect(ended.out.contains("attempts     2: 503, 200"))
    #expect(ended.err.contains("2 attempts  PARTIAL: passed only on"), "\(ended.err)")
    let search = try #require(steps(record()).first)
    #expect(search["flaky"] as? Bool == true && (search["attempts"] as? [Any])?.count == 2)
    #expect(try text(of: scratch.runFolder() + "/junit.xml").contains("<flakyFailure"))
  }

  @Test func aDeclaredRefusalProvesNothing() async throws {
    let server = try TestServer(always: .answer(409))
    try scratch.write(
      "s.yaml",
      """
      scenario: s
      steps:
        - {name: book, post: /, json: {}, expect: {status: {201: booked, 409: sold out}}}
        - {name: read, get: /}
      """)
    let ended = try await smoke(["s.yaml", "--target", server.url])
    #expect(ended.code == 4, "\(ended)")
    #expect(try statuses(record()) == ["book skipped refusal", "read skipped refusal"])
    #expect(ended.out.contains("1 step met a declared refusal: s/book"))
  }

  // MARK: selection

  @Test func onlyReading() async throws {
    let server = try Self.hotel()
    try scratch.write("reservation.yaml", Self.reservation)
    let ended = try await smoke(["reservation.yaml", "--target", server.url, "--read-only"], environment: Self.token)
    #expect(ended.code == 0, "\(ended)")
    #expect(server.observed.requests.allSatisfy { $0.method == "GET" })
    #expect(
      try statuses(record()) == [
        "search passed", "book skipped readOnly", "cancel skipped readOnly", "gone skipped nothingToCleanUp",
      ])
    #expect(ended.err.contains("it may change something, and only reading"))
  }

  @Test func productionIsOnlyRead() async throws {
    let server = try Self.hotel()
    try scratch.write("reservation.yaml", Self.reservation)
    try scratch.write(
      "gonogo.yaml",
      """
      environments:
        live: {url: "\(server.url)", kind: production}
        opened: {url: "\(server.url)", kind: production, allow: [smoke, load]}
        closed: {url: "\(server.url)", kind: staging, allow: [load]}
      """)
    let words = ["reservation.yaml", "--env"]
    #expect(try await smoke(words + ["live"], environment: Self.token).code == 0)
    #expect(try await smoke(words + ["live", "--confirm", "live"], environment: Self.token).code == 0)
    let unnamed = try await smoke(words + ["opened"], environment: Self.token)
    #expect(unnamed.out.contains("--confirm opened would send all"), "\(unnamed.out)")
    #expect(server.observed.requests.allSatisfy { $0.method == "GET" })
    #expect(try await smoke(words + ["opened", "--confirm", "opened"], environment: Self.token).code == 0)
    #expect(server.observed.requests.contains { $0.method == "POST" })
    let closed = try await smoke(words + ["closed"], environment: Self.token)
    #expect(closed.code == 3 && closed.err.contains("does not allow smoke"), "\(closed)")
  }

  @Test func tagsAndDryRun() async throws {
    let server = try Self.hotel()
    try scratch.write("reservation.yaml", Self.reservation)
    try scratch.write(
      "health.yaml", "scenario: health\nsteps: [{name: live, get: /live, tags: [quick]}, {name: deep, get: /deep}]\n")
    let words = ["health.yaml", "reservation.yaml", "--target", server.url]
    let dry = try await smoke(words + ["--tags", "quick", "--dry-run"], environment: Self.token)
    #expect(dry.code == 0 && dry.out.contains("1 of 6 steps would be sent; 0 of them may change something"), "\(dry)")
    #expect(dry.out.contains("left out: none of the tags quick"))
    #expect(server.observed.requestCount == 0)
    #expect(try await smoke(words + ["--tags", "quick"], environment: Self.token).code == 0)
    #expect(Set(server.observed.requests.map(\.path)).isDisjoint(with: ["/deep", "/rooms"]))
    let unknown = try await smoke(words + ["--tags", "quik"], environment: Self.token)
    #expect(unknown.code == 2 && unknown.err.contains("no step has the tag quik"), "\(unknown)")
  }

  @Test func failFast() async throws {
    let server = try TestServer { $0.path == "/a" ? .answer(500) : .answer() }
    try scratch.write("a.yaml", "scenario: a\nsteps: [{name: x, get: /a}]\n")
    try scratch.write("b.yaml", "scenario: b\nsteps: [{name: y, get: /b}]\n")
    let words = ["a.yaml", "b.yaml", "--target", server.url, "--retries", "0"]
    #expect(try await smoke(words + ["--fail-fast"]).code == 99)
    #expect(try statuses(record()) == ["x failed", "y skipped failFast"])
    #expect(server.observed.requestsByPath["/b"] == nil)
    #expect(try await smoke(words).code == 99)
    #expect(server.observed.requestsByPath["/b"] == 1)
  }

  // MARK: ends

  @Test func aDeadTarget() async throws {
    let server = try TestServer(always: .answer())
    server.stop()
    try scratch.write("a.yaml", "scenario: a\nsteps: [{name: x, get: /a}]\n")
    let ended = try await smoke(["a.yaml", "--target", server.url])
    #expect(ended.code == 3, "\(ended)")
    #expect(ended.err.contains("the target cannot be reached"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/results"))
  }

  @Test func anInterruptStillCleansUp() async throws {
    let server = try Self.hotel { request in
      request.method == "GET" && request.path == "/slow" ? .answer().delayed(milliseconds: 6000) : nil
    }
    try scratch.write(
      "reservation.yaml",
      Self.reservation.replacing(
        "finally:", with: "  - {name: slow, get: /slow}\n  - {name: more, get: /more}\nfinally:"))
    let child = try Child(
      Child.tool, ["smoke", "reservation.yaml", "--target", server.url], in: scratch,
      environment: Self.token.mapValues { $0 })
    try await child.waits { server.observed.requests.contains { $0.path == "/slow" } }
    child.send(SIGINT)
    let ended = try await child.ended(within: 30)
    #expect(ended.code == 130, "\(ended)")
    #expect(ended.err.contains("stopping: the scenario under way still runs its finally"))
    #expect(server.observed.requests.contains { $0.method == "DELETE" })
    #expect(server.observed.requestsByPath["/more"] == nil)
    #expect(try statuses(record()).contains("more skipped interrupted"))
    #expect(try record()["verdict"] as? String == "inconclusive")
    #expect(try await gonogo(["report", scratch.runFolder()], in: scratch).code == 130)
  }

  /// What was to be read back and was not is unknown, whoever ended it.
  @Test func anInterruptOfTheReadBackLeavesDoubts() async throws {
    let server = try Self.hotel { request in request.path.hasPrefix("/find") ? .neverAnswers : nil }
    try scratch.write(
      "reservation.yaml",
      Self.reservation.replacing(
        "writes: {key: \"{{ key }}\", closed-by",
        with: "writes: {key: \"{{ key }}\", read: {get: \"/find/{{ key }}\"}, closed-by"))
    let child = try Child(
      Child.tool, ["smoke", "reservation.yaml", "--target", server.url], in: scratch,
      environment: Self.token.mapValues { $0 })
    try await child.waits { server.observed.requests.contains { $0.path.hasPrefix("/find") } }
    child.send(SIGINT)
    let ended = try await child.ended(within: 30)
    #expect(ended.code == 130, "\(ended)")
    let record = try record()
    #expect(record["verdict"] as? String == "inconclusive")
    #expect((record["ledger"] as? [String: Any])?["unknown"] as? Int == 1)
    let steps = (record["plan"] as? [String: Any])?["steps"] as? [[String: Any]] ?? []
    #expect(steps.filter { $0["readBack"] as? Bool == true }.map { $0["step"] as? String } == ["book"])
  }

  // MARK: streams

  @Test func jsonIsTheRecord() async throws {
    let server = try TestServer(always: .answer())
    try scratch.write("a.yaml", "scenario: a\nsteps: [{name: x, get: /a}]\n")
    let ended = try await smoke(["a.yaml", "--target", server.url, "--json", "--quiet", "--junit", "copy.xml"])
    #expect(ended.code == 0 && ended.err.isEmpty, "\(ended)")
    #expect(try ended.out == text(of: scratch.runFolder() + "/run.json"))
    #expect(try text(of: scratch.path + "/copy.xml") == text(of: scratch.runFolder() + "/junit.xml"))
    #expect(try await gonogo(["report", scratch.runFolder(), "--json"], in: scratch).out == ended.out)
  }

  @Test(arguments: [UInt16(40), 120])
  func onATerminal(columns: UInt16) async throws {
    let server = try Self.hotel { $0.path == "/rooms" ? .json("{}").delayed(milliseconds: 400) : nil }
    try scratch.write("reservation.yaml", Self.reservation)
    let terminal = try Terminal(columns: columns)
    let child = try Child(
      Child.tool, ["smoke", "reservation.yaml", "--target", server.url, "--retries", "0"], in: scratch,
      environment: ["HOTEL_TOKEN": "tok-0123456789", "LANG": "C.UTF-8", "LC_ALL": nil],
      out: .descriptor(terminal.descriptor),
      err: .descriptor(terminal.descriptor))
    #expect(try await child.ended().code == 99)
    let shown = await terminal.text()
    let seen = Seen(shown)
    #expect(seen.coloured)
    #expect(seen.lines.contains { $0.hasPrefix("  ✗ search") })
    // The line of the step under way was drawn, and is gone.
    #expect(shown.contains("  \u{1B}[2m. \u{1B}[0msearch") && !seen.lines.contains { $0.hasPrefix("  . ") }, "\(shown)")
    for line in Seen.everyLine(shown) where !line.contains("curl ") && !line.contains("/") && !line.hasPrefix("00-") {
      #expect(line.count <= Int(columns), "\(line)")
    }
  }

  @Test(arguments: [
    (["--watch", "10ms"], "rounds are at least 1s apart"), (["--rounds", "2"], "--rounds goes with --watch"),
    (["--retries", "-1"], "--retries takes a whole number"), (["--retries", "x"], "--retries takes a whole number"),
    (["none.yaml"], "none.yaml"),
  ])
  func mistakes(words: [String], complaint: String) async throws {
    let server = try TestServer(always: .answer())
    try scratch.write("a.yaml", "scenario: a\nsteps: [{name: x, get: /a}]\n")
    let ended = try await smoke(["a.yaml", "--target", server.url] + words)
    #expect(ended.code == 2 && ended.err.contains(complaint), "\(ended)")
    #expect(server.observed.requestsByPath["/a"] == nil)
  }
}
