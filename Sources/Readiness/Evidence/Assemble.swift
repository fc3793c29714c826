// SPDX-License-Identifier: Apache-2.0
import Judgement
package import Results

/// How every row stands: for one environment (nil: the demo on the embedded hotel) and one build, at one moment. Pure:
/// everything it looks at is given. In the order of the checklist. `build`: as `DecidedBuild.find` has it.
package func assemble(
  checklist: Checklist, evidence: [RunEvidence], entries: PeoplesEntries, environment: String?, build: String?,
  now: Timestamp
) -> [ItemState] {
  Assembly(
    checklist: checklist, evidence: evidence, entries: entries, environment: environment, build: build, now: now
  ).states()
}

/// Runs that count for no row of a decision, with the reason, newest first.
package func refusedRuns(
  _ evidence: [RunEvidence], environment: String?, build: String?, now: Timestamp
) -> [(run: RunEvidence, reason: String)] {
  let copies = copies(evidence)
  return evidence.sorted { $0.at > $1.at }.compactMap { run in
    let reason = copies[run.run] ?? refusal(of: run, environment: environment, build: build, now: now)
    return reason.map { (run, $0) }
  }
}

/// Folders that hold a run which another one holds already, with the reason: a run counts once, whatever its folder is
/// called.
func copies(_ evidence: [RunEvidence]) -> [String: String] {
  struct Identity: Hashable {
    var id: String
    var started: Int64
    var environment: String?
    var verdict: String
  }
  var first: [Identity: String] = [:]
  var found: [String: String] = [:]
  // A folder that verifies is the original, whatever a broken copy of it is called.
  func order(_ run: RunEvidence) -> (Int, String) { (run.soundness == .sound ? 0 : 1, run.run) }
  for run in evidence.sorted(by: { order($0) < order($1) }) {
    guard let id = run.runId else { continue }
    let identity = Identity(
      id: id, started: run.started.millisecondsSinceEpoch, environment: run.environment, verdict: run.verdict.rawValue)
    if let original = first[identity] {
      found[run.run] = "it is a copy of \(original)"
    } else {
      first[identity] = run.run
    }
  }
  return found
}

/// Why a run does not count; nil when it does.
func refusal(of run: RunEvidence, environment: String?, build: String?, now: Timestamp) -> String? {
  if let reason = refusalOfAnyBuild(run, environment: environment, now: now) { return reason }
  // The embedded hotel is part of the tool and may name no build: there is only one.
  if run.build == build, build != nil || environment == nil { return nil }
  guard let own = run.build else {
    return "its build is not known: let `build:` of the environment say where to read it, or name it with --build"
  }
  guard let build else { return "it is of build \(own), and it is not known which build is meant: \(buildHint)" }
  return "it is of build \(own), not \(build)"
}

/// Everything that rows are judged by.
struct Assembly {
  let checklist: Checklist
  /// Newest first, control runs left out.
  let runs: [RunEvidence]
  let entries: PeoplesEntries
  let environment: String?
  let build: String?
  let now: Timestamp
  /// Why a run does not count, by its name.
  let refusals: [String: String]
  /// Folders that hold a run which another one holds.
  let copies: [String: String]
  let signatures: Signatures

  init(
    checklist: Checklist, evidence: [RunEvidence], entries: PeoplesEntries, environment: String?, build: String?,
    now: Timestamp
  ) {
    self.checklist = checklist
    runs = evidence.filter { !$0.isControl }.sorted { ($0.at, $0.run) > ($1.at, $1.run) }
    copies = Readiness.copies(runs)
    self.entries = entries.upTo(now)
    signatures = Signatures(self.entries, evidence: runs, environment: environment, build: build)
    self.environment = environment
    self.build = build
    self.now = now
    var refusals: [String: String] = [:]
    for run in runs {
      refusals[run.run] =
        copies[run.run] ?? refusal(of: run, environment: environment, build: build, now: now)
    }
    self.refusals = refusals
  }

  func states() -> [ItemState] {
    let own = checklist.items.map { $0.isSignOff ? signedState(of: $0) : state(of: $0) }
    return zip(checklist.items, own).map { item, state in shared(item, state, own) }
  }

  /// A row by itself: what measured it, what reports say, what people say.
  func state(of item: ChecklistItem) -> ItemState {
    let parts = marks(of: item).map { part($0, of: item) }
    let machine = combined(parts, item)
    return attested(item, over: machine)
  }

  /// What marks the row: as the list says, or as a scenario that ran says.
  private func marks(of item: ChecklistItem) -> [Mark] {
    let own = Mark.measured(item.id)
    let isNamed = runs.contains { run in run.items.contains { $0.id == item.id } }
    return isNamed && !item.marks.contains(own) && item.marks.isEmpty ? [own] : item.marks
  }

