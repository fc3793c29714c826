// SPDX-License-Identifier: Apache-2.0

/// One stretch of a closed plan: the number of users goes straight from `startUsers` to `endUsers`.
package struct UserPhase: Sendable, Equatable {
  package var startUsers: Int
  package var endUsers: Int

  package init(startUsers: Int, endUsers: Int) {
    self.startUsers = startUsers
    self.endUsers = endUsers
  }
}

/// At this moment the user with this number begins, or makes this pass its last.
package struct UserChange: Sendable, Equatable {
  package var atNanoseconds: Int64
  package var user: Int
  package var begins: Bool
}

/// When users of a closed plan come and go. Users are numbered from 0; the last to come is the first to go.
package struct UserSchedule: Sendable {
  package let changes: [UserChange]
  package let mostUsers: Int

  /// `phases` holds nil for open phases, in which no user is active.
  package init(phases: [UserPhase?], phaseLengthsNanoseconds: [Int64]) {
    var changes: [UserChange] = []
    var active = 0
    var most = 0
    var phaseStart: Int64 = 0
    for (phase, length) in zip(phases, phaseLengthsNanoseconds) {
      let from = phase?.startUsers ?? 0
      let to = phase?.endUsers ?? 0
      Self.move(from: active, to: from, start: phaseStart, length: 0, into: &changes)
      Self.move(from: from, to: to, start: phaseStart, length: length, into: &changes)
      active = to
      most = max(most, from, to)
      phaseStart += length
    }
    Self.move(from: active, to: 0, start: phaseStart, length: 0, into: &changes)
    self.changes = changes
    mostUsers = most
  }

  /// Spreads the steps of a ramp evenly: the first user of a rising ramp begins at once, the last one before its end.
  private static func move(from: Int, to: Int, start: Int64, length: Int64, into changes: inout [UserChange]) {
    let steps = abs(to - from)
    for step in 0..<steps {
      let moment = start + Int64(Double(length) * Double(step) / Double(steps))
      let user = to > from ? from + step : from - 1 - step
      changes.append(UserChange(atNanoseconds: moment, user: user, begins: to > from))
    }
  }
}
