// SPDX-License-Identifier: Apache-2.0

/// The text format of Prometheus, version 0.0.4, as far as samples go. The text comes from whoever answers: what is no
/// sample is passed over, and nothing in it decides how long or large the work gets.
struct PrometheusText {
  struct Sample: Equatable {
    var name: String
    /// Name and labels as Prometheus writes them, in the order of the text.
    var series: String
    var value: Double
  }

  /// Nobody writes such a line; one that is longer is passed over.
  static let lineLimitBytes = 16 << 10

  private(set) var samples: [Sample] = []
  /// Lines that are neither comment nor sample.
  private(set) var badLines = 0
  /// More samples were wanted than may be kept.
  private(set) var isCut = false

  /// Takes the samples whose name is wanted, at most `limit`. O(bytes).
  init(_ bytes: [UInt8], limit: Int, wants: (String) -> Bool) {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      var scanner = LineScanner(line)
      scanner.skipBlanks()
      guard let first = scanner.next, first != UInt8(ascii: "#") else { continue }
      guard line.count <= Self.lineLimitBytes, let name = scanner.name() else {
        badLines += 1
        continue
      }
      guard wants(name) else { continue }
      guard let sample = Self.sample(name, &scanner) else {
        badLines += 1
        continue
      }
      guard samples.count < limit else {
        isCut = true
        return
      }
      samples.append(sample)
    }
  }

  private static func sample(_ name: String, _ scanner: inout LineScanner) -> Sample? {
    scanner.skipBlanks()
    var labels: [String] = []
    if scanner.take(UInt8(ascii: "{")) {
      while true {
        scanner.skipBlanks()
        if scanner.take(UInt8(ascii: "}")) { break }
        guard let label = scanner.name() else { return nil }
        scanner.skipBlanks()
        guard scanner.take(UInt8(ascii: "=")) else { return nil }
        scanner.skipBlanks()
        guard let value = scanner.quoted() else { return nil }
        labels.append("\(label)=\"\(value)\"")
        scanner.skipBlanks()
        if scanner.take(UInt8(ascii: ",")) { continue }
        guard scanner.take(UInt8(ascii: "}")) else { return nil }
        break
      }
    }
    guard let value = scanner.number() else { return nil }
    // A time in milliseconds may follow; it is the target's, and ours counts.
    if !scanner.isAtEnd { guard scanner.number() != nil, scanner.isAtEnd else { return nil } }
    let series = labels.isEmpty ? name : "\(name){\(labels.joined(separator: ","))}"
    return Sample(name: name, series: series, value: value)
  }
}

/// One line, from left to right.
private struct LineScanner {
  private var rest: ArraySlice<UInt8>

  init(_ line: ArraySlice<UInt8>) { rest = line }

  var next: UInt8? { rest.first }

  var isAtEnd: Bool { rest.allSatisfy(Self.isBlank) }

  mutating func skipBlanks() { rest = rest.drop(while: Self.isBlank) }

  mutating func take(_ byte: UInt8) -> Bool {
    guard rest.first == byte else { return false }
    rest.removeFirst()
    return true
  }

  mutating func name() -> String? {
    guard let first = rest.first, Self.isNameStart(first) else { return nil }
    let name = rest.prefix { Self.isNameStart($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    rest = rest[name.endIndex...]
    return String(decoding: name, as: UTF8.self)
  }

  /// What stands between quotes, escapes as they are written.
  mutating func quoted() -> String? {
    guard take(UInt8(ascii: "\"")) else { return nil }
    var end = rest.startIndex
    while end < rest.endIndex, rest[end] != UInt8(ascii: "\"") {
      end += rest[end] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard end < rest.endIndex else { return nil }
    defer { rest = rest[(end + 1)...] }
    return String(decoding: rest[rest.startIndex..<end], as: UTF8.self)
  }

  /// The next word, as Go reads numbers: NaN, +Inf and the like included.
  mutating func number() -> Double? {
    skipBlanks()
    let word = rest.prefix { !Self.isBlank($0) }
    rest = rest[word.endIndex...]
    return word.isEmpty || word.count > 64 ? nil : Double(String(decoding: word, as: UTF8.self))
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }

  private static func isNameStart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
      UInt8(ascii: ":"):
      true
    default: false
    }
  }
}
