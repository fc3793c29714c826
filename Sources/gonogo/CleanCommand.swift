// SPDX-License-Identifier: Apache-2.0
import Document
import FoundationEssentials
import Glibc
import Load
import Reports
import Results
import Scenarios
import Transport

let cleanCommand = Command(
  name: "clean", summary: "takes away what a run left in its target, slowly", operands: "RUN",
  flags: [
    Flag("env", "NAME", "the environment of the run, where gonogo.yaml calls it otherwise now"),
    Flag("target", "URL", "the target of the run, where it has no environment"),
    Flag("url", "URL", "the same as --target"),
    Flag("elsewhere", nil, "the target is another one than the run's: its data was moved there"),
    Flag("config", "FILE", "gonogo.yaml, else found upwards from here", completion: .file),
    Flag("ca", "FILE", "PEM file of the authorities to trust", completion: .file),
    Flag("unix-socket", "PATH", "connect to this socket whatever the URL's host is", completion: .file),
    Flag("rate", "RATE", "requests per second, such as 20/s (default 5/s)"),
    Flag("dry-run", nil, "list what is left, and send nothing"),
    Flag("yes", nil, "do not ask; needed where nobody can be asked"),
    Flag("confirm", "NAME", "name of a production environment, typed out, where its entry allows load"),
    Flag("quiet", nil, "only what is left"),
  ],
  examples: [
    ("gonogo clean results/latest --dry-run", "what the newest run left"),
    ("gonogo clean results/20261120T131502Z-reservation --yes", "closes each write by its closed-by step"),
  ],
  notes: """
    Each write that the ledger has as acknowledged and not closed, or without an answer that tells, is read back, closed
    by its closed-by step and read back again. What was done goes to RUN.clean.jsonl beside the folder, which stays as it
    was sealed; a second call finds nothing left. A run that was killed is cleaned from its ledger and inputs alike.
    Secrets are taken from the environment variables that the run took them from.
    """
) { arguments in try runClean(arguments) }

private func runClean(_ arguments: Arguments) throws -> ExitCode {
  let console = Console(arguments: arguments)
  Signals.endAtOnce()
  guard arguments.operands.count == 1, let operand = arguments.operands.first else {
    throw CommandFailure.usage("name one run folder", hint: "gonogo clean results/latest")
  }
  let directory = folderItself(operand.count > 1 ? operand.withoutTrailingSlash : operand)
  let log = directory + ".clean.jsonl"
  let record = try? RunFolder.open(directory).record
  let book: LedgerBook
  do {
    if LedgerBook.isStillWritten(directory) {
      throw CommandFailure.refused("the run of \(printable(directory)) is still going on")
    }
    book = try LedgerBook(
      paths: [directory + "/ledger.jsonl"] + (FileManager.default.fileExists(atPath: log) ? [log] : []))
  } catch let error as FileError {
    throw CommandFailure.usage("\(printable(directory)) is not a run folder: \(printable("\(error)"))")
  }
  let left = book.left
  if left.isEmpty {
    try console.output("nothing is left of \(printable(directory))")
    return .pass
  }
  if record?.embedded == true {
    try console.output("nothing is left of \(printable(directory)): the DEMO's database went with the hotel")
    return .pass
  }
  let target = try cleanTarget(arguments, record, console: console)
  let names = try left.map { index in try book.entry(index) }
  for entry in names.prefix(20) {
    console.remark("  \(entry.scenario)/\(entry.step) \(printable(entry.key))")
  }
  if names.count > 20 { console.remark("  and \(names.count - 20) more") }
  let count = names.count == 1 ? "1 write is" : "\(NumberText.count(names.count)) writes are"
  if arguments.has("dry-run") {
    try console.output("\(count) left in \(target.shown); nothing was sent")
    return .pass
  }
  try requireConsent(arguments, "\(count) left in \(target.shown); close them?")
  let program = try cleanProgram(
    directory, target, record, scenarios: Set(names.map(\.scenario)), arguments, console: console)
  try requireSomeCloser(program, names)
  return try sweep(program, book, left, names, log: log, target, arguments, console: console)
}

