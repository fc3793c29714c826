// SPDX-License-Identifier: Apache-2.0

// Real HTTP/1.1 servers on loopback for the tests of other rooms: sound ones, slow ones, and every kind of hostile one.
// Each is one thread with one epoll loop, so it holds thousands of connections and its order of work is the order of
// arrival. Nothing here judges anything: tests ask the server afterwards what it saw and did.

import CLinux
import Glibc
import Synchronization

/// A server that a test starts on a free port and stops again. All calls are safe from any thread.
package final class TestServer: Sendable {
  /// What a request gets; called on the server's thread, so it must not block (delays are acts of the reply).
  package typealias Handler = @Sendable (Request) -> Reply

  package let address: ListeningAddress
  /// The port it listens on; 0 for a socket file.
  package let port: UInt16
  private let loop: ServerLoop
  private let thread: Mutex<pthread_t?>

  /// Listens and serves from here on.
  package init(
    _ address: ListeningAddress = .ipv4(), settings: ServerSettings = ServerSettings(), handler: @escaping Handler
  ) throws(TestServerError) {
    let socket = try ListeningSocket(address)
    self.address = address
    port = socket.port
    loop = try ServerLoop(socket: socket, address: address, settings: settings, handler: handler)
    var started = pthread_t()
    let context = Unmanaged.passRetained(loop)
    let code = pthread_create(
      &started, nil,
      {
        Unmanaged<ServerLoop>.fromOpaque($0!).takeRetainedValue().main()
        return nil
      }, context.toOpaque())
    guard code == 0 else {
      context.release()
      throw TestServerError(call: "pthread_create", code: code)
    }
    thread = Mutex(started)
  }

  /// Gives every request the same reply.
  package convenience init(
    always reply: Reply, at address: ListeningAddress = .ipv4(), settings: ServerSettings = ServerSettings()
  ) throws(TestServerError) {
    try self.init(address, settings: settings) { _ in reply }
  }

  /// Answers 200 after a delay in nanoseconds that is a function of the request's sequence number.
  package convenience init(
    settings: ServerSettings = ServerSettings(), delayNanoseconds: @escaping @Sendable (_ sequence: Int) -> Int64
  ) throws(TestServerError) {
    try self.init(settings: settings) { .answer().delayed(nanoseconds: delayNanoseconds($0.sequence)) }
  }

  deinit { stop() }

  /// `http://host:port`, without a slash at the end.
  package var url: String {
    switch address {
    case .ipv4: "http://127.0.0.1:\(port)"
    case .ipv6: "http://[::1]:\(port)"
    case .unix: "http://localhost"
    }
  }

  /// Ends in good order; false when the thread did not end within five seconds (a handler that blocks). Idempotent.
  @discardableResult
  package func stop() -> Bool { end(.stop) }

  /// Dies as a killed process does: nothing listens any more and every connection gets a RST. Idempotent.
  @discardableResult
  package func kill() -> Bool { end(.kill) }

  /// From now on, for so long, nothing is answered, not even what was already under way; then all goes on.
  package func stall(nanoseconds: Int64) {
    loop.order(.stall(fromNanoseconds: monotonicNanoseconds(), lengthNanoseconds: nanoseconds))
  }

  /// What the server saw and did up to now.
  package var observed: Observed { loop.shared.withLock { $0.observed } }

  /// Waits until the condition holds for what the server saw, at most so long; false when it never did.
  package func waitUntil(seconds: Double = 5, _ condition: (Observed) -> Bool) -> Bool {
    let end = monotonicNanoseconds() + Int64(seconds * 1e9)
    while !condition(observed) {
      if monotonicNanoseconds() > end { return false }
      usleep(1_000)
    }
    return true
  }

  private func end(_ order: ServerLoop.Order) -> Bool {
    loop.order(order)
    guard loop.waitUntilEnded(milliseconds: 5_000) else { return false }
    if let ended = thread.withLock({ $0.take() }) { pthread_join(ended, nil) }
    return true
  }
}

/// What tests may ask a server for; a copy, taken under the lock.
package struct Observed: Sendable {
  /// Requests read completely.
  package var requestCount = 0
  package var requestsByPath: [String: Int] = [:]
  package var connectionsAccepted = 0
  package var connectionsOpen = 0
  /// The first `ServerSettings.captureLimit` requests with headers and bodies.
  package var requests: [Request] = []
  /// One entry for each reply that was sent to its end, when `ServerSettings.keepsLog`.
  package var log: [LogEntry] = []
}

/// What one request really took inside the server.
package struct LogEntry: Sendable {
  package let sequence: Int
  package let path: String
  /// CLOCK_MONOTONIC when the first bytes of the request were read.
  package let arrivedNanoseconds: Int64
  /// From then to the last byte of the reply handed to the kernel.
  package let serviceNanoseconds: Int64
}

/// CLOCK_MONOTONIC now.
package func monotonicNanoseconds() -> Int64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
