// SPDX-License-Identifier: Apache-2.0
import Results
import Scenarios
import Testing

@testable import Load

private let millisecond: Int64 = 1_000_000

@Suite struct SlotGateTests {
  @Test func aFreeSlotMakesEveryDelayOurs() {
    var gate = SlotGate(limit: 2)
    #expect(gate.take(due: 10, at: 10) == (0, 0))
    #expect(gate.take(due: 10, at: 17) == (7, 0))
    #expect(!gate.isOpen)
  }

  @Test func theWaitForASlotIsTheTargets() {
    var gate = SlotGate(limit: 1)
    _ = gate.take(due: 0, at: 0)
    gate.release(at: 100)
    // Due at 40, a slot at 100, sent at 103.
    #expect(gate.take(due: 40, at: 103) == (3, 60))
    gate.release(at: 200)
    // Due after the slot was free: nothing was blocked.
    #expect(gate.take(due: 250, at: 251) == (1, 0))
  }

  @Test func aSlotThatIsFreeAllAlongBlocksNobody() {
    var gate = SlotGate(limit: 3)
    _ = gate.take(due: 0, at: 0)
    _ = gate.take(due: 0, at: 0)
    gate.release(at: 90)
    #expect(gate.take(due: 50, at: 95) == (45, 0))
  }

  @Test func timesAreNeverNegative() {
    var gate = SlotGate(limit: 1)
    _ = gate.take(due: 0, at: 0)
    gate.release(at: 100)
    #expect(gate.take(due: 40, at: 99) == (0, 59))
    #expect(gate.take(due: 120, at: 110) == (0, 0))
  }
}

@Suite struct UserTableTests {
  private func table(worker: Int = 0, of workers: Int = 1) -> UserTable {
    let second = 1000 * millisecond
    let schedule = UserSchedule(
      phases: [.init(startUsers: 3, endUsers: 3), nil, .init(startUsers: 2, endUsers: 2)],
      phaseLengthsNanoseconds: [second, second, second])
    return UserTable(schedule, worker: worker, workerCount: workers)
  }

  private func due(_ table: inout UserTable, _ moment: Int64) -> [(user: Int, needsVisitor: Bool)] {
    var all: [(Int, Bool)] = []
    while let change = table.popDue(moment) { all.append((change.user, change.needsVisitor)) }
    return all
  }

  @Test func whoComesNeedsAVisitor() {
    var table = table()
    #expect(table.nextNanoseconds == 0)
    #expect(due(&table, 0).map(\.needsVisitor) == [true, true, true])
    #expect((0..<3).allSatisfy { table.isPresent($0) })
    #expect(table.nextNanoseconds == 1000 * millisecond)
  }

  @Test func whoIsStillOnALastPassNeedsNone() {
    var table = table()
    for change in due(&table, 0) { table.settle(change.user, as: 10 + change.user) }
    #expect(due(&table, 1000 * millisecond).allSatisfy { !$0.needsVisitor })
    #expect(!table.isPresent(0) && !table.isPresent(1))
    table.leave(0)
    let back = due(&table, 2000 * millisecond)
    #expect(back.first { $0.user == 0 }?.needsVisitor == true)
    #expect(back.first { $0.user == 1 }?.needsVisitor == false)
    #expect(table.isPresent(0) && table.isPresent(1) && !table.isPresent(2))
  }

  @Test func workersShareTheUsers() {
    var first = table(worker: 0, of: 2)
    var second = table(worker: 1, of: 2)
    #expect(due(&first, 0).map(\.user) == [0, 2])
    #expect(due(&second, 0).map(\.user) == [1])
  }

  @Test func nobodyComesAfterADismissal() {
    var table = table()
    _ = due(&table, 0)
    table.dismissAll()
    #expect(table.nextNanoseconds == nil)
    #expect((0..<3).allSatisfy { !table.isPresent($0) })
  }
}

@Suite struct BatchTests {
  /// What one worker said of its own moments must not be taken for another's.
  @Test func aBatchForgetsTheWorkerItCameFrom() {
    let pool = BatchPool()
    let batch = pool.take()
    batch.requestsCompleteBefore = 10
    batch.journeysCompleteBefore = 9
    batch.workerReading = WorkerReading(second: 1, busyShare: 1, inFlight: 0, openConnections: 0, connectionsOpened: 0)
    pool.giveBack(batch)
    let again = pool.take()
    #expect(again === batch)
    #expect(again.requestsCompleteBefore == 0 && again.journeysCompleteBefore == 0)
    #expect(again.workerReading == nil && again.count == 0)
  }

