// SPDX-License-Identifier: Apache-2.0

extension WatchedRecord {
  static let description = RecordDescription(
    "The target's side of the run; target.csv has the samples.",
    [
      field("sources", .list(.record(WatchedSource.description)), "Where samples came from."),
      field(
        "reconciliation", .list(.record(Reconciliation.description)),
        "The target's own counts of requests beside what was sent."),
    ])
}

extension WatchedSource {
  static let description = RecordDescription(
    "",
    [
      field("source", .choice(TargetSource.allCases.map(\.rawValue)), "How figures were learned."),
      field("name", .text, "A process, a container or service, a URL, or the name of a query."),
      field("every", .number, "Milliseconds between two samples."),
      field("memoryLimit", .nullable(.number), "Bytes that memory is held against, as declared."),
      field("requests", .nullable(.text), "The target's own counter of requests."),
      field("trouble", .nullable(.text), "Why it could not be read before the run."),
    ])
}

extension Reconciliation {
  static let description = RecordDescription(
    "",
    [
      field("metric", .text, "The target's counter."),
      field("instance", .text, "Who counted."),
      field("server", .nullable(.number), "Growth of the counter over the run, restarts handled."),
      field("sent", .count, "Requests of the run."),
      field("ok", .nullable(.flag), "False: clearly fewer than were answered; null: nothing can be said."),
      field("reason", .text, "What was compared."),
    ])
}
