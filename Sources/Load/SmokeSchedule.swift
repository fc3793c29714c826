// SPDX-License-Identifier: Apache-2.0

/// When the rounds of a watch begin: a pure function of the number of the round.
package struct SmokeSchedule: Equatable, Sendable {
  /// Rounds so far apart, for so long, from one end of a stage to the next.
  package struct Stage: Equatable, Sendable {
    package var untilSeconds: Double
    package var everySeconds: Double
  }

  package let stages: [Stage]

  /// The tighter of what the sources ask for after a launch: every 5 minutes for 2 hours, hourly through 48 hours, daily
  /// up to a week, weekly up to a month.
  package static let launch = SmokeSchedule(stages: [
    Stage(untilSeconds: 2 * 3600, everySeconds: 300), Stage(untilSeconds: 48 * 3600, everySeconds: 3600),
    Stage(untilSeconds: 7 * 86_400, everySeconds: 86_400), Stage(untilSeconds: 30 * 86_400, everySeconds: 7 * 86_400),
  ])

  package static func every(seconds: Double) -> SmokeSchedule {
    SmokeSchedule(stages: [Stage(untilSeconds: .infinity, everySeconds: seconds)])
  }

  /// Seconds from the first round to the next one due after `elapsed`: rounds that a long one made late are left out, not
  /// caught up with. Nil when the watch is over.
  package func next(afterSeconds elapsed: Double) -> Double? {
    var start = 0.0
    for stage in stages {
      if elapsed < stage.untilSeconds {
        let due = start + ((max(elapsed, start) - start) / stage.everySeconds).rounded(.down) * stage.everySeconds
        let next = due > elapsed ? due : due + stage.everySeconds
        // The last of a stage is the first of the next.
        return min(next, stage.untilSeconds)
      }
      start = stage.untilSeconds
    }
    return nil
  }
}
