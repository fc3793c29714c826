// SPDX-License-Identifier: Apache-2.0
import Judgement
import Load
import Reports
import Results
import Scenarios

/// A plan with `find`: one run after the other at rates that close in on the highest one at which the rules hold.
struct CapacityCommand {
  let inputs: LoadInputs
  let find: FindPlan
  let arguments: Arguments
  let console: Console
  let companions: Companions?

  /// The last trial is this much longer, and judged with the plan's confidence.
  private static let confirmationFactor: Int64 = 3
  /// A system that was just overloaded gets this long before the next trial.
  private static let restMilliseconds: Int32 = 3000

  func run(_ signals: borrowing Signals) throws -> ExitCode {
    let maximum = try rate(find.upTo)
    let start = try find.startingAt.map(rate) ?? maximum / 10
    guard maximum > 0, start > 0, start <= maximum else {
      throw CommandFailure.usage("a search goes from a rate above 0 up to a higher one")
    }
    if arguments.has("dry-run") {
      try console.output(
        "would search between \(NumberText.plain(start)) and \(NumberText.plain(maximum)) arrivals/s at"
          + " \(inputs.target.shown), in trials of \(NumberText.duration(seconds: seconds(find.trialNanoseconds)))")
      return .pass
    }
    let started = Timestamp.now()
    let folder: CapacityFolder
    do {
      folder = try CapacityFolder(
        resultsDirectory: arguments.value("out") ?? "results", plan: inputs.plan.name, started: started,
        demo: isDemo)
    } catch {
      throw CommandFailure(code: .internalError, message: "the results folder cannot be made: \(error)", hint: nil)
    }
    var search = CapacitySearch(startRate: start, maximumRate: maximum, precision: find.precision)
    var trials: [CapacityRecord.Trial] = []
    var interrupted = false
    var interval = CapacityInterval()
    searching: while true {
      switch search.next() {
      case .done(let found):
        interval = found
        break searching
      case .trial(let rate, let isConfirmation):
        if !trials.isEmpty, signals.wait(milliseconds: Self.restMilliseconds) != nil { interrupted = true }
        guard !interrupted else { break searching }
        let run = try trial(rate, isConfirmation, folder, signals)
        let outcome = Self.outcome(of: run.record)
        interrupted = run.record.interrupted
        guard !interrupted else { break searching }
        trials.append(Self.trial(run, rate: rate, isConfirmation: isConfirmation, outcome))
        console.remark("\(NumberText.plain(rate)) arrivals/s: \(trials[trials.count - 1].outcome)")
        search.record(outcome)
        guard run.troubles.isEmpty else {
          throw CommandFailure(code: .internalError, message: run.troubles.joined(separator: "; "), hint: nil)
        }
      }
    }
    let record = CapacityRecord(
      tool: ToolRecord(version: Main.version), plan: inputs.plan.name, target: inputs.target.base, started: started,
      ended: .now(), rules: find.rules.map(\.text), trials: trials, held: interval.held, broke: interval.broke,
      notTestedAbove: interval.notTestedAbove, interrupted: interrupted, demo: isDemo)
    do {
      try folder.finish(record, summary: capacitySummary(record))
    } catch {
      throw CommandFailure(code: .internalError, message: "the results cannot be written: \(error)", hint: nil)
    }
    try console.show(record, directory: folder.directory, arguments: arguments)
    return ExitCode(of: record)
  }

  private var isDemo: Bool { arguments.has("demo") || inputs.target.isEmbedded }

  private func rate(_ expression: RateExpression) throws -> Double {
    do {
      return try inputs.plan.arrivalsPerSecond(expression, inputs.target.environment)
    } catch {
      throw inputs.target.failure(error, of: inputs.plan, arguments)
    }
  }

  private func seconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds) / 1e9 }

  private func trial(
    _ rate: Double, _ isConfirmation: Bool, _ folder: CapacityFolder, _ signals: borrowing Signals
  ) throws -> ExecutedRun {
    var inputs = inputs
    let length = find.trialNanoseconds * (isConfirmation ? Self.confirmationFactor : 1)
    inputs.plan.find = nil
    inputs.plan.thresholds = find.rules
    if !isConfirmation { inputs.plan.confidence = .estimate }
    inputs.plan.name = "\(inputs.plan.name) at \(NumberText.plain(rate)) per s"
    inputs.plan.phases = [
      Phase(
        name: "trial", load: .rate(RateExpression(from: rate, to: rate, unit: .arrivalsPerSecond)),
        durationNanoseconds: length, isSteady: true)
    ]
    let preparation = try LoadPreparation(inputs, arguments: arguments, replyDesk: companions?.replyDesk)
    if !arguments.has("no-probe") {
      try LoadProbe(target: inputs.target, connection: preparation.program.connection, quickURL: nil).requireHealthy()
    }
    if let failure = try setUp(preparation) { throw CommandFailure.refused(failure, hint: "no load was sent") }
    console.remark("")
    console.remark(
      "trial at \(NumberText.plain(rate)) arrivals/s for \(NumberText.duration(seconds: seconds(length)))"
        + (isConfirmation ? ", to confirm" : ""))
    return try execute(
      preparation, build: nil, resultsDirectory: folder.trialsDirectory, console: console, companions: companions,
      signals: signals)
  }

  /// A broken rule is the system's. An unhealthy generator says nothing about the system, unless its only fault is that
  /// arrivals found no free slot while it was on time itself: then the system held all of them.
  static func outcome(of record: RunRecord) -> TrialOutcome {
    if record.thresholds.contains(where: { $0.verdict == .fail }) || !record.brokenLive.isEmpty { return .broke }
    if record.verdict == .pass { return .held }
    if let generator = record.generator, record.arrivals.unsent > 0, generator.ownLag.p99 ?? .infinity <= 10,
      generator.busyShare ?? 1 <= 0.85, generator.steal ?? 0 <= 0.05
    {
      return .broke
    }
    let reasons = record.generator?.reasons ?? []
    if !reasons.isEmpty { return .untested("the generator's own limit: \(reasons.joined(separator: "; "))") }
    return .untested((record.reasons + record.thresholds.map(\.reason)).joined(separator: "; "))
  }

  private static func trial(
    _ run: ExecutedRun, rate: Double, isConfirmation: Bool, _ outcome: TrialOutcome
  ) -> CapacityRecord.Trial {
    let name = run.directory.split(separator: "/").suffix(2).joined(separator: "/")
    let (word, reason): (String, String) =
      switch outcome {
      case .held: ("held", run.record.thresholds.map(\.reason).joined(separator: "; "))
      case .broke:
        (
          "broke",
          run.record.thresholds.filter { $0.verdict == .fail }.map { "\($0.expression): \($0.reason)" }
            .joined(separator: "; ")
        )
      case .untested(let reason): ("untested", reason)
      }
    return CapacityRecord.Trial(
      rate: rate, confirmation: isConfirmation, outcome: word, reason: reason, folder: name)
  }
}
