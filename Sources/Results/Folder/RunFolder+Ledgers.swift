// SPDX-License-Identifier: Apache-2.0

extension RunFolder {
  /// What does not add up, in sentences; empty when both ledgers, the series, the logs and the record agree. A run
  /// without an end has no totals of its own to compare.
  package func ledgerMismatches() -> [String] {
    var found: [String] = []
    func check(_ left: Int, _ right: Int, _ what: String) {
      if left != right { found.append("\(what): \(left) is not \(right)") }
    }
    for row in series.stepRows where !row.counts.addsUp {
      let name = series.steps[row.step].name
      found.append("series.csv, second \(row.second), \(name): due = sent + unsent, sent = ok + failed + in_flight")
      break
    }
    for row in series.journeyRows where !row.counts.addsUp {
      let name = series.scenarios[row.scenario]
      found.append("series.csv, second \(row.second), \(name): planned = started + unsent and so on do not hold")
      break
    }
    let requests = seriesTotals
    let arrivals = seriesArrivals
    // A run that was killed has requests whose last byte was still to be written down.
    if let record, record.ended != nil {
      check(requests.completed.ok, requests.totals.ok, "requests completed ok by their last byte and by their due time")
      check(
        requests.completed.failed, requests.totals.failed,
        "requests completed failed by their last byte and by their due time")
      if !record.arrivals.addsUp { found.append("arrivals in run.json do not add up") }
      if !record.totals.addsUp { found.append("totals in run.json do not add up") }
      if record.arrivals != arrivals { found.append("arrivals: run.json and series.csv differ") }
      if record.totals != requests.totals { found.append("totals: run.json and series.csv differ") }
    }
    for (name, store) in [("response.hlog", response), ("service.hlog", service)] {
      let (ok, failed) = store.counts
      check(ok, requests.totals.ok, "requests answered as expected in \(name) and in series.csv")
      check(failed, requests.totals.failed + requests.totals.inFlight, "failed requests in \(name) and in series.csv")
    }
    let (completed, ended) = journeys.counts
    check(completed, arrivals.completed, "completed journeys in journeys.hlog and in series.csv")
    check(ended, arrivals.failed + arrivals.cut, "failed and cut journeys in journeys.hlog and in series.csv")
    return found + replyMismatches()
  }

  /// Sums of all rows.
  var seriesArrivals: ArrivalTotals {
    series.journeyRows.reduce(into: ArrivalTotals()) { $0 += $1.counts }
  }

  /// Sums of all rows, and those by the second of the last byte.
  var seriesTotals: (totals: RunTotals, completed: (ok: Int, failed: Int)) {
    let sum = series.stepRows.reduce(into: StepCounts()) { $0 += $1.counts }
    var totals = RunTotals()
    totals.planned = sum.due
    totals.unsent = sum.unsent
    totals.sent = sum.sent
    totals.ok = sum.ok
    totals.refused = sum.refused
    totals.slow = sum.slow
    totals.failed = sum.failedSum
    totals.inFlight = sum.inFlight
    for (kind, count) in zip(series.failureKinds, sum.failed) where count > 0 { totals.failedByKind[kind] = count }
    return (totals, (sum.completedOk, sum.completedFailed))
  }
}

extension IntervalStore {
  /// Values under plain tags and under `!failed` ones.
  var counts: (ok: Int, failed: Int) {
    lines.reduce(into: (0, 0)) { sums, line in
      if line.isFailed { sums.1 += line.count } else { sums.0 += line.count }
    }
  }
}

extension StepCounts {
  var addsUp: Bool { due == sent + unsent && sent == ok + failedSum + inFlight && refused <= ok && slow <= ok }
}

extension ArrivalTotals {
  package var addsUp: Bool { planned == started + unsent && started == completed + failed + cut }
}

extension RunTotals {
  package var addsUp: Bool {
    planned == sent + unsent && sent == ok + failed + inFlight && failed == failedByKind.values.reduce(0, +)
  }
}