/// The run's own target, unless it is said plainly that another one is meant.
private func cleanTarget(_ arguments: Arguments, _ record: RunRecord?, console: Console) throws -> LoadTarget {
  var words = arguments
  if try arguments.value("env") == nil && arguments.target() == nil {
    guard let record else {
      throw CommandFailure.usage("the run has no record that names its target", hint: "give --env NAME or --target URL")
    }
    words = record.environment.map { arguments.with("env", $0) } ?? arguments.with("target", record.target)
  }
  let environments = try LoadInputs.readEnvironments(words, console: console)
  let target = try LoadTarget.resolve(words, environments: environments?.value)
  if let record, !arguments.has("elsewhere") {
    let isSame = target.base.withoutTrailingSlash == record.target.withoutTrailingSlash
    guard isSame, target.environment?.name == record.environment || record.environment == nil else {
      let name = record.environment.map { " ('\($0)')" } ?? ""
      throw CommandFailure.refused(
        "the run was made against \(printable(record.target))\(name), not \(printable(target.shown))",
        hint: "--elsewhere, if its data was moved there")
    }
  }
  return target
}

private func requireConsent(_ arguments: Arguments, _ question: String) throws {
  if arguments.has("yes") { return }
  guard isatty(0) == 1, isatty(Console.standardError) == 1 else {
    throw CommandFailure.refused(question, hint: "nobody can be asked here: --yes closes them, --dry-run lists them")
  }
  Console.write("\(question) [y/N] ", to: Console.standardError)
  guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
    throw CommandFailure.refused("nothing was sent")
  }
}

/// Nothing is asked of the target when no step says how its writes are taken away.
private func requireSomeCloser(_ program: LoadProgram, _ left: [LedgerEntry]) throws {
  let closable = Set(
    program.scenarios.map(\.program).flatMap { scenario in
      scenario.requests.indices.filter { scenario.closer(of: $0) != nil }.map {
        "\(scenario.name)/\(scenario.requests[$0].name)"
      }
    })
  let steps = Set(left.map { "\($0.scenario)/\($0.step)" })
  guard closable.isDisjoint(with: steps) else { return }
  throw CommandFailure.refused(
    "no step says how the writes of \(steps.sorted().map(printable).joined(separator: ", ")) are taken away:"
      + " nothing was sent",
    hint: "`writes: {closed-by: STEP}` names one; the keys of what is left are in ledger.jsonl")
}

