// SPDX-License-Identifier: Apache-2.0
import Scenarios

/// One request of a scenario on its way out, in buffers that belong to it alone and are used again for each send. What
/// is the same for every journey is made once. Confined to its worker.
final class OutgoingRequest {
  private(set) var rendered = RenderedRequest()
  /// The run's line, the trace's, and those of the step.
  private(set) var headers: [[UInt8]]
  private var isMade = false

  private static let tracePlace = 1
  private static let ownLines = 2

  init(_ trace: TraceHeaders) { headers = [trace.runLine, trace.traceparent] }

  /// The body to send; nil for none.
  var body: [UInt8]? { rendered.hasBody ? rendered.body : nil }

  /// Without the lines that every request of the run has.
  var stepHeaders: [[UInt8]] { Array(headers[Self.ownLines..<(Self.ownLines + rendered.headerCount)]) }

  /// Makes the request for this journey. Allocates only while buffers still grow.
  func make(_ step: RequestStep, for journey: Journey) throws(RenderError) {
    if isMade && step.isConstant { return }
    try step.render(into: &rendered, journey: journey)
    while headers.count < rendered.headerCount + Self.ownLines { headers.append([]) }
    for index in 0..<rendered.headerCount { swap(&headers[index + Self.ownLines], &rendered.headers[index]) }
    isMade = true
  }

  /// Neither number may be 0.
  func trace(journey: UInt64, request: UInt64) {
    TraceHeaders.write(journey: journey, request: request, into: &headers[Self.tracePlace])
  }
}
