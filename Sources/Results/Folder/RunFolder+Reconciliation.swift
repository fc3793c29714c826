// SPDX-License-Identifier: Apache-2.0

extension RunFolder {
  /// Kinds of failure that are about an answer that came.
  private static let answeredKinds: Set = ["status", "header", "body", "json", "capture", "data", "render"]
  /// Counters may lag, and our own looks at them count too.
  private static let allowedShare = 0.01
  private static let allowedCount = 10.0

  /// With the target's own counts of requests beside what was sent.
  func reconciled(_ watched: WatchedRecord, totals: RunTotals) -> WatchedRecord {
    var result = watched
    result.reconciliation = reconciliation(watched, totals: totals)
    return result
  }

  /// One entry for each instance's counter, restarts of it being one.
  private func reconciliation(_ watched: WatchedRecord, totals: RunTotals) -> [Reconciliation] {
    var seen: Set<String> = []
    let counters = watched.sources.compactMap { $0.source == .scrape ? $0.requests : nil }.filter {
      seen.insert($0).inserted
    }
    return counters.flatMap { counter in
      let series = target.series(metric: counter, source: .scrape)
      var subjects: [String] = []
      for one in series where !subjects.contains(one.subject) { subjects.append(one.subject) }
      return subjects.map { subject in
        reconciliation(of: counter, subject, series.filter { $0.subject == subject }, totals: totals)
      }
    }
  }

  private func reconciliation(
    of counter: String, _ subject: String, _ instances: [TargetTable.Series], totals: RunTotals
  ) -> Reconciliation {
    let samples = instances.reduce(0) { $0 + $1.points.count }
    let answered =
      totals.ok + totals.failedByKind.reduce(0) { $0 + (Self.answeredKinds.contains($1.key) ? $1.value : 0) }
    guard samples > 1 else {
      return Reconciliation(
        metric: counter, instance: subject, server: nil, sent: totals.sent, ok: nil,
        reason: "it was read only once, so that its growth is not known")
    }
    let server = Self.growth(instances)
    let allowed = max(Self.allowedCount, Double(totals.sent) * Self.allowedShare)
    let counted =
      "it counted \(Self.whole(server)) requests, up to \(samples - 1) of them for reading it; \(totals.sent) were"
      + " sent and \(answered) answered"
    var entry = Reconciliation(
      metric: counter, instance: instances.last?.instance ?? subject, server: server, sent: totals.sent, ok: true,
      reason: counted)
    if server < Double(answered) - allowed {
      if instances.count > 1 {
        entry.ok = nil
        entry.reason += ": it was restarted, and what it counted last before that is not known"
      } else {
        entry.ok = false
        entry.reason += ": others answered in its place, or it is one of several"
      }
    } else if server > Double(totals.sent + samples) + allowed {
      entry.reason += ": others sent requests too"
    }
    return entry
  }

  /// From the first sample to the last. A counter that falls, and one of an instance that began during the run, began
  /// at 0.
  static func growth(_ instances: [TargetTable.Series]) -> Double {
    var sum = 0.0
    for (index, series) in instances.enumerated() {
      var before = index == 0 ? series.points.first?.value ?? 0 : 0
      for point in series.points {
        sum += point.value >= before ? point.value - before : point.value
        before = point.value
      }
    }
    return sum
  }

  private static func whole(_ value: Double) -> String {
    Int64(exactly: value.rounded()).map(String.init) ?? "\(value)"
  }

  /// Why the target's side makes the verdict doubtful.
  func targetDoubts(_ record: RunRecord) -> [String] {
    var doubts: [String] = []
    if let before = record.build, let after = record.buildAfter, before != after {
      doubts.append("the build changed during the run, from \(before) to \(after): its figures are of neither")
    }
    for entry in record.watched?.reconciliation ?? [] where entry.ok == false {
      doubts.append("the target's own count (\(entry.metric) of \(entry.instance)) disagrees: \(entry.reason)")
    }
    return doubts
  }
}
