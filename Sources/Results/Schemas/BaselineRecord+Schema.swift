// SPDX-License-Identifier: Apache-2.0

extension BaselineRecord {
  static let description = RecordDescription(
    """
    What a run that passed at the declared peak found, for later runs to be held against. Of the steady phases; times \
    are milliseconds, shares fractions.
    """,
    [
      field("schema", .constant(currentSchema), "Kind and version of this record."),
      field("tool", .record(ToolRecord.description), "What made the run."),
      field("runId", .text, "Of the run."), field("started", .moment, "Begin of the run."),
      field("plan", .text, "Name of the plan."), field("target", .text, "Base URL."),
      field("environment", .nullable(.text), "Declared name; null for a target on this machine that nobody declared."),
      field("build", .nullable(.text), "Build of the target."),
      field("demo", .flag, "Against a stand-in on the same machine."),
      field("peak", .number, "Arrivals per second that were declared and held."),
      field("seconds", .count, "Length of the steady phases."),
      field("pooled", .record(BaselineFigures.description), "Of all requests."),
      field("steps", .list(.record(BaselineStep.description)), "In the order of the plan."),
    ])
}

extension BaselineFigures {
  static let description = RecordDescription(
    "",
    [
      field("n", .count, "Requests sent."), field("errorRate", .nullable(.number), "(failed + inFlight) / sent."),
      field("rate", .nullable(.number), "Answered as expected per second; null for a step."),
      field("p50", .nullable(.number), "Median of the response times."),
      field("p95", .nullable(.number), "95th percentile."),
      field("p99", .nullable(.number), "99th percentile; null, like all, when it falls among the failed requests."),
    ])
}

extension BaselineStep {
  static let description = RecordDescription(
    "",
    [
      field("scenario", .text, "Name of its scenario."), field("step", .text, "Name."),
      field("figures", .record(BaselineFigures.description), "Of its requests."),
    ])
}
