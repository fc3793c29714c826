// SPDX-License-Identifier: Apache-2.0
import Foundation
import Results
import Synchronization
import Testing
import Transport

@testable import Observe

@Suite struct TargetWatchTests {
  /// Counts how often it was read; hangs or fails as it is told.
  private final class Source: TargetReader {
    let source = TargetSource.scrape
    let name: String
    let count = Atomic<Int>(0)
    private let mustFail: Bool
    private let hangs: DispatchSemaphore?

    init(_ name: String, mustFail: Bool = false, hangs: DispatchSemaphore? = nil) {
      self.name = name
      self.mustFail = mustFail
      self.hangs = hangs
    }

    func read() throws(TargetUnreadable) -> [TargetReading] {
      let number = count.add(1, ordering: .relaxed).newValue
      if let hangs {
        hangs.wait()
        // Opened once, it stays open.
        hangs.signal()
      }
      if mustFail { throw TargetUnreadable("refused") }
      return [TargetReading(instance: "\(name)@1", metric: "n", value: Double(number))]
    }
  }

  private func watching(
    _ sources: [Source], everyMilliseconds: Int64 = 20, _ body: (TargetWatch) throws -> Void
  ) throws -> TargetTable {
    let parent = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let writer = try watchedFolder(in: parent)
    let entries = sources.map {
      TargetWatch.Entry(reader: $0, everyNanoseconds: everyMilliseconds * 1_000_000)
    }
    let watch = TargetWatch(entries, writer: try #require(writer.target), startedAt: .now())
    do {
      try body(watch)
    } catch {
      watch.stop()
      throw error
    }
    watch.stop()
    return try RunFolder.open(writer.directory).target
  }

  private func waitUntil(_ holds: () -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: 30)
    while !holds() {
      try #require(Date() < deadline, "waited in vain")
      usleep(2_000)
    }
  }

  @Test func samplesComeAllAlongAndOnceMoreAtTheEnd() throws {
    let source = Source("a")
    let table = try watching([source]) { _ in try waitUntil { source.count.load(ordering: .relaxed) >= 4 } }
    let points = try #require(table.series(metric: "n").first).points
    #expect(points.map(\.value) == (1...points.count).map(Double.init))
    #expect(points.count >= 5)
    #expect(points.count == source.count.load(ordering: .relaxed))
  }

  @Test func aSourceThatIsAskedSeldomHasAFirstAndALastSample() throws {
    let source = Source("a")
    let table = try watching([source], everyMilliseconds: 3_600_000) { _ in
      try waitUntil { source.count.load(ordering: .relaxed) == 1 }
    }
    #expect(table.series(metric: "n").first?.points.map(\.value) == [1, 2])
  }

  @Test func oneThatHangsHoldsUpNoOther() throws {
    let gate = DispatchSemaphore(value: 0)
    let (stuck, other) = (Source("stuck", hangs: gate), Source("other"))
    let table = try watching([stuck, other]) { _ in
      try waitUntil { other.count.load(ordering: .relaxed) >= 5 }
      #expect(stuck.count.load(ordering: .relaxed) == 1)
      gate.signal()
    }
    #expect(try #require(table.series(metric: "n", source: .scrape).first { $0.subject == "other" }).points.count >= 6)
  }

  @Test func aMomentWithoutAnAnswerLeavesARow() throws {
    let source = Source("http://x", mustFail: true)
    let table = try watching([source]) { _ in try waitUntil { source.count.load(ordering: .relaxed) >= 2 } }
    #expect(table.series.map(\.metric) == [TargetMetric.unreadable])
    #expect(table.series.first?.instance == "http://x")
    #expect(table.series.first?.points.allSatisfy { $0.value == 1 } == true)
  }

  @Test func stoppingTwiceIsOnce() throws {
    let source = Source("a")
    _ = try watching([source]) { watch in
      watch.stop()
      let count = source.count.load(ordering: .relaxed)
      watch.stop()
      #expect(source.count.load(ordering: .relaxed) == count)
    }
  }

  @Test func aShortPlanIsSampledMoreOften() {
    #expect(TargetWatch.usualNanoseconds(planNanoseconds: 59_999_999_999) == 1_000_000_000)
    #expect(TargetWatch.usualNanoseconds(planNanoseconds: 60_000_000_000) == 5_000_000_000)
  }
}

/// A run folder that is being written, with room for samples.
private func watchedFolder(in parent: String) throws -> RunFolderWriter {
  var record = RunRecord(
    tool: ToolRecord(version: "test"), runId: "0123456789ab", seed: 1, started: .now(), target: "http://127.0.0.1",
    plan: PlanRecord(name: "watched", model: "open", mix: [], phases: [], steps: []),
    settings: SettingsRecord(thresholds: [], confidence: nil, timeout: 1000, drain: 1000, maxInFlight: 1),
    provenance: Provenance(
      host: "h", kernel: "k", processors: 1, workers: 1, libraries: [:], binary: nil, commandLine: []))
  record.watched = WatchedRecord(sources: [])
  return try RunFolderWriter(resultsDirectory: parent, record: record, failureKinds: [])
}
