// SPDX-License-Identifier: Apache-2.0

// The tokens of RFC 8259. Each function begins at a token and leaves `index` behind it.

@inline(__always)
func skipSpace(_ bytes: Span<UInt8>, _ index: inout Int) {
  while index < bytes.count {
    let byte = bytes[index]
    guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
    index += 1
  }
}

func skipWord(_ word: StaticString, _ bytes: Span<UInt8>, _ index: inout Int) throws(JSONError) {
  let start = index
  for offset in 0..<word.utf8CodeUnitCount {
    guard index < bytes.count else { throw JSONError(problem: .unterminated, offset: index) }
    guard bytes[index] == word.utf8Start[offset] else { throw JSONError(problem: .expectedValue, offset: start) }
    index += 1
  }
}

func skipNumber(_ bytes: Span<UInt8>, _ index: inout Int) throws(JSONError) {
  let start = index
  func digits() throws(JSONError) {
    let first = index
    while index < bytes.count, bytes[index] &- 0x30 < 10 { index += 1 }
    if index == first {
      throw JSONError(problem: index < bytes.count ? .badNumber : .unterminated, offset: index)
    }
  }
  if bytes[index] == UInt8(ascii: "-") { index += 1 }
  let whole = index
  try digits()
  if index - whole > 1, bytes[whole] == 0x30 { throw JSONError(problem: .badNumber, offset: start) }
  if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
    index += 1
    try digits()
  }
  if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
    index += 1
    if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") { index += 1 }
    try digits()
  }
}

/// Passes a string, quotes included; whether it holds escapes.
func skipString(_ bytes: Span<UInt8>, _ index: inout Int) throws(JSONError) -> Bool {
  var hasEscapes = false
  index += 1
  while true {
    skipPlainText(bytes, &index)
    guard index < bytes.count else { throw JSONError(problem: .unterminated, offset: index) }
    let byte = bytes[index]
    if byte == UInt8(ascii: "\"") {
      index += 1
      return hasEscapes
    }
    if byte == UInt8(ascii: "\\") {
      hasEscapes = true
      try skipEscape(bytes, &index)
    } else if byte < 0x20 {
      throw JSONError(problem: .controlCharacter, offset: index)
    } else if byte < 0x80 {
      index += 1
    } else {
      let length = utf8Length(bytes, at: index)
      guard length > 0 else { throw JSONError(problem: .badUTF8, offset: index) }
      index += length
    }
  }
}

/// Passes ASCII that is neither quote, backslash nor control, eight bytes at a time.
@inline(__always)
private func skipPlainText(_ bytes: Span<UInt8>, _ index: inout Int) {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let highs: UInt64 = 0x8080_8080_8080_8080
  let raw = bytes.bytes
  while index + 8 <= bytes.count {
    let word = UInt64(littleEndian: raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    // Above the lowest byte found a borrow may flag bytes wrongly; only the lowest is used.
    let found =
      (word | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash) | ((word &- ones &* 0x20) & ~word))
      & highs
    if found != 0 {
      index += found.trailingZeroBitCount / 8
      return
    }
    index += 8
  }
}

private func skipEscape(_ bytes: Span<UInt8>, _ index: inout Int) throws(JSONError) {
  let start = index
  guard index + 1 < bytes.count else { throw JSONError(problem: .unterminated, offset: bytes.count) }
  switch bytes[index + 1] {
  case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
    UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
    index += 2
  case UInt8(ascii: "u"):
    index += 2
    for _ in 0..<4 {
      guard index < bytes.count else { throw JSONError(problem: .unterminated, offset: index) }
      guard hexValue(bytes[index]) != nil else { throw JSONError(problem: .badEscape, offset: start) }
      index += 1
    }
  default: throw JSONError(problem: .badEscape, offset: start)
  }
}

@inline(__always)
func hexValue(_ byte: UInt8) -> UInt32? {
  switch byte {
  case 0x30...0x39: UInt32(byte - 0x30)
  case 0x41...0x46: UInt32(byte - 0x37)
  case 0x61...0x66: UInt32(byte - 0x57)
  default: nil
  }
}

/// Length of the multi-byte character that begins here; 0 when it is none (overlong, surrogate, cut short, too large).
private func utf8Length(_ bytes: Span<UInt8>, at index: Int) -> Int {
  let first = bytes[index]
  let length: Int
  var lowest: UInt8 = 0x80
  var highest: UInt8 = 0xBF
  switch first {
  case 0xC2...0xDF: length = 2
  case 0xE0: (length, lowest) = (3, 0xA0)
  case 0xED: (length, highest) = (3, 0x9F)
  case 0xE1...0xEF: length = 3
  case 0xF0: (length, lowest) = (4, 0x90)
  case 0xF4: (length, highest) = (4, 0x8F)
  case 0xF1...0xF3: length = 4
  default: return 0
  }
  guard index + length <= bytes.count, bytes[index + 1] >= lowest, bytes[index + 1] <= highest else { return 0 }
  for next in 2..<max(2, length) where bytes[index + next] & 0xC0 != 0x80 { return 0 }
  return length
}
