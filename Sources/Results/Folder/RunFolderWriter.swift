// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc
package import Histogram
package import Judgement

/// Writes a run folder while the run goes on. Confined to one thread at a time, but for `ledger` and `target`, which
/// any thread may use.
///
/// | file | written | what |
/// |---|---|---|
/// | `run.json` | at the begin without results, at the end complete | `RunRecord` |
/// | `series.csv` | all along | counts per second, phase and step (`SeriesFormat`) |
/// | `response.hlog`, `service.hlog` | all along | times in microseconds, tags `scenario/step` and `scenario/step!failed` |
/// | `journeys.hlog` | all along | durations of journeys, tags `scenario` and `scenario!failed` |
/// | `generator.csv`, `generator.hlog` | all along | the tool's own state per second; tags `own-lag`, `blocked` |
/// | `replies.csv`, `replies.hlog` | all along, when a step awaits replies | counts and times of replies (`ReplyFormat`) |
/// | `ledger.jsonl` | before each write to the target | `LedgerEntry` |
/// | `target.csv` | all along, when something of the target is watched | its memory, CPU, metrics (`TargetFormat`) |
/// | `inputs/` | at the begin | the files the run was made from |
/// | `slowest.json`, `verdict`, derived files, `manifest.sha256` | at the end | `Samples`, one word, texts, digests |
///
/// The lines of a log stand in the order of the rows of `series.csv`: the n-th line of a tag and second belongs to the
/// n-th row of that step and second that counts such requests. That is how a line finds its phase.
///
/// A full disk stops neither the run nor this object: what fits stays, cut to whole lines, `trouble` tells, and a
/// reserve kept from the begin makes room for the record and the summary.
package final class RunFolderWriter: FolderWriting {
  /// `results/20261120T131502Z-expected-peak`.
  package let directory: String
  /// Name of the folder in its parent.
  package let name: String
  package let ledger: LedgerWriter
  /// Nil when the record says that nothing of the target is watched.
  package let target: TargetWriter?

  static let reserveName = ".reserve"
  static let reserveBytes = 1 << 20

  let resultsDirectory: String
  let started: Timestamp
  let disk = DiskTrouble()
  private let format: SeriesFormat
  private let stepPlaces: [String]
  private let stepTags: [String]
  private let scenarioPlaces: [String]
  private let scenarioTags: [String]
  private let phaseNames: [String]

  private var series: AppendFile
  private var generatorRows: AppendFile
  private var responseLog: IntervalFile
  private var serviceLog: IntervalFile
  private var journeyLog: IntervalFile
  private var generatorLog: IntervalFile
  private let replyFiles: ReplyFiles?

  /// Makes `resultsDirectory` where it is missing and a new folder in it. `failureKinds`: names in the order of
  /// `StepCounts.failed`.
  package init(resultsDirectory: String, record: RunRecord, failureKinds: [String]) throws(FileError) {
    // A size limit (RLIMIT_FSIZE) would end the process by a signal; ignored, the write fails and is reported.
    signal(SIGXFSZ, SIG_IGN)
    self.resultsDirectory = resultsDirectory
    started = record.started
    name = try RunFolderName.make(
      RunFolderName.name(started: record.started, plan: record.plan.name, demo: record.demo), in: resultsDirectory)
    directory = resultsDirectory + "/" + name
    format = SeriesFormat(failureKinds: failureKinds)
    stepPlaces = record.plan.steps.map { "\(PercentText.encode($0.scenario)),\(PercentText.encode($0.step))" }
    stepTags = record.plan.steps.map { "\(PercentText.encode($0.scenario))/\(PercentText.encode($0.step))" }
    scenarioTags = record.plan.scenarios.map(PercentText.encode)
    scenarioPlaces = scenarioTags.map { $0 + "," }
    phaseNames = record.plan.phases.map { PercentText.encode($0.name) }
    try FileCalls.makeDirectory(directory + "/inputs")
    ledger = try LedgerWriter(path: directory + "/ledger.jsonl", trouble: disk)
    target =
      record.watched == nil ? nil : try TargetWriter(path: directory + "/" + TargetFormat.fileName, trouble: disk)
    series = try AppendFile(path: directory + "/series.csv", trouble: disk)
    generatorRows = try AppendFile(path: directory + "/generator.csv", trouble: disk)
    responseLog = try IntervalFile(path: directory + "/response.hlog", record: record, trouble: disk)
    serviceLog = try IntervalFile(path: directory + "/service.hlog", record: record, trouble: disk)
    journeyLog = try IntervalFile(path: directory + "/journeys.hlog", record: record, trouble: disk)
    generatorLog = try IntervalFile(path: directory + "/generator.hlog", record: record, trouble: disk)
    replyFiles =
      record.plan.awaitsReplies ? try ReplyFiles(directory: directory, record: record, trouble: disk) : nil
    makeReserve()
    series.append(format.header)
    generatorRows.append(GeneratorFormat.header)
    flush()
    replace("run.json") { try Array(record.encoded()) }
  }

  /// The first failure of writing, nil when all went well. To be asked now and then: a run whose ledger cannot be
  /// written must stop.
  package var trouble: FileError? { disk.first }

  /// Requests of one step that were due in one second of one phase (index into the plan's phases). Response and service
  /// times in microseconds: `...Ok` of the requests in `counts.ok`, `...Failed` of those in `counts.failed` and
  /// `counts.inFlight` (with the time until now). Phase and second may come again with further counts.
  package func step(
    _ step: Int, second: Int, phase: Int, counts: StepCounts, responseOk: borrowing Histogram,
    responseFailed: borrowing Histogram, serviceOk: borrowing Histogram, serviceFailed: borrowing Histogram
  ) {
    let failedTag = stepTags[step] + IntervalFile.failedMark
    responseLog.append(responseOk, tag: stepTags[step], second: second)
    responseLog.append(responseFailed, tag: failedTag, second: second)
    serviceLog.append(serviceOk, tag: stepTags[step], second: second)
    serviceLog.append(serviceFailed, tag: failedTag, second: second)
    series.append(format.line(place: "\(second),\(phaseNames[phase]),\(stepPlaces[step])", counts: counts))
  }

  /// Journeys of one scenario (index into `PlanRecord.scenarios`) whose arrival was due in one second of one phase.
  /// Durations in microseconds: `completed` of those in `counts.completed`, `failed` of those in `failed` and `cut`.
  package func journeys(
    scenario: Int, second: Int, phase: Int, counts: ArrivalTotals, completed: borrowing Histogram,
    failed: borrowing Histogram
  ) {
    journeyLog.append(completed, tag: scenarioTags[scenario], second: second)
    journeyLog.append(failed, tag: scenarioTags[scenario] + IntervalFile.failedMark, second: second)
    series.append(format.line(place: "\(second),\(phaseNames[phase]),\(scenarioPlaces[scenario])", journeys: counts))
  }

  /// Replies to messages of one step whose first delivery was due in one second of one phase; `times` in microseconds of
  /// those that came. Phase and second may come again with further counts. Precondition: the plan awaits replies.
  package func replies(step: Int, second: Int, phase: Int, counts: ReplyTotals, times: borrowing Histogram) {
    replyFiles?.append(
      counts, place: "\(second),\(phaseNames[phase]),\(stepPlaces[step])", tag: stepTags[step], second: second,
      times: times)
  }

  /// The tool's own state in one second, once per second: own lag and blocked time in microseconds of what was *sent* in
  /// that second.
  package func generator(
    second: Int, counts: GeneratorCounts, ownLag: borrowing Histogram, blocked: borrowing Histogram
  ) {
    generatorLog.append(ownLag, tag: GeneratorFormat.ownLagTag, second: second)
    generatorLog.append(blocked, tag: GeneratorFormat.blockedTag, second: second)
    generatorRows.append(
      GeneratorFormat.line(
        GeneratorRow(second: second, counts: counts, ownLag: ownLag, blocked: blocked)))
  }

  /// Hands everything to the kernel; once per second is enough.
  package func flush() {
    responseLog.flush()
    serviceLog.flush()
    journeyLog.flush()
    generatorLog.flush()
    replyFiles?.flush()
    generatorRows.flush()
    series.flush()
    ledger.flush()
  }

  func synchronize() {
    responseLog.synchronize()
    serviceLog.synchronize()
    journeyLog.synchronize()
    generatorLog.synchronize()
    replyFiles?.synchronize()
    generatorRows.synchronize()
    series.synchronize()
    ledger.synchronize()
    target?.synchronize()
  }

  /// Keeps a copy of a file the run was made from. `path`: as people know it; it becomes a path below `inputs/` that
  /// cannot leave it. Call before the run.
  package func addInput(path: String, bytes: [UInt8]) {
    do throws(FileError) {
      try InputCopies.add(path: path, bytes: bytes, to: directory)
    } catch {
      disk.remember(error)
    }
  }

  // Held back from the begin on, so that the record and the summary find room on a disk that filled up.
  private func makeReserve() {
    do throws(FileError) {
      let path = directory + "/" + Self.reserveName
      let descriptor = try FileCalls.open(path, O_WRONLY | O_CREAT | O_EXCL, operation: "create")
      defer { close(descriptor) }
      let code = posix_fallocate(descriptor, 0, off_t(Self.reserveBytes))
      if code != 0 { throw FileError(operation: "reserve room in", path: path, code: code) }
    } catch {
      disk.remember(error)
    }
  }
}
