// SPDX-License-Identifier: Apache-2.0
import Scenarios
import Transport

// Scenarios one after the other, each once, before a witness.
extension Worker {
  func runWalk() {
    guard let walk else { return }
    origin = .now()
    users.dismissAll()
    drainEnd = .max
    var hasFailed = false
    for scenario in program.scenarios.indices {
      let end: ScenarioEnd
      if isStopping || isToldToStop {
        end = .notBegun
      } else if hasFailed, walk.rules.failsFast {
        end = .failFast
      } else {
        walk.witness.began(scenario: scenario)
        end = walkThrough(scenario, walk)
      }
      if end == .failed || end == .setupFailed { hasFailed = true }
      walk.witness.ended(scenario: scenario, end)
    }
    guard mailbox != nil, !isStopping else { return }
    walk.isLingering = true
    loop.run(owner: self)
  }

  func tellWitness(repeatedReplyTo number: UInt32) {
    guard let walk, let place = replies.measurement(number, .duplicated) else { return }
    let scenario = (firstRequest.lastIndex { $0 <= Int(place.step) }) ?? 0
    let request = Int(place.step) - firstRequest[scenario]
    walk.witness.repeatedReply(
      scenario: scenario, request: request, place: program.scenarios[scenario].program.requests[request].place)
  }

  private func walkThrough(_ scenario: Int, _ walk: Walk) -> ScenarioEnd {
    walk.hasLeftOut = false
    walk.scenarioEnd = .completed
    if !program.scenarios[scenario].program.isEmpty(.setup) {
      beginSetup(scenario, at: relative(.now()))
      if setups[scenario].isUnderWay { loop.run(owner: self) }
      if setupFailure != nil {
        setupFailure = nil
        return .setupFailed
      }
      if isStopping { return .interrupted }
    }
    // Without a handle nothing can be sent: the scenario is as one that never had its turn.
    guard let visitor = idleVisitor() else { return .notBegun }
    let moment = relative(.now())
    begin(visitor, scenario: scenario, phase: 0, number: UInt64(scenario) + 1, due: moment, at: moment)
    if visitors.count != idleVisitors.count { loop.run(owner: self) }
    return walk.scenarioEnd
  }

  /// How the journey that just ended went, for the witness.
  func noteEnd(of visitor: Visitor) {
    guard let walk, !visitor.isSetup else { return }
    switch visitor.outcome {
    case .failed: walk.scenarioEnd = .failed
    case .cut, .unsent: walk.scenarioEnd = .interrupted
    case .completed: break
    }
  }

  /// Whether the walk goes by this request without sending it.
  func leavesOut(_ request: Int, of visitor: Visitor) -> Bool {
    guard let walk, let journey = visitor.journey else { return false }
    if walk.rules.leavesOut[visitor.scenario][request] {
      walk.hasLeftOut = true
      journey.leaveOut(request)
      walk.witness.leftOut(scenario: visitor.scenario, request: request, missing: [])
      return true
    }
    guard walk.hasLeftOut else { return false }
    let missing = journey.missingNames(for: request)
    if missing.isEmpty { return false }
    journey.leaveOut(request)
    walk.witness.leftOut(scenario: visitor.scenario, request: request, missing: missing)
    return true
  }

  /// The rule for steps that have none: sending again must be harmless.
  func walkRetries(_ step: RequestStep, attempt: Int) -> Bool {
    guard let walk, attempt <= walk.rules.retries else { return false }
    return step.isReadOnly || step.writes != nil
  }

