// SPDX-License-Identifier: Apache-2.0

extension CapacityRecord {
  static let description = RecordDescription(
    "What a search for capacity found. Rates are arrivals per second.",
    [
      field("schema", .constant(currentSchema), "Kind and version of this record."),
      field("tool", .record(ToolRecord.description), "What made the search."),
      field("plan", .text, "Name of the plan."), field("target", .text, "Base URL."),
      field("started", .moment, "Begin of the first trial."), field("ended", .moment, "End of the last one."),
      field("rules", .list(.text), "What had to hold, as written."),
      field("trials", .list(.record(Trial.description)), "In their order."),
      field("held", .nullable(.number), "Highest rate that held in a long trial; null when none did."),
      field("broke", .nullable(.number), "Lowest rate above it that broke; null when none did."),
      field("notTestedAbove", .nullable(.text), "Why nothing above is known, when that is not the system's doing."),
      field("interrupted", .flag, "Stopped by a person or a signal."),
      field("demo", .flag, "Against a stand-in on the same machine: never evidence for a real system."),
      field("verdict", verdictKind, "pass: a rate is known that held; fail: even the lowest one broke."),
    ])
}

extension CapacityRecord.Trial {
  static let description = RecordDescription(
    "",
    [
      field("rate", .number, "Arrivals per second."), field("confirmation", .flag, "A longer trial."),
      field("outcome", .choice(["held", "broke", "untested"]), "untested: nothing can be said about the system."),
      field("reason", .text, "Why."), field("folder", .text, "Its run folder, inside this one."),
    ])
}
