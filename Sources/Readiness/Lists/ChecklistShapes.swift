// SPDX-License-Identifier: Apache-2.0
import Document
import Judgement

/// What a checklist's file may hold.
enum ChecklistShapes {
  static let checklist = Shape.object(
    ChecklistDraft(), "Rows to prove before a launch, what marks them, and the rule that decides.",
    called: "a checklist", keepsBroken: true
  ) { o in
    o.required("checklist", identifier, \.id, "Its short name, as in --checklist.")
    o.required("title", .nonEmptyString, \.title, "What pages call it.")
    o.optional("source", .nonEmptyString, \.source, "Where its rows come from.")
    o.optional(
      "priorities", .dictionary(keys: .nonEmptyString, of: priority), \.priorities, "Its words, highest first.")
    o.optional(
      "weights", .dictionary(keys: .nonEmptyString, of: .integer(in: 1...1000)), \.weights,
      "Of categories, for a weighted mean; they need not add up to 100.")
    o.optional("strict", .bool, \.isStrict, "Whether N/A rows stay in the denominators.")
    o.optional("roles", .list(of: .nonEmptyString), \.roles, "Who signs.")
    o.optional("decision-maker", .nonEmptyString, \.decisionMaker, "The role that decides.")
    o.required("scores", .dictionary(keys: .nonEmptyString, of: score), \.scores, "By name.")
    o.required(
      "decision", .list(of: .located(clause), atLeast: 1), \.clauses, "The first clause that applies decides.")
    o.optional("otherwise", otherwise, \.otherwise, "What is decided when no clause applies; NO-GO unless written.")
    o.optional("readings", .list(of: reading), \.readings, "Where its sources contradict each other: what was chosen.")
    o.required(
      "items", .dictionary(keys: .nonEmptyString, of: .dictionary(keys: .nonEmptyString, of: .list(of: .located(row)))),
      \.items, "Rows by category and group.")
  }

  private static func isIdentifier(_ text: String) -> Bool {
    text.first?.isPunctuation == false
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7a).contains($0 | 0x20) || [0x2d, 0x2e, 0x5f].contains($0)
      }
  }

  static let identifier = Shape<String>.text("a name such as S-001", pattern: "^[A-Za-z0-9][A-Za-z0-9._-]*$").map {
    text throws(Mistake) in
    guard isIdentifier(text) else {
      throw Mistake("`\(text)` cannot be a name here", hint: "letters, digits, and . _ - between them")
    }
    return text
  }

  private static let priority = Shape.object(ChecklistDraft.PriorityDraft(), "Defaults of its rows.") { o in
    o.optional("blocker", .bool, \.isBlocker, "Whether its rows are blockers unless they say otherwise.")
  }

  private static let score = Shape.object(ChecklistDraft.ScoreDraft(), "How a score is made.", called: "a score") { o in
    o.optional(
      "method", .choice(["share": .share, "weighted-mean-of-groups": .weightedMeanOfGroups, "points": .points]),
      \.method, "Of the rows that count; share unless written.")
    o.optional("priority", .located(.nonEmptyString), \.priority, "Only rows of this priority.")
    o.optional("category", .located(.nonEmptyString), \.category, "Only rows of this category.")
    o.optional("group", .located(.nonEmptyString), \.group, "Only rows of this group.")
  }

  private static let clause = Shape.object(
    ChecklistDraft.ClauseDraft(), "If this holds, then that is decided.", called: "a clause"
  ) { o in
    o.required("if", .located(.nonEmptyString), \.text, "Conditions joined by `and`: critical < 100%.")
    o.required("then", .cases(), \.outcome, "The outcome.")
    o.required("because", .nonEmptyString, \.because, "The reason in words.")
  }

  private static let otherwise = Shape.object(
    ChecklistDraft.OtherwiseDraft(), "What is decided when no clause applies.", called: "an outcome"
  ) { o in
    o.required("then", .cases(), \.outcome, "The outcome.")
    o.required("because", .nonEmptyString, \.because, "The reason in words.")
  }

  private static let reading = Shape.object(
    ChecklistDraft.ReadingDraft(), "A contradiction and its reading.", called: "a reading"
  ) { o in
    o.required("about", .nonEmptyString, \.about, "What contradicts what.")
    o.required("chosen", .nonEmptyString, \.chosen, "What was chosen, and why.")
  }

  private static let row = Shape.object(
    ChecklistDraft.RowDraft(), "One row.", called: "a row", keepsBroken: true
  ) { o in
    o.required("id", .located(identifier), \.id, "Its name.")
    o.optional("priority", .located(.nonEmptyString), \.priority, "One of the list's priorities.")
    o.optional("blocker", .bool, \.isBlocker, "Whether it is marked as a blocker.")
    o.required("title", .nonEmptyString, \.title, "What has to be true.")
    o.optional("hint", .nonEmptyString, \.hint, "How to check it.")
    o.optional("owner", .nonEmptyString, \.owner, "The role that answers for it.")
    o.optional("target-date", date, \.targetDate, "When it is to be proven: 2026-12-01.")
    o.optional("marked-by", ChecklistMarkShapes.marks, \.marks, "What marks it; without it, people alone.")
    o.optional("sign-off", signOff, \.signOff, "A row that signatures prove: true, or the role that signs.")
    o.optional("same-as", .oneOrMany(of: .located(identifier)), \.sameAs, "Rows that ask for the same thing.")
    o.optional("points", .integer(in: 1...1000), \.points, "What it earns where points are counted.")
    o.optional("part-of", .located(identifier), \.partOf, "The row it details; it is in no score by itself.")
    o.optional("scored", .bool, \.isScored, "Whether scores count it; true unless written.")
    o.optional("applies", .nonEmptyString, \.appliesIf, "The condition under which it is asked for: if HA.")
    o.optional("people", .nonEmptyString, \.leftToPeople, "What no run can see of it.")
  }

  private static let signOff: Shape<ChecklistDraft.SignOffDraft> = .anyOf(
    "true, or a role",
    [
      Shape<Bool>.bool.map { isSignOff throws(Mistake) in isSignOff ? .anybody : .none },
      Shape<Located<String>>.located(.nonEmptyString).map { role throws(Mistake) in .role(role) },
    ])

  private static let date = Shape<String>.text("a date such as 2026-12-01", pattern: #"^\d{4}-\d{2}-\d{2}$"#).map {
    text throws(Mistake) in
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.count) == [4, 2, 2], let month = Int(parts[1]), let day = Int(parts[2]),
      (1...12).contains(month), (1...31).contains(day),
      text.utf8.allSatisfy({ $0 == 0x2d || (0x30...0x39).contains($0) })
    else { throw Mistake("expected a date such as 2026-12-01, found `\(text)`") }
    return text
  }
}
