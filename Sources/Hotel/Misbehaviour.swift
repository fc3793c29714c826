// SPDX-License-Identifier: Apache-2.0
import Dispatch

/// Faults on demand, so that what measures the hotel can be shown to see them. By start flag only; health and metrics
/// stay sound.
struct Misbehaviour: Sendable {
  /// Every request waits so long before it is looked at.
  var delayMilliseconds = 0
  /// This share of each second is an outage: requests begun in it get 500. Errors thus come in clumps, as real ones do.
  var errorShare = 0.0
  /// At the beginning of every `stallEverySeconds` all requests are held for so long.
  var stallMilliseconds = 0
  var stallEverySeconds = 10
  /// Of so many bookings, one is acknowledged and not written. 0: none.
  var loseOneOf = 0

  /// Calls `proceed`, at once or late, or answers in its stead. On any thread.
  func before(_ exchange: Exchange, _ proceed: @escaping @Sendable () -> Void) {
    guard let raw = exchange.rawTarget, !raw.hasPrefix("/health"), !raw.hasPrefix("/metrics") else {
      return proceed()
    }
    let begun = exchange.begunNanoseconds
    if errorShare > 0, Double(begun % 1_000_000_000) < errorShare * 1_000_000_000 {
      return exchange.send(.problem(500, "misbehaving on demand"))
    }
    var waitNanoseconds = Int64(delayMilliseconds) * 1_000_000
    if stallMilliseconds > 0 {
      let intoPeriod = begun % (Int64(stallEverySeconds) * 1_000_000_000)
      waitNanoseconds += max(0, Int64(stallMilliseconds) * 1_000_000 - intoPeriod)
    }
    if waitNanoseconds == 0 { return proceed() }
    DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(Int(waitNanoseconds)), execute: proceed)
  }
}
