// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Load
import Reports
import Results
import Scenarios
import Transport

/// `gonogo smoke`, from the flags to the exit code.
func runSmoke(_ arguments: Arguments) throws -> ExitCode {
  let console = Console(arguments: arguments)
  Signals.endAtOnce()
  if arguments.has("list") { return try list(arguments, console: console) }
  if arguments.value("watch") == nil, arguments.has("rounds") {
    throw CommandFailure.usage("--rounds goes with --watch")
  }
  let environments = try LoadInputs.readEnvironments(arguments, console: console)
  var target = try LoadTarget.resolve(arguments, environments: environments?.value)
  var inputs = try SmokeInputs.read(arguments, options: target.loadOptions, console: console)
  inputs.files += environments?.files ?? []
  var preparation = try SmokePreparation(inputs, target: target, arguments: arguments)
  try preparation.requireKnownTags()
  if arguments.has("dry-run") {
    let style = console.outputStyle
    let head = SmokeLine.target(
      target.shown, environment: target.environment?.name, demo: preparation.isDemo, style: style)
    try console.output(head + "\n\n" + smokeListing(preparation.scenarios, style: style))
    return preparation.selection.causes.contains { $0.contains(nil) } ? .pass : .inconclusive
  }
  if let step = preparation.stepsAwaitingReplies.first, !target.hasSink { throw target.noSink(for: step, arguments) }
  let companions = try Companions.start(for: &target)
  defer { companions.stop() }
  preparation.serve(at: target)
  if let text = arguments.value("watch") {
    let watch = try SmokeWatch(
      preparation, interval: text, arguments: arguments, console: console, companions: companions)
    companions.callerHeedsSignals()
    return try watch.run(Signals())
  }
  let round = SmokeRound(preparation, arguments: arguments, console: console, companions: companions)
  try round.requireReachable()
  companions.callerHeedsSignals()
  let run = try round.execute(signals: Signals(), showsProgress: !console.isQuiet)
  try round.showEnd(run)
  return round.exitCode(run)
}

private func list(_ arguments: Arguments, console: Console) throws -> ExitCode {
  var options = LoadOptions(settings: nil)
  options.toleratesUnsetEnvironment = true
  let inputs = try SmokeInputs.read(arguments, options: options, console: console)
  let settings = try SmokePreparation.settings(arguments, readOnly: arguments.has("read-only"))
  let selection = SmokeSelection(inputs.plan.scenarios, tags: settings.tags, readOnly: settings.readOnly)
  let scenarios = zip(inputs.plan.scenarios, selection.causes).map { $0.smokeScenario(causes: $1, tags: settings.tags) }
  try console.output(smokeListing(scenarios, style: console.outputStyle))
  return .pass
}

/// What the target is asked before a walk.
private struct Known: Sendable {
  var build: String?
  let coverage: CoverageInputs
  var notes: [String] = []

  init(_ probe: LoadProbe, _ preparation: SmokePreparation, build named: String?) throws {
    build = named
    if named != nil { build = try probe.build(named: named) }
    do {
      if named == nil { build = try probe.build() }
    } catch let failure as CommandFailure {
      // No reason not to look at it.
      notes.append("the target's build is not known: \(failure.message)")
    }
    coverage = try CoverageInputs.read(target: preparation.target, connection: preparation.connection)
  }
}

/// One walk through all scenarios, with a run folder of its own.
struct SmokeRound: Sendable {
  let preparation: SmokePreparation
  let arguments: Arguments
  let console: Console
  let companions: Companions

  init(_ preparation: SmokePreparation, arguments: Arguments, console: Console, companions: Companions) {
    self.companions = companions
    self.preparation = preparation
    self.arguments = arguments
    self.console = console
  }

  private var probe: LoadProbe {
    LoadProbe(target: preparation.target, connection: preparation.connection, quickURL: nil)
  }

  /// Limits that the target announces and the walk would run into are said.
  func requireReachable() throws {
    if arguments.has("no-probe") { return }
    var limits = try probe.requireReachable()
    if limits.isEmpty, preparation.target.environment != nil {
      limits = probe.limits(
        asking: LoadProbe.readings(of: preparation.inputs.plan.scenarios, target: preparation.target))
    }
    let requests = preparation.selection.causes.reduce(0) { $0 + $1.count { $0 == nil } }
    for note in limits.notes(forWalk: requests) { console.remark("note: \(note)") }
  }

