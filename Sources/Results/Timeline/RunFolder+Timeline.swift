// SPDX-License-Identifier: Apache-2.0
import Histogram
import Judgement

extension RunFolder {
  /// The run in at most `most` stretches. Reads the logs if nobody has yet; O(lines of the logs). Nil for smoke, and
  /// where not a second was written.
  package func timeline(most: Int = 300, mostOfSteps: Int = 60) -> RunTimeline? {
    guard record?.smoke == nil, series.lastSecond >= 0 else { return nil }
    let seconds = series.lastSecond + 1
    let cut = StretchCut(seconds: seconds, most: most)
    let stepCut = StretchCut(seconds: seconds, most: mostOfSteps)
    var timeline = RunTimeline(stretchSeconds: cut.length, stepStretchSeconds: stepCut.length)
    timeline.seconds = seconds
    timeline.failureKinds = series.failureKinds
    timeline.stretches = (0..<cut.count).map { RunTimeline.Stretch(start: $0 * cut.length) }
    addCounts(cut, to: &timeline)
    forEachGroup(of: response, groups: cut.count, { cut.index($0.second) }) { index, tally in
      timeline.stretches[index].response = tally.quantiles
    }
    forEachGroup(of: service, groups: cut.count, { cut.index($0.second) }) { index, tally in
      timeline.stretches[index].service = tally.quantiles
    }
    addGenerator(cut, to: &timeline)
    timeline.steps = stepTrends(stepCut)
    timeline.replies = replyStretches(cut)
    let steady = phaseSpans.map(\.facts.isSteady)
    func isMeant(_ row: StepRow) -> Bool {
      !steady.contains(true) || row.phase < steady.count && steady[row.phase]
    }
    timeline.response = distribution(response, isMeant)
    timeline.service = distribution(service, isMeant)
    return timeline
  }

  private func addCounts(_ cut: StretchCut, to timeline: inout RunTimeline) {
    var sums = Array(repeating: StepCounts(), count: cut.count)
    for row in series.stepRows { sums[cut.index(row.second)] += row.counts }
    for (index, sum) in sums.enumerated() {
      timeline.stretches[index].due = sum.due
      timeline.stretches[index].sent = sum.sent
      timeline.stretches[index].unsent = sum.unsent
      timeline.stretches[index].answeredOk = sum.completedOk
      timeline.stretches[index].answeredFailed = sum.completedFailed
      timeline.stretches[index].inFlight = sum.inFlight
      timeline.stretches[index].failed =
        sum.failed + Array(repeating: 0, count: max(0, series.failureKinds.count - sum.failed.count))
    }
  }

  private func stepTrends(_ cut: StretchCut) -> [RunTimeline.StepTrend] {
    var trends = series.steps.map { step in
      RunTimeline.StepTrend(
        scenario: step.scenario, step: step.step, p95: Array(repeating: nil, count: cut.count),
        sent: Array(repeating: 0, count: cut.count), errors: Array(repeating: 0, count: cut.count))
    }
    for row in series.stepRows {
      trends[row.step].sent[cut.index(row.second)] += row.counts.sent
      trends[row.step].errors[cut.index(row.second)] += row.counts.failedSum + row.counts.inFlight
    }
    let groups = trends.count * cut.count
    forEachGroup(of: response, groups: groups, { $0.step * cut.count + cut.index($0.second) }) { index, tally in
      trends[index / cut.count].p95[index % cut.count] = tally.quantile(0.95).map(milliseconds)
    }
    return trends
  }

  /// Calls `body` with the times of each group of rows in which something was sent, group by group, so that one
  /// histogram serves them all.
  private func forEachGroup(
    of store: IntervalStore, groups: Int, _ group: (StepRow) -> Int, _ body: (Int, TimeTally) -> Void
  ) {
    var sent = Array(repeating: 0, count: groups)
    for row in series.stepRows { sent[group(row)] += row.counts.sent }
    let groupOfLine = store.lines.map { group(series.stepRows[$0.row]) }
    let (order, ends) = sorted(groupOfLine, groups: groups)
    let tally = TimeTally()
    for index in 0..<groups where sent[index] > 0 {
      tally.empty()
      tally.sent = sent[index]
      for place in (index == 0 ? 0 : ends[index - 1])..<ends[index] { tally.add(store, store.lines[order[place]]) }
      body(index, tally)
    }
  }

  /// Indices of `keys` in the order of the keys, and where the places of each key end.
  private func sorted(_ keys: [Int], groups: Int) -> (order: [Int], ends: [Int]) {
    var ends = Array(repeating: 0, count: groups)
    for key in keys { ends[key] += 1 }
    for index in ends.indices.dropFirst() { ends[index] += ends[index - 1] }
    var next = [0] + ends.dropLast()
    var order = Array(repeating: 0, count: keys.count)
    for (index, key) in keys.enumerated() {
      order[next[key]] = index
      next[key] += 1
    }
    return (order, ends)
  }

  private func distribution(_ store: IntervalStore, _ isMeant: (StepRow) -> Bool) -> TimeDistribution {
    let tally = TimeTally()
    fill(tally, store, isMeant)
    return TimeDistribution(tally)
  }

  private func replyStretches(_ cut: StretchCut) -> [RunTimeline.ReplyStretch]? {
    guard awaitsReplies else { return nil }
    var stretches = Array(repeating: RunTimeline.ReplyStretch(), count: cut.count)
    // Replies are few beside requests: a pass per stretch with any costs little.
    for row in replyRows.rows {
      let index = cut.index(row.second)
      stretches[index].awaited += row.counts.awaited
      stretches[index].late += row.counts.late
      stretches[index].lost += row.counts.lost
      stretches[index].duplicated += row.counts.duplicated
    }
    let (order, ends) = sorted(
      replyTimes.lines.map { cut.index(replyRows.rows[$0.row].second) }, groups: cut.count)
    let tally = TimeTally()
    for index in stretches.indices where stretches[index].awaited > 0 {
      tally.empty()
      tally.sent = stretches[index].awaited
      for place in (index == 0 ? 0 : ends[index - 1])..<ends[index] {
        tally.add(replyTimes, replyTimes.lines[order[place]])
      }
      stretches[index].p50 = tally.quantile(0.5).map(milliseconds)
      stretches[index].p95 = tally.quantile(0.95).map(milliseconds)
    }
    return stretches
  }
}

/// Seconds cut into stretches of equal, round length.
struct StretchCut {
  let length: Int
  let count: Int

  private static let lengths = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800]

  init(seconds: Int, most: Int) {
    func count(_ length: Int) -> Int { (seconds + length - 1) / length }
    let hours = max(1, (seconds + most * 3600 - 1) / (most * 3600))
    length = Self.lengths.first { count($0) <= most } ?? hours * 3600
    self.count = max(1, count(length))
  }

  /// Precondition of callers: seconds of the series; the tool's own rows may go a second beyond it.
  func index(_ second: Int) -> Int { min(max(second, 0) / length, count - 1) }
}

extension TimeTally {
  func empty() {
    ok.reset()
    failed.reset()
    sent = 0
  }

  fileprivate var quantiles: RunTimeline.Quantiles {
    RunTimeline.Quantiles(
      p50: quantile(0.5).map(milliseconds), p95: quantile(0.95).map(milliseconds),
      p99: quantile(0.99).map(milliseconds))
  }
}
