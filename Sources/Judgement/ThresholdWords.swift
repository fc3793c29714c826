// SPDX-License-Identifier: Apache-2.0

/// The vocabulary of the grammar, what people write instead, and what later versions will know.
enum ThresholdWords {
  static let statistics = ["p(95)", "med", "avg", "min", "max"]
  static let figures =
    statistics + [
      "errors", "slow", "refused", "unsent", "rate", "count", "reply p(95)", "replies lost", "lost", "duplicated",
      "metric(...)", "cpu(...)", "memory(...)",
    ]

  static let plainFigures: [String: Figure] = [
    "errors": .errors, "slow": .slow, "refused": .refused, "unsent": .unsent, "rate": .rate, "count": .count,
    "lost": .writes(.lost), "duplicated": .writes(.duplicated),
  ]

  /// Those of the target, each with an example.
  static let targetFigures = [
    "metric": "metric(\"process_resident_memory_bytes\")", "cpu": "cpu(hotel)", "memory": "memory(hotel)",
  ]

  static let byteUnits: [String: Double] = [
    "B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 1024, "MiB": 1_048_576, "GiB": 1_073_741_824,
  ]
  static let byteUnitSynonyms = [
    "k": "kB", "kb": "kB", "m": "MB", "mb": "MB", "g": "GB", "gb": "GB", "ki": "KiB", "kib": "KiB", "mi": "MiB",
    "mib": "MiB",
    "gi": "GiB", "gib": "GiB", "bytes": "B", "b": "B", "byte": "B",
  ]

  /// What follows `replies`.
  static let replyEvents = ReplyEvent.allCases.map(\.rawValue)
  static let replySynonyms = [
    "missing": "lost", "missed": "lost", "unanswered": "lost", "slow": "late", "delayed": "late",
    "duplicate": "duplicated",
    "duplicates": "duplicated", "repeated": "duplicated", "twice": "duplicated",
  ]

  /// Microseconds of each.
  static let timeUnits: [String: Double] = [
    "us": 1, "µs": 1, "μs": 1, "ms": 1000, "s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000,
  ]
  static let timeUnitSynonyms = [
    "sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m", "minutes": "m",
    "hour": "h", "hours": "h", "msec": "ms", "millis": "ms", "milliseconds": "ms", "usec": "us", "micros": "us",
    "microseconds": "us",
  ]

  static func isUnit(_ text: String) -> Bool {
    text == "%" || text == "/s" || timeUnits[text] != nil || timeUnitSynonyms[text] != nil || byteUnits[text] != nil
  }

  static let synonyms = [
    "error": "errors", "error_rate": "errors", "errorrate": "errors", "error-rate": "errors", "failed": "errors",
    "failures": "errors", "failure": "errors", "mean": "avg", "average": "avg", "median": "med", "minimum": "min",
    "maximum": "max", "latency": "p(95)", "duration": "p(95)", "time": "p(95)", "rps": "rate", "throughput": "rate",
    "requests": "count", "refusals": "refused", "dropped": "unsent", "dropped_iterations": "unsent",
    "percentile": "p(95)",
  ]

  /// Words of the contract that need figures this version does not measure, with where they belong.
  static let later = [
    "available": "drills", "status": "drills", "recovery": "drills", "recovered": "drills",
    "restarts": "the checklist (P-005)",
  ]

  /// `95` for `p95`, `95th`, `p-95`; `99.9` for `p999` and `p99_9`.
  static func percentile(_ word: String) -> String? {
    guard word.first == "p" else { return nil }
    let digits = word.dropFirst().filter { $0 != "-" && $0 != "_" }
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    guard digits.count > 2, digits != "100" else { return String(digits) }
    return "\(digits.prefix(2)).\(digits.dropFirst(2))"
  }
}

/// The candidate with the fewest edits (insert, delete, replace, swap neighbours), if they are few enough to be a slip.
/// O(length squared) per candidate; words longer than 40 are not looked at.
func nearest(to word: String, among candidates: [String]) -> String? {
  guard word.count <= 40 else { return nil }
  let best = candidates.map { (name: $0, edits: editDistance(Array(word), Array($0.lowercased()))) }
    .min { $0.edits < $1.edits }
  guard let best, best.edits <= max(1, min(word.count, best.name.count) / 3) else { return nil }
  return best.name
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 1...max(1, a.count) where i <= a.count {
    var row = [i] + Array(repeating: 0, count: b.count)
    for j in 1...max(1, b.count) where j <= b.count {
      row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], beforeLast[j - 2] + 1) }
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
