// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Load

/// When the rounds of a watch begin.
@Suite struct SmokeScheduleTests {
  /// Moments of all rounds when each takes so long; the first begins at 0.
  private func rounds(_ schedule: SmokeSchedule, lasting seconds: Double, atMost count: Int = 1000) -> [Double] {
    var moments = [0.0]
    while moments.count < count, let next = schedule.next(afterSeconds: moments[moments.count - 1] + seconds) {
      moments.append(next)
    }
    return moments
  }

  @Test func aLaunchIsWatchedCloselyAtFirst() {
    let moments = rounds(.launch, lasting: 4)
    let hour = 3600.0
    let day = 86_400.0
    #expect(Array(moments.prefix(4)) == [0, 300, 600, 900])
    // Every 5 minutes for 2 hours, then every hour up to 48.
    #expect(moments.filter { $0 < 2 * hour }.count == 24)
    #expect(moments.filter { $0 >= 2 * hour && $0 < 2 * day } == (2...47).map { Double($0) * hour })
    #expect(moments.filter { $0 >= 2 * day && $0 < 7 * day } == (2...6).map { Double($0) * day })
    #expect(moments.filter { $0 >= 7 * day } == [7, 14, 21, 28, 30].map { $0 * day })
  }

  /// P020 wants a round every hour through 48 h: 48 of them or more.
  @Test func itSatisfiesTheTighterSource() {
    let moments = rounds(.launch, lasting: 30).filter { $0 <= 48 * 3600 }
    for (before, after) in zip(moments, moments.dropFirst()) { #expect(after - before <= 3600) }
    #expect(moments.count >= 48)
  }

  @Test func aLongRoundIsNotCaughtUpWith() {
    #expect(rounds(.every(seconds: 10), lasting: 3, atMost: 4) == [0, 10, 20, 30])
    #expect(rounds(.every(seconds: 10), lasting: 25, atMost: 4) == [0, 30, 60, 90])
    #expect(SmokeSchedule.every(seconds: 10).next(afterSeconds: 10) == 20)
    #expect(SmokeSchedule.every(seconds: 10).next(afterSeconds: 9.999) == 10)
  }

  @Test func itEnds() {
    let month: Double = 30 * 86_400
    #expect(SmokeSchedule.launch.next(afterSeconds: month) == nil)
    #expect(SmokeSchedule.launch.next(afterSeconds: month - 1) == month)
  }
}
