// SPDX-License-Identifier: Apache-2.0

extension LedgerFigures {
  static let description = RecordDescription(
    "writes = acknowledged + refused + indeterminate; each of them ends in one of the figures of the read-back.",
    [
      field("writes", .count, "Keys that were sent."),
      field("acknowledged", .count, "By the target, whether closed since or not."),
      field("refused", .count, "Declared refusals."),
      field("indeterminate", .count, "No answer told."),
      field("closed", .count, "Part of acknowledged: taken away again, as the target said."),
      field("kept", .count, "Acknowledged and found once."),
      field("lost", .count, "Acknowledged and not found: the run fails."),
      field("duplicated", .count, "Found more than once: the run fails."),
      field("recovered", .count, "Indeterminate and found."),
      field("notWritten", .count, "Indeterminate and not found."),
      field("gone", .count, "Closed and not found."),
      field("goneUnclear", .count, "Not found after a closing step whose answer did not tell: undone by it, or lost."),
      field("stillThere", .count, "Closed and still found: the close had no effect, and the run fails."),
      field("absent", .count, "Refused and not found."),
      field("unexpected", .count, "Refused and found."),
      field("unknown", .count, "Could not be read back: the run is inconclusive."),
      field("unchecked", .count, "Of steps without `read`."),
      field("named", .list(.record(LedgerFinding.description)), "The first keys of each finding to look at."),
    ])
}

extension LedgerFinding {
  static let description = RecordDescription(
    "",
    [
      field("finding", .choice(LedgerFinding.Kind.allCases.map(\.rawValue)), "What was found."),
      field("scenario", .text, "Scenario of the write."), field("step", .text, "Step of the write."),
      field("key", .text, "As in ledger.jsonl."),
      field("found", .nullable(.count), "How often it was found; null when that is not known."),
      field("reason", .nullable(.text), "Why it is not known."),
    ])
}
