// SPDX-License-Identifier: Apache-2.0
import Histogram

/// Bytes that begin with `#` or `"` are an interval log, all others one encoding.
func fuzzHistogram(_ bytes: UnsafeBufferPointer<UInt8>) {
  if bytes.first == UInt8(ascii: "#") || bytes.first == UInt8(ascii: "\"") { return fuzzLog(Array(bytes)) }
  guard let histogram = try? Histogram.decode(Array(bytes)) else { return }
  let total = histogram.totalCount
  precondition(total >= 0, "a negative number of values")
  var last: Int64 = 0
  for quantile in [0, 0.5, 0.95, 0.99, 0.999, 1] {
    let value = histogram.value(atQuantile: quantile)
    precondition(total == 0 || value >= last, "quantiles do not grow")
    last = value
  }
  for encoded in [histogram.encode(), histogram.encodeCompressed()] {
    guard let again = try? Histogram.decode(encoded) else { preconditionFailure("our own encoding is not readable") }
    precondition(again.totalCount == total, "values were lost on their way")
    precondition(again.value(atQuantile: 0.99) == histogram.value(atQuantile: 0.99), "values changed on their way")
  }
}

private func fuzzLog(_ bytes: [UInt8]) {
  var reader = IntervalLogReader(bytes)
  var all = Histogram()
  var errors = 0
  while true {
    do throws(IntervalLogError) {
      guard try reader.next() != nil else { break }
      try reader.merge(into: &all)
    } catch {
      errors += 1
      precondition(error.line >= 1 && errors <= bytes.count, "reading does not go on after an error")
    }
  }
  precondition(all.totalCount >= 0, "a negative number of values")
}
