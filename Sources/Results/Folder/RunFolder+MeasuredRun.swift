// SPDX-License-Identifier: Apache-2.0
import Histogram
package import Judgement

extension RunFolder: MeasuredRun {
  package var phases: [PhaseFacts] { phaseSpans.map(\.facts) }
  package var steps: [String] { series.steps.map(\.name) }
  package var brokenLive: [String] { record?.brokenLive ?? [] }
  package var writes: WriteTotals? { ledgerFigures.map(\.totals) }

  package func batches(
    of selection: Selection, counting event: CountedEvent, batchSeconds: Int
  ) throws(SelectionError) -> [Batch] {
    let places = BatchPlaces(try phaseIndices(selection), phaseSpans, batchSeconds: batchSeconds)
    var sums = Array(repeating: BatchSum(), count: places.count)
    if case .failedOrAtLeast(.journey, let limit) = event {
      let mask = try scenarioMask(selection)
      addJourneys(places, mask, limit, to: &sums)
      return sums.map(\.batch)
    }
    if event.isAboutReplies {
      addReplies(places, try replySelection(selection), event, to: &sums)
      return sums.map(\.batch)
    }
    let mask = try stepMask(selection)
    let own = series.failureKinds.firstIndex(of: Self.generatorKind)
    for row in series.stepRows where mask[row.step] {
      guard let place = places.index(phase: row.phase, second: row.second) else { continue }
      sums[place].add(row.counts, event, ownFailures: own)
    }
    if case .failedOrAtLeast(let measure, let limit) = event {
      let store = measure == .service ? service : response
      for line in store.lines where !line.isFailed {
        let row = series.stepRows[line.row]
        guard mask[row.step], let place = places.index(phase: row.phase, second: row.second) else { continue }
        sums[place].add(store.over(limit, of: line), measured: line.count)
      }
    }
    return sums.map(\.batch)
  }

  package func quantile(_ q: Double, of selection: Selection, measure: Measure) throws(SelectionError) -> Double? {
    let tally = try tally(selection, measure)
    return tally.quantile(q)
  }

  package func answeredTimes(of selection: Selection, measure: Measure) throws(SelectionError) -> AnsweredTimes? {
    let tally = try tally(selection, measure)
    guard tally.ok.totalCount > 0 else { return nil }
    return AnsweredTimes(
      count: Int(tally.ok.totalCount), minimum: Double(tally.ok.minimum), maximum: Double(tally.ok.maximum),
      mean: tally.ok.mean)
  }

  package func totals(of selection: Selection) throws(SelectionError) -> RequestTotals {
    let selected = Set(try phaseIndices(selection))
    let mask = try stepMask(selection)
    let spans = phaseSpans
    let own = series.failureKinds.firstIndex(of: Self.generatorKind)
    var totals = RequestTotals()
    for row in series.stepRows where mask[row.step] && selected.contains(row.phase) {
      let counts = row.counts
      totals.due += counts.due
      totals.sent += counts.sent
      totals.ok += counts.ok
      totals.refused += counts.refused
      totals.slow += counts.slow
      totals.failed += counts.failedSum
      totals.inFlight += counts.inFlight
      totals.unsent += counts.unsent
      if let own, own < counts.failed.count { totals.generatorFailed += counts.failed[own] }
    }
    totals.completedOk = try completedPerSecond(of: selection).reduce(0, +)
    totals.seconds = selected.reduce(0) { $0 + spans[$1].facts.seconds }
    return totals
  }

  package func completedPerSecond(of selection: Selection) throws(SelectionError) -> [Int] {
    let spans = try phaseIndices(selection).map { phaseSpans[$0] }
    let mask = try stepMask(selection)
    var offsets: [Int] = []
    var length = 0
    for span in spans {
      offsets.append(length)
      length += span.facts.seconds
    }
    var completed = Array(repeating: 0, count: length)
    for row in series.stepRows where mask[row.step] && row.counts.completedOk > 0 {
      for (index, span) in spans.enumerated() where row.second >= span.start && row.second < span.end {
        completed[offsets[index] + row.second - span.start] += row.counts.completedOk
      }
    }
    return completed
  }

  /// The kind of failures that are the tool's own.
  static let generatorKind = "generator"

