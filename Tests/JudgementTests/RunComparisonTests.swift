// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Judgement

struct RunComparisonTests {
  private typealias Shape = WanderingRun.Shape

  private static func compared(_ first: WanderingRun, _ second: WanderingRun) -> [FigureComparison] {
    compareRuns(first, second, times: true, throughput: true)
  }

  private static func differ(_ found: [FigureComparison]) -> Bool {
    found.contains { $0.outcome == .worse || $0.outcome == .better }
  }

  @Test func aRunDoesNotDifferFromItself() {
    var dice = Dice(seed: 1)
    let run = WanderingRun(Shape(), dice: &dice)
    let found = Self.compared(run, run)
    // Three percentiles and errors of four selections, and the throughput of all.
    #expect(found.count == 17)
    for one in found {
      #expect(one.outcome == .noProvenDifference, "\(one)")
      #expect(one.adjustedP == 1)
      #expect(one.first == one.second)
    }
  }

  /// Ten pairs of equal runs of five minutes.
  @Test(arguments: [3.0, 8, 20])
  func equalRunsDoNotDiffer(wanderSeconds: Double) {
    var dice = Dice(seed: 7)
    var different = 0
    for _ in 0..<10 {
      let shape = Shape(wanderSeconds: wanderSeconds)
      let found = Self.compared(WanderingRun(shape, dice: &dice), WanderingRun(shape, dice: &dice))
      different += Self.differ(found) ? 1 : 0
    }
    #expect(different <= 1)
  }

  @Test func aTenthSlowerIsFound() {
    var dice = Dice(seed: 11)
    var found = 0
    for _ in 0..<10 {
      let first = WanderingRun(Shape(wander: 0.06), dice: &dice)
      let second = WanderingRun(Shape(wander: 0.06, slowness: [1.1, 1.1, 1.1]), dice: &dice)
      let rows = Self.compared(first, second)
      found += rows.contains { $0.outcome == .worse } ? 1 : 0
      #expect(!rows.contains { $0.outcome == .better && $0.figure != .errors }, "\(rows)")
    }
    #expect(found >= 9)
  }
}
