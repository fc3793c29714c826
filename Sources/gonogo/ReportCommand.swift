// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Judgement
import Reports
import Results

let reportCommand = Command(
  name: "report", summary: "makes the last screen of a run again, from its folder alone", operands: "DIR",
  flags: [
    Flag("json", nil, "print run.json, computed again, instead of the screen"),
    Flag("summary", nil, "print summary.md (Markdown) instead of the screen"),
    Flag("no-color", nil, "no colour"),
  ],
  examples: [
    ("gonogo report results/latest", "the screen of the newest run; the exit code is its verdict"),
    ("gonogo report results/20261120T131502Z-quick --json", "the record, for programs"),
    ("gonogo report results/latest --summary > page.md", "for a page or a comment"),
  ],
  notes: """
    Every figure and verdict is computed again from the files of the folder. Of a run that was killed they go as far as
    its files do; what is missing is said, and the verdict is INCONCLUSIVE unless a rule is broken already.
    """
) { arguments in
  let console = Console(arguments: arguments)
  guard arguments.operands.count == 1, let operand = arguments.operands.first else {
    throw CommandFailure.usage("name one run folder", hint: "gonogo report results/latest")
  }
  if arguments.has("json"), arguments.has("summary") {
    throw CommandFailure.usage("--json and --summary exclude each other")
  }
  let directory = folderItself(operand.count > 1 ? operand.withoutTrailingSlash : operand)
  if let search = try openSearch(directory) {
    try console.show(search, directory: directory, arguments: arguments)
    return ExitCode(of: search)
  }
  let folder = try openFolder(directory)
  guard let record = folder.completed() else {
    throw CommandFailure(
      code: .inconclusive, message: "\(printable(directory)) cannot be judged: its run.json is not there",
      hint: folder.problems.map { "  \($0)" }.joined(separator: "\n"))
  }
  try show(record, directory: directory, arguments: arguments, console: console)
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

private func openFolder(_ directory: String) throws -> RunFolder {
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

  private init(of verdict: Verdict) {
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
