// SPDX-License-Identifier: Apache-2.0
import Foundation
import Judgement
import Results
import TestServers
import Testing
import Transport

@testable import Load
@testable import Scenarios

/// A run of one scenario against a server, with its folder in a place of its own that is removed afterwards.
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

  struct Finished {
    var outcome: LoadRun.Outcome
    var folder: RunFolder
  }

  func program(
    _ scenarios: [ScenarioProgram], phases: [LoadPhase], maxInFlight: Int = 10_000, workers: Int = 1,
    timeoutSeconds: Double = 5, drainSeconds: Double = 5
  ) throws -> LoadProgram {
    let context = RunContext(runID: "test-run", seed: 1, baseURL: server.url, redactor: Redactor())
    return LoadProgram(
      runID: "test-run", seed: 1, phases: phases, scenarios: try ScenarioRun.prepare(scenarios, context: context),
      connection: ConnectionSettings(), timeoutNanoseconds: Int64(timeoutSeconds * 1e9),
      drainNanoseconds: Int64(drainSeconds * 1e9), maxInFlight: maxInFlight, workerCount: workers)
  }

  static func open(rate: Double, seconds: Double, name: String = "main", steady: Bool = true) -> LoadPhase {
    let length = Int64(seconds * 1e9)
    return LoadPhase(
      name: name, lengthNanoseconds: length, isSteady: steady,
      rate: RatePhase(lengthNanoseconds: length, startRate: rate, endRate: rate), weights: [1])
  }

  static func closed(users: Int, seconds: Double) -> LoadPhase {
    LoadPhase(
      name: "main", lengthNanoseconds: Int64(seconds * 1e9), isSteady: true,
      users: UserPhase(startUsers: users, endUsers: users), weights: [1])
  }

  /// Runs to its end; `during` is called about five times a second.
  func run(_ program: LoadProgram, thresholds: [String] = [], during: (LoadRun) -> Void = { _ in }) throws -> Finished {
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
      tool: ToolRecord(version: "test"), runId: program.runID, seed: program.seed, started: .now(), target: server.url,
      plan: PlanRecord(
        name: "test", model: program.phases.contains { $0.users != nil } ? "closed" : "open", mix: [], phases: phases,
        steps: program.scenarios.flatMap { scenario in
          scenario.program.requests.map { StepRecord(scenario: scenario.program.name, step: $0.name) }
        }),
      settings: SettingsRecord(
        thresholds: thresholds, confidence: 0.95, timeout: 5000, drain: 5000, maxInFlight: program.maxInFlight),
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
    while !run.isOver {
      try #require(MonotonicTime.now() < limit, "the run did not end")
      usleep(200_000)
      _ = run.look()
      during(run)
    }
    let outcome = run.finish()
    record.ended = .now()
    record.totals = outcome.totals
    record.arrivals = outcome.arrivals
    _ = writer.finish(record: record, samples: outcome.samples) { _ in "" }
    return Finished(outcome: outcome, folder: try RunFolder.open(writer.directory))
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
  #expect(finished.folder.ledgerMismatches() == [], sourceLocation: location)
}
