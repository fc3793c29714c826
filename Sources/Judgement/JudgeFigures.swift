// SPDX-License-Identifier: Apache-2.0

extension Judge {
  /// avg, min, max, rate, count, and whatever is compared with == or !=: the figure alone decides.
  func judgeFigure(
    _ threshold: Threshold, _ selection: Selection, _ finding: inout Finding
  ) throws(SelectionError) {
    if case .writes(let event) = threshold.figure { return judgeWrites(threshold, event, &finding) }
    if case .target(let figure) = threshold.figure { return try judgeTarget(threshold, figure, selection, &finding) }
    let totals = try run.totals(of: selection)
    let n = threshold.figure.isAboutReplies ? try run.replies(of: selection).awaited : totals.sent
    finding.n = n
    finding.effectiveN = Double(n)
    switch threshold.figure {
    case .replies(let event): try judgeReplies(threshold, event, selection, &finding)
    case .count: decide(threshold, Double(totals.sent), &finding)
    case .rate: judgeRate(threshold, totals, &finding)
    case .mean(let measure), .minimum(let measure):
      let times = try run.answeredTimes(of: selection, measure: measure)
      let leftOut =
        measure == .reply
        ? try run.replies(of: selection).awaited - (times?.count ?? 0) : totals.failed + totals.inFlight
      judgeTimes(threshold, times, leftOut: leftOut, &finding)
    case .maximum(let measure): try judgeMaximum(threshold, measure, selection, &finding)
    case .quantile(let measure, let q):
      guard n > 0 else { return nothingMeasured(threshold, &finding) }
      let value = try run.quantile(q, of: selection, measure: measure)
      decide(threshold, value ?? .infinity, &finding)
    case .errors, .slow, .refused, .unsent, .replyShare: try judgeEqual(threshold, selection, &finding)
    case .writes, .target: break
    }
  }

  func nothingMeasured(_ threshold: Threshold, _ finding: inout Finding) {
    finding.explain(
      threshold.figure.isAboutReplies
        ? "nothing was measured: no reply was awaited here"
        : "nothing was measured: no request of this selection was made")
  }

  /// By count, which needs no confidence: one reply too many that was lost is a fact.
  private func judgeReplies(
    _ threshold: Threshold, _ event: ReplyEvent, _ selection: Selection, _ finding: inout Finding
  ) throws(SelectionError) {
    let totals = try run.replies(of: selection)
    guard totals.awaited > 0 else { return nothingMeasured(threshold, &finding) }
    let count = totals.count(of: event)
    finding.value = Double(count)
    finding.verdict = threshold.comparison.holds(Double(count), threshold.limit) ? .pass : .fail
    let shown = count == 0 ? "none" : Wording.count(count)
    finding.explain("\(shown) \(event.rawValue), of \(Wording.count(totals.awaited)) replies awaited, by count")
    guard event != .duplicated, totals.open > 0, finding.verdict == .pass else { return }
    finding.verdict = .inconclusive
    finding.explain("\(finding.reason); \(Wording.count(totals.open)) were still awaited when the run was cut")
  }

  /// By count, of all writes of the run. What nobody could ask is no proof that nothing is lost.
  private func judgeWrites(_ threshold: Threshold, _ event: WriteEvent, _ finding: inout Finding) {
    let totals = run.writes ?? WriteTotals()
    finding.n = totals.acknowledged
    finding.effectiveN = Double(totals.acknowledged)
    let count = event == .lost ? totals.lost : totals.duplicated
    guard totals.acknowledged > 0 || count > 0 else {
      return finding.explain("no write was acknowledged in this run, so that none could be \(event.rawValue)")
    }
    finding.value = Double(count)
    finding.verdict = threshold.comparison.holds(Double(count), threshold.limit) ? .pass : .fail
    let shown = count == 0 ? "none" : Wording.count(count)
    finding.explain(
      "\(shown) \(event.rawValue), of \(Wording.count(totals.acknowledged)) writes acknowledged, by count")
    guard totals.unread > 0, finding.verdict == .pass else { return }
    finding.verdict = .inconclusive
    finding.explain("\(finding.reason); \(Wording.count(totals.unread)) could not be read back")
  }

