// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Synchronization

/// Faults on demand, so that what measures the hotel can be shown to see them. By start flag only; health and metrics
/// stay sound.
struct Misbehaviour: Sendable {
  /// Every request waits so long before it is looked at.
  var delayMilliseconds = 0
  /// A booking waits so much longer: one slow step among fast ones.
  var slowBookingMilliseconds = 0
  /// This share of each second is an outage: requests begun in it get 500. Errors thus come in clumps, as real ones do.
  var errorShare = 0.0
  /// Not 0: the share comes as whole outages of so many seconds instead, at times that nobody can foresee.
  var errorClumpSeconds = 0
  /// At the beginning of every `stallEverySeconds` all requests are held for so long.
  var stallMilliseconds = 0
  var stallEverySeconds = 10
  /// Of so many bookings, one is acknowledged and not written. 0: none.
  var loseOneOf = 0
  /// A cancellation is acknowledged and cancels nothing.
  var forgetsCancel = false
  /// Each request leaves so much behind in memory.
  var leakKibibytes = 0
  /// Posts of the webhook are taken whatever their signature.
  var acceptsForged = false
  /// Of so many replies, one is sent twice. 0: none.
  var duplicateRepliesOneOf = 0
  /// Of so many replies, one is taken for sent without having been. 0: none.
  var loseRepliesOneOf = 0

  private static let bookingPath = "/api/v1/reservations"
  private static let leaked = Mutex<[[UInt8]]>([])
  /// Differs from start to start.
  private static let salt = UInt64.random(in: .min ... .max)

  /// Calls `proceed`, at once or late, or answers in its stead. On any thread.
  func before(_ exchange: Exchange, _ proceed: @escaping @Sendable () -> Void) {
    guard let raw = exchange.rawTarget, !raw.hasPrefix("/health"), !raw.hasPrefix("/metrics") else {
      return proceed()
    }
    if leakKibibytes > 0 {
      // Filled, since memory that was never touched takes no room.
      let bytes = [UInt8](repeating: 0xa5, count: leakKibibytes << 10)
      Self.leaked.withLock { $0.append(bytes) }
    }
    let begun = exchange.begunNanoseconds
    if isOutage(atNanoseconds: begun) { return exchange.send(.problem(500, "misbehaving on demand")) }
    var waitNanoseconds = Int64(delayMilliseconds) * 1_000_000
    if slowBookingMilliseconds > 0, exchange.method == "POST", raw.prefix(while: { $0 != "?" }) == Self.bookingPath {
      waitNanoseconds += Int64(slowBookingMilliseconds) * 1_000_000
    }
    if stallMilliseconds > 0 {
      let intoPeriod = begun % (Int64(stallEverySeconds) * 1_000_000_000)
      waitNanoseconds += max(0, Int64(stallMilliseconds) * 1_000_000 - intoPeriod)
    }
    if waitNanoseconds == 0 { return proceed() }
    DispatchQueue.global().asyncAfter(deadline: .now() + .nanoseconds(Int(waitNanoseconds)), execute: proceed)
  }

  /// By the clock alone: CLOCK_MONOTONIC.
  func isOutage(atNanoseconds time: Int64) -> Bool {
    guard errorShare > 0 else { return false }
    guard errorClumpSeconds > 0 else { return Double(time % 1_000_000_000) < errorShare * 1_000_000_000 }
    var bits = Self.salt &+ UInt64(time / (Int64(errorClumpSeconds) * 1_000_000_000)) &* 0x9e37_79b9_7f4a_7c15
    // The finalizer of SplitMix64: neighbouring periods get unrelated numbers.
    bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
    bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
    bits ^= bits >> 31
    return Double(bits >> 11) * 0x1p-53 < errorShare
  }
}
