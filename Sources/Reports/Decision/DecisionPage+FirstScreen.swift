// SPDX-License-Identifier: Apache-2.0
import Readiness

extension DecisionPage {
  /// The answer, why, how far, and what would change it.
  var firstScreen: HTMLText {
    let mark: HTMLParts.Mark =
      switch record.outcome {
      case .go: .pass
      case .caution, .ready: .warning
      case .noGo: .fail
      }
    let facts = HTMLParts.facts([
      ("Environment", "\(DecisionWords.environment(record))"),
      ("Build", "\(record.build ?? "unknown: no evidence names one")"),
      ("Decided", "\(DecisionWords.moment(record.decided))"), ("Target", "\(record.target)"),
    ])
    let banner = HTMLParts.banner(
      mark, record.outcome.rawValue, title: record.checklist.title,
      #"<p class="meaning">\#(DecisionWords.meaning(record.outcome))</p>\#n\#(facts)"#)
    let why = HTMLParts.list(record.reasons.map { "\($0)" })
    let change = HTMLParts.list(record.change.map { "\($0)" })
    return #"""
      \#(banner)\#(warnings)<div class="answers">
      <div>\#(HTMLParts.section("why", "Why", why))\#(HTMLParts.section("change", "What would change it", change))</div>
      \#(HTMLParts.section("scores", "Scores", scores))</div>

      """#
  }

  private var scores: HTMLText {
    let lead = record.scores.map { row($0, isLead: true) }
    let rest = record.categories.map { row($0, isLead: false) }
    return #"""
      <table class="scores"><caption>Rows that PASS, of those that count</caption>
      <thead><tr><th scope="col">Score</th><th scope="col" class="bar"><span class="unseen">Bar</span></th><th scope="col" class="n">Exact</th><th scope="col" class="n">Percent</th></tr></thead>
      <tbody class="lead">
      \#(lead)</tbody>
      <tbody>
      \#(rest)</tbody></table>

      """#
  }

  private func row(_ score: Score, isLead: Bool) -> HTMLText {
    let counts = DecisionWords.counts(score)
    let name = isLead ? score.name.prefix(1).uppercased() + score.name.dropFirst() : score.name
    return #"""
      <tr title="\#(counts)"><th scope="row">\#(name)</th><td class="bar">\#(bar(score.share, isLead: isLead))</td><td class="n">\#(DecisionWords.fraction(score, record.rule))</td><td class="n">\#(DecisionWords.percent(score.share))</td></tr>

      """#
  }

  private func bar(_ share: Fraction, isLead: Bool) -> HTMLText {
    let width = 100 * min(max(share.value ?? 0, 0), 1)
    let kind: HTMLText = width >= 100 ? "full" : "part"
    let height = isLead ? 10 : 6
    return #"""
      <svg class="score \#(kind)" viewBox="0 0 100 \#(height)" height="\#(height)" preserveAspectRatio="none" aria-hidden="true"><rect class="all" width="100" height="\#(height)"/><rect class="done" width="\#(width, decimals: 2)" height="\#(height)"/></svg>
      """#
  }
}
