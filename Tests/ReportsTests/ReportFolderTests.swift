// SPDX-License-Identifier: Apache-2.0
import Foundation
import Histogram
import Judgement
import Testing

@testable import Reports
@testable import Results

/// The page as a run leaves it in its folder.
struct ReportFolderTests {
  /// A minute of two steps, 20 requests a second each; `slow` in the second half, and some fail.
  private func folder(in directory: URL) throws -> (path: String, record: RunRecord) {
    var facts = SampleRecord.passing()
    facts.plan.steps = [StepRecord(scenario: "a", step: "one"), StepRecord(scenario: "a", step: "two")]
    facts.plan.phases = [
      PhaseRecord(
        name: "warm-up", start: 0, seconds: 10, plannedSeconds: 10, steady: false, rate: "0..40/s", from: 0, to: 40),
      PhaseRecord(
        name: "peak", start: 10, seconds: 50, plannedSeconds: 50, steady: true, rate: "40/s", from: 40, to: 40),
    ]
    facts.totals = RunTotals()
    facts.arrivals = ArrivalTotals()
    facts.connections = nil
    let writer = try RunFolderWriter(
      resultsDirectory: directory.path(), record: facts, failureKinds: ["timeout", "status"])
    let none = Histogram()
    for second in 0..<60 {
      for step in 0..<2 {
        var ok = Histogram()
        var failed = Histogram()
        ok.record(second < 30 ? 20_000 : 200_000, count: 19)
        failed.record(1_000_000)
        var counts = StepCounts()
        counts.due = 20
        counts.sent = 20
        counts.ok = 19
        counts.failed = [0, 1]
        counts.completedOk = 19
        counts.completedFailed = 1
        writer.step(
          step, second: second, phase: second < 10 ? 0 : 1, counts: counts, responseOk: ok, responseFailed: failed,
          serviceOk: ok, serviceFailed: failed)
        facts.totals.planned += 20
        facts.totals.sent += 20
        facts.totals.ok += 19
        facts.totals.failed += 1
        facts.totals.failedByKind["status", default: 0] += 1
      }
      var lag = Histogram()
      lag.record(second == 40 ? 9_000 : 100, count: 40)
      writer.generator(second: second, counts: GeneratorCounts(), ownLag: lag, blocked: none)
    }
    let record = writer.finish(record: facts, samples: HostileRun.samples, derived: derivedFiles)
    #expect(writer.trouble == nil)
    return (writer.directory, record)
  }

