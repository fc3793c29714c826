// SPDX-License-Identifier: Apache-2.0
import Foundation
import Histogram
import Judgement
import Testing

@testable import Results

@Suite struct DamagedFolderTests {
  let directory = TemporaryDirectory()

  /// What a process leaves that was killed in its 31st second.
  private func killedRun(failuresPerSecond: Int = 1) throws -> String {
    let run = SampleRun(failuresPerSecond: failuresPerSecond)
    let writer = try RunFolderWriter(
      resultsDirectory: directory.path, record: run.record(), failureKinds: SampleRun.kinds)
    var facts = run.record()
    for second in 0..<30 { run.writeSecond(second, to: writer, into: &facts) }
    // Answered, but the second of the last bytes was still open.
    var late = StepCounts()
    late.due = 1
    late.sent = 1
    late.ok = 1
    var time = Histogram()
    time.record(900_000)
    let none = Histogram()
    writer.step(
      0, second: 29, phase: 1, counts: late, responseOk: time, responseFailed: none, serviceOk: time,
      serviceFailed: none)
    writer.flush()
    return writer.directory
  }

  @Test func aKilledRunOpensAsFarAsItGoes() throws {
    let folder = try RunFolder.open(killedRun(failuresPerSecond: 0))
    #expect(folder.problems == [])
    #expect(folder.ledgerMismatches() == [])
    let record = try #require(folder.completed())
    #expect(record.thresholds.map(\.verdict) == [.pass, .pass])
    #expect(record.verdict == .inconclusive)
    #expect(record.reasons.contains { $0.contains("did not come to its end") })
    #expect(record.totals.sent == 30 * 60 + 1)
    #expect(record.steady?.seconds == 20)
    #expect(record.steady?.requests == 20 * 60 + 1)
  }

  /// Opening a pipe that nobody writes to would wait for ever; a file without end would fill the memory.
  @Test func aRecordThatIsNoFileOrHasNoEndIsNotRead() throws {
    mkfifo(directory.path + "/run.json", 0o644)
    #expect(throws: FileError.self) { try RunFolder.open(directory.path) }
    unlink(directory.path + "/run.json")
    #expect(FileManager.default.createFile(atPath: directory.path + "/run.json", contents: nil))
    truncate(directory.path + "/run.json", 5 << 30)
    #expect(throws: FileError.self) { try RunFolder.open(directory.path) }
  }

