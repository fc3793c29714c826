// SPDX-License-Identifier: Apache-2.0
package import Readiness
package import Results

/// Sentences about decisions that screen, Markdown and pages share. Texts of people come back as they were: whoever shows
/// them escapes them.
package enum DecisionWords {
  /// `137 of 145 (94.48 %)`. Hundredths are cut off, never rounded up: 94.999 % must not read as 95 %.
  package static func share(_ share: Fraction) -> String {
    guard share.denominator > 0 else { return "0 of 0" }
    return "\(share.numerator) of \(share.denominator) (\(percent(share)))"
  }

  /// As its rule counts: of a weighted score the percentage alone, since the numbers of a mean of means say nothing.
  static func share(_ score: Score, _ rule: DecidedRule) -> String {
    isWeighted(score, rule) && score.share.denominator > 0 ? percent(score.share) : share(score.share)
  }

  /// A mean of means rather than rows or points.
  static func isWeighted(_ score: Score, _ rule: DecidedRule) -> Bool {
    rule.scores.first { $0.name == score.name }?.method == "weighted-mean-of-groups"
  }

  package static func percent(_ share: Fraction) -> String {
    guard share.denominator > 0 else { return "-" }
    // What is there at all must not read as nothing.
    return share.numerator > 0 && share.percentText == "0" ? "< 0.01 %" : "\(share.percentText) %"
  }

  /// `environment staging, build 1.4.2`.
  package static func subject(_ record: DecisionRecord) -> String {
    let place = record.demo ? "the embedded hotel" : "environment \(record.environment)"
    return place + (record.build.map { ", build \($0)" } ?? ", no build known")
  }

  /// `2026-11-20 13:15 UTC`.
  package static func moment(_ time: Timestamp) -> String {
    let text = time.text
    return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
  }

  /// `healthy: pass as it must, 2026-11-20 13:15 UTC (20261120T131502Z-demo-control-healthy)`.
  package static func control(_ run: ControlRun) -> String {
    let verdict =
      run.found == run.expected ? "\(run.found) as it must" : "\(run.found) where it must be \(run.expected)"
    return "\(run.name): \(verdict), \(moment(run.at)) (\(run.run))"
  }

  package static func signOff(_ signature: SignOff) -> String {
    "\(signature.role): \(signature.who), \(moment(signature.at))" + (signature.note.map { " (\($0))" } ?? "")
  }

  /// `R-1 HIGH, not mitigated: title`.
  package static func risk(_ risk: Risk) -> String {
    var state = risk.isMitigated ? "mitigated" : "not mitigated"
    if let who = risk.acceptedBy { state += ", accepted by \(who)" }
    return "\(risk.id) \(risk.level.rawValue), \(state): \(risk.title)" + (risk.item.map { " (\($0))" } ?? "")
  }

  /// Attempts at rows that say something for certain, and count or were refused for what they were.
  package static func attempts(_ item: DecidedItem) -> String? {
    let conclusive = item.attempts.filter { $0.standing != .pending }
    guard conclusive.count > 1 else { return nil }
    let counts = Standing.allCases.compactMap { standing in
      let number = conclusive.count { $0.standing == standing }
      return number == 0 ? nil : "\(number) \(standing.rawValue)"
    }
    return
      "\(item.id): \(conclusive.count) attempts (\(counts.joined(separator: ", "))), the newest \(conclusive[0].run)"
  }
}
