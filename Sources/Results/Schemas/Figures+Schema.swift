// SPDX-License-Identifier: Apache-2.0

extension TimeFigures {
  static let description = RecordDescription(
    """
    Milliseconds; a quantile is null without requests and when it falls among the failed ones, which count as beyond \
    every limit.
    """,
    [
      field("p50", .nullable(.number), "Median."), field("p95", .nullable(.number), "95th percentile."),
      field("p99", .nullable(.number), "99th percentile."), field("p999", .nullable(.number), "99.9th percentile."),
      field("max", .nullable(.number), "Longest, failed ones with the time until they failed."),
      field("mean", .nullable(.number), "Of all, failed ones with the time until they failed."),
    ])
}

extension SteadyFigures {
  static let description = RecordDescription(
    "",
    [
      field("seconds", .count, "Length."), field("requests", .count, "Sent."),
      field("rate", .nullable(.number), "Answered as expected per second, by the second of their last byte."),
      field("errorRate", .nullable(.number), "(failed + inFlight) / sent."),
      field("response", .record(TimeFigures.description), "Due to last byte."),
      field("service", .record(TimeFigures.description), "Handed to the network to last byte."),
      field("answered", .record(TimeFigures.description), "Response time of those answered as expected."),
      field("worst", .nullable(.record(WorstStretch.description)), "Worst five minutes; null without a phase as long."),
      field("equalLoads", .flag, "All steady phases offer the same load; if not, these figures mix them."),
    ])
}

extension WorstStretch {
  static let description = RecordDescription(
    "",
    [
      field("start", .count, "Second of the run."), field("seconds", .count, "Length."),
      field("requests", .count, "Sent."), field("errorRate", .nullable(.number), "(failed + inFlight) / sent."),
      field("response", .record(TimeFigures.description), "Due to last byte."),
    ])
}

extension StepFigures {
  static let description = RecordDescription(
    "",
    [
      field("scenario", .text, "Name of its scenario."), field("step", .text, "Name."),
      field("probe", .flag, "Left out of per-step rules."), field("requests", .count, "Sent."),
      field("errors", .count, "failed + inFlight."), field("refused", .count, "Declared business refusals."),
      field("slow", .count, "Later than the step's own limit."),
      field("response", .record(TimeFigures.description), "Due to last byte."),
      field("service", .record(TimeFigures.description), "Handed to the network to last byte."),
    ])
}

extension JourneyFigures {
  static let description = RecordDescription(
    "",
    [
      field("scenario", .text, "Name."), field("arrivals", .record(ArrivalTotals.description), "Its arrivals."),
      field("duration", .record(TimeFigures.description), "Begin to end; failed and cut ones are beyond every limit."),
    ])
}

extension ReplyFigures {
  static let description = RecordDescription(
    """
    Over the whole run: awaited = count + lost + open. Milliseconds from the due time of a message's first delivery to \
    the arrival of its reply; lost ones count as beyond every limit.
    """,
    [
      field("awaited", .count, "Messages accepted whose reply was to come."),
      field("count", .count, "Came, late ones included."), field("late", .count, "Came after their step's own limit."),
      field("lost", .count, "Not there at the end of the drain."),
      field("open", .count, "Not there when the run was cut short."),
      field("duplicated", .count, "Replies beyond the first to a message."),
      field("p50", .nullable(.number), "Median."), field("p95", .nullable(.number), "95th percentile."),
      field("p99", .nullable(.number), "99th percentile; null, like all, when it falls among the lost ones."),
    ])
}

extension DelayFigures {
  static let description = RecordDescription(
    "Milliseconds; null when nothing was sent.",
    [
      field("p50", .nullable(.number), "Median."), field("p99", .nullable(.number), "99th percentile."),
      field("max", .nullable(.number), "Longest."),
    ])
}

extension GeneratorFigures {
  static let description = RecordDescription(
    "",
    [
      field("healthy", .flag, "If not, rules on time are inconclusive."),
      field("ownLag", .record(DelayFigures.description), "Actual send minus the moment sending was allowed."),
      field("blocked", .record(DelayFigures.description), "Waiting because the target held every slot."),
      field("cpuShare", .nullable(.number), "Processor time per second; 1 is one processor."),
      field("busyShare", .nullable(.number), "Of the busiest worker, a fraction."),
      field("steal", .nullable(.number), "Processor time kept back by the hypervisor, a fraction."),
      field("onSchedule", .nullable(.number), "Fraction of the requests sent within 100 ms of being allowed."),
      field("reasons", .list(.text), "Why it is not healthy."),
    ])
}

extension ConnectionUse {
  static let description = RecordDescription(
    "",
    [
      field("opened", .count, "Connections opened."),
      field("requestsPerConnection", .nullable(.number), "Sent / opened; null when none was opened."),
      field("reuse", .nullable(.number), "1 - opened / sent, never below 0; null when nothing was sent."),
    ])
}

extension ConnectionFigures {
  static let description = RecordDescription(
    "",
    [
      field("run", .record(ConnectionUse.description), "The whole run."),
      field("steady", .nullable(.record(ConnectionUse.description)), "Seconds of the steady phases; null without one."),
    ])
}

extension ThresholdRecord {
  static let description = RecordDescription(
    "",
    [
      field("expression", .text, "As written."),
      field(
        "value", .nullable(.number), "Measured; null when there is none, or a quantile falls among the failed ones."),
      field("bound", .nullable(.number), "Confidence bound that decided; null when judged by estimate."),
      field("n", .count, "Requests that were judged."),
      field("effectiveN", .number, "Independent requests that would have told as much."),
      field("verdict", verdictKind, "What was found."), field("reason", .text, "Why, in words."),
      field("remark", .nullable(.text), "The part of the reason that the numbers do not say."),
      field("confidence", .nullable(.number), "One-sided, a fraction; null: judged by estimate."),
      field(
        "unit", .choice(["milliseconds", "fraction", "perSecond", "count", "bytes", "number"]),
        "Of value, bound and limit."),
      field("limit", .number, "The rule's limit."),
    ])
}

extension ItemRecord {
  static let description = RecordDescription(
    "",
    [
      field("id", .text, "Id of the row."), field("status", .choice(ItemStatus.allCases.map(\.rawValue)), "Its mark."),
      field("reason", .text, "Why, and for pending what would prove it."),
      field("value", .nullable(.number), "The figure that decided, in unit; null where no single one does."),
      field("bound", .nullable(.number), "The 95 % bound that decided, in unit; null where none did."),
      field("limit", .nullable(.number), "What value and bound are held against, in unit."),
      field("unit", .nullable(.choice(ItemUnit.allCases.map(\.rawValue))), "Of value, bound and limit."),
      field("n", .nullable(.count), "Requests that were judged."),
      field("part", .nullable(.text), "The step, scenario or instance that decided; null: all requests, or none."),
      field("command", .nullable(.text), "What measures it again, as typed."),
    ])
}
