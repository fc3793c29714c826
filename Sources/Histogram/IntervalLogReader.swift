// SPDX-License-Identifier: Apache-2.0

import Glibc

/// One line of an interval log, without its histogram.
package struct IntervalLine: Sendable, Equatable {
  /// The line's number in the log, from 1.
  package var number: Int
  /// What the interval is of; nil when the line has no tag.
  package var tag: String?
  /// The interval's begin, in seconds since 1970 (in a log without times of day: since its own begin).
  package var startSecondsSinceEpoch: Double
  /// The interval's length in seconds.
  package var lengthSeconds: Double
  /// The maximum as written, in the unit its writer chose (milliseconds by habit).
  package var writtenMaximum: Double
}

/// Why a line of an interval log cannot be read.
package struct IntervalLogError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Cause: Equatable, Sendable {
    /// Not `[Tag=name,]start,length,maximum,histogram`; the text says which part.
    case malformed(String)
    /// The line's histogram.
    case histogram(HistogramError)
  }

  /// The line's number in the log, from 1.
  package var line: Int
  package var cause: Cause

  package var description: String {
    switch cause {
    case .malformed(let reason): "line \(line): \(reason)"
    case .histogram(let error): "line \(line): \(error)"
    }
  }
}

/// Reads interval logs (`.hlog`) of this and of other tools, whole or piece by piece as a file is read.
///
/// Lines may be tagged or not, end in LF or CRLF, and hold histograms of any layout; comments, legends and empty lines
/// are passed over. After an error reading goes on with the next line. Memory follows the longest line, and what was
/// appended but not read yet.
package struct IntervalLogReader: ~Copyable, Sendable {
  private static let secondsPerYear = 365.0 * 24 * 3_600

  /// The latest start time the log declared, in seconds since 1970; the first interval's where none did.
  package private(set) var startSecondsSinceEpoch: Double?
  private var baseSecondsSinceEpoch: Double?
  private var text: [UInt8] = []
  /// What was read of `text`, and how far beyond it there is surely no line end.
  private var position = 0
  private var searched = 0
  private var isComplete = false
  private var lineNumber = 0
  private var encoded = 0..<0
  private var decoder = HistogramDecoder()

  /// A log that is appended piece by piece.
  package init() {}

  /// A whole log.
  package init(_ log: [UInt8]) {
    text = log
    isComplete = true
  }

  /// Adds the next piece of the log; `next` then returns the lines it completes.
  package mutating func append(_ piece: UnsafeRawBufferPointer) {
    text.removeSubrange(..<position)
    searched -= position
    position = 0
    encoded = 0..<0
    text.append(contentsOf: piece)
  }

  /// Says that no piece follows, so that a last line without a line end is read too.
  package mutating func finish() { isComplete = true }

  /// The next interval, or nil when no complete line is left. Its histogram is read on demand, until the next call.
  package mutating func next() throws(IntervalLogError) -> IntervalLine? {
    encoded = 0..<0
    while let range = nextLineRange() {
      lineNumber += 1
      let line = text.trimmed(range)
      guard let first = line.first else { continue }
      switch text[first] {
      case UInt8(ascii: "#"): try readComment(line)
      case UInt8(ascii: "\""): continue
      default: return try readInterval(line)
      }
    }
    return nil
  }

  /// The histogram of the line that `next` returned last. Traps when there is none.
  package mutating func histogram() throws(IntervalLogError) -> Histogram {
    precondition(!encoded.isEmpty, "next() has not returned a line")
    let text = text
    do { return try decoder.decode(base64: text.span.extracting(encoded)) } catch { throw failed(error) }
  }

  /// Adds the histogram of the line that `next` returned last. On an error nothing is added. Traps when there is none.
  package mutating func merge(into histogram: inout Histogram) throws(IntervalLogError) {
    precondition(!encoded.isEmpty, "next() has not returned a line")
    let text = text
    do {
      try decoder.merge(base64: text.span.extracting(encoded), into: &histogram)
    } catch { throw failed(error) }
  }

  /// The next line without its line end, passed over by this call.
  private mutating func nextLineRange() -> Range<Int>? {
    if let end = text.firstIndex(of: UInt8(ascii: "\n"), from: max(position, searched)) {
      defer { (position, searched) = (end + 1, end + 1) }
      return position..<end
    }
    searched = text.count
    guard isComplete, position < text.count else { return nil }
    defer { position = text.count }
    return position..<text.count
  }

  private mutating func readComment(_ line: Range<Int>) throws(IntervalLogError) {
    for name in ["StartTime", "BaseTime"] {
      let mark = Array("#[\(name):".utf8)
      guard text[line].starts(with: mark) else { continue }
      let rest = text.trimmed((line.lowerBound + mark.count)..<line.upperBound)
      let end = text[rest].firstIndex { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "]") } ?? rest.upperBound
      guard let seconds = number(rest.lowerBound..<end) else { throw malformed("the \(name) is not a number") }
      if name == "StartTime" { startSecondsSinceEpoch = seconds } else { baseSecondsSinceEpoch = seconds }
    }
  }

  private mutating func readInterval(_ line: Range<Int>) throws(IntervalLogError) -> IntervalLine {
    var rest = line
    var tag: String?
    let mark = Array("Tag=".utf8)
    if text[line].starts(with: mark) {
      let field = takeField(&rest)
      tag = String(decoding: text[(field.lowerBound + mark.count)..<field.upperBound], as: UTF8.self)
    }
    guard let start = number(takeField(&rest)) else { throw malformed("the interval's start is not a number") }
    guard let length = number(takeField(&rest)) else { throw malformed("the interval's length is not a number") }
    guard let maximum = number(takeField(&rest)) else { throw malformed("the interval's maximum is not a number") }
    let histogram = text.trimmed(rest)
    guard !histogram.isEmpty else { throw malformed("the interval has no histogram") }
    encoded = histogram
    return IntervalLine(
      number: lineNumber, tag: tag, startSecondsSinceEpoch: start + base(firstStart: start), lengthSeconds: length,
      writtenMaximum: maximum)
  }

  /// What is added to the starts of intervals. Without a word about it in the log, starts more than a year before the
  /// log's own are taken to count from there, as the reference readers do.
  private mutating func base(firstStart: Double) -> Double {
    let start = startSecondsSinceEpoch ?? firstStart
    startSecondsSinceEpoch = start
    if let baseSecondsSinceEpoch { return baseSecondsSinceEpoch }
    let base = firstStart < start - Self.secondsPerYear ? start : 0
    baseSecondsSinceEpoch = base
    return base
  }

  /// The text before the next comma, which is passed over; the whole rest if there is none.
  private func takeField(_ rest: inout Range<Int>) -> Range<Int> {
    let end = text[rest].firstIndex(of: UInt8(ascii: ",")) ?? rest.upperBound
    defer { rest = min(end + 1, rest.upperBound)..<rest.upperBound }
    return text.trimmed(rest.lowerBound..<end)
  }

  private func number(_ range: Range<Int>) -> Double? {
    let text = text
    return DecimalText.number(text.span.extracting(range))
  }

  private func failed(_ error: HistogramError) -> IntervalLogError {
    IntervalLogError(line: lineNumber, cause: .histogram(error))
  }

  private func malformed(_ reason: String) -> IntervalLogError {
    IntervalLogError(line: lineNumber, cause: .malformed(reason))
  }
}

extension [UInt8] {
  /// The range without blanks at its ends: CR of a CRLF, and spaces some writers put after commas.
  fileprivate func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, self[start].isBlank { start += 1 }
    while start < end, self[end - 1].isBlank { end -= 1 }
    return start..<end
  }

  /// Like `self[start...].firstIndex(of:)`, at memchr's speed.
  fileprivate func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    guard start < count else { return nil }
    return withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = memchr(base + start, Int32(byte), bytes.count - start) else {
        return nil
      }
      return UnsafeRawPointer(found) - base
    }
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool {
    self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") || self == UInt8(ascii: "\r")
  }
}
