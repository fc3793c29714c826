// SPDX-License-Identifier: Apache-2.0
import Results
import Scenarios
import Transport

// The step interpreter: what a journey does next, and what its answers mean.
extension Worker {
  /// Walks on from the end of the step before (`base`) to the next request or pause. A request that is due is sent at
  /// once when it is this visitor's turn, else it queues behind what became due before it.
  func proceed(_ visitor: Visitor, from base: Int64, at moment: Int64, sendsAtOnce: Bool) {
    guard let journey = visitor.journey else { return }
    visitor.request = nil
    visitor.dueNanoseconds = base
    while true {
      let move: Journey.Move
      do {
        move = try journey.next()
      } catch {
        return failUnsent(visitor, error, at: moment)
      }
      switch move {
      case .request(let request):
        if walk != nil, leavesOut(request, of: visitor) { continue }
        visitor.request = request
        visitor.attempt = 1
        visitor.redeliveries = 0
        visitor.isDelivered = false
        visitor.earlyReply = nil
        return sendsAtOnce ? send(visitor, at: moment) : wait(visitor, until: base)
      case .pause(let nanoseconds):
        return wait(visitor, until: base + nanoseconds)
      case .end:
        guard visitor.section == .steps else { return finish(visitor, at: max(base, visitor.begunNanoseconds)) }
        visitor.section = .finally
        journey.enter(.finally)
      }
    }
  }

  /// Skips the rest of the steps.
  func leaveForFinally(_ visitor: Visitor, _ outcome: JourneyOutcome, at moment: Int64) {
    if visitor.outcome != .failed { visitor.outcome = outcome }
    if visitor.section == .steps {
      visitor.section = .finally
      visitor.journey?.enter(.finally)
    }
    proceed(visitor, from: moment, at: moment, sendsAtOnce: false)
  }

  /// Makes the request that is due and hands it to the transport.
  func send(_ visitor: Visitor, at moment: Int64) {
    guard let journey = visitor.journey, let request = visitor.request else { return }
    let step = journey.program.requests[request]
    let outgoing = outgoing[firstRequest[visitor.scenario] + request]
    do {
      if step.isDelivery {
        try makeDelivery(visitor, step, outgoing, journey)
      } else {
        try outgoing.make(step, for: journey)
      }
      if let writes = step.writes, !visitor.isSetup, !visitor.isDelivered {
        try enter(writes, request, of: visitor, journey)
      }
    } catch {
      return failUnsent(visitor, error, at: moment)
    }
    walk?.witness.sends(scenario: visitor.scenario, request: request, attempt: visitor.attempt)
    requestsSent += 1
    visitor.hasSent = true
    visitor.traceNumber = UInt64(index) << 48 | requestsSent
    outgoing.trace(journey: visitor.traceJourney, request: visitor.traceNumber)
    visitor.exchange.prepare(
      method: outgoing.rendered.method, url: outgoing.rendered.url, headers: outgoing.headers, body: outgoing.body,
      timeoutNanoseconds: step.timeoutNanoseconds ?? program.timeoutNanoseconds,
      keepBody: step.keepsBody || walk != nil,
      keepHeaders: step.keepsHeaders || walk != nil, maximumRedirects: step.maximumRedirects)
    loop.start(visitor.exchange)
    visitor.stage = .sent
    guard !visitor.isSetup else { return }
    let sent = relative(visitor.exchange.startedAt)
    (visitor.ownLagNanoseconds, visitor.blockedNanoseconds) = slots.take(due: visitor.dueNanoseconds, at: sent)
  }

