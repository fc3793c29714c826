// SPDX-License-Identifier: Apache-2.0
import Document

/// A checklist item that steps of a scenario prove, when all of them pass in this order in a smoke run.
package struct Mark: Sendable, Equatable {
  /// `F-002`.
  package var item: String
  /// Names of request steps of the scenario.
  package var steps: [String]

  package init(item: String, steps: [String]) {
    self.item = item
    self.steps = steps
  }

  /// The item of the reservation flow, whose steps have parts to play.
  package static let reservationFlow = "F-002"
  /// What the steps of `F-002` do, in their order.
  package static let reservationParts = ["booked", "read back", "cancelled", "gone"]
}

/// `marks:` as it was written.
struct MarkDraft: Sendable {
  var item: String
  var node: Node
  /// Nil: all steps.
  var steps: [Located<String>]?
}

extension ScenarioShapes {
  /// `[ID, ...]`: every step of the scenario; `{ID: [step, ...]}`: those steps, in that order.
  static let marks: Shape<[MarkDraft]> = {
    let all = Shape<[Located<String>]>.list(of: .located(item), atLeast: 1).map { items throws(Mistake) in
      items.map { MarkDraft(item: $0.value, node: $0.node, steps: nil) }
    }
    let named = Shape<[Entry<String, [Located<String>]>]>.dictionary(
      keys: item, of: .list(of: .located(.nonEmptyString), atLeast: 1)
    ).map { entries throws(Mistake) in
      entries.map { MarkDraft(item: $0.key, node: $0.keyNode, steps: $0.value) }
    }
    return .anyOf("items, or the steps that prove each item", [all, named])
  }()

  private static let item = Shape<String>.text("an item such as F-002", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$").map {
    text throws(Mistake) in
    let isName = text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) || [0x2d, 0x2e, 0x5f].contains($0)
    }
    guard isName, text.first?.isLetter == true || text.first?.isNumber == true else {
      throw Mistake("'\(text)' cannot be an item", hint: "letters, digits, and . _ - between them")
    }
    return text
  }
}

extension ScenarioCompiler {
  /// Checks the steps that are named; to be called when all are known.
  mutating func marks(_ drafts: [MarkDraft]) -> [Mark] {
    var marks: [Mark] = []
    // As a journey meets them: the requests of setup come first, those of finally last.
    let names = parts.requests.map(\.name)
    for draft in drafts {
      if marks.contains(where: { $0.item == draft.item }) {
        diagnostics.error(at: draft.node, "'\(draft.item)' is marked twice")
        continue
      }
      guard let steps = draft.steps else {
        if draft.item == Mark.reservationFlow {
          diagnostics.error(
            at: draft.node, "\(draft.item) names the four steps that prove it",
            hint: "write {\(draft.item): [book, read-back, cancel, gone]}")
        }
        marks.append(Mark(item: draft.item, steps: names))
        continue
      }
      check(steps, of: draft, among: names)
      marks.append(Mark(item: draft.item, steps: steps.map(\.value)))
    }
    return marks
  }

  private mutating func check(_ steps: [Located<String>], of draft: MarkDraft, among names: [String]) {
    var last = -1
    for step in steps {
      guard let place = names.firstIndex(of: step.value) else {
        let hint = suggestion(for: step.value, among: names.sorted(), called: "the steps are")
        diagnostics.error(at: step.node, "there is no step '\(step.value)'", hint: hint)
        continue
      }
      if place <= last {
        diagnostics.error(at: step.node, "'\(step.value)' does not come after the step named before it")
      }
      last = max(last, place)
    }
    guard draft.item == Mark.reservationFlow else { return }
    guard steps.count == Mark.reservationParts.count else {
      diagnostics.error(
        at: draft.node, "\(draft.item) is proven by four steps, found \(steps.count)",
        hint: "in this order: \(Mark.reservationParts.joined(separator: ", "))")
      return
    }
    let requests = steps.map { step in parts.requests.first { $0.name == step.value }?.parts }
    if let readBack = requests[1], !readBack.looksIntoAnswer {
      diagnostics.error(
        at: steps[1].node, "'\(readBack.name)' does not look at what it reads back",
        hint: "expect something of the answer's json or body")
    }
    if let gone = requests[3], !gone.looksIntoAnswer, gone.takesSuccessForGood {
      diagnostics.error(
        at: steps[3].node, "'\(gone.name)' does not see whether it is gone",
        hint: "expect status 404, or something of the answer's json or body")
    }
  }
}

extension CompiledRequest {
  fileprivate var looksIntoAnswer: Bool { !jsonRules.isEmpty || !textRules.isEmpty }

  /// An answer of 200 passes, whatever it says.
  fileprivate var takesSuccessForGood: Bool {
    status.entries.contains { !$0.isRefusal && $0.statuses.overlaps(200...299) }
  }
}
