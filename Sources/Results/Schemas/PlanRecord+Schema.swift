// SPDX-License-Identifier: Apache-2.0

extension PlanRecord {
  static let description = RecordDescription(
    "",
    [
      field("name", .text, "As written in the plan."),
      field(
        "model", .choice(["open", "closed", "smoke"]),
        "open: arrivals by a schedule; closed: users that wait for answers; smoke: one pass through each scenario."),
      field("mix", .list(.record(MixRecord.description)), "Shares of the arrivals."),
      field("phases", .list(.record(PhaseRecord.description)), "In their order, as planned and as they went."),
      field("steps", .list(.record(StepRecord.description)), "Every step of every scenario."),
    ])
}

extension MixRecord {
  static let description = RecordDescription(
    "", [field("scenario", .text, "Name."), field("share", .number, "Fraction of the arrivals.")])
}

extension PhaseRecord {
  static let description = RecordDescription(
    "",
    [
      field("name", .text, "As written in the plan."),
      field("start", .count, "Second of the run in which it begins."),
      field("seconds", .count, "Whole seconds it lasted."),
      field("plannedSeconds", .count, "Whole seconds it was to last."),
      field("steady", .flag, "Marked steady, or none is marked."),
      field("rate", .text, "As written."),
      field("from", .number, "Arrivals per second or users at its begin."),
      field("to", .number, "Arrivals per second or users at its end."),
      field("mix", .text, "Tells phases with different mixes apart; empty when the plan has one mix."),
    ])
}

extension StepRecord {
  static let description = RecordDescription(
    "",
    [
      field("scenario", .text, "Name of its scenario."), field("step", .text, "Name."),
      field("probe", .flag, "Left out of per-step rules."),
      field("replyWithin", .nullable(.number), "Milliseconds after which a reply is late; null: none is awaited."),
      field("readBack", .nullable(.flag), "Its writes can be read back; null for a step that writes nothing."),
      field("perJourney", .nullable(.number), "Requests of an average journey; 0: sent by a setup only."),
    ])
}

extension PeakRecord {
  static let description = RecordDescription(
    "",
    [
      field("rate", .text, "As written."), field("arrivalsPerSecond", .number, "What that comes to."),
      field("source", .nullable(.text), "Where the figure is from."),
      field("by", .nullable(.text), "Who declared it."),
      field("mix", .nullable(.list(.record(MixRecord.description))), "Declared shares of the arrivals."),
    ])
}

extension SettingsRecord {
  static let description = RecordDescription(
    "",
    [
      field("thresholds", .list(.text), "Rules as written; none: errors < 1% by estimate."),
      field("confidence", .nullable(.number), "One-sided, a fraction; null: judged by estimate."),
      field("timeout", .number, "Milliseconds allowed for one request."),
      field("drain", .number, "Milliseconds allowed to running journeys after the last arrival."),
      field("maxInFlight", .nullable(.count), "Most requests under way at once."),
    ])
}

extension Provenance {
  static let description = RecordDescription(
    "",
    [
      field("host", .text, "Name of the generator's machine."), field("kernel", .text, "Its kernel."),
      field("processors", .count, "Processors it could use."), field("workers", .count, "Sending threads."),
      field("libraries", .table(.text), "Versions by name."),
      field("binary", .nullable(.text), "SHA-256 of the program."),
      field("commandLine", .list(.text), "As typed, secrets redacted."),
    ])
}
