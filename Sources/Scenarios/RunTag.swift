// SPDX-License-Identifier: Apache-2.0

/// Twelve lower-case hexadecimal digits that stand for the run inside every generated id.
///
/// A run id that is such a tag is its own tag, and then `uuid()` holds the run id literally (with the hyphen that every
/// UUID has after its eighth digit); of any other run id the tag is the begin of its SHA-256. `uuid()` is an RFC 9562
/// version 8 UUID: the tag in the first 48 bits, 74 random bits after it (version and variant take the rest), so a
/// target's log can be searched for one run's ids by their first 13 characters.
package struct RunTag: Sendable, Equatable, CustomStringConvertible {
  /// Twelve ASCII digits.
  let digits: [UInt8]

  package init(runID: String) {
    let bytes = Array(runID.utf8)
    let isTag = bytes.count == 12 && bytes.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x61 && $0 <= 0x66) }
    if isTag {
      digits = bytes
    } else {
      var hex: [UInt8] = []
      appendHex(sha256(bytes).prefix(6), to: &hex)
      digits = hex
    }
  }

  package var description: String { String(decoding: digits, as: UTF8.self) }

  /// Appends a new UUID of this run, 36 characters.
  func appendUUID(random: inout some RandomNumberGenerator, to out: inout [UInt8]) {
    out.append(contentsOf: digits[0..<8])
    out.append(UInt8(ascii: "-"))
    out.append(contentsOf: digits[8..<12])
    let high = random.next()
    let low = random.next()
    out.append(contentsOf: [UInt8(ascii: "-"), UInt8(ascii: "8")])
    Self.append(high, digits: 3, to: &out)
    out.append(UInt8(ascii: "-"))
    Self.append(0x8000 | (high >> 12) & 0x3fff, digits: 4, to: &out)
    out.append(UInt8(ascii: "-"))
    Self.append(low, digits: 12, to: &out)
  }

  private static func append(_ value: UInt64, digits: Int, to out: inout [UInt8]) {
    for place in stride(from: (digits - 1) * 4, through: 0, by: -4) {
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(place)) & 15
      out.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }
}