  /// An answer, or the reason why there is none.
  func answered(_ visitor: Visitor, at moment: Int64) {
    guard let journey = visitor.journey, let request = visitor.request else { return }
    visitor.stage = .waiting
    let exchange = visitor.exchange
    let step = journey.program.requests[request]
    let response = moment - visitor.dueNanoseconds
    var outcome = RequestOutcome.ok
    var failure: UInt8 = 0
    var failedRule: StepFailure?
    var isSlow = false
    var isLate = false
    var refusal: String?
    if let transport = exchange.failure {
      outcome = .failed
      failure = FailureTable.index(transport)
    } else {
      let judgement = step.judge(exchange, elapsedMicroseconds: (response + 999) / 1000, journey: journey)
      isSlow = judgement.isSlow
      switch judgement.outcome {
      case .ok: break
      case .refused(let label):
        outcome = .refused
        refusal = label
      case .failed(let broken):
        outcome = .failed
        failure = FailureTable.index(broken.kind)
        failedRule = broken
      }
    }
    settleWrites(visitor, step, outcome)
    // Whoever walks has one answer only to judge by.
    if walk != nil, isSlow, outcome == .ok {
      outcome = .failed
      isLate = true
    }
    let willRetry = outcome == .failed && mayRetry(visitor, step)
    let redelivers = step.isDelivery && willRedeliver(visitor, step, outcome)
    // One who waits for a reply tells when it is known what came of that.
    if walk != nil, outcome != .ok || redelivers || visitor.message == nil {
      tellWitness(
        visitor, step, outcome, failure: failure, failedRule, isLate: isLate, refusal: refusal,
        willRetry: willRetry || redelivers, at: moment)
    }
    if visitor.isSetup {
      if outcome != .ok, !willRetry { setupFailed(visitor, explanation(visitor, step, failedRule)) }
    } else {
      if walk == nil, let rule = journey.program.setupRule, rule.isTriggered(by: exchange.status) {
        renewSetup(visitor.scenario, at: moment)
      }
      record(
        requestOf: visitor, request, outcome, failure: failure, isSlow: isSlow, endNanoseconds: moment,
        failedRule: failedRule)
    }
    if willRetry {
      let pause =
        step.retry?.waitNanoseconds(attempt: visitor.attempt, journey: journey) ?? walk?.rules.retryPauseNanoseconds
        ?? 0
      visitor.attempt += 1
      return wait(visitor, until: moment + pause)
    }
    if step.isDelivery { return delivered(visitor, step, outcome, redelivers: redelivers, at: moment) }
    goOn(visitor, outcome, at: moment)
  }

  private func mayRetry(_ visitor: Visitor, _ step: RequestStep) -> Bool {
    if mustLeave(visitor) { return false }
    guard let rule = step.retry else { return walkRetries(step, attempt: visitor.attempt) }
    guard visitor.attempt <= rule.count else { return false }
    return visitor.exchange.failure != nil
      ? rule.onTransportFailure : rule.applies(toStatus: visitor.exchange.status)
  }

  /// A stop ends the steps, never what cleans up after them.
  func mustLeave(_ visitor: Visitor) -> Bool { visitor.isStopping && visitor.section == .steps }

  func goOn(_ visitor: Visitor, _ outcome: RequestOutcome, at moment: Int64) {
    if visitor.isSetup, visitor.outcome == .failed { return finish(visitor, at: moment) }
    switch outcome {
    case .failed: leaveForFinally(visitor, .failed, at: moment)
    case .refused: leaveForFinally(visitor, visitor.outcome, at: moment)
    default:
      // Stopped after its last step it is as complete as any.
      if mustLeave(visitor), (try? visitor.journey?.next()) != .end {
        leaveForFinally(visitor, .cut, at: moment)
      } else {
        proceed(visitor, from: moment, at: moment, sendsAtOnce: false)
      }
    }
  }

  /// A request that could not even be made: it counts as sent and failed at once, so that the sums hold.
  func failUnsent(_ visitor: Visitor, _ error: RenderError, at moment: Int64) {
    guard let journey = visitor.journey else { return }
    tellWitness(unmade: visitor, error, at: moment)
    if visitor.isSetup {
      setupFailed(visitor, error.detail)
      return finish(visitor, at: moment)
    }
    // A scenario without requests has none that could fail: its journeys do.
    if let request = visitor.request ?? journey.program.firstRequest ?? journey.program.requests.indices.first {
      record(unmade: request, of: visitor, error, at: moment)
    }
    leaveForFinally(visitor, .failed, at: moment)
  }

  /// The drain is over, or the run was cut, while this request was under way.
  func abandoned(_ visitor: Visitor, at moment: Int64) {
    guard let journey = visitor.journey, let request = visitor.request else { return }
    let step = journey.program.requests[request]
    settleWrites(visitor, step, .inFlight)
    record(
      requestOf: visitor, request, .inFlight, failure: 0, isSlow: false, endNanoseconds: moment, failedRule: nil)
  }
}
