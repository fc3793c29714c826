// SPDX-License-Identifier: Apache-2.0
import Document
import Judgement

/// `marked-by:`: `measured`, or one of the mappings below, or a list of them, all of which must hold.
enum ChecklistMarkShapes {
  typealias Mark = ChecklistDraft.MarkDraft

  static let marks = Shape<[Mark]>.oneOrMany(of: mark)

  private struct Measured: Sendable { var id = "" }
  private struct Rules: Sendable {
    var rules: [String] = []
    var length = Duration.zero
    var peak: Double?
  }
  private struct Report: Sendable {
    var kind = ""
    var rule = ""
  }
  private struct Later: Sendable { var reason = "" }

  private static let mark: Shape<Mark> = .anyOf(
    "`measured`, or what marks it: measured, rules, report or later",
    [
      Shape<String>.choice(names: ["measured"]).map { _ throws(Mistake) in .own },
      .byKey(
        "what marks a row", ["measured": measured, "rules": rules, "report": report, "later": later]),
    ])

  private static let measured = Shape.object(
    Measured(), "A row that runs compute by themselves, or that a scenario or drill says it marks."
  ) { o in
    o.required("measured", ChecklistShapes.identifier, \.id, "The row as runs call it: P-002.")
  }.map { draft throws(Mistake) -> Mark in .mark(.measured(draft.id)) }

  private static let rules = Shape.object(Rules(), "Rules judged anew on the newest load run.") { o in
    o.required("rules", .list(of: rule, atLeast: 1), \.rules, "As in a plan's thresholds.")
    o.optional("steady", .duration, \.length, "The least steady time of the run; 10m unless written.")
    o.optional("peak", .number, \.peak, "The multiple of the declared peak that it must have held.")
  }.check { draft, node, diagnostics in
    if let peak = draft.peak, !(peak > 0 && peak <= 1000) {
      diagnostics.error(at: node["peak"] ?? node, "a multiple of the peak is above 0 and at most 1000")
    }
  }.map { draft throws(Mistake) -> Mark in
    let seconds = draft.length == .zero ? 600 : Int(draft.length.components.seconds)
    return .mark(.rules(draft.rules, leastSteadySeconds: seconds, leastPeak: draft.peak))
  }

  private static let rule = Shape<String>.text("a rule such as p(95) < 300ms @steady").map { text throws(Mistake) in
    do throws(ThresholdError) { _ = try Threshold.parse(text) } catch {
      throw Mistake(
        error.message, hint: error.suggestion.map { "did you mean `\($0)`?" }, offset: error.span.offset,
        length: max(1, error.span.length))
    }
    return text
  }

  private static let report = Shape.object(Report(), "A report of another tool, imported as evidence.") { o in
    o.required("report", .choice(names: ReportKind.allCases.map(\.rawValue)), \.kind, "Its format.")
    o.required("rule", reportRule, \.rule, "What its figures must be: coverage > 75%.")
  }.map { draft throws(Mistake) -> Mark in .mark(.report(kind: draft.kind, rule: draft.rule)) }

  private static let reportRule = Shape<String>.text("a rule such as coverage > 75%").map { text throws(Mistake) in
    do throws(ReportRuleError) { _ = try ReportRule.parse(text) } catch { throw Mistake(error.message) }
    return text
  }

  private static let later = Shape.object(Later(), "What cannot be proven before the launch.") { o in
    o.required("later", .nonEmptyString, \.reason, "Why it stays PENDING.")
  }.map { draft throws(Mistake) -> Mark in .mark(.later(reason: draft.reason)) }
}
