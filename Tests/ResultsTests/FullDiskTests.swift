// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Histogram
import Judgement
import Testing

@testable import Results

/// A file system of a few kilobytes, mounted for one test. Nil where that is not allowed.
final class SmallDisk {
  let path: String

  init?(kibibytes: Int) {
    path = NSTemporaryDirectory() + "gonogo-disk-\(UUID().uuidString)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard mount("tmpfs", path, "tmpfs", 0, "size=\(kibibytes)k") == 0 else {
      rmdir(path)
      return nil
    }
  }

  deinit {
    umount(path)
    rmdir(path)
  }

  static let isAllowed = SmallDisk(kibibytes: 64) != nil
}

@Suite(.enabled(if: SmallDisk.isAllowed, "only where a tmpfs can be mounted"))
struct FullDiskTests {
  private func fill(_ disk: SmallDisk, seconds: Int) throws -> (writer: RunFolderWriter, facts: RunRecord) {
    var run = SampleRun(failuresPerSecond: 1)
    run.microseconds = { second, request in Int64(1000 + (second * 7919 + request * 104_729) % 250_000) }
    let writer = try RunFolderWriter(resultsDirectory: disk.path, record: run.record(), failureKinds: SampleRun.kinds)
    var facts = run.record()
    for second in 0..<seconds {
      run.writeSecond(second % 70, to: writer, into: &facts)
      for key in 0..<20 {
        writer.ledger.append(
          LedgerEntry(key: "\(second)-\(key)", state: .sending, scenario: "s", step: "t", at: .now()))
      }
      writer.flush()
    }
    facts.ended = Timestamp(millisecondsSinceEpoch: facts.started.millisecondsSinceEpoch + 70_000)
    return (writer, facts)
  }

  @Test func aDiskThatFillsUpCostsLinesNotTheRecord() throws {
    let disk = try #require(SmallDisk(kibibytes: 2048))
    let (writer, facts) = try fill(disk, seconds: 1500)
    let trouble = try #require(writer.trouble)
    #expect(trouble.code == ENOSPC && trouble.isStorageTrouble)
    let record = writer.finish(record: facts, samples: Samples(slowest: [], failures: [:])) { _ in "# summary\n" }
    #expect(writer.trouble == trouble, "the first failure is the one that is told")
    #expect(record.verdict == .inconclusive)
    #expect(record.notes.contains { $0.contains("No space left on device") })
    #expect(record.reasons.contains { $0.contains("do not add up") })
    for file in ["series.csv", "response.hlog", "service.hlog", "generator.csv", "ledger.jsonl", "journeys.hlog"] {
      let bytes = try FileCalls.read(path: writer.directory + "/" + file)
      #expect(bytes.isEmpty || bytes.last == UInt8(ascii: "\n"), "\(file)")
    }
    #expect(try RunFolder.open(writer.directory).record == record)
    #expect(RunFolder.verify(writer.directory) == [])
    #expect(try FileCalls.read(path: writer.directory + "/summary.md") == Array("# summary\n".utf8))
    #expect(!FileCalls.exists(writer.directory + "/" + RunFolderWriter.reserveName))
  }

  @Test func aDiskWithoutRoomFromTheBeginIsToldAndSurvived() throws {
    for kibibytes in [8, 40, 200, 1100] {
      let disk = try #require(SmallDisk(kibibytes: kibibytes))
      do {
        let (writer, facts) = try fill(disk, seconds: 70)
        #expect(writer.trouble?.code == ENOSPC)
        let record = writer.finish(record: facts, samples: Samples(slowest: [], failures: [:])) { _ in "" }
        #expect(record.verdict != .pass)
      } catch let error as FileError {
        #expect(error.code == ENOSPC)
      }
    }
  }

  @Test func aWriteThatIsCutShortLeavesWholeLines() throws {
    let disk = try #require(SmallDisk(kibibytes: 64))
    let trouble = DiskTrouble()
    var file = try AppendFile(path: disk.path + "/a", trouble: trouble)
    let line = String(repeating: "x", count: 999) + "\n"
    for _ in 0..<200 {
      file.append(line)
      file.flush()
    }
    let size = try FileCalls.read(path: disk.path + "/a").count
    #expect(size % 1000 == 0 && size > 50_000)
    #expect(file.lostLines == 200 - size / 1000)
    #expect(trouble.first?.code == ENOSPC)
    // One big write at once.
    let other = try #require(SmallDisk(kibibytes: 64))
    var second = try AppendFile(path: other.path + "/a", trouble: trouble)
    for _ in 0..<200 { second.append(line) }
    second.flush()
    #expect(try FileCalls.read(path: other.path + "/a").count % 1000 == 0)
    #expect(second.lostLines > 100)
  }
}
