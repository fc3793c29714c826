// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A date of the Gregorian calendar, as days since 1970-01-01.
struct Day: Sendable, Equatable {
  var number: Int

  init(number: Int) { self.number = number }

  /// Today in UTC.
  static var today: Day { Day(number: time(nil) / 86_400) }

  /// From `YYYY-MM-DD`; nil when there is no such day.
  init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
    func digits(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      return value
    }
    guard let year = digits(0..<4), let month = digits(5..<7), let day = digits(8..<10), year >= 1970,
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    // Years begin in March here, so that the leap day is the last of its year.
    let shifted = month > 2 ? year : year - 1
    let days =
      365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    number = days - 719_468
    guard self.text == String(text) else { return nil }
  }

  /// As `YYYY-MM-DD`.
  var text: String {
    let days = number + 719_468
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(dayOfYear - (153 * marchMonth + 2) / 5 + 1, 2)
  }
}

/// RFC 3339 in UTC.
func utcText(seconds: Int, milliseconds: Int) -> String {
  let clock = seconds % 86_400
  return Day(number: seconds / 86_400).text + "T" + padded(clock / 3_600, 2) + ":" + padded(clock / 60 % 60, 2) + ":"
    + padded(clock % 60, 2) + "." + padded(milliseconds, 3) + "Z"
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
