// SPDX-License-Identifier: Apache-2.0
package import Results
import Scenarios
package import Transport

/// What holds for a walk beside the scenarios themselves.
package struct WalkRules: Sendable {
  /// Sends after the first one for steps without a `retry` of their own. A step that may write is never sent again
  /// unless its `writes.key` makes that harmless.
  package var retries: Int
  package var retryPauseNanoseconds: Int64
  /// Scenarios after one that failed are left out.
  package var failsFast: Bool
  /// Per scenario and request: not to be sent.
  package var leavesOut: [[Bool]]

  package init(retries: Int, retryPauseNanoseconds: Int64, failsFast: Bool, leavesOut: [[Bool]]) {
    self.retries = retries
    self.retryPauseNanoseconds = retryPauseNanoseconds
    self.failsFast = failsFast
    self.leavesOut = leavesOut
  }
}

/// Walks through scenarios one after the other, each once: setup, every step once whatever its `share` or `repeat` says
/// (a loop that waits for something goes on until it holds), and `finally` in any case. Steps and requests are those of
/// load; only nobody counts, and everything is shown to a witness.
package final class StepWalk: Sendable {
  private let worker: Worker

  /// `program`: its phases do not matter; one request at a time is sent. Precondition: a desk is there when a step that is
  /// not left out awaits a reply.
  package init(
    program: LoadProgram, rules: WalkRules, ledger: LedgerWriter?, witness: some StepWitness
  ) throws(TransportError) {
    let awaitsReplies = zip(program.scenarios, rules.leavesOut).contains { scenario, leavesOut in
      zip(scenario.program.requests, leavesOut).contains { $0.reply != nil && !$1 }
    }
    precondition(program.replyDesk != nil || !awaitsReplies, "replies need a desk")
    worker = try Worker(
      index: 0, program: program, recorder: nil, ledger: ledger, wallClock: WallClock(start: .now()))
    worker.walk = Walk(rules: rules, witness: witness)
    program.replyDesk?.begin([worker.mailbox].compactMap(\.self))
  }

  /// Walks to the end, on the calling thread. Call it once.
  package func run() { worker.runWalk() }

  /// Any thread. The step under way is brought to its end, then `finally` of its scenario, then the walk is over.
  package func stop() { worker.tell(.stop) }

  /// Any thread. Ends everything at once.
  package func cut() { worker.tell(.cut) }
}

/// The walk a worker is on. Confined to its thread.
final class Walk {
  let rules: WalkRules
  let witness: any StepWitness
  /// Something of the scenario under way was left out, so values may be missing that are nobody's fault.
  var hasLeftOut = false
  var scenarioEnd = ScenarioEnd.completed
  /// All scenarios are through; second replies may still come.
  var isLingering = false

  init(rules: WalkRules, witness: any StepWitness) {
    self.rules = rules
    self.witness = witness
  }
}