  var resultsDirectory: String { arguments.value("out") ?? "results" }

  func execute(signals: borrowing Signals, showsProgress: Bool) throws -> ExecutedRun {
    let redactor = Redactor()
    var program = try preparation.program(runID: newRunID(), redactor: redactor)
    program.replyDesk = companions.replyDesk
    let known = try signals.heeded { [probe, preparation, arguments] in
      try Known(probe, preparation, build: arguments.value("build"))
    }
    let coverage = known.coverage
    let started = Timestamp.now()
    var record = preparation.record(program, started: started, build: known.build, redactor: redactor)
    record.notes += known.notes
    let writer: SmokeFolderWriter
    do {
      writer = try SmokeFolderWriter(resultsDirectory: resultsDirectory, record: record)
    } catch {
      throw CommandFailure(
        code: error.isStorageTrouble ? .internalError : .usage, message: "the run folder cannot be made: \(error)",
        hint: "--out DIR chooses where")
    }
    for file in preparation.inputs.files + coverage.files { writer.addInput(path: file.path, bytes: file.bytes) }
    var console = console
    console.isQuiet = !showsProgress
    if showsProgress {
      console.remark(
        SmokeLine.target(
          preparation.target.base, environment: record.environment, demo: record.demo, style: console.progressStyle))
    }
    guard let smoke = record.smoke else { throw CommandFailure.usage("nothing to walk through") }
    let journal = SmokeJournal(
      smoke, wallClock: WallClock(start: started), curlOptions: preparation.curlOptions,
      keepBody: { [bodies = writer.bodies] in bodies.keep($0) })
    let walk: StepWalk
    do {
      walk = try StepWalk(program: program, rules: preparation.rules, ledger: writer.ledger, witness: journal)
    } catch {
      throw CommandFailure(code: .internalError, message: error.text, hint: nil)
    }
    var session = SmokeSession(
      console: console, journal: journal, writer: writer, record: record, companions: companions)
    var facts = session.watch(walk, signals: signals)
    facts.smoke?.hold(against: coverage, redact: redactor.redact)
    if !session.wasCut { readBack(program, writer, console: console, signals: signals, into: &facts) }
    companions.keepLog(in: writer.directory)
    facts.ended = .now()
    let finished = writer.finish(record: facts, derived: derivedFiles)
    var troubles = (writer.trouble.map { ["\($0)"] } ?? []) + (companions.trouble.map { [$0] } ?? [])
    if let path = arguments.value("junit") {
      do {
        try Data(junit(finished).utf8).write(to: URL(filePath: path))
      } catch {
        troubles.append("\(printable(path)) cannot be written")
      }
    }
    return ExecutedRun(record: finished, directory: writer.directory, troubles: troubles)
  }

  /// What was written is asked for again, and what was taken away, by the steps' own `read`.
  private func readBack(
    _ program: LoadProgram, _ writer: SmokeFolderWriter, console: Console, signals: borrowing Signals,
    into record: inout RunRecord
  ) {
    guard writer.trouble == nil, companions.trouble == nil else { return }
    var settings = LedgerAudit.Settings()
    settings.timeoutNanoseconds = preparation.inputs.plan.timeoutNanoseconds
    settings.patienceNanoseconds = 5_000_000_000
    readLedgerBack(
      program, &record, directory: writer.directory, ledger: writer.ledger, settings: settings, console: console,
      signals: signals)
  }

  func showEnd(_ run: ExecutedRun) throws {
    if arguments.has("json"), let text = try? String(decoding: run.record.encoded(), as: UTF8.self) {
      try console.output(text.trimmed)
      if run.record.demo { console.remark(EmbeddedHotel.reminder) }
      return
    }
    let screen = SmokeScreen(
      record: run.record, directory: run.directory, troubles: run.troubles, listsSteps: console.isQuiet)
    if let screen { try console.output(screen.text(style: console.outputStyle).trimmed) }
  }

  func exitCode(_ run: ExecutedRun) -> ExitCode {
    .gravest([ExitCode(of: run.record)] + (run.troubles.isEmpty ? [] : [.internalError]))
  }
}
