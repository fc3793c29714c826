// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Results

@Suite struct ReconciliationTests {
  /// What is said about a run of 1,000 requests of which `ok` were answered, by the target's counters.
  private func entry(
    _ counts: [(instance: String, value: Double)], ok: Int = 1000, kinds: [String: Int] = [:],
    sources: Int = 1
  ) throws -> [Reconciliation] {
    let parent = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: parent) }
    var record = SampleRun().record()
    let source = WatchedSource(source: .scrape, name: "http://h:1/metrics", every: 5000, requests: "requests_total")
    record.watched = WatchedRecord(sources: Array(repeating: source, count: sources))
    let writer = try RunFolderWriter(resultsDirectory: parent, record: record, failureKinds: [])
    for (second, count) in counts.enumerated() {
      writer.target?.append([
        TargetSample(
          second: second, source: .scrape, instance: count.instance, metric: "requests_total", value: count.value)
      ])
    }
    var totals = RunTotals()
    totals.sent = 1000
    totals.ok = ok
    totals.failedByKind = kinds
    let folder = try RunFolder.open(writer.directory)
    return folder.reconciled(try #require(record.watched), totals: totals).reconciliation
  }

  @Test func whatAgreesIsInOrder() throws {
    let entries = try entry([("h:1@5", 40), ("h:1@5", 500), ("h:1@5", 1043)])
    #expect(entries.map(\.ok) == [true] && entries.map(\.server) == [1003])
    #expect(entries.first?.reason.contains("1003 requests") == true)
    #expect(try entry([("h:1@5", 0), ("h:1@5", 1000)], sources: 2).count == 1)
  }

  @Test(arguments: [(990.0, true), (989.0, false), (0.0, false)])
  func clearlyFewerIsADoubt(server: Double, ok: Bool) throws {
    #expect(try entry([("h:1@5", 10), ("h:1@5", 10 + server)]).map(\.ok) == [ok])
  }

  @Test func onlyWhatWasAnsweredMustBeCounted() throws {
    let counted: [(String, Double)] = [("h:1@5", 0), ("h:1@5", 600)]
    #expect(try entry(counted, ok: 600, kinds: ["timeout": 400]).map(\.ok) == [true])
    #expect(try entry(counted, ok: 600, kinds: ["status": 400]).map(\.ok) == [false])
  }

  @Test func moreIsSaidAndNoDoubt() throws {
    let entries = try entry([("h:1@5", 0), ("h:1@5", 5000)])
    #expect(entries.map(\.ok) == [true])
    #expect(entries.first?.reason.contains("others sent requests too") == true)
  }

  @Test func aCounterThatBeginsAnewGoesOn() throws {
    // The same instance, as far as it tells, and one that says that it is another.
    #expect(try entry([("h:1", 100), ("h:1", 700), ("h:1", 400)]).map(\.server) == [1000])
    let restarted = try entry([("h:1@5", 100), ("h:1@5", 700), ("h:1@9", 100), ("h:1@9", 400)])
    #expect(restarted.map(\.server) == [1000] && restarted.map(\.instance) == ["h:1@9"])
    #expect(restarted.map(\.ok) == [true])
    #expect(try entry([("h:1@5", 100), ("h:1@5", 700), ("h:1@9", 10)]).map(\.ok) == [nil])
  }

  @Test func oneSampleSaysNothing() throws {
    let entries = try entry([("h:1@5", 100)])
    #expect(entries.map(\.ok) == [nil] && entries.map(\.server) == [nil])
    #expect(try entry([]).isEmpty)
  }

  @Test func anotherBuildAndADisagreementAreDoubts() throws {
    var record = SampleRun().record()
    let parent = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let writer = try RunFolderWriter(resultsDirectory: parent, record: record, failureKinds: [])
    let folder = try RunFolder.open(writer.directory)
    record.build = "1"
    #expect(folder.targetDoubts(record) == [])
    record.buildAfter = "1"
    #expect(folder.targetDoubts(record) == [])
    record.buildAfter = "2"
    #expect(folder.targetDoubts(record).count == 1)
    record.watched = WatchedRecord()
    record.watched?.reconciliation = [
      Reconciliation(metric: "n", instance: "h", server: 1, sent: 9, ok: false, reason: "x"),
      Reconciliation(metric: "n", instance: "h", server: 1, sent: 9, ok: nil, reason: "x"),
    ]
    #expect(folder.targetDoubts(record).count == 2)
  }
}
