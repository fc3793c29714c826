// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Scenarios

/// The state machine of a pass: order, loops, conditions, seeds.
@Suite struct JourneyTests {
  /// Runs a section and names what happens; every request counts as answered with `{"n": <requests so far>}`.
  private func run(_ journey: Journey, _ section: ScenarioProgram.Section = .steps) throws -> [String] {
    journey.enter(section)
    var log: [String] = []
    while log.count < 1000 {
      switch try journey.next() {
      case .end: return log
      case .pause(let nanoseconds): log.append("\(nanoseconds)")
      case .request(let index):
        let step = journey.program.requests[index]
        log.append(step.name)
        let answer = Answer(200, "{\"n\": \(log.count)}")
        #expect(step.judge(answer, elapsedMicroseconds: 1, journey: journey).outcome == .ok)
      }
    }
    Issue.record("the journey does not end")
    return log
  }

  @Test(arguments: [
    ("- {name: a, get: /, repeat: 3}\n- {name: b, get: /}", "a a a b"),
    ("- {steps: [{name: a, get: /}, {pause: 1ms}, {name: b, get: /}], repeat: 2}", "a 1000000 b a 1000000 b"),
    ("- {name: a, get: /, when: \"1 > 2\"}\n- {name: b, get: /, when: \"two == 2\"}", "b"),
    ("- {steps: [{name: a, get: /}, {name: b, get: /}], when: \"{{ two > 3 }}\"}\n- {name: c, get: /}", "c"),
    ("- {name: a, get: /, share: 0%}\n- {name: b, get: /, share: 100%}", "b"),
    ("- {name: a, get: /, capture: {n: \"$.n\"}, repeat: {times: 9, until: \"n >= 4\"}}", "a a a a"),
    ("- {name: a, get: /, repeat: {times: two, until: \"false\"}}", "a a"),
    ("- {name: a, get: /, repeat: \"{{ two + 1 }}\"}", "a a a"),
    (
      "- let: {x: 5}\n- {name: a, get: /, when: x == 5}\n- let: {x: \"{{ x + 1 }}\"}\n- {name: b, get: /, when: x == 6}",
      "a b"
    ),
    ("- {steps: [{steps: [{name: a, get: /}], repeat: 2}, {name: b, get: /}], repeat: 2}", "a a b a a b"),
    ("- {name: a, get: /, when: \"true\", share: 100%, repeat: 2}", "a a"),
    ("- {pause: 0}\n- {name: a, get: /}", "0 a"),
  ])
  func order(steps: String, expected: String) throws {
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    let program = try program("scenario: s\nvars: {two: 2}\nsteps:\n\(indented)\n")
    let journey = try journey(program)
    #expect(try run(journey).joined(separator: " ") == expected)
    // A second pass of the same journey is no different.
    try journey.begin(number: 2)
    #expect(try run(journey).joined(separator: " ") == expected)
  }

  @Test func expectedCountsFollowSharesAndLoops() throws {
    let program = try program(
      """
      scenario: s
      setup:
        - {name: login, post: /login}
      steps:
        - {name: a, get: /, share: 25%}
        - steps: [{name: b, get: /, repeat: 3}, {name: c, get: /, repeat: "random(1, 3)"}]
          share: 50%
          repeat: 2
      finally:
        - {name: d, delete: /}
      """)
    #expect(program.expectedCounts == [0, 0.25, 3, 2, 1])
  }

  @Test func seedFixesEverythingButIds() throws {
    let text = """
      scenario: s
      data: {guests: {file: g.csv}}
      steps:
        - name: a
          post: /
          body: "{{ random(1, 1000000) }} {{ pick('a', 'b', 'c', 'd') }} {{ guests.name }} {{ random(0.5, 1.5) }}"
          headers: {Id: "{{ uuid() }}"}
        - pause: 1ms..1h
      """
    let names = "name\n" + (0..<100).map { "guest \($0)\n" }.joined()
    let program = try program(text, files: ["g.csv": names])
    func pass(seed: UInt64, number: UInt64) throws -> (body: String, id: String, pause: Journey.Move) {
      let journey = try journey(program, number: number, context(seed: seed))
      #expect(try journey.next() == .request(0))
      let request = try rendered(program, journey)
      return (request.bodyText, request.headerTexts[0], try journey.next())
    }
    let first = try pass(seed: 5, number: 9)
    let again = try pass(seed: 5, number: 9)
    #expect(first.body == again.body && first.pause == again.pause && first.id != again.id)
    #expect(try pass(seed: 6, number: 9).body != first.body)
    #expect(try pass(seed: 5, number: 10).body != first.body)
  }

