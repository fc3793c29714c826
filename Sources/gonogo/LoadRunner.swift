// SPDX-License-Identifier: Apache-2.0
import Judgement
import Load
import Observe
import Reports
import Results
import Scenarios
import Transport

/// `gonogo load`, from the flags to the exit code.
func runLoad(_ arguments: Arguments) throws -> ExitCode {
  let console = Console(arguments: arguments)
  Signals.endAtOnce()
  var inputs = try LoadInputs.read(arguments, console: console)
  try inputs.target.requireLoadAllowed(plan: inputs.plan, arguments: arguments)
  let isDryRun = arguments.has("dry-run")
  let companions = isDryRun ? nil : try Companions.start(for: &inputs.target)
  defer { companions?.stop() }
  if let find = inputs.plan.find {
    let search = CapacityCommand(
      inputs: inputs, find: find, arguments: arguments, console: console, companions: companions)
    companions?.callerHeedsSignals()
    return try search.run(Signals())
  }
  var preparation = try LoadPreparation(inputs, arguments: arguments, replyDesk: companions?.replyDesk)
  let probe = LoadProbe(
    target: inputs.target, connection: preparation.program.connection,
    quickURL: arguments.operands.isEmpty ? inputs.plan.quickProbeURL(arguments) : nil)
  if !isDryRun, !arguments.has("no-probe") {
    var limits = try probe.requireHealthy()
    if limits.isEmpty, !arguments.operands.isEmpty {
      limits = probe.limits(asking: LoadProbe.readings(of: inputs.plan.scenarios, target: inputs.target))
    }
    preparation.compare(with: limits)
  }
  let build = isDryRun ? arguments.value("build") : try probe.build(named: arguments.value("build"))
  var screen = preparation.startScreen(build: build)
  if isDryRun {
    try console.output(
      screen.text(style: TerminalStyle(columns: console.outputColumns, colour: console.outputHasColour)).trimmed)
    return screen.proofs.allSatisfy(\.canPass) ? .pass : .inconclusive
  }
  let side = TargetSide(
    preparation.inputs, planNanoseconds: preparation.program.lengthNanoseconds,
    hotelProcessID: companions?.hotelProcessID)
  screen.watched = side.lines
  console.remark(
    screen.text(style: TerminalStyle(columns: console.progressColumns, colour: console.progressHasColour)).trimmed)
  if let refusal = side.refusal(preparation.inputs.plan.thresholds.map(\.text)) {
    throw CommandFailure.refused(refusal, hint: "the environment's `metrics` say what is watched; no load was sent")
  }
  if let failure = try setUp(preparation) { throw CommandFailure.refused(failure, hint: "no load was sent") }
  companions?.callerHeedsSignals()
  // Before any thread of the run: threads inherit what is blocked.
  let signals = Signals()
  let run = try execute(
    preparation, side: side, build: build, resultsDirectory: arguments.value("out") ?? "results", console: console,
    companions: companions, signals: signals,
    // Nil where nothing says how to ask for it.
    buildAfter: { try? probe.build() })
  if arguments.has("json"), let text = try? String(decoding: run.record.encoded(), as: UTF8.self) {
    try console.output(text.trimmed)
    if run.record.demo { console.remark(EmbeddedHotel.reminder) }
  } else {
    let style = TerminalStyle(columns: console.outputColumns, colour: console.outputHasColour)
    let screen = FinalScreen(record: run.record, directory: run.directory, troubles: run.troubles)
    try console.output(screen.text(style: style).trimmed)
  }
  return .gravest([ExitCode(of: run.record)] + (run.troubles.isEmpty ? [] : [.internalError]))
}

/// A run that is over: its record as written, and what went wrong with its files.
struct ExecutedRun {
  var record: RunRecord
  var directory: String
  var troubles: [String]
}

func setUp(_ preparation: LoadPreparation) throws -> String? {
  do {
    return try LoadRun.setUp(preparation.program)
  } catch {
    throw CommandFailure(code: .internalError, message: error.text, hint: nil)
  }
}

/// The run itself, and what it leaves. `side`: what is watched, when that was looked at already.
func execute(
  _ preparation: LoadPreparation, side: TargetSide? = nil, build: String?, resultsDirectory: String, console: Console,
  companions: Companions?, signals: borrowing Signals, buildAfter: () -> String? = { nil }
) throws -> ExecutedRun {
  let side =
    side
    ?? TargetSide(
      preparation.inputs, planNanoseconds: preparation.program.lengthNanoseconds,
      hotelProcessID: companions?.hotelProcessID)
  let started = Timestamp(millisecondsSinceEpoch: Timestamp.now().millisecondsSinceEpoch + LoadRun.leadMilliseconds)
  var record = preparation.record(started: started, build: build)
  record.watched = side.record
  let writer: RunFolderWriter
  do {
    writer = try RunFolderWriter(
      resultsDirectory: resultsDirectory, record: record, failureKinds: FailureTable.names)
  } catch {
    throw CommandFailure(
      code: error.isStorageTrouble ? .internalError : .usage, message: "the run folder cannot be made: \(error)",
      hint: "--out DIR chooses where")
  }
  for file in preparation.inputs.files { writer.addInput(path: file.path, bytes: file.bytes) }
  let recorder = Recorder(
    layout: Recorder.Layout(
      stepNames: preparation.program.stepNames, scenarioCount: preparation.program.scenarios.count,
      phases: preparation.program.phases.map { ($0.name, $0.isSteady) }, workerCount: preparation.workerCount),
    writer: writer, watches: preparation.watched.compactMap(LiveWatch.init))
  let watch = side.watch(writer, started: started)
  defer { watch?.stop() }
  let run: LoadRun
  do {
    run = try LoadRun(
      program: preparation.program, recorder: recorder, ledger: writer.ledger,
      wallClock: WallClock(start: record.started))
  } catch {
    throw CommandFailure(code: .internalError, message: error.text, hint: nil)
  }
  var session = LoadSession(console: console, program: preparation.program, companions: companions)
  let outcome = session.watch(run, signals: signals)
  watch?.stop()
  record.take(outcome)
  record.buildAfter = buildAfter()
  if writer.trouble == nil, !session.wasCut, preparation.readBackNanoseconds != 0 {
    let settings = LedgerAudit.Settings(
      after: preparation.program, record, limitNanoseconds: preparation.readBackNanoseconds)
    readLedgerBack(
      preparation.program, &record, directory: writer.directory, ledger: writer.ledger, settings: settings,
      console: console, signals: signals)
  }
  let trouble = companions?.trouble
  if let trouble { record.notes.append(trouble) }
  companions?.keepLog(in: writer.directory)
  record = writer.finish(record: record, samples: outcome.samples, derived: derivedFiles)
  return ExecutedRun(
    record: record, directory: writer.directory,
    troubles: (writer.trouble.map { ["\($0)"] } ?? []) + (trouble.map { [$0] } ?? []))
}

extension Plan {
  /// The one URL of quick use, when asking for it changes nothing.
  fileprivate func quickProbeURL(_ arguments: Arguments) -> String? {
    scenarios.allSatisfy(\.isReadOnly) ? try? arguments.target() : nil
  }
}

extension String {
  /// Without the last newline: whoever prints adds one.
  var trimmed: String { hasSuffix("\n") ? String(dropLast()) : self }
}
