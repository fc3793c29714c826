// SPDX-License-Identifier: Apache-2.0
import Results
import Scenarios
import Transport

// How journeys end: by themselves, by a stop, by a cut.
extension Worker {
  /// Nothing was sent in the pass: the next one begins no sooner than this after it, so that the worker does not spin.
  private static let emptyPassNanoseconds: Int64 = 1_000_000
  /// The same when it failed before it could send anything: what failed will fail again.
  private static let failedPassNanoseconds: Int64 = 100_000_000

  /// The journey is over: counted, its visitor free for the next.
  func finish(_ visitor: Visitor, at moment: Int64) {
    guard let journey = visitor.journey else { return }
    noteEnd(of: visitor)
    dropMessage(of: visitor)
    visitor.journey = nil
    visitor.request = nil
    if visitor.isSetup {
      endSetup(visitor, journey, at: moment)
      return retire(visitor)
    }
    record(journeyOf: visitor, visitor.outcome, endNanoseconds: moment)
    journeyPools[visitor.scenario].append(journey)
    guard visitor.user >= 0, users.isPresent(visitor.user) else { return retire(visitor) }
    let rest = visitor.outcome == .failed ? Self.failedPassNanoseconds : Self.emptyPassNanoseconds
    wait(visitor, until: visitor.hasSent ? moment : max(moment, visitor.begunNanoseconds + rest))
  }

  /// Whoever comes next as this visitor is somebody else: without these cookies and, where connections belong to
  /// journeys, without this connection.
  func retire(_ visitor: Visitor) {
    if visitor.user >= 0 { users.leave(visitor.user) }
    visitor.stage = .idle
    visitor.user = -1
    visitor.section = .steps
    visitor.exchange.forgetCookies()
    visitor.exchange.dropConnection()
    idleVisitors.append(visitor.index)
  }

  /// No more arrivals; what runs goes to its `finally`, within the drain.
  func stop(at moment: Int64) {
    isStopping = true
    drainEnd = min(drainEnd, moment + program.drainNanoseconds)
    users.dismissAll()
    forgetArrivals(at: moment)
    for visitor in visitors where visitor.stage == .sent || visitor.stage == .awaiting { visitor.isStopping = true }
    for entry in heap.removeAll() {
      let visitor = visitors[entry.journey]
      if visitor.isSetup || visitor.section == .finally && visitor.journey != nil {
        heap.push(entry.journey, at: entry.nanoseconds)
      } else if visitor.journey == nil {
        retire(visitor)
      } else {
        countUnsent(visitor, at: moment)
        leaveForFinally(visitor, .cut, at: moment)
      }
    }
  }

  /// Ends everything now.
  func cut(at moment: Int64) {
    forgetArrivals(at: moment)
    users.dismissAll()
    for entry in heap.removeAll() {
      let visitor = visitors[entry.journey]
      if visitor.journey == nil {
        retire(visitor)
      } else {
        countUnsent(visitor, at: moment)
        end(visitor, at: moment)
      }
    }
    for visitor in visitors where visitor.stage == .awaiting { end(visitor, at: moment) }
    for visitor in visitors where visitor.stage == .sent {
      loop.cancel(visitor.exchange)
      if !visitor.isSetup {
        slots.release(at: moment)
        abandoned(visitor, at: moment)
      }
      end(visitor, at: moment)
    }
  }

  private func end(_ visitor: Visitor, at moment: Int64) {
    if visitor.outcome != .failed { visitor.outcome = .cut }
    finish(visitor, at: moment)
  }

  /// Arrivals that are due and never began. Those to come were never planned.
  private func forgetArrivals(at moment: Int64) {
    while let arrival = nextArrival, arrival.dueNanoseconds <= moment {
      record(unsent: arrival)
      advanceCursor()
    }
    nextArrival = nil
  }

  /// A request that was due and still waited for a slot is counted, also when only the next instruction tells which one
  /// it is. The journey must not go on from there.
  private func countUnsent(_ visitor: Visitor, at moment: Int64) {
    guard !visitor.isSetup, visitor.dueNanoseconds <= moment else { return }
    if visitor.request == nil, let move = try? visitor.journey?.next(), case .request(let request) = move {
      visitor.request = request
    }
    if let request = visitor.request { record(unsent: request, of: visitor) }
  }
}
