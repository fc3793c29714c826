// SPDX-License-Identifier: Apache-2.0
import Judgement
import Testing

@testable import Results

/// Folders as runs leave them, held against each other.
@Suite struct CompareFoldersTests {
  let directory = TemporaryDirectory()

  /// Ten steady minutes whose speed goes up and down from second to second.
  private func folder(slower: Double = 1, salt: Int, change: (inout SampleRun) -> Void = { _ in }) throws -> RunFolder {
    var run = SampleRun(peakSeconds: 300, requestsPerSecond: 10)
    run.microseconds = { second, request in
      var dice = UInt64(truncatingIfNeeded: (second * 131 + request) * 7919 + salt) &* 0x9E37_79B9_7F4A_7C15
      dice ^= dice >> 29
      dice = dice &* 0xBF58_476D_1CE4_E5B9
      dice ^= dice >> 32
      return Int64((100_000 + Double(dice % 50_000)) * slower)
    }
    change(&run)
    return try RunFolder.open(try run.folder(in: directory).path)
  }

  private func compare(_ first: RunFolder, _ second: RunFolder, anyway: Bool = false) throws -> ComparisonRecord {
    try RunFolder.compare(first, second, anyway: anyway, toolVersion: "0.1.0")
  }

  @Test func aRunWithItselfAndWithItsEqual() throws {
    let run = try folder(salt: 1)
    let same = try compare(run, run)
    #expect(same.verdict == .pass)
    #expect(same.reasons == [])
    #expect(same.rows.count == 16)
    #expect(same.rows.allSatisfy { $0.outcome == .noProvenDifference && $0.change ?? 0 == 0 })
    let equal = try compare(run, try folder(salt: 2))
    #expect(equal.verdict == .pass)
    #expect(equal.rows.allSatisfy { $0.outcome == .noProvenDifference }, "\(equal.rows)")
    #expect(try compare(run, run).encoded() == same.encoded())
  }

  @Test func aTenthSlowerIsFoundAndATenthFasterIsNoFailure() throws {
    let first = try folder(salt: 1)
    let second = try folder(slower: 1.1, salt: 2)
    let slower = try compare(first, second)
    #expect(slower.verdict == .fail)
    #expect(slower.rows.filter { $0.outcome == .worse }.contains { $0.name == nil && $0.figure == "p50" })
    let faster = try compare(second, first)
    #expect(faster.verdict == .pass)
    #expect(faster.rows.contains { $0.outcome == .better })
  }

  @Test func tooSmallADifferenceIsNone() throws {
    let record = try compare(try folder(salt: 1), try folder(slower: 1.03, salt: 2))
    #expect(record.verdict == .pass)
    #expect(record.rows.contains { $0.reason == "a difference is proven, but it is smaller than 5 % and 1 ms" })
  }

  @Test func moreErrorsAreFound() throws {
    let record = try compare(try folder(salt: 1), try folder(salt: 2) { $0.failuresPerSecond = 1 })
    #expect(record.verdict == .fail)
    #expect(record.rows.contains { $0.figure == "errors" && $0.outcome == .worse && $0.first == 0 })
  }

  @Test func aShortRunProvesNothing() throws {
    let record = try compare(try folder(salt: 1), try folder(salt: 2) { $0.peakSeconds = 60 })
    #expect(record.verdict == .inconclusive)
    #expect(record.rows.isEmpty)
    #expect(record.reasons.count == 1)
    #expect(record.reasons[0].contains("60 steady seconds prove nothing"))
  }

  @Test func anUnhealthyGeneratorKnowsNothingOfTimes() throws {
    let record = try compare(try folder(salt: 1), try folder(slower: 2, salt: 2) { $0.busyPerMille = 990 })
    #expect(record.verdict == .inconclusive)
    #expect(record.rows.filter { $0.figure.hasPrefix("p") }.allSatisfy { $0.outcome == .cannotTell })
    #expect(record.rows.filter { $0.figure == "errors" }.allSatisfy { $0.outcome == .noProvenDifference })
  }

  @Test func runsThatAreNotAlikeAreRefused() throws {
    let open = try folder(salt: 1)
    let closed = try folder(salt: 2) { $0.isOpen = false }
    do throws(RunFolder.Incomparable) {
      _ = try RunFolder.compare(open, closed, anyway: false, toolVersion: "0.1.0")
      Issue.record("compared")
    } catch {
      #expect(!error.isFinal)
      #expect(error.differences.contains("model: open against closed"), "\(error.differences)")
    }
    let record = try compare(open, closed, anyway: true)
    #expect(record.differences.contains("model: open against closed"))
    // A closed model fixes no rate, so that throughput is a figure.
    #expect(record.rows.contains { $0.figure == "throughput" })
  }
}
