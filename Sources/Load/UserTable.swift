// SPDX-License-Identifier: Apache-2.0

/// The users of one worker in a closed plan: who is to be there, and as which visitor each goes round.
struct UserTable {
  private let changes: [UserChange]
  private var next = 0
  private let workerCount: Int
  private var isPresent: [Bool]
  private var visitors: [Int?]

  /// Users are dealt out to the workers in turn.
  init(_ schedule: UserSchedule, worker: Int, workerCount: Int) {
    changes = schedule.changes.filter { $0.user % workerCount == worker }
    self.workerCount = workerCount
    let count = schedule.mostUsers / workerCount + 1
    isPresent = Array(repeating: false, count: count)
    visitors = Array(repeating: nil, count: count)
  }

  /// When the next user comes or goes; nil when all have.
  var nextNanoseconds: Int64? { next < changes.count ? changes[next].atNanoseconds : nil }

  func isPresent(_ user: Int) -> Bool { isPresent[user / workerCount] }

  /// The next change that is due; nil when there is none. One who comes needs a visitor, unless still on the last pass
  /// of an earlier stay: that one just goes on.
  mutating func popDue(_ moment: Int64) -> (user: Int, due: Int64, needsVisitor: Bool)? {
    guard next < changes.count, changes[next].atNanoseconds <= moment else { return nil }
    let change = changes[next]
    next += 1
    let place = change.user / workerCount
    isPresent[place] = change.begins
    return (change.user, change.atNanoseconds, change.begins && visitors[place] == nil)
  }

  mutating func settle(_ user: Int, as visitor: Int) { visitors[user / workerCount] = visitor }

  mutating func leave(_ user: Int) { visitors[user / workerCount] = nil }

  /// Nobody comes any more, and everybody is on the last pass.
  mutating func dismissAll() {
    next = changes.count
    for place in isPresent.indices { isPresent[place] = false }
  }
}
