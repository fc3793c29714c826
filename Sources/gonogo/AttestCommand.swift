// SPDX-License-Identifier: Apache-2.0
import Document
import Readiness
import Results
import Scenarios

let attestCommand = Command(
  name: "attest", summary: "writes what people say about rows into readiness.yaml, with their evidence",
  operands: "ITEM pass|partial|fail|na|pending | ITEM approve | risk ID | sign-off ROLE | condition TEXT |"
    + " decision-maker NAME | supersede RUN",
  flags: [
    Flag("who", "NAME", "who says so"),
    Flag("note", "TEXT", "what was seen; of na: why the row does not apply"),
    Flag("evidence", "FILE|URL", "what shows it; the digest of a file is noted", repeats: true, completion: .file),
    Flag("env", "NAME", "counts for this environment only; demo: the embedded hotel"),
    Flag("build", "NAME", "counts for this build only"),
    Flag("approved-by", "NAME", "with na: who agrees"),
    Flag("override", "REASON", "lets it stand over a measurement; the reason is shown wherever the row is"),
    Flag(
      "import", "FILE", "statuses (CSV, Markdown) or a report as evidence (JUnit, SARIF, coverage)", completion: .file),
    Flag(
      "kind", "KIND", "csv, markdown, junit, sarif or coverage; else told by the file",
      completion: .words(["csv", "markdown", "junit", "sarif", "coverage"])),
    Flag("for", "ITEM", "with a report: the row it is for", repeats: true),
    Flag("reason", "TEXT", "with supersede: what was wrong with that run, or what was mended"),
    Flag("title", "TEXT", "with risk: what it is"),
    Flag("item", "ITEM", "with risk: the row it comes from"),
    Flag(
      "level", "LEVEL", "with risk: low, medium, high or critical",
      completion: .words(["low", "medium", "high", "critical"])),
    Flag("impact", "TEXT", "with risk: effect of launching with it"),
    Flag("probability", "TEXT", "with risk: chance that it shows"),
    Flag("mitigation", "TEXT", "with risk: what lowers it"),
    Flag("mitigated", nil, "with risk: that is in place"),
    Flag("accepted-by", "NAME", "with risk: who accepts living with it"),
    ChecklistInputs.flag,
    Flag("people", "FILE", "the file written to (default readiness.yaml beside gonogo.yaml)", completion: .file),
    Flag("config", "FILE", "gonogo.yaml, else found upwards from here", completion: .file),
    Flag("out", "DIR", "where run folders are (default results)", completion: .directory),
    Flag("dry-run", nil, "print what would be added and write nothing"),
    Flag("quiet", nil, "print nothing but mistakes"),
    Flag("no-color", nil, "no colour"),
  ],
  examples: [
    ("gonogo attest S-001 pass --who 'Security Lead' --evidence rotation.log --env staging", "a row, with proof"),
    ("gonogo attest I-006 na --note 'one host, no balancer' --who ops", "does not apply; open until approved"),
    ("gonogo attest I-006 approve --who 'Engineering Lead'", "approves that"),
    ("gonogo attest --import pytest.xml --for A-001 --who qa --build 1.4.2", "a JUnit report as evidence"),
    ("gonogo attest --import checklist.md --who ops", "statuses from the team's own list"),
    ("gonogo attest risk R-1 --title 'one PMS login' --level medium --accepted-by ops", "a risk, and who accepts it"),
    ("gonogo attest sign-off 'Engineering Lead' --who NAME --env staging --build 1.4.2", "a signature"),
    ("gonogo attest supersede RUN --reason 'wrong data loaded' --who qa", "lets a PASS count after that FAIL"),
  ],
  notes: """
    Entries are appended and never changed; the last one about a row counts, and pending withdraws it. A pass needs a note
    or evidence. What runs measure is attested over with --override only, and a newer measurement ends that. Of a file with
    mistakes nothing is read and to it nothing is written. Statuses of an imported list are taken where they say something;
    a second import of the same adds nothing. Of SARIF, findings are counted by their security-severity (9.0 critical, 7.0
    high, 4.0 medium), else by tag, else by level; suppressed ones apart.
    """
) { arguments in
  let attest = try Attest(arguments)
  return try attest.run()
}

