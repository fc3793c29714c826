// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization
import TestServers
import Testing
import Transport

@testable import Load
@testable import Scenarios

/// Writes down in words what a walk tells.
private final class Notes: StepWitness {
  private let lines = Mutex<[String]>([])
  private let onSend: @Sendable (_ request: Int) -> Void

  init(onSend: @escaping @Sendable (Int) -> Void = { _ in }) { self.onSend = onSend }

  var all: [String] { lines.withLock { $0 } }

  private func note(_ line: String) { lines.withLock { $0.append(line) } }

  func began(scenario: Int) { note("begin \(scenario)") }
  func sends(scenario: Int, request: Int, attempt: Int) { onSend(request) }
  func leftOut(scenario: Int, request: Int, missing: [String]) {
    note("\(scenario).\(request) left out" + (missing.isEmpty ? "" : " without \(missing.joined(separator: ","))"))
  }
  func repeatedReply(scenario: Int, request: Int, place: String) { note("\(scenario).\(request) repeated") }
  func ended(scenario: Int, _ end: ScenarioEnd) { note("end \(scenario) \(end)") }

  func attempted(_ attempt: StepAttempt) {
    let outcome: String
    switch attempt.outcome {
    case .passed: outcome = "passed"
    case .refused(let label): outcome = "refused \(label)"
    case .failed(let kind, let why): outcome = "failed \(kind): expected \(why.expected), got \(why.actual)"
    }
    let number = attempt.number == 1 ? "" : " #\(attempt.number)"
    note("\(attempt.scenario).\(attempt.request)\(number) \(outcome)\(attempt.willRetry ? ", again" : "")")
  }
}

