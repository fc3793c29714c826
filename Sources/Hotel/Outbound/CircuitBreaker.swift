// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// Keeps calls away from a system that fails: after some failures in a row it opens and nothing is sent; after a while
/// one call is let through, and its outcome closes it again or keeps it open.
final class CircuitBreaker: Sendable {
  enum State: String, CaseIterable {
    case closed, open
    case halfOpen = "half_open"
  }

  /// Leave to send one call. Its outcome only counts while the state is the one it was given in.
  struct Permit: Sendable {
    fileprivate var era: Int
  }

  private struct Memory {
    var state = State.closed
    /// Grows with every change of the state.
    var era = 0
    var failuresInARow = 0
    var openUntilNanoseconds: Int64 = 0
    var opened = 0

    mutating func become(_ next: State) {
      state = next
      era += 1
      failuresInARow = 0
    }

    mutating func open(until end: Int64) {
      become(.open)
      openUntilNanoseconds = end
      opened += 1
    }
  }

  private let failuresToOpen: Int
  private let openNanoseconds: Int64
  private let memory = Mutex(Memory())

  init(failuresToOpen: Int = 5, openMilliseconds: Int) {
    self.failuresToOpen = failuresToOpen
    openNanoseconds = Int64(openMilliseconds) * 1_000_000
  }

  var state: State { memory.withLock { $0.state } }

  /// How often it has opened.
  var timesOpened: Int { memory.withLock { $0.opened } }

  /// Nil when the call must not be sent.
  func permit(nowNanoseconds now: Int64) -> Permit? {
    memory.withLock { memory in
      switch memory.state {
      case .closed: return Permit(era: memory.era)
      case .halfOpen: return nil
      case .open:
        guard now >= memory.openUntilNanoseconds else { return nil }
        memory.become(.halfOpen)
        return Permit(era: memory.era)
      }
    }
  }

  /// What came of a call; once for each permit.
  func ended(_ permit: Permit, well: Bool, nowNanoseconds now: Int64) {
    memory.withLock { memory in
      // A call sent before the state changed says nothing about now.
      guard permit.era == memory.era else { return }
      if well {
        if memory.state == .halfOpen { memory.become(.closed) }
        memory.failuresInARow = 0
        return
      }
      memory.failuresInARow += 1
      if memory.state == .halfOpen || memory.failuresInARow >= failuresToOpen {
        memory.open(until: now + openNanoseconds)
      }
    }
  }

  /// The call was not sent, so nothing was learned; but a trial that was not made is no reason to close.
  func returned(_ permit: Permit, nowNanoseconds now: Int64) {
    memory.withLock { memory in
      if permit.era == memory.era, memory.state == .halfOpen { memory.open(until: now + openNanoseconds) }
    }
  }
}
