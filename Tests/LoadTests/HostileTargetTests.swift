// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results
import TestServers
import Testing
import Transport

@testable import Load

/// Whatever the target does: every arrival and every request is accounted for, in bounded time and memory.
extension RealRuns {
  @Suite struct HostileTargets {
    private struct Target: Sendable {
      var name: String
      var reply: Reply
      var settings = ServerSettings(captureLimit: 0)
      /// The kinds of failure that may be told.
      var kinds: Set<String>
    }

    private static let targets: [Target] = [
      Target(name: "never answers", reply: .neverAnswers, kinds: ["timeout"]),
      Target(name: "garbage", reply: .garbage, kinds: ["protocol-error"]),
      Target(name: "endless headers", reply: .endlessHeaders, kinds: ["headers-too-large"]),
      Target(name: "an endless header line", reply: .endlessHeaderLine, kinds: ["headers-too-large"]),
      Target(name: "endless interim answers", reply: .endlessInformational, kinds: ["headers-too-large"]),
      Target(name: "an endless body", reply: .endlessBody, kinds: ["timeout", "body-too-large"]),
      Target(name: "endless chunks", reply: .endlessChunks, kinds: ["timeout", "body-too-large"]),
      Target(name: "half a body", reply: .halfBody, kinds: ["partial-body"]),
      Target(name: "half a body, then silence", reply: .halfBodyThenSilence, kinds: ["timeout"]),
      Target(name: "no answer", reply: .closesWithoutAnswer, kinds: ["empty-reply"]),
      Target(name: "a reset", reply: .resetsBeforeHeaders, kinds: ["reset", "empty-reply"]),
      Target(name: "a reset in mid-answer", reply: .resetsAfterHeaders, kinds: ["reset", "partial-body"]),
      Target(
        name: "an absurd length", reply: .absurdContentLength, kinds: ["protocol-error", "body-too-large", "timeout"]),
      Target(name: "a negative length", reply: .negativeContentLength, kinds: ["protocol-error", "timeout"]),
      Target(name: "a length of words", reply: .wordContentLength, kinds: ["protocol-error", "timeout"]),
      Target(name: "a chunk without end", reply: .chunkSizeOverflows, kinds: ["protocol-error", "reset"]),
    ]

    /// Most that all of these together may add to what this process holds: 16 servers, 16 runs, 160 requests.
    private static let mostGrowthKiB = 200 << 10

    @Test func everyRequestIsAccountedFor() throws {
      let before = try #require(MachineProbe.residentKiB())
      let began = monotonicNanoseconds()
      let runs = try together(Self.targets) { target in
        let fixture = try Fixture(TestServer(always: target.reply, settings: target.settings))
        var connection = ConnectionSettings()
        connection.discardLimitBytes = 64 << 20
        return try fixture.run(
          try fixture.program(
            [Fixture.scenario(["/"])], phases: [Fixture.open(rate: 10, seconds: 1)], timeoutSeconds: 1,
            drainSeconds: 3, connection: connection))
      }
      for (target, run) in zip(Self.targets, runs) {
        expectLedgersAddUp(run)
        let totals = run.outcome.totals
        #expect(totals.planned == 10 && totals.failed == 10, "\(target.name): \(totals)")
        #expect(run.outcome.arrivals.failed == 10, "\(target.name)")
        #expect(Set(totals.failedByKind.keys).isSubset(of: target.kinds), "\(target.name): \(totals.failedByKind)")
        let kept = run.outcome.samples.failures.values.reduce(0) { $0 + $1.count }
        #expect(kept > 0 && kept <= 5 * totals.failedByKind.count, "\(target.name)")
      }
      #expect(monotonicNanoseconds() - began < 20_000_000_000)
      let growth = try #require(MachineProbe.residentKiB()) - before
      #expect(growth < Self.mostGrowthKiB, "\(growth) KiB")
    }

    /// Kept bodies are limited each; an endless one ends there.
    @Test func anEndlessBodyThatIsKeptEndsAtItsLimit() throws {
      let fixture = try Fixture(TestServer(always: .endlessBody))
      let scenario = try Fixture.scenario(
        yaml: "scenario: s\nsteps:\n  - {name: a, get: /, expect: {body: contains gonogo}}\n")
      var connection = ConnectionSettings()
      connection.bodyLimitBytes = 1 << 20
      let run = try fixture.run(
        try fixture.program(
          [scenario], phases: [Fixture.open(rate: 10, seconds: 1)], timeoutSeconds: 3, connection: connection))
      expectLedgersAddUp(run)
      #expect(run.outcome.totals.failedByKind == ["body-too-large": 10])
    }

    @Test func aTargetKilledInMidRunFailsTheRestOfTheRun() throws {
      let fixture = try Fixture(
        TestServer { $0.sequence == 100 ? Reply([.killServer]) : .answer().delayed(milliseconds: 30) })
      let run = try fixture.run(
        try fixture.program([Fixture.scenario(["/a", "/b"])], phases: [Fixture.open(rate: 100, seconds: 2)]))
      expectLedgersAddUp(run)
      #expect(run.outcome.arrivals.planned == 200 && run.outcome.arrivals.started == 200)
      #expect(run.outcome.totals.ok > 50 && run.outcome.totals.ok <= 100)
      #expect(run.outcome.totals.failed >= 100)
      let kinds = Set(run.outcome.totals.failedByKind.keys)
      #expect(kinds.contains("connect-refused") && kinds.isSubset(of: ["connect-refused", "reset", "empty-reply"]))
      #expect(run.record.verdict == .fail)
    }

    @Test func aCloseAfterEachAnswerCostsNoRequest() throws {
      let fixture = try Fixture(TestServer(always: .answer(), settings: ServerSettings(closing: .afterEachAnswer)))
      let run = try fixture.run(
        try fixture.program([Fixture.scenario(["/a", "/b"])], phases: [Fixture.open(rate: 100, seconds: 1)]))
      expectLedgersAddUp(run)
      #expect(run.outcome.totals.ok == 200)
      #expect(fixture.server.observed.requestCount == 200)
    }

    /// Closed without a word, a request may meet the end of its connection on the way: the target's fault, and counted
    /// as such. What the target saw and what was answered are the same.
    @Test func aCloseWithoutAWordIsNoSilentLoss() throws {
      let fixture = try Fixture(
        TestServer(always: .answer(), settings: ServerSettings(closing: .afterEachAnswerSilently)))
      let run = try fixture.run(
        try fixture.program([Fixture.scenario(["/a", "/b"])], phases: [Fixture.open(rate: 100, seconds: 1)]))
      expectLedgersAddUp(run)
      let totals = run.outcome.totals
      #expect(totals.sent == 200 && totals.ok > 100)
      #expect(fixture.server.observed.requestCount == totals.ok)
      #expect(Set(totals.failedByKind.keys).isSubset(of: ["reset", "empty-reply"]))
    }
  }
}
