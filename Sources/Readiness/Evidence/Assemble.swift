// SPDX-License-Identifier: Apache-2.0
package import Results

/// How every row stands: for one environment (nil: the demo on the embedded hotel) and one build, at one moment. Pure:
/// everything it looks at is given. In the order of the checklist. `build`: as `DecidedBuild.find` has it.
package func assemble(
  checklist: Checklist, evidence: [RunEvidence], entries: PeoplesEntries, environment: String?, build: String?,
  now: Timestamp
) -> [ItemState] {
  let assembly = Assembly(
    checklist: checklist, runs: evidence.sorted { $0.at > $1.at }, entries: entries, environment: environment,
    build: build, now: now)
  return assembly.states()
}

/// Everything that rows are judged by.
struct Assembly {
  let checklist: Checklist
  /// Newest first.
  let runs: [RunEvidence]
  let entries: PeoplesEntries
  let environment: String?
  let build: String?
  let now: Timestamp

  func states() -> [ItemState] {
    checklist.items.map { ItemState(item: $0, standing: .pending, origin: .none, reason: "nothing is on file") }
  }
}
