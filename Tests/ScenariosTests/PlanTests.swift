// SPDX-License-Identifier: Apache-2.0
import Document
import Judgement
import Testing

@testable import Scenarios

/// Rates, mixes, phases, and the arithmetic before a run.
@Suite struct PlanTests {
  @Test(
    arguments: [
      ("40/s", 40, 40, .arrivalsPerSecond), ("40 arrivals/s", 40, 40, .arrivalsPerSecond),
      ("1 arrival/s", 1, 1, .arrivalsPerSecond), ("200 requests/s", 200, 200, .requestsPerSecond),
      ("0..1x peak", 0, 1, .peak), ("1.5x peak", 1.5, 1.5, .peak), ("2 x peak", 2, 2, .peak),
      ("10..500/s", 10, 500, .arrivalsPerSecond), ("300/m", 5, 5, .arrivalsPerSecond),
      ("3600 requests/h", 1, 1, .requestsPerSecond), ("0.5 / s", 0.5, 0.5, .arrivalsPerSecond),
    ] as [(String, Double, Double, RateExpression.Unit)])
  func rates(text: String, from: Double, to: Double, unit: RateExpression.Unit) throws {
    #expect(try RateExpression.parse(text) == RateExpression(from: from, to: to, unit: unit))
  }

  @Test(arguments: [
    ("40", 2, "a rate needs a unit"), ("", 0, "a number was expected here"), ("fast", 0, "a number was expected here"),
    ("40/day", 3, "a rate is per s, m or h"), ("40 rps", 3, "this is no unit of a rate"),
    ("2x", 1, "'x' must be followed by 'peak'"), ("1../s", 3, "a number was expected here"),
    ("-1/s", 0, "a number was expected here"),
    ("1e9/s", 1, "this is no unit of a rate"), ("99999999/s", 0, "this rate is beyond what one can mean"),
    ("40/s please", 3, "a rate is per s, m or h"),
  ])
  func wrongRates(text: String, offset: Int, message: String) {
    do {
      _ = try RateExpression.parse(text)
      Issue.record("a mistake was expected")
    } catch {
      #expect(error.message == message && error.offset == offset)
    }
  }

  static let scenarios = [
    "a.yaml": "scenario: a\nsteps:\n  - {name: one, get: /}\n",
    "b.yaml": "scenario: b\nsteps:\n  - {name: two, post: /, repeat: 3}\n  - {name: three, get: /, share: 50%}\n",
  ]

  private func load(_ plan: String) throws -> Loaded<Plan> {
    let folder = try Folder(Self.scenarios)
    try folder.write("plan.yaml", plan)
    return loadPlan(folder.file("plan.yaml"))
  }

  private func plan(_ text: String) throws -> Plan {
    let loaded = try load(text)
    #expect(loaded.diagnostics.rendered() == "")
    return try #require(loaded.value)
  }

  @Test func everyKey() throws {
    let plan = try plan(
      """
      plan: all
      about: Every key.
      mix: [{scenario: a.yaml, share: 3}, {scenario: b.yaml, share: 1}]
      phases:
        - {name: up, rate: 0..40/s, for: 10s, arrivals: poisson}
        - {name: flat, rate: 100 requests/s, for: 1m, steady: true, mix: [b.yaml]}
      thresholds: ["p(99) < 1s @flat step:b/two", "errors < 1%"]
      confidence: 99%
      max-in-flight: 500
      drain: 5s
      timeout: 2s
      arrivals: even
      connections: journey
      http: "2"
      compression: true
      overload-stop: {errors: 80%, for: 30s}
      seed: 42
      """)
    #expect(plan.mix.entries.map(\.share) == [0.75, 0.25])
    #expect(plan.phases[0].arrivals == .poisson && plan.phases[1].mix?.entries == [.init(scenario: 1, share: 1)])
    #expect(plan.confidence == .level(0.99) && plan.maxInFlight == 500 && plan.seed == 42)
    #expect(plan.drainNanoseconds == 5_000_000_000 && plan.timeoutNanoseconds == 2_000_000_000)
    #expect(plan.connections == .journey && plan.http == .http2 && plan.compression)
    #expect(plan.overloadStop == .init(errorShare: 0.8, seconds: 30))

    let phases = try plan.resolved(for: nil)
    #expect(phases[0].load == .arrivals(from: 0, to: 40))
    // An arrival of b is 3.5 requests.
    #expect(phases[1].load == .arrivals(from: 100 / 3.5, to: 100 / 3.5))
    #expect(phases[0].requestsPerArrival == 0.75 + 0.25 * 3.5)
    #expect(phases[0].arrivals == .poisson && phases[1].arrivals == .even)
    #expect(phases[0].expectedArrivals() == 200)
    #expect(phases[0].expectedArrivals(from: 0, to: 5) == 50 && phases[0].expectedArrivals(from: 9, to: 99) == 38)
    #expect(phases[1].expectedRequestsBySecond.count == 60)
    #expect(phases[1].expectedRequestsBySecond.allSatisfy { abs($0 - 100) < 1e-9 })

    let expected = plan.expectedLoad(phases)
    #expect(abs((expected.arrivals ?? 0) - (200 + 6000 / 3.5)) < 1e-9)
    #expect(expected.byStep.map(\.name) == ["a/one", "b/two", "b/three"])
    #expect(expected.byStep[0].requests == 150)
    #expect(abs(expected.byStep[1].requests - (150 + 18_000 / 3.5)) < 1e-6)
    #expect(expected.writes == expected.byStep[1].requests)
    let step = try #require(plan.expectedRates(for: .parse("errors < 1% @flat step:b/two"), phases))
    #expect(step.count == 1 && step[0].seconds == 60 && abs(step[0].perSecond - 300 / 3.5) < 1e-9)
    let journeys = try #require(plan.expectedRates(for: .parse("journey p(95) < 1s @flat step:b"), phases))
    #expect(journeys.count == 1 && abs(journeys[0].perSecond - 100 / 3.5) < 1e-9)
    #expect(try plan.expectedRates(for: .parse("errors < 1% @steady"), phases)?.map(\.seconds) == [60])
    #expect(try plan.expectedRates(for: .parse("errors < 1%"), phases)?.map(\.seconds) == [70])
  }

