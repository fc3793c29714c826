// SPDX-License-Identifier: Apache-2.0
import Judgement
import Results
import TestServers
import Testing

@testable import Load

/// Whether figures can be believed: against a server that stands still, and against one that keeps a log.
extension RealRuns {
  @Suite(.disabled(if: isSanitized, "times mean nothing under the thread sanitizer")) struct Measuring {
    /// One stall of 2 s in a run of 20 s at 1,000/s. What waited is 2,000 of 20,000 requests, evenly from 2 s to 0: the
    /// 99th percentile is 1.8 s, the 95th 1.0 s. A tool that lets itself be slowed down by the target sees neither.
    @Test func aStallIsSeenInFull() throws {
      _ = MachineProbe.raiseDescriptorLimit(to: 8192)
      try whenQuiet {
        // Both at once, their stalls apart, to save time.
        let runs = try together([(slots: 10_000, stallAt: 4), (slots: 50, stallAt: 12)]) { slots, stallAt in
          let stall = StallWindow(
            fromNanoseconds: Int64(stallAt) * 1_000_000_000, lengthNanoseconds: 2_000_000_000, afterRequest: 0)
          let fixture = try Fixture(TestServer(always: .answer(), settings: ServerSettings(stall: stall)))
          return try fixture.run(
            try fixture.program(
              [Fixture.scenario(["/"])], phases: [Fixture.open(rate: 1000, seconds: 20)], maxInFlight: slots),
            thresholds: ["p(95) < 300ms"], confidence: nil)
        }
        var findings = Findings()
        for run in runs { try lookAtStall(run, &findings) }
        // Without a limit nobody waits for a slot, and service time shows what response time does.
        let unlimited = runs[0].record
        findings.expect(unlimited.steady?.service.p99, near: 1800, within: 90, "service p99 without a limit")
        findings.expect(unlimited.generator?.blocked.max, near: 0, within: 1, "blocked without a limit")
        try lookAtSlots(runs[1], &findings)
        return findings
      }
    }

    private func lookAtStall(_ run: Fixture.Finished, _ findings: inout Findings) throws {
      expectLedgersAddUp(run)
      let steady = try #require(run.record.steady)
      #expect(steady.requests == 20_000)
      findings.expect(steady.response.p99, near: 1800, within: 0.05 * 1800, "response p99")
      findings.expect(steady.response.p95, near: 1000, within: 0.1 * 1000, "response p95")
      findings.expect(run.record.generator?.ownLag.p99, near: 0, within: 5, "own lag p99")
    }

    /// 50 requests met the stall; the other 1,950 waited for a slot, which service time does not show.
    private func lookAtSlots(_ run: Fixture.Finished, _ findings: inout Findings) throws {
      let steady = try #require(run.record.steady)
      let generator = try #require(run.record.generator)
      findings.expect(steady.service.p99, near: 0, within: 100, "service p99")
      #expect(try #require(steady.service.max) > 1900)
      #expect(try #require(generator.blocked.max) > 1500)
      #expect(try #require(generator.blocked.p99) > 1000)
      findings.expect(generator.healthy, "\(generator.reasons)")
      findings.expect(run.record.verdict == .fail, "\(run.record.thresholds.map(\.reason))")
    }

    /// Three classes of delay, so that each percentile looked at lies well inside one. What the server itself measured
    /// is the yardstick: where it was late, it says so.
    @Test func percentilesAreThoseOfTheServersLog() throws {
      try whenQuiet {
        let server = try TestServer(settings: ServerSettings(captureLimit: 0, keepsLog: true)) { sequence in
          // A full cycle of 1,000 without order in it.
          switch sequence &* 617 % 1000 {
          case ..<950: 3_000_000
          case ..<995: 30_000_000
          default: 120_000_000
          }
        }
        let fixture = try Fixture(server)
        let finished = try fixture.run(
          try fixture.program([Fixture.scenario(["/"])], phases: [Fixture.open(rate: 2000, seconds: 7)]))
        expectLedgersAddUp(finished)
        let log = server.observed.log.map(\.serviceNanoseconds).sorted()
        #expect(log.count == 14_000)
        let steady = try #require(finished.record.steady)
        var findings = Findings()
        for (q, response, service) in [
          (0.5, steady.response.p50, steady.service.p50), (0.99, steady.response.p99, steady.service.p99),
          (0.999, steady.response.p999, steady.service.p999),
        ] {
          let truth = Double(log[Int((q * Double(log.count)).rounded(.up)) - 1]) / 1e6
          findings.expect(response, near: truth, within: max(0.01 * truth, 0.5), "response, quantile \(q)")
          findings.expect(service, near: truth, within: max(0.01 * truth, 0.5), "service, quantile \(q)")
        }
        return findings
      }
    }
  }
}
