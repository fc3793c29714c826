// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestPython
import Testing

@testable import Judgement

/// The test of growth: its figures against SciPy's, and how often it is wrong, by seeded simulation.
@Suite struct GrowthTests {
  private static let level = 0.95

  /// Values whose neighbours correlate by `rho`, with a standard deviation of 1.
  private static func series(_ n: Int, rho: Double, _ dice: inout Dice) -> [Double] {
    var value = dice.normal()
    var values = [value]
    let share = (1 - rho * rho).squareRoot()
    for _ in 1..<n {
      value = rho * value + share * dice.normal()
      values.append(value)
    }
    return values
  }

  /// Of so many series, the share with a lower bound over and with an upper bound under `slope`.
  private static func misses(
    _ runs: Int, slope: Double = 0, seed: UInt64, _ make: (inout Dice) -> [Double]
  ) throws -> (over: Double, under: Double) {
    var dice = Dice(seed: seed)
    var (over, under) = (0, 0)
    for _ in 0..<runs {
      let found = try #require(growth(of: make(&dice), level: level))
      if found.lower > slope { over += 1 }
      if found.upper < slope { under += 1 }
    }
    return (Double(over) / Double(runs), Double(under) / Double(runs))
  }

  @Test(arguments: [(6, 0.0), (6, 0.8), (10, 0), (10, 0.5), (10, 0.8), (22, 0.5), (22, 0.9)])
  func flatSeriesDoNotGrow(n: Int, rho: Double) throws {
    let wrong = try Self.misses(600, seed: UInt64(n)) { Self.series(n, rho: rho, &$0) }
    // 5 % and 7 % over many runs; 600 of them scatter by 0.9 points.
    #expect(wrong.over <= 0.07)
    #expect(wrong.under <= 0.095)
  }

  @Test(arguments: [(3.3, 10), (5, 10), (8, 10), (8, 22), (12, 22)])
  func aSawToothDoesNotGrow(period: Double, n: Int) throws {
    let wrong = try Self.misses(300, seed: 3) { dice in
      let phase = dice.unit()
      return (0..<n).map { (Double($0) / period + phase).truncatingRemainder(dividingBy: 1) + 0.05 * dice.normal() }
    }
    #expect(wrong.over <= 0.01)
  }

  @Test(arguments: [6, 10, 46])
  func oneStepIsNoSlope(n: Int) throws {
    let wrong = try Self.misses(300, seed: 4) { dice in
      let place = 1 + Int(dice.unit() * Double(n - 1))
      return (0..<n).map { ($0 >= place ? 1 : 0) + 0.02 * dice.normal() }
    }
    #expect(wrong.over <= 0.01)
  }

  @Test func growthThatSlowsDownIsNotCalledGrowing() throws {
    let wrong = try Self.misses(300, seed: 5) { dice in
      (0..<22).map { -exp(-Double($0) / 4) + 0.01 * dice.normal() }
    }
    #expect(wrong.over == 0)
    let one = try #require(growth(of: (0..<22).map { -exp(-Double($0) / 4) }, level: Self.level))
    #expect(one.isSlowing && one.lower == -.infinity && one.upper > 0)
  }

  /// The limits of the test, as its header tells them: in a short series an end that is yet to come cannot be seen.
  @Test(arguments: [(10, 5.0, 0.7...0.95), (22, 5, 0...0.01), (22, 10, 0.6...0.85), (46, 10, 0...0.01)])
  func growthThatHasNotEndedLooksLikeALeak(n: Int, length: Double, share: ClosedRange<Double>) throws {
    let found = try Self.misses(300, seed: 8) { dice in
      (0..<n).map { -exp(-Double($0) / length) + 0.02 * dice.normal() }
    }
    #expect(share.contains(found.over), "\(found.over)")
  }

  @Test(arguments: [(6, 8.0, 0.2...0.5), (10, 12, 0.15...0.35), (22, 12, 0...0.01), (46, 24, 0...0.01)])
  func aSawToothLongerThanTheSeriesLooksLikeALeak(n: Int, period: Double, share: ClosedRange<Double>) throws {
    let found = try Self.misses(300, seed: 10) { dice in
      let phase = dice.unit()
      return (0..<n).map { (Double($0) / period + phase).truncatingRemainder(dividingBy: 1) + 0.05 * dice.normal() }
    }
    #expect(share.contains(found.over), "\(found.over)")
  }

  @Test(arguments: [(10, 0.0, 10.0, 0.85), (10, 0.5, 30, 0.99), (22, 0.5, 10, 0.85)])
  func aLeakIsFound(n: Int, rho: Double, total: Double, atLeast: Double) throws {
    let found = try Self.misses(300, seed: 6) { dice in
      Self.series(n, rho: rho, &dice).enumerated().map { $1 + total * Double($0) / Double(n) }
    }
    #expect(found.over >= atLeast)
  }

  @Test func aStraightLineAndAFlatOneAreKnownExactly() throws {
    let line = try #require(growth(of: (0..<10).map { 3e8 + 1000 * Double($0) }, level: Self.level))
    #expect(abs(line.slope - 1000) < 1e-6)
    #expect(line.upper - line.lower < 1)
    let flat = try #require(growth(of: Array(repeating: 2e9, count: 8), level: Self.level))
    #expect(flat == Growth(slope: 0, lower: 0, upper: 0, isSlowing: false))
    #expect(growth(of: [1, 2, 3, 4, 5], level: Self.level) == nil)
  }

  /// A line with the usual bounds, which take values for independent, calls such series growing: the test sees the trap.
  @Test func anUncorrectedLineWouldBeWrong() throws {
    var dice = Dice(seed: 9)
    var wrong = 0
    for _ in 0..<600 {
      let values = Self.series(22, rho: 0.8, &dice)
      let n = Double(values.count)
      let middle = (n - 1) / 2
      let mean = values.reduce(0, +) / n
      let sxx = (0..<22).reduce(0.0) { $0 + (Double($1) - middle) * (Double($1) - middle) }
      let slope = values.enumerated().reduce(0.0) { $0 + (Double($1.offset) - middle) * ($1.element - mean) } / sxx
      let squares = values.enumerated().reduce(0.0) { sum, value in
        let residual = value.element - mean - slope * (Double(value.offset) - middle)
        return sum + residual * residual
      }
      let error = (squares / (n - 2) / sxx).squareRoot()
      if slope > studentQuantile(Self.level, degreesOfFreedom: n - 2) * error { wrong += 1 }
    }
    #expect(Double(wrong) / 600 > 0.2)
  }

  @Test func agreesWithSciPy() throws {
    guard let python = TestPython.path(importing: "scipy") else {
      print("skipped: no Python with SciPy")
      return
    }
    var dice = Dice(seed: 11)
    var lists: [[Double]] = []
    for n in [6, 10, 17, 40] {
      for rho in [0, 0.4, 0.7, 0.95] {
        lists.append(Self.series(n, rho: rho, &dice).enumerated().map { $1 + 0.1 * Double($0) })
      }
    }
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "growth.py")
    let input = lists.map { $0.map(\.description).joined(separator: ",") }.joined(separator: ";")
    let output = try TestPython.run([python, script.path(percentEncoded: false), input])
    let rows = output.split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
    try #require(rows.count == lists.count)
    for (values, row) in zip(lists, rows) {
      let found = try #require(growth(of: values, level: Self.level))
      for (ours, theirs) in zip([found.slope, found.lower, found.upper], row) {
        #expect(ours == theirs || abs(ours - theirs) <= 1e-7 * max(1, abs(theirs)), "\(values.count)")
      }
    }
  }
}
