// SPDX-License-Identifier: Apache-2.0
import Foundation
import Judgement
import Testing

@testable import Results

@Suite struct LedgerTests {
  let directory = TemporaryDirectory()

  @Test func everyFalseTotalIsFound() throws {
    let (path, record) = try SampleRun(peakSeconds: 12, failuresPerSecond: 1).folder(in: directory)
    let changes: [(String, (inout RunRecord) -> Void)] = [
      ("arrivals in run.json do not add up", { $0.arrivals.cut += 1 }),
      ("totals in run.json do not add up", { $0.totals.inFlight += 1 }),
      ("totals: run.json and series.csv differ", { $0.totals.refused += 1 }),
      ("totals in run.json do not add up", { $0.totals.failedByKind["timeout"] = 0 }),
      (
        "arrivals: run.json and series.csv differ",
        {
          $0.arrivals.completed -= 1
          $0.arrivals.failed += 1
        }
      ),
    ]
    for (message, change) in changes {
      var changed = record
      change(&changed)
      #expect(RunFolder(directory: path, record: changed).ledgerMismatches().contains(message), "\(message)")
    }
    #expect(RunFolder(directory: path, record: record).ledgerMismatches() == [])
  }

  @Test(arguments: [
    ("2,peak,reservation,search,5,4,4,0,0,0,0,4,0,0,0,0,,,,,,", "due = sent + unsent"),
    ("2,peak,reservation,search,4,4,3,0,0,0,0,3,0,0,0,0,,,,,,", "due = sent + unsent"),
    ("2,peak,reservation,search,4,4,4,5,0,0,0,4,0,0,0,0,,,,,,", "due = sent + unsent"),
    ("2,peak,reservation,,,,,,,,,,,,,,5,4,0,4,0,0", "planned = started + unsent"),
    ("2,peak,reservation,search,1,1,1,0,0,0,0,0,0,0,0,0,,,,,,", "by their last byte"),
    ("2,peak,reservation,search,1,1,1,0,0,0,0,1,0,0,0,0,,,,,,", "response.hlog"),
    ("2,peak,reservation,search,1,1,0,0,0,1,0,0,0,0,0,0,,,,,,", "failed requests in service.hlog"),
    ("2,peak,reservation,,,,,,,,,,,,,,1,1,0,1,0,0", "completed journeys"),
    ("2,peak,reservation,,,,,,,,,,,,,,1,1,0,0,0,1", "cut journeys"),
  ])
  func everyFalseRowIsFound(row: String, message: String) throws {
    let (path, _) = try SampleRun(peakSeconds: 2).folder(in: directory)
    let url = URL(fileURLWithPath: path + "/series.csv")
    try (String(contentsOf: url, encoding: .utf8) + row + "\n").write(to: url, atomically: true, encoding: .utf8)
    let found = try RunFolder.open(path).ledgerMismatches()
    #expect(found.contains { $0.contains(message) }, "\(found)")
  }

  @Test func aLedgerLineIsOneJSONObject() throws {
    let entry = LedgerEntry(
      key: "a\"b\\c\n\u{1}\u{7F}ü", state: .sending, scenario: "reservation", step: "book",
      at: Timestamp(millisecondsSinceEpoch: 1_795_180_502_123))
    let line = LedgerWriter.line(entry)
    #expect(line.last == UInt8(ascii: "\n") && line.dropLast().allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    #expect(try JSONDecoder().decode(LedgerEntry.self, from: Data(line)) == entry)
  }

  @Test func linesReachTheFileWithTheFlushBeforeTheRequest() async throws {
    let run = SampleRun(peakSeconds: 1)
    let writer = try RunFolderWriter(resultsDirectory: directory.path, record: run.record(), failureKinds: [])
    let file = writer.directory + "/ledger.jsonl"
    let ledger = writer.ledger
    let entry = LedgerEntry(key: "k", state: .sending, scenario: "s", step: "t", at: .now())
    ledger.append(entry)
    #expect(try FileCalls.read(path: file).isEmpty)
    ledger.flush()
    #expect(try FileCalls.read(path: file) == LedgerWriter.line(entry))
    // From several threads: whole lines, none lost.
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask {
          for index in 0..<500 {
            ledger.append(
              LedgerEntry(key: "\(worker)-\(index)", state: .acked, scenario: "s", step: "t", at: .now()))
            if index % 7 == 0 { ledger.flush() }
          }
          ledger.flush()
        }
      }
    }
    let keys = try FileCalls.read(path: file).split(separator: UInt8(ascii: "\n"))
      .map { try JSONDecoder().decode(LedgerEntry.self, from: Data($0)).key }
    #expect(Set(keys).count == 2001)
  }

  /// Key, and its states in order; nil: nothing of it is left.
  @Test(arguments: [
    ("sending acked", "acked"), ("sending acked closed", nil), ("sending refused", nil),
    ("sending indeterminate", "indeterminate"), ("sending", "indeterminate"),
    // With retries: the first try may have come through.
    ("sending indeterminate sending acked", "acked"), ("sending indeterminate sending acked closed", nil),
    ("sending indeterminate sending refused", "indeterminate"), ("sending refused sending acked", "acked"),
  ])
  func whatIsLeftInTheTarget(states: String, expected: String?) {
    var reader = LedgerBook()
    for key in ["a\"b\\", "ü"] {
      for state in states.split(separator: " ").compactMap({ LedgerState(rawValue: String($0)) }) {
        let entry = LedgerEntry(key: key, state: state, scenario: "s", step: "t", at: .now())
        reader.take(LedgerWriter.line(entry).dropLast())
      }
    }
    #expect(reader.left == (expected == nil ? [] : [0, 1]))
    #expect(reader.left.map { "\(reader.writes[$0].answer)" } == (expected.map { [$0, $0] } ?? []))
    #expect(reader.unreadableLines == 0)
    for line in ["", "{}", #"{"at":"x","key":"k","scenario":"s","state":"lost","step":"t"}"#, #"{"at":"x","key":"\"#] {
      reader.take(Array(line.utf8)[...])
    }
    #expect(reader.unreadableLines == 4)
  }

  @Test func moreKeysThanAreShown() throws {
    let path = directory.path + "/ledger.jsonl"
    var bytes: [UInt8] = []
    for state in [LedgerState.sending, .acked] {
      for number in 0..<20_000 {
        bytes += LedgerWriter.line(
          LedgerEntry(key: "key-\(number)", state: state, scenario: "s", step: "t", at: .now()))
      }
    }
    for number in 0..<1000 where number % 2 == 0 {
      bytes += LedgerWriter.line(
        LedgerEntry(key: "key-\(number)", state: .closed, scenario: "s", step: "t", at: .now()))
    }
    try Data(bytes + Array("{\"at\":\"20".utf8)).write(to: URL(fileURLWithPath: path))
    let reader = try LedgerBook(paths: [path])
    #expect(reader.left.count == 19_500)
    #expect(reader.shown.map(\.key) == (0..<20).map { "key-\($0 * 2 + 1)" })
    #expect(reader.unreadableLines == 1)
  }
}
