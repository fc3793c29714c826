// SPDX-License-Identifier: Apache-2.0

/// What a row asks of a report's figures: `coverage > 75%`, `high == 0`, `tests > 0 and failures == 0`. Shares are compared
/// exactly, as quotients of the counts.
package struct ReportRule: Sendable, Equatable {
  struct Clause: Sendable, Equatable {
    var figure: String
    var comparison: String
    /// `limit / scale`; a limit in percent is meant for a share.
    var limit: Int
    var scale: Int
    var isShare: Bool
    var text: String
  }

  var clauses: [Clause]

  /// Shares that a report's counts make: what is counted, of what.
  private static let shares = ["coverage": ("covered", "total")]
  private static let comparisons = ["<=", ">=", "==", "!=", "<", ">"]

  package static func parse(_ text: String) throws(ReportRuleError) -> ReportRule {
    var clauses: [Clause] = []
    for part in text.split(separator: " and ") {
      let written = String(part.drop { $0 == " " })
      guard let comparison = comparisons.first(where: written.contains),
        let range = written.ranges(of: comparison).first
      else { throw ReportRuleError("the rule `\(text)` compares nothing: write it like `coverage > 75%`") }
      let figure = words(written[..<range.lowerBound])
      let limit = words(written[range.upperBound...])
      guard !figure.isEmpty, let (number, scale, isShare) = parseLimit(limit) else {
        throw ReportRuleError("the rule `\(text)` cannot be read: write it like `coverage > 75%` or `high == 0`")
      }
      clauses.append(
        Clause(
          figure: figure, comparison: comparison, limit: number, scale: scale, isShare: isShare,
          text: "\(figure) \(comparison) \(limit)"))
    }
    guard !clauses.isEmpty else { throw ReportRuleError("the rule is empty") }
    return ReportRule(clauses: clauses)
  }

  /// Whether the report's figures hold, and the figures. A figure that the report does not have is an error: nothing
  /// follows from it.
  package func judge(_ report: ImportedReport) throws(ReportRuleError) -> (holds: Bool, reason: String) {
    var reasons: [String] = []
    var holds = true
    for clause in clauses {
      let (numerator, denominator) = try figure(clause, report)
      // numerator / denominator against limit / scale, without a quotient.
      let (left, leftOver) = numerator.multipliedReportingOverflow(by: clause.scale)
      let (right, rightOver) = denominator.multipliedReportingOverflow(by: clause.limit)
      guard !leftOver, !rightOver else { throw ReportRuleError("\(clause.figure) is too large to be compared") }
      let isHeld =
        switch clause.comparison {
        case "<": left < right
        case "<=": left <= right
        case ">": left > right
        case ">=": left >= right
        case "==": left == right
        default: left != right
        }
      holds = holds && isHeld
      let shown =
        clause.isShare || denominator != 1
        ? "\(Fraction(numerator, of: denominator).percentText) % (\(numerator) of \(denominator))" : "\(numerator)"
      reasons.append("\(clause.figure) is \(shown), \(isHeld ? "as" : "not as") asked for: \(clause.text)")
    }
    return (holds, reasons.joined(separator: "; "))
  }

  private func figure(_ clause: Clause, _ report: ImportedReport) throws(ReportRuleError) -> (Int, Int) {
    func count(_ name: String) -> Int? { report.summary.first { $0.name == name }?.value }
    let numerator: Int
    var denominator = 1
    if let (part, whole) = Self.shares[clause.figure] {
      guard let found = count(part), let all = count(whole) else {
        throw ReportRuleError("\(report.path) has no figure \(clause.figure)")
      }
      guard clause.isShare else { throw ReportRuleError("\(clause.figure) is a share: `\(clause.text)` lacks its %") }
      numerator = found
      denominator = all
    } else {
      guard let found = count(clause.figure) else {
        let known = report.summary.map(\.name).joined(separator: ", ")
        throw ReportRuleError("\(report.path) has no figure \(clause.figure); it has: \(known)")
      }
      guard !clause.isShare else { throw ReportRuleError("\(clause.figure) is a count, not a share: \(clause.text)") }
      numerator = found
    }
    guard denominator > 0 else { throw ReportRuleError("\(report.path) covers nothing: 0 of 0") }
    return (numerator, denominator)
  }

  private static func words(_ text: some StringProtocol) -> String {
    text.split(separator: " ").joined(separator: " ")
  }

  /// `75%` is 75 of 100, `0.5%` is 5 of 1000, `0` is 0 of 1.
  private static func parseLimit(_ text: String) -> (number: Int, scale: Int, isShare: Bool)? {
    let isShare = text.hasSuffix("%")
    let digits = (isShare ? text.dropLast() : text[...]).filter { $0 != " " }
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 9 }),
      parts.joined().utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts.joined())
    else { return nil }
    var scale = isShare ? 100 : 1
    if parts.count == 2 { for _ in parts[1].utf8 { scale *= 10 } }
    return (number, scale, isShare)
  }
}

/// Why nothing follows from a rule and a report.
package struct ReportRuleError: Error, Sendable, Equatable {
  package var message: String

  init(_ message: String) {
    self.message = message
  }
}
