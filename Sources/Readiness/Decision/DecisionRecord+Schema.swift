// SPDX-License-Identifier: Apache-2.0
import Results

extension DecisionRecord {
  /// `gonogo schema decision`.
  package static func jsonSchema() throws -> String { try description.jsonSchema(name: currentSchema) }

  static let description = RecordDescription(
    "What was decided on one environment and build, by which rule, and how every row of the checklist stood.",
    [
      field("schema", .constant(currentSchema), "Kind and version of this record."),
      field("tool", .record(ToolRecord.description), "What made the decision."),
      field("decided", .moment, "When; evidence is old or not as of this moment."),
      field("demo", .flag, "About the embedded hotel: never a decision on a real system."),
      field("environment", .text, "Name of the declared environment."),
      field("environmentKind", .nullable(.text), "staging or production; null for the embedded hotel."),
      field("target", .nullable(.text), "Base URL."),
      field("build", .nullable(.text), "The build that is decided on; null: no evidence names one."),
      field("checklist", .record(DecidedChecklist.description), "Which list was decided."),
      field("rule", .record(DecidedRule.description), "The rule as the list's file has it."),
      field("readings", .list(.record(Reading.description)), "Where sources contradict each other: what was chosen."),
      field("outcome", outcomeKind, "What is decided."),
      field("afterSignOff", .nullable(outcomeKind), "Of READY FOR SIGN-OFF: what it is once everybody has signed."),
      field("reasons", .list(.text), "Why; the clause that decided first."),
      field("change", .list(.text), "What would bring a better outcome."),
      field("scores", .list(.record(Score.description)), "Those of the rule."),
      field("categories", .list(.record(Score.description)), "One for each category."),
      field("openCriticals", .list(.text), "Ids of critical rows that are not PASS."),
      field("remarks", .list(.text), "Worth knowing about the rows, with no part in the outcome."),
      field("items", .list(.record(DecidedItem.description)), "Every row, in the order of the list."),
      field(
        "evidenceFolder", .nullable(.text),
        "Where people's evidence is named from, as seen from this folder; null: two folders up."),
      field("refused", .list(.record(RefusedEvidence.description)), "Folders that count for nothing."),
      field("risks", .list(.record(Risk.description)), "As people wrote them."),
      field("signOffs", .list(.record(SignOff.description)), "Signatures on the sheet."),
      field("missingSignOffs", .list(.text), "Roles that nobody has signed for."),
      field("conditions", .list(.record(DecidedCondition.description)), "What somebody asks for."),
      field("decisionMaker", .nullable(.text), "Who took the decision."),
      field("controls", .list(.record(ControlRun.description)), "Runs of the judge against known hotels."),
      field("warnings", .list(.text), "What whoever decides must know about the judge and its inputs."),
    ])
}

private let outcomeKind = FieldKind.choice(Outcome.allCases.map(\.rawValue))
private let standingKind = FieldKind.choice(Standing.allCases.map(\.rawValue))

extension DecidedChecklist {
  static let description = RecordDescription(
    "",
    [
      field("id", .text, "Short name."), field("title", .text, "For people."),
      field("source", .text, "Where the rows come from."), field("digest", .text, "SHA-256 of its file."),
      field("categories", .list(.record(DecidedCategory.description)), "In their order."),
    ])
}

extension DecidedCategory {
  static let description = RecordDescription(
    "", [field("name", .text, "Its name."), field("weight", .nullable(.count), "For rules that weigh; null: 1.")])
}

extension DecidedRule {
  static let description = RecordDescription(
    "",
    [
      field("scores", .list(.record(Score.description)), "How each is made."),
      field("clauses", .list(.record(Clause.description)), "The first that applies decides."),
      field("otherwise", outcomeKind, "When none applies."),
      field("otherwiseBecause", .text, "Why, when none applies."),
      field("strict", .flag, "N/A rows stay in the denominator."),
      field("roles", .list(.text), "Roles of the sign-off sheet."),
      field("decisionMaker", .nullable(.text), "The role that decides."),
    ])
}

extension DecidedRule.Score {
  static let description = RecordDescription(
    "",
    [
      field("name", .text, "Its name."),
      field("method", .choice(["share", "weighted-mean-of-groups", "points"]), "How it is computed."),
      field("priority", .nullable(.text), "Only rows of it."), field("category", .nullable(.text), "Only rows of it."),
      field("group", .nullable(.text), "Only rows of it."),
    ])
}

