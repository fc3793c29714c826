// SPDX-License-Identifier: Apache-2.0

/// The numbers of the V2 encoding; all integers in it are big-endian.
enum Encoding {
  static let plainCookie: UInt32 = 0x1c84_9313
  static let compressedCookie: UInt32 = 0x1c84_9314
  /// The upper digit of the last byte tells a word size that V2 does not use.
  static let wordSizeBits: UInt32 = 0xf0
  static let headerBytes = 40
  static let compressedHeaderBytes = 8
  static let longestCount = 9
}

/// Writes histograms in the V2 encoding. Holds zlib's state, so use one for many histograms.
package struct HistogramEncoder: ~Copyable, Sendable {
  private var deflater = Deflater()
  private var plain: [UInt8] = []
  private var compressed: [UInt8] = []

  package init() {}

  /// The compressed V2 encoding. Cost follows the range of values in use.
  package mutating func encodeCompressed(_ histogram: borrowing Histogram) -> [UInt8] {
    prepare(histogram)
    return compressed
  }

  /// Appends the base64 text of the compressed V2 encoding, as interval logs hold it.
  package mutating func appendBase64(_ histogram: borrowing Histogram, to text: inout [UInt8]) {
    prepare(histogram)
    Base64.append(compressed.span, to: &text)
  }

  private mutating func prepare(_ histogram: borrowing Histogram) {
    plain.removeAll(keepingCapacity: true)
    histogram.appendEncoding(to: &plain)
    // A second reference for the call: a span of a member would hold the whole value.
    let plain = plain
    compressed.removeAll(keepingCapacity: true)
    compressed.append(bigEndian: Encoding.compressedCookie)
    compressed.append(bigEndian: UInt32(0))
    deflater.append(plain.span, to: &compressed)
    compressed.set(bigEndian: UInt32(compressed.count - Encoding.compressedHeaderBytes), at: 4)
  }
}

extension Histogram {
  /// The plain V2 encoding.
  ///
  /// It has no field for values above `highest`; they are counts of the counters above that of `highest`, where
  /// readers of the same layout find them again. No other tool loses them: they raise its counts and its maximum.
  package func encode() -> [UInt8] {
    var bytes: [UInt8] = []
    appendEncoding(to: &bytes)
    return bytes
  }

  /// The compressed V2 encoding. Sets zlib up each time; for many histograms use one `HistogramEncoder`.
  package func encodeCompressed() -> [UInt8] {
    var encoder = HistogramEncoder()
    return encoder.encodeCompressed(self)
  }

  func appendEncoding(to bytes: inout [UInt8]) {
    let start = bytes.count
    bytes.append(bigEndian: Encoding.plainCookie)
    bytes.append(bigEndian: UInt32(0))  // the payload's length, below
    bytes.append(bigEndian: UInt32(0))  // normalizing index offset
    bytes.append(bigEndian: UInt32(layout.significantDigits))
    bytes.append(bigEndian: UInt64(layout.lowestDiscernible))
    bytes.append(bigEndian: UInt64(layout.highest))
    bytes.append(bigEndian: (1.0).bitPattern)  // integer to double ratio
    let payload = bytes.count
    var zeros = Int64(usedIndices.lowerBound)
    for index in usedIndices {
      let count = counters[index]
      if count == 0 {
        zeros += 1
        continue
      }
      bytes.append(zeros: zeros)
      bytes.append(zigZag: count)
      zeros = 0
    }
    bytes.set(bigEndian: UInt32(bytes.count - payload), at: start + 4)
  }
}

extension [UInt8] {
  fileprivate mutating func append(bigEndian value: some FixedWidthInteger) {
    for byte in stride(from: value.bitWidth - 8, through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> byte))
    }
  }

  fileprivate mutating func set(bigEndian value: UInt32, at position: Int) {
    for byte in 0..<4 { self[position + byte] = UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * byte)) }
  }

  /// A run of empty counters: one is a count of 0, more are their number, negative.
  fileprivate mutating func append(zeros: Int64) {
    if zeros == 1 { append(0) } else if zeros > 1 { append(zigZag: -zeros) }
  }

  /// ZigZag LEB128 of at most nine bytes: the ninth holds eight bits and no mark, unlike protobuf's.
  fileprivate mutating func append(zigZag value: Int64) {
    var rest = UInt64(bitPattern: (value << 1) ^ (value >> 63))
    for _ in 0..<(Encoding.longestCount - 1) {
      if rest < 0x80 { return append(UInt8(rest)) }
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}
