// SPDX-License-Identifier: Apache-2.0

extension AnnouncedLimits {
  /// What a plan would run into, in sentences for its start screen; none when it stays within all limits. `perSecond`:
  /// requests in its busiest phase, nil where that depends on the target; `requests`: of the whole plan, likewise.
  package func notes(forPlan perSecond: Double?, requests total: Double?) -> [String] {
    var notes = waiting
    for limit in limits {
      guard let perSecond, let total else {
        notes += limit.text.map { ["\($0), and how much the plan sends from one address depends on the target"] } ?? []
        continue
      }
      if let sent = limit.exceeds(perSecond: perSecond, total: total), let text = limit.text {
        notes.append("\(text), the plan sends \(sent) from one address: the run will measure the limiter")
      }
    }
    return notes
  }

  /// The same for a walk that sends so many requests as fast as they are answered.
  package func notes(forWalk requests: Int) -> [String] {
    waiting
      + limits.compactMap { limit in
        guard let text = limit.text, let left = limit.remaining ?? limit.requests, Double(requests) > left else {
          return nil
        }
        let rest = limit.remaining.map { ", \(Self.number($0)) left" } ?? ""
        return "\(text)\(rest); smoke sends \(Self.number(Double(requests))) requests or more"
      }
  }

  private var waiting: [String] {
    guard let retryAfterSeconds, retryAfterSeconds > 0 else { return [] }
    return ["the target asks to wait \(Self.number(retryAfterSeconds)) s before the next request (Retry-After)"]
  }

  /// With thousands apart, whole.
  fileprivate static func number(_ value: Double) -> String {
    let digits = String(Int(min(value, 1e15).rounded(.up)))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }
}

extension AnnouncedLimit {
  /// `60/min per client announced`.
  fileprivate var text: String? {
    guard let requests else {
      return remaining.map { "\(AnnouncedLimits.number($0)) more requests per client announced\(during)" }
    }
    let number = AnnouncedLimits.number(requests)
    guard let windowSeconds else { return "\(number) requests per client announced\(during)" }
    return "\(number)/\(Self.unit(windowSeconds)) per client announced"
  }

  /// As far as the headers tell.
  private var during: String {
    resetSeconds.map { " until \(AnnouncedLimits.number($0)) s from now" } ?? ", without saying for how long"
  }

  /// What the plan sends in the time of the limit, when that is more than it allows.
  fileprivate func exceeds(perSecond: Double, total: Double) -> String? {
    if let requests, let windowSeconds {
      let sent = min(perSecond * windowSeconds, total)
      return sent > requests ? "\(AnnouncedLimits.number(sent))/\(Self.unit(windowSeconds))" : nil
    }
    guard let allowed = remaining ?? requests else { return nil }
    let sent = resetSeconds.map { min(perSecond * max($0, 1), total) } ?? total
    return sent > allowed ? "\(AnnouncedLimits.number(sent)) in that time" : nil
  }

  private static func unit(_ seconds: Double) -> String {
    switch seconds {
    case 1: "s"
    case 60: "min"
    case 3600: "h"
    case 86_400: "day"
    default: "\(AnnouncedLimits.number(seconds)) s"
    }
  }
}
