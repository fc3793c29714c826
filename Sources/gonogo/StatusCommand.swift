// SPDX-License-Identifier: Apache-2.0
import Document
import FoundationEssentials
import Readiness
import Reports
import Results
import Scenarios

let statusCommand = Command(
  name: "status", summary: "shows how every row of the checklist stands, and what to type next", operands: "",
  flags: ReadinessInputs.flags + [
    Flag("open", nil, "only rows that are not closed"),
    Flag("critical", nil, "only rows without which nothing is launched"),
    Flag("owner", "NAME", "only rows of this owner"),
    Flag("category", "NAME", "only rows of this category"),
    Flag("json", nil, "the rows for programs"),
    Flag("no-color", nil, "no colour"),
  ],
  examples: [
    ("gonogo status --env staging --open", "what is left to do for staging"),
    ("gonogo status --env staging --critical --owner 'Security Lead'", "what somebody has to see to first"),
    ("gonogo status", "the list as the embedded hotel would have it: a DEMO"),
  ],
  notes: """
    Every run folder is verified before it counts: of the environment, of one build, not older than 7 days. The newest
    conclusive run counts, and a PASS after a FAIL on the same build only with a reason. It is no verdict, so the exit
    code is 0; gonogo decide gives one.
    """
) { arguments in
  let console = Console(arguments: arguments)
  let now = Timestamp.now()
  let inputs = try ReadinessInputs.read(arguments, console: console, now: now)
  let states = inputs.states(now: now)
  let shown = try chosen(states, inputs.checklist, arguments)
  if let strangers = inputs.entries.aboutStrangers(inputs.checklist) {
    console.remark("warning: \(printable(strangers))")
  }
  if arguments.has("json") {
    try console.output(StatusRecord(inputs, shown, now).text())
    return .pass
  }
  let environment = inputs.environment?.name
  let screen = StatusScreen(
    checklist: inputs.checklist, environment: environment, build: inputs.build, states: states, shown: shown,
    steps: NextStep.steps(for: shown, environment: environment, checklist: inputs.checklist.id),
    refused: refusedRuns(inputs.evidence, environment: environment, build: inputs.build.build, now: now)
      .map { ($0.run.run, $0.reason) })
  for remark in inputs.fileRemarks { console.remark(printable(remark)) }
  let style = TerminalStyle(columns: console.outputColumns, colour: console.outputHasColour)
  try console.output(screen.text(style: style).trimmed)
  return .pass
}

extension ReadinessInputs {
  /// How every row stands.
  func states(now: Timestamp) -> [ItemState] {
    assemble(
      checklist: checklist, evidence: evidence, entries: entries, environment: environment?.name, build: build.build,
      now: now)
  }
}

/// Rows that the flags ask for; a name that no row has is a mistake.
private func chosen(_ states: [ItemState], _ checklist: Checklist, _ arguments: Arguments) throws -> [ItemState] {
  var shown = states
  if let name = arguments.value("category") {
    shown = try matching(shown, "category", name) { $0.item.category }
  }
  if let name = arguments.value("owner") { shown = try matching(shown, "owner", name) { $0.item.owner } }
  if arguments.has("open") { shown = shown.filter(\.isOpen) }
  if arguments.has("critical") { shown = shown.filter { checklist.isCritical($0.item) } }
  return shown
}

private func matching(
  _ states: [ItemState], _ flag: String, _ name: String, _ value: (ItemState) -> String?
) throws -> [ItemState] {
  let found = states.filter { value($0)?.lowercased() == name.lowercased() }
  guard found.isEmpty else { return found }
  var known: [String] = []
  for state in states { if let one = value(state), !known.contains(one) { known.append(one) } }
  let names = known.isEmpty ? "no row names one" : "there are: \(known.joined(separator: ", "))"
  throw CommandFailure.usage(
    "no row has the \(flag) \(printable(name))",
    hint: nearest(to: name, among: known).map { "did you mean \($0)?" } ?? names)
}

/// What --json prints.
private struct StatusRecord: Encodable {
  var checklist: String
  var demo: Bool
  @Nullable var environment: String?
  @Nullable var build: String?
  var at: Timestamp
  var counts: [String: Int]
  var items: [DecidedItem]

  init(_ inputs: ReadinessInputs, _ shown: [ItemState], _ now: Timestamp) {
    checklist = inputs.checklist.id
    demo = inputs.environment == nil
    environment = inputs.environment?.name
    build = inputs.build.build
    at = now
    counts = Dictionary(grouping: shown, by: \.standing.rawValue).mapValues(\.count)
    items = shown.map { DecidedItem($0) }
  }

  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }
}
