// SPDX-License-Identifier: Apache-2.0

/// Writes the text of an interval log (`.hlog`, format 1.3): one line per interval and tag, readable by the other
/// HdrHistogram tools. Values are microseconds; the line's own maximum is in milliseconds, as those tools expect.
///
/// It makes text only; whoever owns the file writes it. Values above the histograms' highest are in the log as counts
/// above it (see `Histogram.encode`), so that the counts of a log add up.
package struct IntervalLogWriter: ~Copyable, Sendable {
  private static let microsecondsPerMillisecond = 1_000.0

  /// The lines every log begins with, their line ends included.
  package let header: [UInt8]
  private var encoder = HistogramEncoder()

  /// A log that begins at a wall-clock time; each comment becomes a line (or lines) of the header.
  package init(startSecondsSinceEpoch: Double, comments: [String] = []) {
    var text: [UInt8] = []
    for comment in comments + ["[Histogram log format version 1.3]"] {
      for line in comment.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
        text.append(contentsOf: "#\(line)\n".utf8)
      }
    }
    text.append(contentsOf: "#[StartTime: ".utf8)
    DecimalText.append(thousandths: startSecondsSinceEpoch, to: &text)
    text.append(contentsOf: " (seconds since epoch), ".utf8)
    DecimalText.appendDate(secondsSinceEpoch: startSecondsSinceEpoch, to: &text)
    text.append(contentsOf: "]\n".utf8)
    let legend = #""StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram""#
    text.append(contentsOf: "\(legend)\n".utf8)
    header = text
  }

  /// Appends the line of one interval, its line end included. `startSecondsSinceEpoch` and `lengthSeconds` keep three
  /// decimals. Traps when the tag cannot stand in a log; see `isValid(tag:)`.
  package mutating func append(
    tag: String?, startSecondsSinceEpoch: Double, lengthSeconds: Double, histogram: borrowing Histogram,
    to text: inout [UInt8]
  ) {
    if let tag {
      precondition(Self.isValid(tag: tag), "a tag cannot have a comma, a blank or a control character: \(tag)")
      text.append(contentsOf: "Tag=\(tag),".utf8)
    }
    DecimalText.append(thousandths: startSecondsSinceEpoch, to: &text)
    text.append(UInt8(ascii: ","))
    DecimalText.append(thousandths: lengthSeconds, to: &text)
    text.append(UInt8(ascii: ","))
    DecimalText.append(thousandths: Double(histogram.maximum) / Self.microsecondsPerMillisecond, to: &text)
    text.append(UInt8(ascii: ","))
    encoder.appendBase64(histogram, to: &text)
    text.append(UInt8(ascii: "\n"))
  }

  /// The line of one interval as text, its line end included.
  package mutating func line(
    tag: String?, startSecondsSinceEpoch: Double, lengthSeconds: Double, histogram: borrowing Histogram
  ) -> String {
    var text: [UInt8] = []
    append(
      tag: tag, startSecondsSinceEpoch: startSecondsSinceEpoch, lengthSeconds: lengthSeconds, histogram: histogram,
      to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Whether the text can be a tag: not empty, and no comma, blank or control character.
  package static func isValid(tag: String) -> Bool {
    !tag.isEmpty && tag.unicodeScalars.allSatisfy { $0 != "," && !$0.properties.isWhitespace && $0.value >= 0x20 }
  }
}
