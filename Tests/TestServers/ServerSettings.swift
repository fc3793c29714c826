// SPDX-License-Identifier: Apache-2.0

/// What holds for a whole server, beside what its handler decides for each request.
package struct ServerSettings: Sendable {
  /// How connections end after a good answer.
  package enum Closing: Sendable {
    /// When the client wishes it.
    case byClient
    /// After each answer, announced by `Connection: close`.
    case afterEachAnswer
    /// After each answer, unannounced: the client believes that it may use the connection again.
    case afterEachAnswerSilently
  }

  package var closing: Closing
  /// Closes a connection on which nothing happened for so long; nil: never.
  package var closesIdleAfterMilliseconds: Int?
  package var stall: StallWindow?
  /// How many requests are kept with headers and bodies. Counts are kept for all.
  package var captureLimit: Int
  /// Whether each reply's real service time is kept.
  package var keepsLog: Bool

  package init(
    closing: Closing = .byClient, closesIdleAfterMilliseconds: Int? = nil, stall: StallWindow? = nil,
    captureLimit: Int = 1_000, keepsLog: Bool = false
  ) {
    self.closing = closing
    self.closesIdleAfterMilliseconds = closesIdleAfterMilliseconds
    self.stall = stall
    self.captureLimit = captureLimit
    self.keepsLog = keepsLog
  }
}

/// A time in which the server stands still, as a stopped process does: connections are accepted, nothing is answered,
/// and delays already begun do not go on.
package struct StallWindow: Sendable {
  package var fromNanoseconds: Int64
  package var lengthNanoseconds: Int64
  /// `fromNanoseconds` counts from the arrival of this request (0 is the first); nil: from the start of the server.
  package var afterRequest: Int?

  package init(fromNanoseconds: Int64, lengthNanoseconds: Int64, afterRequest: Int? = nil) {
    self.fromNanoseconds = fromNanoseconds
    self.lengthNanoseconds = lengthNanoseconds
    self.afterRequest = afterRequest
  }
}

/// The stalls of one server on the monotonic clock.
struct StallClock {
  private var windows: [Range<Int64>] = []

  mutating func add(fromNanoseconds: Int64, lengthNanoseconds: Int64) {
    windows.append(fromNanoseconds..<fromNanoseconds + max(0, lengthNanoseconds))
    windows.sort { $0.lowerBound < $1.lowerBound }
  }

  /// When work of `duration` begun at `start` is done, given that no work is done inside a window.
  func finish(startNanoseconds: Int64, durationNanoseconds: Int64) -> Int64 {
    var at = startNanoseconds
    var left = durationNanoseconds
    for window in windows where window.upperBound > at {
      if at + left < window.lowerBound { break }
      left -= max(0, window.lowerBound - at)
      at = window.upperBound
    }
    return at + left
  }
}
