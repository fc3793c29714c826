// SPDX-License-Identifier: Apache-2.0
import Results
import Scenarios
import Transport

// What a worker writes down.
extension Worker {
  func record(
    requestOf visitor: Visitor, _ request: Int, _ outcome: RequestOutcome, failure: UInt8, isSlow: Bool,
    endNanoseconds: Int64, failedRule: StepFailure?
  ) {
    let started = relative(visitor.exchange.startedAt)
    let response = UInt32(microsecondsFrom: endNanoseconds - visitor.dueNanoseconds)
    let service = UInt32(microsecondsFrom: endNanoseconds - started)
    record(
      Measurement(
        isJourney: false, outcome: outcome.rawValue, failure: failure, isSlow: isSlow, phase: UInt16(visitor.phase),
        step: UInt16(firstRequest[visitor.scenario] + request), responseMicroseconds: response,
        serviceMicroseconds: service, ownLagMicroseconds: UInt32(microsecondsFrom: visitor.ownLagNanoseconds),
        blockedMicroseconds: UInt32(microsecondsFrom: visitor.blockedNanoseconds),
        dueNanoseconds: visitor.dueNanoseconds, endNanoseconds: endNanoseconds))
    let isKeptFailure = outcome == .failed && evidence.keepsFailure(failure)
    guard isKeptFailure || evidence.keepsSlow(responseMicroseconds: response) else { return }
    let kept = sample(of: visitor, request, outcome, failure, failedRule, response: response, service: service)
    if isKeptFailure { evidence.addFailure(kept, kind: failure) }
    if evidence.keepsSlow(responseMicroseconds: response) { evidence.addSlow(kept, responseMicroseconds: response) }
  }

  func record(_ measurement: Measurement) { handOver.add(measurement) }

  /// A request that could not be made: as if it had been sent and had failed at once.
  func record(unmade request: Int, of visitor: Visitor, _ error: RenderError, at moment: Int64) {
    guard let journey = visitor.journey else { return }
    let failure = FailureTable.index(error.kind)
    let response = UInt32(microsecondsFrom: moment - visitor.dueNanoseconds)
    record(
      Measurement(
        isJourney: false, outcome: RequestOutcome.failed.rawValue, failure: failure, isSlow: false,
        phase: UInt16(visitor.phase), step: UInt16(firstRequest[visitor.scenario] + request),
        responseMicroseconds: response, serviceMicroseconds: 0, ownLagMicroseconds: 0, blockedMicroseconds: 0,
        dueNanoseconds: visitor.dueNanoseconds, endNanoseconds: moment))
    guard evidence.keepsFailure(failure) else { return }
    let sample = Sample(
      traceparent: "", scenario: journey.program.name, step: journey.program.requests[request].name,
      due: wallClock.timestamp(atNanoseconds: visitor.dueNanoseconds), response: Double(response) / 1000, service: 0,
      phases: SamplePhases(nameLookup: nil, connect: nil, tls: nil, firstByte: nil, total: nil, reused: false),
      status: nil, failure: FailureTable.names[Int(failure)], excerpt: journey.redacted(error.detail))
    evidence.addFailure(sample, kind: failure)
  }

  func record(journeyOf visitor: Visitor, _ outcome: JourneyOutcome, endNanoseconds: Int64) {
    record(
      journey(
        scenario: visitor.scenario, phase: visitor.phase, outcome, due: visitor.begunNanoseconds,
        end: endNanoseconds))
  }

  func record(unsent request: Int, of visitor: Visitor) {
    record(
      unsent(
        step: firstRequest[visitor.scenario] + request, phase: visitor.phase, due: visitor.dueNanoseconds))
  }

