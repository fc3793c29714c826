// SPDX-License-Identifier: Apache-2.0
import Foundation
import Judgement
import Testing

@testable import Results

/// What steps come to, and that a folder alone tells it again.
@Suite struct SmokeRecordTests {
  private static func step(
    _ name: String, _ outcomes: [(SmokeAttempt.Outcome, round: Int)], cause: SmokeStep.Cause? = nil
  ) -> SmokeStep {
    var step = SmokeStep(
      name: name, section: .steps, place: "a.yaml:1:1", method: "GET", path: "/", tags: [], writes: false)
    step.cause = cause
    step.reason = cause.map { "\($0)" }
    step.attempts = outcomes.enumerated().map { index, outcome in
      SmokeAttempt(
        number: index + 1, round: outcome.round, at: Timestamp(millisecondsSinceEpoch: 0), duration: 1, method: "GET",
        url: "http://127.0.0.1/", headers: [], body: nil, traceparent: "", status: 200, answerHeaders: [],
        answer: nil, answerBytes: 0, outcome: outcome.0,
        failure: outcome.0 == .failed ? SmokeFailure(kind: "status", expected: "a", actual: "b", place: "c") : nil)
    }
    return step
  }

  private static func record(_ steps: SmokeStep...) -> SmokeRecord {
    SmokeRecord(
      settings: SmokeSettings(readOnly: false, tags: [], failFast: false, retries: 2, retryPause: 1000),
      scenarios: [SmokeScenario(scenario: "s", about: "", steps: steps)]
    ).judged()
  }

  private let good = Self.step("good", [(.passed, 1)])

  @Test func theVerdictFollowsFromTheSteps() {
    #expect(Self.record(good).verdict == .pass)
    #expect(Self.record(good).reasons == [])
    let flaky = Self.record(good, Self.step("flaky", [(.failed, 1), (.passed, 1)]))
    #expect(flaky.verdict == .inconclusive)
    #expect(flaky.reasons == ["PARTIAL: 1 step passed only on a retry: s/flaky"])
    #expect(flaky.steps[1].status == .passed)
    let failed = Self.record(good, Self.step("bad", [(.failed, 1), (.failed, 1)]))
    #expect(failed.verdict == .fail)
    #expect(failed.reasons == ["1 step failed: s/bad"])
    #expect(failed.totals.failedByKind == ["status": 2])
    #expect(failed.totals.addsUp && failed.arrivals.addsUp)
  }

  /// A failed round is not healed by the next one.
  @Test func everyRoundCounts() {
    let step = Self.step("poll", [(.passed, 1), (.failed, 2), (.passed, 3)])
    #expect(Self.record(step).verdict == .fail)
    #expect(Self.record(step).steps[0].decisive?.number == 2)
  }

  @Test(arguments: SmokeStep.Cause.allCases)
  func aSkippedStepProvesNothingUnlessItWasMeant(cause: SmokeStep.Cause) {
    let record = Self.record(good, Self.step("left out", [], cause: cause))
    #expect(record.verdict == (cause.isOnPurpose ? .pass : .inconclusive))
    #expect(record.reasons.isEmpty == cause.isOnPurpose)
    // Nothing else was checked.
    #expect(Self.record(Self.step("left out", [], cause: cause)).verdict == .inconclusive)
  }

  @Test func aRefusalIsNoProof() {
    let record = Self.record(good, Self.step("book", [(.refused, 1)], cause: .refusal))
    #expect(record.verdict == .inconclusive)
    #expect(record.reasons == ["1 step met a declared refusal: s/book"])
    #expect(record.totals.refused == 1 && record.totals.addsUp)
  }

  @Test func nothingIsInconclusive() {
    #expect(Self.record().verdict == .inconclusive)
    #expect(Self.record().reasons == ["there was nothing to check"])
  }

