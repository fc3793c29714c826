// SPDX-License-Identifier: Apache-2.0

/// The trace id of a W3C `traceparent` header, or a new one when there is none or it is broken.
func traceID(of traceparent: String?) -> String {
  if let traceparent {
    let fields = traceparent.split(separator: "-", omittingEmptySubsequences: false)
    if fields.count >= 4, fields[0].utf8.count == 2, fields[0] != "ff", fields[1].utf8.count == 32,
      fields[2].utf8.count == 16, fields[1].utf8.allSatisfy(isLowerHex), fields[2].utf8.allSatisfy(isLowerHex),
      fields[1].utf8.contains(where: { $0 != UInt8(ascii: "0") })
    {
      return String(fields[1])
    }
  }
  return randomHex(bytes: 16)
}

private func isLowerHex(_ byte: UInt8) -> Bool {
  hexDigit(byte) != nil && !(UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
}

/// That many random bytes as lower-case hexadecimal digits.
func randomHex(bytes count: Int) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var generator = SystemRandomNumberGenerator()
  var text: [UInt8] = []
  var bits: UInt64 = 0
  for index in 0..<count {
    if index % 8 == 0 { bits = generator.next() }
    text.append(digits[Int(bits & 15)])
    text.append(digits[Int(bits >> 4 & 15)])
    bits >>= 8
  }
  return String(decoding: text, as: UTF8.self)
}