@Suite(.timeLimit(.minutes(2))) struct StepWalkTests {
  private func walk(
    _ server: TestServer, _ yaml: [String], retries: Int = 2, failsFast: Bool = false,
    leavesOut: (Int, Int) -> Bool = { _, _ in false }, desk: ReplyDesk? = nil
  ) throws -> [String] {
    let notes = Notes()
    let walk = try make(server, yaml, retries, failsFast, leavesOut, notes, desk)
    walk.run()
    return notes.all
  }

  private func make(
    _ server: TestServer, _ yaml: [String], _ retries: Int, _ failsFast: Bool, _ leavesOut: (Int, Int) -> Bool,
    _ notes: Notes, _ desk: ReplyDesk? = nil
  ) throws -> StepWalk {
    let programs = try yaml.map { try Fixture.scenario(yaml: $0) }
    let rules = WalkRules(
      retries: retries, retryPauseNanoseconds: 1_000_000, failsFast: failsFast,
      leavesOut: programs.indices.map { scenario in programs[scenario].requests.indices.map { leavesOut(scenario, $0) }
      })
    var program = try Fixture(server).program(programs, phases: [], maxInFlight: 1)
    program.replyDesk = desk
    return try StepWalk(program: program, rules: rules, ledger: nil, witness: notes)
  }

  @Test func everyStepIsSentOnce() throws {
    let server = try TestServer(always: .json(#"{"id": 7}"#))
    let lines = try walk(
      server,
      [
        """
        scenario: once
        setup: [{name: login, post: /login, capture: {token: {json: $.id}}}]
        steps:
          - {name: seldom, get: /seldom, share: 1%}
          - {name: often, get: "/often?{{ token }}", repeat: 50}
          - {name: never, get: /never, when: "1 == 2"}
          - name: until
            get: /until
            capture: {id: $.id}
            repeat: {times: 9, until: "id == 7"}
        finally: [{name: bye, delete: "/bye/{{ id }}"}]
        """
      ])
    #expect(
      lines == ["begin 0", "0.0 passed", "0.1 passed", "0.2 passed", "0.4 passed", "0.5 passed", "end 0 completed"])
    #expect(server.observed.requestsByPath["/often"] == 1)
    #expect(server.observed.requestsByPath["/never"] == nil)
    #expect(server.observed.requestsByPath["/bye/7"] == 1)
  }

  /// A loop that waits for something goes on until it holds.
  @Test func waitingTakesSeveralRounds() throws {
    let server = try TestServer { .json(#"{"state": \#($0.sequence < 3 ? 1 : 2)}"#) }
    let lines = try walk(
      server,
      [
        """
        scenario: poll
        steps:
          - {name: ask, get: /, capture: {state: $.state}, repeat: {times: 20, until: "state == 2"}}
        """
      ])
    #expect(lines.filter { $0 == "0.0 passed" }.count == 4)
  }

  @Test func readingIsTriedAgainAndWritingIsNot() throws {
    let server = try TestServer { $0.sequence % 2 == 0 ? .answer(500) : .answer() }
    let lines = try walk(
      server,
      [
        "{scenario: read, steps: [{name: a, get: /}]}", "{scenario: write, steps: [{name: a, post: /, json: {}}]}",
        "{scenario: marked, steps: [{name: a, post: /, json: {}, read-only: true}]}",
        """
        scenario: keyed
        steps: [{name: a, post: /, json: {}, let: {key: "{{ uuid() }}"}, writes: {key: "{{ key }}"}}]
        """,
      ])
    // The server answers every second request well: one that is not repeated changes whose turn it is.
    #expect(lines.filter { $0.hasPrefix("0.0") }.last == "0.0 #2 passed")
    #expect(lines.contains("1.0 failed status: expected status 2xx, got 500"))
    #expect(!lines.contains { $0.hasPrefix("1.0 #2") })
    #expect(server.observed.requestsByPath["/"] ?? 0 >= 5)
    #expect(
      lines.filter { $0.hasPrefix("end") } == [
        "end 0 completed", "end 1 failed", "end 2 completed", "end 3 completed",
      ])
  }

  @Test func retriesAreBounded() throws {
    let server = try TestServer(always: .answer(503))
    let lines = try walk(server, ["{scenario: s, steps: [{name: a, get: /}, {name: b, get: /}]}"], retries: 3)
    #expect(lines.filter { $0.contains("again") }.count == 3)
    #expect(server.observed.requestCount == 4)
    #expect(try walk(server, ["{scenario: s, steps: [{name: a, get: /}]}"], retries: 0).count == 3)
    // A rule of its own is obeyed alone.
    let own = try walk(server, ["{scenario: s, steps: [{name: a, get: /, retry: {count: 1, backoff: 1ms}}]}"])
    #expect(own.filter { $0.hasPrefix("0.0") }.count == 2)
  }

  @Test func finallyRunsInAnyCase() throws {
    let server = try TestServer { $0.path == "/broken" ? .answer(404) : .json(#"{"id": 1}"#) }
    let lines = try walk(
      server,
      [
        """
        scenario: s
        steps:
          - {name: book, post: /book, json: {}, capture: {id: $.id}}
          - {name: broken, get: /broken}
          - {name: more, get: /more}
        finally: [{name: cancel, delete: "/book/{{ id }}"}]
        """
      ], retries: 0)
    #expect(
      lines == [
        "begin 0", "0.0 passed", "0.1 failed status: expected status 2xx, got 404", "0.3 passed", "end 0 failed",
      ])
  }

  @Test func lateAnswersFail() throws {
    let server = try TestServer(always: .answer().delayed(milliseconds: 60))
    let lines = try walk(server, ["{scenario: s, steps: [{name: a, get: /, expect: {within: 20ms}}]}"], retries: 0)
    #expect(lines[1].contains(#/^0.0 failed within: expected the answer within 20 ms, got it after [0-9.]+ ms$/#))
    #expect(lines.last == "end 0 failed")
  }

  @Test func whatIsLeftOutTakesItsFollowersWithIt() throws {
    let server = try TestServer(always: .json(#"{"id": 1}"#))
    let lines = try walk(
      server,
      [
        """
        scenario: s
        steps:
          - name: book
            let: {key: "{{ uuid() }}"}
            post: /book
            json: {}
            capture: {id: $.id}
            writes: {key: "{{ key }}"}
          - {name: read, get: "/book/{{ id }}", capture: {again: $.id}}
          - {name: other, get: /other}
          - {name: find, get: "/book?key={{ key }}"}
          - {name: list, get: /books, expect: {body: {contains: "{{ id }}"}}}
          - let: {next: "{{ again }}-x"}
          - {name: follow, get: "/{{ next }}"}
          - {name: asks, get: /asks, when: "id == 1"}
          - {name: last, get: /last}
        finally: [{name: cancel, delete: "/book/{{ id }}"}]
        """
      ], leavesOut: { $1 == 0 })
    #expect(
      lines == [
        "begin 0", "0.0 left out", "0.1 left out without id", "0.2 passed", "0.3 left out without key",
        "0.4 left out without id", "0.5 left out without next", "0.7 passed", "end 0 completed",
      ])
    #expect(Set(server.observed.requests.map(\.path)) == ["/other", "/last"])
  }

  /// What turns a loop that is left out needs no value of what was left out before.
  @Test func loopsOfWhatIsLeftOutEnd() throws {
    let server = try TestServer(always: .json(#"{"state": 2, "times": 3}"#))
    let lines = try walk(
      server,
      [
        """
        scenario: s
        steps:
          - {name: begin, post: /begin, json: {}, capture: {times: $.times, job: $.state}}
          - {name: wait, get: "/jobs/{{ job }}", capture: {state: $.state}, repeat: {times: 9, until: "state == 2"}}
          - {name: many, get: /many, repeat: {times: times}}
          - {name: last, get: /last}
        """
      ], leavesOut: { $1 == 0 })
    #expect(lines == ["begin 0", "0.0 left out", "0.1 left out without job", "0.3 passed", "end 0 completed"])
  }

  /// Replies that are there before the message was answered are judged like those that come after it.
  @Test(arguments: [
    (replies: 1, lateMilliseconds: 0, lines: ["0.0 passed"]),
    (2, 0, ["0.0 passed", "0.0 repeated"]),
    (1, 3000, ["0.0 failed reply: expected a reply at the sink within 2 s, got none by then"]),
  ])
  func earlyRepliesAreJudgedToo(replies: Int, lateMilliseconds: Int64, lines: [String]) throws {
    let desk = ReplyDesk()
    let server = try TestServer { request in
      for _ in 0..<replies {
        desk.arrived(
          contextMessageID: String(request.path.dropFirst(3)), to: "1",
          atNanoseconds: request.arrivedNanoseconds + lateMilliseconds * 1_000_000)
      }
      return .answer()
    }
    let told = try walk(
      server,
      [
        """
        scenario: s
        steps:
          - name: message
            let: {id: "{{ uuid() }}"}
            post: "/m/{{ id }}"
            json: {}
            reply: {within: 2s, message: "{{ id }}"}
        """
      ], retries: 0, desk: desk)
    #expect(told == ["begin 0"] + lines + ["end 0 \(lateMilliseconds > 0 ? "failed" : "completed")"])
  }

  @Test func aSetupThatFailsEndsItsScenarioOnly() throws {
    let server = try TestServer { $0.path == "/login" ? .answer(401) : .answer() }
    let yaml = [
      "{scenario: s, setup: [{name: login, post: /login}], steps: [{name: a, get: /}]}",
      "{scenario: t, steps: [{name: a, get: /}]}",
    ]
    #expect(
      try walk(server, yaml) == [
        "begin 0", "0.0 failed status: expected status 2xx, got 401", "end 0 setupFailed", "begin 1", "1.0 passed",
        "end 1 completed",
      ])
    #expect(try walk(server, yaml, failsFast: true).suffix(2) == ["end 0 setupFailed", "end 1 failFast"])
  }

  @Test func aRefusalEndsTheScenario() throws {
    let server = try TestServer(always: .answer(409))
    let lines = try walk(
      server,
      [
        """
        scenario: s
        steps:
          - {name: book, post: /book, json: {}, expect: {status: {201: booked, 409: sold out}}}
          - {name: read, get: /book}
        """
      ])
    #expect(lines == ["begin 0", "0.0 refused sold out", "end 0 refused"])
  }

  @Test func aRequestThatCannotBeMadeIsToldOf() throws {
    let server = try TestServer(always: .json(#"{"name": "a\r\nb"}"#))
    let lines = try walk(
      server,
      [
        """
        scenario: s
        steps:
          - {name: ask, get: /, capture: {name: $.name}}
          - {name: forge, get: /, headers: {X-Name: "{{ name }}"}}
        """
      ])
    #expect(lines[2].hasPrefix("0.1 failed render: expected a request that can be made, got the value for header"))
  }

  @Test(arguments: [false, true])
  func stopping(atOnce: Bool) throws {
    let server = try TestServer { $0.path == "/slow" ? .answer().delayed(milliseconds: 400) : .json(#"{"id": 1}"#) }
    let sending = DispatchSemaphore(value: 0)
    let notes = Notes { if $0 == 1 { sending.signal() } }
    let yaml = [
      """
      scenario: s
      steps:
        - {name: book, post: /book, json: {}, capture: {id: $.id}}
        - {name: slow, get: /slow}
        - {name: more, get: /more}
      finally: [{name: cancel, delete: "/book/{{ id }}"}]
      """, "{scenario: t, steps: [{name: a, get: /}]}",
    ]
    let walk = try make(server, yaml, 0, false, { _, _ in false }, notes)
    let over = DispatchSemaphore(value: 0)
    DispatchQueue.global().async {
      walk.run()
      over.signal()
    }
    #expect(sending.wait(timeout: .now() + 20) == .success)
    if atOnce { walk.cut() } else { walk.stop() }
    #expect(over.wait(timeout: .now() + 20) == .success)
    #expect(server.observed.requestsByPath["/more"] == nil)
    #expect(server.observed.requestsByPath["/book/1"] == (atOnce ? nil : 1))
    #expect(notes.all.suffix(2) == ["end 0 interrupted", "end 1 notBegun"])
  }
}
