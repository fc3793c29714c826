// SPDX-License-Identifier: Apache-2.0
import Foundation
import Histogram
import Judgement
import Testing

@testable import Results

@Suite struct RunFolderTests {
  let directory = TemporaryDirectory()

  @Test func aWholeRunIsWrittenAndReadBack() throws {
    let (path, record) = try SampleRun().folder(in: directory)
    #expect(path.hasSuffix("/20261120T131502Z-expected-peak"))
    let names = try FileCalls.files(below: path)
    #expect(
      names == [
        "generator.csv", "generator.hlog", "journeys.hlog", "ledger.jsonl", "manifest.sha256", "response.hlog",
        "run.json", "series.csv", "service.hlog", "slowest.json", "summary.md", "verdict",
      ])
    let folder = try RunFolder.open(path)
    #expect(folder.problems == [])
    #expect(folder.ledgerMismatches() == [])
    #expect(folder.record == record)
    #expect(record.verdict == .pass, "\(record.reasons) \(record.thresholds)")
    #expect(record.steady?.requests == 3600)
    #expect(record.steady?.rate == 60)
    #expect(record.steady?.errorRate == 0)
    #expect(record.steps.map(\.requests) == [1200, 1200, 1200])
    #expect(record.journeys.map(\.arrivals.started) == [1400, 1400])
    #expect(record.generator?.healthy == true)
    #expect(record.generator?.onSchedule == 1)
    #expect(try String(contentsOfFile: path + "/verdict", encoding: .utf8) == "pass\n")
  }

  /// Items and files that could not be written are no matter of trust.
  @Test func nothingOfTheRecordMakesAPass() throws {
    let (path, record) = try SampleRun().folder(in: directory)
    var forged = record
    forged.items = [ItemRecord(id: "P-001", status: .pass, reason: "because")]
    let items = RunFolder(directory: path, record: forged).completed()?.items
    #expect(items?.allSatisfy { $0.status == .pending } == true)
    var incomplete = record
    incomplete.notes = [RunRecord.incompleteFiles + "cannot write ledger.jsonl: No space left on device"]
    let judged = try #require(RunFolder(directory: path, record: incomplete).completed())
    #expect(judged.verdict == .inconclusive)
    #expect(judged.reasons == ["not everything could be written down: what is missing would count against the run"])
  }

  @Test func theSameFilesGiveTheSameBytes() throws {
    let (path, _) = try SampleRun(failuresPerSecond: 1).folder(in: directory)
    let written = try FileCalls.read(path: path + "/run.json")
    let folder = try RunFolder.open(path)
    for _ in 0..<2 {
      let again = try #require(folder.completed())
      #expect(try Array(again.encoded()) == written)
    }
    #expect(RunFolder.verify(path) == [])
  }

  @Test func sha256sumAcceptsTheManifest() throws {
    let (path, _) = try SampleRun(peakSeconds: 12).folder(in: directory)
    let check = Process()
    check.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    check.arguments = ["--check", "--strict", "--quiet", "manifest.sha256"]
    check.currentDirectoryURL = URL(fileURLWithPath: path)
    try check.run()
    check.waitUntilExit()
    #expect(check.terminationStatus == 0)
  }

  @Test func whatWasChangedAfterTheRunIsFound() throws {
    let (path, record) = try SampleRun(failuresPerSecond: 3).folder(in: directory)
    #expect(record.verdict == .fail)
    var forged = record
    forged.verdict = .pass
    try Data(forged.encoded()).write(to: URL(fileURLWithPath: path + "/run.json"))
    #expect(
      RunFolder.verify(path) == [
        "run.json was changed after the run",
        "run.json does not follow from the other files: its figures or verdicts were changed",
        "verdict is not that of run.json",
      ])
    // With a manifest made to fit, the forged figures are found all the same.
    try Manifest.write(directory: path)
    #expect(RunFolder.verify(path).count == 2)
  }

  @Test func anotherVersionIsNotTakenForAForgery() throws {
    let (path, record) = try SampleRun(peakSeconds: 12).folder(in: directory)
    #expect(RunFolder.verify(path, toolVersion: "9.9.9") == [])
    var older = record
    older.thresholds[0].reason = "worded otherwise"
    try Data(older.encoded()).write(to: URL(fileURLWithPath: path + "/run.json"))
    try Manifest.write(directory: path)
    #expect(
      RunFolder.verify(path, toolVersion: "9.9.9") == [
        "run.json was written by version 0.1.0, and this version makes other bytes of the files"
      ])
  }

  @Test func steadyPhasesOfUnequalLoadAreTold() throws {
    let (path, record) = try SampleRun(peakSeconds: 12).folder(in: directory)
    #expect(record.steady?.equalLoads == true)
    var uneven = record
    uneven.plan.phases[0].steady = true
    let mixed = RunFolder(directory: path, record: uneven).completed()
    #expect(mixed?.steady?.equalLoads == false)
    #expect(mixed?.steady?.seconds == 22)
  }

  @Test func latestPointsToTheNewestRun() throws {
    let first = try SampleRun(peakSeconds: 1).folder(in: directory).path
    let second = try SampleRun(peakSeconds: 1).folder(in: directory).path
    #expect(second == first + "-2")
    let latest = try FileManager.default.destinationOfSymbolicLink(atPath: directory.path + "/latest")
    #expect(directory.path + "/" + latest == second)
    #expect(FileManager.default.fileExists(atPath: directory.path + "/latest/verdict"))
  }

  @Test func aDirectoryInTheWayOfLatestIsReportedAndLeftAlone() throws {
    try FileManager.default.createDirectory(atPath: directory.path + "/latest", withIntermediateDirectories: true)
    let run = SampleRun(peakSeconds: 1)
    let writer = try RunFolderWriter(
      resultsDirectory: directory.path, record: run.record(), failureKinds: SampleRun.kinds)
    let facts = run.write(to: writer)
    _ = writer.finish(record: facts, samples: Samples(slowest: [], failures: [:])) { _ in "" }
    #expect(writer.trouble?.operation == "replace")
    #expect(RunFolder.verify(writer.directory) == [])
  }

  @Test func aSecondMayBeWrittenInParts() throws {
    let run = SampleRun()
    let writer = try RunFolderWriter(
      resultsDirectory: directory.path, record: run.record(), failureKinds: SampleRun.kinds)
    // Second 12 of the peak phase and, in the same second, a late step of a journey that began in warm-up; then what was
    // known only later.
    let empty = Histogram()
    for (phase, times) in [(1, [1000, 2000]), (0, [900_000]), (1, [3000])] as [(Int, [Int64])] {
      var ok = Histogram()
      for time in times { ok.record(time) }
      var counts = StepCounts()
      counts.due = times.count
      counts.sent = times.count
      counts.ok = times.count
      writer.step(
        0, second: 12, phase: phase, counts: counts, responseOk: ok, responseFailed: empty, serviceOk: ok,
        serviceFailed: empty)
    }
    writer.flush()
    let folder = RunFolder(directory: writer.directory, record: run.record())
    let peak = Selection(phase: "peak")
    #expect(try folder.totals(of: peak).sent == 3)
    #expect(try folder.quantile(1, of: peak, measure: .response) == 3001)
    #expect(try folder.quantile(0.5, of: Selection(phase: "warm-up"), measure: .response) == 900_095)
    // Due after the end of its phase: in the phase's last batch.
    let batches = try folder.batches(
      of: Selection(phase: "warm-up"), counting: .failedOrAtLeast(.response, microseconds: 500_000), batchSeconds: 5)
    #expect(batches == [Batch(n: 0, over: 0), Batch(n: 1, over: 1)])
  }

  @Test func namesWithCommasSpacesAndNewlinesSurvive() throws {
    var record = SampleRun().record()
    let odd = "a, \"b\"\n!failed/%ü"
    record.plan.steps = [StepRecord(scenario: odd, step: odd)]
    record.plan.phases[0].name = odd
    let writer = try RunFolderWriter(resultsDirectory: directory.path, record: record, failureKinds: [odd])
    var ok = Histogram()
    ok.record(5)
    var failed = Histogram()
    failed.record(7)
    var counts = StepCounts()
    counts.due = 2
    counts.sent = 2
    counts.ok = 1
    counts.failed = [1]
    writer.step(
      0, second: 0, phase: 0, counts: counts, responseOk: ok, responseFailed: failed, serviceOk: ok,
      serviceFailed: failed)
    writer.flush()
    let folder = RunFolder(directory: writer.directory, record: record)
    #expect(folder.series.problems == [])
    #expect(folder.series.failureKinds == [odd])
    #expect(folder.response.lines.map(\.isFailed) == [false, true])
    #expect(try folder.totals(of: Selection(phase: odd, step: "\(odd)/\(odd)")).failed == 1)
  }
}
