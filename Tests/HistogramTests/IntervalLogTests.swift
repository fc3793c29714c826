// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Histogram

@Suite struct IntervalLogTests {
  /// One value of 108,288...108,351.
  static let histogram = "HISTFAAAACF4nJNpmSzMwMDAzAABMJoRTM6Y1mD/ASKwvYoJAFr8BV4="

  @Test func headerIsWhatOtherToolsExpect() {
    let writer = IntervalLogWriter(
      startSecondsSinceEpoch: 1_441_812_279.4744, comments: ["made by a test", "two\nlines"])
    #expect(
      String(decoding: writer.header, as: UTF8.self) == """
        #made by a test
        #two
        #lines
        #[Histogram log format version 1.3]
        #[StartTime: 1441812279.474 (seconds since epoch), 2015-09-09T15:24:39Z]
        "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"

        """)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (951_782_399.9, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
    (1_709_251_199, "2024-02-29T23:59:59Z"), (1_735_689_599, "2024-12-31T23:59:59Z"),
    (4_107_542_400, "2100-03-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"), (-2_203_891_200, "1900-03-01T00:00:00Z"),
  ])
  func dates(seconds: Double, date: String) {
    var text: [UInt8] = []
    DecimalText.appendDate(secondsSinceEpoch: seconds, to: &text)
    #expect(String(decoding: text, as: UTF8.self) == date)
  }

  @Test(arguments: [
    ("0", 0), ("1.5", 1.5), ("-0.25", -0.25), (".5", 0.5), ("7.", 7), ("1441812279.474", 1_441_812_279.474),
    ("0.1", 0.1), ("123456789012345", 123_456_789_012_345), ("1234567890123456789", 1_234_567_890_123_456_768),
    ("0.12345678901234567", 0.12345678901234567), ("1e3", 1_000), ("2.769E-1", 0.2769),
  ])
  func numbers(text: String, number: Double) {
    #expect(DecimalText.number(Array(text.utf8).span) == number)
  }

  @Test(arguments: [
    "", "-", ".", "-.", "1,5", "1.2.3", "nan", "inf", "-infinity", "1e999", "0x10", "12a", " 1", "1\u{0}",
  ])
  func whatIsNoNumber(text: String) {
    #expect(DecimalText.number(Array(text.utf8).span) == nil)
  }

  @Test func linesComeBackAsTheyWereWritten() throws {
    var random = SeededRandom(seed: 41)
    var writer = IntervalLogWriter(startSecondsSinceEpoch: 1_750_000_000.25)
    var log = writer.header
    var written: [(tag: String?, start: Double, plain: [UInt8], maximum: Int64)] = []
    for second in 0..<30 {
      for tag in [nil, "reservation/book", "reservation/book!failed", "zimmer%20b%C3%BCcher/1", "größe"] {
        var histogram = Histogram()
        for _ in 0..<(second * 3) { histogram.record(Durations.logNormal.sample(&random)) }
        let start = 1_750_000_000.25 + Double(second)
        let before = log.count
        writer.append(
          tag: tag, startSecondsSinceEpoch: start, lengthSeconds: 1, histogram: histogram, to: &log)
        let line = writer.line(tag: tag, startSecondsSinceEpoch: start, lengthSeconds: 1, histogram: histogram)
        #expect(line == String(decoding: log[before...], as: UTF8.self))
        written.append((tag, start, histogram.encode(), histogram.maximum))
      }
    }
    var reader = IntervalLogReader(log)
    for (index, expected) in written.enumerated() {
      let line = try #require(try reader.next())
      #expect(line.tag == expected.tag)
      #expect(line.startSecondsSinceEpoch == expected.start)
      #expect(line.lengthSeconds == 1)
      #expect(line.writtenMaximum == Double(expected.maximum) / 1_000)
      #expect(line.number == index + 4)
      let histogram = try reader.histogram()
      #expect(histogram.encode() == expected.plain)
      var merged = Histogram()
      try reader.merge(into: &merged)
      #expect(merged.encode() == expected.plain)
    }
    #expect(try reader.next() == nil)
    #expect(reader.startSecondsSinceEpoch == 1_750_000_000.25)
  }

  @Test(arguments: [1, 2, 7, 64, 1_000])
  func aLogMayComeInPieces(size: Int) throws {
    let log = Array(
      "#[StartTime: 5]\r\nTag=a,5,1,2,\(Self.histogram)\r\n\n 6, 1, 2, \(Self.histogram)\n7,1,2,\(Self.histogram)".utf8)
    var reader = IntervalLogReader()
    var starts: [Double] = []
    var total = Histogram()
    for begin in stride(from: 0, to: log.count, by: size) {
      log[begin..<min(begin + size, log.count)].withUnsafeBytes { reader.append($0) }
      while let line = try reader.next() {
        starts.append(line.startSecondsSinceEpoch)
        try reader.merge(into: &total)
      }
    }
    #expect(starts == [5, 6])
    reader.finish()
    #expect(
      try reader.next()
        == IntervalLine(
          number: 5, tag: nil, startSecondsSinceEpoch: 7, lengthSeconds: 1, writtenMaximum: 2))
    try reader.merge(into: &total)
    #expect(try reader.next() == nil)
    #expect(total.totalCount == 3)
  }

  /// Starts count from 1970, from a base, or, when a year or more before the log's own, from that.
  @Test(arguments: [
    ("", "1441812279.5", 1_441_812_279.5, 1_441_812_279.5),
    ("", "0.127", 0.127, 0.127),
    (
      "#[StartTime: 1441812279.474 (seconds since epoch), Wed Sep 09 08:24:39 PDT 2015]", "1441812280",
      1_441_812_280, 1_441_812_279.474
    ),
    ("#[StartTime: 1441812279.474 (seconds since epoch)]", "0.5", 1_441_812_279.974, 1_441_812_279.474),
    ("#[StartTime: 1441812279]\n#[BaseTime: 1441812000.0 (seconds since epoch)]", "280", 1_441_812_280, 1_441_812_279),
    ("#[BaseTime: 1000]", "2", 1_002, 2),
  ])
  func baseTimes(header: String, start: String, expected: Double, logStart: Double) throws {
    var reader = IntervalLogReader(Array("\(header)\n\(start),1.0,0.1,\(Self.histogram)\n".utf8))
    let line = try #require(try reader.next())
    #expect(line.startSecondsSinceEpoch == expected)
    #expect(reader.startSecondsSinceEpoch == logStart)
  }

  @Test(arguments: [
    ("x,1,2,\(histogram)", "line 3: the interval's start is not a number"),
    ("Tag=a", "line 3: the interval's start is not a number"),
    ("1,,2,\(histogram)", "line 3: the interval's length is not a number"),
    ("1,1,nan,\(histogram)", "line 3: the interval's maximum is not a number"),
    ("1,1", "line 3: the interval's maximum is not a number"),
    ("1,1,2", "line 3: the interval has no histogram"),
    ("1,1,2, ", "line 3: the interval has no histogram"),
    ("#[StartTime: soon]", "line 3: the StartTime is not a number"),
    ("#[BaseTime: ]", "line 3: the BaseTime is not a number"),
    ("1,1,2,HIST*AAA", "line 3: not base64 at byte 4 of the histogram"),
    ("1,1,2,\(histogram),3", "line 3: not base64 at byte 55 of the histogram"),
    ("1,1,2,HIST", "line 3: the histogram ends early"),
    ("1,1,2,DHISTwAAAAMAAAAAAAAAAxuEkxM=", "line 3: only the V2 encoding of whole-number histograms"),
    ("1,1,2,\(histogram.replacing("JoRTM6", with: "JoRTM7"))", "line 3: the compressed part is damaged (zlib -3)"),
  ])
  func damagedLinesAreNamedAndPassedOver(line: String, message: String) throws {
    var reader = IntervalLogReader(Array("# comment\n\n\(line)\n9,1,2,\(Self.histogram)\n".utf8))
    var total = Histogram()
    let error = #expect(throws: IntervalLogError.self) {
      _ = try reader.next()
      try reader.merge(into: &total)
    }
    #expect(error?.description.hasPrefix(message) == true, "\(String(describing: error))")
    #expect(error?.line == 3)
    #expect(total.totalCount == 0)
    #expect(try reader.next()?.startSecondsSinceEpoch == 9)
    try reader.merge(into: &total)
    #expect(total.totalCount == 1)
  }

  @Test func tagsThatWouldBreakALineAreKnown() {
    for tag in ["a", "scenario/step", "scenario/step!failed", "50%25", "größe"] {
      #expect(IntervalLogWriter.isValid(tag: tag))
    }
    for tag in ["", "a,b", "a b", "a\nb", "a\tb", "a\u{a0}b", "a\u{0}b"] {
      #expect(!IntervalLogWriter.isValid(tag: tag))
    }
  }

  /// Seeded damage anywhere in a log: every line ends in an interval or in an error, and reading always ends.
  @Test func mutations() {
    var random = SeededRandom(seed: 42)
    let log = Array(
      "#[StartTime: 5]\n\"StartTimestamp\"\nTag=a,5,1,2,\(Self.histogram)\r\n6,1,2,\(Self.histogram)\n".utf8)
    var (intervals, errors) = (0, 0)
    for _ in 0..<1_500 {
      var bytes = log
      for _ in 0...Int.random(in: 0...4, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[place] = Array("\n\r,#=-.\"e9 ".utf8).randomElement(using: &random)!
        case 2: bytes.remove(at: place)
        default: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place)
        }
      }
      var reader = IntervalLogReader(bytes)
      var total = Histogram()
      for _ in 0...bytes.count {
        do {
          guard let line = try reader.next() else { break }
          #expect(line.startSecondsSinceEpoch.isFinite && line.number > 0)
          try reader.merge(into: &total)
          intervals += 1
        } catch { errors += 1 }
      }
      #expect((try? reader.next()) == .some(nil), "a log of \(bytes.count) bytes has no more lines than that")
    }
    #expect(intervals > 500)
    #expect(errors > 500)
  }
}
