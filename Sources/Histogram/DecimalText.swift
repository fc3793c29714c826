// SPDX-License-Identifier: Apache-2.0

/// The numbers of interval logs as text, and times as people read them.
enum DecimalText {
  private static let powersOfTen: [Double] = [
    1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
  ]

  /// Appends a finite number with three decimals.
  static func append(thousandths value: Double, to text: inout [UInt8]) {
    let scaled = (value * 1_000).rounded()
    precondition(scaled.magnitude < 9e18, "\(value) does not fit an interval log")
    let magnitude = Int64(scaled).magnitude
    if scaled < 0 { text.append(UInt8(ascii: "-")) }
    text.append(contentsOf: String(magnitude / 1_000).utf8)
    text.append(UInt8(ascii: "."))
    appendDigits(Int(magnitude % 1_000), count: 3, to: &text)
  }

  /// A finite decimal number, the whole text, or nil.
  static func number(_ text: Span<UInt8>) -> Double? {
    let minus = text.count > 0 && text[0] == UInt8(ascii: "-")
    var digits: UInt64 = 0
    var digitCount = 0
    var decimals: Int?
    for position in (minus ? 1 : 0)..<text.count {
      let byte = text[position]
      if byte == UInt8(ascii: "."), decimals == nil {
        decimals = 0
      } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), digitCount < 15 {
        digits = digits * 10 + UInt64(byte - UInt8(ascii: "0"))
        digitCount += 1
        decimals = decimals.map { $0 + 1 }
      } else {
        return uncommonNumber(text)
      }
    }
    guard digitCount > 0 else { return nil }
    // Both are exact, so that their quotient is the nearest double.
    let value = Double(digits) / powersOfTen[decimals ?? 0]
    return minus ? -value : value
  }

  /// Exponents and more digits than a double holds.
  private static func uncommonNumber(_ text: Span<UInt8>) -> Double? {
    guard text.count <= 400 else { return nil }
    let characters = text.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    // Double reads hexadecimal numbers and words too.
    guard characters.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) }) else { return nil }
    guard let value = Double(characters), value.isFinite else { return nil }
    return value
  }

  /// Seconds since 1970 in UTC, as in `2026-07-01T12:00:00Z`.
  static func appendDate(secondsSinceEpoch: Double, to text: inout [UInt8]) {
    let seconds = Int(secondsSinceEpoch.rounded(.down))
    let (day, secondOfDay) = seconds.quotientAndRemainder(floorDividingBy: 86_400)
    // Years begin in March here, so that the leap day is the last of its year; 719,468 days before 1970 a cycle of
    // 400 years (146,097 days) began.
    let (era, dayOfEra) = (day + 719_468).quotientAndRemainder(floorDividingBy: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    appendDigits(era * 400 + yearOfEra + (month <= 2 ? 1 : 0), count: 4, to: &text)
    for (mark, number) in [
      ("-", month), ("-", dayOfMonth), ("T", secondOfDay / 3_600), (":", secondOfDay / 60 % 60),
      (":", secondOfDay % 60),
    ] {
      text.append(contentsOf: mark.utf8)
      appendDigits(number, count: 2, to: &text)
    }
    text.append(UInt8(ascii: "Z"))
  }

  private static func appendDigits(_ number: Int, count: Int, to text: inout [UInt8]) {
    let digits = String(number)
    text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: max(count - digits.utf8.count, 0)))
    text.append(contentsOf: digits.utf8)
  }
}

extension Int {
  fileprivate func quotientAndRemainder(floorDividingBy divisor: Int) -> (Int, Int) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
