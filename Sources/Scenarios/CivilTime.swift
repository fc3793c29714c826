// SPDX-License-Identifier: Apache-2.0

/// A moment in UTC, split into calendar fields (proleptic Gregorian).
struct CivilTime: Equatable {
  var year: Int
  var month: Int
  var day: Int
  var hour: Int
  var minute: Int
  var second: Int
  var millisecond: Int

  /// Days to year, month and day by whole 400-year eras counted from 1 March, so that the leap day comes last.
  init(millisecondsSinceEpoch: Int64) {
    let (days, milliseconds) = Self.floorDivided(Int(millisecondsSinceEpoch), by: 86_400_000)
    let shifted = days + 719_468
    let (era, dayOfEra) = Self.floorDivided(shifted, by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    hour = milliseconds / 3_600_000
    minute = milliseconds / 60_000 % 60
    second = milliseconds / 1000 % 60
    millisecond = milliseconds % 1000
  }

  private static func floorDivided(_ value: Int, by divisor: Int) -> (quotient: Int, remainder: Int) {
    let remainder = ((value % divisor) + divisor) % divisor
    return ((value - remainder) / divisor, remainder)
  }
}

/// How `now()` and `date()` write a moment. Compiled once. Letters are fields (`yyyy MM dd HH mm ss SSS`), text between
/// single quotes is literal, other characters stand for themselves; `unix` and `unix-ms` are counts since 1970.
struct TimeFormat: Sendable, Equatable {
  enum Part: Sendable, Equatable {
    case literal([UInt8])
    case year, month, day, hour, minute, second, millisecond
    case unixSeconds, unixMilliseconds
  }

  var parts: [Part]

  static let isoDate = TimeFormat(parts: [.year, dash, .month, dash, .day])
  static let rfc3339 = TimeFormat(parts: [
    .year, dash, .month, dash, .day, .literal([0x54]), .hour, colon, .minute, colon, .second, .literal([0x2e]),
    .millisecond, .literal([0x5a]),
  ])
  private static let dash = Part.literal([0x2d])
  private static let colon = Part.literal([0x3a])

  /// A count, not a text: goes into JSON as a number.
  var isNumber: Bool { parts == [.unixSeconds] || parts == [.unixMilliseconds] }

  init(parts: [Part]) {
    self.parts = parts
  }

  /// Nil with the letters it does not know.
  init(_ pattern: String) throws(TemplateMistake) {
    if pattern == "unix" { self.init(parts: [.unixSeconds]); return }
    if pattern == "unix-ms" { self.init(parts: [.unixMilliseconds]); return }
    let fields: [String: Part] = [
      "yyyy": .year, "MM": .month, "dd": .day, "HH": .hour, "mm": .minute, "ss": .second, "SSS": .millisecond,
    ]
    var parts: [Part] = []
    var literal: [UInt8] = []
    func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a }
    let bytes = Array(pattern.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "'") {
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "'") {
          literal.append(bytes[index])
          index += 1
        }
        index += 1
        continue
      }
      guard isLetter(byte), byte != UInt8(ascii: "T"), byte != UInt8(ascii: "Z") else {
        literal.append(byte)
        index += 1
        continue
      }
      let start = index
      while index < bytes.count, bytes[index] == byte { index += 1 }
      let field = String(decoding: bytes[start..<index], as: UTF8.self)
      guard let part = fields[field] else {
        throw TemplateMistake(
          "unknown field '\(field)' in a time format", hint: "fields are yyyy MM dd HH mm ss SSS, or unix, unix-ms")
      }
      if !literal.isEmpty { parts.append(.literal(literal)) }
      literal = []
      parts.append(part)
    }
    if !literal.isEmpty { parts.append(.literal(literal)) }
    self.init(parts: parts)
  }

  func write(millisecondsSinceEpoch: Int64, into bytes: inout [UInt8]) {
    let time = CivilTime(millisecondsSinceEpoch: millisecondsSinceEpoch)
    for part in parts {
      switch part {
      case .literal(let text): bytes.append(contentsOf: text)
      case .year: appendPadded(time.year, width: 4, to: &bytes)
      case .month: appendPadded(time.month, width: 2, to: &bytes)
      case .day: appendPadded(time.day, width: 2, to: &bytes)
      case .hour: appendPadded(time.hour, width: 2, to: &bytes)
      case .minute: appendPadded(time.minute, width: 2, to: &bytes)
      case .second: appendPadded(time.second, width: 2, to: &bytes)
      case .millisecond: appendPadded(time.millisecond, width: 3, to: &bytes)
      case .unixSeconds: appendDecimal(Int(millisecondsSinceEpoch / 1000), to: &bytes)
      case .unixMilliseconds: appendDecimal(Int(millisecondsSinceEpoch), to: &bytes)
      }
    }
  }
}
