// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Results

/// SARIF 2.1: findings by level and by severity.
enum SARIFReading {
  private struct Log: Decodable {
    var version: String?
    var runs: [Run]
  }

  private struct Run: Decodable {
    struct Tool: Decodable {
      var driver: Component
      var extensions: [Component]?
    }
    struct Component: Decodable {
      var name: String?
      var rules: [Rule]?
    }
    struct Invocation: Decodable {
      var executionSuccessful: Bool?
      var endTimeUtc: String?
    }
    var tool: Tool
    var results: [Finding]?
    var invocations: [Invocation]?
  }

  private struct Rule: Decodable {
    struct Configuration: Decodable {
      var level: String?
    }
    struct Properties: Decodable {
      var severity: String?
      var tags: [String]?

      private enum Keys: String, CodingKey {
        case severity = "security-severity"
        case tags
      }

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        // Text by the convention, a number with some tools.
        if let text = try? container.decode(String.self, forKey: .severity) {
          severity = text
        } else if let number = try? container.decode(Double.self, forKey: .severity) {
          severity = "\(number)"
        }
        tags = try? container.decode([String].self, forKey: .tags)
      }
    }
    var id: String?
    var defaultConfiguration: Configuration?
    var properties: Properties?
  }

  private struct Finding: Decodable {
    struct Reference: Decodable {
      var id: String?
      var index: Int?
    }
    struct Suppression: Decodable {
      var status: String?
    }
    var ruleId: String?
    var ruleIndex: Int?
    var rule: Reference?
    var level: String?
    var kind: String?
    var baselineState: String?
    var suppressions: [Suppression]?
    var properties: Rule.Properties?
  }

  private static let levels = ["error", "warning", "note", "none"]
  private static let severities = ["critical", "high", "medium", "low"]

  static func read(_ bytes: [UInt8]) throws(ImportMistake) -> ReportReading {
    let log: Log
    do {
      log = try JSONDecoder().decode(Log.self, from: Data(bytes))
    } catch {
      throw ImportMistake("it is no SARIF log: it has no runs with a tool")
    }
    guard log.version?.hasPrefix("2.1") ?? false else {
      throw ImportMistake("its version is \(log.version ?? "not there"): SARIF 2.1.0 is read")
    }
    guard !log.runs.isEmpty else { throw ImportMistake("it has no run: nothing was looked at") }
    var counts: [String: Int] = [:]
    var made: Timestamp?
    for run in log.runs {
      let name = run.tool.driver.name ?? "the tool"
      guard let results = run.results else { throw ImportMistake("the run of \(name) says nothing about findings") }
      if run.invocations?.contains(where: { $0.executionSuccessful == false }) == true {
        throw ImportMistake("the run of \(name) did not come to its end")
      }
      for at in run.invocations?.compactMap({ $0.endTimeUtc.flatMap { Timestamp(lenient: $0) } }) ?? [] {
        made = min(made ?? at, at)
      }
      let known = Rules(run)
      for finding in results { count(finding, known, &counts) }
    }
    let names = ["results"] + severities + levels.dropLast() + ["suppressed"]
    return ReportReading(kind: .sarif, summary: names.map { ReportFigure($0, counts[$0] ?? 0) }, made: made)
  }

  private static func count(_ finding: Finding, _ known: Rules, _ counts: inout [String: Int]) {
    // Passed, not applicable, informational; or gone since the baseline.
    if let kind = finding.kind, !["fail", "open", "review"].contains(kind) { return }
    if finding.baselineState == "absent" { return }
    let isSuppressed = finding.suppressions?.contains { $0.status == nil || $0.status == "accepted" } ?? false
    guard !isSuppressed else {
      counts["suppressed", default: 0] += 1
      return
    }
    let rule = known.rule(of: finding)
    let level = finding.level ?? rule?.defaultConfiguration?.level ?? "warning"
    if level == "none" { return }
    counts["results", default: 0] += 1
    counts[levels.contains(level) ? level : "error", default: 0] += 1
    counts[severity(finding, rule, level), default: 0] += 1
  }

  /// By CVSS score where one is given, else by tag, else by level.
  private static func severity(_ finding: Finding, _ rule: Rule?, _ level: String) -> String {
    for properties in [finding.properties, rule?.properties].compactMap(\.self) {
      if let score = properties.severity.flatMap(Double.init), score.isFinite, score > 0 {
        return score >= 9 ? "critical" : score >= 7 ? "high" : score >= 4 ? "medium" : "low"
      }
    }
    let tags = Set((finding.properties?.tags ?? []) + (rule?.properties?.tags ?? [])).map { $0.lowercased() }
    if let tag = severities.first(where: tags.contains) { return tag }
    return level == "error" ? "high" : level == "warning" ? "medium" : level == "note" ? "low" : "high"
  }

  private struct Rules {
    private let byIndex: [Rule]
    private var byID: [String: Rule] = [:]

    init(_ run: Run) {
      byIndex = run.tool.driver.rules ?? []
      for rule in byIndex + (run.tool.extensions ?? []).flatMap({ $0.rules ?? [] }) {
        if let id = rule.id, byID[id] == nil { byID[id] = rule }
      }
    }

    func rule(of finding: Finding) -> Rule? {
      if let id = finding.ruleId ?? finding.rule?.id, let rule = byID[id] { return rule }
      guard let index = finding.ruleIndex ?? finding.rule?.index, byIndex.indices.contains(index) else { return nil }
      return byIndex[index]
    }
  }
}
