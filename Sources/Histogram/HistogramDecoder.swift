// SPDX-License-Identifier: Apache-2.0

/// A counter that is not empty, as read from an encoding.
struct DecodedCounter {
  var index: Int32 = 0
  var count: Int64 = 0
}

/// Reads histograms in the V2 encoding, plain or compressed, from bytes nobody vouches for.
///
/// Time and memory are bounded by the bytes given and by the layout their header declares; every damage is a
/// `HistogramError`. Holds zlib's state and its buffers, so use one for many histograms.
package struct HistogramDecoder: ~Copyable, Sendable {
  private var inflater = Inflater()
  /// Buffers, each as long as the longest use so far: inflated encodings, decoded text, counters.
  private var inflated = [UInt8](repeating: 0, count: 1 << 14)
  private var binary: [UInt8] = []
  private var decoded: [DecodedCounter] = []

  package init() {}

  /// A new histogram with the layout and the counts of the encoding.
  package mutating func decode(_ bytes: Span<UInt8>) throws(HistogramError) -> Histogram {
    let (layout, count) = try read(bytes)
    var histogram = Histogram(layout: layout)
    histogram.merge(decoded[..<count], layout: layout)
    return histogram
  }

  /// Adds the counts of the encoding; the cost follows the counters that are not empty. On an error nothing is added.
  package mutating func merge(_ bytes: Span<UInt8>, into histogram: inout Histogram) throws(HistogramError) {
    let (layout, count) = try read(bytes)
    histogram.merge(decoded[..<count], layout: layout)
  }

  /// `decode` from base64 text, as interval logs hold it.
  package mutating func decode(base64 text: Span<UInt8>) throws(HistogramError) -> Histogram {
    let (layout, count) = try read(base64: text)
    var histogram = Histogram(layout: layout)
    histogram.merge(decoded[..<count], layout: layout)
    return histogram
  }

  /// `merge` from base64 text, as interval logs hold it.
  package mutating func merge(base64 text: Span<UInt8>, into histogram: inout Histogram) throws(HistogramError) {
    let (layout, count) = try read(base64: text)
    histogram.merge(decoded[..<count], layout: layout)
  }

  private mutating func read(
    base64 text: Span<UInt8>
  ) throws(HistogramError) -> (layout: CounterLayout, count: Int) {
    let length = try Base64.decode(text, into: &binary)
    // A second reference for the call: a span of a member would hold the whole value.
    let bytes = binary
    return try read(bytes.span.extracting(..<length))
  }

  /// Leaves the counters at the beginning of `decoded`, and returns their number.
  private mutating func read(_ bytes: Span<UInt8>) throws(HistogramError) -> (layout: CounterLayout, count: Int) {
    guard bytes.count >= Encoding.compressedHeaderBytes else { throw .truncated }
    let cookie = bytes.bigEndian32(at: 0)
    switch cookie & ~Encoding.wordSizeBits {
    case Encoding.plainCookie & ~Encoding.wordSizeBits:
      return try readCounters(bytes, into: &decoded)
    case Encoding.compressedCookie & ~Encoding.wordSizeBits:
      let length = Int(Int32(bitPattern: bytes.bigEndian32(at: 4)))
      let available = bytes.count - Encoding.compressedHeaderBytes
      guard length >= 0 else { throw .invalidLength(length) }
      guard length <= available else { throw .truncated }
      guard length == available else { throw .excessData }
      let count = try inflater.inflate(
        bytes.extracting(Encoding.compressedHeaderBytes...), into: &inflated, allowance: inflatedLength)
      let plain = inflated
      return try readCounters(plain.span.extracting(..<count), into: &decoded)
    case 0x1c84_9301, 0x1c84_9302, 0x1c84_9308, 0x1c84_9309:  // V1 and V0
      throw .unsupportedEncoding(cookie: cookie)
    default:
      // Floating-point histograms put no word size into their cookies.
      if cookie == 0x0c72_124e || cookie == 0x0c72_124f { throw .unsupportedEncoding(cookie: cookie) }
      throw .notAHistogram(cookie: cookie)
    }
  }
}

extension Histogram {
  /// Reads one V2 encoding, plain or compressed. Sets zlib up each time; for many use one `HistogramDecoder`.
  package static func decode(_ bytes: [UInt8]) throws(HistogramError) -> Histogram {
    var decoder = HistogramDecoder()
    return try decoder.decode(bytes.span)
  }
}

