// SPDX-License-Identifier: Apache-2.0
import Results

// What a reader of a decision should know although no rule forbids it: words that do not count, or that somebody
// changed his mind about.

extension DecisionFacts {
  var doubtfulWords: [String] {
    entries.ahead(of: decided) + loweredRisks + ownApprovals + idleSupersessions
  }

  /// Risks that a later entry of the same name made smaller.
  private var loweredRisks: [String] {
    var gravest: [String: RiskEntry] = [:]
    for case .risk(let entry) in entries.all {
      let old = gravest[entry.risk.id]
      if old == nil || entry.risk.level > old!.risk.level { gravest[entry.risk.id] = entry }
    }
    return entries.risks.compactMap { risk in
      guard let before = gravest[risk.id], before.risk.level > risk.level else { return nil }
      return "the risk \(risk.id) was \(before.risk.level.rawValue) on \(before.at.text.prefix(10)), and a later entry"
        + " makes it \(risk.level.rawValue): \(risk.title)"
    }
  }

  /// Rows that do not apply because one person says so twice.
  private var ownApprovals: [String] {
    var words: [String: Attestation] = [:]
    var found: [String: String] = [:]
    func note(_ item: String, _ approver: String?) {
      guard let word = words[item], word.status == .notApplicable, let approver else { return }
      found[item] = word.who == approver ? "\(item) is N/A, approved by \(approver), who said so" : nil
    }
    for entry in entries.upTo(decided).all {
      switch entry {
      case .attestation(let said) where said.checklist == checklist.id:
        words[said.item] = said
        found[said.item] = nil
        note(said.item, said.approvedBy)
      case .approval(let approval) where approval.checklist == checklist.id: note(approval.item, approval.who)
      default: continue
      }
    }
    return found.keys.sorted().compactMap { found[$0] }
  }

  /// Reasons that were given for what is no FAIL, or is not there.
  private var idleSupersessions: [String] {
    entries.supersessions.compactMap { entry in
      guard let run = evidence.first(where: { $0.run == entry.run }) else {
        return "\(entry.who) supersedes \(entry.run), which is not among the runs"
      }
      return run.saysFail ? nil : "\(entry.who) supersedes \(entry.run), which says FAIL to no row"
    }
  }

  /// Runs that count but were not sent where the environment is now, or not with its peak, and signatures given before the newest of them.
  var doubtfulRuns: [String] {
    let counting = evidence.filter { run in
      !run.isControl && run.isConclusive
        && refusal(of: run, environment: environment, build: build.build, now: decided) == nil
    }
    var found: [String] = []
    if let target {
      let elsewhere = counting.filter { $0.target != nil && Self.origin($0.target ?? "") != Self.origin(target) }
      found += elsewhere.map { "\($0.run) was sent to \($0.target ?? ""), and the environment is \(target) now" }
    }
    if let peak {
      let others = counting.filter { $0.kind == .load && $0.peak != nil && $0.peak != peak }
      found += others.map { "\($0.run) knew a peak of \($0.peak ?? ""), and the environment declares \(peak) now" }
    }
    guard let newest = counting.max(by: { $0.at < $1.at }) else { return found }
    let older = signatures.counted.filter { $0.at < newest.at }
    if !older.isEmpty {
      found.append("\(listed(older.map(\.role))) signed before \(newest.run) was there")
    }
    return found
  }

  /// Scheme, host and port, as far as a text has them.
  private static func origin(_ url: String) -> Substring {
    let end = url.firstRange(of: "://")?.upperBound ?? url.startIndex
    let authority = url[end...].firstIndex(of: "/") ?? url.endIndex
    return url[..<authority]
  }
}
