// SPDX-License-Identifier: Apache-2.0

/// What the batches of a run say about the share of one event: the one test behind quantiles and rates.
package struct ShareEvidence: Sendable, Equatable {
  package var n: Int
  package var possiblyOver: Int
  package var surelyOver: Int
  /// Batches that held requests.
  package var heldBatches: Int
  /// For the upper bound, from `possiblyOver`; and for the lower one, from `surelyOver`.
  package var designEffectAbove: Double
  package var designEffectBelow: Double

  /// O(batches).
  package init(_ batches: [Batch]) {
    n = batches.reduce(0) { $0 + $1.n }
    possiblyOver = batches.reduce(0) { $0 + $1.possiblyOver }
    surelyOver = batches.reduce(0) { $0 + $1.surelyOver }
    heldBatches = batches.count { $0.n > 0 }
    let ns = batches.map { Double($0.n) }
    designEffectAbove = designEffect(ns: ns, events: batches.map { Double($0.possiblyOver) })
    designEffectBelow =
      possiblyOver == surelyOver
      ? designEffectAbove : designEffect(ns: ns, events: batches.map { Double($0.surelyOver) })
  }

  /// The measured share; doubtful events are counted. Nil without requests.
  package var share: Double? { n > 0 ? Double(possiblyOver) / Double(n) : nil }

  /// The share is at most this, with that confidence. Precondition: n > 0.
  package func upper(level: Double) -> Double {
    upperBound(events: Double(possiblyOver) / designEffectAbove, of: Double(n) / designEffectAbove, level: level)
  }

  /// The share is at least this, with that confidence. Precondition: n > 0.
  package func lower(level: Double) -> Double {
    lowerBound(events: Double(surelyOver) / designEffectBelow, of: Double(n) / designEffectBelow, level: level)
  }

  /// The most events with which the upper bound would still be at most `limit`, at this n and design effect, as a real
  /// number: negative when even none would be too many. Precondition: n > 0, limit in 0 ..< 1.
  package func eventsAllowed(limit: Double, level: Double) -> Double {
    let size = Double(n) / designEffectAbove
    guard upperBound(events: 0, of: size, level: level) <= limit else { return -1 }
    var (low, high) = (0.0, size)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if upperBound(events: middle, of: size, level: level) <= limit { low = middle } else { high = middle }
    }
    return low * designEffectAbove
  }

  /// How many requests would bring the upper bound to `limit` if share and design effect stayed as measured; nil when the
  /// measured share is not below the limit. Precondition: n > 0.
  package func requestsToProve(limit: Double, level: Double) -> Double? {
    guard let share, share < limit else { return nil }
    func isEnough(_ requests: Double) -> Bool {
      upperBound(
        events: share * requests / designEffectAbove, of: requests / designEffectAbove, level: level) <= limit
    }
    var high = Double(n)
    while !isEnough(high) {
      high *= 2
      if high > 1e12 { return nil }
    }
    var low = 0.0
    while high - low > max(1, high * 1e-3) {
      let middle = (low + high) / 2
      if isEnough(middle) { high = middle } else { low = middle }
    }
    return high.rounded(.up)
  }
}

extension ShareEvidence {
  /// The fewest events with which the lower bound would be at least `limit`, at this n and design effect, as a real
  /// number. Precondition: n > 0, limit in 0 ..< 1.
  package func eventsProving(limit: Double, level: Double) -> Double {
    let size = Double(n) / designEffectBelow
    var (low, high) = (0.0, size)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if lowerBound(events: middle, of: size, level: level) >= limit { high = middle } else { low = middle }
    }
    return high * designEffectBelow
  }
}
