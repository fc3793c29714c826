// SPDX-License-Identifier: Apache-2.0
import Foundation
import Histogram
import Judgement
import Testing

@testable import Results

/// Answers to a judge's questions, compared with the same answers made from every single request.
@Suite struct MeasuredRunTests {
  /// One request as it was made up.
  struct Request {
    var step: Int
    var phase: Int
    var second: Int
    /// Nil: failed.
    var microseconds: Int64?
    var isOwnFailure = false
  }

  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  let directory = TemporaryDirectory()

  private func requests(seed: UInt64) -> [Request] {
    var random = Generator(state: seed)
    var requests: [Request] = []
    for second in 0..<40 {
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        // Later steps of warm-up journeys are due while the peak goes on.
        let phase = second < 10 || Int.random(in: 0..<10, using: &random) == 0 ? 0 : 1
        var request = Request(step: Int.random(in: 0..<3, using: &random), phase: phase, second: second)
        let kind = Int.random(in: 0..<20, using: &random)
        request.isOwnFailure = kind == 0
        let exponent = Double.random(in: 0...7, using: &random)
        request.microseconds = kind < 2 ? nil : Int64(pow(10, exponent))
        requests.append(request)
      }
    }
    return requests
  }

  /// The folder of these requests, each second in two parts.
  private func folder(_ requests: [Request]) throws -> RunFolder {
    var record = SampleRun(peakSeconds: 30).record()
    record.ended = record.started
    let writer = try RunFolderWriter(resultsDirectory: directory.path, record: record, failureKinds: SampleRun.kinds)
    let half = requests.count / 2
    for part in [requests[..<half], requests[half...]] {
      for second in 0..<40 {
        for phase in 0..<2 {
          for step in 0..<3 {
            let here = part.filter { $0.second == second && $0.phase == phase && $0.step == step }
            if !here.isEmpty { write(here, step, second, phase, writer) }
          }
        }
      }
    }
    writer.flush()
    return RunFolder(directory: writer.directory, record: record)
  }

  private func write(_ requests: [Request], _ step: Int, _ second: Int, _ phase: Int, _ writer: RunFolderWriter) {
    var counts = StepCounts()
    counts.failed = [0, 0, 0]
    var ok = Histogram()
    var failed = Histogram()
    for request in requests {
      counts.due += 1
      counts.sent += 1
      if let time = request.microseconds {
        counts.ok += 1
        counts.completedOk += 1
        ok.record(time)
      } else {
        counts.failed[request.isOwnFailure ? 2 : 0] += 1
        counts.completedFailed += 1
        failed.record(99)
      }
    }
    writer.step(
      step, second: second, phase: phase, counts: counts, responseOk: ok, responseFailed: failed, serviceOk: ok,
      serviceFailed: failed)
  }

  private static let selections: [(Selection, phases: Set<Int>, steps: Set<Int>)] = [
    (Selection(), [0, 1], [0, 1, 2]), (Selection(phase: "steady"), [1], [0, 1, 2]),
    (Selection(phase: "peak", step: "reservation"), [1], [0, 1]),
    (Selection(phase: "warm-up", step: "reservation/book, now"), [0], [1]),
    (Selection(step: "health check/live"), [0, 1], [2]),
  ]

  @Test(arguments: [1, 2, 3] as [UInt64])
  func batchesAreThoseOfTheSingleRequests(seed: UInt64) throws {
    let all = requests(seed: seed)
    let folder = try folder(all)
    #expect(folder.problems.filter { !$0.hasPrefix("journeys") } == [])
    let starts = [0, 10]
    let lengths = [10, 30]
    for (selection, phases, steps) in Self.selections {
      for limit in [0.5, 1000, 3_333, 1e6, 1e9] {
        for batchSeconds in [1, 5, 7] {
          var expected: [(n: Int, failed: Int, own: Int, over: Int)] = []
          for phase in phases.sorted() {
            for range in batchRanges(seconds: lengths[phase], batchSeconds: batchSeconds) {
              let isLast = range.upperBound == lengths[phase]
              let here = all.filter {
                let second = $0.second - starts[phase]
                return $0.phase == phase && steps.contains($0.step) && second >= range.lowerBound
                  && (second < range.upperBound || isLast)
              }
              expected.append(
                (
                  here.count, here.count { $0.microseconds == nil },
                  here.count { $0.microseconds == nil && $0.isOwnFailure },
                  here.count { ($0.microseconds.map(Double.init) ?? .infinity) >= limit }
                ))
            }
          }
          let batches = try folder.batches(
            of: selection, counting: .failedOrAtLeast(.response, microseconds: limit), batchSeconds: batchSeconds)
          try #require(batches.count == expected.count)
          for (batch, truth) in zip(batches, expected) {
            #expect(batch.n == truth.n)
            #expect(batch.surelyOver <= truth.over - truth.own && truth.over <= batch.possiblyOver)
          }
          let failures = try folder.batches(of: selection, counting: .failed, batchSeconds: batchSeconds)
          #expect(
            failures
              == expected.map { Batch(n: $0.n, possiblyOver: $0.failed, surelyOver: $0.failed - $0.own) })
        }
      }
    }
  }

  @Test func aLimitInsideACounterIsDoubtful() throws {
    // 100,000 us is counted with 99,968...100,031.
    let folder = try folder([Request(step: 0, phase: 1, second: 12, microseconds: 100_000)])
    for (limit, possibly, surely) in [(99_968.0, 1, 1), (99_969, 1, 0), (100_031, 1, 0), (100_032, 0, 0)] {
      let batches = try folder.batches(
        of: Selection(), counting: .failedOrAtLeast(.response, microseconds: limit), batchSeconds: 100)
      #expect(batches.reduce(0) { $0 + $1.possiblyOver } == possibly, "\(limit)")
      #expect(batches.reduce(0) { $0 + $1.surelyOver } == surely, "\(limit)")
    }
  }

  @Test func limitsOnCounterEdgesAreExact() throws {
    let all = requests(seed: 4)
    let folder = try folder(all)
    // Up to 2,047 us every value has a counter of its own: nothing is doubtful there.
    for limit in [2.0, 100, 101, 1500] {
      let over = all.count { ($0.microseconds.map(Double.init) ?? .infinity) >= limit }
      let own = all.count { $0.microseconds == nil && $0.isOwnFailure }
      let batches = try folder.batches(
        of: Selection(), counting: .failedOrAtLeast(.service, microseconds: limit), batchSeconds: 100)
      #expect(batches.reduce(0) { $0 + $1.possiblyOver } == over)
      #expect(batches.reduce(0) { $0 + $1.surelyOver } == over - own)
    }
  }

  @Test(arguments: [5, 6] as [UInt64])
  func quantilesAreThoseOfTheSingleRequests(seed: UInt64) throws {
    let all = requests(seed: seed)
    let folder = try folder(all)
    for (selection, phases, steps) in Self.selections {
      let times = all.filter { phases.contains($0.phase) && steps.contains($0.step) }
        .map { $0.microseconds.map(Double.init) ?? .infinity }.sorted()
      for q in [0, 0.01, 0.5, 0.55, 0.9, 0.95, 0.99, 1] {
        let exact = times[max(0, Int((q.nextDown * Double(times.count)).rounded(.up)) - 1)]
        let value = try folder.quantile(q, of: selection, measure: .response)
        if exact.isFinite {
          let found = try #require(value)
          #expect(found >= exact && found <= exact * 1.001 + 1, "\(q)")
        } else {
          #expect(value == nil)
        }
      }
    }
  }

  @Test func totalsAndCompletionsAddUp() throws {
    let all = requests(seed: 7)
    let folder = try folder(all)
    let totals = try folder.totals(of: Selection(phase: "peak"))
    let peak = all.filter { $0.phase == 1 }
    #expect(totals.sent == peak.count)
    #expect(totals.ok == peak.count { $0.microseconds != nil })
    #expect(totals.generatorFailed == peak.count { $0.microseconds == nil && $0.isOwnFailure })
    #expect(totals.seconds == 30)
    // Completions go by the clock: those of warm-up journeys within the peak count.
    let completed = try folder.completedPerSecond(of: Selection(phase: "peak"))
    for second in 10..<40 {
      #expect(completed[second - 10] == all.count { $0.second == second && $0.microseconds != nil })
    }
    #expect(totals.completedOk == completed.reduce(0, +))
  }

  @Test func unknownNamesAreErrors() throws {
    let folder = try folder(requests(seed: 8))
    #expect(throws: SelectionError.unknownPhase("lunch", known: ["warm-up", "peak"])) {
      try folder.totals(of: Selection(phase: "lunch"))
    }
    #expect(throws: SelectionError.self) { try folder.quantile(0.5, of: Selection(step: "reserv"), measure: .response) }
    #expect(throws: SelectionError.notMeasured(.journey)) {
      try folder.quantile(0.5, of: Selection(step: "reservation/search"), measure: .journey)
    }
  }

  @Test func aLineThatWasLostCanOnlyMakeThingsWorse() throws {
    let (path, _) = try SampleRun().folder(in: directory)
    let file = path + "/response.hlog"
    var lines = try String(contentsOfFile: file, encoding: .utf8).split(
      separator: "\n", omittingEmptySubsequences: false)
    let lost = try #require(lines.lastIndex { $0.hasPrefix("Tag=reservation/search,") })
    lines.remove(at: lost)
    try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
    let folder = try RunFolder.open(path)
    let batches = try folder.batches(
      of: Selection(), counting: .failedOrAtLeast(.response, microseconds: 1e9), batchSeconds: 5)
    #expect(batches.reduce(0) { $0 + $1.possiblyOver } == 20)
    #expect(batches.reduce(0) { $0 + $1.surelyOver } == 0)
    #expect(try folder.quantile(1, of: Selection(), measure: .response) == nil)
    #expect(folder.ledgerMismatches().count == 1)
    let again = try #require(folder.completed())
    #expect(again.verdict == .inconclusive)
    #expect(again.reasons.contains { $0.contains("do not add up") })
  }
}
