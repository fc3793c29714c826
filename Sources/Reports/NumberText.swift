// SPDX-License-Identifier: Apache-2.0

/// Numbers as people read them. Only for showing: nothing shown is compared.
package enum NumberText {
  /// `12,345`.
  package static func count(_ value: Int) -> String {
    let digits = String(value.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return (value < 0 ? "-" : "") + text
  }

  /// Three significant digits in the unit that suits: `0.412 ms`, `1.23 ms`, `45.6 ms`, `789 ms`, `1.80 s`, `61.2 s`.
  /// `-` for nil.
  package static func milliseconds(_ value: Double?) -> String {
    guard let value else { return "-" }
    if value.magnitude >= 999.5 { return significant(value / 1000) + " s" }
    return significant(value) + " ms"
  }

  /// `45s`, `10m 00s`, `1h 02m 03s`; whole seconds, tenths below ten.
  package static func duration(seconds: Double) -> String {
    if seconds < 0 || !seconds.isFinite { return "-" }
    if seconds < 10 && seconds != seconds.rounded() { return fixed(seconds, 1) + "s" }
    let total = Int(seconds.rounded())
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60)
    if hours > 0 { return "\(hours)h \(twoDigits(minutes))m \(twoDigits(rest))s" }
    return minutes > 0 ? "\(minutes)m \(twoDigits(rest))s" : "\(rest)s"
  }

  /// A fraction as a percentage with as many decimals as tell it from none and from all: `0 %`, `0.013 %`, `99.96 %`.
  package static func share(_ fraction: Double?) -> String {
    guard let fraction, fraction.isFinite else { return "-" }
    let percent = fraction * 100
    // 0.07 x 100 is 7.000000000000001: a whole percentage all the same.
    if (percent - percent.rounded()).magnitude < 1e-9, percent == 0 || percent.magnitude >= 1 {
      return "\(Int(percent.rounded())) %"
    }
    let distance = min(percent.magnitude, (100 - percent).magnitude)
    var decimals = 1
    var step = 1.0
    while step > distance && decimals < 6 {
      step /= 10
      decimals += 1
    }
    var text = fixed(percent, decimals)
    while text.hasSuffix("0") && text.contains(".") { text.removeLast() }
    return (text.hasSuffix(".") ? String(text.dropLast()) : text) + " %"
  }

  /// `40/s`, `92.3/s`, `1,250/s`.
  package static func perSecond(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    if value.magnitude >= 1000 { return count(Int(value.rounded())) + "/s" }
    return (value == value.rounded() ? "\(Int(value))" : fixed(value, value.magnitude < 10 ? 2 : 1)) + "/s"
  }

  /// A plain number: whole ones with separators, others with three significant digits.
  package static func plain(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "-" }
    if value == value.rounded(), value.magnitude < 1e15 { return count(Int(value)) }
    return value.magnitude >= 1000 ? count(Int(value.rounded())) : significant(value)
  }

  private static func significant(_ value: Double) -> String {
    let size = value.magnitude
    if size == 0 { return "0" }
    if size >= 999.5 { return count(Int(value.rounded())) }
    return fixed(value, size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3)
  }

  /// Rounded to so many decimals, 0...6. `-` for what is no number or too large to write out.
  static func fixed(_ value: Double, _ decimals: Int) -> String {
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = (value * Double(scale)).rounded()
    guard scaled.magnitude < 1e17 else { return "-" }
    let whole = Int(scaled.magnitude)
    let sign = scaled < 0 ? "-" : ""
    if decimals == 0 { return sign + String(whole) }
    let fraction = String(whole % scale)
    return "\(sign)\(whole / scale).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
  }

  private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
}
