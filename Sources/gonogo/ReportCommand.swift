// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Judgement
import Reports
import Results

let reportCommand = Command(
  name: "report", summary: "makes the screen and pages of a run or decision again, from its folder",
  operands: "DIR",
  flags: [
    Flag("json", nil, "print run.json, computed again, instead of the screen"),
    Flag("summary", nil, "print summary.md (Markdown) instead of the screen"),
    Flag("html", "FILE|-", "write the page (report.html, decision.html) to this file, - prints it"),
    Flag("write", nil, "make every derived file of the folder again, and the manifest over them"),
    Flag("no-color", nil, "no colour"),
  ],
  examples: [
    ("gonogo report results/latest", "the screen of the newest run; the exit code is its verdict"),
    ("gonogo report results/20261120T131502Z-quick --json", "the record, for programs"),
    ("gonogo report results/latest --summary > page.md", "for a page or a comment"),
    ("gonogo report results/latest --html page.html", "the page with charts, in one file that needs no network"),
    (
      "gonogo report results/latest --write", "after an update of gonogo: the folder's pages as this version makes them"
    ),
  ],
  notes: """
    Every figure and verdict is computed again from the files of the folder. Of a run that was killed they go as far as
    its files do; what is missing is said, and the verdict is INCONCLUSIVE unless a rule is broken already. --write
    changes no fact: it makes again what can be made from them, byte for byte where the version is the same, and it says
    when a signature of the manifest no longer fits. A decision is shown as it was taken: what came on file after it has
    no part in it.
    """
) { arguments in
  let console = Console(arguments: arguments)
  guard arguments.operands.count == 1, let operand = arguments.operands.first else {
    throw CommandFailure.usage("name one folder of a run or a decision", hint: "gonogo report results/latest")
  }
  let kinds = ["json", "summary", "html", "write"].filter(arguments.has)
  if kinds.count > 1 {
    throw CommandFailure.usage("\(kinds.map { "--\($0)" }.joined(separator: " and ")) exclude each other")
  }
  let directory = folderItself(operand.count > 1 ? operand.withoutTrailingSlash : operand)
  if let search = try openSearch(directory) {
    if arguments.has("html") || arguments.has("write") {
      throw CommandFailure.usage(
        "\(printable(directory)) is a capacity search, which has no page of its own",
        hint: "each of its trials is a run folder that has one")
    }
    try console.show(search, directory: directory, arguments: arguments)
    return ExitCode(of: search)
  }
  if let decision = try openDecision(directory) {
    return try console.report(decision, directory: directory, arguments: arguments)
  }
  let folder = try openFolder(directory)
  if arguments.has("write") { return try rewrite(folder, directory: directory, console: console) }
  guard let record = folder.completed() else {
    throw CommandFailure(
      code: .inconclusive, message: "\(printable(directory)) cannot be judged: its run.json is not there",
      hint: folder.problems.map { "  \($0)" }.joined(separator: "\n"))
  }
  if let path = arguments.value("html") {
    try writePage(htmlReport(record, of: folder), to: path, console: console)
  } else {
    try show(record, directory: directory, arguments: arguments, console: console)
  }
  return ExitCode(of: record)
}

/// Into a file, or `-`: to stdout.
func writePage(_ page: String, to path: String, console: Console) throws {
  if path == "-" { return try console.output(page.trimmed) }
  do {
    try Data(page.utf8).write(to: URL(filePath: path))
  } catch {
    throw CommandFailure(code: .internalError, message: "\(printable(path)) cannot be written", hint: nil)
  }
}

/// What can be made of the folder is made again in it; the exit code is the verdict.
private func rewrite(_ folder: RunFolder, directory: String, console: Console) throws -> ExitCode {
  let manifest = directory + "/" + Manifest.fileName
  let before = FileManager.default.contents(atPath: manifest)
  guard let (record, trouble) = folder.remake(derivedFiles) else {
    throw CommandFailure(
      code: .refused, message: "\(printable(directory)) did not come to its end, so nothing can be made again in it",
      hint: "gonogo report \(printable(directory)) --html FILE makes a page of what there is")
  }
  if let trouble { throw CommandFailure(code: .internalError, message: printable("\(trouble)"), hint: nil) }
  let after = FileManager.default.contents(atPath: manifest)
  try console.output(
    before == after
      ? "\(printable(directory)): every file was made again and is what it was"
      : "\(printable(directory)): made again; the manifest has changed")
  if before != after, FileManager.default.fileExists(atPath: manifest + ".sig") {
    Console.complain("the signature \(Manifest.fileName).sig no longer fits: sign the folder again")
  }
  return ExitCode(of: record)
}

/// `results/latest` is a link to a neighbour; the screen names the folder, as the run did.
func folderItself(_ directory: String) -> String {
  guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: directory), !target.contains("/")
  else { return directory }
  guard let slash = directory.lastIndex(of: "/") else { return target }
  return directory[...slash] + target
}

/// Nil for a folder that is not one of a capacity search.
private func openSearch(_ directory: String) throws -> CapacityRecord? {
  do {
    return try CapacityRecord.open(directory)
  } catch {
    throw CommandFailure.usage("the capacity.json of \(printable(directory)) cannot be read: \(printable("\(error)"))")
  }
}

func openFolder(_ directory: String) throws -> RunFolder {
  do {
    return try RunFolder.open(directory)
  } catch {
    throw CommandFailure.usage("\(printable(directory)) is not a run folder: \(printable("\(error)"))")
  }
}

private func show(_ record: RunRecord, directory: String, arguments: Arguments, console: Console) throws {
  if arguments.has("json") {
    try console.output(try String(decoding: record.encoded(), as: UTF8.self).trimmed)
  } else if arguments.has("summary") {
    try console.output(smokeSummary(record).trimmed)
  } else if let screen = SmokeScreen(record: record, directory: directory) {
    try console.output(screen.text(style: console.outputStyle).trimmed)
  } else {
    let style = TerminalStyle(columns: console.outputColumns, colour: console.outputHasColour)
    try console.output(FinalScreen(record: record, directory: directory).text(style: style).trimmed)
  }
}

extension Console {
  /// A search, as it was recorded: every trial has a folder of its own that can be reported by itself.
  func show(_ record: CapacityRecord, directory: String, arguments: Arguments) throws {
    if arguments.has("json") {
      try output(String(decoding: try record.encoded(), as: UTF8.self).trimmed)
    } else if arguments.has("summary") {
      try output(capacitySummary(record).trimmed)
    } else {
      let style = TerminalStyle(columns: outputColumns, colour: outputHasColour)
      try output(CapacityScreen(record: record, directory: directory).text(style: style).trimmed)
    }
  }
}

extension ExitCode {
  init(of record: CapacityRecord) {
    self = .gravest([ExitCode(of: record.verdict)] + (record.interrupted ? [.interrupted] : []))
  }

  init(of verdict: Verdict) {
    self =
      switch verdict {
      case .pass: .pass
      case .fail: .fail
      case .inconclusive: .inconclusive
      }
  }

  /// The verdict of a record; an interrupted run that did not fail says so.
  init(of record: RunRecord) {
    self = .gravest([ExitCode(of: record.verdict)] + (record.interrupted ? [.interrupted] : []))
  }
}
