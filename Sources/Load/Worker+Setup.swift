// SPDX-License-Identifier: Apache-2.0
import Scenarios
import Transport

/// When a scenario's `setup:` last ran, on one worker.
struct SetupState {
  var lastNanoseconds: Int64 = 0
  var isUnderWay = false
}

// `setup:` runs beside the load: its requests take no slot and are in no figure.
extension Worker {
  /// Runs the scenario's setup again when its time has come.
  func refreshSetup(_ scenario: Int, at moment: Int64) {
    guard index == 0, let every = program.scenarios[scenario].program.setupRule?.everyNanoseconds,
      moment - setups[scenario].lastNanoseconds >= every
    else { return }
    beginSetup(scenario, at: moment)
  }

  /// A target that says "log in again" to many journeys is logged in to once a second at most.
  func renewSetup(_ scenario: Int, at moment: Int64) {
    guard !isStopping, moment - setups[scenario].lastNanoseconds >= 1_000_000_000 else { return }
    beginSetup(scenario, at: moment)
  }

  /// Without effect while the last one is still under way.
  func beginSetup(_ scenario: Int, at moment: Int64) {
    guard !setups[scenario].isUnderWay, let visitor = idleVisitor() else { return }
    setups[scenario] = SetupState(lastNanoseconds: moment, isUnderWay: true)
    let journey = Journey(program.scenarios[scenario])
    journey.meetsEachStepOnce = walk != nil
    visitor.begin(journey, .setup, scenario: scenario, due: moment)
    do {
      try journey.begin(number: 0, for: .setup)
    } catch {
      tellWitness(unmade: visitor, error, at: moment)
      setupFailed(visitor, error.detail)
      return finish(visitor, at: moment)
    }
    journey.enter(.setup)
    proceed(visitor, from: moment, at: moment, sendsAtOnce: true)
  }

  func setupFailed(_ visitor: Visitor, _ reason: String) {
    visitor.outcome = .failed
    guard let journey = visitor.journey, setupFailure == nil else { return }
    let step = visitor.request.map { " step '\(journey.program.requests[$0].name)'" } ?? ""
    setupFailure = "setup of '\(journey.program.name)'\(step): \(journey.redacted(reason))"
  }

  /// What it found is there for all journeys that begin from now on.
  func endSetup(_ visitor: Visitor, _ journey: Journey, at moment: Int64) {
    if visitor.outcome == .completed { program.scenarios[visitor.scenario].publishSetup(of: journey) }
    setups[visitor.scenario] = SetupState(lastNanoseconds: moment)
  }
}