  private func addReplies(
    _ places: BatchPlaces, _ isMeant: (ReplyRow) -> Bool, _ event: CountedEvent, to sums: inout [BatchSum]
  ) {
    for row in replyRows.rows where isMeant(row) {
      guard let place = places.index(phase: row.phase, second: row.second) else { continue }
      sums[place].add(row.counts, event)
    }
    guard case .failedOrAtLeast(_, let limit) = event else { return }
    for line in replyTimes.lines {
      let row = replyRows.rows[line.row]
      guard isMeant(row), let place = places.index(phase: row.phase, second: row.second) else { continue }
      sums[place].add(replyTimes.over(limit, of: line), measured: line.count)
    }
  }

  private func addJourneys(_ places: BatchPlaces, _ mask: [Bool], _ limit: Double, to sums: inout [BatchSum]) {
    for row in series.journeyRows where mask[row.scenario] {
      guard let place = places.index(phase: row.phase, second: row.second) else { continue }
      sums[place].n += row.counts.started
      sums[place].possibly += row.counts.failed + row.counts.cut + row.counts.completed
      sums[place].surely += row.counts.failed + row.counts.cut
    }
    for line in journeys.lines where !line.isFailed {
      let row = series.journeyRows[line.row]
      guard mask[row.scenario], let place = places.index(phase: row.phase, second: row.second) else { continue }
      sums[place].add(journeys.over(limit, of: line), measured: line.count)
    }
  }
}

/// One batch in the making. Requests answered as expected are doubtful until their times are known: a line that a log
/// has lost can never make a verdict better.
private struct BatchSum {
  var n = 0
  var possibly = 0
  var surely = 0

  mutating func add(_ counts: StepCounts, _ event: CountedEvent, ownFailures: Int?) {
    let failed = counts.failedSum + counts.inFlight
    let own = ownFailures.map { $0 < counts.failed.count ? counts.failed[$0] : 0 } ?? 0
    switch event {
    case .failed: count(of: counts.sent, failed, failed - own)
    case .failedOrAtLeast: count(of: counts.sent, failed + counts.ok, failed - own)
    case .slow: count(of: counts.sent, counts.slow, counts.slow)
    case .refused: count(of: counts.sent, counts.refused, counts.refused)
    case .unsent: count(of: counts.due, counts.unsent, counts.unsent)
    case .reply: break
    }
  }

  mutating func add(_ counts: ReplyTotals, _ event: CountedEvent) {
    switch event {
    case .reply(.duplicated): count(of: counts.awaited, counts.duplicated, counts.duplicated)
    case .reply(let event):
      let sure = counts.count(of: event)
      count(of: counts.awaited, sure + counts.open, sure)
    default: count(of: counts.awaited, counts.awaited, counts.lost)
    }
  }

  mutating func add(_ over: (possibly: Int, surely: Int), measured: Int) {
    possibly -= measured - over.possibly
    surely += over.surely
  }

  private mutating func count(of n: Int, _ possibly: Int, _ surely: Int) {
    self.n += n
    self.possibly += possibly
    self.surely += surely
  }

  /// Counts from a damaged folder may contradict each other; a batch may not.
  var batch: Batch {
    let possibly = min(max(possibly, 0), n)
    return Batch(n: n, possiblyOver: possibly, surelyOver: min(max(surely, 0), possibly))
  }
}

extension CountedEvent {
  fileprivate var isAboutReplies: Bool {
    switch self {
    case .reply, .failedOrAtLeast(.reply, _): true
    default: false
    }
  }
}

/// Which batch a second of a phase belongs to. Requests of a phase that became due after its end (later steps of its
/// journeys) belong to its last batch.
private struct BatchPlaces {
  private var batchOfSecond: [Int: [Int]] = [:]
  private var starts: [Int: Int] = [:]
  private(set) var count = 0

  init(_ phases: [Int], _ spans: [RunFolder.PhaseSpan], batchSeconds: Int) {
    for phase in phases {
      var batches: [Int] = []
      for range in batchRanges(seconds: spans[phase].facts.seconds, batchSeconds: batchSeconds) {
        batches.append(contentsOf: repeatElement(count, count: range.count))
        count += 1
      }
      batchOfSecond[phase] = batches
      starts[phase] = spans[phase].start
    }
  }

  func index(phase: Int, second: Int) -> Int? {
    guard let batches = batchOfSecond[phase], let start = starts[phase], !batches.isEmpty else { return nil }
    return batches[min(max(second - start, 0), batches.count - 1)]
  }
}