  private func part(_ mark: Mark, of item: ChecklistItem) -> MarkState {
    switch mark {
    case .measured, .rules: measured(mark)
    case .report(let kind, let rule): reported(kind, rule, for: item)
    case .later(let reason): MarkState(standing: .pending, reason: reason, isMachine: true)
    }
  }

  /// All of a row's marks must hold.
  private func combined(_ parts: [MarkState], _ item: ChecklistItem) -> MarkState? {
    guard var result = parts.first else { return nil }
    guard parts.count > 1 else { return result }
    let order: [Standing] = [.fail, .pending, .partial, .pass, .notApplicable]
    for standing in order {
      let worst = parts.filter { $0.standing == standing }
      guard !worst.isEmpty else { continue }
      result = worst[0]
      result.reason = unique(worst.map(\.reason)).joined(separator: "; ")
      break
    }
    result.isMachine = parts.contains(where: \.isMachine)
    result.date = parts.compactMap(\.date).min()
    result.evidence = unique(parts.flatMap(\.evidence))
    result.notes = unique(parts.flatMap(\.notes))
    result.attempts = merged(parts.flatMap(\.attempts))
    if result.origin == .none { result.origin = parts.map(\.origin).first { $0 != .none } ?? .none }
    if result.validatedBy == nil { result.validatedBy = parts.lazy.compactMap(\.validatedBy).first }
    return result
  }

  /// One line for each run, though it may answer several marks: the worst of them.
  private func merged(_ attempts: [Attempt]) -> [Attempt] {
    let order: [Standing] = [.pass, .partial, .pending, .fail]
    var result: [Attempt] = []
    for attempt in attempts {
      guard let index = result.firstIndex(where: { $0.run == attempt.run }) else {
        result.append(attempt)
        continue
      }
      let isWorse = order.firstIndex(of: attempt.standing) ?? 0 > order.firstIndex(of: result[index].standing) ?? 0
      if isWorse { result[index].standing = attempt.standing }
      if result[index].reason != attempt.reason { result[index].reason += "; " + attempt.reason }
      result[index].refusal = result[index].refusal ?? attempt.refusal
    }
    return result.sorted { ($0.at, $0.run) > ($1.at, $1.run) }
  }

  /// Rows that ask for the same thing: one that has nothing on file takes what the other has.
  private func shared(_ item: ChecklistItem, _ state: ItemState, _ all: [ItemState]) -> ItemState {
    guard state.origin == .none, state.attempts.isEmpty, state.standing == .pending, !item.isSignOff else {
      return state
    }
    let others = all.filter { other in
      other.item.id != item.id && (item.sameAs.contains(other.item.id) || other.item.sameAs.contains(item.id))
    }
    // The proof must be of the kind that the row asks for: what runs measure, no word of a person proves by way of another
    // row, and a smoke run is no report of unit tests.
    let isForRuns = marks(of: item).contains { part($0, of: item).isMachine }
    let usable = others.filter { other in
      switch other.origin {
      case .measured: isForRuns || item.reportKind == nil
      case .imported, .attested, .overridden: !isForRuns
      case .none: false
      }
    }
    // Of several the worst.
    let order: [Standing] = [.fail, .pending, .partial, .pass]
    let worst = order.lazy.compactMap { standing in usable.first { $0.standing == standing } }.first
    guard var taken = worst else { return state }
    taken.item = item
    taken.notes.insert("on file for \(worst?.item.id ?? ""), which asks for the same", at: 0)
    taken.reason = "as \(worst?.item.id ?? ""): \(taken.reason)"
    return taken
  }
}

/// Rows that load and smoke compute of every run: nobody's word stands for them, even before the first run.
package let rowsOfEveryRun = rowsOfEveryLoad.union(["F-001", "F-002"])

/// Those of them that load alone can compute.
let rowsOfEveryLoad: Set<String> = ["P-001", "P-002", "P-003", "P-004", "P-005", "P-013", "F-003"]

/// What one mark of a row comes to.
struct MarkState {
  var standing: Standing
  var reason: String
  /// A person's word does not outweigh it.
  var isMachine: Bool
  var origin = Origin.none
  var validatedBy: String?
  var date: Timestamp?
  var evidence: [String] = []
  var notes: [String] = []
  var command: String?
  var attempts: [Attempt] = []
}

func unique(_ texts: [String]) -> [String] {
  var seen: Set<String> = []
  return texts.filter { seen.insert($0).inserted }
}
