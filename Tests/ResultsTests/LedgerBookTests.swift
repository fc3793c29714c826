// SPDX-License-Identifier: Apache-2.0
import Foundation
import Judgement
import Testing

@testable import Results

/// What a ledger comes to: every answer of the target against every result of reading back.
@Suite struct LedgerBookTests {
  let directory = TemporaryDirectory()

  private func line(_ key: String, _ state: LedgerState, found: Int? = nil, reason: String? = nil) -> [UInt8] {
    LedgerWriter.line(
      LedgerEntry(
        key: key, state: state, scenario: "s", step: "book", at: Timestamp(millisecondsSinceEpoch: 0), found: found,
        reason: reason))
  }

  private func book(_ lines: [[UInt8]], file: String = "ledger.jsonl") throws -> LedgerBook {
    let path = directory.path + "/" + file
    try Data(lines.flatMap(\.self)).write(to: URL(fileURLWithPath: path))
    return try LedgerBook(paths: [path])
  }

  /// The states in order, what reading found (nil: nothing was learned), the figure it counts in, whether it is left.
  @Test(
    arguments: [
      ("sending acked", 1, "kept", true), ("sending acked", 0, "lost", false), ("sending acked", 2, "duplicated", true),
      ("sending acked", nil, "unknown", true),
      ("sending acked closed", 0, "gone", false), ("sending acked closed", 1, "stillThere", true),
      ("sending acked closed", nil, "unknown", false), ("sending acked closed", 3, "duplicated", true),
      ("sending acked closing", 0, "goneUnclear", false), ("sending acked closing", 1, "kept", true),
      ("sending acked closing closed", 0, "gone", false),
      ("sending indeterminate", 0, "notWritten", false), ("sending indeterminate", 1, "recovered", true),
      ("sending", 1, "recovered", true), ("sending", nil, "unknown", true),
      ("sending refused", 0, "absent", false), ("sending refused", 1, "unexpected", true),
      ("sending refused", nil, "unknown", false),
      // Tries of one key: what was acknowledged stays so, and a refusal does not undo a try that may have come through.
      ("sending indeterminate sending refused", 1, "recovered", true),
      ("sending acked sending refused", 0, "lost", false), ("sending acked sending indeterminate", 0, "lost", false),
      ("sending refused sending acked", 0, "lost", false), ("sending acked closed sending", 0, "notWritten", false),
    ] as [(String, Int?, String, Bool)])
  func everyStateHasItsFinding(states: String, found: Int?, finding: String, isLeft: Bool) throws {
    var lines = states.split(separator: " ").compactMap { LedgerState(rawValue: String($0)) }.map { line("k", $0) }
    lines.append(found.map { line("k", .read, found: $0) } ?? line("k", .unread, reason: "status 500"))
    let book = try book(lines)
    let figures = book.figures { _ in true }
    let counts = try counts(figures)
    for name in Self.outcomes { #expect(counts[name] == (name == finding ? 1 : 0), "\(name)") }
    #expect(figures.writes == 1)
    #expect(figures.writes == figures.acknowledged + figures.refused + figures.indeterminate)
    #expect(book.left.count == (isLeft ? 1 : 0))
    let isNamed = ["lost", "duplicated", "stillThere", "unexpected", "unknown"].contains(finding)
    #expect(figures.named.map(\.finding.rawValue) == (isNamed ? [finding] : []))
    #expect(figures.named.first?.reason == (finding == "unknown" ? "status 500" : nil))
  }

  private static let outcomes = [
    "kept", "lost", "duplicated", "recovered", "notWritten", "gone", "goneUnclear", "stillThere", "absent",
    "unexpected", "unknown", "unchecked",
  ]

  private func counts(_ figures: LedgerFigures) throws -> [String: Int] {
    let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(figures))
    return try #require(object as? [String: Any]).compactMapValues { $0 as? Int }
  }

  @Test func aStepWithoutReadIsUncheckedAndNotUnknown() throws {
    let book = try book([line("k", .sending), line("k", .acked)])
    #expect(book.figures { _ in false }.unchecked == 1)
    #expect(book.figures { $0 == "s/book" }.unknown == 1)
  }

  @Test func theLastReadCountsAndALaterFileGoesOn() throws {
    let first = try book([line("k", .sending), line("k", .acked), line("k", .read, found: 1)])
    #expect(first.left == [0])
    let later = directory.path + "/later.jsonl"
    try Data(line("k", .closed) + line("k", .read, found: 0)).write(to: URL(fileURLWithPath: later))
    let both = try LedgerBook(paths: [directory.path + "/ledger.jsonl", later])
    #expect(both.writes.count == 1 && both.left.isEmpty)
  }

