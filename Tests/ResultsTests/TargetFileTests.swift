// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Results

@Suite struct TargetFileTests {
  private func run(watched: Bool, _ body: (RunFolderWriter) throws -> Void) throws -> RunFolder {
    let parent = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: parent) }
    var record = SampleRun().record()
    if watched {
      record.watched = WatchedRecord(sources: [WatchedSource(source: .process, name: "hotel", every: 5000)])
    }
    let writer = try RunFolderWriter(resultsDirectory: parent, record: record, failureKinds: [])
    try body(writer)
    return try RunFolder.open(writer.directory)
  }

  private let row = TargetSample(second: 3, source: .process, instance: "hotel:1@2", metric: "memory_bytes", value: 7)

  @Test func aSampleIsOnDiskAtOnceAndInTheManifestAtTheEnd() throws {
    let folder = try run(watched: true) { writer in
      writer.target?.append([row])
      let early = try RunFolder.open(writer.directory)
      #expect(early.target == TargetTable(samples: [row]))
      _ = writer.finish(
        record: try #require(early.record), samples: Samples(slowest: [], failures: [:]), summary: { _ in "" })
      let manifest = try String(contentsOfFile: writer.directory + "/manifest.sha256", encoding: .utf8)
      #expect(manifest.contains("target.csv"))
    }
    #expect(folder.target == TargetTable(samples: [row]))
  }

  @Test func nothingWatchedMakesNoFile() throws {
    let folder = try run(watched: false) { #expect($0.target == nil) }
    #expect(folder.target.isEmpty)
    #expect(!folder.problems.contains { $0.contains("target.csv") })
  }

  @Test func aMissingFileIsTold() throws {
    let folder = try run(watched: true) { try FileManager.default.removeItem(atPath: $0.directory + "/target.csv") }
    #expect(folder.problems.contains("target.csv is missing"))
  }
}