/// How long an encoding that begins like this may be, header included.
private func inflatedLength(_ beginning: Span<UInt8>) throws(HistogramError) -> Int {
  Encoding.headerBytes + (try readHeader(beginning).payloadLength)
}

/// Layout and payload length, both checked: the payload is never longer than its counters can need.
///
/// Two fields say nothing about whole-number histograms and are passed over, as other readers do: the normalizing
/// index offset (writers disagree whether it is 0 or 1) and the integer-to-double ratio.
private func readHeader(_ bytes: Span<UInt8>) throws(HistogramError) -> (layout: CounterLayout, payloadLength: Int) {
  guard bytes.count >= Encoding.headerBytes else { throw .truncated }
  let cookie = bytes.bigEndian32(at: 0)
  guard cookie & ~Encoding.wordSizeBits == Encoding.plainCookie & ~Encoding.wordSizeBits else {
    throw .notAHistogram(cookie: cookie)
  }
  let layout = try CounterLayout(
    lowestDiscernible: Int64(bitPattern: bytes.bigEndian64(at: 16)),
    highest: Int64(bitPattern: bytes.bigEndian64(at: 24)),
    significantDigits: Int(Int32(bitPattern: bytes.bigEndian32(at: 12))))
  let length = Int(Int32(bitPattern: bytes.bigEndian32(at: 4)))
  guard length >= 0, length <= layout.counterCount * Encoding.longestCount else { throw .invalidLength(length) }
  return (layout, length)
}

/// Reads all counters of a plain encoding; returns the layout and how many entries of `counters` are valid. `counters`
/// only ever grows, up to what the layout can fill.
private func readCounters(
  _ bytes: Span<UInt8>, into counters: inout [DecodedCounter]
) throws(HistogramError) -> (layout: CounterLayout, count: Int) {
  let (layout, length) = try readHeader(bytes)
  guard bytes.count >= Encoding.headerBytes + length else { throw .truncated }
  guard bytes.count == Encoding.headerBytes + length else { throw .excessData }
  // Each counter takes a byte at least; one place more is for the entry that is written but not kept.
  let capacity = min(length, layout.counterCount) + 1
  if counters.count < capacity {
    counters.append(contentsOf: repeatElement(DecodedCounter(), count: capacity - counters.count))
  }
  var target = counters.mutableSpan
  var position = Encoding.headerBytes
  var count = 0
  var index = 0
  var total: Int64 = 0
  while position < bytes.count {
    let value = try readZigZag(bytes, &position)
    // Counts and runs of empty counters alternate at random, so the code for them has no branch that could be guessed
    // wrong: every value is written as if it were a count, and overwritten if it was none.
    let sign = value >> 63  // all ones for a run
    let step = UInt64(bitPattern: (0 &- value) & sign | 1 & ~sign)
    guard step <= UInt64(bitPattern: Int64(layout.counterCount &- index)) else { throw .tooManyCounters }
    target[count] = DecodedCounter(index: Int32(truncatingIfNeeded: index), count: value)
    count &+= value > 0 ? 1 : 0
    index &+= Int(truncatingIfNeeded: step)
    let (sum, overflowed) = total.addingReportingOverflow(value & ~sign)
    guard !overflowed else { throw .countTooLarge }
    total = sum
  }
  return (layout, count)
}

private func readZigZag(_ bytes: Span<UInt8>, _ position: inout Int) throws(HistogramError) -> Int64 {
  var bits: UInt64 = 0
  var shift: UInt64 = 0
  while true {
    guard position < bytes.count else { throw .truncated }
    let byte = UInt64(bytes[position])
    position += 1
    // The ninth byte gives all of its eight bits.
    if shift == 56 || byte < 0x80 {
      bits |= byte << shift
      return Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1)
    }
    bits |= (byte & 0x7f) << shift
    shift += 7
  }
}

extension Span<UInt8> {
  fileprivate func bigEndian32(at position: Int) -> UInt32 {
    var value: UInt32 = 0
    for offset in 0..<4 { value = value << 8 | UInt32(self[position + offset]) }
    return value
  }

  fileprivate func bigEndian64(at position: Int) -> UInt64 {
    UInt64(bigEndian32(at: position)) << 32 | UInt64(bigEndian32(at: position + 4))
  }
}