  @Test func aKilledRunHasNoVerdictToVerify() throws {
    let path = try killedRun()
    #expect(
      RunFolder.verify(path) == [
        "manifest.sha256 is missing", "the run did not come to its end: it has no verdict that could be checked",
      ])
  }

  @Test func withoutRunJSONFiguresAreStillThere() throws {
    let path = try killedRun()
    try FileManager.default.removeItem(atPath: path + "/run.json")
    let folder = try RunFolder.open(path)
    #expect(folder.record == nil)
    #expect(folder.completed() == nil)
    #expect(folder.problems == ["run.json is missing: the run did not come to its end"])
    #expect(try folder.totals(of: Selection()).sent == 30 * 60 + 1)
    #expect(try folder.totals(of: Selection(phase: "peak")).seconds == 20)
    #expect(try folder.quantile(0.5, of: Selection(), measure: .response) != nil)
    #expect(folder.ledgerMismatches() == [])
  }

  @Test func cutLinesAreLeftOutAndSaid() throws {
    let path = try killedRun()
    for file in ["series.csv", "response.hlog", "service.hlog", "journeys.hlog", "generator.csv", "generator.hlog"] {
      let bytes = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)"))
      try bytes.dropLast(7).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
    }
    let folder = try RunFolder.open(path)
    for file in ["series.csv", "response.hlog", "service.hlog", "journeys.hlog", "generator.csv", "generator.hlog"] {
      #expect(folder.problems.contains("\(file) ends in the middle of a line"), "\(folder.problems)")
    }
    #expect(try folder.totals(of: Selection()).sent == 30 * 60)
    #expect(folder.completed()?.verdict == .inconclusive)
  }

  @Test func everyLengthOfEveryFileOpens() throws {
    let path = try killedRun()
    var random = MeasuredRunTests.Generator(state: 11)
    for file in ["series.csv", "response.hlog", "journeys.hlog", "generator.csv", "generator.hlog", "run.json"] {
      let url = URL(fileURLWithPath: "\(path)/\(file)")
      let whole = try Data(contentsOf: url)
      for _ in 0..<12 {
        try whole.prefix(Int.random(in: 0..<whole.count, using: &random)).write(to: url)
        let folder = try RunFolder.open(path)
        #expect(try folder.totals(of: Selection()).sent <= 30 * 60 + 1)
        #expect(folder.completed()?.verdict != .pass)
      }
      try whole.write(to: url)
    }
  }

  @Test func flippedBytesNeverTrap() throws {
    let path = try killedRun()
    var random = MeasuredRunTests.Generator(state: 12)
    for file in ["series.csv", "response.hlog", "journeys.hlog", "generator.csv", "generator.hlog"] {
      let url = URL(fileURLWithPath: "\(path)/\(file)")
      let whole = try Data(contentsOf: url)
      for _ in 0..<10 {
        var damaged = whole
        for _ in 0..<20 {
          damaged[Int.random(in: 0..<whole.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
        try damaged.write(to: url)
        let folder = try RunFolder.open(path)
        _ = folder.ledgerMismatches()
        #expect(folder.completed()?.verdict != .pass)
      }
      try whole.write(to: url)
    }
  }

  @Test(arguments: [
    "1,peak,reservation,search,999999999999999999999,1,1,0,0,0,0,1,0,0,0,0,,,,,,",
    "1,peak,reservation,search,12345678901,1,1,0,0,0,0,1,0,0,0,0,,,,,,",
    "99999999,peak,reservation,search,1,1,1,0,0,0,0,1,0,0,0,0,,,,,,",
    "1,peak,reservation,search,-1,1,1,0,0,0,0,1,0,0,0,0,,,,,,",
    "1,peak,reservation,search,1,1,1,0,0,0,0,1,0,0,0,0,,,,,",
    "1,peak,reservation,search,1,1,1,0,0,0,0,1,0,0,0,0,,,,,,,", "1,peak,%zz,search,1,1,1,0,0,0,0,1,0,0,0,0,,,,,,",
    "x,peak,reservation,search,1,1,1,0,0,0,0,1,0,0,0,0,,,,,,", "1,peak,reservation,,1,,,,,,,,,,,,1,1,0,1,0,0", "", ",",
  ])
  func rowsThatAreNoneAreCountedNotRead(row: String) {
    let format = SeriesFormat(failureKinds: SampleRun.kinds)
    let table = SeriesTable(Array((format.header + row + "\n").utf8), plan: SampleRun().record().plan)
    #expect(table.stepRows.isEmpty && table.journeyRows.isEmpty)
    #expect(table.problems == ["series.csv: 1 lines cannot be read, the first is line 2"])
  }

  @Test func hugeCountsDoNotOverflow() throws {
    let path = try killedRun()
    let url = URL(fileURLWithPath: path + "/series.csv")
    var text = try String(contentsOf: url, encoding: .utf8)
    for _ in 0..<20 {
      text += "12,peak,reservation,search,\(String(repeating: "9", count: 10)),1,1,0,0,0,0,1,0,0,0,0,,,,,,\n"
    }
    try text.write(to: url, atomically: true, encoding: .utf8)
    #expect(try RunFolder.open(path).completed()?.verdict != .pass)
  }

  @Test func whatIsNoRunFolderIsAnError() throws {
    #expect(throws: (any Error).self) { try RunFolder.open(directory.path + "/nowhere") }
    #expect(throws: (any Error).self) { try RunFolder.open(directory.path) }
  }
}
