// SPDX-License-Identifier: Apache-2.0
import Histogram
import Judgement

extension RunFolder {
  private static let steady = Selection(phase: Selection.steadyPhase)
  private static let worstSeconds = 300

  /// Nil when there is no steady phase.
  func steadyFigures() -> SteadyFigures? {
    guard let totals = try? totals(of: Self.steady), totals.seconds > 0,
      let response = try? tally(Self.steady, .response), let service = try? tally(Self.steady, .service)
    else { return nil }
    let loads = phases.filter(\.isSteady).map(\.load)
    var figures = SteadyFigures(
      seconds: totals.seconds, requests: totals.sent, rate: Double(totals.completedOk) / Double(totals.seconds),
      errorRate: errorRate(totals.failed + totals.inFlight, of: totals.sent), response: response.figures,
      service: service.figures, answered: response.answeredFigures, worst: worst(overallP95: response.quantile(0.95)))
    figures.equalLoads = loads.allSatisfy { $0 == loads.first }
    return figures
  }

  /// Steps of the plan in their order, over the steady phases.
  func stepFigures() -> [StepFigures] {
    let isSteady = phaseSpans.map(\.facts.isSteady)
    var counts = series.steps.map { _ in StepCounts() }
    let response = series.steps.map { _ in TimeTally() }
    let service = series.steps.map { _ in TimeTally() }
    func isMeant(_ row: StepRow) -> Bool { row.phase < isSteady.count && isSteady[row.phase] }
    for row in series.stepRows where isMeant(row) {
      counts[row.step] += row.counts
      response[row.step].sent += row.counts.sent
      service[row.step].sent += row.counts.sent
    }
    for (store, tallies) in [(self.response, response), (self.service, service)] {
      for line in store.lines {
        let row = series.stepRows[line.row]
        if isMeant(row) { tallies[row.step].add(store, line) }
      }
    }
    return series.steps.indices.map { index in
      StepFigures(
        scenario: series.steps[index].scenario, step: series.steps[index].step, probe: series.steps[index].probe,
        requests: counts[index].sent, errors: counts[index].failedSum + counts[index].inFlight,
        refused: counts[index].refused, slow: counts[index].slow, response: response[index].figures,
        service: service[index].figures)
    }
  }

  func journeyFigures() -> [JourneyFigures] {
    var counts = series.scenarios.map { _ in ArrivalTotals() }
    let durations = series.scenarios.map { _ in TimeTally() }
    for row in series.journeyRows {
      counts[row.scenario] += row.counts
      durations[row.scenario].sent += row.counts.started
    }
    for line in journeys.lines { durations[series.journeyRows[line.row].scenario].add(journeys, line) }
    return series.scenarios.indices.map {
      JourneyFigures(scenario: series.scenarios[$0], arrivals: counts[$0], duration: durations[$0].figures)
    }
  }

  func generatorFigures(_ health: GeneratorHealth) -> GeneratorFigures {
    let rows = generatorRows.filter(health.isSteady)
    let (ownLag, blocked) = delays(health)
    let reasons = health.reasons(generatorRows)
    let sent = rows.reduce(0) { $0 + $1.sent }
    let onSchedule = rows.reduce(0) { $0 + $1.onSchedule }
    func share(_ path: KeyPath<GeneratorRow, Int>) -> Double? {
      GeneratorHealth.mean(rows.map { $0[keyPath: path] }).map { $0 / 1000 }
    }
    return GeneratorFigures(
      healthy: reasons.isEmpty, ownLag: ownLag, blocked: blocked, cpuShare: share(\.counts.cpuPerMille),
      busyShare: share(\.counts.busyPerMille), steal: share(\.counts.stealPerMille),
      onSchedule: sent > 0 ? Double(onSchedule) / Double(sent) : nil, reasons: reasons)
  }

  /// Nil without a row of `generator.csv`.
  func connectionFigures(_ health: GeneratorHealth) -> ConnectionFigures? {
    guard !generatorRows.isEmpty else { return nil }
    func use(_ rows: [GeneratorRow]) -> ConnectionUse {
      ConnectionUse(
        opened: rows.reduce(0) { $0 + max(0, $1.counts.connectionsOpened) }, sent: rows.reduce(0) { $0 + $1.sent })
    }
    return ConnectionFigures(
      run: use(generatorRows),
      steady: health.steadySeconds.isEmpty ? nil : use(generatorRows.filter(health.isSteady)))
  }

  /// Own lag and blocked time over the steady seconds, pooled exactly from `generator.hlog`.
  private func delays(_ health: GeneratorHealth) -> (ownLag: DelayFigures, blocked: DelayFigures) {
    let start = runStart(generatorLog)
    var reader = IntervalLogReader(generatorLog)
    var ownLag = Histogram()
    var blocked = Histogram()
    while true {
      do throws(IntervalLogError) {
        guard let line = try reader.next() else { break }
        let second = Int((line.startSecondsSinceEpoch - start).rounded())
        guard health.steadySeconds.contains(where: { $0.contains(second) }) else { continue }
        if line.tag == GeneratorFormat.ownLagTag {
          try reader.merge(into: &ownLag)
        } else if line.tag == GeneratorFormat.blockedTag {
          try reader.merge(into: &blocked)
        }
      } catch {
        // A damaged line costs the figures shown that second; health is judged by generator.csv.
        continue
      }
    }
    return (figures(ownLag), figures(blocked))
  }

  private func figures(_ histogram: borrowing Histogram) -> DelayFigures {
    guard histogram.totalCount > 0 else { return DelayFigures() }
    return DelayFigures(
      p50: milliseconds(Double(histogram.delay(atQuantile: 0.5))),
      p99: milliseconds(Double(histogram.delay(atQuantile: 0.99))),
      max: milliseconds(Double(histogram.delay(atQuantile: 1))))
  }

  /// The five steady minutes of one phase with the largest share of requests beyond the p95 of all, or failed.
  private func worst(overallP95: Double?) -> WorstStretch? {
    let event: CountedEvent =
      overallP95.map { .failedOrAtLeast(.response, microseconds: $0 + 1) } ?? .failed
    var worst: (window: WorstWindow, phase: Int)?
    for (index, span) in phaseSpans.enumerated() where span.facts.isSteady && span.facts.seconds >= Self.worstSeconds {
      let selection = Selection(phase: span.facts.name)
      guard let batches = try? batches(of: selection, counting: event, batchSeconds: 1),
        let window = worstWindow(of: batches, seconds: Self.worstSeconds)
      else { continue }
      if worst == nil || window.share > worst!.window.share { worst = (window, index) }
    }
    guard let worst else { return nil }
    let start = phaseSpans[worst.phase].start + worst.window.startSecond
    let range = start..<start + Self.worstSeconds
    func isMeant(_ row: StepRow) -> Bool { row.phase == worst.phase && range.contains(row.second) }
    let tally = TimeTally()
    fill(tally, response, isMeant)
    let errors = series.stepRows.reduce(0) { isMeant($1) ? $0 + $1.counts.failedSum + $1.counts.inFlight : $0 }
    return WorstStretch(
      start: start, seconds: Self.worstSeconds, requests: tally.sent, errorRate: errorRate(errors, of: tally.sent),
      response: tally.figures)
  }

  private func errorRate(_ errors: Int, of sent: Int) -> Double? {
    sent > 0 ? Double(errors) / Double(sent) : nil
  }
}
