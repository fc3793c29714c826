// SPDX-License-Identifier: Apache-2.0

// Numbers as people read them, in reasons. For the eye only: nothing that was formatted is ever compared.

package enum Wording {
  /// `2,995`.
  package static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// Whole number, grouped; huge ones as such.
  package static func count(_ value: Double) -> String {
    value < 1e15 ? count(Int(value)) : "more than 1,000,000,000,000,000"
  }

  /// `2,995 requests`, `1 request`.
  package static func count(_ value: Int, _ noun: String) -> String {
    "\(count(value)) \(noun)\(value == 1 ? "" : "s")"
  }

  /// With so many significant digits, trailing zeros dropped: `0.0123`. Finite values below 1e15.
  package static func number(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite, value.magnitude < 1e15 else { return value < 0 ? "-infinite" : "infinite" }
    guard value != 0 else { return "0" }
    var magnitude = value.magnitude
    var decimals = digits - 1
    while magnitude >= 10 {
      magnitude /= 10
      decimals -= 1
    }
    while magnitude < 1 {
      magnitude *= 10
      decimals += 1
    }
    return (value < 0 ? "-" : "") + fixed(value.magnitude, decimals: min(max(decimals, 0), 15))
  }

  private static func fixed(_ value: Double, decimals: Int) -> String {
    var scale = 1.0
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value * scale).rounded()
    guard scaled < 9e18 else { return count(value) }
    let whole = Int(scaled)
    let unit = Int(scale)
    guard decimals > 0 else { return count(whole) }
    var fraction = String(whole % unit)
    fraction = String(repeating: "0", count: decimals - fraction.count) + fraction
    while fraction.last == "0" { fraction.removeLast() }
    return count(whole / unit) + (fraction.isEmpty ? "" : "." + fraction)
  }

  /// `0.123 %`. With `apartFrom`, as many digits as it takes not to look like that other share.
  package static func share(_ value: Double, apartFrom other: Double? = nil) -> String {
    distinct(value * 100, other.map { $0 * 100 }) + " %"
  }

  /// `37 %`, with so many significant digits.
  package static func share(_ value: Double, digits: Int) -> String { number(value * 100, digits: digits) + " %" }

  /// Microseconds, with a unit that fits: `850 us`, `12.3 ms`, `1.23 s`.
  package static func time(_ microseconds: Double, apartFrom other: Double? = nil) -> String {
    guard microseconds.isFinite else { return "infinite" }
    let (factor, unit) =
      microseconds.magnitude < 1000 ? (1.0, "us") : microseconds.magnitude < 1_000_000 ? (1000.0, "ms") : (1e6, "s")
    return distinct(microseconds / factor, other.map { $0 / factor }) + " " + unit
  }

  fileprivate static func distinct(_ value: Double, _ other: Double?) -> String {
    var digits = 3
    while digits < 15, let other, other != value, number(value, digits: digits) == number(other, digits: digits) {
      digits += 1
    }
    return number(value, digits: digits)
  }

  /// `60 s`, `10 min`, `1 h 20 min`; whole minutes from two minutes on, rounded up.
  package static func duration(_ seconds: Double) -> String {
    let whole = seconds.rounded(.up)
    guard whole < 1e12 else { return "longer than anyone can wait" }
    if whole < 120 { return "\(Int(whole)) s" }
    let minutes = Int((whole / 60).rounded(.up))
    if minutes < 120 { return "\(minutes) min" }
    let hours = minutes / 60
    return minutes % 60 == 0 || hours >= 48
      ? "\(count(hours + (minutes % 60 == 0 ? 0 : 1))) h"
      : "\(hours) h \(minutes % 60) min"
  }

  /// `95 %` for 0.95.
  package static func level(_ level: Double) -> String { number(level * 100, digits: 6) + " %" }
}

extension Wording {
  /// `51.2 MB`: decimal units.
  package static func bytes(_ value: Double, apartFrom other: Double? = nil) -> String {
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
    let (factor, unit) = units.first { value.magnitude >= $0.0 } ?? (1, "B")
    return distinct(value / factor, other.map { $0 / factor }) + " " + unit
  }
}
