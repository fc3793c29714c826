// SPDX-License-Identifier: Apache-2.0
import Scenarios

/// The header lines by which the target can tell whose requests these are. A trace id begins with eight bytes that stand
/// for the run; the rest counts journeys, the span counts requests.
struct TraceHeaders {
  /// "traceparent: 00-" + 32 digits + "-" + 16 digits + "-01", with the run's digits filled in.
  let traceparent: [UInt8]
  let runLine: [UInt8]

  private static let prefix = Array("traceparent: 00-".utf8)
  private static let digits: StaticString = "0123456789abcdef"

  init(runID: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in runID.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    var line = Self.prefix + [UInt8](repeating: UInt8(ascii: "0"), count: 32 + 1 + 16) + Array("-01".utf8)
    line[Self.prefix.count + 32] = UInt8(ascii: "-")
    Self.write(RandomSource.mixed(hash) | 1, into: &line, at: Self.prefix.count)
    traceparent = line
    runLine = Array("X-Gonogo-Run: \(runID)".utf8)
  }

  /// Fills in what changes. Neither number may be 0.
  static func write(journey: UInt64, request: UInt64, into line: inout [UInt8]) {
    write(journey, into: &line, at: prefix.count + 16)
    write(request, into: &line, at: prefix.count + 33)
  }

  /// The value of the header, as it stands in records.
  func value(journey: UInt64, request: UInt64) -> String {
    var line = traceparent
    Self.write(journey: journey, request: request, into: &line)
    return String(decoding: line.dropFirst("traceparent: ".utf8.count), as: UTF8.self)
  }

  private static func write(_ number: UInt64, into line: inout [UInt8], at place: Int) {
    for digit in 0..<16 {
      let shift = 60 - 4 * UInt64(digit)
      line[place + digit] = digits.utf8Start[Int(truncatingIfNeeded: number >> shift) & 15]
    }
  }
}
