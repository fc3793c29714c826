// SPDX-License-Identifier: Apache-2.0

/// A request outside any load: a probe, the build's name, a container engine.
package struct PlainRequest: Sendable {
  package var method = "GET"
  package var url: String
  /// Lines "Name: value".
  package var headers: [String] = []
  package var body: [UInt8]?
  package var timeout: Duration = .seconds(10)

  package init(_ url: String) { self.url = url }

  /// `url` with a query behind it; names and values as they are meant, not yet escaped.
  package init(_ url: String, query: [(name: String, value: String)]) {
    let pairs = query.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }
    self.url = pairs.isEmpty ? url : "\(url)?\(pairs.joined(separator: "&"))"
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: escaped.unicodeScalars.append(.init(byte))
      default: escaped += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return escaped
  }
}

package struct PlainResponse: Sendable {
  package var status: Int
  package var body: [UInt8]
  /// The head of the final answer as it came.
  package var head: [UInt8]
  package var elapsedNanoseconds: Int64

  /// The value of the first header of that name, in any case.
  package func header(named name: String) -> String? {
    head.withUnsafeBufferPointer { headerValue(named: name, in: $0) }
  }
}

/// Sends one request on a connection of its own and waits for the answer, on any thread but a loop's. Any status is an
/// answer; what brings none is thrown. Nothing is retried. The body is kept up to `settings.bodyLimitBytes`.
package func request(_ request: PlainRequest, settings: ConnectionSettings) throws(TransportError) -> PlainResponse {
  let loop = try TransportLoop(settings: settings, connectionsPerMulti: 1)
  let exchange = try loop.makeExchange()
  exchange.prepare(
    method: request.method, url: Array(request.url.utf8), headers: request.headers.map { Array($0.utf8) },
    body: request.body, timeoutNanoseconds: Int64(request.timeout.wholeMilliseconds) * 1_000_000, keepBody: true,
    keepHeaders: true)
  let owner = OneRequest(loop, exchange)
  loop.run(owner: owner, isPrecise: false)
  if let failure = exchange.failure { throw TransportError(failure: failure, text: exchange.errorText) }
  return PlainResponse(
    status: exchange.status, body: Array(exchange.body), head: Array(exchange.headerBytes),
    elapsedNanoseconds: exchange.endedAt.nanoseconds(since: exchange.startedAt))
}

/// Starts its exchange in the first turn and stops the loop when it is over.
private final class OneRequest: LoopOwner {
  private let loop: TransportLoop
  private let exchange: Exchange
  private var isStarted = false

  init(_ loop: TransportLoop, _ exchange: Exchange) {
    self.loop = loop
    self.exchange = exchange
  }

  func turn(_ now: MonotonicTime) -> MonotonicTime {
    if !isStarted {
      isStarted = true
      loop.start(exchange)
    }
    return .distantFuture
  }

  func ended(_ exchange: Exchange) { loop.stop() }
}
