// SPDX-License-Identifier: Apache-2.0
import Transport

/// Starts the prepared exchanges it is given, all at once, and runs their loop until each has ended. Every wait ends
/// after ten seconds at the latest, with `isComplete` false.
final class Round: LoopOwner {
  private let loop: TransportLoop
  private var waiting: [Exchange]
  private(set) var ended: [Exchange] = []
  private let expected: Int
  private let end = MonotonicTime.now().advanced(byNanoseconds: 10_000_000_000)
  /// Called for each that ended, with this round.
  private let whenEnded: (Exchange, Round) -> Void

  init(
    _ loop: TransportLoop, _ exchanges: [Exchange], expecting expected: Int? = nil,
    whenEnded: @escaping (Exchange, Round) -> Void = { _, _ in }
  ) {
    self.loop = loop
    waiting = exchanges
    self.expected = expected ?? exchanges.count
    self.whenEnded = whenEnded
  }

  var isComplete: Bool { ended.count == expected }

  /// Whether all ended in time.
  func run() -> Bool {
    loop.run(owner: self)
    return isComplete
  }

  func turn(_ now: MonotonicTime) -> MonotonicTime {
    for exchange in waiting { loop.start(exchange) }
    waiting.removeAll()
    if isComplete || now >= end { loop.stop() }
    return end
  }

  func ended(_ exchange: Exchange) {
    ended.append(exchange)
    whenEnded(exchange, self)
    if isComplete { loop.stop() }
  }
}

extension Exchange {
  /// `prepare` with what most tests want.
  func prepare(
    _ url: String, method: String = "GET", headers: [String] = [], body: String? = nil, milliseconds: Int = 5_000,
    keep: Bool = true
  ) {
    prepare(
      method: method, url: Array(url.utf8), headers: headers.map { Array($0.utf8) }, body: body.map { Array($0.utf8) },
      timeoutNanoseconds: Int64(milliseconds) * 1_000_000, keepBody: keep, keepHeaders: keep)
  }

  var bodyText: String { String(decoding: body, as: UTF8.self) }
}

extension TransportLoop {
  /// Sends one request and waits for its end.
  func send(_ exchange: Exchange, _ url: String, method: String = "GET", headers: [String] = [], body: String? = nil)
    -> Bool
  {
    exchange.prepare(url, method: method, headers: headers, body: body)
    return Round(self, [exchange]).run()
  }
}

extension ConnectionSettings {
  /// Settings with some changed.
  static func with(_ change: (inout ConnectionSettings) -> Void) -> ConnectionSettings {
    var settings = ConnectionSettings()
    change(&settings)
    return settings
  }
}
