// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import Synchronization

/// Why no connection could be had, for people; names no secrets.
struct ConnectionTrouble: Error {
  var message: String
}

/// What a pool keeps. Used by one thread at a time.
protocol PooledConnection: AnyObject, Sendable {
  /// The other side has closed it. Asks nobody, hence quick.
  var isStale: Bool { get }
}

/// A fixed number of connections to one server. A thread of the pool's own opens them, and again after they were lost,
/// so that nobody else ever waits for a connect, and that a server which is away is back by itself.
final class ConnectionPool<Connection: PooledConnection>: Sendable {
  private struct State {
    var idle: [Connection] = []
    var missing: Int
    var active = 0
    /// Why nothing is tried for the time being.
    var trouble: ConnectionTrouble? = ConnectionTrouble(message: "not connected")
    /// What was told last: whether the server is there.
    var told: Bool?

    /// Whether that is something new to tell.
    mutating func tells(_ isThere: Bool) -> Bool {
      defer { told = isThere }
      return told != isThere
    }
  }

  private let state: Mutex<State>
  private let idleCount = DispatchSemaphore(value: 0)
  private let wanted = DispatchSemaphore(value: 0)
  private let open: @Sendable () throws(ConnectionTrouble) -> Connection
  private let changed: @Sendable (ConnectionTrouble?) -> Void

  private static var pauseMicroseconds: UInt32 { 200_000 }

  /// `open` answers a connection that was tried and works. `changed` is told when the server goes away (why) and when
  /// it is back (nil).
  init(
    size: Int, open: @escaping @Sendable () throws(ConnectionTrouble) -> Connection,
    changed: @escaping @Sendable (ConnectionTrouble?) -> Void
  ) {
    state = Mutex(State(missing: size))
    self.open = open
    self.changed = changed
    // A serial queue of its own is a thread of its own, however many others block.
    DispatchQueue(label: "hotel.pool").async { self.keep() }
  }

  /// Why nothing can be had now; nil when all is well.
  var trouble: ConnectionTrouble? { state.withLock { $0.trouble } }

  /// Connections in use, and all that are open.
  var counts: (active: Int, open: Int) { state.withLock { ($0.active, $0.active + $0.idle.count) } }

  /// A connection, to be given back or discarded. In trouble it throws at once, else after the deadline
  /// (CLOCK_MONOTONIC) when all stay in use.
  func take(untilNanoseconds deadline: Int64) throws(ConnectionTrouble) -> Connection {
    while true {
      if let trouble { throw trouble }
      let left = max(0, deadline - monotonicNanoseconds())
      guard idleCount.wait(timeout: .now() + .nanoseconds(Int(left))) == .success else {
        throw trouble ?? ConnectionTrouble(message: "all connections are in use")
      }
      let taken = state.withLock { state in
        state.active += 1
        return state.idle.removeLast()
      }
      if !taken.isStale { return taken }
      discard(taken, nil)
    }
  }

  func giveBack(_ connection: Connection) {
    state.withLock { state in
      state.active -= 1
      state.idle.append(connection)
    }
    idleCount.signal()
  }

  /// For a connection that is of no more use. With trouble, all else is refused until the server was reached again.
  func discard(_ connection: Connection, _ trouble: ConnectionTrouble?) {
    let isNews = state.withLock { state in
      state.active -= 1
      state.missing += 1
      guard let trouble else { return false }
      state.trouble = trouble
      return state.tells(false)
    }
    if isNews { changed(trouble) }
    wanted.signal()
  }

  /// Waits until the first connection is there, or not much longer than so many seconds.
  func awaitFirst(seconds: Double) {
    let deadline = monotonicNanoseconds() + Int64(seconds * 1e9)
    while trouble != nil && monotonicNanoseconds() < deadline { usleep(5_000) }
  }

  private func keep() {
    while true {
      while state.withLock({ $0.missing > 0 }) {
        do throws(ConnectionTrouble) {
          let opened = try open()
          let isNews = state.withLock { state in
            state.missing -= 1
            state.idle.append(opened)
            state.trouble = nil
            return state.tells(true)
          }
          idleCount.signal()
          if isNews { changed(nil) }
        } catch {
          let isNews = state.withLock { state in
            // Those that are open may be good: a server can be full.
            guard state.trouble != nil || (state.idle.isEmpty && state.active == 0) else { return false }
            state.trouble = error
            return state.tells(false)
          }
          if isNews { changed(error) }
          usleep(Self.pauseMicroseconds)
        }
      }
      wanted.wait()
    }
  }
}
