// SPDX-License-Identifier: Apache-2.0
import Glibc
import Judgement

extension RunFolder {
  /// What the ledger says of the writes, into the record; doubts where it does not tell. Returns what the target broke:
  /// events that are forbidden in any run.
  func readLedger(_ record: inout RunRecord, _ doubts: inout [String]) -> [String] {
    do throws(FileError) {
      let book = try LedgerBook(paths: [directory + "/ledger.jsonl"])
      if book.unreadableLines > 0 { doubts.append("ledger.jsonl: \(book.unreadableLines) lines cannot be read") }
      record.leftBehind = book.shown
      record.leftBehindCount = book.left.count
      let readable = Set(record.plan.steps.filter { $0.readBack == true }.map(\.name))
      let figures = book.figures(readable: readable.contains)
      // Whole lines that went missing since the run leave no other trace.
      if let known = record.ledger, known.answers != figures.answers {
        doubts.append("the writes in run.json and in ledger.jsonl differ: the ledger is not that of the run")
      }
      record.ledger = nil
      guard !book.writes.isEmpty else { return [] }
      record.ledger = figures
      ledgerFigures = figures
      if figures.unknown > 0 { doubts.append(Self.unknown(figures)) }
      return Self.broken(figures)
    } catch {
      doubts.append(error.code == ENOENT ? "ledger.jsonl is missing" : "ledger.jsonl cannot be read: \(error)")
      return []
    }
  }

  private static func unknown(_ figures: LedgerFigures) -> String {
    let reasons = figures.named.filter { $0.finding == .unknown }.map { $0.reason ?? "never asked" }
    var counts: [String: Int] = [:]
    for reason in reasons { counts[reason, default: 0] += 1 }
    // The most frequent of those that are named; of several the first in the file.
    let most = reasons.max { (counts[$0] ?? 0) < (counts[$1] ?? 0) }
    return "\(figures.unknown) of \(figures.writes) writes could not be read back, so that nobody knows what became of"
      + " them" + (most.map { " (\($0))" } ?? "")
  }

  private static func broken(_ figures: LedgerFigures) -> [String] {
    func keys(_ kind: LedgerFinding.Kind, of count: Int) -> String {
      let named = figures.named.filter { $0.finding == kind }.prefix(3)
      let more = count - named.count
      return named.map { "\($0.scenario)/\($0.step) \($0.key)" }.joined(separator: ", ")
        + (more > 0 ? " and \(more) more" : "")
    }
    var sentences: [String] = []
    if figures.lost > 0 {
      sentences.append(
        "\(figures.lost) of \(figures.acknowledged) acknowledged writes are LOST: \(keys(.lost, of: figures.lost))")
    }
    if figures.duplicated > 0 {
      sentences.append(
        "\(figures.duplicated) writes are there more than once: \(keys(.duplicated, of: figures.duplicated))")
    }
    if figures.stillThere > 0 {
      sentences.append(
        "the close had no effect on \(figures.stillThere) of \(figures.closed) closed writes, which are still there:"
          + " \(keys(.stillThere, of: figures.stillThere))")
    }
    return sentences
  }
}

extension LedgerFigures {
  /// What the target answered, without what was found later.
  fileprivate var answers: [Int] { [writes, acknowledged, refused, indeterminate, closed] }

  var totals: WriteTotals {
    var totals = WriteTotals()
    totals.acknowledged = acknowledged
    totals.lost = lost
    totals.duplicated = duplicated
    totals.unread = unknown + unchecked
    return totals
  }
}