/// One call of attest: from words to entries.
struct Attest {
  let arguments: Arguments
  let console: Console
  let checklist: Checklist
  let path: String
  let now = Timestamp.now()

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    console = Console(arguments: arguments)
    guard let list = try ChecklistInputs.read(arguments, console: console).checklist else {
      throw CommandFailure.usage("the checklist cannot be used")
    }
    checklist = list
    path = ReadinessInputs.peoplesPath(arguments)
  }

  func run() throws -> ExitCode {
    let words = arguments.operands
    if let file = arguments.value("import") {
      guard words.isEmpty else {
        throw CommandFailure.usage("--import takes no ITEM; --for ITEM names rows of a report")
      }
      try importing(file)
      return .pass
    }
    guard let first = words.first else {
      throw CommandFailure.usage(
        "say what: a row and how it stands", hint: "gonogo attest S-001 pass --who NAME --evidence FILE")
    }
    let rest = Array(words.dropFirst())
    switch first {
    case "risk": try add(risk(rest))
    case "sign-off": try add(signOff(rest))
    case "condition": try add(condition(rest))
    case "decision-maker": try add(decisionMaker(rest))
    case "supersede": try add(supersession(rest))
    default: try add(word(about: first, rest))
    }
    return .pass
  }

  // MARK: writing

  /// Asks for the entries with the file locked, appends them and prints what was added.
  func add(_ entries: (PeoplesEntries) throws -> [PeoplesEntry]) throws {
    if arguments.has("dry-run") {
      let before: PeoplesEntries
      do throws(AppendError) { before = try PeoplesFile.read(path) } catch { throw CommandFailure(error, path: path) }
      let new = try entries(before)
      if !console.isQuiet {
        try console.output(new.isEmpty ? "nothing would be added" : "would add to \(printable(path)):\n" + shown(new))
      }
      return
    }
    do {
      var new: [PeoplesEntry] = []
      let text = try PeoplesFile.append(to: path) { before in
        new = try entries(before)
        return new
      }
      if console.isQuiet { return }
      try console.output(text.isEmpty ? "nothing was added" : "added to \(printable(path)):\n" + shown(new))
    } catch let error as AppendError {
      throw CommandFailure(error, path: path)
    }
  }

  func add(_ entry: PeoplesEntry) throws { try add { _ in [entry] } }

  private func shown(_ entries: [PeoplesEntry]) -> String {
    entries.map { $0.text().trimmed }.joined(separator: "\n")
  }

  // MARK: what many forms ask for

  func who() throws -> String {
    guard let who = arguments.value("who") else {
      throw CommandFailure.usage("--who NAME is missing: every entry says who made it")
    }
    return who
  }

  /// The row by its id, with a suggestion for one that is not there.
  func item(_ id: String) throws -> ChecklistItem {
    if let item = checklist.items.first(where: { $0.id == id }) { return item }
    let near = nearest(to: id, among: checklist.items.map(\.id)).map { "did you mean \($0)?" }
    throw CommandFailure.usage(
      "\(checklist.id) has no row \(printable(id))", hint: near ?? "gonogo status lists the rows of \(checklist.id)")
  }

  /// As entries name it; a name that nobody declared is a mistake.
  func environment() throws -> String? {
    guard let name = arguments.value("env") else { return nil }
    if name == demoEnvironment { return name }
    let file = try LoadInputs.readEnvironments(arguments, console: console)?.value
    return try LoadTarget.environment(named: name, in: file).isEmbedded ? demoEnvironment : name
  }

  /// Flags that this form has no use for are mistakes, not silence.
  func allow(_ form: String, _ flags: String...) throws {
    var common = ["checklist", "people", "config", "out", "dry-run", "quiet", "no-color"]
    // These entries have no place for it, and nothing that is said is dropped.
    if form != "risk", form != "decision-maker" { common.append("who") }
    for flag in arguments.values.keys.sorted() where !common.contains(flag) && !flags.contains(flag) {
      throw CommandFailure.usage(
        "--\(flag) does not go with \(form)",
        hint: form == "risk" && flag == "who"
          ? "--accepted-by NAME says who accepts it" : "gonogo help attest shows the forms")
    }
  }

  func evidence() throws -> [EvidenceReference] { try arguments.all("evidence").map(EvidenceFile(path).reference) }
}
