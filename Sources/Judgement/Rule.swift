// SPDX-License-Identifier: Apache-2.0

/// A threshold read as a rule about the share of one event: quantiles and shares alike.
struct ShareRule {
  var event: CountedEvent
  /// The share must compare like this...
  var comparison: Comparison
  /// ...with this.
  var limit: Double
  /// For reasons: what the events are, and what requests without them are.
  var events: String
  var without: String

  /// The share has to stay below the limit (and not above it).
  var isUpperLimit: Bool { comparison == .less || comparison == .lessOrEqual }
}

extension Threshold {
  /// What holds when a plan writes no thresholds: judged by estimate.
  package static let whenNoneIsWritten = Threshold(
    text: "errors < 1%", figure: .errors, comparison: .less, limit: 0.01)

  /// The overload stop that every run has unless its plan says otherwise.
  package static let overloadStop = Threshold(
    text: "errors <= 50% over 10s abort", figure: .errors, comparison: .lessOrEqual, limit: 0.5, windowSeconds: 10,
    aborts: true)

  /// What has to be counted for the rule; nil for avg, min, rate and count.
  package var countedEvent: CountedEvent? {
    switch figure {
    case .quantile(let measure, _), .maximum(let measure):
      // Recorded times are whole microseconds: more than the limit is the next whole one or more.
      switch comparison {
      case .less, .greaterOrEqual, .equal, .notEqual: .failedOrAtLeast(measure, microseconds: limit)
      case .lessOrEqual, .greater: .failedOrAtLeast(measure, microseconds: limit.rounded(.down) + 1)
      }
    case .errors: .failed
    case .slow: .slow
    case .refused: .refused
    case .unsent: .unsent
    case .replyShare(let event): .reply(event)
    case .mean, .minimum, .rate, .count, .replies, .writes, .target: nil
    }
  }

  /// Nil for figures that are no share, and for `==` and `!=`.
  var shareRule: ShareRule? {
    guard comparison != .equal, comparison != .notEqual, let event = countedEvent else { return nil }
    switch figure {
    case .quantile(let measure, let q):
      let missed = measure == .reply ? "lost" : "failed"
      let isUpper = comparison == .less || comparison == .lessOrEqual
      return ShareRule(
        event: event, comparison: isUpper ? .less : .greater, limit: complement(q),
        events:
          "\(comparison == .less || comparison == .greaterOrEqual ? "at or over" : "over") \(Wording.time(limit)) or \(missed)",
        without: "\(figure.nouns) \(comparison == .less ? "under" : "within") \(Wording.time(limit))")
    case .errors: return rule(event, "failed", "error-free requests")
    case .slow: return rule(event, "slow", "requests in time")
    case .refused: return rule(event, "refused", "requests without a refusal")
    case .unsent: return rule(event, "unsent", "requests sent when due")
    case .replyShare(let words): return rule(event, words.rawValue, "replies that are not \(words.rawValue)")
    case .mean, .minimum, .maximum, .rate, .count, .replies, .writes, .target: return nil
    }
  }

  private func rule(_ event: CountedEvent, _ events: String, _ without: String) -> ShareRule {
    ShareRule(event: event, comparison: comparison, limit: limit, events: events, without: without)
  }

  /// Rules that an unhealthy generator makes INCONCLUSIVE: on time, and on how much was sent. Rules on answers stand.
  package var needsHealthyGenerator: Bool {
    switch figure {
    case .quantile, .mean, .minimum, .maximum, .slow, .unsent, .rate, .count: true
    case .errors, .refused, .replies, .replyShare, .writes, .target: false
    }
  }

  /// Rules that are judged by the figure alone, whatever confidence the plan asks for.
  package var isAlwaysEstimated: Bool {
    windowSeconds != nil || shareRule == nil || shareRule.map { $0.isUpperLimit && $0.limit <= 0 } == true
  }
}

/// 1 - q for a percentile as people write it: 0.05 for 0.95, and not the 0.05000000000000004 of binary fractions, which
/// five requests in a hundred would be under.
private func complement(_ q: Double) -> Double { ((1 - q) * 1e12).rounded() / 1e12 }
