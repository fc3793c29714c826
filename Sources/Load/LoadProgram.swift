// SPDX-License-Identifier: Apache-2.0
package import Scenarios
package import Transport

/// One phase, with its rate resolved to arrivals per second.
package struct LoadPhase: Sendable {
  package var name: String
  package var lengthNanoseconds: Int64
  package var isSteady: Bool
  package var rate: RatePhase?
  package var users: UserPhase?
  /// Weight of each scenario in this phase.
  package var weights: [Double]

  package init(
    name: String, lengthNanoseconds: Int64, isSteady: Bool, rate: RatePhase? = nil, users: UserPhase? = nil,
    weights: [Double]
  ) {
    self.name = name
    self.lengthNanoseconds = lengthNanoseconds
    self.isSteady = isSteady
    self.rate = rate
    self.users = users
    self.weights = weights
  }
}

/// All that the engine needs to know of one run. Plain values: made once, read by every worker.
package struct LoadProgram: Sendable {
  package var runID: String
  package var seed: UInt64
  package var phases: [LoadPhase]
  package var scenarios: [ScenarioRun]
  package var connection: ConnectionSettings
  /// Limit of one request, where the step has none of its own.
  package var timeoutNanoseconds: Int64
  package var drainNanoseconds: Int64
  /// Most requests under way at once, over all workers.
  package var maxInFlight: Int
  package var workerCount: Int
  /// Where the replies to messages arrive; needed when a step awaits one.
  package var replyDesk: ReplyDesk?
  /// What the ledger needs of writes and may not be written down.
  let writeSecrets = WriteSecrets()

  package init(
    runID: String, seed: UInt64, phases: [LoadPhase], scenarios: [ScenarioRun], connection: ConnectionSettings,
    timeoutNanoseconds: Int64, drainNanoseconds: Int64, maxInFlight: Int, workerCount: Int
  ) {
    precondition(maxInFlight >= workerCount && workerCount > 0)
    self.runID = runID
    self.seed = seed
    self.phases = phases
    self.scenarios = scenarios
    self.connection = connection
    self.timeoutNanoseconds = timeoutNanoseconds
    self.drainNanoseconds = drainNanoseconds
    self.maxInFlight = maxInFlight
    self.workerCount = workerCount
  }

  package var lengthNanoseconds: Int64 { phases.reduce(0) { $0 + $1.lengthNanoseconds } }

  /// `scenario/step` of every request, in the order in which the engine numbers them.
  package var stepNames: [String] { scenarios.flatMap { $0.program.requestNames } }

  /// Steps that await replies, as `scenario/step`: without a `replyDesk` such a program must not be run.
  package var stepsAwaitingReplies: [String] {
    scenarios.flatMap { scenario in
      zip(scenario.program.requestNames, scenario.program.requests).filter { $0.1.reply != nil }.map(\.0)
    }
  }

  package var arrivalSchedule: ArrivalSchedule {
    ArrivalSchedule(
      phases: phases.map(\.rate), phaseLengthsNanoseconds: phases.map(\.lengthNanoseconds), seed: seed)
  }

  package var userSchedule: UserSchedule {
    UserSchedule(phases: phases.map(\.users), phaseLengthsNanoseconds: phases.map(\.lengthNanoseconds))
  }

  /// Index of the phase at a moment of the plan; the last one after its end.
  func phase(atNanoseconds moment: Int64) -> Int {
    var end: Int64 = 0
    for (index, phase) in phases.enumerated() {
      end += phase.lengthNanoseconds
      if moment < end { return index }
    }
    return max(0, phases.count - 1)
  }

  /// This worker's part of the slots; the parts add up to `maxInFlight`.
  func slots(ofWorker worker: Int) -> Int {
    maxInFlight / workerCount + (worker < maxInFlight % workerCount ? 1 : 0)
  }

  /// Which worker an arrival belongs to: spread by hash, so that no scenario of a repeating mix sticks to one worker.
  func worker(ofArrival index: Int) -> Int {
    workerCount == 1 ? 0 : Int(RandomSource.mixed(UInt64(index) &+ 0x9E37) % UInt64(workerCount))
  }
}
