// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Readiness
import Reports
import Results
import Scenarios

let decideCommand = Command(
  name: "decide", summary: "scores the evidence on file by a checklist's rule: GO or NO-GO, and why",
  operands: "",
  flags: ReadinessInputs.flags + [
    Flag("control", nil, "first try the judge: a healthy hotel must pass, one with 1 % errors must fail (2-3 min)"),
    Flag("smoke", nil, "of a production environment: first a smoke that only reads, which becomes evidence"),
    Flag("json", nil, "print decision.json instead of the screen"),
    Flag("quiet", nil, "no progress"),
    Flag("no-color", nil, "no colour"),
  ],
  examples: [
    ("gonogo decide --env staging", "the decision on staging, from the runs in results/ and readiness.yaml"),
    ("gonogo decide --env staging --build 1.4.2", "on that build; evidence of others is refused"),
    ("gonogo decide --checklist ws --env staging", "by another list and its rule"),
    ("gonogo decide --control", "tries the judge, then decides on the embedded hotel: a DEMO"),
  ],
  notes: """
    Nothing is sent to any system, but for --smoke where the environment is production. Run folders are verified first;
    those of another environment or build, those older than 7 days and those of a DEMO count for nothing, and each is
    listed with its reason. What people attest, sign and accept stands in readiness.yaml (gonogo attest). The decision
    gets a folder of its own: decision.json for programs, decision.html for the meeting, decision.md, evidence.md,
    checklist.csv, and copies of the list and the people's file.
    A signature counts for the environment and build that it names, until a run of them says FAIL; words dated in the
    future count for nothing. Warnings tell of lowered risks, evidence files that have changed since their digest was
    noted, and runs that were sent elsewhere or knew another peak.
    Exit code 0: GO. 10: GO WITH CAUTION. 11: READY FOR SIGN-OFF. 99: NO-GO. 4: the newest control run went wrong, so the
    judge cannot be relied on, and nothing is decided.
    """
) { arguments in try runDecide(arguments) }

/// `gonogo decide`, from the flags to the exit code.
func runDecide(_ arguments: Arguments) throws -> ExitCode {
  let console = Console(arguments: arguments)
  let directory = arguments.value("out") ?? "results"
  if arguments.has("smoke") {
    if arguments.has("json") { throw CommandFailure.usage("--smoke and --json exclude each other") }
    if try smokeProduction(arguments, console: console) == .interrupted { return .interrupted }
  }
  // Mistakes in files are told before minutes are spent on control runs.
  if arguments.has("control") {
    _ = try ReadinessInputs.read(arguments, console: console, now: .now())
    try ControlRuns(resultsDirectory: directory, console: console).run()
  }
  let controls = ControlRun.newest(in: directory)
  if let wrong = controls.first(where: { !$0.isSound }) { throw ControlRuns.failure(wrong, directory: directory) }
  let now = Timestamp.now()
  let inputs = try ReadinessInputs.read(arguments, console: console, now: now)
  var facts = inputs.facts(decided: now)
  facts.controls = controls
  if let people = inputs.peoplesFile {
    facts.evidenceFolder = EvidenceFile(people.path).folder(asSeenFrom: inputs.resultsDirectory + "/decision")
  }
  let record = DecisionRecord(facts)
  let folder = try write(record, inputs)
  if arguments.has("json") {
    try console.output(String(decoding: try record.encoded(), as: UTF8.self).trimmed)
    if record.demo { console.remark(EmbeddedHotel.reminder) }
  } else {
    try console.show(record, directory: folder)
  }
  return ExitCode(of: record.outcome)
}

/// A smoke of production that only reads; nil for any other environment, to which nothing is sent. Its verdict is evidence
/// like any other.
private func smokeProduction(_ arguments: Arguments, console: Console) throws -> ExitCode? {
  guard let environment = try ReadinessInputs.read(arguments, console: console, now: .now()).environment,
    environment.kind == .production
  else { return nil }
  let passedOn = ["env", "config", "out", "build"].flatMap { flag in
    arguments.value(flag).map { ["--\(flag)", $0] } ?? []
  }
  let words = passedOn + ["--read-only"] + ["quiet", "no-color"].filter(arguments.has).map { "--\($0)" }
  return try smokeCommand.run(try Arguments.parse(words, flags: smokeCommand.flags, command: smokeCommand.name))
}

private func write(_ record: DecisionRecord, _ inputs: ReadinessInputs) throws -> String {
  do {
    let folder = try SealedFolder(
      resultsDirectory: inputs.resultsDirectory, name: "decision", made: record.decided, demo: record.demo)
    for (name, bytes) in try decisionFiles(record) { try folder.write(name, bytes) }
    for file in [inputs.checklistFile, inputs.peoplesFile].compactMap({ $0 }) {
      try folder.addInput(path: file.path.split(separator: "/").last.map(String.init) ?? "input", bytes: file.bytes)
    }
    try folder.seal()
    return folder.directory
  } catch {
    throw CommandFailure(
      code: .internalError, message: "the decision cannot be written: \(error)", hint: "--out DIR chooses where")
  }
}

/// Everything that is made of a record alone, by name: the same record gives the same bytes.
func decisionFiles(_ record: DecisionRecord) throws -> [(name: String, bytes: [UInt8])] {
  [
    ("decision.json", Array(try record.encoded())), ("verdict", Array("\(record.outcome.rawValue)\n".utf8)),
    ("decision.html", Array(decisionPage(record).utf8)), ("decision.md", Array(decisionMarkdown(record).utf8)),
    ("evidence.md", Array(evidenceText(record).utf8)), ("checklist.csv", Array(checklistTable(record).utf8)),
    ("junit.xml", Array(junit(record).utf8)),
  ]
}

extension Console {
  func show(_ record: DecisionRecord, directory: String) throws {
    let style = TerminalStyle(columns: outputColumns, colour: outputHasColour)
    try output(DecisionScreen(record: record, directory: directory).text(style: style).trimmed)
  }
}

extension ExitCode {
  init(of outcome: Outcome) {
    self =
      switch outcome {
      case .go: .pass
      case .caution: .caution
      case .ready: .readyForSignOff
      case .noGo: .fail
      }
  }
}
