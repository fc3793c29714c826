// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc
import Histogram
import Judgement

/// A run folder, read back: the one source of every figure and verdict, at the run's end and ever after. It opens what a
/// killed run left behind as far as that goes; `problems` says what is missing. Not thread-safe. Memory follows the
/// counters in use; logs are read when first asked for.
package final class RunFolder {
  package let directory: String
  /// `run.json` as it stands; nil when it is missing or cannot be read.
  package let record: RunRecord?

  let series: SeriesTable
  let generatorRows: [GeneratorRow]
  /// Empty when no step awaits replies.
  let replyRows: ReplyTable
  let awaitsReplies: Bool
  /// The target's side; empty when it was not watched.
  package let target: TargetTable
  private var fileProblems: [String]
  /// Known once the ledger was read.
  var ledgerFigures: LedgerFigures?
  private let measures: Bool

  /// Opens a folder. Throws when nothing can be read: no such directory, or neither `run.json` nor `series.csv` in it.
  package static func open(_ directory: String) throws -> RunFolder {
    let path = directory + "/run.json"
    do {
      let record = try RunRecord.decoded(from: Data(FileCalls.read(path: path, limit: 64 << 20)))
      return RunFolder(directory: directory, record: record, problem: nil)
    } catch let error as RecordError {
      throw error
    } catch {
      guard FileCalls.exists(directory + "/series.csv") else { throw error }
      let reason = (error as? FileError)?.code == ENOENT ? "is missing" : "cannot be read"
      return RunFolder(
        directory: directory, record: nil, problem: "run.json \(reason): the run did not come to its end")
    }
  }

  init(directory: String, record: RunRecord?, problem: String? = nil) {
    self.directory = directory
    self.record = record
    var problems = problem.map { [$0] } ?? []
    // Smoke measures nothing that could be read beside its record.
    measures = record?.smoke == nil
    guard measures else {
      series = SeriesTable([], plan: record?.plan)
      generatorRows = []
      awaitsReplies = false
      target = TargetTable()
      replyRows = ReplyTable()
      fileProblems = problems
      return
    }
    func read(_ file: String) -> [UInt8] {
      do {
        return try FileCalls.read(path: directory + "/" + file)
      } catch {
        problems.append(error.code == ENOENT ? "\(file) is missing" : "\(file) cannot be read: \(error)")
        return []
      }
    }
    let seriesBytes = read("series.csv")
    series = SeriesTable(seriesBytes, plan: record?.plan)
    let (rows, rowProblems) = Self.generatorRows(read("generator.csv"))
    generatorRows = rows
    awaitsReplies = record?.plan.awaitsReplies ?? FileCalls.exists(directory + "/" + ReplyFormat.rowFile)
    let replyBytes = awaitsReplies ? read(ReplyFormat.rowFile) : []
    replyRows = replyBytes.isEmpty ? ReplyTable() : ReplyTable(replyBytes, series: series)
    let isWatched =
      record.map { $0.watched != nil } ?? FileCalls.exists(directory + "/" + TargetFormat.fileName)
    let targetBytes = isWatched ? read(TargetFormat.fileName) : []
    target = targetBytes.isEmpty ? TargetTable() : TargetTable(targetBytes)
    fileProblems =
      problems + target.problems + (seriesBytes.isEmpty ? [] : series.problems) + rowProblems + replyRows.problems
  }

  /// What is missing or damaged, for people. Reads every log.
  package var problems: [String] {
    guard measures else { return fileProblems }
    _ = generatorLog
    let logs = response.problems + service.problems + journeys.problems + replyTimes.problems
    return fileProblems + logProblems + logs
  }

  private var logProblems: [String] = []

  private(set) lazy var response = stepStore("response.hlog")
  private(set) lazy var service = stepStore("service.hlog")
  private(set) lazy var journeys = journeyStore()
  private(set) lazy var replyTimes = replyStore()
  /// Text of `generator.hlog`.
  private(set) lazy var generatorLog = log("generator.hlog")

  private func stepStore(_ file: String) -> IntervalStore {
    let tags = series.steps.map { "\(PercentText.encode($0.scenario))/\(PercentText.encode($0.step))" }
    let rows = series.stepRows
    let bytes = log(file)
    return IntervalStore(bytes, file: file, runStart: runStart(bytes), rowCount: rows.count) { index in
      let row = rows[index]
      return IntervalStore.Row(
        tag: tags[row.step], second: row.second, countsOk: row.counts.ok > 0,
        countsFailed: row.counts.failedSum + row.counts.inFlight > 0)
    }
  }

  private func journeyStore() -> IntervalStore {
    let tags = series.scenarios.map(PercentText.encode)
    let rows = series.journeyRows
    let bytes = log("journeys.hlog")
    return IntervalStore(bytes, file: "journeys.hlog", runStart: runStart(bytes), rowCount: rows.count) { index in
      let row = rows[index]
      return IntervalStore.Row(
        tag: tags[row.scenario], second: row.second, countsOk: row.counts.completed > 0,
        countsFailed: row.counts.failed + row.counts.cut > 0)
    }
  }

  private func replyStore() -> IntervalStore {
    let tags = series.steps.map { "\(PercentText.encode($0.scenario))/\(PercentText.encode($0.step))" }
    let rows = replyRows.rows
    let bytes = awaitsReplies ? log(ReplyFormat.logFile) : []
    let store = IntervalStore(
      bytes, file: ReplyFormat.logFile, runStart: runStart(bytes), rowCount: rows.count, of: ReplyFormat.rowFile
    ) { index in
      let row = rows[index]
      return IntervalStore.Row(
        tag: tags[row.step], second: row.second, countsOk: row.counts.came > 0, countsFailed: false)
    }
    return store
  }

  /// The whole lines of a log. To be called once per log, since what is wrong with it is remembered.
  private func log(_ file: String) -> [UInt8] {
    do {
      let bytes = try FileCalls.read(path: directory + "/" + file)
      let cut = TextRows(bytes).cutBytes
      if cut > 0 { logProblems.append("\(file) ends in the middle of a line") }
      return Array(bytes.dropLast(cut))
    } catch {
      logProblems.append(error.code == ENOENT ? "\(file) is missing" : "\(file) cannot be read: \(error)")
      return []
    }
  }

  /// Seconds since the epoch at which the run began: without a record, as the log says.
  func runStart(_ log: [UInt8]) -> Double {
    if let record { return record.started.secondsSinceEpoch }
    var reader = IntervalLogReader(log)
    _ = try? reader.next()
    return reader.startSecondsSinceEpoch ?? 0
  }

  private static func generatorRows(_ bytes: [UInt8]) -> ([GeneratorRow], [String]) {
    var lines = TextRows(bytes)
    guard let header = lines.next() else { return ([], []) }
    guard header.elementsEqual(GeneratorFormat.header.utf8.dropLast()) else {
      return ([], ["generator.csv has no header that can be read"])
    }
    var rows: [GeneratorRow] = []
    var unreadable = 0
    while let line = lines.next() {
      let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map(\.wholeNumber)
      if !fields.contains(nil), let row = GeneratorFormat.row(fields.compactMap(\.self)) {
        rows.append(row)
      } else {
        unreadable += 1
      }
    }
    var problems: [String] = []
    if unreadable > 0 { problems.append("generator.csv: \(unreadable) lines cannot be read") }
    if lines.cutBytes > 0 { problems.append("generator.csv ends in the middle of a line") }
    return (rows, problems)
  }
}
