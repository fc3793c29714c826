// SPDX-License-Identifier: Apache-2.0
import Histogram

/// What an interval log holds, line by line, each with the row of the series it belongs to. A line takes memory by its
/// used counters (8 bytes each), not by the histogram's range.
struct IntervalStore {
  /// Values lowest...highest, in microseconds, `count` times. The width of a counter is a power of two, so that its
  /// exponent is enough to know the highest value.
  struct Bucket {
    static let countBits: UInt32 = 27
    static let mostCount: Int64 = (1 << Int64(countBits)) - 1

    let lowest: UInt32
    private let widthAndCount: UInt32

    /// Precondition: highest >= lowest, 0...mostCount values.
    init(lowest: UInt32, highest: UInt32, count: Int64) {
      self.lowest = lowest
      let exponent = UInt32(31 - min(highest - lowest, 1 << 31 - 1).advanced(by: 1).leadingZeroBitCount)
      widthAndCount = exponent << Self.countBits | UInt32(count)
    }

    var highest: UInt32 { lowest + ((1 << (widthAndCount >> Self.countBits)) - 1) }
    var count: Int { Int(widthAndCount & UInt32(Self.mostCount)) }
  }

  struct Line {
    /// Index of the row in the series.
    var row: Int
    var isFailed: Bool
    var count: Int
    fileprivate var chunk: Int
    fileprivate var buckets: Range<Int>
  }

  private(set) var lines: [Line] = []
  /// What could not be read or has no row, for people.
  private(set) var problems: [String] = []
  // In pieces, since one array of millions would be copied, and half empty, as it grows.
  private var chunks: [[Bucket]] = []
  private static let chunkCount = 1 << 16

  /// What no second can hold.
  private static let mostValues: Int64 = 10_000_000_000

  /// What a line is looked up by, and what it was found to belong to.
  struct Row {
    var tag: String
    var second: Int
    /// Whether the row counts what stands under `tag`, and under `tag!failed`.
    var countsOk: Bool
    var countsFailed: Bool
  }

  /// `rows`: those of the series in their order; the n-th line of a tag and second belongs to the n-th row that counts
  /// such requests.
  init(
    _ bytes: [UInt8], file: String, runStart: Double, rowCount: Int, of rowFile: String = "series.csv",
    row: (Int) -> Row
  ) {
    var places = RowPlaces(rowCount: rowCount, row: row)
    var reader = IntervalLogReader(bytes)
    var scratch = Histogram()
    var strays = 0
    var damaged: [String] = []
    reading: while true {
      do throws(IntervalLogError) {
        guard let line = try reader.next() else { break reading }
        scratch.reset()
        try reader.merge(into: &scratch)
        let second = Int((line.startSecondsSinceEpoch - runStart).rounded())
        let (tag, isFailed) = Self.split(line.tag ?? "")
        if scratch.totalCount > Self.mostValues {
          damaged.append("line \(line.number): more values than a second can hold")
        } else if let row = places.take(tag: tag, second: second, isFailed: isFailed) {
          add(scratch, row: row, isFailed: isFailed)
        } else {
          strays += 1
        }
      } catch {
        damaged.append(error.description)
      }
    }
    if let first = damaged.first {
      problems.append("\(file): \(damaged.count) lines cannot be read, the first is \(first)")
    }
    if strays > 0 { problems.append("\(file): \(strays) lines belong to no row of \(rowFile)") }
  }

  /// Calls `body` with each bucket of a line, in rising order. The sum of the counts is `line.count`.
  func forEachBucket(of line: Line, _ body: (Bucket) -> Void) {
    for bucket in chunks[line.chunk][line.buckets] { body(bucket) }
  }

  /// Requests of the line that may have taken `limit` microseconds or more, and those that surely have.
  func over(_ limit: Double, of line: Line) -> (possibly: Int, surely: Int) {
    var possibly = 0
    var surely = 0
    // From the top: most lines have nothing there.
    for bucket in chunks[line.chunk][line.buckets].reversed() {
      if Double(bucket.highest) < limit { break }
      possibly += bucket.count
      if Double(bucket.lowest) >= limit { surely += bucket.count }
    }
    return (possibly, surely)
  }

  private mutating func add(_ histogram: borrowing Histogram, row: Int, isFailed: Bool) {
    if chunks.last.map({ $0.count >= Self.chunkCount }) ?? true {
      chunks.append([])
      chunks[chunks.count - 1].reserveCapacity(Self.chunkCount + 4096)
    }
    let chunk = chunks.count - 1
    let begin = chunks[chunk].count
    histogram.forEachBucket { lowest, highest, count in
      var rest = count
      // A count beyond 27 bits takes several buckets; a value beyond 71 minutes is beyond every limit there is.
      while rest > 0 {
        let part = min(rest, Bucket.mostCount)
        chunks[chunk].append(
          Bucket(lowest: UInt32(clamping: lowest), highest: UInt32(clamping: highest), count: part))
        rest -= part
      }
    }
    lines.append(
      Line(
        row: row, isFailed: isFailed, count: Int(clamping: histogram.totalCount), chunk: chunk,
        buckets: begin..<chunks[chunk].count))
  }

  private static func split(_ tag: String) -> (tag: String, isFailed: Bool) {
    tag.hasSuffix(IntervalFile.failedMark) ? (String(tag.dropLast(IntervalFile.failedMark.count)), true) : (tag, false)
  }
}

/// Rows by tag, second and outcome, in their order: a chain of row numbers per key.
private struct RowPlaces {
  private struct Key: Hashable {
    var tag: Int
    var second: Int
  }

  private struct Chain {
    var heads: [Key: Int] = [:]
    var next: [Int]
  }

  private var tags: [String: Int] = [:]
  private var ok: Chain
  private var failed: Chain

  init(rowCount: Int, row: (Int) -> IntervalStore.Row) {
    ok = Chain(next: Array(repeating: -1, count: rowCount))
    failed = ok
    // Backwards, so that each chain begins with its first row.
    for index in (0..<rowCount).reversed() {
      let row = row(index)
      let tag = tags[row.tag] ?? tags.count
      tags[row.tag] = tag
      let key = Key(tag: tag, second: row.second)
      if row.countsOk { Self.push(index, key, &ok) }
      if row.countsFailed { Self.push(index, key, &failed) }
    }
  }

  private static func push(_ row: Int, _ key: Key, _ chain: inout Chain) {
    chain.next[row] = chain.heads[key] ?? -1
    chain.heads[key] = row
  }

  mutating func take(tag: String, second: Int, isFailed: Bool) -> Int? {
    guard let tag = tags[tag] else { return nil }
    let key = Key(tag: tag, second: second)
    return isFailed ? Self.pop(key, &failed) : Self.pop(key, &ok)
  }

  private static func pop(_ key: Key, _ chain: inout Chain) -> Int? {
    guard let row = chain.heads[key] else { return nil }
    chain.heads[key] = chain.next[row] == -1 ? nil : chain.next[row]
    return row
  }
}
