// SPDX-License-Identifier: Apache-2.0
import Foundation
import Judgement
import Testing

@testable import Results

/// F-001, F-002 and what else scenarios mark. Each test begins with a run that passes and takes one thing away.
@Suite struct SmokeItemsTests {
  typealias Send = (outcome: SmokeAttempt.Outcome, status: Int?)

  private static func step(
    _ name: String, via method: String = "GET", writes: Bool = false, _ sends: Send..., cause: SmokeStep.Cause? = nil
  ) -> SmokeStep {
    var step = SmokeStep(
      name: name, section: .steps, place: "s.yaml:1:1", method: method, path: "/", tags: [], writes: writes)
    step.cause = cause
    step.reason = cause.map { "left out for \($0)" }
    step.attempts = sends.enumerated().map { index, send in
      SmokeAttempt(
        number: index + 1, round: 1, at: Timestamp(millisecondsSinceEpoch: 0), duration: 1, method: method,
        url: "http://h/", headers: [], body: nil, traceparent: "", status: send.status, answerHeaders: [], answer: nil,
        answerBytes: 0, outcome: send.outcome,
        failure: send.outcome == .failed
          ? SmokeFailure(kind: "status", expected: "status 404", actual: "200", place: "s.yaml:9:9") : nil)
    }
    return step
  }

  /// Everything is proven.
  private static func passing() -> RunRecord {
    var record = SampleRun().record()
    record.kind = .smoke
    var scenario = SmokeScenario(
      scenario: "reservation", about: "",
      steps: [
        step("book", via: "POST", writes: true, (.passed, 201)), step("read-back", (.passed, 200)),
        step("cancel", via: "DELETE", writes: true, (.passed, 204)), step("gone", (.passed, 404)),
      ])
    scenario.marks = [SmokeMark(item: "F-002", steps: ["book", "read-back", "cancel", "gone"])]
    var smoke = SmokeRecord(
      settings: SmokeSettings(readOnly: false, tags: [], failFast: false, retries: 2, retryPause: 1000),
      scenarios: [scenario])
    smoke.coverage = CoverageRecord(
      source: "/openapi.json",
      operations: [
        CoveredOperation(operation: "POST /r", called: 1), CoveredOperation(operation: "GET /r/{id}", called: 2),
        CoveredOperation(operation: "DELETE /admin/{id}", called: 0, ignored: "destroys data"),
      ], gaps: [])
    record.smoke = smoke
    return record
  }

  private func items(doubts: [String] = [], _ change: (inout RunRecord, inout SmokeRecord) -> Void = { _, _ in })
    throws -> [ItemRecord]
  {
    var record = Self.passing()
    var smoke = try #require(record.smoke)
    change(&record, &smoke)
    record.smoke = smoke.judged()
    return smokeItems(record, doubts: doubts)
  }

  private func item(
    _ id: String, doubts: [String] = [], _ change: (inout RunRecord, inout SmokeRecord) -> Void = { _, _ in }
  ) throws -> ItemRecord {
    try #require(try items(doubts: doubts, change).first { $0.id == id })
  }

