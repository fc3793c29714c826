// SPDX-License-Identifier: Apache-2.0

/// An arrival rate as people write it: a number of arrivals, of requests, or a multiple of the declared peak.
package struct RateExpression: Sendable, Equatable {
  package enum Unit: Sendable, Equatable {
    case arrivalsPerSecond
    /// Converted by the mix: arrivals = requests / requests of an average journey.
    case requestsPerSecond
    /// Multiples of the environment's declared peak.
    case peak
  }

  /// Rate at the start and at the end; equal for a constant rate. Per second, or multiples of the peak.
  package var from: Double
  package var to: Double
  package var unit: Unit

  package init(from: Double, to: Double, unit: Unit) {
    self.from = from
    self.to = to
    self.unit = unit
  }

  package var isRamp: Bool { from != to }
}

extension RateExpression {
  /// Reads `40/s`, `40 arrivals/s`, `200 requests/s`, `2x peak`, `0..1x peak`, `10..500/s`, `300/m`, `90/h`.
  package static func parse(_ text: String) throws(RateMistake) -> RateExpression {
    var reader = RateReader(text)
    return try reader.rate()
  }
}

/// Why a rate was not understood; offset and length in bytes of the text.
package struct RateMistake: Error, Equatable {
  package var message: String
  package var hint: String?
  package var offset: Int
  package var length: Int
}

private struct RateReader {
  private let bytes: [UInt8]
  private var index = 0

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  static let forms = "write 40 arrivals/s, 200 requests/s, 2x peak, or a ramp such as 0..40/s"

  mutating func rate() throws(RateMistake) -> RateExpression {
    let from = try number()
    var to = from
    if take("..") { to = try number() }
    skipBlanks()
    let start = index
    var unit = RateExpression.Unit.arrivalsPerSecond
    if take("x") {
      skipBlanks()
      guard take("peak"), atEnd else { throw mistake("'x' must be followed by 'peak'", from: start) }
      return RateExpression(from: from, to: to, unit: .peak)
    }
    if take("arrivals") || take("arrival") {
      unit = .arrivalsPerSecond
    } else if take("requests") || take("request") || take("req") {
      unit = .requestsPerSecond
    }
    skipBlanks()
    guard take("/") else {
      throw mistake(
        start >= bytes.count ? "a rate needs a unit" : "this is no unit of a rate", from: min(start, bytes.count))
    }
    skipBlanks()
    let per = index
    let word = bytes[index...].split(separator: 0x20).first.map { String(decoding: $0, as: UTF8.self) } ?? ""
    index += word.utf8.count
    let seconds: [String: Double] = [
      "s": 1, "sec": 1, "second": 1, "m": 60, "min": 60, "minute": 60, "h": 3600, "hour": 3600,
    ]
    guard let divisor = seconds[word], atEnd else { throw mistake("a rate is per s, m or h", from: per) }
    return RateExpression(from: from / divisor, to: to / divisor, unit: unit)
  }

  private var atEnd: Bool { bytes[index...].allSatisfy { $0 == 0x20 } }

  private mutating func skipBlanks() {
    while index < bytes.count, bytes[index] == 0x20 { index += 1 }
  }

  private mutating func take(_ word: String) -> Bool {
    guard bytes[index...].starts(with: word.utf8) else { return false }
    index += word.utf8.count
    return true
  }

  private mutating func number() throws(RateMistake) -> Double {
    skipBlanks()
    let start = index
    while index < bytes.count, isDigit(index) || (bytes[index] == 0x2e && isDigit(index + 1) && index > start) {
      index += 1
    }
    guard index > start, let value = Double(String(decoding: bytes[start..<index], as: UTF8.self)) else {
      throw mistake("a number was expected here", from: start)
    }
    guard value <= 10_000_000 else { throw mistake("this rate is beyond what one can mean", from: start) }
    return value
  }

  private func isDigit(_ place: Int) -> Bool { place < bytes.count && bytes[place] >= 0x30 && bytes[place] <= 0x39 }

  private func mistake(_ message: String, from start: Int) -> RateMistake {
    RateMistake(message: message, hint: Self.forms, offset: start, length: max(1, bytes.count - start))
  }
}
