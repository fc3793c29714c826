// SPDX-License-Identifier: Apache-2.0
import Foundation
import Histogram
import Judgement
import Testing

@testable import Results

/// Replies from the writer to the record and back, whole and damaged.
@Suite struct ReplyFilesTests {
  private let parent = TemporaryDirectory()

  private func sample() -> SampleRun {
    var sample = SampleRun()
    sample.thresholds = [
      "replies lost == 0", "reply p(95) < 800ms @peak", "replies late < 50% step:reservation/search",
    ]
    return sample
  }

  /// Ten replies a second of the first step, after 100 to 1,000 ms, written in two parts; one is lost in each of the last
  /// three seconds.
  private func written(_ change: (inout RunRecord) -> Void = { _ in }) throws -> RunRecord {
    let sample = sample()
    var facts = sample.record()
    facts.plan.steps[0].replyWithin = 500
    let writer = try RunFolderWriter(resultsDirectory: parent.path, record: facts, failureKinds: SampleRun.kinds)
    var record = sample.write(to: writer)
    record.plan = facts.plan
    var totals = ReplyTotals()
    for second in 0..<sample.seconds {
      let lost = second >= sample.seconds - 3 ? 1 : 0
      for part in 0..<2 {
        var times = Histogram()
        for number in 1...5 where part == 0 || number > lost { times.record(Int64((part * 5 + number) * 100_000)) }
        var counts = ReplyTotals()
        counts.awaited = part == 0 ? 10 : 0
        counts.came = Int(times.totalCount)
        counts.late = part == 0 ? 0 : counts.came
        counts.lost = part == 0 ? 0 : lost
        counts.duplicated = part
        writer.replies(step: 0, second: second, phase: second < 10 ? 0 : 1, counts: counts, times: times)
        totals += counts
      }
    }
    record.replies = ReplyFigures(totals)
    change(&record)
    return writer.finish(record: record, samples: Samples(slowest: [], failures: [:])) { _ in "" }
  }

  private var folder: String { parent.path + "/latest" }

  private func rewrite(_ file: String, _ change: (String) -> String) throws {
    let path = folder + "/" + file
    try Data(change(String(contentsOfFile: path, encoding: .utf8)).utf8).write(to: URL(fileURLWithPath: path))
  }

  @Test func theRecordHoldsWhatTheFilesSay() throws {
    let record = try written()
    let replies = try #require(record.replies)
    #expect(replies.awaited == 700 && replies.count == 697 && replies.lost == 3 && replies.late == 347)
    #expect(replies.duplicated == 70 && replies.open == 0)
    #expect(try abs(#require(replies.p50) - 500) < 1 && abs(#require(replies.p99) - 1000) < 1)
    #expect(record.thresholds.map(\.verdict) == [.fail, .fail, .inconclusive])
    #expect(record.thresholds[0].value == 3 && record.thresholds[0].unit == "count")
    #expect(record.thresholds[1].n == 600)
    #expect(record.reasons == [])
    #expect(RunFolder.verify(folder) == [])
    #expect(try RunFolder.open(folder).completed() == record)
  }

  @Test func phasesAndStepsAreTold() throws {
    _ = try written()
    let folder = try RunFolder.open(folder)
    #expect(try folder.replies(of: Selection(phase: "warm-up")).awaited == 100)
    #expect(try folder.replies(of: Selection(phase: "peak", step: "reservation")).lost == 3)
    #expect(try folder.replies(of: Selection(step: "health check")).awaited == 0)
    // The last stretch holds the lost ones.
    let batches = try folder.batches(of: Selection(phase: "peak"), counting: .reply(.lost), batchSeconds: 5)
    #expect(batches.count == 12 && batches.reduce(0) { $0 + $1.n } == 600)
    #expect(batches.map(\.surelyOver) == Array(repeating: 0, count: 11) + [3])
  }

  @Test func aRunWithoutRepliesHasNoSuchFiles() throws {
    let writer = try RunFolderWriter(
      resultsDirectory: parent.path, record: SampleRun().record(), failureKinds: SampleRun.kinds)
    #expect(!FileManager.default.fileExists(atPath: writer.directory + "/replies.csv"))
    let record = SampleRun().write(to: writer)
    _ = writer.finish(record: record, samples: Samples(slowest: [], failures: [:])) { _ in "" }
    let folder = try RunFolder.open(folder)
    #expect(throws: SelectionError.notMeasured(.reply)) { try folder.replies(of: Selection()) }
    #expect(folder.completed()?.replies == nil)
  }

  @Test(arguments: [
    ("replies.csv", "a row is missing", "replies: run.json and replies.csv differ"),
    ("replies.csv", "a row is changed", "awaited = answered + lost + open does not hold"),
    ("replies.csv", "a row is broken", "replies.csv: 1 lines cannot be read, the first is line 2"),
    ("replies.csv", "the last line is cut", "replies.csv ends in the middle of a line"),
    ("replies.csv", "the header is gone", "replies.csv has no header that can be read"),
    ("replies.csv", "the file is gone", "replies.csv is missing"),
    ("replies.hlog", "a row is missing", "replies in replies.hlog and in replies.csv"),
    ("replies.hlog", "the file is gone", "replies.hlog is missing"),
    ("replies.hlog", "a row is broken", "replies.hlog: 1 lines cannot be read"),
  ]) func damageIsFound(file: String, damage: String, message: String) throws {
    _ = try written()
    // Of a log the first five lines are its header.
    let first = file.hasSuffix("csv") ? 1 : 5
    if damage == "the file is gone" {
      try FileManager.default.removeItem(atPath: folder + "/" + file)
    } else {
      try rewrite(file) { text in
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        switch damage {
        case "a row is missing": lines.remove(at: first)
        case "a row is changed": lines[first] = lines[first].replacing(",10,5,", with: ",11,5,")
        case "a row is broken": lines[first] = "x" + lines[first].dropFirst(3)
        case "the header is gone": lines.remove(at: 0)
        default: return String(text.dropLast(3))
        }
        return lines.joined(separator: "\n")
      }
    }
    let folder = try RunFolder.open(folder)
    let record = try #require(folder.completed())
    #expect(record.reasons.contains { $0.contains(message) }, "\(record.reasons)")
    #expect(record.verdict != .pass)
    #expect(!RunFolder.verify(self.folder).isEmpty)
  }

  @Test func aKilledRunGoesAsFarAsItsFiles() throws {
    let sample = sample()
    var facts = sample.record()
    facts.plan.steps[0].replyWithin = 500
    let writer = try RunFolderWriter(resultsDirectory: parent.path, record: facts, failureKinds: SampleRun.kinds)
    var counts = ReplyTotals()
    counts.awaited = 10
    counts.came = 4
    var times = Histogram()
    times.record(1000, count: 4)
    writer.replies(step: 0, second: 0, phase: 0, counts: counts, times: times)
    writer.flush()
    let record = try #require(try RunFolder.open(writer.directory).completed())
    #expect(record.replies?.awaited == 10 && record.replies?.count == 4)
    #expect(record.verdict == .inconclusive)
  }
}
