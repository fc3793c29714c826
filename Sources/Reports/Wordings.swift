// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results

/// Sentences that terminal and Markdown share. Texts of others come back as they were: whoever shows them escapes them.
enum Wordings {
  static let demo = "DEMO: a stand-in on this machine was measured, not a real system"

  /// On one line, whatever the width.
  static func demo(columns: Int) -> String { columns < demo.count ? "DEMO: a stand-in, not a real system" : demo }

  static let insecure = "certificates were NOT verified"
  static let sameMachine = "generator and target shared this machine and its processors"
  static let columns =
    "Response: due to last byte. Service: handed to the network to last byte. Failed requests rank behind all others."

  /// `stage-2 (staging)`; the kind only where the name does not say it.
  static func environment(_ name: String, kind: String?) -> String {
    name + (kind.map { $0 == name ? "" : " (\($0))" } ?? "")
  }

  /// FAIL, INCONCLUSIVE, PASS; as written within each.
  static func worstFirst(_ thresholds: [ThresholdRecord]) -> [ThresholdRecord] {
    [Verdict.fail, .inconclusive, .pass].flatMap { verdict in thresholds.filter { $0.verdict == verdict } }
  }

  /// `182 ms, at most 192 ms with 95 % confidence, n 43,200, effective n 21,600`.
  static func numbers(of threshold: ThresholdRecord) -> String {
    var parts: [String] = []
    if measured(threshold) != "-" { parts.append(measured(threshold)) }
    if let confidence = threshold.confidence {
      if threshold.bound != nil { parts.append("\(bound(threshold)) with \(NumberText.share(confidence)) confidence") }
    } else {
      parts.append(threshold.unit == "count" ? "by count" : "by estimate")
    }
    parts.append("n \(NumberText.count(threshold.n))")
    if threshold.n > 0, threshold.confidence != nil {
      parts.append("effective n \(NumberText.count(Int(threshold.effectiveN.rounded())))")
    }
    return parts.joined(separator: ", ")
  }

  /// `-` where there is no one value: nothing measured, or a rule on windows.
  static func measured(_ threshold: ThresholdRecord) -> String {
    guard threshold.value == nil else { return value(threshold.value, threshold) }
    let isWindowed = (try? Threshold.parse(threshold.expression))?.windowSeconds != nil
    return threshold.n > 0 && threshold.unit == "milliseconds" && !isWindowed ? "failed" : "-"
  }

  /// `at most 192 ms`: with the record's confidence it is no more. `by estimate` when the figure alone decided.
  static func bound(
    _ threshold: ThresholdRecord, atMost: String = "at most", atLeast: String = "at least"
  ) -> String {
    guard threshold.confidence != nil else { return threshold.unit == "count" ? "by count" : "by estimate" }
    guard threshold.bound != nil else { return "-" }
    let bound = value(threshold.bound, threshold)
    guard let comparison = (try? Threshold.parse(threshold.expression))?.comparison else { return bound }
    let isUpperLimit = comparison == .less || comparison == .lessOrEqual
    return ((threshold.verdict == .fail) == isUpperLimit ? atLeast : atMost) + " " + bound
  }

  private static func value(_ value: Double?, _ threshold: ThresholdRecord) -> String {
    switch threshold.unit {
    case "milliseconds": NumberText.milliseconds(value)
    case "fraction": NumberText.share(value)
    case "perSecond": NumberText.perSecond(value)
    case "bytes": value.map { Wording.bytes($0) } ?? "-"
    default: NumberText.plain(value)
    }
  }

  /// A time of so many requests; failed ones have none.
  static func time(_ milliseconds: Double?, requests: Int) -> String {
    milliseconds == nil && requests > 0 ? "failed" : NumberText.milliseconds(milliseconds)
  }

  static func arrivals(_ totals: ArrivalTotals) -> [Equation] {
    [
      Equation((totals.planned, "planned"), (totals.started, "started"), (totals.unsent, "unsent")),
      Equation(
        (totals.started, "started"), (totals.completed, "completed"), (totals.failed, "failed"), (totals.cut, "cut")),
    ]
  }

  static func requests(_ totals: RunTotals) -> [Equation] {
    [
      Equation((totals.planned, "due"), (totals.sent, "sent"), (totals.unsent, "unsent")),
      Equation(
        (totals.sent, "sent"), (totals.ok, "ok"), (totals.failed, "failed"), (totals.inFlight, "in flight")),
    ]
  }

  /// Nil when every answer was plainly good.
  static func specialAnswers(_ totals: RunTotals) -> String? {
    guard totals.refused + totals.slow > 0 else { return nil }
    return "of the ok: \(NumberText.count(totals.refused)) refused as declared, \(NumberText.count(totals.slow)) slow"
  }

  /// Most frequent first.
  static func failures(_ totals: RunTotals) -> String {
    totals.failedByKind.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      .map { "\($0.key) \(NumberText.count($0.value))" }.joined(separator: ", ")
  }

