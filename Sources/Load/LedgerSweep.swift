// SPDX-License-Identifier: Apache-2.0
package import Results
import Scenarios
import Transport

/// Takes away what a run left in its target: each write is read, closed by its `closed-by` step, and read again. One
/// request at a time, on the thread that calls. What was done is entered into a ledger of its own.
package final class LedgerSweep {
  package enum Outcome: Sendable, Equatable {
    /// Closed, and not found any more (or closed by a step without `read`).
    case closed
    /// It was not there.
    case gone
    /// It is, or may be, still there.
    case left(String)
  }

  private let program: LoadProgram
  private let book: LedgerBook
  private let ledger: LedgerWriter
  private let pause: () -> Void
  private let trace: TraceHeaders
  private var sent: UInt64 = 0

  /// Found more often than this, a write is not closed to its end at once.
  private static let mostRounds = 10
  private static let bodyLimit = 1 << 20

  /// `ledger`: where to enter what is done. `pause` is called before each request and takes the time that keeps the
  /// sweep slow.
  package init(program: LoadProgram, book: LedgerBook, ledger: LedgerWriter, pause: @escaping () -> Void) {
    self.program = program
    self.book = book
    self.ledger = ledger
    self.pause = pause
    trace = TraceHeaders(runID: program.runID)
  }

  /// Closes one of the book's writes.
  package func close(_ index: Int) throws(FileError) -> Outcome {
    let entry = try book.entry(index)
    guard let run = program.scenarios.first(where: { $0.program.name == entry.scenario }),
      let request = run.program.requests.firstIndex(where: { $0.name == entry.step && $0.writes != nil })
    else { return .left("the run's inputs have no step \(entry.scenario)/\(entry.step) that writes") }
    let journey = Journey(run)
    defer { ledger.flush() }
    do {
      try journey.restore(entry.values, UnwrittenValues(), of: request)
      return try close(entry, request, journey)
    } catch {
      let reason =
        switch error {
        case let error as RenderError: error.detail
        case let error as RestoreError: error.message
        case let error as TransportError: error.text
        default: "\(error)"
        }
      return .left(journey.redacted(reason))
    }
  }

  private func close(_ entry: LedgerEntry, _ request: Int, _ journey: Journey) throws -> Outcome {
    var found: Int?
    if let read = journey.program.requests[request].writes?.read {
      switch try ask(read, journey) {
      case .found(0):
        enter(entry, .read, found: 0)
        return .gone
      case .found(let count): found = count
      case .notNow(let reason), .unreadable(let reason):
        return .left("it could not be read: \(journey.redacted(reason))")
      }
    }
    guard let closer = journey.program.closer(of: request) else { return .left("its step has no `closed-by`") }
    for _ in 0..<min(found ?? 1, Self.mostRounds) {
      if let reason = try send(closer, journey) {
        return .left("\(journey.program.requests[closer].name): \(journey.redacted(reason))")
      }
      enter(entry, .closed)
      guard let read = journey.program.requests[request].writes?.read else { return .closed }
      switch try ask(read, journey) {
      case .found(0):
        enter(entry, .read, found: 0)
        return .closed
      case .found(let count):
        enter(entry, .read, found: count)
        found = count
      case .notNow(let reason), .unreadable(let reason):
        enter(entry, .unread, reason: journey.redacted(reason))
        return .left(
          "\(journey.program.requests[closer].name) was answered as done, but then it could not be read:"
            + " \(journey.redacted(reason))")
      }
    }
    return .left("still there \(found ?? 1) times after \(journey.program.requests[closer].name) was answered as done")
  }

  private func ask(_ read: ReadBackStep, _ journey: Journey) throws -> ReadBackStep.Answer {
    try answer(read.request, journey) { read.judge($0, journey: journey) }
  }

  /// Sends a step of the scenario; returns why it was not done.
  private func send(_ index: Int, _ journey: Journey) throws -> String? {
    let step = journey.program.requests[index]
    try journey.assignVariables(of: index)
    return try answer(step, journey) { response in
      switch step.judge(response, elapsedMicroseconds: 0, journey: journey).outcome {
      case .ok: nil
      case .refused(let label): "refused: \(label)"
      case .failed(let failure): step.explain(failure, response, journey: journey)
      }
    }
  }

  private func answer<Result>(
    _ step: RequestStep, _ journey: Journey, _ judge: (BufferedResponse) -> Result
  ) throws -> Result {
    let outgoing = OutgoingRequest(trace)
    try outgoing.make(step, for: journey)
    pause()
    sent += 1
    outgoing.trace(journey: 1 << 63 | sent, request: 1 << 63 | sent)
    var plain = PlainRequest(String(decoding: outgoing.rendered.url, as: UTF8.self))
    plain.method = outgoing.rendered.method
    plain.headers = outgoing.headers.map { String(decoding: $0, as: UTF8.self) }
    plain.body = outgoing.body
    plain.timeout = .nanoseconds(min(step.timeoutNanoseconds ?? .max, program.timeoutNanoseconds))
    var settings = program.connection
    settings.maximumRedirects = step.maximumRedirects
    settings.bodyLimitBytes = Self.bodyLimit
    let response = try request(plain, settings: settings)
    return response.body.withUnsafeBufferPointer { judge(BufferedResponse(response, body: $0)) }
  }

  private func enter(_ entry: LedgerEntry, _ state: LedgerState, found: Int? = nil, reason: String? = nil) {
    ledger.append(
      LedgerEntry(
        key: entry.key, state: state, scenario: entry.scenario, step: entry.step, at: .now(), found: found,
        reason: reason))
  }
}

/// A plain answer, as steps judge it. Not to be kept: the body is only lent.
private struct BufferedResponse: ResponseView {
  private let response: PlainResponse
  let body: UnsafeBufferPointer<UInt8>

  init(_ response: PlainResponse, body: UnsafeBufferPointer<UInt8>) {
    self.response = response
    self.body = body
  }

  var status: Int { response.status }
  func header(named name: String) -> String? { response.header(named: name) }
}
