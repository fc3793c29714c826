// SPDX-License-Identifier: Apache-2.0
import Load
import Reports
import Results
import Scenarios
import Synchronization
import Transport

/// Writes down what a walk does: the record so far, and what happened since somebody last asked. The walk's thread
/// writes, the command's thread reads.
final class SmokeJournal: StepWitness {
  /// A step under way.
  struct Running: Equatable {
    var scenario: Int
    var step: Int
    var attempt: Int
    var since: MonotonicTime
  }

  enum Event: Equatable {
    case scenario(Int)
    /// The step is over: passed, failed, or left out.
    case step(scenario: Int, Int)
  }

  private struct State {
    var record: SmokeRecord
    var events: [Event] = []
    var running: Running?
    /// Sent last, and not told yet, since another round may come.
    var open: (scenario: Int, step: Int)?
    /// Of the steps told as left out, `scenario.step`: each is told once.
    var told: Set<[Int]> = []
    var hasCookies = false
    var isStopped = false
  }

  private let state: Mutex<State>
  private let wallClock: WallClock
  private let tags: [String]
  /// What a repeated request needs of the connection: `--cacert ca.pem`.
  private let curlOptions: [String]
  /// Keeps a body that is too long for a command, and returns its file.
  private let keepBody: @Sendable ([UInt8]) -> String?

  /// Bytes of a body that are looked at, and characters that are kept.
  private static let bodyBytes = 64 << 10
  private static let excerptCharacters = 4096

  init(
    _ record: SmokeRecord, wallClock: WallClock, curlOptions: [String],
    keepBody: @escaping @Sendable ([UInt8]) -> String?
  ) {
    state = Mutex(State(record: record))
    self.keepBody = keepBody
    self.wallClock = wallClock
    self.curlOptions = curlOptions
    tags = record.settings.tags
  }

  // MARK: the command's side

  var record: SmokeRecord { state.withLock { $0.record } }

  /// What is under way, and the events since the last call.
  func news() -> (record: SmokeRecord, events: [Event], running: Running?) {
    state.withLock { state in
      defer { state.events = [] }
      return (state.record, state.events, state.running)
    }
  }

  /// What is not sent from here on was stopped.
  func stopped() { state.withLock { $0.isStopped = true } }

  // MARK: StepWitness

  func began(scenario: Int) {
    state.withLock { state in
      state.hasCookies = false
      state.events.append(.scenario(scenario))
    }
  }

  func sends(scenario: Int, request: Int, attempt: Int) {
    state.withLock { state in
      meet(scenario, request, &state)
      state.running = Running(scenario: scenario, step: request, attempt: attempt, since: .now())
    }
  }

  func leftOut(scenario: Int, request: Int, missing: [String]) {
    state.withLock { state in
      meet(scenario, request, &state)
      if state.record.scenarios[scenario].steps[request].cause == nil {
        let names = missing.map { "'\($0)'" }.joined(separator: ", ")
        leave(
          scenario, request, .missingValue, "it needs \(names), which a step that was left out would have found", &state
        )
      } else {
        tellOnce(scenario, request, &state)
      }
      state.open = nil
    }
  }

  func attempted(_ attempt: StepAttempt) {
    let made = smokeAttempt(attempt, hasCookies: state.withLock { $0.hasCookies })
    state.withLock { state in
      meet(attempt.scenario, attempt.request, &state)
      var step = state.record.scenarios[attempt.scenario].steps[attempt.request]
      var kept = made
      kept.round = (step.attempts.last?.round ?? 0) + (attempt.number == 1 ? 1 : 0)
      kept.round = max(1, kept.round)
      step.attempts.append(kept)
      if case .refused(let label) = attempt.outcome {
        step.cause = .refusal
        step.reason = "declined: \(label), which the scenario declares as a refusal"
      }
      state.record.scenarios[attempt.scenario].steps[attempt.request] = step.judged()
      state.open = (attempt.scenario, attempt.request)
      if let answer = attempt.sent?.answer, answer.header(named: "Set-Cookie") != nil { state.hasCookies = true }
    }
  }

  func repeatedReply(scenario: Int, request: Int, place: String) {
    state.withLock { state in
      var step = state.record.scenarios[scenario].steps[request]
      guard let last = step.attempts.indices.last, step.attempts[last].outcome == .passed else { return }
      step.attempts[last].outcome = .failed
      step.attempts[last].failure = SmokeFailure(
        kind: "reply", expected: "one reply at the sink", actual: "a second one to the same message", place: place)
      state.record.scenarios[scenario].steps[request] = step.judged()
      // Told already: told again.
      let isToBeTold = state.open.map { $0 == (scenario, request) } ?? false
      if !isToBeTold { state.events.append(.step(scenario: scenario, request)) }
    }
  }

  func ended(scenario: Int, _ end: ScenarioEnd) {
    state.withLock { state in
      close(&state)
      state.running = nil
      for request in state.record.scenarios[scenario].steps.indices { pass(scenario, request, end, &state) }
    }
  }

  // MARK: what was not sent

  /// Another request comes up: what stands before it and was not sent is not going to be.
  private func meet(_ scenario: Int, _ request: Int, _ state: inout State) {
    if let open = state.open, open != (scenario, request) { close(&state) }
    for earlier in 0..<request { pass(scenario, earlier, nil, &state) }
  }