  @Test func whatTookTimeIsNeverNone() {
    #expect(UInt32(microsecondsFrom: 1) == 1)
    #expect(UInt32(microsecondsFrom: 1000) == 1)
    #expect(UInt32(microsecondsFrom: 1001) == 2)
    #expect(UInt32(microsecondsFrom: 0) == 0 && UInt32(microsecondsFrom: -5) == 0)
    #expect(UInt32(microsecondsFrom: .max) == .max)
  }
}

@Suite struct EvidenceTests {
  private func sample(_ milliseconds: Double, due: Int64 = 0) -> Sample {
    Sample(
      traceparent: "", scenario: "s", step: "a", due: Timestamp(millisecondsSinceEpoch: due), response: milliseconds,
      service: 0,
      phases: SamplePhases(nameLookup: nil, connect: nil, tls: nil, firstByte: nil, total: nil, reused: false),
      status: 200, failure: nil, excerpt: nil)
  }

  @Test func theSlowestTwentyAreKept() {
    var evidence = [Evidence(), Evidence()]
    var random = RandomSource(seed: 5, index: 0)
    var all: [Double] = []
    for index in 0..<2000 {
      let microseconds = UInt32(random.next() % 1_000_000)
      all.append(Double(microseconds) / 1000)
      guard evidence[index % 2].keepsSlow(responseMicroseconds: microseconds) else { continue }
      evidence[index % 2].addSlow(sample(Double(microseconds) / 1000), responseMicroseconds: microseconds)
    }
    let kept = Evidence.merge(evidence).slowest.map(\.response)
    #expect(kept == Array(all.sorted(by: >).prefix(20)))
  }

  /// A target that answers everything equally late costs no samples beyond the first.
  @Test func equalTimesAreNotKeptAgain() {
    var evidence = Evidence()
    for _ in 0..<20 { evidence.addSlow(sample(2.003), responseMicroseconds: 2003) }
    #expect(!evidence.keepsSlow(responseMicroseconds: 2003))
    #expect(evidence.keepsSlow(responseMicroseconds: 2004))
  }

  @Test func theFirstFiveFailuresOfEachKindAreKept() {
    var evidence = [Evidence(), Evidence()]
    for index in 0..<40 {
      let kind = UInt8(index % 2)
      for part in 0..<2 where evidence[part].keepsFailure(kind) {
        evidence[part].addFailure(sample(1, due: Int64(2 * index + part)), kind: kind)
      }
    }
    let kept = Evidence.merge(evidence).failures
    #expect(kept.count == 2)
    #expect(
      kept[FailureTable.names[0]]?.map(\.due.millisecondsSinceEpoch) == [0, 1, 4, 5, 8])
  }
}

@Suite struct TraceHeaderTests {
  @Test func theHeaderIsWellFormedAndTellsRunJourneyAndRequest() {
    let trace = TraceHeaders(runID: "0123456789ab")
    let value = trace.value(journey: 0xABC, request: 0x1_0000_0000_0001)
    let parts = value.split(separator: "-")
    #expect(parts.map(\.count) == [2, 32, 16, 2] && parts[0] == "00" && parts[3] == "01")
    #expect(parts[1].hasSuffix("0000000000000abc") && parts[2] == "0001000000000001")
    #expect(value.allSatisfy { $0 == "-" || $0.isHexDigit && !$0.isUppercase })
    #expect(parts[1].prefix(16) != "0000000000000000")
    #expect(
      trace.value(journey: 1, request: 1).prefix(19)
        != TraceHeaders(runID: "x").value(journey: 1, request: 1).prefix(19))
  }

  @Test func aLineIsWrittenInPlace() {
    let trace = TraceHeaders(runID: "r")
    var line = trace.traceparent
    for (journey, request) in [(UInt64.max, UInt64.max), (1, 2)] {
      TraceHeaders.write(journey: journey, request: request, into: &line)
      #expect(
        String(decoding: line, as: UTF8.self) == "traceparent: " + trace.value(journey: journey, request: request))
    }
  }
}
