// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestPython
import Testing

@testable import Judgement

struct BoundsTests {
  private struct Case {
    var events: Double
    var n: Double
    var level: Double
  }

  private func differsFrom(_ expected: Double, _ actual: Double) -> Bool {
    // Quantiles below 1e-290 are nothing: SciPy itself gives 0 or noise there.
    if expected < 1e-290 && actual < 1e-290 { return false }
    // On random cases with a fraction of an event both sides were seen 5e-10 apart.
    return abs(actual - expected) > 1e-8 * expected
  }

  @Test func boundsAreThoseOfSciPy() throws {
    var rows = 0
    for line in sciPyBounds.split(separator: "\n") {
      let row = line.split(separator: " ").compactMap { Double($0) }
      try #require(row.count == 5)
      rows += 1
      let lower = lowerBound(events: row[0], of: row[1], level: row[2])
      let upper = upperBound(events: row[0], of: row[1], level: row[2])
      #expect(!differsFrom(row[3], lower), "lower bound of \(row): \(lower)")
      #expect(!differsFrom(row[4], upper), "upper bound of \(row): \(upper)")
    }
    #expect(rows == 447)
  }

  @Test(.enabled(if: SciPy.python != nil)) func boundsAreThoseOfSciPyOnRandomCases() throws {
    var dice = Dice(seed: UInt64.random(in: 0..<1000))
    let seed = dice.seed
    let cases = (0..<400).map { _ in
      let n = exp(dice.unit() * 16)
      return Case(events: n * pow(dice.unit(), 4), n: n, level: 0.5 + dice.unit() * 0.4999)
    }
    let answers = try SciPy.bounds(of: cases.map { "\($0.events) \($0.n) \($0.level)" })
    try #require(answers.count == cases.count)
    for (item, answer) in zip(cases, answers) {
      let lower = lowerBound(events: item.events, of: item.n, level: item.level)
      let upper = upperBound(events: item.events, of: item.n, level: item.level)
      #expect(!differsFrom(answer[0], lower), "seed \(seed): lower bound of \(item): \(lower), SciPy \(answer[0])")
      #expect(!differsFrom(answer[1], upper), "seed \(seed): upper bound of \(item): \(upper), SciPy \(answer[1])")
    }
  }

  /// Requests needed without an event, from the literature on early stopping: p95, p99, p99.9 at 95 % and 99 %.
  @Test(arguments: [
    (0.05, 0.95, 59.0), (0.01, 0.95, 299), (0.001, 0.95, 2995), (0.05, 0.99, 90), (0.01, 0.99, 459),
    (0.001, 0.99, 4603),
  ])
  func requestsWithoutAnEvent(share: Double, level: Double, expected: Double) {
    #expect(requestsNeeded(share: share, level: level) == expected)
    #expect(upperBound(events: 0, of: expected, level: level) < share)
    #expect(upperBound(events: 0, of: expected - 1, level: level) > share)
  }

  @Test func inverseUndoesTheFunction() {
    var dice = Dice(seed: 11)
    for _ in 0..<300 {
      let (a, b, share) = (exp(dice.unit() * 12 - 2), exp(dice.unit() * 14 - 2), 0.001 + dice.unit() * 0.998)
      let x = inverseIncompleteBeta(share, a, b)
      // Where the distribution is a spike at 1, no x of 64 bits gives the share back.
      guard x > 1e-250, x < 1 - 1e-9 else { continue }
      #expect(abs(incompleteBeta(x, a, b) - share) < 1e-9, "a \(a) b \(b) share \(share)")
    }
    #expect(incompleteBeta(0, 2, 3) == 0)
    #expect(incompleteBeta(1, 2, 3) == 1)
    #expect(inverseIncompleteBeta(0, 2, 3) == 0)
    #expect(inverseIncompleteBeta(1, 2, 3) == 1)
    // I_x(1, 1) = x, I_x(2, 2) = 3x² - 2x³.
    #expect(abs(incompleteBeta(0.3, 1, 1) - 0.3) < 1e-15)
    #expect(abs(incompleteBeta(0.3, 2, 2) - (0.27 - 0.054)) < 1e-15)
  }

  @Test func boundsEncloseTheShareAndWidenWithLevel() {
    for (events, n) in [(0.0, 40.0), (3, 40), (40, 40), (0.4, 7.5)] {
      var before = (lower: events / n, upper: events / n)
      for level in [0.5, 0.8, 0.95, 0.999] {
        let now = (
          lower: lowerBound(events: events, of: n, level: level), upper: upperBound(events: events, of: n, level: level)
        )
        #expect(now.lower <= before.lower)
        #expect(now.upper >= before.upper)
        before = now
      }
    }
  }
}

/// A Python with SciPy, when the machine has one.
enum SciPy {
  static let python = TestPython.path(importing: "scipy.special")

  static func bounds(of lines: [String]) throws -> [[Double]] {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("bounds.py").path
    let result = try run(python ?? "python3", [script, "--stdin"], input: lines.joined(separator: "\n") + "\n")
    return result.output.split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
  }

  private static func run(
    _ program: String, _ arguments: [String], input: String
  ) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["timeout", "60", program] + arguments
    let (stdin, stdout) = (Pipe(), Pipe())
    process.standardInput = stdin
    process.standardOutput = stdout
    process.standardError = FileHandle.nullDevice
    try process.run()
    // Less than a pipe holds, so nobody waits for anybody.
    try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let output = stdout.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
