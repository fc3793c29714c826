// SPDX-License-Identifier: Apache-2.0
import Readiness

/// What only pages and Markdown say.
extension DecisionWords {
  /// `137 of 145` of rows and points, `13/24` of a weighted score.
  static func fraction(_ score: Score, _ rule: DecidedRule) -> String {
    let numerator = NumberText.count(score.share.numerator)
    let denominator = NumberText.count(score.share.denominator)
    return isWeighted(score, rule) ? "\(numerator)/\(denominator)" : "\(numerator) of \(denominator)"
  }

  static func environment(_ record: DecisionRecord) -> String {
    Wordings.environment(record.environment, kind: record.environmentKind)
  }

  /// `131 PASS, 8 PENDING, 6 FAIL`, none that are zero.
  static func counts(_ score: Score) -> String {
    Standing.allCases.compactMap { standing in
      score.counts[standing.rawValue].flatMap { $0 > 0 ? "\(NumberText.count($0)) \(standing.rawValue)" : nil }
    }.joined(separator: ", ")
  }

  /// What whoever reads the first line must know before the second.
  static func meaning(_ outcome: Outcome) -> String {
    switch outcome {
    case .go: "Everything the rule asks for is proven."
    case .caution: "The rule allows the launch; what is open is named below and is watched."
    case .ready: "Everything is proven but the signatures."
    case .noGo: "The rule does not allow the launch."
    }
  }

  static func origin(_ origin: Origin) -> String {
    switch origin {
    case .measured: "measured"
    case .imported: "imported report"
    case .attested: "attested by a person"
    case .overridden: "OVERRIDDEN: a person's word stands over a measurement"
    case .none: "nothing is on file"
    }
  }

  /// Accept or resolve.
  static func answer(to risk: Risk) -> String {
    if risk.isMitigated { return "Resolved: the mitigation is in place" }
    if let who = risk.acceptedBy {
      return risk.isOpen
        ? "OPEN: accepted by \(who), but a \(risk.level.rawValue) risk must be mitigated" : "Accepted by \(who)"
    }
    return risk.canBeAccepted ? "OPEN: accept or resolve" : "OPEN: mitigate before the launch"
  }

  /// What the evidence, however good, does not say.
  static func limits(of record: DecisionRecord) -> [String] {
    var lines: [String] = []
    if record.demo {
      lines.append("The embedded hotel was measured. No row says anything about a real system.")
    } else if record.environmentKind == "production" {
      lines += [
        "Production is sent read-only smoke and nothing else unless its declaration says more: a row on load or faults"
          + " that is PASS here rests on what its evidence names."
      ]
    } else {
      lines += [
        "The evidence is of \(environment(record)), and of production only as far as the two are alike. Nothing here"
          + " compares them.",
        "Images: the same digests, not only the same tags.",
        "Limits: processors, memory, workers, pool sizes, connection and file limits, replicas.",
        "Settings: feature switches, timeouts, caches, log levels, rate limits, the PMS and WhatsApp accounts.",
        "Data: as many rooms, guests and messages; the same indexes. Network: the same proxies, TLS and distances.",
      ]
    }
    lines.append(
      record.build == nil
        ? "No evidence names a build: whether all of it is of one build is not known."
        : "All of it is of build \(record.build ?? ""); a later build needs its own.")
    lines.append("Figures over 30 days (availability, recovery in operation) cannot be proven before the launch.")
    return lines
  }
}