  func tellWitness(
    _ visitor: Visitor, _ step: RequestStep, _ outcome: RequestOutcome, failure: UInt8, _ failedRule: StepFailure?,
    isLate: Bool, refusal: String?, willRetry: Bool, at moment: Int64
  ) {
    guard let walk, let journey = visitor.journey, let request = visitor.request else { return }
    let outcome: StepAttempt.Outcome
    if let refusal {
      outcome = .refused(refusal)
      walk.scenarioEnd = .refused
    } else if isLate {
      outcome = .failed(kind: "within", lateness(step, moment - visitor.dueNanoseconds))
    } else if let failedRule {
      outcome = .failed(
        kind: FailureTable.names[Int(failure)],
        step.explanation(failedRule, visitor.exchange, journey: journey))
    } else if visitor.exchange.failure != nil {
      outcome = .failed(
        kind: FailureTable.names[Int(failure)],
        StepExplanation(expected: "an answer", actual: "none: \(visitor.exchange.errorText)", place: step.place))
    } else {
      outcome = .passed
    }
    tell(walk, visitor, request, outcome, due: visitor.dueNanoseconds, willRetry: willRetry, journey, at: moment)
  }

  /// The wait for a reply is over: the step with it.
  func tellWitness(_ visitor: Visitor, reply: ReplyOutcome, at moment: Int64) {
    guard let walk, let journey = visitor.journey, let request = visitor.request else { return }
    let step = journey.program.requests[request]
    let outcome: StepAttempt.Outcome
    if reply == .inTime {
      outcome = .passed
    } else {
      let within = Self.milliseconds(step.reply?.withinNanoseconds ?? 0)
      outcome = .failed(
        kind: "reply",
        StepExplanation(
          expected: "a reply at the sink within \(within)", actual: "none by then", place: step.place))
    }
    tell(
      walk, visitor, request, outcome, due: visitor.deliveryDueNanoseconds, willRetry: false, journey, at: moment)
  }

  private func tell(
    _ walk: Walk, _ visitor: Visitor, _ request: Int, _ outcome: StepAttempt.Outcome, due: Int64, willRetry: Bool,
    _ journey: Journey, at moment: Int64
  ) {
    let outgoing = outgoing[firstRequest[visitor.scenario] + request]
    walk.witness.attempted(
      StepAttempt(
        scenario: visitor.scenario, request: request, number: visitor.attempt, dueNanoseconds: due,
        endNanoseconds: moment,
        sent: StepAttempt.Sent(
          method: outgoing.rendered.method, url: outgoing.rendered.url, headers: outgoing.stepHeaders,
          body: outgoing.body,
          traceparent: trace.value(journey: visitor.traceJourney, request: visitor.traceNumber),
          answer: visitor.exchange),
        outcome: outcome, willRetry: willRetry, journey: journey))
  }

  /// A request that could not be made. Without one to name it is the next that would have come.
  func tellWitness(unmade visitor: Visitor, _ error: RenderError, at moment: Int64) {
    guard let walk, let journey = visitor.journey,
      let request = visitor.request ?? journey.nextRequest ?? journey.program.requests.indices.first
    else { return }
    let step = journey.program.requests[request]
    walk.witness.attempted(
      StepAttempt(
        scenario: visitor.scenario, request: request, number: visitor.request == nil ? 1 : visitor.attempt,
        dueNanoseconds: visitor.dueNanoseconds, endNanoseconds: moment, sent: nil,
        outcome: .failed(
          kind: FailureTable.names[Int(FailureTable.index(error.kind))],
          StepExplanation(expected: "a request that can be made", actual: error.detail, place: step.place)),
        willRetry: false, journey: journey))
  }

  private func lateness(_ step: RequestStep, _ nanoseconds: Int64) -> StepExplanation {
    StepExplanation(
      expected: "the answer within \(Self.milliseconds((step.withinMicroseconds ?? 0) * 1000))",
      actual: "it after \(Self.milliseconds(nanoseconds))", place: step.withinPlace)
  }

  private static func milliseconds(_ nanoseconds: Int64) -> String {
    if nanoseconds >= 1_000_000_000, nanoseconds % 100_000_000 == 0 {
      let (seconds, tenths) = (nanoseconds / 1_000_000_000, nanoseconds / 100_000_000 % 10)
      return tenths == 0 ? "\(seconds) s" : "\(seconds).\(tenths) s"
    }
    let tenths = (nanoseconds + 99_999) / 100_000
    return tenths % 10 == 0 ? "\(tenths / 10) ms" : "\(tenths / 10).\(tenths % 10) ms"
  }
}
