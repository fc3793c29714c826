// SPDX-License-Identifier: Apache-2.0
import Results
import Scenarios
import Transport

// What is due begins: arrivals of the open model, passes of the closed one, and steps whose pause is over.
extension Worker {
  func advanceCursor() {
    nextArrival = cursor.next()
    while let arrival = nextArrival, program.worker(ofArrival: arrival.index) != index { nextArrival = cursor.next() }
  }

  /// True when there may be more to start at once.
  func startWhatIsDue(at moment: Int64) -> Bool {
    var started = 0
    while slots.isOpen {
      let waiting = heap.earliestNanoseconds ?? .max
      let arriving = nextArrival?.dueNanoseconds ?? .max
      guard min(waiting, arriving) <= moment else { return false }
      if started == Self.mostStartsPerTurn { return true }
      started += 1
      if arriving < waiting, let arrival = nextArrival {
        advanceCursor()
        begin(arrival, at: moment)
      } else {
        resume(visitors[heap.pop()], at: moment)
      }
    }
    return false
  }

  func changeUsers(at moment: Int64) {
    while let change = users.popDue(moment) {
      guard change.needsVisitor else { continue }
      guard let visitor = idleVisitor() else {
        let phase = program.phase(atNanoseconds: change.due)
        record(unsent: Arrival(index: 0, dueNanoseconds: change.due, phase: phase, scenario: pickers[phase].next()))
        continue
      }
      visitor.user = change.user
      users.settle(change.user, as: visitor.index)
      wait(visitor, until: change.due)
    }
  }

  /// A visitor with nothing to do; nil only when this machine has no memory for another handle.
  func idleVisitor() -> Visitor? {
    if let index = idleVisitors.popLast() { return visitors[index] }
    guard let exchange = try? loop.makeExchange() else { return nil }
    let visitor = Visitor(index: visitors.count, exchange: exchange)
    visitors.append(visitor)
    return visitor
  }

  func wait(_ visitor: Visitor, until due: Int64) {
    visitor.stage = .waiting
    visitor.dueNanoseconds = due
    heap.push(visitor.index, at: due)
  }

  private func resume(_ visitor: Visitor, at moment: Int64) {
    if visitor.journey == nil {
      beginPass(visitor, at: moment)
    } else if visitor.request != nil {
      send(visitor, at: moment)
    } else {
      proceed(visitor, from: visitor.dueNanoseconds, at: moment, sendsAtOnce: true)
    }
  }

  private func begin(_ arrival: Arrival, at moment: Int64) {
    guard let visitor = idleVisitor() else { return record(unsent: arrival) }
    begin(
      visitor, scenario: arrival.scenario, phase: arrival.phase, number: UInt64(arrival.index),
      due: arrival.dueNanoseconds, at: moment)
  }

  /// The next pass of a user, if it still has one to make.
  private func beginPass(_ visitor: Visitor, at moment: Int64) {
    guard users.isPresent(visitor.user) else { return retire(visitor) }
    let phase = program.phase(atNanoseconds: visitor.dueNanoseconds)
    passes += 1
    begin(
      visitor, scenario: pickers[phase].next(), phase: phase, number: passes << 8 | UInt64(index),
      due: visitor.dueNanoseconds, at: moment)
  }

  func begin(_ visitor: Visitor, scenario: Int, phase: Int, number: UInt64, due: Int64, at moment: Int64) {
    let journey = journeyPools[scenario].popLast() ?? Journey(program.scenarios[scenario])
    journey.meetsEachStepOnce = walk != nil
    visitor.begin(journey, .steps, scenario: scenario, due: due)
    visitor.phase = phase
    if walk == nil { refreshSetup(scenario, at: moment) }
    do {
      try journey.begin(number: number)
    } catch {
      return failUnsent(visitor, error, at: moment)
    }
    journey.enter(.steps)
    proceed(visitor, from: due, at: moment, sendsAtOnce: true)
  }
}
