// SPDX-License-Identifier: Apache-2.0
import Judgement

/// A row of `replies.csv`.
struct ReplyRow {
  var second: Int
  /// Index into `SeriesTable.phases`.
  var phase: Int
  /// Index into `SeriesTable.steps`.
  var step: Int
  var counts: ReplyTotals
}

/// `replies.csv` in memory.
struct ReplyTable {
  private(set) var rows: [ReplyRow] = []
  /// What could not be read, for people.
  private(set) var problems: [String] = []

  init() {}

  /// Phases and steps are those of `series`.
  init(_ bytes: [UInt8], series: SeriesTable) {
    var lines = TextRows(bytes)
    guard let header = lines.next(), header.elementsEqual(ReplyFormat.header.utf8.dropLast()) else {
      problems.append("\(ReplyFormat.rowFile) has no header that can be read")
      return
    }
    let places = Places(series)
    var unreadable = 0
    var firstUnreadable = 0
    while let line = lines.next() {
      if let row = places.row(line) {
        rows.append(row)
      } else {
        unreadable += 1
        if firstUnreadable == 0 { firstUnreadable = lines.lineNumber }
      }
    }
    if unreadable > 0 {
      problems.append(
        "\(ReplyFormat.rowFile): \(unreadable) lines cannot be read, the first is line \(firstUnreadable)")
    }
    if lines.cutBytes > 0 { problems.append("\(ReplyFormat.rowFile) ends in the middle of a line") }
  }

  /// Sums over the rows for which `isMeant` holds.
  func totals(_ isMeant: (ReplyRow) -> Bool = { _ in true }) -> ReplyTotals {
    rows.reduce(into: ReplyTotals()) { if isMeant($1) { $0 += $1.counts } }
  }

  private struct Places {
    private var phases: [ArraySlice<UInt8>: Int] = [:]
    private var steps: [ArraySlice<UInt8>: Int] = [:]

    init(_ series: SeriesTable) {
      for (index, phase) in series.phases.enumerated() {
        phases[ArraySlice(PercentText.encode(phase).utf8)] = index
      }
      for (index, step) in series.steps.enumerated() {
        let place = "\(PercentText.encode(step.scenario)),\(PercentText.encode(step.step))"
        steps[ArraySlice(place.utf8)] = index
      }
    }

    func row(_ line: ArraySlice<UInt8>) -> ReplyRow? {
      var rest = line
      guard let second = rest.takeField()?.wholeNumber, second >= 0,
        let phase = rest.takeField().flatMap({ phases[$0] }),
        let scenario = rest.takeField(), let name = rest.takeField(),
        let step = steps[line[scenario.startIndex..<name.endIndex]]
      else { return nil }
      func count() -> Int? { rest.takeField()?.wholeNumber.flatMap { $0 < 0 ? nil : $0 } }
      var counts = ReplyTotals()
      guard let awaited = count(), let came = count(), let late = count(), let lost = count(), let open = count(),
        let duplicated = count(), rest.takeField() == nil
      else { return nil }
      counts.awaited = awaited
      counts.came = came
      counts.late = late
      counts.lost = lost
      counts.open = open
      counts.duplicated = duplicated
      return ReplyRow(second: second, phase: phase, step: step, counts: counts)
    }
  }
}
