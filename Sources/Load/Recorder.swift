// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Histogram
package import Judgement
package import Results
import Synchronization

/// Turns what workers hand over into rows and histograms per second, and hands those to the run folder.
///
/// All state is confined to `queue`; workers and the controller come in through `submit` and the `sync` calls.
package final class Recorder: @unchecked Sendable {  // see above: confined to `queue`
  let pool = BatchPool()
  private let queue = DispatchQueue(label: "gonogo.recorder", qos: .userInitiated)
  private let layout: Layout
  private let writer: RunFolderWriter

  private var requests = OpenSeconds()
  private var journeys = OpenSeconds()
  private var requestMarks: [Int64]
  private var journeyMarks: [Int64]
  private var completions: Completions
  private var generator = GeneratorSeconds()
  private var replySeconds = ReplySeconds()
  private let scratch = Scratch()

  private var live = LiveFigures()
  private var liveResponse = Histogram()
  private var liveOwnLag = Histogram()
  private var failedByKind: [Int]
  private var watched: [Watched]

  private(set) var totals = RunTotals()
  private(set) var arrivals = ArrivalTotals()

  /// Four histograms that every closed row uses in turn.
  private final class Scratch {
    var responseOk = Histogram()
    var responseFailed = Histogram()
    var serviceOk = Histogram()
    var serviceFailed = Histogram()

    func reset() {
      responseOk.reset()
      responseFailed.reset()
      serviceOk.reset()
      serviceFailed.reset()
    }
  }

  package init(layout: Layout, writer: RunFolderWriter, watches: [LiveWatch]) {
    self.layout = layout
    self.writer = writer
    requestMarks = Array(repeating: 0, count: layout.workerCount)
    journeyMarks = requestMarks
    completions = Completions(stepCount: layout.stepNames.count, phaseCount: layout.phases.count)
    failedByKind = Array(repeating: 0, count: FailureTable.names.count)
    watched = watches.map { Watched($0, phases: layout.phases, steps: layout.stepNames) }
  }

  // MARK: from workers

  /// Takes a batch over. Any thread.
  func submit(_ batch: MeasurementBatch) {
    queue.async { self.take(batch) }
  }

  private func take(_ batch: MeasurementBatch) {
    for index in 0..<batch.count { add(batch.measurements[index]) }
    for reply in batch.replies { replySeconds.add(reply) }
    requestMarks[batch.worker] = max(requestMarks[batch.worker], batch.requestsCompleteBefore)
    journeyMarks[batch.worker] = max(journeyMarks[batch.worker], batch.journeysCompleteBefore)
    if let reading = batch.workerReading { generator.add(reading) }
    pool.giveBack(batch)
    closeSeconds()
  }

  private func add(_ measurement: Measurement) {
    if measurement.isJourney {
      journeys.add(measurement)
      arrivals.planned += 1
      switch JourneyOutcome(rawValue: measurement.outcome) {
      case .completed: arrivals.completed += 1
      case .failed: arrivals.failed += 1
      case .cut: arrivals.cut += 1
      case .unsent, nil: arrivals.unsent += 1
      }
      return
    }
    requests.add(measurement)
    totals.planned += 1
    let outcome = RequestOutcome(rawValue: measurement.outcome) ?? .failed
    guard outcome != .unsent else {
      totals.unsent += 1
      return
    }
    totals.sent += 1
    let sent = Int((measurement.endNanoseconds - Int64(measurement.serviceMicroseconds) * 1000) / 1_000_000_000)
    generator.addSent(
      second: max(requests.firstOpen, sent), ownLag: measurement.ownLagMicroseconds,
      blocked: measurement.blockedMicroseconds)
    liveOwnLag.record(Int64(measurement.ownLagMicroseconds))
    switch outcome {
    case .ok, .refused:
      totals.ok += 1
      totals.refused += outcome == .refused ? 1 : 0
      totals.slow += measurement.isSlow ? 1 : 0
      complete(measurement, failed: false)
    case .failed:
      totals.failed += 1
      failedByKind[Int(measurement.failure)] += 1
      complete(measurement, failed: true)
    case .inFlight: totals.inFlight += 1
    case .unsent: break
    }
  }

  private func complete(_ measurement: Measurement, failed: Bool) {
    completions.add(measurement, failed: failed)
    live.completed += 1
    live.failed += failed ? 1 : 0
    live.totalCompleted += 1
    live.totalFailed += failed ? 1 : 0
    liveResponse.record(Int64(measurement.responseMicroseconds))
    for index in watched.indices { watched[index].add(measurement) }
  }

  // MARK: closing

  private func closeSeconds() {
    let requestMark = requestMarks.min() ?? 0
    let journeyMark = journeyMarks.min() ?? 0
    let before = requests.firstOpen + journeys.firstOpen
    close(requestsBefore: Int(requestMark / 1_000_000_000), journeysBefore: Int(journeyMark / 1_000_000_000))
    if requests.firstOpen + journeys.firstOpen != before {
      replySeconds.write(to: writer, &scratch.responseOk)
      writer.flush()
    }
  }

  private func close(requestsBefore: Int, journeysBefore: Int) {
    requests.close(before: requestsBefore) { second, measurements in writeRequests(second, measurements) }
    if let state = generator.state(second: requests.firstOpen - 1) {
      (live.inFlight, live.openConnections) = state
    }
    generator.close(before: requests.firstOpen)
    generator.write(to: writer)
    journeys.close(before: journeysBefore) { second, measurements in writeJourneys(second, measurements) }
  }

  private func writeRequests(_ second: Int, _ measurements: [Measurement]) {
    var completed = completions.popFirst()
    var index = 0
    while index < measurements.count {
      let phase = measurements[index].phase
      let step = measurements[index].step
      var counts = StepCounts()
      counts.failed = Array(repeating: 0, count: FailureTable.names.count)
      scratch.reset()
      while index < measurements.count, measurements[index].phase == phase, measurements[index].step == step {
        count(measurements[index], into: &counts, scratch)
        index += 1
      }
      let count = completed.take(phase: Int(phase), step: Int(step))
      counts.completedOk = count.ok
      counts.completedFailed = count.failed
      write(counts, step: Int(step), second: second, phase: Int(phase), scratch)
    }
    // What completed in a second in which nothing of that step was due has a row of its own.
    for (phase, step, count) in completed.rest {
      var counts = StepCounts()
      counts.completedOk = count.ok
      counts.completedFailed = count.failed
      scratch.reset()
      write(counts, step: step, second: second, phase: phase, scratch)
    }
  }

  private func write(_ counts: StepCounts, step: Int, second: Int, phase: Int, _ scratch: Scratch) {
    writer.step(
      step, second: second, phase: phase, counts: counts, responseOk: scratch.responseOk,
      responseFailed: scratch.responseFailed, serviceOk: scratch.serviceOk, serviceFailed: scratch.serviceFailed)
  }

  private func count(_ measurement: Measurement, into counts: inout StepCounts, _ scratch: Scratch) {
    counts.due += 1
    let outcome = RequestOutcome(rawValue: measurement.outcome) ?? .failed
    guard outcome != .unsent else {
      counts.unsent += 1
      return
    }
    counts.sent += 1
    let response = Int64(measurement.responseMicroseconds)
    let service = Int64(measurement.serviceMicroseconds)
    switch outcome {
    case .ok, .refused:
      counts.ok += 1
      counts.refused += outcome == .refused ? 1 : 0
      counts.slow += measurement.isSlow ? 1 : 0
      scratch.responseOk.record(response)
      scratch.serviceOk.record(service)
    case .failed, .inFlight, .unsent:
      if outcome == .inFlight { counts.inFlight += 1 } else { counts.failed[Int(measurement.failure)] += 1 }
      scratch.responseFailed.record(response)
      scratch.serviceFailed.record(service)
    }
  }

  private func writeJourneys(_ second: Int, _ measurements: [Measurement]) {
    var index = 0
    while index < measurements.count {
      let phase = measurements[index].phase
      let scenario = measurements[index].step
      var counts = ArrivalTotals()
      scratch.reset()
      while index < measurements.count, measurements[index].phase == phase, measurements[index].step == scenario {
        let duration = Int64(measurements[index].responseMicroseconds)
        counts.planned += 1
        let outcome = JourneyOutcome(rawValue: measurements[index].outcome) ?? .unsent
        counts.started += outcome == .unsent ? 0 : 1
        switch outcome {
        case .completed:
          counts.completed += 1
          scratch.responseOk.record(duration)
        case .failed, .cut:
          counts.failed += outcome == .failed ? 1 : 0
          counts.cut += outcome == .cut ? 1 : 0
          scratch.responseFailed.record(duration)
        case .unsent: counts.unsent += 1
        }
        index += 1
      }
      writer.journeys(
        scenario: Int(scenario), second: second, phase: Int(phase), counts: counts,
        completed: scratch.responseOk, failed: scratch.responseFailed)
    }
  }

  // MARK: from the controller

  /// Writing failed at least once; the run's files are not complete.
  var cannotWrite: Bool { queue.sync { writer.trouble != nil } }

  func submit(machine: MachineCounts, second: Int) {
    queue.async {
      self.generator.add(machine, second: second)
      self.generator.write(to: self.writer)
    }
  }

  /// The live figures, which begin anew; and the first abort rule that is broken by what completed before `second`.
  func look(before second: Int) -> (LiveFigures, broken: LiveWatch?) {
    queue.sync {
      var figures = live
      if liveResponse.totalCount > 0 {
        figures.p50 = liveResponse.value(atQuantile: 0.5)
        figures.p95 = liveResponse.value(atQuantile: 0.95)
        figures.p99 = liveResponse.value(atQuantile: 0.99)
      }
      if liveOwnLag.totalCount > 0 { figures.ownLagP99 = liveOwnLag.value(atQuantile: 0.99) }
      figures.totalArrivals = arrivals.planned
      for (name, count) in zip(FailureTable.names, failedByKind) where count > 0 { figures.failedByKind[name] = count }
      live.completed = 0
      live.failed = 0
      liveResponse.reset()
      liveOwnLag.reset()
      var broken: LiveWatch?
      for index in watched.indices where watched[index].feed(before: second) { broken = broken ?? watched[index].watch }
      return (figures, broken)
    }
  }

  /// Sums over the run, once it is finished.
  var replies: ReplyTotals { queue.sync { replySeconds.totals } }

  /// Writes everything that is left. Call after the workers ended; returns the sums over the run.
  func finish() -> (RunTotals, ArrivalTotals) {
    queue.sync {
      let end = max(requests.endOfOpen, journeys.endOfOpen, completions.end, generator.end)
      close(requestsBefore: end, journeysBefore: end)
      generator.write(to: writer, isEnd: true)
      replySeconds.write(to: writer, &scratch.responseOk)
      writer.flush()
      totals.failedByKind = [:]
      for (name, count) in zip(FailureTable.names, failedByKind) where count > 0 { totals.failedByKind[name] = count }
      arrivals.started = arrivals.completed + arrivals.failed + arrivals.cut
      return (totals, arrivals)
    }
  }
}