  /// Counts, then times: a percentile among the lost ones has none.
  static func replies(_ replies: ReplyFigures) -> [String] {
    var terms = [(replies.awaited, "awaited"), (replies.count, "came"), (replies.lost, "lost")]
    if replies.open > 0 { terms.append((replies.open, "open")) }
    func time(_ value: Double?) -> String {
      value == nil && replies.lost > 0 ? "lost" : NumberText.milliseconds(value)
    }
    return [
      "\(Equation(terms).sentence); \(NumberText.count(replies.late)) late, "
        + "\(NumberText.count(replies.duplicated)) duplicated",
      "reply time p50 \(time(replies.p50)), p95 \(time(replies.p95)), p99 \(time(replies.p99))",
    ]
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
    if lag.p99 == nil, generator.healthy { return "nothing was sent in a steady phase" }
    let blocked = generator.blocked
    let waiting =
      blocked.max ?? 0 == 0
      ? "never blocked by the target"
      : "blocked by the target p99 \(NumberText.milliseconds(blocked.p99)), max \(NumberText.milliseconds(blocked.max))"
    return "\(generator.healthy ? "healthy" : "NOT HEALTHY"): own lag p99 \(NumberText.milliseconds(lag.p99)), "
      + "max \(NumberText.milliseconds(lag.max)); worker busy \(NumberText.share(generator.busyShare)); \(waiting)"
  }

  static func connections(_ connections: ConnectionFigures) -> String {
    let opened = "\(NumberText.count(connections.run.opened)) opened"
    guard let steady = connections.steady, steady.reuse != nil else {
      guard let reuse = connections.run.reuse else { return opened }
      return "\(opened): \(NumberText.share(reuse)) of the requests reused one"
    }
    return "\(opened), \(NumberText.count(steady.opened)) while steady: "
      + "\(NumberText.share(steady.reuse)) of the requests there reused one"
  }

  static func worst(_ worst: WorstStretch) -> String {
    "from \(NumberText.duration(seconds: Double(worst.start))): p95 \(time(worst.response.p95, requests: worst.requests)), "
      + "p99 \(time(worst.response.p99, requests: worst.requests)), errors \(NumberText.share(worst.errorRate)), "
      + "\(NumberText.count(worst.requests)) requests"
  }

  static let searchInterrupted = "the answer is as far as the search came"

  static func capacity(_ record: CapacityRecord) -> String {
    switch (record.held, record.broke) {
    case (let held?, let broke?):
      "\(NumberText.plain(held)) arrivals/s held, \(NumberText.plain(broke)) broke: the capacity lies between"
    case (let held?, nil):
      "\(NumberText.plain(held)) arrivals/s held"
        + (record.notTestedAbove.map { "; nothing above is known: \($0)" } ?? "")
    case (nil, let broke?): "no rate held: \(NumberText.plain(broke)) arrivals/s broke"
    case (nil, nil): "no rate could be tested: \(record.notTestedAbove ?? "the search did not begin")"
    }
  }

  /// What became of the writes; two lines, the second of the read-back.
  static func ledger(_ ledger: LedgerFigures) -> [String] {
    func parts(_ figures: [(Int, String)]) -> String {
      figures.filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) \($0.1)" }.joined(separator: ", ")
    }
    let told = parts([
      (ledger.acknowledged, "acknowledged" + (ledger.closed > 0 ? " (\(NumberText.count(ledger.closed)) closed)" : "")),
      (ledger.refused, "refused"), (ledger.indeterminate, "without an answer that tells"),
    ])
    let found = parts([
      (ledger.lost, "LOST"), (ledger.duplicated, "DUPLICATED"),
      (ledger.stillThere, "still there after a close that had no effect"), (ledger.kept, "kept"), (ledger.gone, "gone"),
      (ledger.recovered, "recovered"), (ledger.notWritten, "not written"),
      (ledger.goneUnclear, "gone after a close without an answer that tells"), (ledger.absent, "absent as refused"),
      (ledger.unexpected, "there although refused"), (ledger.unknown, "unknown"),
      (ledger.unchecked, "never to be checked: their steps have no `read`"),
    ])
    let none = ledger.acknowledged == 0 ? "; none was acknowledged, so none can be lost" : ""
    return ["\(NumberText.count(ledger.writes)): \(told)\(none)", "read back: \(found)"]
  }

  /// The first few keys, and how many more there are.
  static func leftBehind(_ record: RunRecord, directory: String? = nil) -> [String] {
    let keys = record.leftBehind
    let count = record.leftBehindCount
    if count == 0 { return [] }
    if record.embedded == true {
      return [
        "nothing: the \(count == 1 ? "write" : "\(NumberText.count(count)) writes") went with the DEMO's database"
      ]
    }
    let shown = 5
    var lines = [
      "\(NumberText.count(count)) \(count == 1 ? "write is" : "writes are") still in the target"
        + " (ledger.jsonl has \(count == 1 ? "it" : "all of them")):"
    ]
    lines += keys.prefix(shown).map { "\($0.scenario)/\($0.step) \($0.key) (\($0.state))" }
    if count > shown { lines.append("and \(NumberText.count(count - shown)) more") }
    if let directory { lines.append("gonogo clean \(directory) takes \(count == 1 ? "it" : "them") away") }
    return lines
  }
}
