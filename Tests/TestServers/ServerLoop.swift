// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Synchronization

/// The thread of one server.
// `shared` is locked, `epoll`, `wakeup` and `ended` are constants; every other field belongs to the thread in `main`.
final class ServerLoop: @unchecked Sendable {
  enum Order {
    case stop
    case kill
    case stall(fromNanoseconds: Int64, lengthNanoseconds: Int64)
  }

  struct Shared {
    var observed = Observed()
    var orders: [Order] = []
  }

  let shared = Mutex(Shared())
  let settings: ServerSettings
  let handler: TestServer.Handler
  var connections: [Int: Connection] = [:]
  var due = DueQueue()
  var stalls = StallClock()
  var now: Int64 = 0
  private let epoll: Int32
  private let wakeup: Int32
  private let ended: Int32
  private let listener: Int32
  private var socketFile: String?
  private var accepted = 0
  private var ending: Order?
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)

  private static let listenerTag: UInt64 = 0
  private static let wakeupTag: UInt64 = 1
  private static let firstConnectionTag: UInt64 = 2

  init(
    socket: ListeningSocket, address: ListeningAddress, settings: ServerSettings, handler: @escaping TestServer.Handler
  ) throws(TestServerError) {
    listener = socket.descriptor
    if case .unix(let path) = address { socketFile = path }
    self.settings = settings
    self.handler = handler
    epoll = try check("epoll_create1", epoll_create1(Int32(EPOLL_CLOEXEC)))
    wakeup = try check("eventfd", eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)))
    ended = try check("eventfd", eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)))
    if let stall = settings.stall, stall.afterRequest == nil {
      stalls.add(
        fromNanoseconds: monotonicNanoseconds() + stall.fromNanoseconds, lengthNanoseconds: stall.lengthNanoseconds)
    }
    watch(listener, EPOLL_CTL_ADD, EPOLLIN.rawValue, Self.listenerTag)
    watch(wakeup, EPOLL_CTL_ADD, EPOLLIN.rawValue, Self.wakeupTag)
  }

  deinit {
    buffer.deallocate()
    for descriptor in [epoll, wakeup, ended] { Glibc.close(descriptor) }
  }

  /// From any thread.
  func order(_ order: Order) {
    shared.withLock { $0.orders.append(order) }
    eventfd_write(wakeup, 1)
  }

  /// From any thread; false when the loop still runs after so long.
  func waitUntilEnded(milliseconds: Int32) -> Bool {
    var watched = pollfd(fd: ended, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, milliseconds) == 1
  }

  /// Runs until a stop or kill is ordered, by a test or by a reply.
  func main() {
    // The default slack of 50 microseconds would be added to every delay.
    _ = gonogo_set_timer_slack(1)
    var events = [epoll_event](repeating: epoll_event(), count: 256)
    while ending == nil {
      let count = waitForEvents(&events)
      now = monotonicNanoseconds()
      // Before the events: an order given before a request was sent must hold for it, in whatever order both come here.
      takeOrders()
      for event in events.prefix(max(0, Int(count))) where ending == nil { handle(event) }
      while ending == nil, let entry = due.popDue(now) {
        guard let connection = connections[entry.connection], connection.stamp == entry.stamp else { continue }
        if connection.request == nil { drop(connection) } else { advance(connection) }
      }
    }
    finish()
  }

  /// Ends the server from within, as `TestServer.kill` does from outside.
  func dieNow() { ending = .kill }

  func wake(_ connection: Connection, atNanoseconds time: Int64) {
    connection.stamp += 1
    due.insert(DueQueue.Entry(dueNanoseconds: time, connection: connection.index, stamp: connection.stamp))
  }

  func watchWritable(_ connection: Connection, _ wanted: Bool) {
    guard connection.wantsWritable != wanted else { return }
    connection.wantsWritable = wanted
    let events = EPOLLIN.rawValue | EPOLLRDHUP.rawValue | (wanted ? EPOLLOUT.rawValue : 0)
    watch(connection.descriptor, EPOLL_CTL_MOD, events, UInt64(connection.index) + Self.firstConnectionTag)
  }

  func drop(_ connection: Connection, withReset: Bool = false) {
    guard connections.removeValue(forKey: connection.index) != nil else { return }
    connection.end(withReset: withReset)
    shared.withLock { $0.observed.connectionsOpen -= 1 }
  }

  private func waitForEvents(_ events: inout [epoll_event]) -> Int32 {
    guard let next = due.first else { return epoll_wait(epoll, &events, Int32(events.count), -1) }
    let left = max(0, next.dueNanoseconds - monotonicNanoseconds())
    var timeout = timespec(tv_sec: Int(left / 1_000_000_000), tv_nsec: Int(left % 1_000_000_000))
    return epoll_pwait2(epoll, &events, Int32(events.count), &timeout, nil)
  }

  private func handle(_ event: epoll_event) {
    switch event.data.u64 {
    case Self.listenerTag: acceptAll()
    case Self.wakeupTag:
      var value: eventfd_t = 0
      eventfd_read(wakeup, &value)
    default:
      guard let connection = connections[Int(event.data.u64 - Self.firstConnectionTag)] else { return }
      if event.events & (EPOLLHUP.rawValue | EPOLLERR.rawValue | EPOLLRDHUP.rawValue) != 0 { return drop(connection) }
      if event.events & EPOLLIN.rawValue != 0 {
        guard connection.read(into: buffer, nowNanoseconds: now) else { return drop(connection) }
        if connection.request == nil { readRequest(connection) }
      }
      if event.events & EPOLLOUT.rawValue != 0, connection.request != nil { advance(connection) }
    }
  }

  private func acceptAll() {
    while true {
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else { return }
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      var yes: Int32 = 1
      _ = setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, 4)
      let connection = Connection(descriptor: descriptor, index: accepted)
      accepted += 1
      connections[connection.index] = connection
      shared.withLock {
        $0.observed.connectionsAccepted += 1
        $0.observed.connectionsOpen += 1
      }
      watch(
        descriptor, EPOLL_CTL_ADD, EPOLLIN.rawValue | EPOLLRDHUP.rawValue,
        UInt64(connection.index) + Self.firstConnectionTag)
      becomeIdle(connection)
    }
  }

  private func takeOrders() {
    let orders = shared.withLock { shared in
      defer { shared.orders.removeAll() }
      return shared.orders
    }
    for order in orders {
      switch order {
      case .stop, .kill: ending = order
      case .stall(let from, let length): stalls.add(fromNanoseconds: from, lengthNanoseconds: length)
      }
    }
  }

  private func finish() {
    Glibc.close(listener)
    if let socketFile { unlink(socketFile) }
    var withReset = false
    if case .kill = ending { withReset = true }
    for connection in connections.values { drop(connection, withReset: withReset) }
    eventfd_write(ended, 1)
  }

  private func watch(_ descriptor: Int32, _ operation: Int32, _ events: UInt32, _ tag: UInt64) {
    var event = epoll_event(events: events, data: epoll_data_t(u64: tag))
    let result = epoll_ctl(epoll, operation, descriptor, &event)
    precondition(result == 0, "epoll_ctl failed: \(errno)")
  }
}
