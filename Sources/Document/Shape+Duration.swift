// SPDX-License-Identifier: Apache-2.0

extension Shape where Value == Duration {
  /// "30s", "1h30m", "250ms", "1.5s"; units us, ms, s, m, h, d, largest first; `0` needs none.
  package static var duration: Shape {
    Shape<String>.text("a duration such as 30s", pattern: durationPattern).map { text throws(Mistake) in
      try parseDuration(text)
    }
    .examples("30s", "250ms", "1h30m")
  }
}

extension Shape where Value == ClosedRange<Duration> {
  /// "200ms..1s", or one duration for both ends.
  package static var durationRange: Shape {
    let pattern = String(durationPattern.dropLast()) + #"(\.\.([0-9]+(\.[0-9]+)?(us|ms|s|m|h|d))+)?$"#
    return Shape<String>.text("a duration or a range such as 200ms..1s", pattern: pattern).map { text throws(Mistake) in
      try parseDurationRange(text)
    }
    .examples("200ms..1s", "500ms")
  }
}

private let durationPattern = #"^(0|([0-9]+(\.[0-9]+)?(us|ms|s|m|h|d))+)$"#

private let units: [(name: String, nanoseconds: Int64)] = [
  ("d", 86_400_000_000_000), ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000),
  ("ms", 1_000_000), ("us", 1_000),
]

/// "200ms..1s" or one duration for both ends; the mistake's offset counts from the start of `text`.
package func parseDurationRange(_ text: String) throws(Mistake) -> ClosedRange<Duration> {
  guard let dots = text.firstRange(of: "..") else {
    let both = try parseDuration(text)
    return both...both
  }
  let low = try parseDuration(String(text[..<dots.lowerBound]))
  let high: Duration
  do {
    high = try parseDuration(String(text[dots.upperBound...]))
  } catch {
    var moved = error
    moved.offset = (error.offset ?? 0) + text.utf8.distance(from: text.startIndex, to: dots.upperBound)
    throw moved
  }
  guard low <= high else { throw Mistake("the range is upside down", hint: "write the shorter one first") }
  return low...high
}

/// "1h30m" as a duration, exact to the nanosecond; at most 100 years.
package func parseDuration(_ text: String) throws(Mistake) -> Duration {
  if text == "0" { return .zero }
  let bytes = Array(text.utf8)
  var index = 0
  var total: Int64 = 0
  var smallest = Int.min
  func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  guard let first = bytes.first, isDigit(first) else {
    throw Mistake("expected a duration such as 30s, found \(shown(text))")
  }
  while index < bytes.count {
    let start = index
    while index < bytes.count, isDigit(bytes[index]) { index += 1 }
    let whole = Int64(String(decoding: bytes[start..<index], as: UTF8.self))
    var fraction: ArraySlice<UInt8> = []
    if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
      let dot = index + 1
      index = dot
      while index < bytes.count, isDigit(bytes[index]) { index += 1 }
      fraction = bytes[dot..<index]
      if fraction.isEmpty { throw Mistake("digits are missing after the point", offset: dot - 1) }
    }
    let unitStart = index
    while index < bytes.count, !isDigit(bytes[index]), bytes[index] != UInt8(ascii: ".") { index += 1 }
    let name = String(decoding: bytes[unitStart..<index], as: UTF8.self)
    guard unitStart > start, let rank = units.firstIndex(where: { $0.name == name }) else {
      throw unitMistake(text, name: name, unitStart: unitStart)
    }
    guard rank > smallest else {
      throw Mistake("units go from large to small, each once", offset: start, length: index - start)
    }
    smallest = rank
    guard let whole, let part = nanoseconds(whole, fraction: fraction, unit: units[rank].nanoseconds) else {
      throw Mistake("this duration is too long", offset: start, length: index - start)
    }
    let (sum, overflow) = total.addingReportingOverflow(part)
    guard !overflow, sum <= 100 * 365 * units[0].nanoseconds else { throw Mistake("this duration is too long") }
    total = sum
  }
  return .nanoseconds(total)
}

private func nanoseconds(_ whole: Int64, fraction: ArraySlice<UInt8>, unit: Int64) -> Int64? {
  let (base, overflow) = whole.multipliedReportingOverflow(by: unit)
  if overflow { return nil }
  // Digit by digit: each worth a tenth of the one before; what is below a nanosecond is dropped.
  var worth = unit
  var rest: Int64 = 0
  for digit in fraction {
    worth /= 10
    rest += worth * Int64(digit - 0x30)
  }
  return base &+ rest < base ? nil : base + rest
}

private func unitMistake(_ text: String, name: String, unitStart: Int) -> Mistake {
  if name.isEmpty {
    return Mistake("a duration needs a unit: us, ms, s, m, h or d", hint: "write `\(text)s` if seconds were meant")
  }
  let known = [
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m",
    "minutes": "m", "hour": "h", "hours": "h", "hr": "h", "hrs": "h", "day": "d", "days": "d", "msec": "ms",
    "millis": "ms", "milliseconds": "ms", "S": "s", "M": "m", "H": "h", "\u{B5}s": "us", "\u{3BC}s": "us",
  ]
  let bare = name.split(separator: " ").joined()
  let hint = (known[bare] ?? units.first { $0.name == bare }?.name).map { "write `\($0)`, without a space" }
  return Mistake(
    "unknown unit of time `\(excerpt(name))`", hint: hint ?? "the units are us, ms, s, m, h and d", offset: unitStart,
    length: name.utf8.count)
}