  @Test func steadyPhasesOfDifferentLoadsAreProvenApart() throws {
    let plan = try plan(
      """
      plan: p
      mix: [a.yaml]
      phases:
        - {name: low, rate: 5/s, for: 30s, steady: true}
        - {name: high, rate: 50/s, for: 60s, steady: true}
      """)
    let rates = try plan.expectedRates(for: .parse("errors < 1% @steady"), plan.resolved(for: nil))
    #expect(rates?.map(\.perSecond) == [5, 50] && rates?.map(\.seconds) == [30, 60])
  }

  @Test func thePeakComesFromTheEnvironment() throws {
    let plan = try plan("plan: p\nmix: [b.yaml]\nphases: [{name: x, rate: 0..2x peak, for: 10s}]\n")
    #expect(throws: PlanError.self) { try plan.resolved(for: nil) }
    var environment = Environment(name: "staging", url: "http://127.0.0.1:1", kind: .staging)
    do {
      _ = try plan.resolved(for: environment)
      Issue.record("a refusal was expected")
    } catch {
      #expect(error.message == "phase 'x' is a multiple of the peak, and environment 'staging' declares none")
      #expect(error.hint.contains("peak: {rate: 40 arrivals/s, source: "))
    }
    environment.peak = .init(rate: try RateExpression.parse("70 requests/s"), source: "log", by: "ops")
    let phases = try plan.resolved(for: environment)
    #expect(phases[0].load == .arrivals(from: 0, to: 40))
    #expect(phases[0].isSteady, "a plan with no phase marked is all steady")
  }

  @Test func closedModel() throws {
    let plan = try plan(
      "plan: p\nmix: [a.yaml]\nphases: [{name: x, users: 0..50, for: 10s}, {name: y, users: 50, for: 10s}]\n")
    let phases = try plan.resolved(for: nil)
    #expect(phases.map(\.load) == [.users(from: 0, to: 50), .users(from: 50, to: 50)])
    #expect(plan.expectedLoad(phases).requests == nil)
    #expect(try plan.expectedRates(for: .parse("errors < 1%"), phases) == nil)
  }

  @Test func demoLengths() throws {
    let folder = try Folder(Self.scenarios)
    try folder.write(
      "plan.yaml",
      """
      plan: p
      mix: [a.yaml]
      phases:
        - {name: warm-up, rate: 1/s, for: 30s}
        - {name: main, rate: 1/s, for: 10m, demo: 60s}
      find: {rate: up to 9/s, while: ["errors < 1%"], for: 20s, demo: 5s}
      """)
    func lengths(isDemo: Bool) throws -> [Int64] {
      var options = options()
      options.isDemo = isDemo
      let plan = try #require(loadPlan(folder.file("plan.yaml"), options).value)
      return (plan.phases.map(\.durationNanoseconds) + [plan.find?.trialNanoseconds ?? 0]).map { $0 / 1_000_000_000 }
    }
    #expect(try lengths(isDemo: false) == [30, 600, 20])
    #expect(try lengths(isDemo: true) == [30, 60, 5])
  }

  @Test func find() throws {
    let plan = try plan(
      "plan: p\nmix: [a.yaml]\nfind: {rate: up to 500/s, while: [\"p(95) < 300ms\", \"errors < 1%\"], for: 20s, precision: 2%}\noverload-stop: off\n"
    )
    let find = try #require(plan.find)
    #expect(find.upTo == RateExpression(from: 500, to: 500, unit: .arrivalsPerSecond) && find.startingAt == nil)
    #expect(find.rules.map(\.text) == ["p(95) < 300ms", "errors < 1%"])
    #expect(find.trialNanoseconds == 20_000_000_000 && find.precision == 0.02)
    #expect(try plan.arrivalsPerSecond(find.upTo, nil) == 500)
    #expect(plan.overloadStop == nil && plan.phases.isEmpty)
  }

