// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
import Judgement
import Results
import Synchronization
import TestServers
import Testing
import Transport

@testable import Load
@testable import Scenarios

/// Tests that put load on a server. One after the other, since they share the machine's clock and processors.
@Suite(.serialized, .timeLimit(.minutes(5))) struct RealRuns {}

/// A run of scenarios against a server, with its folder in a place of its own that is removed afterwards.
final class Fixture {
  let directory: String
  let server: TestServer

  init(_ server: TestServer) throws {
    self.server = server
    directory = NSTemporaryDirectory() + "gonogo-load-\(UUID().uuidString)"
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  /// GETs of these paths, one after the other.
  static func scenario(
    _ paths: [String], name: String = "visit", change: (inout CompiledRequest) -> Void = { _ in }
  ) -> ScenarioProgram {
    var parts = ScenarioProgram.Parts()
    parts.name = name
    for (index, path) in paths.enumerated() {
      var step = CompiledRequest(name: "step-\(index + 1)", method: "GET")
      step.url.append(constant: path.utf8)
      change(&step)
      parts.requests.append(RequestStep(step))
    }
    parts.sections[.steps] = paths.indices.map { .request($0) }
    return ScenarioProgram(parts)
  }

  /// A scenario as people write it; its mistakes fail the test.
  static func scenario(yaml: String, files: [String: String] = [:]) throws -> ScenarioProgram {
    let directory = NSTemporaryDirectory() + "gonogo-scenario-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    for (name, text) in files.merging(["scenario.yaml": yaml], uniquingKeysWith: { $1 }) {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(directory)/\(name)"))
    }
    let loaded = loadScenario("\(directory)/scenario.yaml")
    return try #require(loaded.value)
  }

  struct Finished: Sendable {
    /// As it was written, verdict included.
    var record: RunRecord
    var outcome: LoadRun.Outcome
    /// What does not add up in the folder.
    var mismatches: [String]
    /// Its text files by name.
    var files: [String: String]

    /// Lines of a file but for its header.
    func rows(_ file: String) -> [[String]] {
      (files[file] ?? "").split(separator: "\n").dropFirst().map { line in
        line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    }
  }

  func program(
    _ scenarios: [ScenarioProgram], phases: [LoadPhase], maxInFlight: Int = 10_000, workers: Int = 1,
    timeoutSeconds: Double = 5, drainSeconds: Double = 5, connection: ConnectionSettings = ConnectionSettings()
  ) throws -> LoadProgram {
    let context = RunContext(runID: "test-run", seed: 1, baseURL: server.url, redactor: Redactor())
    return LoadProgram(
      runID: "test-run", seed: 1, phases: phases, scenarios: try ScenarioRun.prepare(scenarios, context: context),
      connection: connection, timeoutNanoseconds: Int64(timeoutSeconds * 1e9),
      drainNanoseconds: Int64(drainSeconds * 1e9), maxInFlight: maxInFlight, workerCount: workers)
  }

  static func open(
    rate: Double, seconds: Double, name: String = "main", steady: Bool = true, poisson: Bool = false,
    weights: [Double] = [1]
  ) -> LoadPhase {
    let length = Int64(seconds * 1e9)
    return LoadPhase(
      name: name, lengthNanoseconds: length, isSteady: steady,
      rate: RatePhase(
        lengthNanoseconds: length, startRate: rate, endRate: rate, isPoisson: poisson, weights: weights),
      weights: weights)
  }

  static func closed(users: Int, seconds: Double, name: String = "main", weights: [Double] = [1]) -> LoadPhase {
    LoadPhase(
      name: name, lengthNanoseconds: Int64(seconds * 1e9), isSteady: true,
      users: UserPhase(startUsers: users, endUsers: users), weights: weights)
  }

  /// Runs to its end; `during` is called about twenty times a second. `confidence` nil: judged by the figure alone.
  func run(
    _ program: LoadProgram, thresholds: [String] = [], confidence: Double? = 0.95,
    looksEvery seconds: Double = 0, leadMilliseconds: Int64 = 60,
    during: (LoadRun) -> Void = { _ in }
  ) throws -> Finished {
    var start = 0
    let phases = program.phases.map { phase in
      defer { start += Int(phase.lengthNanoseconds / 1_000_000_000) }
      let seconds = Int(phase.lengthNanoseconds / 1_000_000_000)
      return PhaseRecord(
        name: phase.name, start: start, seconds: seconds, plannedSeconds: seconds, steady: phase.isSteady, rate: "",
        from: phase.rate?.startRate ?? Double(phase.users?.startUsers ?? 0),
        to: phase.rate?.endRate ?? Double(phase.users?.endUsers ?? 0))
    }
    var record = RunRecord(
      tool: ToolRecord(version: "test"), runId: program.runID, seed: program.seed,
      started: Timestamp(millisecondsSinceEpoch: Timestamp.now().millisecondsSinceEpoch + leadMilliseconds),
      target: server.url,
      plan: PlanRecord(
        name: "test", model: program.phases.contains { $0.users != nil } ? "closed" : "open", mix: [], phases: phases,
        steps: program.scenarios.flatMap { scenario in
          scenario.program.requests.map {
            StepRecord(
              scenario: scenario.program.name, step: $0.name,
              replyWithin: $0.reply.map { Double($0.withinNanoseconds) / 1e6 })
          }
        }),
      settings: SettingsRecord(
        thresholds: thresholds, confidence: confidence, timeout: 5000, drain: 5000, maxInFlight: program.maxInFlight),
      provenance: Provenance(
        host: "", kernel: "", processors: 1, workers: program.workerCount, libraries: [:], binary: nil,
        commandLine: []))
    let writer = try RunFolderWriter(resultsDirectory: directory, record: record, failureKinds: FailureTable.names)
    let watches = try thresholds.compactMap { LiveWatch(try Threshold.parse($0)) }
    let recorder = Recorder(
      layout: Recorder.Layout(
        stepNames: program.stepNames, scenarioCount: program.scenarios.count,
        phases: program.phases.map { ($0.name, $0.isSteady) }, workerCount: program.workerCount),
      writer: writer, watches: watches)
    let run = try LoadRun(
      program: program, recorder: recorder, ledger: writer.ledger, wallClock: WallClock(start: record.started))
    let limit = MonotonicTime.now().advanced(byNanoseconds: program.lengthNanoseconds + 60_000_000_000)
    var lastLook: Int64 = 0
    while !run.isOver {
      try #require(MonotonicTime.now() < limit, "the run did not end")
      usleep(50_000)
      if Double(run.elapsedNanoseconds - lastLook) >= seconds * 1e9 {
        lastLook = run.elapsedNanoseconds
        _ = run.look()
      }
      during(run)
    }
    let outcome = run.finish()
    record.ended = .now()
    record.totals = outcome.totals
    if record.plan.awaitsReplies { record.replies = ReplyFigures(outcome.replies) }
    record.arrivals = outcome.arrivals
    record = writer.finish(record: record, samples: outcome.samples) { _ in "" }
    let files = ["ledger.jsonl", "series.csv", "generator.csv", "replies.csv"].map { name in
      (name, (try? String(contentsOfFile: "\(writer.directory)/\(name)", encoding: .utf8)) ?? "")
    }
    return Finished(
      record: record, outcome: outcome, mismatches: try RunFolder.open(writer.directory).ledgerMismatches(),
      files: Dictionary(uniqueKeysWithValues: files))
  }
}