  @Test func theFolderTellsItAgain() throws {
    let directory = TemporaryDirectory()
    var record = SampleRun().record()
    record.kind = .smoke
    record.plan = PlanRecord(name: "smoke", model: "smoke", mix: [], phases: [], steps: [])
    record.smoke = Self.record(good, Self.step("flaky", [(.failed, 1), (.passed, 1)]))
    let writer = try SmokeFolderWriter(resultsDirectory: directory.path + "/results", record: record)
    writer.addInput(path: "../scenarios/a.yaml", bytes: Array("scenario: a".utf8))
    writer.ledger.append(
      LedgerEntry(key: "k", state: .sending, scenario: "s", step: "good", at: record.started))
    let begun = try #require(RunFolder.open(writer.directory).completed())
    #expect(begun.verdict == .inconclusive)
    #expect(begun.reasons.last == "the run did not come to its end: the record goes as far as it did")
    record.ended = .now()
    let written = writer.finish(
      record: record,
      derived: [
        DerivedFile("summary.md", text: { _, _ in "# smoke\n" }),
        DerivedFile("junit.xml", text: { _, _ in "<testsuites/>" }),
      ])
    #expect(writer.trouble == nil)
    #expect(written.verdict == .inconclusive)
    #expect(written.leftBehindCount == 1)
    #expect(written.totals.sent == 3 && written.totals.ok == 2)
    #expect(RunFolder.verify(writer.directory) == [])
    // A verdict that the attempts do not bear is found out.
    let path = writer.directory + "/run.json"
    let text = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    try Data(text.replacing(#""verdict" : "inconclusive""#, with: #""verdict" : "pass""#).utf8)
      .write(to: URL(filePath: path))
    #expect(RunFolder.verify(writer.directory).contains { $0.hasPrefix("run.json does not follow") })
  }

  /// Files that lack lines, and a walk that was stopped, prove nothing, whatever the steps say.
  @Test func whatIsIncompleteOrStoppedCannotPass() throws {
    let directory = TemporaryDirectory()
    var record = SampleRun().record()
    record.kind = .smoke
    record.plan = PlanRecord(name: "smoke", model: "smoke", mix: [], phases: [], steps: [])
    record.smoke = Self.record(good)
    let writer = try SmokeFolderWriter(resultsDirectory: directory.path + "/results", record: record)
    record.ended = .now()
    func verdict(_ change: (inout RunRecord) -> Void = { _ in }) -> (Verdict?, [String]) {
      var changed = record
      change(&changed)
      let judged = RunFolder(directory: writer.directory, record: changed).completed()
      return (judged?.verdict, judged?.reasons ?? [])
    }
    #expect(verdict() == (.pass, []))
    let incomplete = verdict { $0.notes = [RunRecord.incompleteFiles + "cannot write ledger.jsonl"] }
    #expect(incomplete.0 == .inconclusive && incomplete.1.first?.hasPrefix("not everything could be written") == true)
    let stopped = verdict { $0.stopReason = "the embedded hotel ended" }
    #expect(stopped.0 == .inconclusive && stopped.1.first?.hasSuffix("the embedded hotel ended") == true)
  }

  /// A ledger that lost whole lines after the run is not taken for one in which nothing was lost.
  @Test(arguments: [0, 1]) func aLedgerThatWasCutShortProvesNothing(linesLeft: Int) throws {
    let directory = TemporaryDirectory()
    var record = SampleRun().record()
    record.kind = .smoke
    record.plan = PlanRecord(
      name: "smoke", model: "smoke", mix: [], phases: [],
      steps: [StepRecord(scenario: "s", step: "good", readBack: true)])
    record.smoke = Self.record(good)
    let writer = try SmokeFolderWriter(resultsDirectory: directory.path + "/results", record: record)
    for key in ["k", "l"] {
      for (state, found) in [(LedgerState.sending, nil), (.acked, nil), (.read, 1)] {
        writer.ledger.append(
          LedgerEntry(key: key, state: state, scenario: "s", step: "good", at: record.started, found: found))
      }
    }
    record.ended = .now()
    let written = writer.finish(record: record, derived: [])
    #expect(written.verdict == .pass && written.ledger?.kept == 2, "\(written.reasons)")
    #expect(try RunFolder.open(writer.directory).completed()?.verdict == .pass)
    let ledger = URL(filePath: writer.directory + "/ledger.jsonl")
    let lines = try String(decoding: Data(contentsOf: ledger), as: UTF8.self).split(separator: "\n")
    try Data(lines.prefix(3 * linesLeft).map { $0 + "\n" }.joined().utf8).write(to: ledger)
    #expect(try RunFolder.open(writer.directory).completed()?.verdict == .inconclusive)
  }

  @Test func aRecordWithoutAKindIsOneOfLoad() throws {
    let text = try String(decoding: SampleRun().record().encoded(), as: UTF8.self)
    let older = text.split(separator: "\n").filter { !$0.contains(#""kind""#) && !$0.contains(#""smoke""#) }
    let read = try RunRecord.decoded(from: Data(older.joined(separator: "\n").utf8))
    #expect(read.kind == .load && read.smoke == nil)
  }
}