  @Test func valuesComeBackAsTheyWereWritten() throws {
    let values = Array(#"{"booking":"a\"}","guests":{"row":3}}"#.utf8)
    var acked = LedgerEntry(key: "k \"é\"", state: .acked, scenario: "s", step: "book", at: .now(), values: values)
    let path = directory.path + "/ledger.jsonl"
    var bytes = LedgerWriter.line(
      LedgerEntry(key: acked.key, state: .sending, scenario: "s", step: "book", at: .now(), values: Array("{}".utf8)))
    bytes += LedgerWriter.line(acked)
    acked.values = []
    bytes += LedgerWriter.line(acked)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let book = try LedgerBook(paths: [path])
    #expect(book.unreadableLines == 0)
    let entry = try book.entry(0)
    #expect(entry.key == acked.key && entry.values == values)
  }

  @Test(arguments: [
    #"{"at":"x","key":"k","scenario":"s","state":"read","step":"t","found":}"#,
    #"{"at":"x","key":"k","scenario":"s","state":"read","step":"t","found":99999999999}"#,
    #"{"at":"x","key":"k","scenario":"s","state":"acked","step":"t","values":3}"#,
    #"{"at":"x","key":"k","scenario":"s","state":"acked","step":"t","values":{}"#,
    #"{"at":"x","key":"k","scenario":"s","state":"unread","step":"t","reason":"x}"#,
    #"{"at":"x","key":"k","scenario":"s","state":"acked","step":"t"},"#,
  ])
  func aDamagedLineIsCounted(text: String) {
    var book = LedgerBook()
    book.take(Array(text.utf8)[...])
    #expect(book.unreadableLines == 1 && book.writes.isEmpty)
  }

  /// The one path to a verdict: from the folder alone.
  @Test(
    arguments: [
      ("acked", 1, "kept", Verdict.pass), ("acked", 0, "LOST", .fail), ("acked", 2, "more than once", .fail),
      ("acked", nil, "could not be read back", .inconclusive), ("closed", 1, "had no effect", .fail),
      ("indeterminate", 0, "", .pass), ("refused", 1, "", .pass),
    ] as [(String, Int?, String, Verdict)])
  func theFolderJudgesItsLedger(state: String, found: Int?, reason: String, verdict: Verdict) throws {
    var (path, record) = try SampleRun(peakSeconds: 12).folder(in: directory)
    let before = RunFolder(directory: path, record: record).completed()?.verdict
    record.plan.steps[0].readBack = true
    let name = record.plan.steps[0]
    var lines: [UInt8] = []
    for state in [LedgerState.sending, LedgerState(rawValue: state)!] {
      lines += LedgerWriter.line(
        LedgerEntry(key: "key-1", state: state, scenario: name.scenario, step: name.step, at: .now()))
    }
    if let found {
      lines += LedgerWriter.line(
        LedgerEntry(key: "key-1", state: .read, scenario: name.scenario, step: name.step, at: .now(), found: found))
    }
    try Data(lines).write(to: URL(fileURLWithPath: path + "/ledger.jsonl"))
    let again = try #require(RunFolder(directory: path, record: record).completed())
    #expect(again.verdict == Verdict.worst(of: [before ?? .pass, verdict]))
    #expect(again.ledger?.writes == 1)
    guard verdict != .pass else { return #expect(!again.reasons.contains { $0.contains("writes") }) }
    #expect(again.reasons.contains { $0.contains(reason) }, "\(again.reasons)")
    if verdict == .fail { #expect(again.reasons.first?.contains("key-1") == true) }
  }

  /// `lost == 0` and `duplicated == 0`, from the folder.
  @Test(
    arguments: [
      ("lost == 0", "acked", 1, Verdict.pass), ("lost == 0", "acked", 0, .fail), ("lost <= 1", "acked", 0, .pass),
      ("lost == 0", "acked", nil, .inconclusive), ("duplicated == 0", "acked", 2, .fail),
      ("duplicated == 0", "acked", 1, .pass), ("lost == 0", "refused", 0, .inconclusive),
      ("lost == 0", "indeterminate", 0, .inconclusive),
    ] as [(String, String, Int?, Verdict)])
  func rulesAreJudgedByTheReadBack(rule: String, state: String, found: Int?, verdict: Verdict) throws {
    var (path, record) = try SampleRun(peakSeconds: 12).folder(in: directory)
    record.plan.steps[0].readBack = true
    record.settings.thresholds = [rule]
    let name = record.plan.steps[0]
    let states =
      [(LedgerState.sending, nil), (LedgerState(rawValue: state)!, nil)] + (found.map { [(.read, $0)] } ?? [])
    let lines = states.flatMap { state, found in
      LedgerWriter.line(
        LedgerEntry(key: "k", state: state, scenario: name.scenario, step: name.step, at: .now(), found: found))
    }
    try Data(lines).write(to: URL(fileURLWithPath: path + "/ledger.jsonl"))
    let again = try #require(RunFolder(directory: path, record: record).completed())
    #expect(again.thresholds.map(\.verdict) == [verdict], "\(again.thresholds)")
  }

  @Test func aRuleOnWritesWithoutAnyProvesNothing() throws {
    var (path, record) = try SampleRun(peakSeconds: 12).folder(in: directory)
    record.settings.thresholds = ["lost == 0"]
    let again = try #require(RunFolder(directory: path, record: record).completed())
    #expect(again.verdict == .inconclusive && again.ledger == nil)
  }
}
