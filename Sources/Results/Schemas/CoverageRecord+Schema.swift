// SPDX-License-Identifier: Apache-2.0

extension CoverageRecord {
  static let description = RecordDescription(
    "Which operations of the target were called, out of those it says it has.",
    [
      field("source", .text, "Where the operations are written."),
      field("operations", .list(.record(CoveredOperation.description)), "All of them."),
      field("gaps", .list(.text), "Neither called nor ignored."),
      field("undocumented", .list(.text), "Requests that no operation describes."),
      field("unusedIgnores", .list(.text), "Entries of `ignore` that fit no operation."),
    ])
}

extension CoveredOperation {
  static let description = RecordDescription(
    "",
    [
      field("operation", .text, "Method and path."), field("called", .count, "Answered requests."),
      field("ignored", .nullable(.text), "Why it need not be called; null when it must."),
    ])
}
