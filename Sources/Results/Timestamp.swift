// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A moment of wall-clock time in UTC, to the millisecond. As text: RFC 3339, `2026-11-20T13:15:02.123Z`.
package struct Timestamp: Sendable, Hashable, Comparable {
  /// Milliseconds since 1970-01-01T00:00:00Z.
  package var millisecondsSinceEpoch: Int64

  package init(millisecondsSinceEpoch: Int64) {
    self.millisecondsSinceEpoch = millisecondsSinceEpoch
  }

  /// The wall clock, read once.
  package static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(millisecondsSinceEpoch: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.millisecondsSinceEpoch < right.millisecondsSinceEpoch
  }

  /// Seconds since the epoch, for interval logs.
  package var secondsSinceEpoch: Double { Double(millisecondsSinceEpoch) / 1000 }

  /// `2026-11-20T13:15:02.123Z`.
  package var text: String {
    let parts = civil
    return "\(digits(parts.year, 4))-\(digits(parts.month, 2))-\(digits(parts.day, 2))T"
      + "\(digits(parts.hour, 2)):\(digits(parts.minute, 2)):\(digits(parts.second, 2)).\(digits(parts.millisecond, 3))Z"
  }

  /// `20261120T131502Z`, the begin of a run folder's name.
  package var folderStamp: String {
    let parts = civil
    return "\(digits(parts.year, 4))\(digits(parts.month, 2))\(digits(parts.day, 2))T"
      + "\(digits(parts.hour, 2))\(digits(parts.minute, 2))\(digits(parts.second, 2))Z"
  }

  /// Reads `text`'s format: UTC, with or without a fraction of up to nine digits (cut to milliseconds). Nil for anything
  /// else.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.last == UInt8(ascii: "Z") else { return nil }
    for (place, mark) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")] where bytes[place] != mark.utf8.first {
      return nil
    }
    func number(_ range: Range<Int>) -> Int64? {
      var value: Int64 = 0
      for byte in bytes[range] {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
      let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month), (1...31).contains(day),
      hour < 24, minute < 60, second < 61
    else { return nil }
    var millisecond: Int64 = 0
    if bytes.count > 20 {
      guard bytes[19] == UInt8(ascii: "."), (22...30).contains(bytes.count), number(20..<bytes.count - 1) != nil
      else { return nil }
      for place in 20..<23 {
        millisecond = millisecond * 10 + (place < bytes.count - 1 ? Int64(bytes[place] - UInt8(ascii: "0")) : 0)
      }
    }
    let days = daysSinceEpoch(year: year, month: month, day: day)
    millisecondsSinceEpoch = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millisecond
  }

  private struct Civil {
    var year: Int64, month: Int64, day: Int64, hour: Int64, minute: Int64, second: Int64, millisecond: Int64
  }

  // Days to year, month, day in the Gregorian calendar: years are counted from March so that the leap day is the last
  // of its year, in eras of 400 years (146,097 days).
  private var civil: Civil {
    let (days, rest) = floorDivision(millisecondsSinceEpoch, 86_400_000)
    let (era, dayOfEra) = floorDivision(days + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return Civil(
      year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
      day: dayOfYear - (153 * marchMonth + 2) / 5 + 1, hour: rest / 3_600_000, minute: rest / 60_000 % 60,
      second: rest / 1000 % 60, millisecond: rest % 1000)
  }
}

extension Timestamp: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let value = Timestamp(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time in UTC: \(text)")
    }
    self = value
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

private func floorDivision(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
}

private func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
  let marchYear = month <= 2 ? year - 1 : year
  let (era, yearOfEra) = floorDivision(marchYear, 400)
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

private func digits(_ value: Int64, _ count: Int) -> String {
  let text = String(value)
  return String(repeating: "0", count: max(0, count - text.count)) + text
}
