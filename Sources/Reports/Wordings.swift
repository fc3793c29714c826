// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results

/// Sentences that terminal and Markdown share. Texts of others come back as they were: whoever shows them escapes them.
enum Wordings {
  static let demo = "DEMO: the embedded reference hotel was measured, not a real system"

  /// On one line, whatever the width.
  static func demo(columns: Int) -> String { columns < demo.count ? "DEMO: not a real system" : demo }

  static let insecure = "certificates were NOT verified"
  static let interrupted = "stopped by hand before its end; figures go as far as the run did"
  static let sameMachine = "generator and target shared this machine: they took processor time from each other"
  static let columns =
    "Response: due to last byte. Service: handed to the network to last byte. Failed requests rank behind all others."

  /// `value 123 ms, at most 140 ms, n 3,600 (as 1,800 independent ones), 95 % confidence`.
  static func numbers(of threshold: ThresholdRecord) -> String {
    var parts: [String] = []
    // A rule on windows that held has no one value.
    if threshold.value != nil || threshold.verdict != .pass {
      parts.append("measured \(value(threshold.value, threshold))")
    }
    if let bound = threshold.bound { parts.append("bound \(value(bound, threshold))") }
    parts.append("n \(NumberText.count(threshold.n))")
    if threshold.n > 0, threshold.confidence != nil {
      parts.append("effective n \(NumberText.count(Int(threshold.effectiveN.rounded())))")
    }
    parts.append(threshold.confidence.map { "\(NumberText.share($0)) confidence" } ?? "by estimate")
    return parts.joined(separator: ", ")
  }

  static func value(_ value: Double?, _ threshold: ThresholdRecord) -> String {
    guard let value else {
      return threshold.n > 0 && threshold.unit == "milliseconds" ? "beyond all limits" : "nothing"
    }
    switch threshold.unit {
    case "milliseconds": return NumberText.milliseconds(value)
    case "fraction": return NumberText.share(value)
    case "perSecond": return NumberText.perSecond(value)
    default: return NumberText.plain(value)
    }
  }

  /// A time of so many requests; failed ones have none.
  static func time(_ milliseconds: Double?, requests: Int) -> String {
    milliseconds == nil && requests > 0 ? "failed" : NumberText.milliseconds(milliseconds)
  }

  static func arrivals(_ totals: ArrivalTotals) -> [String] {
    func text(_ value: Int) -> String { NumberText.count(value) }
    return [
      "\(text(totals.planned)) planned = \(text(totals.started)) started + \(text(totals.unsent)) unsent",
      "\(text(totals.started)) started = \(text(totals.completed)) completed + \(text(totals.failed)) failed"
        + " + \(text(totals.cut)) cut",
    ]
  }

  static func requests(_ totals: RunTotals) -> [String] {
    func text(_ value: Int) -> String { NumberText.count(value) }
    var lines = [
      "\(text(totals.planned)) due = \(text(totals.sent)) sent + \(text(totals.unsent)) unsent",
      "\(text(totals.sent)) sent = \(text(totals.ok)) ok + \(text(totals.failed)) failed"
        + " + \(text(totals.inFlight)) in flight",
    ]
    if totals.refused + totals.slow > 0 {
      lines.append("of the ok: \(text(totals.refused)) refused as declared, \(text(totals.slow)) slow")
    }
    return lines
  }

  /// Most frequent first.
  static func failures(_ totals: RunTotals) -> String {
    totals.failedByKind.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .map { "\($0.key) \(NumberText.count($0.value))" }.joined(separator: ", ")
  }

  static func replies(_ replies: ReplyFigures) -> String {
    "\(NumberText.count(replies.count)) came, \(NumberText.count(replies.lost)) lost, "
      + "\(NumberText.count(replies.duplicated)) duplicated; p50 \(NumberText.milliseconds(replies.p50)), "
      + "p95 \(NumberText.milliseconds(replies.p95)), p99 \(NumberText.milliseconds(replies.p99))"
  }

  /// The steady figures of those answered as expected, for beside the figures of all.
  static func answered(_ figures: TimeFigures) -> String {
    func text(_ value: Double?) -> String { NumberText.milliseconds(value) }
    return "p50 \(text(figures.p50)), p95 \(text(figures.p95)), p99 \(text(figures.p99)), max \(text(figures.max));"
      + " failed requests left out"
  }

  static let unequalLoads = "steady phases offer unequal loads: these figures mix them, rules are judged per phase"

  static func health(_ generator: GeneratorFigures) -> String {
    let lag = generator.ownLag
    let blocked = generator.blocked
    return "\(generator.healthy ? "healthy" : "NOT HEALTHY"): own lag p99 \(NumberText.milliseconds(lag.p99)), "
      + "max \(NumberText.milliseconds(lag.max)); blocked by the target p99 \(NumberText.milliseconds(blocked.p99)), "
      + "max \(NumberText.milliseconds(blocked.max)); worker busy \(NumberText.share(generator.busyShare))"
  }

  static func worst(_ worst: WorstStretch) -> String {
    "from \(NumberText.duration(seconds: Double(worst.start))): p95 \(time(worst.response.p95, requests: worst.requests)), "
      + "p99 \(time(worst.response.p99, requests: worst.requests)), errors \(NumberText.share(worst.errorRate)), "
      + "\(NumberText.count(worst.requests)) requests"
  }

  /// Nil also when a person stopped the run: that is said already.
  static func stopReason(_ record: RunRecord) -> String? {
    record.interrupted && record.stopReason == "interrupted" ? nil : record.stopReason
  }

  /// The first few keys, and how many more there are.
  static func leftBehind(_ record: RunRecord) -> [String] {
    let keys = record.leftBehind
    let count = record.leftBehindCount
    if count == 0 { return [] }
    let shown = 5
    var lines = [
      "\(NumberText.count(count)) \(count == 1 ? "write is" : "writes are") still in the target"
        + " (ledger.jsonl has \(count == 1 ? "it" : "all of them")):"
    ]
    lines += keys.prefix(shown).map { "\($0.scenario)/\($0.step) \($0.key) (\($0.state))" }
    if count > shown { lines.append("and \(NumberText.count(count - shown)) more") }
    return lines
  }
}