/// The scenarios as the run had them, from the copies in its folder.
private func cleanProgram(
  _ directory: String, _ target: LoadTarget, _ record: RunRecord?, scenarios names: Set<String>,
  _ arguments: Arguments, console: Console
) throws -> LoadProgram {
  let inputs = directory + "/inputs"
  var programs: [String: ScenarioProgram] = [:]
  for file in ((try? FileManager.default.subpathsOfDirectory(atPath: inputs)) ?? []).sorted()
  where file.hasSuffix(".yaml") || file.hasSuffix(".yml") {
    // Of no other: it may need what is not here.
    var diagnostics = Diagnostics()
    guard let source = try? Source(contentsOf: "\(inputs)/\(file)"), let node = parse(source, &diagnostics),
      let name = node["scenario"]?.text, names.contains(name)
    else { continue }
    let loaded = loadScenario("\(inputs)/\(file)", target.loadOptions)
    try LoadInputs.report(loaded.diagnostics, console: console)
    programs[name] = loaded.value
  }
  let missing = names.subtracting(programs.keys).sorted()
  guard missing.isEmpty else {
    throw CommandFailure.usage(
      "\(printable(inputs)) has no scenario '\(missing.map(printable).joined(separator: "', '"))'")
  }
  let all = programs.values.sorted { $0.name < $1.name }
  let plan = Plan(name: "clean", scenarios: all, mix: Mix(entries: []), phases: [])
  if record?.kind == .smoke {
    // What smoke may write it may take away.
    if try target.requireSmokeAllowed(plan: plan, arguments: arguments).mustRead {
      throw CommandFailure.refused(
        "'\(target.environment?.name ?? target.shown)' is production: only reading is allowed",
        hint: "where its entry allows more, type its name: --confirm NAME")
    }
  } else {
    try target.requireLoadAllowed(plan: plan, arguments: arguments)
  }
  let runID = record?.runId ?? "clean"
  var context = RunContext(runID: runID, seed: 0, baseURL: target.base, redactor: Redactor())
  for (name, setting) in target.settings { context.settings[name] = setting.joined }
  do {
    let program = LoadProgram(
      runID: runID, seed: 0, phases: [], scenarios: try ScenarioRun.prepare(all, context: context),
      connection: target.connection(for: plan, userAgent: "gonogo/\(Main.version)"),
      timeoutNanoseconds: 30_000_000_000, drainNanoseconds: 0, maxInFlight: 1, workerCount: 1)
    if let failure = try LoadRun.setUp(program) { throw CommandFailure.refused(failure, hint: "nothing was closed") }
    return program
  } catch let error as RunPreparationError {
    throw CommandFailure.usage(error.message)
  } catch let error as TransportError {
    throw CommandFailure(code: .internalError, message: error.text, hint: nil)
  }
}

private func sweep(
  _ program: LoadProgram, _ book: LedgerBook, _ left: [Int], _ names: [LedgerEntry], log: String,
  _ target: LoadTarget, _ arguments: Arguments, console: Console
) throws -> ExitCode {
  let perSecond = try cleanRate(arguments)
  let ledger: LedgerWriter
  do {
    ledger = try LedgerWriter(continuing: log)
  } catch {
    throw CommandFailure(code: .internalError, message: "\(error)", hint: "nothing was sent")
  }
  let watch = CleanWatch()
  var isStopped = false
  let sweep = LedgerSweep(program: program, book: book, ledger: ledger) {
    if watch.signals.wait(milliseconds: Int32(max(1, 1000 / perSecond))) != nil { isStopped = true }
  }
  var closed = 0
  var gone = 0
  var still: [String] = []
  for (index, entry) in zip(left, names) {
    if isStopped { break }
    switch try sweep.close(index) {
    case .closed: closed += 1
    case .gone: gone += 1
    case .left(let reason): still.append("\(entry.scenario)/\(entry.step) \(entry.key): \(reason)")
    }
  }
  ledger.synchronize()
  if let failure = ledger.failure { throw CommandFailure(code: .internalError, message: "\(failure)", hint: nil) }
  for line in still.prefix(20) { try console.output("left: \(printable(line))") }
  if still.count > 20 { try console.output("and \(still.count - 20) more") }
  let untouched = left.count - closed - gone - still.count
  try console.output(
    "\(NumberText.count(closed)) closed, \(NumberText.count(gone)) were gone already, \(NumberText.count(still.count))"
      + " left in \(target.shown)"
      + (untouched > 0 ? "; interrupted before \(NumberText.count(untouched))" : "") + " (\(printable(log)))")
  return .gravest((isStopped ? [.interrupted] : []) + (still.isEmpty ? [.pass] : [.fail]))
}

private func cleanRate(_ arguments: Arguments) throws -> Double {
  guard let text = arguments.value("rate") else { return 5 }
  let digits = text.hasSuffix("/s") ? String(text.dropLast(2)) : text
  guard let rate = Double(digits), rate > 0, rate <= 1000 else {
    throw CommandFailure.usage("--rate is a number of requests per second, such as 5/s, not \(printable(text))")
  }
  return rate
}

/// What a closure may keep.
private final class CleanWatch {
  let signals = Signals()
}
