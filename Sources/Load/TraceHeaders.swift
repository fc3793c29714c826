// SPDX-License-Identifier: Apache-2.0
import Scenarios

/// The header lines by which the target can tell whose requests these are, in buffers that are used again. A trace id
/// begins with eight bytes that stand for the run; the rest counts journeys, the span counts requests.
struct TraceHeaders {
  /// "traceparent: 00-" + 32 digits + "-" + 16 digits + "-01".
  private(set) var traceparent: [UInt8]
  let runLine: [UInt8]

  private static let prefix = Array("traceparent: 00-".utf8)
  private static let digits = Array("0123456789abcdef".utf8)

  init(runID: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in runID.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    traceparent = Self.prefix + [UInt8](repeating: UInt8(ascii: "0"), count: 32 + 1 + 16) + Array("-01".utf8)
    traceparent[Self.prefix.count + 32] = UInt8(ascii: "-")
    runLine = Array("X-Gonogo-Run: \(runID)".utf8)
    write(RandomSource.mixed(hash) | 1, at: Self.prefix.count)
  }

  /// Both numbers must not be 0.
  mutating func set(journey: UInt64, request: UInt64) {
    write(journey, at: Self.prefix.count + 16)
    write(request, at: Self.prefix.count + 33)
  }

  /// The value of the header, as it stands in records.
  var value: String { String(decoding: traceparent.dropFirst("traceparent: ".utf8.count), as: UTF8.self) }

  private mutating func write(_ number: UInt64, at place: Int) {
    for digit in 0..<16 {
      let shift = 60 - 4 * UInt64(digit)
      traceparent[place + digit] = Self.digits[Int(truncatingIfNeeded: number >> shift) & 15]
    }
  }
}
