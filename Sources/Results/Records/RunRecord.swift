// SPDX-License-Identifier: Apache-2.0
package import Judgement

/// `run.json`, schema `gonogo.run/1`. Times are milliseconds, shares fractions, moments RFC 3339 in UTC, null what cannot
/// be estimated. The first part are facts, given by the engine; what is marked "computed" is made from the folder by
/// `RunFolder.completed`, the one path, so that it can be made again byte for byte.
package struct RunRecord: Codable, Sendable, Equatable {
  package static let currentSchema = "gonogo.run/1"

  /// How the note begins that says what could not be written.
  package static let incompleteFiles = "The run's files are not complete: "

  package var schema = RunRecord.currentSchema
  package var kind = RunKind.load
  package var tool: ToolRecord
  package var runId: String
  /// Replays schedule and picks. Below 2^53, so that every JSON reader keeps it.
  package var seed: UInt64
  package var started: Timestamp
  /// Null while the run goes on, and for ever when it was killed.
  @Nullable package var ended: Timestamp?
  /// Stopped by a person or a signal before its end.
  package var interrupted = false
  /// What ended the run before its plan did ("errors < 50% over 10s"), null for none.
  @Nullable package var stopReason: String?
  /// Against a stand-in on the same machine: never evidence for a real system.
  package var demo = false
  /// The target was started for the run and went with it, and with it all that was written to it; null in records of an
  /// earlier version.
  @Nullable package var embedded: Bool?
  /// Name of the declared environment; null for an undeclared loopback target.
  @Nullable package var environment: String?
  /// `staging` or `production`; null like `environment`.
  @Nullable package var environmentKind: String?
  /// Base URL.
  package var target: String
  @Nullable package var build: String?
  /// As the target told it after the run; null when it was not asked, or did not say.
  @Nullable package var buildAfter: String?
  /// TLS certificates were not verified.
  package var insecure = false
  /// Generator and target shared a machine.
  package var sameMachine = false
  package var plan: PlanRecord
  @Nullable package var peak: PeakRecord?
  /// What the rules that name a baseline were held against.
  @Nullable package var baseline: BaselineRecord?
  package var settings: SettingsRecord
  package var provenance: Provenance
  /// As the engine counted them; `RunFolder.ledgerMismatches` compares them with the files.
  package var arrivals = ArrivalTotals()
  /// As the engine counted them; likewise.
  package var totals = RunTotals()
  /// Counts likewise, times computed; null when the plan awaits no replies.
  @Nullable package var replies: ReplyFigures?
  /// The target's side; null when nothing of it was watched.
  @Nullable package var watched: WatchedRecord?
  /// Failures of writing this folder, writes left open in the target, ...: sentences for people.
  package var notes: [String] = []
  /// Thresholds with `abort` that broke while the run went on.
  package var brokenLive: [String] = []

  /// Every step and attempt of a smoke run; null for load. Its statuses are computed.
  @Nullable package var smoke: SmokeRecord?

  // Computed from the folder.

  @Nullable package var steady: SteadyFigures?
  package var steps: [StepFigures] = []
  package var journeys: [JourneyFigures] = []
  @Nullable package var generator: GeneratorFigures?
  /// Null when the tool's own state was not written.
  @Nullable package var connections: ConnectionFigures?
  package var verdict: Verdict = .inconclusive
  /// The first keys of writes that are still in the target, as far as the ledger knows.
  package var leftBehind: [LeftBehind] = []
  /// How many there are.
  package var leftBehindCount = 0
  /// What became of the writes; null for a run that sent none.
  @Nullable package var ledger: LedgerFigures?
  /// Why the verdict is worse than each threshold's (an unhealthy generator, files missing).
  package var reasons: [String] = []
  package var thresholds: [ThresholdRecord] = []
  package var items: [ItemRecord] = []

  /// The facts known when a run begins; the rest is set before `RunFolderWriter.finish`.
  package init(
    tool: ToolRecord, runId: String, seed: UInt64, started: Timestamp, target: String, plan: PlanRecord,
    settings: SettingsRecord, provenance: Provenance
  ) {
    self.tool = tool
    self.runId = runId
    self.seed = seed
    self.started = started
    self.target = target
    self.plan = plan
    self.settings = settings
    self.provenance = provenance
  }
}

/// planned = started + unsent; started = completed + failed + cut.
package struct ArrivalTotals: Codable, Sendable, Equatable {
  package var planned = 0
  package var started = 0
  package var unsent = 0
  /// Came to their end, a declared refusal included.
  package var completed = 0
  package var failed = 0
  /// Still running after the drain, or stopped.
  package var cut = 0

  package init() {}
}

/// planned = sent + unsent; sent = ok + failed + inFlight. In requests; a retry is one of its own.
package struct RunTotals: Codable, Sendable, Equatable {
  /// Became due.
  package var planned = 0
  package var unsent = 0
  package var sent = 0
  /// Answered as expected; `refused` and `slow` are part of it.
  package var ok = 0
  package var refused = 0
  package var slow = 0
  package var failed = 0
  /// Unanswered after the drain: errors too.
  package var inFlight = 0
  /// Kinds that occurred, by name; their sum is `failed`.
  package var failedByKind: [String: Int] = [:]

  package init() {}
}

/// One write that is still in the target, or may be.
package struct LeftBehind: Codable, Sendable, Equatable {
  package var scenario: String
  package var step: String
  package var key: String
  /// acked, indeterminate, or closed or refused and found all the same.
  package var state: String

  package init(scenario: String, step: String, key: String, state: String) {
    self.scenario = scenario
    self.step = step
    self.key = key
    self.state = state
  }
}