  @Test func sharesAreFrequencies() throws {
    let program = try program("scenario: s\nsteps:\n  - {name: a, get: /, share: 10%}\n")
    let journey = try journey(program)
    var count = 0
    for number in 0..<5000 {
      try journey.begin(number: UInt64(number))
      count += try run(journey).count
    }
    // Binomial: 500 expected, standard deviation 21; the seed is fixed, so this cannot flicker.
    #expect((400...600).contains(count))
  }

  @Test func setupIsSharedWithJourneysThatBeginLater() throws {
    let program = try program(
      """
      scenario: s
      setup:
        every: 10m
        on: [401, 403]
        steps:
          - {name: login, post: /login, capture: {session: {json: "$.token", secret: true}}}
      steps:
        - {name: a, get: /, headers: {Authorization: "Bearer {{ session }}"}}
      """)
    let context = context()
    let run = try #require(try ScenarioRun.prepare([program], context: context).first)
    let early = Journey(run)
    try early.begin(number: 1)
    #expect(throws: RenderError.undefined(name: "session")) { try rendered(program, early, 1) }
    let setup = Journey(run)
    try setup.begin(number: 0)
    setup.enter(.setup)
    #expect(try setup.next() == .request(0))
    let answer = Answer(200, #"{"token": "abc.def-ghi"}"#)
    #expect(program.requests[0].judge(answer, elapsedMicroseconds: 1, journey: setup).outcome == .ok)
    run.publishSetup(of: setup)
    try early.begin(number: 2)
    #expect(try rendered(program, early, 1).headerTexts == ["Authorization: Bearer abc.def-ghi"])
    #expect(context.redactor.redact("x abc.def-ghi y") == "x [redacted] y")
    #expect(program.setupRule?.everyNanoseconds == 600_000_000_000)
    #expect(program.setupRule?.isTriggered(by: 403) == true && program.setupRule?.isTriggered(by: 200) == false)
  }

  @Test func countersAndUniqueRowsHoldForTheRun() throws {
    let text =
      "scenario: NAME\ndata: {g: {file: g.csv, pick: unique}}\nsteps:\n  - {name: a, post: /, body: \"{{ g.n }} {{ counter() }}\"}\n"
    let folder = try Folder(["g.csv": "n\n1\n2\n3\n"])
    let programs = try ["one", "two"].map { name in
      try folder.write("\(name).yaml", text.replacing("NAME", with: name))
      return try #require(loadScenario(folder.file("\(name).yaml")).value)
    }
    let runs = try ScenarioRun.prepare(programs, context: context())
    let journeys = runs.map { Journey($0) }
    try journeys[0].begin(number: 1)
    try journeys[1].begin(number: 2)
    #expect(try rendered(programs[0], journeys[0]).bodyText == "1 1")
    #expect(try rendered(programs[1], journeys[1]).bodyText == "2 2")
    try journeys[0].begin(number: 3)
    #expect(try rendered(programs[0], journeys[0]).bodyText == "3 3")
    #expect(throws: RenderError.noMoreRows(feeder: "g", rows: 3)) { try journeys[1].begin(number: 4) }
    #expect(RenderError.noMoreRows(feeder: "g", rows: 3).kind == .data)
  }

  @Test func workersShareCountersRowsAndSetup() async throws {
    let rows = 2000
    let program = try program(
      """
      scenario: s
      data: {g: {file: g.csv, pick: unique}}
      setup: [{name: l, post: /login, capture: {session: "$.n"}}]
      steps: [{name: a, post: "/{{ session }}", body: "{{ g.n }} {{ counter() }}"}]
      """, files: ["g.csv": "n\n" + (0..<rows).map { "\($0)\n" }.joined()])
    let run = try #require(try ScenarioRun.prepare([program], context: context()).first)
    func login(_ round: Int) throws {
      let setup = Journey(run)
      try setup.begin(number: 0, for: .setup)
      let answer = Answer(200, "{\"n\": \(round)}")
      #expect(program.requests[0].judge(answer, elapsedMicroseconds: 1, journey: setup).outcome == .ok)
      run.publishSetup(of: setup)
    }
    try login(0)
    let seen = try await withThrowingTaskGroup(of: [String].self) { group in
      for worker in 0..<4 {
        group.addTask {
          let journey = Journey(run)
          var request = RenderedRequest()
          var bodies: [String] = []
          for number in 0..<rows / 4 {
            try journey.begin(number: UInt64(worker * rows + number))
            try program.requests[1].render(into: &request, journey: journey)
            bodies.append(request.bodyText)
          }
          return bodies
        }
      }
      for round in 1...200 { try login(round) }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    let pairs = seen.map { $0.split(separator: " ") }
    #expect(Set(pairs.map { $0[0] }).count == rows && Set(pairs.map { $0[1] }).count == rows)
    let journey = Journey(run)
    #expect(throws: RenderError.noMoreRows(feeder: "g", rows: rows)) { try journey.begin(number: 0) }
  }

  @Test(arguments: [("/login", "1"), ("/login/{{ g.n }}", "2")])
  func setupTakesOnlyTheRowsItReads(path: String, expected: String) throws {
    let text = """
      scenario: s
      data: {g: {file: g.csv, pick: unique}}
      setup: [{name: l, post: "\(path)"}]
      steps: [{name: a, get: "/{{ g.n }}"}]
      """
    let program = try program(text, files: ["g.csv": "n\n1\n2\n"])
    let run = try #require(try ScenarioRun.prepare([program], context: context()).first)
    let setup = Journey(run)
    try setup.begin(number: 0, for: .setup)
    let journey = Journey(run)
    try journey.begin(number: 1)
    #expect(try rendered(program, journey, 1).urlText.hasSuffix("/\(expected)"))
  }

  @Test func rowsAreDealtOutAmongMachines() throws {
    let program = try program(
      "scenario: s\ndata: {g: {file: g.csv, pick: sequential}}\nsteps:\n  - {name: a, post: /, body: \"{{ g.n }}{{ counter() }}\"}\n",
      files: ["g.csv": "n\na\nb\nc\nd\n"])
    var seen: [[String]] = []
    for agent in 0..<2 {
      var context = context()
      (context.agentIndex, context.agentCount) = (agent, 2)
      let journey = try journey(program, context)
      var bodies = [try rendered(program, journey).bodyText]
      for number in 2..<4 {
        try journey.begin(number: UInt64(number))
        bodies.append(try rendered(program, journey).bodyText)
      }
      seen.append(bodies)
    }
    #expect(seen == [["a1", "c3", "a5"], ["b2", "d4", "b6"]])
  }

  @Test func includedStepsStandInPlace() throws {
    let program = try program(
      """
      scenario: s
      vars: {who: Ada}
      steps:
        - {include: parts/login.yaml, when: "true"}
        - {name: b, get: "/{{ session }}"}
      """,
      files: [
        "parts/login.yaml": """
        vars: {who: Grace, where: here}
        data: {g: {file: g.csv}}
        defaults: {headers: {X-From: parts}, timeout: 2s}
        steps:
          - {name: login, post: "/{{ who }}/{{ where }}/{{ g.n }}", capture: {session: "$.n"}}
        """, "parts/g.csv": "n\n1\n",
      ])
    let journey = try journey(program)
    #expect(try rendered(program, journey).urlText.hasSuffix("/Ada/here/1"))
    #expect(try rendered(program, journey).headerTexts == ["X-From: parts"])
    #expect(program.requests.map(\.timeoutNanoseconds) == [2_000_000_000, nil])
    #expect(try run(journey) == ["login", "b"])
  }

  @Test func defaultsAndRetries() throws {
    let program = try program(
      """
      scenario: s
      defaults:
        headers: {Accept: application/json, X-A: "1"}
        timeout: 5s
        within: 300ms
        status: [200, 404]
        retry: 2
        follow: 3
        probe: true
      steps:
        - {name: a, get: /}
        - name: b
          get: /
          headers: {x-a: "2"}
          timeout: 1s
          expect: {status: 201, within: 1s}
          retry: {count: 5, on: [429, 5xx], backoff: 100ms, factor: 3}
          follow: 0
          probe: false
      """)
    let journey = try journey(program)
    let (a, b) = (program.requests[0], program.requests[1])
    #expect(try rendered(program, journey).headerTexts == ["Accept: application/json", "X-A: 1"])
    #expect(try rendered(program, journey, 1).headerTexts == ["Accept: application/json", "x-a: 2"])
    #expect(a.timeoutNanoseconds == 5_000_000_000 && b.timeoutNanoseconds == 1_000_000_000)
    #expect(a.maximumRedirects == 3 && b.maximumRedirects == 0 && a.isProbe && !b.isProbe)
    #expect(a.retry?.count == 2 && a.retry?.onTransportFailure == true && a.retry?.applies(toStatus: 503) == true)
    #expect(b.retry?.onTransportFailure == false && b.retry?.applies(toStatus: 429) == true)
    #expect(b.retry?.waitNanoseconds(attempt: 3, journey: journey) == 900_000_000)
    #expect(a.judge(Answer(404), elapsedMicroseconds: 300_001, journey: journey) == .init(outcome: .ok, isSlow: true))
    #expect(b.judge(Answer(200), elapsedMicroseconds: 1, journey: journey).outcome == .failed(StepFailure(.status)))
  }

  @Test func aMissingSettingIsFoundBeforeTheRun() throws {
    let program = try program("scenario: s\nsteps:\n  - {name: a, get: \"{{ settings.hook }}\"}\n")
    #expect(program.settingsUsed == ["hook"])
    #expect(throws: RunPreparationError.missingSetting("hook", scenario: "s")) {
      try ScenarioRun.prepare([program], context: context())
    }
  }
}
