// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Results

/// Line coverage: Cobertura XML (coverage.py, gcovr), coverage.py's JSON, LCOV.
enum CoverageReading {
  static func read(_ bytes: [UInt8]) throws(ImportMistake) -> ReportReading {
    switch firstMark(of: bytes) {
    case UInt8(ascii: "<"): try cobertura(bytes)
    case UInt8(ascii: "{"): try coveragePy(bytes)
    default: try lcov(bytes)
    }
  }

  private static func reading(
    covered: Int, total: Int, branches: (covered: Int, total: Int)?, made: Timestamp?
  ) throws(ImportMistake) -> ReportReading {
    guard total > 0 else { throw ImportMistake("it covers no line at all") }
    guard (0...total).contains(covered) else { throw ImportMistake("\(covered) of \(total) lines are covered") }
    var summary = [ReportFigure("covered", covered), ReportFigure("total", total)]
    if let branches, branches.total > 0 {
      guard (0...branches.total).contains(branches.covered) else {
        throw ImportMistake("\(branches.covered) of \(branches.total) branches are covered")
      }
      summary += [ReportFigure("branches-covered", branches.covered), ReportFigure("branches", branches.total)]
    }
    return ReportReading(kind: .coverage, summary: summary, made: made)
  }

  // MARK: Cobertura

  private static func cobertura(_ bytes: [UInt8]) throws(ImportMistake) -> ReportReading {
    var reader = XMLReader(bytes)
    var path: [String] = []
    var root: [String: String] = [:]
    var lines = 0
    var hit = 0
    while let event = try reader.next() {
      switch event {
      case .start(let name, let attributes):
        if path.isEmpty {
          guard name == "coverage" else { throw ImportMistake("its root is \(name), not coverage") }
          root = attributes
        }
        // A method's lines stand among its class's lines too.
        if name == "line", path.suffix(2) == ["class", "lines"] {
          lines += 1
          if let hits = reportCount(attributes["hits"]), hits > 0 { hit += 1 }
        }
        path.append(name)
      case .end: path.removeLast()
      case .text: continue
      }
    }
    // Some tools list lines of nested classes twice: where the totals and the list differ, the worse of them counts.
    var (covered, total) = (hit, lines)
    if let claimed = reportCount(root["lines-covered"]), let all = reportCount(root["lines-valid"]), all > 0,
      lines == 0 || Double(claimed) / Double(all) < Double(hit) / Double(lines)
        || claimed.multipliedFullWidth(by: lines) == hit.multipliedFullWidth(by: all)
    {
      (covered, total) = (claimed, all)
    }
    var branches: (covered: Int, total: Int)?
    if let covered = reportCount(root["branches-covered"]), let total = reportCount(root["branches-valid"]) {
      branches = (covered, total)
    }
    return try reading(
      covered: covered, total: total, branches: branches, made: moment(root["timestamp"]))
  }

  /// Seconds or milliseconds since the epoch.
  private static func moment(_ text: String?) -> Timestamp? {
    guard let text, text.utf8.count <= 14, let number = Int64(text), number > 0 else { return nil }
    return Timestamp(millisecondsSinceEpoch: number < 100_000_000_000 ? number * 1000 : number)
  }

  // MARK: coverage.py JSON

  private struct JSONReport: Decodable {
    struct Meta: Decodable {
      var timestamp: String?
    }
    struct Totals: Decodable {
      var coveredLines: Int
      var lines: Int
      var coveredBranches: Int?
      var branches: Int?

      private enum CodingKeys: String, CodingKey {
        case coveredLines = "covered_lines"
        case lines = "num_statements"
        case coveredBranches = "covered_branches"
        case branches = "num_branches"
      }
    }
    var meta: Meta?
    var totals: Totals
  }

  private static func coveragePy(_ bytes: [UInt8]) throws(ImportMistake) -> ReportReading {
    let report: JSONReport
    do {
      report = try JSONDecoder().decode(JSONReport.self, from: Data(bytes))
    } catch {
      throw ImportMistake("it has no totals with covered_lines and num_statements: it is no report of coverage.py")
    }
    var branches: (covered: Int, total: Int)?
    if let covered = report.totals.coveredBranches, let total = report.totals.branches {
      branches = (covered, total)
    }
    return try reading(
      covered: report.totals.coveredLines, total: report.totals.lines, branches: branches,
      made: report.meta?.timestamp.flatMap { Timestamp(lenient: $0) })
  }

  // MARK: LCOV

  /// A file may have several records, one for each test: a line counts once, and is covered when any of them hit it.
  private static func lcov(_ bytes: [UInt8]) throws(ImportMistake) -> ReportReading {
    var hits: [String: [Int: Bool]] = [:]
    var file: String?
    var hasEnd = true
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      if line.hasPrefix("SF:") {
        guard hasEnd else { throw ImportMistake("a record does not end with end_of_record") }
        file = String(line.dropFirst(3))
        hasEnd = false
      } else if line.hasPrefix("DA:"), let file {
        let fields = line.dropFirst(3).split(separator: ",", omittingEmptySubsequences: false)
        guard fields.count >= 2, let number = reportCount(String(fields[0])) else {
          throw ImportMistake("a line of data cannot be read: \(line.prefix(80))")
        }
        let isHit = reportCount(String(fields[1])) ?? 0 > 0
        hits[file, default: [:]][number] = (hits[file]?[number] ?? false) || isHit
      } else if line == "end_of_record" {
        hasEnd = true
        file = nil
      }
    }
    guard !hits.isEmpty else { throw ImportMistake("it is neither XML nor JSON, and has no records of LCOV") }
    guard hasEnd else { throw ImportMistake("it ends in the middle of a record") }
    return try reading(
      covered: hits.values.reduce(0) { $0 + $1.values.count { $0 } }, total: hits.values.reduce(0) { $0 + $1.count },
      branches: nil, made: nil)
  }
}
