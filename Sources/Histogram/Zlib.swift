// SPDX-License-Identifier: Apache-2.0

import CZlib

/// zlib's state lives at one address for its whole life (it points back at itself), so each owner allocates it once.
/// Both directions keep their state between histograms: setting it up costs more than a second's histogram.
struct Deflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let code = gonogo_deflate_start(stream, Z_DEFAULT_COMPRESSION)
    precondition(code == Z_OK, "zlib cannot start: \(code)")
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  /// Appends the zlib stream of `plain`.
  mutating func append(_ plain: Span<UInt8>, to out: inout [UInt8]) {
    deflateReset(stream)
    let start = out.count
    let bound = Int(deflateBound(stream, UInt(plain.count)))
    out.append(contentsOf: repeatElement(0, count: bound))
    let written = plain.withUnsafeBufferPointer { source in
      out.withUnsafeMutableBufferPointer { target in
        stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
        stream.pointee.avail_in = UInt32(source.count)
        stream.pointee.next_out = target.baseAddress! + start
        stream.pointee.avail_out = UInt32(bound)
        let code = deflate(stream, Z_FINISH)
        precondition(code == Z_STREAM_END, "zlib did not finish within its own bound: \(code)")
        return bound - Int(stream.pointee.avail_out)
      }
    }
    out.removeLast(bound - written)
  }
}

struct Inflater: ~Copyable {
  private let stream: UnsafeMutablePointer<z_stream>

  init() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let code = gonogo_inflate_start(stream)
    precondition(code == Z_OK, "zlib cannot start: \(code)")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Inflates one whole zlib stream into `out` and returns how many bytes it held; `out` only ever grows.
  ///
  /// When the stream holds more than `out`, `allowance` is asked, with what came so far, how long it may become: a
  /// few bytes can stand for gigabytes.
  mutating func inflate(
    _ compressed: Span<UInt8>, into out: inout [UInt8],
    allowance: (Span<UInt8>) throws(HistogramError) -> Int
  ) throws(HistogramError) -> Int {
    inflateReset(stream)
    var produced = 0
    var allowed: Int?
    stream.pointee.avail_in = UInt32(clamping: compressed.count)
    while true {
      // The rest of the input is handed over anew each time, since the pointer is valid inside the closure only.
      let consumed = compressed.count - Int(stream.pointee.avail_in)
      let code = compressed.withUnsafeBufferPointer { source in
        out.withUnsafeMutableBufferPointer { target in
          stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress.map { $0 + consumed })
          stream.pointee.next_out = target.baseAddress.map { $0 + produced }
          stream.pointee.avail_out = UInt32(clamping: target.count - produced)
          let code = CZlib.inflate(stream, Z_FINISH)
          produced = target.count - Int(stream.pointee.avail_out)
          return code
        }
      }
      if code == Z_STREAM_END {
        guard stream.pointee.avail_in == 0 else { throw .excessData }
        return produced
      }
      guard code == Z_BUF_ERROR || code == Z_OK else { throw .compression(code: code) }
      guard produced == out.count else { throw .truncated }
      let limit = if let allowed { allowed } else { try allowance(out.span) }
      allowed = limit
      // One byte more than allowed tells an end from an excess.
      guard produced <= limit else { throw .excessData }
      out.append(contentsOf: repeatElement(0, count: min(max(out.count, 1 << 14), limit + 1 - produced)))
    }
  }
}

// Each pointer is reached through its one owner only.
extension Deflater: @unchecked Sendable {}
// Each pointer is reached through its one owner only.
extension Inflater: @unchecked Sendable {}
