// SPDX-License-Identifier: Apache-2.0
import JSON

/// One request of a scenario, compiled: how to make it, what to expect, what to keep of the answer.
package struct RequestStep: Sendable {
  package var name: String
  package var method: String
  /// Left out of per-step rules.
  package var isProbe = false
  /// Changes nothing in the target: GET, HEAD and OPTIONS, or declared so.
  package var isReadOnly = false
  package var tags: [String] = []
  /// Its own limit; nil: the plan's.
  package var timeoutNanoseconds: Int64?
  package var retry: RetryRule?
  /// Redirects that are followed; 0: a redirect is an answer like any other.
  package var maximumRedirects = 0
  package var writes: WritesRule?
  /// Whether an expectation or capture reads the body / the headers of the answer.
  package var keepsBody = false
  package var keepsHeaders = false
  /// `file:line:column` of the step.
  package var place = ""

  var url = Template()
  var isURLAbsolute = false
  var headers: [HeaderTemplate] = []
  var body: Template?
  /// Slots that must have a value before the request can be made.
  var neededSlots: [Int] = []

  var withinMicroseconds: Int64?
  var status = StatusRule.standard
  var headerRules: [HeaderRule] = []
  var textRules: [TextRule] = []
  var jsonRules: [JSONRule] = []
  var captures: [Capture] = []
  var paths = JSONPaths([])

  struct HeaderTemplate: Sendable {
    var name: String
    /// "Name: " as bytes.
    var prefix: [UInt8]
    var value: Template
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
  /// Reads the write back after recovery; kept for the ledger.
  package var read: ReadBack?
  /// The step that takes the write away again.
  package var closedBy: String?

  package struct ReadBack: Sendable {
    var url: Template
    /// Where the answer lists what was found.
    package var countPath: String?
  }

  /// The key of this journey's write.
  package func key(_ journey: Journey) throws(RenderError) -> String {
    var bytes: [UInt8] = []
    try journey.write(key, into: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The URL that reads this journey's write back, base included; nil when the step has none.
  package func readURL(_ journey: Journey) throws(RenderError) -> String? {
    guard let read else { return nil }
    var bytes = journey.run.baseURL
    try journey.write(read.url, into: &bytes)
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

extension RequestStep {
  /// Renders into `request`. Body first, since headers may sign it. Allocates only while buffers still grow.
  package func render(into request: inout RenderedRequest, journey: Journey) throws(RenderError) {
    request.method = method
    request.body.removeAll(keepingCapacity: true)
    request.hasBody = body != nil
    if let body { try journey.write(body, into: &request.body) }
    try renderURL(into: &request.url, journey)
    while request.headers.count < headers.count { request.headers.append([]) }
    request.headerCount = headers.count
    for (index, header) in headers.enumerated() {
      try render(header, into: &request.headers[index], body: request.body, journey)
    }
  }

  private func renderURL(into url: inout [UInt8], _ journey: Journey) throws(RenderError) {
    url.removeAll(keepingCapacity: true)
    if isURLAbsolute { return try journey.write(self.url, into: &url) }
    let base = journey.run.baseURL
    url.append(contentsOf: base)
    try journey.write(self.url, into: &url)
    let path = url[base.count...]
    // A captured link may be a whole URL.
    if path.starts(with: Self.plainScheme) || path.starts(with: Self.secureScheme) {
      url.removeFirst(base.count)
    } else if path.first != UInt8(ascii: "/"), !path.isEmpty {
      url.insert(UInt8(ascii: "/"), at: base.count)
    }
  }

  private static let plainScheme = Array("http://".utf8)
  private static let secureScheme = Array("https://".utf8)

  private func render(
    _ header: HeaderTemplate, into line: inout [UInt8], body: [UInt8], _ journey: Journey
  ) throws(RenderError) {
    line.removeAll(keepingCapacity: true)
    line.append(contentsOf: header.prefix)
    do {
      try journey.write(header.value, into: &line, body: body)
    } catch {
      if case .brokenHeader = error { throw RenderError.brokenHeader(name: header.name) }
      throw error
    }
    if line.count == header.prefix.count {
      line.removeLast(2)
      line.append(UInt8(ascii: ";"))
    }
  }
}