  private func close(_ state: inout State) {
    guard let open = state.open else { return }
    state.open = nil
    state.events.append(.step(scenario: open.scenario, open.step))
  }

  private func pass(_ scenario: Int, _ request: Int, _ end: ScenarioEnd?, _ state: inout State) {
    let steps = state.record.scenarios[scenario].steps
    let step = steps[request]
    guard step.attempts.isEmpty else { return }
    if step.cause != nil {
      // Known before, and nobody came by.
      return tellOnce(scenario, request, &state)
    }
    leave(scenario, request, cause(of: step, in: steps, end, isStopped: state.isStopped), nil, &state)
  }

  private func cause(
    of step: SmokeStep, in steps: [SmokeStep], _ end: ScenarioEnd?, isStopped: Bool
  ) -> SmokeStep.Cause {
    switch end {
    case .setupFailed: return .setup
    case .failFast: return .failFast
    case .notBegun: return .interrupted
    case .completed, .failed, .refused, .interrupted, nil: break
    }
    let isBroken = steps.contains { $0.status == .failed && $0.section != .finally }
    let isRefused = steps.contains { $0.cause == .refusal && !$0.attempts.isEmpty }
    if step.section == .finally {
      if end == .interrupted, !isStopped { return .interrupted }
      return isBroken || isRefused || isStopped || steps.contains { $0.cause != nil } ? .nothingToCleanUp : .condition
    }
    if isBroken { return .earlierFailure }
    if isRefused { return .refusal }
    return isStopped || end == .interrupted ? .interrupted : .condition
  }

  private func leave(
    _ scenario: Int, _ request: Int, _ cause: SmokeStep.Cause, _ reason: String?, _ state: inout State
  ) {
    state.record.scenarios[scenario].steps[request].cause = cause
    state.record.scenarios[scenario].steps[request].reason = reason ?? SmokeSelection.reason(cause, tags: tags)
    tellOnce(scenario, request, &state)
  }

  private func tellOnce(_ scenario: Int, _ request: Int, _ state: inout State) {
    if state.told.insert([scenario, request]).inserted {
      state.events.append(.step(scenario: scenario, request))
    }
  }

  // MARK: attempts

  private func smokeAttempt(_ attempt: StepAttempt, hasCookies: Bool) -> SmokeAttempt {
    let redact = attempt.journey.redacted
    func excerpt(_ bytes: some Collection<UInt8>) -> String {
      // Redacted before it is cut: half a secret is a secret.
      let text = redact(String(decoding: bytes.prefix(Self.bodyBytes), as: UTF8.self))
      return String(text.prefix(Self.excerptCharacters))
    }
    let answer = attempt.sent.flatMap { $0.answer.status == 0 ? nil : $0.answer }
    var made = SmokeAttempt(
      number: attempt.number, round: 1, at: wallClock.timestamp(atNanoseconds: attempt.dueNanoseconds),
      duration: Double(max(0, attempt.endNanoseconds - attempt.dueNanoseconds)) / 1e6,
      method: attempt.sent?.method ?? "",
      url: attempt.sent.map { redact(String(decoding: $0.url, as: UTF8.self)) } ?? "",
      headers: attempt.sent?.headers.map { redact(String(decoding: $0, as: UTF8.self)) } ?? [],
      body: attempt.sent?.body.map { excerpt($0) }, traceparent: attempt.sent?.traceparent ?? "",
      status: answer?.status, answerHeaders: answer.map { lines(of: $0, redact) } ?? [],
      answer: answer.flatMap { $0.bodyBytes == 0 ? nil : excerpt($0.body) }, answerBytes: answer?.bodyBytes ?? 0,
      outcome: .passed)
    switch attempt.outcome {
    case .passed: break
    case .refused: made.outcome = .refused
    case .failed(let kind, let why):
      made.outcome = .failed
      made.failure = SmokeFailure(
        kind: kind, expected: redact(why.expected), actual: redact(why.actual), place: why.place)
      made.curl = attempt.sent.map { curl($0, attempt, hasCookies: hasCookies) }
    }
    return made
  }

  /// The head of the answer without its first line.
  private func lines(of answer: Exchange, _ redact: (String) -> String) -> [String] {
    String(decoding: answer.headerBytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .filter { $0.contains(":") && !$0.hasPrefix("HTTP/") }.map { redact(String($0)) }
  }

  private func curl(_ sent: StepAttempt.Sent, _ attempt: StepAttempt, hasCookies: Bool) -> String {
    var command = CurlCommand(method: sent.method, url: sent.url, headers: sent.headers, body: sent.body)
    command.options = curlOptions
    command.hasCookies = hasCookies
    command.secrets = attempt.journey.namedSecrets.map { ($0.name, $0.value) }
    let redact = attempt.journey.redacted
    if let body = sent.body, CurlCommand.isTooLong(body) {
      let text = String(decoding: body, as: UTF8.self)
      let safe = redact(text)
      // What holds a secret is kept without it, and bytes that are no text as they are.
      command.bodyFile = keepBody(safe == text ? body : Array(safe.utf8))
      command.bodyLacksSecrets = safe != text
    }
    return command.text(redact: redact, mark: Redactor.mark)
  }
}
