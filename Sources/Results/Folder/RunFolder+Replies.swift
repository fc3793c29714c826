// SPDX-License-Identifier: Apache-2.0
package import Judgement

extension RunFolder {
  package func replies(of selection: Selection) throws(SelectionError) -> ReplyTotals {
    let isMeant = try replySelection(selection)
    return replyRows.totals(isMeant)
  }

  /// Which rows of `replies.csv` a selection means.
  func replySelection(_ selection: Selection) throws(SelectionError) -> (ReplyRow) -> Bool {
    let selected = Set(try phaseIndices(selection))
    let mask = try stepMask(selection)
    guard awaitsReplies else { throw .notMeasured(.reply) }
    return { mask[$0.step] && selected.contains($0.phase) }
  }

  /// The times of the replies of a selection. Lost ones and those still awaited are beyond every limit.
  func replyTally(_ isMeant: (ReplyRow) -> Bool, openCount: Bool = true) -> TimeTally {
    let tally = TimeTally()
    let totals = replyRows.totals(isMeant)
    tally.sent = totals.awaited - (openCount ? 0 : totals.open)
    for line in replyTimes.lines where isMeant(replyRows.rows[line.row]) { tally.add(replyTimes, line) }
    return tally
  }

  /// Counts as in `facts`, or as the files have them; times from the files. Nil when no step awaits replies.
  func replyFigures(facts: ReplyFigures?) -> ReplyFigures? {
    guard awaitsReplies else { return facts }
    // Of a run cut short, those still awaited tell nothing of times.
    let tally = replyTally({ _ in true }, openCount: false)
    func time(_ q: Double) -> Double? { tally.quantile(q).map(milliseconds) }
    return ReplyFigures(facts?.totals ?? replyRows.totals(), p50: time(0.5), p95: time(0.95), p99: time(0.99))
  }

  /// What does not add up, in sentences.
  func replyMismatches() -> [String] {
    guard awaitsReplies else { return [] }
    var found: [String] = []
    let totals = replyRows.totals()
    if record?.ended != nil {
      if !totals.addsUp { found.append("replies.csv: awaited = answered + lost + open does not hold") }
      if record?.replies?.totals != totals { found.append("replies: run.json and replies.csv differ") }
    }
    let (came, others) = replyTimes.counts
    if came != totals.came {
      found.append("replies in replies.hlog and in replies.csv: \(came) is not \(totals.came)")
    }
    if others > 0 { found.append("replies.hlog: \(others) times under a tag that replies do not have") }
    return found
  }
}