extension DecidedRule.Clause {
  static let description = RecordDescription(
    "",
    [
      field("text", .text, "The conditions as written."), field("outcome", outcomeKind, "When they hold."),
      field("because", .text, "Why."),
    ])
}

extension Reading {
  static let description = RecordDescription(
    "", [field("about", .text, "The contradiction."), field("chosen", .text, "What was chosen.")])
}

extension Score {
  static let description = RecordDescription(
    "",
    [
      field("name", .text, "Its name."), field("share", .record(Fraction.description), "Exact."),
      field("counts", .table(.count), "Rows of each standing."),
    ])
}

extension Fraction {
  static let description = RecordDescription(
    "",
    [
      field("numerator", .count, "Rows that PASS, or the share in lowest terms."),
      field("denominator", .count, "Rows that count."),
    ])
}

extension DecidedItem {
  static let description = RecordDescription(
    "",
    [
      field("id", .text, "As in the list."), field("category", .text, "Its category."),
      field("group", .text, "Its group."), field("priority", .text, "The word of its list."),
      field("blocker", .flag, "Marked as an absolute blocker."), field("title", .text, "What is asked for."),
      field("hint", .nullable(.text), "How to check it."), field("owner", .nullable(.text), "Who sees to it."),
      field("targetDate", .nullable(.text), "As written."), field("signOff", .flag, "Proven by signatures."),
      field("role", .nullable(.text), "Whose signature proves a sign-off row; null: the decision itself."),
      field("sameAs", .list(.text), "Rows that ask for the same."),
      field("points", .nullable(.count), "Points to be earned."),
      field("partOf", .nullable(.text), "The row it details: that one is PASS only with its parts."),
      field("scored", .flag, "Whether scores count it."),
      field("applies", .nullable(.text), "The condition under which the list asks for it."),
      field("people", .nullable(.text), "What no run can see of it."),
      field("standing", standingKind, "How it stands."),
      field("origin", .choice(Origin.allCases.map(\.rawValue)), "Where that comes from."),
      field("reason", .text, "Why."),
      field("validatedBy", .nullable(.text), "The run with its operator, or the person."),
      field("date", .nullable(.moment), "Of the evidence."), field("evidence", .list(.text), "Paths and links."),
      field("notes", .list(.text), "Observations."), field("command", .nullable(.text), "What measures it again."),
      field("attempts", .list(.record(Attempt.description)), "Newest first."),
      field("approvedBy", .nullable(.text), "Of an N/A: who approved it."),
    ])
}

extension Attempt {
  static let description = RecordDescription(
    "",
    [
      field("run", .text, "Name of the run folder."), field("at", .moment, "When it began."),
      field("standing", standingKind, "What it says."), field("reason", .text, "Why."),
      field("build", .nullable(.text), "What was measured."),
      field("refusal", .nullable(.text), "Why it does not count."),
    ])
}

extension RefusedEvidence {
  static let description = RecordDescription(
    "", [field("run", .text, "Name of the folder."), field("reason", .text, "Why it does not count.")])
}

extension Risk {
  static let description = RecordDescription(
    "",
    [
      field("id", .text, "Its id."), field("title", .text, "What may happen."),
      field("item", .nullable(.text), "Its row."),
      field("level", .choice(RiskLevel.allCases.map(\.rawValue)), "How grave."), field("impact", .text, "Its effect."),
      field("probability", .text, "Its chance."), field("mitigation", .nullable(.text), "What lowers it."),
      field("isMitigated", .flag, "That is in place."), field("acceptedBy", .nullable(.text), "Who accepts it."),
    ])
}

extension SignOff {
  static let description = RecordDescription(
    "",
    [
      field("role", .text, "Of the sheet."), field("who", .text, "Who signed."), field("at", .moment, "When."),
      field("note", .nullable(.text), "What was added."),
    ])
}

extension DecidedCondition {
  static let description = RecordDescription(
    "", [field("text", .text, "What is asked."), field("who", .text, "By whom."), field("at", .moment, "When.")])
}

extension ControlRun {
  static let description = RecordDescription(
    "",
    [
      field("name", .text, "healthy or errors."), field("run", .text, "Name of its folder."),
      field("at", .moment, "When."), field("expected", .text, "Verdict that a sound judge finds."),
      field("found", .text, "Verdict that was found."),
    ])
}
