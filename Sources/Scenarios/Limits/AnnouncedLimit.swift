// SPDX-License-Identifier: Apache-2.0

/// One rate limit, as the headers of an answer announce it.
package struct AnnouncedLimit: Sendable, Equatable {
  /// Requests allowed per window.
  package var requests: Double?
  /// Length of the window; nil when the headers do not say.
  package var windowSeconds: Double?
  /// What is left of it.
  package var remaining: Double?
  /// Until `remaining` grows again.
  package var resetSeconds: Double?
  /// Of the policy, when it has one.
  package var name: String?

  package init(
    requests: Double? = nil, windowSeconds: Double? = nil, remaining: Double? = nil, resetSeconds: Double? = nil,
    name: String? = nil
  ) {
    self.requests = requests
    self.windowSeconds = windowSeconds
    self.remaining = remaining
    self.resetSeconds = resetSeconds
    self.name = name
  }
}

/// All limits that one answer announces.
package struct AnnouncedLimits: Sendable, Equatable {
  package var limits: [AnnouncedLimit] = []
  /// The target asks to wait so long before the next request.
  package var retryAfterSeconds: Double?

  package var isEmpty: Bool { limits.isEmpty && retryAfterSeconds == nil }

  /// Most limits that are kept of an answer.
  static let mostLimits = 20

  package init() {}

  /// Reads the head of an answer in the forms that are in use: `X-RateLimit-*` and `RateLimit-*` with counts, with
  /// epochs, delays or dates, with policies behind them; one header per unit (`X-RateLimit-Limit-Minute`); the
  /// structured `RateLimit` and `RateLimit-Policy` of both drafts; a refill rate; `Retry-After`. What makes no sense is
  /// passed over. `now`: seconds since 1970, for absolute times where the answer has no date. Complexity: O(bytes).
  package init(head: [UInt8], now: Double) {
    let fields = HeaderFields(head)
    let now = HTTPDate.seconds(fields["date"]) ?? now
    for family in ["ratelimit", "x-ratelimit", "x-rate-limit"] { add(family, fields, now) }
    addUnits(fields)
    if let rate = RateText.number(fields["x-ratelimit-replenish-rate"]), rate > 0 {
      let left = RateText.number(fields["x-ratelimit-remaining"])
      limits.removeAll { $0.requests == nil && $0.remaining == left }
      add(AnnouncedLimit(requests: rate, windowSeconds: 1, remaining: left))
    }
    retryAfterSeconds = RateText.seconds(fields["retry-after"], now: now)
  }

  /// Adds what another answer of the same target announces.
  package mutating func merge(_ other: AnnouncedLimits) {
    for limit in other.limits { merge(limit) }
    retryAfterSeconds = other.retryAfterSeconds ?? retryAfterSeconds
  }

  private mutating func add(_ limit: AnnouncedLimit) {
    if limits.count < Self.mostLimits, !limits.contains(limit) { limits.append(limit) }
  }

  // MARK: one family of headers

  private mutating func add(_ family: String, _ fields: HeaderFields, _ now: Double) {
    var found: [AnnouncedLimit] = []
    for item in RateText.items(fields["\(family)-policy"]) where item.countsRequests {
      // The older draft has the count first, the newer one a name.
      let count = item["q"] ?? (item.isText ? nil : RateText.number(item.value))
      guard let count, found.count < Self.mostLimits else { continue }
      found.append(
        AnnouncedLimit(
          requests: count, windowSeconds: item["w"] ?? item["window"], name: item["q"] == nil ? nil : item.value))
    }
    let limit = RateText.items(fields["\(family)-limit"])
    for item in limit {
      guard let window = item["w"] ?? item["window"], let count = RateText.number(item.value) else { continue }
      let policy = AnnouncedLimit(requests: count, windowSeconds: window)
      let isKnown = found.contains { $0.requests == count && $0.windowSeconds == window }
      if !isKnown, found.count < Self.mostLimits { found.append(policy) }
    }
    let structured = RateText.items(fields[family])
    var members = Dictionary(
      structured.compactMap { item in item.pair.map { ($0.key, $0.number) } }, uniquingKeysWith: { first, _ in first })
    for item in structured where item["r"] != nil || item["t"] != nil {
      attach(remaining: item["r"], reset: item["t"], named: item.value, to: &found)
    }
    if !fields.isEmpty(family), structured.count == 1, members.isEmpty, structured[0]["r"] == nil {
      members["limit"] = RateText.number(structured[0].value)
    }
    let current = members["limit"] ?? limit.first.flatMap { RateText.number($0.value) }
    let remaining = members["remaining"] ?? RateText.number(fields["\(family)-remaining"])
    let reset =
      members["reset"] ?? RateText.seconds(fields["\(family)-reset-after"], now: now)
      ?? RateText.seconds(fields["\(family)-reset"], now: now)
    if let current {
      if let index = found.firstIndex(where: { $0.requests == current }) {
        found[index].remaining = found[index].remaining ?? remaining
        found[index].resetSeconds = found[index].resetSeconds ?? reset
      } else {
        found.append(AnnouncedLimit(requests: current, remaining: remaining, resetSeconds: reset))
      }
    } else if remaining != nil || reset != nil && !found.isEmpty {
      attach(remaining: remaining, reset: reset, named: nil, to: &found)
    }
    for limit in found { merge(limit) }
  }

  private func attach(remaining: Double?, reset: Double?, named name: String?, to found: inout [AnnouncedLimit]) {
    let index = found.firstIndex { $0.name != nil && $0.name == name } ?? (found.count == 1 ? 0 : nil)
    if let index {
      found[index].remaining = remaining ?? found[index].remaining
      found[index].resetSeconds = reset ?? found[index].resetSeconds
    } else {
      found.append(AnnouncedLimit(remaining: remaining, resetSeconds: reset, name: name))
    }
  }

  /// Two families that say the same limit are one: what the one leaves open, the other may tell.
  private mutating func merge(_ limit: AnnouncedLimit) {
    let index = limits.firstIndex { known in
      known.requests == limit.requests
        && (known.windowSeconds == nil || limit.windowSeconds == nil || known.windowSeconds == limit.windowSeconds)
    }
    guard let index else { return add(limit) }
    limits[index].windowSeconds = limits[index].windowSeconds ?? limit.windowSeconds
    limits[index].remaining = limits[index].remaining ?? limit.remaining
    limits[index].resetSeconds = limits[index].resetSeconds ?? limit.resetSeconds
    limits[index].name = limits[index].name ?? limit.name
  }

  private mutating func addUnits(_ fields: HeaderFields) {
    let units: KeyValuePairs<String, Double> = [
      "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "month": 30 * 86_400, "year": 365 * 86_400,
    ]
    for family in ["ratelimit", "x-ratelimit"] {
      for (unit, seconds) in units {
        guard let count = RateText.number(fields["\(family)-limit-\(unit)"]) else { continue }
        add(
          AnnouncedLimit(
            requests: count, windowSeconds: seconds, remaining: RateText.number(fields["\(family)-remaining-\(unit)"])))
      }
    }
  }
}
