// SPDX-License-Identifier: Apache-2.0
/// One request of a scenario, compiled: how to make it, what to expect, what to keep of the answer. A class, since it is
/// taken out of its program several times for every request sent: that costs one reference count, not thirty.
package final class RequestStep: Sendable {
  let parts: CompiledRequest

  /// Every journey sends the same bytes.
  package let isConstant: Bool

  /// It may be sent again with the same bytes, or a reply to it is awaited.
  package let isDelivery: Bool

  init(_ parts: CompiledRequest) {
    self.parts = parts
    isDelivery = parts.redeliver != nil || parts.reply != nil
    isConstant =
      parts.url.constant != nil && parts.body.map { $0.constant != nil } ?? true
      && parts.headers.allSatisfy { $0.value.constant != nil }
  }

  package var name: String { parts.name }
  /// A sentence about it, as written; "" for none.
  package var about: String { parts.about }
  package var method: String { parts.method }
  /// Left out of per-step rules.
  package var isProbe: Bool { parts.isProbe }
  /// Changes nothing in the target: GET, HEAD and OPTIONS, or declared so.
  package var isReadOnly: Bool { parts.isReadOnly }
  package var tags: [String] { parts.tags }
  /// Its own limit; nil: the plan's.
  package var timeoutNanoseconds: Int64? { parts.timeoutNanoseconds }
  package var retry: RetryRule? { parts.retry }
  /// Redirects that are followed; 0: a redirect is an answer like any other.
  package var maximumRedirects: Int { parts.maximumRedirects }
  package var writes: WritesRule? { parts.writes }
  package var redeliver: RedeliverRule? { parts.redeliver }
  package var reply: ReplyRule? { parts.reply }
  /// Whether an expectation or capture reads the body of the answer.
  package var keepsBody: Bool { parts.keepsBody }
  /// Whether one reads its headers.
  package var keepsHeaders: Bool { parts.keepsHeaders }
  /// `file:line:column` of the step.
  package var place: String { parts.place }
  /// Path and query as written, templates included.
  package var pathText: String { parts.pathText }
  /// What an answer must come within; nil: nothing is said.
  package var withinMicroseconds: Int64? { parts.withinMicroseconds }
  /// `file:line:column` of that.
  package var withinPlace: String { parts.withinPlace }

  /// Renders into `request`. Body first, since headers may sign it. Allocates only while buffers still grow.
  package func render(into request: inout RenderedRequest, journey: Journey) throws(RenderError) {
    try parts.render(into: &request, journey)
  }

  /// Checks an answer against the step's expectations and keeps its captures in the journey. Refusals are known by their
  /// status alone: nothing else is checked or captured then. `elapsedMicroseconds` is compared with `within`.
  package func judge(_ response: some ResponseView, elapsedMicroseconds: Int64, journey: Journey) -> StepJudgement {
    parts.judge(response, elapsedMicroseconds: elapsedMicroseconds, journey: journey)
  }

  /// What was expected and what came, with the place in the file. Costs a new look at the answer: for the few failures
  /// that are kept. Call it before the journey goes on. It may hold data of the target: redact it.
  package func explain(_ failure: StepFailure, _ response: some ResponseView, journey: Journey) -> String {
    parts.explanation(failure, response, journey: journey).sentence
  }

  /// The same in parts.
  package func explanation(_ failure: StepFailure, _ response: some ResponseView, journey: Journey) -> StepExplanation {
    parts.explanation(failure, response, journey: journey)
  }
}

/// When a request is sent again.
package struct RetryRule: Sendable, Equatable {
  /// Sends after the first one.
  package var count: Int
  package var statuses: [ClosedRange<Int>]
  /// Whether a transport failure or timeout is retried.
  package var onTransportFailure: Bool
  package var backoff: PauseRange
  /// Each wait is this many times the one before.
  package var factor: Double

  /// Nanoseconds to wait before the retry after `attempt` sends (1 = the first).
  package func waitNanoseconds(attempt: Int, journey: Journey) -> Int64 {
    var wait = Double(journey.draw(backoff))
    for _ in 1..<max(1, attempt) { wait *= factor }
    return Int64(min(wait, 3.6e12))
  }

  package func applies(toStatus status: Int) -> Bool { statuses.contains { $0.contains(status) } }
}

/// A write that must not get lost: its key goes into the ledger before the request is sent.
package struct WritesRule: Sendable {
  var key: Template
  /// Reads the write back, after the load.
  package var read: ReadBackStep?
  /// The step that takes the write away again.
  package var closedBy: String?

  /// The key of this journey's write.
  package func key(_ journey: Journey) throws(RenderError) -> String {
    var bytes: [UInt8] = []
    try journey.write(key, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A request ready to be sent. Its buffers are reused: render into the same value again and again.
package struct RenderedRequest: Sendable {
  package var method = ""
  package var url: [UInt8] = []
  /// "Name: value" each; "Name;" (libcurl's way of saying so) for an empty value. Only the first `headerCount` count.
  package var headers: [[UInt8]] = []
  package var headerCount = 0
  package var body: [UInt8] = []
  package var hasBody = false

  package init() {}
}
