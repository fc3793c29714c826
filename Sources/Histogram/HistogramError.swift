// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a histogram that can be read.
package enum HistogramError: Error, Equatable, Sendable {
  /// Fewer bytes than the header, or than a length in it, asks for.
  case truncated
  /// The first four bytes belong to no histogram.
  case notAHistogram(cookie: UInt32)
  /// A histogram, but of an older version or of floating-point values.
  case unsupportedEncoding(cookie: UInt32)
  /// Parameters that no histogram can have.
  case invalidLayout(lowest: Int64, highest: Int64, significantDigits: Int)
  /// A length that is negative, or longer than the counters could need.
  case invalidLength(Int)
  /// Bytes after the end that the header declares.
  case excessData
  /// zlib's own verdict on the compressed part.
  case compression(code: Int32)
  /// Counts for more counters than the layout has.
  case tooManyCounters
  /// The counts add up to more than 2^63 - 1.
  case countTooLarge
  /// A character that base64 does not have, counted in bytes from the start of the text.
  case invalidBase64(offset: Int)
}

extension HistogramError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .truncated: "the histogram ends early"
    case .notAHistogram(let cookie): "not a histogram (it begins with 0x\(String(cookie, radix: 16)))"
    case .unsupportedEncoding(let cookie):
      "only the V2 encoding of whole-number histograms can be read (this is 0x\(String(cookie, radix: 16)))"
    case .invalidLayout(let lowest, let highest, let digits):
      "impossible histogram: unit \(lowest), highest value \(highest), \(digits) significant digits"
    case .invalidLength(let length): "impossible length \(length) in the histogram's header"
    case .excessData: "bytes after the end of the histogram"
    case .compression(let code): "the compressed part is damaged (zlib \(code))"
    case .tooManyCounters: "counts for more counters than the histogram has"
    case .countTooLarge: "the counts add up to more than 2^63 - 1"
    case .invalidBase64(let offset): "not base64 at byte \(offset) of the histogram"
    }
  }
}
