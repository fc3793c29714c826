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

  // MARK: delivered again

  /// Keeps what was made, but for the lines that every request of the run has.
  func keep(in kept: KeptRequest) {
    kept.method = rendered.method
    Self.copy(rendered.url, into: &kept.url)
    Self.copy(rendered.body, into: &kept.body)
    kept.hasBody = rendered.hasBody
    kept.headerCount = rendered.headerCount
    while kept.headers.count < rendered.headerCount { kept.headers.append([]) }
    for index in 0..<rendered.headerCount { Self.copy(headers[index + Self.ownLines], into: &kept.headers[index]) }
  }

  func restore(_ kept: KeptRequest) {
    rendered.method = kept.method
    Self.copy(kept.url, into: &rendered.url)
    Self.copy(kept.body, into: &rendered.body)
    rendered.hasBody = kept.hasBody
    rendered.headerCount = kept.headerCount
    for index in 0..<kept.headerCount { Self.copy(kept.headers[index], into: &headers[index + Self.ownLines]) }
  }

  /// Bytes are copied, not shared: a shared buffer could not be used again.
  private static func copy(_ bytes: [UInt8], into buffer: inout [UInt8]) {
    buffer.removeAll(keepingCapacity: true)
    buffer.append(contentsOf: bytes)
  }

  /// Neither number may be 0.
  func trace(journey: UInt64, request: UInt64) {
    TraceHeaders.write(journey: journey, request: request, into: &headers[Self.tracePlace])
  }
}

/// The bytes of a message as it was first delivered, in buffers that are used again. Confined to its worker.
final class KeptRequest {
  var method = ""
  var url: [UInt8] = []
  var headers: [[UInt8]] = []
  var headerCount = 0
  var body: [UInt8] = []
  var hasBody = false
}