  @Test func allProven() throws {
    let items = try items()
    #expect(items.map(\.id) == ["F-001", "F-002"])
    #expect(items.map(\.status) == [.pass, .pass])
    #expect(items[0].reason == "4 steps passed and 2 operations called, 1 ignored with a reason")
    #expect(
      items[1].reason
        == "booked by reservation/book (201), read back by reservation/read-back (200), cancelled by reservation/cancel"
        + " (204), gone by reservation/gone (404)")
  }

  @Test func aLoadRunMarksNone() throws {
    #expect(smokeItems(SampleRun().record(), doubts: []) == [])
  }

  // MARK: F-001

  @Test func aFailedStepFails() throws {
    let item = try item("F-001") { $1.scenarios[0].steps[1] = Self.step("read-back", (.failed, 500), (.failed, 500)) }
    #expect(item.status == .fail)
    #expect(item.reason == "1 step failed: reservation/read-back")
  }

  @Test func anOperationThatWasNeverCalledFails() throws {
    let item = try item("F-001") { $1.coverage?.operations.append(CoveredOperation(operation: "GET /x", called: 0)) }
    #expect(item.status == .fail)
    #expect(item.reason == "1 operation of 4 never called: GET /x")
  }

  /// Whatever the list of gaps says: it follows from the operations.
  @Test(arguments: ["", "  "]) func aWaiverWithoutAReasonIsAGap(reason: String) throws {
    let item = try item("F-001") { $1.coverage?.operations[2].ignored = reason }
    #expect(item.status == .fail)
    #expect(item.reason.contains("DELETE /admin/{id}"))
  }

  @Test func passedOnlyOnARetryIsPartial() throws {
    let item = try item("F-001") { $1.scenarios[0].steps[3] = Self.step("gone", (.failed, 200), (.passed, 404)) }
    #expect(item.status == .partial)
    #expect(item.reason == "1 step passed only on a retry: reservation/gone")
  }

  @Test func withoutAListOfOperationsItIsPending() throws {
    let unknown = try item("F-001") { $1.coverage = nil }
    #expect(unknown.status == .pending && unknown.reason == "nothing says which operations the target has")
    let missing = try item("F-001") {
      $1.coverage = nil
      $1.coverageMissing = "the target has no OpenAPI document at /openapi.json: it answers 404"
    }
    #expect(missing.status == .pending && missing.reason.hasSuffix("it answers 404"))
    let empty = try item("F-001") { $1.coverage?.operations = [] }
    #expect(empty.status == .pending && empty.reason == "/openapi.json lists no operation")
  }

  @Test(arguments: SmokeStep.Cause.allCases)
  func aStepThatWasLeftOutIsPending(cause: SmokeStep.Cause) throws {
    let item = try item("F-001") { $1.scenarios[0].steps[3] = Self.step("gone", cause: cause) }
    // The step's own condition says that it is not needed here; the operations say whether that is so.
    let isNeedless = cause == .condition || cause == .nothingToCleanUp
    #expect(item.status == (isNeedless ? .pass : .pending))
    if !isNeedless { #expect(item.reason == "1 step left out: reservation/gone") }
    // A gap behind it is not the target's fault, unless nothing was left out but what is needless.
    let gap = try self.item("F-001") {
      $1.scenarios[0].steps[3] = Self.step("gone", cause: cause)
      $1.coverage?.operations[0].called = 0
    }
    #expect(gap.status == (isNeedless ? .fail : .pending))
  }

  @Test func aRefusalIsNoProof() throws {
    let item = try item("F-001") {
      $1.scenarios[0].steps[0] = Self.step("book", via: "POST", writes: true, (.refused, 409), cause: .refusal)
    }
    #expect(item.status == .pending)
  }

  @Test func aRunOfSomeStepsIsPending() throws {
    let tagged = try item("F-001") { $1.settings.tags = ["booking"] }
    #expect(tagged.status == .pending && tagged.reason == "only steps tagged booking were meant")
    // Everything was read-only by itself, but for what nobody called.
    let reading = try item("F-001") {
      $1.settings.readOnly = true
      $1.coverage?.operations[0].called = 0
    }
    #expect(reading.status == .pending)
    let named = try item("F-001") {
      $1.settings.partial = true
      $1.coverage?.operations[0].called = 0
    }
    #expect(
      named.status == .pending && named.reason.hasSuffix("(only scenarios named on the command line were walked)"))
    #expect(try item("F-001") { $1.settings.partial = true }.status == .pass, "they called everything")
    let failed = try item("F-001") {
      $1.settings.tags = ["booking"]
      $1.scenarios[0].steps[1] = Self.step("read-back", (.failed, 500))
    }
    #expect(failed.status == .fail)
  }

  @Test func nothingCheckedIsPending() throws {
    let item = try item("F-001") { $1.scenarios = [] }
    #expect(item.status == .pending && item.reason == "no step was checked")
  }

  @Test func doubtfulFilesProveNothing() throws {
    let items = try items(doubts: ["ledger.jsonl is missing"])
    #expect(items.map(\.status) == [.pending, .pending])
    #expect(items.map(\.reason) == ["ledger.jsonl is missing", "ledger.jsonl is missing"])
  }

  @Test func theWorstDecides() throws {
    let item = try item("F-001", doubts: ["doubt"]) {
      $1.scenarios[0].steps[1] = Self.step("read-back", (.failed, 500))
      $1.scenarios[0].steps[3] = Self.step("gone", (.failed, 200), (.passed, 404))
    }
    #expect(item.status == .fail && item.reason == "1 step failed: reservation/read-back")
  }

  // MARK: F-002

  @Test(arguments: 0..<4) func eachPartMustPass(part: Int) throws {
    let names = ["book", "read-back", "cancel", "gone"]
    let writes = part % 2 == 0
    let method = ["POST", "GET", "DELETE", "GET"][part]
    let status = [201, 200, 204, 404][part]
    func changed(_ step: SmokeStep) throws -> ItemRecord {
      try item("F-002") { $1.scenarios[0].steps[part] = step }
    }
    let failed = try changed(Self.step(names[part], via: method, writes: writes, (.failed, 200)))
    #expect(failed.status == .fail)
    #expect(failed.reason == "reservation/\(names[part]) failed: expected status 404, got 200")
    let skipped = try changed(Self.step(names[part], via: method, writes: writes, cause: .readOnly))
    #expect(skipped.status == .pending)
    #expect(skipped.reason == "reservation/\(names[part]) was left out: left out for readOnly")
    let flaky = try changed(Self.step(names[part], via: method, writes: writes, (.failed, 500), (.passed, status)))
    #expect(flaky.status == .partial)
    let missing = try changed(Self.step("other", via: method, writes: writes, (.passed, status)))
    #expect(missing.status == .pending && missing.reason == "reservation/\(names[part]) is not in the record")
    let other = try changed(Self.step(names[part], via: method, writes: !writes, (.passed, status)))
    #expect(other.status == .pending, "a part that writes where it should read, or the other way round")
  }

  @Test(arguments: [(200, ItemStatus.pass), (204, .pass), (202, .fail), (302, .fail), (404, .fail)])
  func cancelledIs200Or204(status: Int, expected: ItemStatus) throws {
    let item = try item("F-002") {
      $1.scenarios[0].steps[2] = Self.step("cancel", via: "DELETE", writes: true, (.passed, status))
    }
    #expect(item.status == expected)
    if expected == .fail { #expect(item.reason == "reservation/cancel was answered \(status), not 200 or 204") }
  }

  @Test func bookedIsASuccess() throws {
    let item = try item("F-002") {
      $1.scenarios[0].steps[0] = Self.step("book", via: "POST", writes: true, (.passed, 409))
    }
    #expect(item.status == .fail && item.reason == "reservation/book was answered 409: nothing was booked")
  }

  @Test func whatIsLeftInTheTargetFails() throws {
    let left = try item("F-002") { record, _ in
      record.leftBehind = [LeftBehind(scenario: "reservation", step: "book", key: "k1", state: "acked")]
      record.leftBehindCount = 1
    }
    #expect(left.status == .fail && left.reason == "left in the target by reservation/book: k1 (acked)")
    let ofOthers = try item("F-002") { record, _ in
      record.leftBehind = [LeftBehind(scenario: "chat", step: "say", key: "k1", state: "acked")]
      record.leftBehindCount = 1
    }
    #expect(ofOthers.status == .pass)
    let unknown = try item("F-002") { record, _ in record.leftBehindCount = 30 }
    #expect(unknown.status == .pending)
  }

  @Test func theOrderIsPartOfTheProof() throws {
    let item = try item("F-002") { $1.scenarios[0].steps.swapAt(2, 3) }
    #expect(item.status == .pending)
    #expect(item.reason == "the steps of reservation do not follow each other as named")
  }

  @Test(arguments: [0, 1, 3, 5]) func fourStepsNoMoreNoLess(count: Int) throws {
    let item = try item("F-002") {
      $1.scenarios[0].marks[0].steps = Array(["book", "read-back", "cancel", "gone", "gone"].prefix(count))
    }
    #expect(item.status == .pending)
  }

  /// Two scenarios that mark an item must both prove it.
  @Test func everyScenarioThatMarksItCounts() throws {
    let item = try item("F-002") {
      var second = $1.scenarios[0]
      second.scenario = "suite"
      second.steps[3] = Self.step("gone", (.failed, 200))
      $1.scenarios.append(second)
    }
    #expect(item.status == .fail && item.reason.hasPrefix("suite/gone failed"))
  }

  @Test func otherItemsNeedTheirSteps() throws {
    func x(_ change: (inout SmokeRecord) -> Void = { _ in }) throws -> ItemRecord {
      try item("X-1") {
        $1.scenarios[0].marks.append(SmokeMark(item: "X-1", steps: ["read-back", "gone"]))
        change(&$1)
      }
    }
    #expect(try x() == ItemRecord(id: "X-1", status: .pass, reason: "2 steps of reservation passed"))
    #expect(try x { $0.scenarios[0].steps[3] = Self.step("gone", cause: .tags) }.status == .pending)
    #expect(try x { $0.scenarios[0].marks[1].steps = [] }.status == .pending)
  }

  // MARK: the folder

  /// A gap is no failed step, and all the same the run fails; `report` says the same of the folder alone.
  @Test func aGapFailsTheRun() throws {
    let directory = TemporaryDirectory()
    var record = Self.passing()
    record.plan = PlanRecord(name: "smoke", model: "smoke", mix: [], phases: [], steps: [])
    record.smoke?.coverage?.operations[0].called = 0
    let writer = try SmokeFolderWriter(resultsDirectory: directory.path + "/results", record: record)
    record.ended = .now()
    let written = writer.finish(record: record, derived: [])
    #expect(written.verdict == .fail)
    #expect(written.reasons == ["F-001: 1 operation of 3 never called: POST /r"])
    #expect(written.items.map(\.status) == [.fail, .pass])
    #expect(RunFolder.verify(writer.directory) == [])
    #expect(try RunFolder.open(writer.directory).completed()?.items == written.items)
    // Marks that the steps do not bear are found out.
    let path = writer.directory + "/run.json"
    let text = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    #expect(text.contains(#""status" : "fail""#))
    try Data(text.replacing(#""status" : "fail""#, with: #""status" : "pass""#).utf8).write(to: URL(filePath: path))
    #expect(RunFolder.verify(writer.directory).contains { $0.hasPrefix("run.json does not follow") })
  }

  @Test func pendingDoesNotWorsenTheRun() throws {
    let directory = TemporaryDirectory()
    var record = Self.passing()
    record.plan = PlanRecord(name: "smoke", model: "smoke", mix: [], phases: [], steps: [])
    record.smoke?.coverage = nil
    let writer = try SmokeFolderWriter(resultsDirectory: directory.path + "/results", record: record)
    record.ended = .now()
    let written = writer.finish(record: record, derived: [])
    #expect(written.verdict == .pass && written.reasons == [])
    #expect(written.items.map(\.status) == [.pending, .pass])
  }
}
