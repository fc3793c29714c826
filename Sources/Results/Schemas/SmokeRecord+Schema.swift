// SPDX-License-Identifier: Apache-2.0

extension SmokeRecord {
  static let description = RecordDescription(
    "",
    [
      field("settings", .record(SmokeSettings.description), "What was asked for."),
      field("scenarios", .list(.record(SmokeScenario.description)), "In the order in which they were to be walked."),
      field(
        "coverage", .nullable(.record(CoverageRecord.description)),
        "Null when nothing says which operations the target has."),
      field("coverageMissing", .nullable(.text), "Why there is no coverage."),
    ])
}

extension SmokeSettings {
  static let description = RecordDescription(
    "",
    [
      field("readOnly", .flag, "Only steps were sent that change nothing in the target."),
      field("tags", .list(.text), "Only steps with one of these were meant; none: all."),
      field("failFast", .flag, "The rest was left out after the first failure."),
      field("retries", .count, "Sends after the first one, for steps without a rule of their own."),
      field("retryPause", .number, "Wait between those."),
      field("partial", .flag, "Only scenarios named one by one were walked."),
    ])
}

extension SmokeScenario {
  static let description = RecordDescription(
    "",
    [
      field("scenario", .text, "Name."), field("about", .text, "As written in its file."),
      field("marks", .list(.record(SmokeMark.description)), "Checklist items that its steps prove."),
      field("steps", .list(.record(SmokeStep.description)), "Setup, steps and finally, in the order of the file."),
    ])
}

extension SmokeMark {
  static let description = RecordDescription(
    "",
    [
      field("item", .text, "Id of the row."),
      field("steps", .list(.text), "Steps that prove it when all of them pass in this order."),
    ])
}

extension SmokeStep {
  static let description = RecordDescription(
    "",
    [
      field("name", .text, "Name."),
      field("about", .nullable(.text), "As written in its file."),
      field("section", .choice(Section.allCases.map(\.rawValue)), "Where in the scenario it stands."),
      field("place", .text, "file:line:column of the step."),
      field("method", .text, "Method of its request."),
      field("path", .text, "As written, templates included."),
      field("tags", .list(.text), "Of the step and its scenario."),
      field("writes", .flag, "It may change something in the target."),
      field(
        "status", .choice(Status.allCases.map(\.rawValue)),
        "skipped: not sent, or met by a declared refusal; it proves nothing then."),
      field("flaky", .flag, "Passed, but not at the first attempt."),
      field("cause", .nullable(.choice(Cause.allCases.map(\.rawValue))), "Why it was skipped; null when it was not."),
      field("reason", .nullable(.text), "The same, as a sentence."),
      field("attempts", .list(.record(SmokeAttempt.description)), "In the order of sending."),
    ])
}

extension SmokeAttempt {
  static let description = RecordDescription(
    "Texts are redacted, and may hold control characters.",
    [
      field("number", .count, "1 for the first send; each retry counts on."),
      field("round", .count, "1 but for a step that is repeated until something holds."),
      field("at", .moment, "When it was due."),
      field("duration", .number, "Due to last byte."),
      field("method", .text, "As sent."), field("url", .text, "As sent; empty when the request could not be made."),
      field("headers", .list(.text), "Header lines of the step."),
      field("body", .nullable(.text), "Begin of what was sent."),
      field("traceparent", .text, "Finds the request in the target's own traces; empty when nothing was sent."),
      field("status", .nullable(.count), "Null when there was no answer."),
      field("answerHeaders", .list(.text), "Header lines of the answer."),
      field("answer", .nullable(.text), "Begin of the answer's body."),
      field("answerBytes", .count, "Bytes of the whole body."),
      field("outcome", .choice(Outcome.allCases.map(\.rawValue)), "refused: by a declared refusal."),
      field("failure", .nullable(.record(SmokeFailure.description)), "Why it failed."),
      field("curl", .nullable(.text), "The command that sends it again; secrets are variables of the shell."),
    ])
}

extension SmokeFailure {
  static let description = RecordDescription(
    "",
    [
      field("kind", .text, "As in failedByKind; within: the answer came too late."),
      field("expected", .text, "What the scenario expects."), field("actual", .text, "What came."),
      field("place", .text, "file:line:column of the expectation."),
    ])
}
