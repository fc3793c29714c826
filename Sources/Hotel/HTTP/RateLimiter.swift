// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// How many requests each client has sent in the current minute of the clock. Counted in Redis, where several hotels
/// share the counters, or in memory. With a Redis that is away nobody is limited.
final class RateLimiter: Sendable {
  struct Decision: Sendable {
    var limit: Int
    var remaining: Int
    /// Seconds since 1970 when the next minute begins.
    var reset: Int
    /// Seconds until then, at least one.
    var seconds: Int
    var isAllowed: Bool

    var headers: [(name: String, value: String)] {
      [
        (name: "X-RateLimit-Limit", value: String(limit)), (name: "X-RateLimit-Remaining", value: String(remaining)),
        (name: "X-RateLimit-Reset", value: String(reset)),
        (name: "RateLimit-Policy", value: "\"default\";q=\(limit);w=\(windowSeconds)"),
      ]
    }

    /// For a request that is one too many.
    var refusal: Answer {
      .problem(429, "more than \(limit) requests a minute").with("Retry-After", String(seconds))
    }
  }

  private struct Window {
    var number = 0
    var counts: [String: Int] = [:]
  }

  private static let windowSeconds = 60
  /// Beyond so many clients in a minute all others share one counter: memory is bounded.
  private static let clientLimit = 50_000

  private let limit: Int
  private let redis: Redis?
  private let window = Mutex(Window())
  private let refused = Counter("rate_limited_total", "Requests refused by the rate limit.")
  private let unchecked = Counter("rate_limit_unchecked_total", "Requests let through because Redis was away.")

  init(perMinute limit: Int, redis: Redis?) {
    self.limit = limit
    self.redis = redis
  }

  /// Counts one request of the client; nil when that is not possible now.
  func count(_ client: String, now: Int = time(nil)) -> Decision? {
    let number = now / Self.windowSeconds
    guard let count = redis.map({ shared($0, client, number) }) ?? own(client, number) else {
      unchecked.add()
      return nil
    }
    if count > limit { refused.add() }
    let reset = (number + 1) * Self.windowSeconds
    return Decision(
      limit: limit, remaining: max(0, limit - count), reset: reset, seconds: max(1, reset - now),
      isAllowed: count <= limit)
  }

  var metricsText: String { refused.text + unchecked.text }

  private func own(_ client: String, _ number: Int) -> Int? {
    window.withLock { window in
      if window.number != number { window = Window(number: number) }
      let name = window.counts[client] != nil || window.counts.count < Self.clientLimit ? client : "others"
      window.counts[name, default: 0] += 1
      return window.counts[name]
    }
  }

  private func shared(_ redis: Redis, _ client: String, _ number: Int) -> Int? {
    let key = "hotel:rate:\(number):\(client)"
    guard
      case .integer(let count)? = redis.run([["INCR", key], ["EXPIRE", key, String(2 * Self.windowSeconds)]])?.first
    else { return nil }
    return count
  }
}
