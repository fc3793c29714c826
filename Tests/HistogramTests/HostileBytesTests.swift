// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Histogram

/// Encodings nobody vouches for: each ends in a histogram or in a typed error, within bounds.
@Suite struct HostileBytesTests {
  static let runOfMinimum: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
  static let largestCount: [UInt8] = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]

  @Test(
    arguments: [
      ([], .truncated),
      (Array(encoding(payload: []).dropLast()), .truncated),
      (encoding(payload: [2], length: 2), .truncated),
      (encoding(payload: [2, 2], length: 1), .excessData),
      (encoding(payload: [2], length: -1), .invalidLength(-1)),
      (encoding(payload: [], length: .max), .invalidLength(Int(Int32.max))),
      (encoding(payload: [0x80]), .truncated),
      (encoding(payload: runOfMinimum), .tooManyCounters),
      (encoding(payload: [0xff, 0xf0, 0x02, 2]), .tooManyCounters),
      (encoding(payload: [2] + largestCount), .countTooLarge),
      (encoding(payload: largestCount + largestCount), .countTooLarge),
      (encoding(payload: [], cookie: 0x1c84_9301), .unsupportedEncoding(cookie: 0x1c84_9301)),
      (encoding(payload: [], cookie: 0x0c72_124e), .unsupportedEncoding(cookie: 0x0c72_124e)),
      (encoding(payload: [], cookie: 0x504b_0304), .notAHistogram(cookie: 0x504b_0304)),
      (encoding(payload: [], digits: 6), .invalidLayout(lowest: 1, highest: 3_600_000_000, significantDigits: 6)),
      (encoding(payload: [], digits: -1), .invalidLayout(lowest: 1, highest: 3_600_000_000, significantDigits: -1)),
      (encoding(payload: [], lowest: 0), .invalidLayout(lowest: 0, highest: 3_600_000_000, significantDigits: 3)),
      (encoding(payload: [], lowest: .max), .invalidLayout(lowest: .max, highest: 3_600_000_000, significantDigits: 3)),
      (encoding(payload: [], highest: 1), .invalidLayout(lowest: 1, highest: 1, significantDigits: 3)),
      (encoding(payload: [], highest: .min), .invalidLayout(lowest: 1, highest: .min, significantDigits: 3)),
      (
        encoding(payload: [], digits: 5, lowest: 1 << 60, highest: .max),
        .invalidLayout(lowest: 1 << 60, highest: .max, significantDigits: 5)
      ),
      (compressed(encoding(payload: [2]), length: -1), .invalidLength(-1)),
      (compressed(encoding(payload: [2]), length: .max), .truncated),
      (compressed(encoding(payload: [2])) + [0], .excessData),
      (compressed(encoding(payload: [2]) + [2]), .excessData),
      (compressed(compressed(encoding(payload: [2]))), .notAHistogram(cookie: 0x1c84_9314)),
      (compressed([]), .truncated),
      ([0x1c, 0x84, 0x93, 0x14, 0, 0, 0, 2, 0x78, 0x9c], .truncated),
      ([0x1c, 0x84, 0x93, 0x14, 0, 0, 0, 2, 0x79, 0x9c], .compression(code: -3)),
    ] as [([UInt8], HistogramError)])
  func damage(bytes: [UInt8], expected: HistogramError) {
    var histogram = Histogram()
    histogram.record(5)
    var decoder = HistogramDecoder()
    #expect(throws: expected) { _ = try Histogram.decode(bytes) }
    #expect(throws: expected) { try decoder.merge(bytes.span, into: &histogram) }
    #expect(histogram.totalCount == 1, "an error must add nothing")
    #expect(!"\(expected)".isEmpty)
  }

  /// 4 MB of zeros in 4 KB: refused when one byte more than the header allows came out.
  @Test func bombsAreNotInflated() {
    let bomb = compressed(encoding(payload: [UInt8](repeating: 0, count: 1 << 22), length: 100))
    #expect(throws: HistogramError.excessData) { _ = try Histogram.decode(bomb) }

    var out = [UInt8](repeating: 0, count: 64)
    let stream = Array(bomb.dropFirst(8))
    #expect(inflationError(of: stream, into: &out, allowing: 140) == .excessData)
    #expect(out.count <= 141)
    out = [UInt8](repeating: 0, count: 64)
    #expect(inflationError(of: stream, into: &out, allowing: nil) == .truncated)
    #expect(out.count == 64)
  }

  private func inflationError(of stream: [UInt8], into out: inout [UInt8], allowing length: Int?) -> HistogramError? {
    var inflater = Inflater()
    do throws(HistogramError) {
      _ = try inflater.inflate(stream.span, into: &out) { _ throws(HistogramError) in
        if let length { return length } else { throw .truncated }
      }
      return nil
    } catch { return error }
  }

  /// The largest layout there is holds one value at each end.
  @Test func theLargestLayoutIsRead() throws {
    var histogram = Histogram(highest: .max, significantDigits: 5)
    histogram.record(1)
    histogram.record(.max)
    let decoded = try Histogram.decode(histogram.encodeCompressed())
    #expect(decoded.totalCount == 2)
    #expect(decoded.minimum == 1)
    #expect(decoded.maximum == .max)
    #expect(decoded.overflowCount == 0)
    #expect(decoded.value(atQuantile: 1) == .max)
  }

  @Test func everyPrefixIsAnError() {
    var random = SeededRandom(seed: 31)
    var histogram = Histogram()
    for _ in 0..<50 { histogram.record(Durations.wholeRange.sample(&random)) }
    for bytes in [histogram.encode(), histogram.encodeCompressed()] {
      for length in bytes.indices {
        #expect(throws: HistogramError.self) { _ = try Histogram.decode(Array(bytes[..<length])) }
      }
    }
  }

  /// Seeded damage at random places: bytes changed, removed, repeated; numbers made extreme.
  @Test(arguments: ["plain", "compressed", "recompressed"])
  func mutations(kind: String) {
    var random = SeededRandom(seed: 32)
    var histogram = Histogram()
    for _ in 0..<60 { histogram.record(Durations.logNormal.sample(&random)) }
    histogram.record(9_000_000_000)
    let plain = histogram.encode()
    var decoder = HistogramDecoder()
    var readable = 0
    for _ in 0..<1_500 {
      var bytes = kind == "compressed" ? histogram.encodeCompressed() : plain
      for _ in 0...Int.random(in: 0...3, using: &random) { mutate(&bytes, &random) }
      // Damage inside an intact zlib stream gets past its checksum.
      if kind == "recompressed" { bytes = compressed(bytes) }
      guard let decoded = try? decoder.decode(bytes.span) else { continue }
      readable += 1
      #expect(decoded.totalCount >= 0 && decoded.overflowCount >= 0)
      #expect(decoded.overflowCount <= decoded.totalCount)
      #expect(decoded.value(atQuantile: 0.99) <= decoded.maximum)
      #expect(decoded.mean >= 0 && decoded.standardDeviation >= 0)
      #expect(decoded.count(surelyAtLeast: 1e6) <= decoded.count(possiblyAtLeast: 1e6))
      #expect((try? Histogram.decode(decoded.encode()))?.totalCount == decoded.totalCount)
      histogram.merge(decoded)
      histogram.reset()
      histogram.record(1_000)
    }
    // zlib's checksum finds all damage; without it some of it makes another, sound histogram.
    #expect(kind == "compressed" ? readable < 150 : readable > 20)
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: bytes.indices, using: &random)
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes[place] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &random)!
    case 2: bytes.remove(at: place)
    case 3: bytes.insert(bytes[place], at: place)
    default: bytes.removeLast(min(Int.random(in: 0...8, using: &random), bytes.count))
    }
  }
}