  /// An arrival that never began: its journey, and the first request it would have sent.
  func record(unsent arrival: Arrival) {
    record(
      journey(
        scenario: arrival.scenario, phase: arrival.phase, .unsent, due: arrival.dueNanoseconds,
        end: arrival.dueNanoseconds))
    if let first = program.scenarios[arrival.scenario].program.firstRequest {
      record(unsent(step: firstRequest[arrival.scenario] + first, phase: arrival.phase, due: arrival.dueNanoseconds))
    }
  }

  private func journey(scenario: Int, phase: Int, _ outcome: JourneyOutcome, due: Int64, end: Int64) -> Measurement {
    Measurement(
      isJourney: true, outcome: outcome.rawValue, failure: 0, isSlow: false, phase: UInt16(phase),
      step: UInt16(scenario), responseMicroseconds: UInt32(microsecondsFrom: end - due), serviceMicroseconds: 0,
      ownLagMicroseconds: 0, blockedMicroseconds: 0, dueNanoseconds: due, endNanoseconds: end)
  }

  private func unsent(step: Int, phase: Int, due: Int64) -> Measurement {
    Measurement(
      isJourney: false, outcome: RequestOutcome.unsent.rawValue, failure: 0, isSlow: false, phase: UInt16(phase),
      step: UInt16(step), responseMicroseconds: 0, serviceMicroseconds: 0, ownLagMicroseconds: 0,
      blockedMicroseconds: 0, dueNanoseconds: due, endNanoseconds: due)
  }

  private func sample(
    of visitor: Visitor, _ request: Int, _ outcome: RequestOutcome, _ failure: UInt8, _ failedRule: StepFailure?,
    response: UInt32, service: UInt32
  ) -> Sample {
    let exchange = visitor.exchange
    let program = program.scenarios[visitor.scenario].program
    let step = program.requests[request]
    // A request under way has no phase times yet.
    let phases = outcome == .inFlight ? nil : exchange.phases
    let failureName: String? =
      switch outcome {
      case .failed: FailureTable.names[Int(failure)]
      case .inFlight: "in-flight"
      default: nil
      }
    return Sample(
      traceparent: trace.value(journey: visitor.traceJourney, request: visitor.traceNumber), scenario: program.name,
      step: step.name,
      due: wallClock.timestamp(atNanoseconds: visitor.dueNanoseconds), response: Double(response) / 1000,
      service: Double(service) / 1000,
      phases: SamplePhases(
        nameLookup: phases.map { Double($0.nameLookup) / 1000 }, connect: phases.map { Double($0.connect) / 1000 },
        tls: phases.flatMap { $0.tls > 0 ? Double($0.tls) / 1000 : nil },
        firstByte: phases.flatMap { $0.firstByte > 0 ? Double($0.firstByte) / 1000 : nil },
        total: phases.map { Double($0.total) / 1000 }, reused: phases?.reused ?? false),
      status: outcome == .inFlight || exchange.status == 0 ? nil : exchange.status, failure: failureName,
      excerpt: excerpt(visitor, step, outcome, failedRule))
  }

  private static let excerptBytes = 300

  private func excerpt(
    _ visitor: Visitor, _ step: RequestStep, _ outcome: RequestOutcome, _ failedRule: StepFailure?
  ) -> String? {
    guard let journey = visitor.journey, outcome != .inFlight else { return nil }
    if outcome == .failed { return journey.redacted(explanation(visitor, step, failedRule)) }
    let body = visitor.exchange.body
    guard !body.isEmpty else { return nil }
    // Redacted before it is cut: half a secret is a secret.
    let text = journey.redacted(String(decoding: body.prefix(64 << 10), as: UTF8.self))
    return String(text.prefix(Self.excerptBytes))
  }

  /// Why the answer under `visitor` was not what was asked for. Holds data of the target: redact it.
  func explanation(_ visitor: Visitor, _ step: RequestStep, _ failedRule: StepFailure?) -> String {
    guard visitor.exchange.failure == nil, let failedRule, let journey = visitor.journey else {
      return visitor.exchange.errorText
    }
    return step.explain(failedRule, visitor.exchange, journey: journey)
  }
}
