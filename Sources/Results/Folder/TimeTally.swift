// SPDX-License-Identifier: Apache-2.0
import Histogram
import Judgement

/// Times of a selection, added up. A class, since histograms have one owner.
final class TimeTally {
  /// Of requests answered as expected, in microseconds.
  var ok = Histogram()
  /// Of failed ones, with the time until they failed.
  var failed = Histogram()
  /// Requests sent: those without a time (lost lines) count as infinitely long.
  var sent = 0

  func add(_ store: IntervalStore, _ line: IntervalStore.Line) {
    store.forEachBucket(of: line) { bucket in
      // The highest value of the last counters is that of the overflow: recorded as what it is, beyond every limit.
      if line.isFailed {
        failed.record(Int64(bucket.lowest), count: Int64(bucket.count))
      } else {
        ok.record(Int64(bucket.lowest), count: Int64(bucket.count))
      }
    }
  }

  /// In microseconds; failed requests rank behind all others. Nil among them, or when nothing was sent.
  func quantile(_ q: Double) -> Double? {
    let n = max(sent, Int(ok.totalCount))
    guard n > 0 else { return nil }
    // As the histogram ranks: one step down, so that 0.55 x 100 asks for the 55th value.
    let rank = q >= 1 ? n : max(1, Int((max(q, 0).nextDown * Double(n)).rounded(.up)))
    if rank > Int(ok.totalCount) { return nil }
    var seen: Int64 = 0
    var value: Int64?
    ok.forEachBucket { _, highest, count in
      if value != nil { return }
      seen += count
      if seen >= Int64(rank) { value = highest }
    }
    return value.map(Double.init)
  }

  /// All requests sent, in milliseconds.
  var figures: TimeFigures {
    var all = Histogram()
    all.merge(ok)
    all.merge(failed)
    let any = all.totalCount > 0
    return TimeFigures(
      p50: quantile(0.5).map(milliseconds), p95: quantile(0.95).map(milliseconds),
      p99: quantile(0.99).map(milliseconds), p999: quantile(0.999).map(milliseconds),
      max: any ? milliseconds(Double(all.maximum)) : nil, mean: any ? milliseconds(all.mean) : nil)
  }

  /// Those answered as expected, in milliseconds.
  var answeredFigures: TimeFigures {
    guard ok.totalCount > 0 else { return TimeFigures() }
    func at(_ q: Double) -> Double { milliseconds(Double(ok.value(atQuantile: q))) }
    return TimeFigures(
      p50: at(0.5), p95: at(0.95), p99: at(0.99), p999: at(0.999), max: milliseconds(Double(ok.maximum)),
      mean: milliseconds(ok.mean))
  }
}

/// Of microseconds.
func milliseconds(_ microseconds: Double) -> Double { microseconds / 1000 }

extension RunFolder {
  /// The times of a selection. O(lines of the log).
  func tally(_ selection: Selection, _ measure: Measure) throws(SelectionError) -> TimeTally {
    let selected = Set(try phaseIndices(selection))
    let tally = TimeTally()
    if measure == .journey {
      let mask = try scenarioMask(selection)
      for row in series.journeyRows where mask[row.scenario] && selected.contains(row.phase) {
        tally.sent += row.counts.started
      }
      for line in journeys.lines {
        let row = series.journeyRows[line.row]
        if mask[row.scenario] && selected.contains(row.phase) { tally.add(journeys, line) }
      }
      return tally
    }
    if measure == .reply { return replyTally(try replySelection(selection)) }
    let mask = try stepMask(selection)
    fill(tally, measure == .service ? service : response) { mask[$0.step] && selected.contains($0.phase) }
    return tally
  }

  /// Adds the requests of all rows for which `isMeant` holds.
  func fill(_ tally: TimeTally, _ store: IntervalStore, _ isMeant: (StepRow) -> Bool) {
    for row in series.stepRows where isMeant(row) { tally.sent += row.counts.sent }
    for line in store.lines where isMeant(series.stepRows[line.row]) { tally.add(store, line) }
  }
}