  @Test(arguments: [
    (
      "mix: [{scenario: a.yaml, share: 50%}, {scenario: b.yaml, share: 40%}]",
      "2:7 the shares add up to 90.0%, not 100% [use weights (3, 1, 1) if that is easier]"
    ),
    (
      "mix: [{scenario: a.yaml, share: 50%}, {scenario: b.yaml, share: 1}]",
      "2:7 percents and weights are mixed [write all shares the same way]"
    ),
    ("mix: [{scenario: a.yaml, share: 50%}, b.yaml]", "2:39 this scenario needs a `share`"),
    ("mix: [{scenario: a.yaml, share: 1}, {scenario: a.yaml, share: 1}]", "2:48 this scenario is in the mix twice"),
    ("mix: [c.yaml]", "2:7 cannot read `FOLDER/c.yaml`: No such file or directory"),
    ("mix: []", "2:6 expected at least 1 item, found 0"),
  ])
  func wrongMixes(mix: String, expected: String) throws {
    let folder = try Folder(Self.scenarios)
    try folder.write("plan.yaml", "plan: p\n\(mix)\nphases: [{name: x, rate: 1/s, for: 1s}]\n")
    let found = described(loadPlan(folder.file("plan.yaml")).diagnostics)
    #expect(found == [expected.replacing("FOLDER", with: folder.path)])
  }

  @Test(arguments: [
    (
      "phases: [{name: x, rate: fast, for: 1s}]",
      "3:26 a number was expected here [write 40 arrivals/s, 200 requests/s, 2x peak, or a ramp such as 0..40/s]"
    ),
    ("phases: [{name: x, for: 1s}]", "3:10 a phase needs `rate` or `users`"),
    ("phases: [{name: x, rate: 1/s, users: 1, for: 1s}]", "3:31 `users` cannot stand beside `rate`"),
    ("phases: [{name: x, rate: 1/s, for: 10ms}]", "3:36 a phase lasts at least 1s"),
    (
      "phases: [{name: x, rate: 1/s, for: 1s}, {name: y, users: 1, for: 1s}]",
      "3:41 phases by `rate` and phases by `users` cannot be in one plan [users wait for answers, arrivals do not: their figures must not be pooled]"
    ),
    ("phases: [{name: x, rate: 1/s, for: 1s}, {name: x, rate: 1/s, for: 1s}]", "3:48 there are two phases named 'x'"),
    (
      "phases: [{name: steady, rate: 1/s, for: 1s}]",
      "3:17 'steady' means all steady phases [name it otherwise and mark it `steady: true`]"
    ),
    (
      "phases: [{name: x, rate: 1/s, for: 1s}]\nthresholds: [\"errors < 1% @y\"]",
      "4:28 there is no phase 'y' [did you mean `x`?]"
    ),
    (
      "phases: [{name: x, rate: 1/s, for: 1s}]\nthresholds: [\"errors < 1% step:a/oen\"]",
      "4:32 there is no step 'a/oen' [did you mean `a/one`?]"
    ),
    (
      "phases: [{name: x, rate: 1/s, for: 1s}]\nconfidence: 100%",
      "4:13 a confidence is at least 50% and less than 100%"
    ),
    ("about: nothing", "1:1 a plan needs `phases`, or `find`"),
    (
      "phases: [{name: x, users: 0, for: 1s}]", "3:27 expected a number of users up to 1000000, or a ramp such as 0..50"
    ),
    ("find: {rate: 1..5/s, while: \"errors < 1%\"}", "3:14 a search has one upper end [write up to 500/s]"),
    (
      "phases: [{name: x, rate: 1/s, for: 1s}]\nconnections: [none]",
      "4:14 expected one of `pool`, `journey`, `none`, found a list"
    ),
  ])
  func wrongPlans(rest: String, expected: String) throws {
    #expect(described(try load("plan: p\nmix: [a.yaml]\n\(rest)\n").diagnostics) == [expected])
  }

  @Test func mistakesOfAllFilesAtOnce() throws {
    let folder = try Folder([
      "plan.yaml": """
      plan: p
      mix: [{scenario: a.yaml, share: 50%}, {scenario: b.yaml, share: 50%}]
      phases: [{name: x, rate: 1 per second, for: 1s}]
      thresholds: ["p(95 < 300ms"]
      """,
      "a.yaml": "scenario: a\ndata: {g: {file: g.csv}}\nsteps:\n  - {name: one, get: \"/{{ g.nmae }}\", colour: red}\n",
      "b.yaml": "scenario: b\nsteps:\n  - {name: two, psot: /}\n  - {name: three, get: \"/{{ x }}\"}\n",
      "g.csv": "name\nAda\n1,2\n",
    ])
    let loaded = loadPlan(folder.file("plan.yaml"))
    #expect(loaded.value == nil)
    let places = loaded.diagnostics.all.map {
      "\($0.position.file.split(separator: "/").last ?? ""):\($0.position.line)"
    }
    #expect(places.sorted() == ["a.yaml:4", "b.yaml:3", "b.yaml:4", "g.csv:3", "plan.yaml:3", "plan.yaml:4"])
    #expect(loaded.files.count == 4)
  }
}
