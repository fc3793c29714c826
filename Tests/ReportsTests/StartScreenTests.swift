// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Reports

@Suite struct StartScreenTests {
  private func screen() -> StartScreen {
    StartScreen(
      plan: "expected-peak", runId: "01hz7", seed: 42, target: "https://staging.hotel.example", build: "2026.11.2",
      environment: "staging", environmentKind: "staging", demo: false, insecure: false,
      phases: [
        StartScreen.Phase(
          name: "warm-up", seconds: 30, rate: "0..1x peak", meaning: "0..40 arrivals/s = 0..72 requests/s",
          isSteady: false),
        StartScreen.Phase(
          name: "peak", seconds: 600, rate: "1x peak", meaning: "40 arrivals/s = 72 requests/s", isSteady: true),
      ],
      requests: 44_280, writes: 9_840, maxInFlight: 1200, descriptorsNeeded: 1230, descriptorsAllowed: 1_048_576,
      proofs: [
        StartScreen.Proof(
          expression: "p(95) < 300ms @peak", canPass: true, text: "needs 59 requests under 300 ms; 43,200 will be made")
      ], notes: [])
  }

  @Test func aDeclaredEnvironment() throws {
    try expectGolden(screen().text(style: TerminalStyle()), "start-80.txt")
  }

  @Test func everyWarning() throws {
    var worse = screen()
    worse.demo = true
    worse.insecure = true
    worse.environment = nil
    worse.build = nil
    worse.requests = nil
    worse.writes = nil
    worse.maxInFlight = nil
    worse.descriptorsNeeded = nil
    worse.proofs[0].canPass = false
    worse.notes = ["requests go through the proxy http://127.0.0.1:3128\u{1B}[0m"]
    let text = worse.text(style: TerminalStyle(columns: 60))
    try expectGolden(text, "start-warnings-60.txt")
    #expect(text.split(separator: "\n").allSatisfy { shownWidth($0) <= 60 })
  }

  @Test func noWritesIsSaid() {
    var readOnly = screen()
    readOnly.writes = 0
    #expect(readOnly.text(style: TerminalStyle()).contains("WRITES       none"))
  }
}
