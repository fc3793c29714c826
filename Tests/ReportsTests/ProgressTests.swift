// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

@Suite struct ProgressTests {
  private func snapshot() -> ProgressSnapshot {
    ProgressSnapshot(
      phase: "peak", elapsedSeconds: 157.9, totalSeconds: 630, requestsPerSecond: 71.98, p50: 41.2, p95: 182.4,
      p99: 305.9,
      sent: 11_320, errors: 0, inFlight: 14, isHealthy: true, healthNote: nil)
  }

  @Test func threeLines() {
    #expect(
      snapshot().lines(style: TerminalStyle(columns: 80)) == [
        "peak [############.......................................]  25% 2m 37s / 10m 30s",
        "72.0/s  p50 41.2 ms  p95 182 ms  p99 306 ms", "11,320 sent  0 errors  14 in flight  gonogo ok",
      ])
  }

  @Test func aNarrowTerminalLosesNothing() {
    #expect(
      snapshot().lines(style: TerminalStyle(columns: 40)) == [
        "peak [##.........]  25% 2m 37s / 10m 30s",
        "72.0/s  p50 41.2 ms  p95 182 ms", "p99 306 ms",
        "11,320 sent  0 errors  14 in flight", "gonogo ok",
      ])
  }

  @Test func troubleIsPaintedAndCut() {
    var bad = snapshot()
    bad.errors = 3
    bad.isHealthy = false
    bad.healthNote = "own lag p99 was over 6 ms in 40 of 600 steady seconds"
    let lines = bad.lines(style: TerminalStyle(columns: 80, colour: true))
    #expect(
      lines[2]
        == "11,320 sent  \u{1B}[31m3 errors\u{1B}[0m  14 in flight  \u{1B}[33mgonogo NOT HEALTHY: own lag p99 was over...\u{1B}[0m"
    )
  }

  @Test func onePlainLine() {
    #expect(
      snapshot().line()
        == "2m 37s / 10m 30s peak: 72.0/s, p50 41.2 ms, p95 182 ms, p99 306 ms, 11,320 sent, 0 errors, 14 in flight")
    var bad = snapshot()
    bad.isHealthy = false
    bad.healthNote = "own\nlag"
    #expect(bad.line().hasSuffix("in flight, gonogo NOT HEALTHY: own\\nlag"))
  }

  @Test func withoutAnEndThereIsNoBar() {
    var open = snapshot()
    open.totalSeconds = nil
    open.p50 = nil
    let lines = open.lines(style: TerminalStyle(columns: 80))
    #expect(lines[0] == "peak 2m 37s")
    #expect(lines[1].contains("p50 -"))
  }

  @Test(arguments: [40, 41, 57, 80, 120, 200])
  func linesFit(columns: Int) {
    var wide = snapshot()
    wide.phase = String(repeating: "\u{1B}東", count: 50)
    wide.sent = .max / 3
    wide.errors = .max / 5
    wide.elapsedSeconds = 360_000
    for elapsed in [0, 157.9, 630, 9_999_999] {
      wide.elapsedSeconds = elapsed
      for line in wide.lines(style: TerminalStyle(columns: columns)) {
        #expect(TerminalText.width(line) <= columns, "\(line)")
      }
    }
  }
}
