// SPDX-License-Identifier: Apache-2.0

/// Watches one `over ... abort` threshold while the run goes on. Fed once a second with what *completed* in that second;
/// says when the rule is broken over the last whole window. A pure value: O(1) per second, memory as long as the window.
package struct LiveWatch: Sendable {
  /// What completed in one second, of the threshold's selection.
  package struct Second: Sendable, Equatable {
    /// Requests that completed, failed ones included.
    package var n: Int
    /// What the threshold counts (its `countedEvent`): failed or at least so long, slow, refused. Not read for errors and rate.
    package var over: Int
    package var failed: Int

    /// Precondition: over and failed are at most n.
    package init(n: Int, over: Int = 0, failed: Int = 0) {
      precondition(over <= n && failed <= n)
      self.n = n
      self.over = over
      self.failed = failed
    }
  }

  package let threshold: Threshold
  /// Broken once is broken for good, even when a later window would hold again.
  package private(set) var isBroken = false
  /// The share or rate over the last whole window; nil before there is one, and for shares when nothing completed in it.
  package private(set) var value: Double?

  private var ring: [Second]
  private var fed = 0
  private var sums = Second(n: 0)

  /// Nil when the threshold is not one that is watched: no `abort`.
  package init?(_ threshold: Threshold) {
    guard threshold.aborts, let seconds = threshold.windowSeconds, seconds >= 1 else { return nil }
    self.threshold = threshold
    ring = Array(repeating: Second(n: 0), count: seconds)
  }

  /// Adds the next second; true when the rule is broken now or was before. Seconds without completions are fed as well.
  package mutating func feed(_ second: Second) -> Bool {
    let index = fed % ring.count
    sums.n += second.n - ring[index].n
    sums.over += second.over - ring[index].over
    sums.failed += second.failed - ring[index].failed
    ring[index] = second
    fed += 1
    guard fed >= ring.count else { return isBroken }
    value = figure()
    if let value {
      // A quantile is watched as the share beyond its limit, like everywhere.
      let rule = threshold.shareRule
      let comparison = rule?.comparison ?? threshold.comparison
      if !comparison.holds(value, rule?.limit ?? threshold.limit) { isBroken = true }
    }
    return isBroken
  }

  private func figure() -> Double? {
    if threshold.figure == .rate { return Double(sums.n - sums.failed) / Double(ring.count) }
    guard sums.n > 0 else { return nil }
    return Double(threshold.figure == .errors ? sums.failed : sums.over) / Double(sums.n)
  }
}