  private func temporary(_ body: (URL) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory.appending(path: "gonogo-report-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    try body(directory)
  }

  @Test func madeAgainItIsTheSame() throws {
    try temporary { directory in
      let (path, _) = try folder(in: directory)
      func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: path + "/" + name)) }
      let names = ["report.html", "summary.md", "junit.xml", "run.json", "verdict", Manifest.fileName]
      let before = try names.map(bytes)
      let again = try RunFolder.open(path)
      #expect(Data(htmlReport(try #require(again.completed()), of: again).utf8) == before[0])
      // Elsewhere, and after somebody has edited it.
      let moved = directory.path() + "/moved"
      try FileManager.default.moveItem(atPath: path, toPath: moved)
      try Data("edited".utf8).write(to: URL(filePath: moved + "/report.html"))
      #expect(RunFolder.verify(moved) != [])
      let remade = try #require(try RunFolder.open(moved).remake(derivedFiles))
      #expect(remade.trouble == nil)
      #expect(try names.map { try Data(contentsOf: URL(filePath: moved + "/" + $0)) } == before)
      #expect(RunFolder.verify(moved) == [])
    }
  }

  @Test func percentilesAreOfMergedHistograms() throws {
    try temporary { directory in
      let (path, _) = try folder(in: directory)
      let run = try RunFolder.open(path)
      // 38 of 40 in a second are answered: the p95 is theirs, the p99 falls among the failed.
      let fine = try #require(run.timeline())
      #expect(fine.stretchSeconds == 1 && fine.stretches.count == 60)
      #expect(fine.stretches[5].response.p50.map { ($0 - 20).magnitude < 0.1 } == true)
      #expect(fine.stretches[5].response.p99 == nil && fine.stretches[5].sent == 40)
      #expect(fine.stretches[40].generator?.ownLagP99.map { $0 > 8.9 } == true)
      #expect(fine.stretches[40].failed == [0, 2])
      // The stretch from 20 to 40 s is half fast and half slow: no mean of percentiles, but the percentile of all.
      let coarse = try #require(run.timeline(most: 3))
      #expect(coarse.stretchSeconds == 20 && coarse.stretches.count == 3)
      #expect(coarse.stretches[1].response.p50.map { ($0 - 200).magnitude < 1 } == true)
      #expect(coarse.stretches.map(\.sent) == [800, 800, 800])
      // The last stretch ends where the run does.
      let even = try #require(run.timeline(most: 4))
      #expect(even.stretchSeconds == 15 && even.stretches.map(even.seconds) == [15, 15, 15, 15])
      #expect(RunTimeline(stretchSeconds: 15, seconds: 50, stepStretchSeconds: 15).seconds(of: .init(start: 45)) == 5)
      #expect(coarse.steps.count == 2 && coarse.steps[0].sent.reduce(0, +) == 1200)
      #expect(fine.response.count == 2000 && fine.response.bins.reduce(0) { $0 + $1.ok + $1.failed } == 2000)
      #expect(fine.response.curve.last.map { $0.quantile <= 0.95 } == true, "beyond are the failed")
    }
  }

  @Test func aRunThatDidNotEndIsNotMadeAgain() throws {
    try temporary { directory in
      let (path, record) = try folder(in: directory)
      var facts = record
      facts.ended = nil
      try facts.encoded().write(to: URL(filePath: path + "/run.json"))
      #expect(try RunFolder.open(path).remake(derivedFiles) == nil)
      let folder = try RunFolder.open(path)
      #expect(htmlReport(try #require(folder.completed()), of: folder).contains("did not come to its end"))
    }
  }

  @Test(arguments: [
    (1, 300, 1, 1), (300, 300, 1, 300), (301, 300, 2, 151), (3630, 300, 15, 242), (86_400, 300, 300, 288),
    (10_000_000, 300, 36_000, 278),
  ])
  func stretchesAreRoundAndFew(seconds: Int, most: Int, length: Int, count: Int) {
    let cut = StretchCut(seconds: seconds, most: most)
    #expect(cut.length == length && cut.count == count)
    #expect(cut.index(0) == 0 && cut.index(seconds - 1) == count - 1 && cut.index(seconds + 5) == count - 1)
  }

  @Test func anHourOfTwelveStepsStaysBelowAMegabyte() {
    var record = SampleRecord.failing()
    record.steps = (0..<12).map { index in
      var step = record.steps[index % 3]
      step.step = "step-with-a-rather-long-name-\(index)"
      return step
    }
    var timeline = HostileRun.timeline
    timeline.stretchSeconds = 15
    timeline.failureKinds = ["status", "timeout", "reset", "connect-refused", "body"]
    timeline.stretches = (0..<242).map { index in
      var stretch = RunTimeline.Stretch(start: index * 15)
      let wave = Double((index * 7919) % 997) + 0.123
      stretch.due = 30_000 + index
      stretch.sent = stretch.due
      stretch.answeredOk = 29_000 + index * 3
      stretch.answeredFailed = 900 - index
      stretch.failed = (0..<5).map { $0 * index % 97 }
      stretch.response = RunTimeline.Quantiles(p50: wave, p95: wave * 3.3, p99: wave * 11)
      stretch.service = stretch.response
      stretch.generator = RunTimeline.GeneratorStretch(
        ownLagP99: wave / 1000, blockedP99: wave / 7, busyShare: wave / 1000, cpuShare: wave / 999, inFlight: index * 7,
        residentMiB: 60)
      return stretch
    }
    timeline.replies = (0..<242).map { index in
      RunTimeline.ReplyStretch(
        awaited: 100, late: index % 3, lost: index % 5, duplicated: 1, p50: 1.2, p95: Double(index) * 1.1)
    }
    timeline.steps = (0..<12).map { step in
      RunTimeline.StepTrend(
        scenario: record.steps[step].scenario, step: record.steps[step].step,
        p95: (0..<60).map { Double(($0 * 31) % 17) + 0.77 }, sent: Array(repeating: 9, count: 60),
        errors: (0..<60).map { $0 % 4 })
    }
    record.replies = ReplyFigures(ReplyTotals(), p50: 1, p95: 2, p99: 3)
    let sample = HostileRun.samples.slowest[0]
    let samples = Samples(
      slowest: Array(repeating: sample, count: 20),
      failures: Dictionary(
        uniqueKeysWithValues: timeline.failureKinds.map { ($0, Array(repeating: sample, count: 5)) }))
    let target = (0..<5).flatMap { instance in
      ["Memory", "Processor time", "Open descriptors"].map { metric in
        TargetSeries(
          metric: metric, about: "", instance: "agente-api-\(instance)", unit: .count,
          points: (0..<726).map { TargetTable.Point(second: $0 * 5, value: Double($0 * instance) * 1.37) })
      }
    }
    let page = RunReport(record: record, timeline: timeline, samples: samples, target: target).page.text
    #expect(page.utf8.count < 1_000_000, "\(page.utf8.count)")
    #expect(page.utf8.count > 200_000, "so much was drawn that the limit means something")
  }
}
