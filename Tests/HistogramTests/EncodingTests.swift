// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Histogram

@Suite struct EncodingTests {
  @Test(arguments: Durations.allCases)
  func roundTripsPlainAndCompressed(durations: Durations) throws {
    var random = SeededRandom(seed: 21)
    var encoder = HistogramEncoder()
    var decoder = HistogramDecoder()
    for n in [0, 1, 2, 300, 3_000] {
      var histogram = Histogram()
      for _ in 0..<n { histogram.record(durations.sample(&random)) }
      let plain = histogram.encode()
      let compressed = encoder.encodeCompressed(histogram)
      #expect(compressed == histogram.encodeCompressed())
      #expect(compressed.starts(with: [0x1c, 0x84, 0x93, 0x14]))
      for bytes in [plain, compressed] {
        let decoded = try decoder.decode(bytes.span)
        #expect(decoded.layout == histogram.layout)
        #expect(decoded.totalCount == histogram.totalCount)
        #expect(decoded.minimum == histogram.minimum)
        #expect(decoded.maximum == histogram.maximum)
        #expect(decoded.mean == histogram.mean)
        #expect(decoded.encode() == plain)
      }
      var text: [UInt8] = []
      encoder.appendBase64(histogram, to: &text)
      #expect(text.starts(with: Array("HISTFAAA".utf8)))
      #expect(try decoder.decode(base64: text.span).encode() == plain)
      var merged = Histogram()
      try decoder.merge(base64: text.span, into: &merged)
      try decoder.merge(compressed.span, into: &merged)
      #expect(merged.totalCount == Int64(2 * n))
    }
  }

  /// Counts at the ends of each length that their text can have; the ninth byte is a special one.
  @Test func countsOfEveryLength() throws {
    var histogram = Histogram()
    var value: Int64 = 1
    for bits in 0..<61 {
      for count in [(1 << bits) - 1, 1 << bits] as [Int64] where count > 0 && bits < 55 {
        histogram.record(value, count: count)
        value += Int64(bits)
      }
    }
    #expect(try Histogram.decode(histogram.encode()).encode() == histogram.encode())
    for count in [1 << 55, 1 << 62, .max] as [Int64] {
      var single = Histogram()
      single.record(9, count: count)
      let bytes = single.encode()
      #expect(bytes.count == 40 + 1 + 9)
      #expect(try Histogram.decode(bytes).totalCount == count)
    }
  }

  @Test func headerIsWhatTheFormatSays() {
    var histogram = Histogram(highest: 10_000, significantDigits: 2)
    histogram.record(2)
    #expect(
      histogram.encode() == [
        0x1c, 0x84, 0x93, 0x13, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x27,
        0x10, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0, 3, 2,
      ])
  }

  /// Other writers write a lone empty counter as a run of one, another offset, another ratio.
  @Test func whatOtherWritersWriteIsRead() throws {
    var bytes = encoding(payload: [1, 1, 2, 0, 4])
    bytes[11] = 1
    bytes.replaceSubrange(32..<40, with: [0, 0, 0, 0, 0, 0, 0, 1])
    let histogram = try Histogram.decode(bytes)
    #expect(histogram.totalCount == 3)
    #expect(histogram.minimum == 2)
    #expect(histogram.maximum == 4)
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"), ("\u{3ff}\u{7ff}", "z7/fvw=="),
  ])
  func base64OfTheStandard(plain: String, text: String) throws {
    var encoded: [UInt8] = []
    Base64.append(Array(plain.utf8).span, to: &encoded)
    #expect(String(decoding: encoded, as: UTF8.self) == text)
    var decoded: [UInt8] = []
    let length = try Base64.decode(Array(text.utf8).span, into: &decoded)
    #expect(decoded[..<length] == Array(plain.utf8)[...])
    let bare = Array(text.utf8.prefix { $0 != UInt8(ascii: "=") })
    #expect(try Base64.decode(bare.span, into: &decoded) == length)
  }

  @Test(arguments: ["A", "AAAAA", "A=", "A===", "AA=A", "=", "====", "AA A", "AA-A", "AAA\u{80}", "AAAA=", "AAAA=="])
  func whatIsNotBase64IsRefused(text: String) {
    var decoded: [UInt8] = []
    #expect(throws: HistogramError.self) { try Base64.decode(Array(text.utf8).span, into: &decoded) }
  }
}

/// A plain encoding with any payload and any header.
func encoding(
  payload: [UInt8], cookie: UInt32 = 0x1c84_9313, length: Int32? = nil, digits: Int32 = 3, lowest: Int64 = 1,
  highest: Int64 = 3_600_000_000
) -> [UInt8] {
  func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
  return bytes(cookie) + bytes(length ?? Int32(payload.count)) + bytes(Int32(0)) + bytes(digits) + bytes(lowest)
    + bytes(highest) + bytes((1.0).bitPattern) + payload
}

/// A compressed encoding around any bytes.
func compressed(_ plain: [UInt8], length: Int32? = nil) -> [UInt8] {
  var deflater = Deflater()
  var stream: [UInt8] = []
  deflater.append(plain.span, to: &stream)
  let declared = length ?? Int32(stream.count)
  return [0x1c, 0x84, 0x93, 0x14] + withUnsafeBytes(of: declared.bigEndian) { Array($0) } + stream
}
