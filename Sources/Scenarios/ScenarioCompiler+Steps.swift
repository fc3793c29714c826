// SPDX-License-Identifier: Apache-2.0
import Document

/// Steps to instructions.
extension ScenarioCompiler {
  mutating func compile(_ step: StepDraft) {
    guard let node = step.node else { return }
    guard let kind = kind(of: step, node) else { return defineAnyway(step) }
    checkKeys(step, kind, node)

    let outerWeight = weight
    var open: [(place: Int, target: (Int) -> Instruction)] = []
    if let condition = step.condition, let expression = expression(condition) {
      open.append((instructions.count, { .skip(unless: expression, to: $0) }))
      instructions.append(.skip(unless: expression, to: 0))
    }
    if let share = step.share {
      weight *= share
      open.append((instructions.count, { .chance(share, otherwise: $0) }))
      instructions.append(.chance(share, otherwise: 0))
    }
    if let repetition = step.repetition {
      compileLoop(repetition, step, kind)
    } else {
      compileContent(step, kind)
    }
    for (place, instruction) in open { instructions[place] = instruction(instructions.count) }
    weight = outerWeight
  }

  enum StepKind { case request, pause, include, group, assignment }

  private mutating func kind(of step: StepDraft, _ node: Node) -> StepKind? {
    var kinds: [(StepKind, String)] = []
    if let request = step.request { kinds.append((.request, request.key)) }
    if step.pause != nil { kinds.append((.pause, "pause")) }
    if step.include != nil { kinds.append((.include, "include")) }
    if step.group != nil { kinds.append((.group, "steps")) }
    if kinds.count > 1 {
      diagnostics.error(
        at: node.keyNode(kinds[1].1) ?? node, "`\(kinds[1].1)` cannot stand beside `\(kinds[0].1)`",
        hint: "make it a step of its own")
      return nil
    }
    if let kind = kinds.first { return kind.0 }
    if !step.variables.isEmpty { return .assignment }
    // A key of this step was wrong and has been reported; what it was meant to be is unknown.
    let written = node.entries?.compactMap(\.key.text) ?? []
    let known = ScenarioShapes.methods + ["pause", "include", "steps"]
    if !written.contains(where: { known.contains($0) || nearest(to: $0, among: known) != nil }) {
      diagnostics.error(
        at: node, "this step does nothing",
        hint: "a step has one of get, post, put, patch, delete, pause, include, steps, let")
    }
    return nil
  }

  /// Keys that mean nothing for the kind are mistakes: people believe they do something.
  private mutating func checkKeys(_ step: StepDraft, _ kind: StepKind, _ node: Node) {
    if kind == .request { return }
    let common: Set<String> = ["name", "when", "share", "repeat", "let"]
    let own: [StepKind: String] = [.pause: "pause", .include: "include", .group: "steps", .assignment: "let"]
    for entry in node.entries ?? [] {
      guard let key = entry.key.text, key != own[kind], !common.contains(key) else { continue }
      guard ScenarioShapes.requestKeys.contains(key) else { continue }
      diagnostics.error(at: entry.key, "`\(key)` goes with a request, and this step sends none")
    }
  }

  /// After a mistake in a step, its variables count as known: otherwise every use would be a mistake too.
  private mutating func defineAnyway(_ step: StepDraft) {
    for (name, _) in Self.assignedNames([step]) { _ = define(name) }
    if let name = step.name, step.request != nil { stepNames[name.value] = name.node }
  }

  private mutating func compileLoop(_ repetition: RepeatDraft, _ step: StepDraft, _ kind: StepKind) {
    guard let node = repetition.times, let times = expression(node) else { return compileContent(step, kind) }
    let count = times.expectedNumber ?? 1
    if case .literal = times, !(1...Double(Journey.mostRounds)).contains(count) || count != count.rounded() {
      diagnostics.error(at: node, "a step is repeated 1 to \(Journey.mostRounds) times")
    }
    weight *= count
    let loop = parts.loopCount
    parts.loopCount += 1
    let place = instructions.count
    instructions.append(.loop(loop, times: times, end: 0))
    compileContent(step, kind)
    // `until` is looked at after a round, so what the round captures has a value.
    let until = repetition.until.flatMap { expression($0) }
    instructions.append(.again(loop, until: until, start: place + 1))
    instructions[place] = .loop(loop, times: times, end: instructions.count)
    if !instructions[place...].contains(where: \.takesTime) {
      diagnostics.error(at: step.node ?? node, "what is repeated needs a request or a pause")
    }
  }

  private mutating func compileContent(_ step: StepDraft, _ kind: StepKind) {
    assignments = []
    for entry in step.variables {
      let value = value(entry.valueNode)
      let slot = define(entry.key)
      if SensitiveNames.isSensitive(entry.key) { secretNames.insert(entry.key) }
      guard let value else { continue }
      instructions.append(.assign(slot: slot, value))
      assignments.append((slot, value))
    }
    switch kind {
    case .request:
      guard let request = step.request else { return }
      compileRequest(step, request)
    case .pause:
      guard let range = step.pause?.value else { return }
      instructions.append(
        .pause(
          PauseRange(leastNanoseconds: range.lowerBound.nanoseconds, mostNanoseconds: range.upperBound.nanoseconds)))
    case .group:
      for inner in step.group ?? [] { compile(inner) }
    case .include:
      guard let included = step.included else { return }
      let outer = (defaults, directory, fileTags, fileIsReadOnly)
      (defaults, directory) = (included.draft.defaults, included.directory)
      (fileTags, fileIsReadOnly) = (included.draft.tags, included.draft.isReadOnly)
      for inner in included.draft.steps { compile(inner) }
      (defaults, directory, fileTags, fileIsReadOnly) = outer
    case .assignment:
      break
    }
  }
}

extension Instruction {
  fileprivate var takesTime: Bool {
    switch self {
    case .request, .pause: true
    default: false
    }
  }
}

extension Expression {
  /// Its mean when that is known before the run.
  var expectedNumber: Double? {
    switch self {
    case .literal(let value): value.number
    case .random(let least, let greatest):
      if let low = least.expectedNumber, let high = greatest.expectedNumber { (low + high) / 2 } else { nil }
    default: nil
    }
  }
}

extension ScenarioShapes {
  /// Keys of a step that only a request understands.
  static let requestKeys: Set<String> = Set(
    methods + bodies + [
      "about", "headers", "expect", "capture", "writes", "retry", "probe", "timeout", "follow", "tags", "read-only",
      "redeliver", "reply",
    ])
}
