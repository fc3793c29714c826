// SPDX-License-Identifier: Apache-2.0
import Reports
import Results

let compareCommand = Command(
  name: "compare", summary: "holds one run against another: faster, slower, or no proven difference",
  operands: "FIRST SECOND",
  flags: [
    Flag("anyway", nil, "compare runs that were not made alike; what differs is said"),
    Flag("json", nil, "print the comparison for programs (gonogo schema comparison)"),
    Flag("summary", nil, "print it as Markdown instead of the screen"),
    Flag("no-color", nil, "no colour"),
  ],
  examples: [
    ("gonogo compare results/20261120T131502Z-expected-peak results/latest", "has the newer build become slower?"),
    ("gonogo compare OLD NEW --summary > page.md", "for a page or a comment"),
    ("gonogo compare OLD NEW --json", "every figure, its chance, and what is proven, for programs"),
  ],
  notes: """
    Both runs need 300 steady seconds or more of the same load, mix and steps. Figures are compared by their scatter in
    blocks of 10 s; all comparisons together call equal runs different in at most 5 % of cases (Holm's correction); a
    difference below 5 % or 1 ms is none. Another build or environment is named and does not hinder. What differs between
    whole runs (a cold cache, a busy neighbour) looks like a difference of the builds: repeat a run whose result matters.
    Exit code: 0 nothing is proven to be worse, 99 slower or more errors is proven, 4 it cannot be told.
    """
) { arguments in
  let console = Console(arguments: arguments)
  guard arguments.operands.count == 2 else {
    throw CommandFailure.usage("name two run folders", hint: "gonogo compare results/OLD results/NEW")
  }
  if arguments.has("json"), arguments.has("summary") {
    throw CommandFailure.usage("--json and --summary exclude each other")
  }
  let folders = try arguments.operands.map { operand in
    try openFolder(folderItself(operand.count > 1 ? operand.withoutTrailingSlash : operand))
  }
  let record: ComparisonRecord
  do throws(RunFolder.Incomparable) {
    record = try RunFolder.compare(
      folders[0], folders[1], anyway: arguments.has("anyway"), toolVersion: Main.version)
  } catch {
    let list = error.differences.map { "  \(printable($0))" }.joined(separator: "\n")
    throw CommandFailure.usage(
      "these runs cannot be compared:\n\(list)",
      hint: error.isFinal ? nil : "--anyway compares them all the same, and says so")
  }
  if arguments.has("json") {
    try console.output(try String(decoding: record.encoded(), as: UTF8.self).trimmed)
  } else if arguments.has("summary") {
    try console.output(comparisonSummary(record).trimmed)
  } else {
    let style = TerminalStyle(columns: console.outputColumns, colour: console.outputHasColour)
    try console.output(ComparisonScreen(record: record).text(style: style).trimmed)
  }
  return ExitCode(of: record.verdict)
}