/// Both ledgers add up, in the engine's own sums and in the files.
func expectLedgersAddUp(_ finished: Fixture.Finished, _ location: SourceLocation = #_sourceLocation) {
  let totals = finished.outcome.totals
  let arrivals = finished.outcome.arrivals
  #expect(arrivals.planned == arrivals.started + arrivals.unsent, sourceLocation: location)
  #expect(arrivals.started == arrivals.completed + arrivals.failed + arrivals.cut, sourceLocation: location)
  #expect(totals.planned == totals.sent + totals.unsent, sourceLocation: location)
  #expect(totals.sent == totals.ok + totals.failed + totals.inFlight, sourceLocation: location)
  #expect(totals.failed == totals.failedByKind.values.reduce(0, +), sourceLocation: location)
  let replies = finished.outcome.replies
  #expect(replies.awaited == replies.came + replies.lost + replies.open, sourceLocation: location)
  #expect(finished.mismatches == [], sourceLocation: location)
}

/// Does the same for several things at once, each on a thread of its own; answers in their order.
func together<Input: Sendable, Output: Sendable>(
  _ inputs: [Input], _ body: @escaping @Sendable (Input) throws -> Output
) throws -> [Output] {
  let results = Shared<[Int: Result<Output, any Error>]>([:])
  let ended = DispatchGroup()
  for (index, input) in inputs.enumerated() {
    ended.enter()
    Thread.detachNewThread {
      let result = Result { try body(input) }
      results.value.withLock { $0[index] = result }
      ended.leave()
    }
  }
  ended.wait()
  let all = results.value.withLock { $0 }
  return try inputs.indices.map { try all[$0]!.get() }
}

/// A value that several threads write.
final class Shared<Value: Sendable>: Sendable {
  let value: Mutex<Value>

  init(_ value: sending Value) { self.value = Mutex(value) }
}