  /// Infinity stands for a time among the failed ones: there is no value to show then.
  private func decide(_ threshold: Threshold, _ value: Double, _ finding: inout Finding) {
    finding.value = value.isFinite ? value : nil
    finding.verdict = threshold.comparison.holds(value, threshold.limit) ? .pass : .fail
    let shown =
      switch threshold.figure {
      case .quantile, .mean, .minimum, .maximum:
        value.isFinite
          ? Wording.time(value, apartFrom: threshold.limit) : "no time, since it falls among the failed ones"
      case .rate: "\(Wording.number(value, digits: 4)) requests/s"
      case .count: Wording.count(Int(value), "request")
      case .replies, .writes: Wording.count(value)
      case .errors, .slow, .refused, .unsent, .replyShare: Wording.share(value, apartFrom: threshold.limit)
      case .target(let figure): figure.shown(value, apartFrom: threshold.limit)
      }
    finding.reason = "measured \(shown), judged by the estimate alone"
  }

  private func judgeRate(_ threshold: Threshold, _ totals: RequestTotals, _ finding: inout Finding) {
    guard totals.seconds > 0, totals.due > 0 else { return nothingMeasured(threshold, &finding) }
    decide(threshold, Double(totals.completedOk) / Double(totals.seconds), &finding)
  }

  private func judgeTimes(
    _ threshold: Threshold, _ times: AnsweredTimes?, leftOut: Int, _ finding: inout Finding
  ) {
    guard let times, times.count > 0 else {
      finding.explain("nothing was measured: no \(threshold.figure.noun) of this selection was answered")
      return
    }
    if case .mean = threshold.figure {
      decide(threshold, times.mean, &finding)
    } else {
      decide(threshold, times.minimum, &finding)
    }
    if leftOut > 0 {
      let words =
        threshold.figure.isAboutReplies
        ? "\(Wording.count(leftOut)) that did not come left out"
        : "\(Wording.count(leftOut, "failed request")) left out"
      finding.reason += "; " + words
      finding.remark = words
    }
  }

  /// One failed request, or one over the limit, is enough: the maximum is then beyond every limit.
  private func judgeMaximum(
    _ threshold: Threshold, _ measure: Measure, _ selection: Selection, _ finding: inout Finding
  ) throws(SelectionError) {
    guard let event = threshold.countedEvent else { return }
    let evidence = ShareEvidence(try run.batches(of: selection, counting: event, batchSeconds: 5))
    finding.n = evidence.n
    finding.effectiveN = Double(evidence.n)
    guard evidence.n > 0 else { return nothingMeasured(threshold, &finding) }
    let longest = try run.answeredTimes(of: selection, measure: measure)?.maximum
    let isUpperLimit = threshold.comparison == .less || threshold.comparison == .lessOrEqual
    let missing: CountedEvent = measure == .reply ? .reply(.lost) : .failed
    let failed = try run.batches(of: selection, counting: missing, batchSeconds: 5).reduce(0) { $0 + $1.possiblyOver }
    decide(threshold, failed == 0 ? longest ?? .infinity : .infinity, &finding)
    if isUpperLimit, evidence.surelyOver > 0 {
      finding.verdict = .fail
      finding.explain(
        "\(Wording.count(evidence.surelyOver)) of \(Wording.count(evidence.n)) beyond \(Wording.time(threshold.limit))"
          + (measure == .reply ? " or lost" : " or failed"))
    }
    finding.value = longest
  }

  private func judgeEqual(
    _ threshold: Threshold, _ selection: Selection, _ finding: inout Finding
  ) throws(SelectionError) {
    guard let event = threshold.countedEvent else { return }
    let evidence = ShareEvidence(try run.batches(of: selection, counting: event, batchSeconds: 5))
    finding.n = evidence.n
    finding.effectiveN = Double(evidence.n)
    guard let share = evidence.share else { return nothingMeasured(threshold, &finding) }
    if threshold.comparison == .equal, threshold.limit == 0 {
      let words = Threshold(text: "", figure: threshold.figure, comparison: .lessOrEqual, limit: 0).shareRule
      if let words { return judgeForbidden(words, evidence, &finding) }
    }
    decide(threshold, share, &finding)
  }
}
