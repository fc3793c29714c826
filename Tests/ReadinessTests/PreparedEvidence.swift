// SPDX-License-Identifier: Apache-2.0
import Document
import Foundation
import Results

@testable import Readiness

/// Run folders made by the real writers, a list of twenty rows, and people who sign it.
struct PreparedEvidence: ~Copyable {
  let directory: String

  static let start = Timestamp(millisecondsSinceEpoch: 1_795_180_502_000)
  static let now = start.later(hours: 2)

  init() {
    directory = FileManager.default.temporaryDirectory.appending(path: "decide-\(UUID().uuidString)").path
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// A smoke run that marks M-01 and M-02. Returns the folder's name.
  @discardableResult
  borrowing func run(
    passes: Bool? = true, environment: String? = "staging", build: String? = "1.4.2", demo: Bool = false,
    at: Timestamp = start, plan: String = "smoke"
  ) throws -> String {
    var record = RunRecord(
      tool: ToolRecord(version: "0.1.0"), runId: "0123456789ab", seed: 1, started: at,
      target: "https://staging.hotel.example",
      plan: PlanRecord(name: plan, model: "smoke", mix: [], phases: [], steps: []),
      settings: SettingsRecord(thresholds: [], confidence: nil, timeout: 10_000, drain: 0, maxInFlight: 1),
      provenance: Provenance(
        host: "runner", kernel: "6.1", processors: 2, workers: 1, libraries: [:], binary: nil,
        commandLine: ["gonogo", "smoke", "--env", "staging"]))
    record.kind = .smoke
    record.environment = demo ? "embedded" : environment
    record.environmentKind = "staging"
    record.build = build
    record.demo = demo
    record.embedded = demo
    var scenario = SmokeScenario(
      scenario: "reservation", about: "",
      steps: [Self.step("book", passes: true), Self.step("gone", passes: passes ?? true)])
    // What nobody sent proves nothing.
    if passes == nil { for index in scenario.steps.indices { scenario.steps[index].attempts = [] } }
    scenario.marks = [SmokeMark(item: "M-01", steps: ["book"]), SmokeMark(item: "M-02", steps: ["book", "gone"])]
    record.smoke = SmokeRecord(
      settings: SmokeSettings(readOnly: false, tags: [], failFast: false, retries: 0, retryPause: 0),
      scenarios: [scenario])
    let writer = try SmokeFolderWriter(resultsDirectory: directory, record: record)
    record.ended = at.later(seconds: 5)
    _ = writer.finish(record: record, derived: [DerivedFile("summary.md", text: { _, _ in "# smoke\n" })])
    return writer.name
  }

  private static func step(_ name: String, passes: Bool) -> SmokeStep {
    var step = SmokeStep(
      name: name, section: .steps, place: "a.yaml:1:1", method: "GET", path: "/", tags: [], writes: false)
    step.attempts = [
      SmokeAttempt(
        number: 1, round: 1, at: start, duration: 1, method: "GET", url: "https://staging.hotel.example/", headers: [],
        body: nil, traceparent: "", status: passes ? 200 : 500, answerHeaders: [], answer: nil, answerBytes: 0,
        outcome: passes ? .passed : .failed,
        failure: passes ? nil : SmokeFailure(kind: "status", expected: "200", actual: "500", place: "a.yaml:1:1"))
    ]
    return step
  }

  // MARK: the list

  static let roles = ["Engineering Lead", "Operations Lead"]

  /// Five critical rows, ten others, two to be signed, one for the decision, two that runs mark.
  static func list() throws -> Checklist {
    let rows = (1...14).map { number in
      "      - {id: \(id(number)), priority: \(number <= 4 ? "CRITICAL" : "HIGH"), title: row \(number)}"
    }
    let text = """
      checklist: trial
      title: Trial
      source: a test
      priorities:
        CRITICAL: {blocker: true}
        HIGH: {}
      roles: [Engineering Lead, Operations Lead]
      scores:
        critical: {priority: CRITICAL}
        total: {}
      decision:
        - {if: "critical < 100%", then: NO-GO, because: a CRITICAL row is not PASS}
        - {if: "open risks >= HIGH", then: NO-GO, because: a risk is open}
        - {if: "total < 90%", then: NO-GO, because: too few rows are PASS}
        - {if: "total <= 95%", then: GO WITH CAUTION, because: 90 % to 95 % of the rows are PASS}
        - {if: "total > 95%", then: GO, because: more than 95 % of the rows are PASS}
      otherwise: {then: NO-GO, because: nothing counts}
      readings: [{about: five or ten, chosen: ten}]
      items:
        Rows:
          group:
      \(rows.joined(separator: "\n"))
        Final:
          runs:
            - {id: M-01, priority: CRITICAL, title: books, marked-by: measured}
            - {id: M-02, priority: CRITICAL, title: books and cancels, marked-by: measured}
          signatures:
            - {id: F-01, priority: CRITICAL, title: engineering signs, sign-off: Engineering Lead}
            - {id: F-02, priority: CRITICAL, title: operations signs, sign-off: Operations Lead}
            - {id: F-03, priority: CRITICAL, title: it is decided, sign-off: true}
            - {id: F-04, priority: HIGH, title: it is told}
      """
    var diagnostics = Diagnostics()
    guard let list = Checklist.read(Source(path: "trial.yaml", bytes: Array(text.utf8)), &diagnostics) else {
      throw Unreadable(text: diagnostics.rendered(colour: false))
    }
    return list
  }

  struct Unreadable: Error { var text: String }

  static func id(_ number: Int) -> String { number < 10 ? "A-0\(number)" : "A-\(number)" }

  /// Every row that people attest but for the last `open` ones.
  static func attested(open: Int = 0) -> [PeoplesEntry] {
    ((1...14).map(id) + ["F-04"]).dropLast(open).map { id in
      .attestation(Attestation(item: id, status: .pass, who: "qa", at: start, note: "seen", checklist: "trial"))
    }
  }

  static var signed: [PeoplesEntry] { signed(start) }

  static func signed(_ at: Timestamp) -> [PeoplesEntry] {
    roles.map { role in
      .signOff(
        SignOffEntry(
          signOff: SignOff(role: role, who: "ops", at: at, note: nil), environment: "staging", build: "1.4.2"))
    } + [.decisionMaker(DecisionMakerEntry(who: "ops", at: start))]
  }

  // MARK: the decision

  borrowing func decided(
    _ entries: [PeoplesEntry], environment: String? = "staging", build: String? = nil, now: Timestamp = now
  ) throws -> DecisionRecord {
    let list = try Self.list()
    let evidence = EvidenceScan(directory: directory, checklist: list, environment: environment, now: now).runs()
    var facts = DecisionFacts(
      tool: ToolRecord(version: "0.1.0"), decided: now, environment: environment,
      build: DecidedBuild.find(given: build, evidence: evidence, environment: environment, now: now), checklist: list,
      checklistDigest: String(repeating: "0", count: 64), evidence: evidence, entries: PeoplesEntries(entries))
    facts.controls = ControlRun.newest(in: directory)
    return DecisionRecord(facts)
  }
}

extension Timestamp {
  func later(seconds: Int = 0, hours: Int = 0, days: Int = 0) -> Timestamp {
    Timestamp(millisecondsSinceEpoch: millisecondsSinceEpoch + Int64(seconds + 3600 * (hours + 24 * days)) * 1000)
  }
}

extension DecisionRecord {
  subscript(id: String) -> DecidedItem? { items.first { $0.id == id } }
}
