// SPDX-License-Identifier: Apache-2.0
import JSON

/// What the compiler makes of a request; `RequestStep` holds it for good.
struct CompiledRequest: Sendable {
  var name: String
  /// A sentence about it, for people; "" for none.
  var about = ""
  var method: String
  /// Left out of per-step rules.
  var isProbe = false
  /// Changes nothing in the target: GET, HEAD and OPTIONS, or declared so.
  var isReadOnly = false
  var tags: [String] = []
  /// Its own limit; nil: the plan's.
  var timeoutNanoseconds: Int64?
  var retry: RetryRule?
  /// Redirects that are followed; 0: a redirect is an answer like any other.
  var maximumRedirects = 0
  var writes: WritesRule?
  var redeliver: RedeliverRule?
  var reply: ReplyRule?
  /// Whether an expectation or capture reads the body / the headers of the answer.
  var keepsBody = false
  var keepsHeaders = false
  /// `file:line:column` of the step.
  var place = ""
  /// Where its status and its `within` are written; the step's own place when they are not.
  var statusPlace = ""
  var withinPlace = ""
  /// Path and query, or the whole URL, as written.
  var pathText = ""

  var url = Template()
  var isURLAbsolute = false
  var headers: [HeaderTemplate] = []
  var body: Template?
  /// What its `let` sets before it.
  var assignments: [(slot: Int, value: ValueTemplate)] = []
  /// Slots that must have a value before the request can be made.
  var neededSlots: [Int] = []
  /// Slots its expectations compare with.
  var expectedSlots: [Int] = []
  /// Slots that mean nothing when the request is not sent: its captures, its own `let`, the key of its write.
  var ownSlots: [Int] = []

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

extension CompiledRequest {
  func render(into request: inout RenderedRequest, _ journey: Journey) throws(RenderError) {
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
