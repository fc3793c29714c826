// SPDX-License-Identifier: Apache-2.0
import CLibcurl
import CLinux
import Glibc

/// Who decides what a loop does. Its functions are called on the loop's thread.
package protocol LoopOwner: AnyObject {
  /// Called once per turn of the loop, after events were handled: do what is due, start exchanges. Returns when the next
  /// thing is due; the loop calls again no later than that, and possibly sooner.
  func turn(_ now: MonotonicTime) -> MonotonicTime

  /// The exchange is over, with an answer or a failure, and may be prepared and started again at once.
  func ended(_ exchange: Exchange)
}

/// One thread's HTTP: an epoll set, a waker, and several multi handles of libcurl that share the set. They are kept small
/// because libcurl searches the connections of a multi handle one by one.
///
/// Made by any thread, then confined to the one that calls `run`; only `waker` may be used by others. No exchange may be
/// under way when it is released.
package final class TransportLoop {
  /// Interrupts the wait from any thread.
  package let waker: Waker
  /// Nanoseconds spent waiting for events; the rest of the time the loop was busy.
  package private(set) var waitingNanoseconds: Int64 = 0
  /// Turns taken.
  package private(set) var turns = 0

  let settings: ConnectionSettings
  private let connectionsPerMulti: Int
  private let pollSet: UnsafeMutablePointer<PollSet>
  private let timers: UnsafeMutablePointer<LoopTimers>
  private let events: UnsafeMutablePointer<gonogo_event>
  /// Name lookups, shared by all exchanges: a host is looked up once per loop.
  private let names: UnsafeMutableRawPointer
  /// The settings' fixed addresses as libcurl's list, which every exchange refers to.
  private let fixedAddresses: UnsafeMutablePointer<curl_slist>?
  private var multis: [UnsafeMutablePointer<MultiState>] = []
  private var exchanges: [Exchange] = []
  /// Exchanges that ended before they reached libcurl; told in the next turn, never from inside `start`.
  private var refused: [Exchange] = []
  /// Under `http2PriorKnowledge`: who opens a connection, and who waits to join it.
  private var openers = ConnectionOpeners()
  private var isRunning = false
  private var isStopRequested = false
  /// Exchanges ended in this turn: what the owner said is due may have changed since.
  private var hasEnded = false

  package init(settings: ConnectionSettings, connectionsPerMulti: Int = 32) throws(TransportError) {
    precondition(connectionsPerMulti > 0)
    self.settings = settings
    self.connectionsPerMulti = connectionsPerMulti
    // The first handle sets libcurl up.
    try EasyHandle().free()
    waker = try Waker()
    let set = try PollSet()
    guard let names = curl_share_init(), gonogo_curl_share(names, CURL_LOCK_DATA_DNS) == CURLSHE_OK,
      set.watchWaker(waker.descriptor)
    else {
      set.free()
      throw TransportError(failure: .generator, text: "a loop cannot be set up")
    }
    self.names = names
    fixedAddresses = settings.resolve.reduce(nil) { curl_slist_append($0, $1) ?? $0 }
    pollSet = .allocate(capacity: 1)
    pollSet.initialize(to: set)
    timers = .allocate(capacity: 1)
    timers.initialize(to: LoopTimers())
    events = .allocate(capacity: Int(GONOGO_EVENTS_AT_ONCE))
    events.initialize(repeating: gonogo_event(), count: Int(GONOGO_EVENTS_AT_ONCE))
  }

  deinit {
    for exchange in exchanges {
      leave(exchange)
      exchange.stage = .retired
      exchange.releaseHandle()
    }
    for multi in multis { MultiState.destroy(multi) }
    curl_share_cleanup(names)
    curl_slist_free_all(fixedAddresses)
    pollSet.pointee.free()
    pollSet.deallocate()
    timers.pointee.free()
    timers.deallocate()
    events.deallocate()
  }

  /// Connections open now, idle ones included.
  package var openConnections: Int { pollSet.pointee.openConnections }
  /// Connections ever opened, failed attempts included.
  package var connectionsOpened: Int { pollSet.pointee.connectionsOpened }
  /// Connections the target closed, or wrote to, while no request was on them.
  package var connectionsDisarmed: Int { pollSet.pointee.disarmed }

  /// A new exchange, in the multi handle with the fewest. Linear in the number of multi handles.
  package func makeExchange() throws(TransportError) -> Exchange {
    var place = multis.min { $0.pointee.members < $1.pointee.members }
    if place == nil || place!.pointee.members >= connectionsPerMulti {
      let made = try MultiState.make(pollSet, timers, settings: settings, connections: connectionsPerMulti)
      multis.append(made)
      place = made
    }
    let exchange = try Exchange(settings: settings, multi: place!, names: names, fixedAddresses: fixedAddresses)
    place!.pointee.members += 1
    exchange.index = exchanges.count
    exchanges.append(exchange)
    return exchange
  }

  /// Frees the exchange's handle; a request under way is cancelled. The object is of no use afterwards.
  package func retire(_ exchange: Exchange) {
    guard exchange.stage != .retired else { return }
    cancel(exchange)
    exchange.stage = .retired
    exchange.releaseHandle()
    exchange.multi.pointee.members -= 1
    let last = exchanges.removeLast()
    if last !== exchange {
      last.index = exchange.index
      exchanges[exchange.index] = last
    }
  }

  /// Hands the prepared request to libcurl; `startedAt` is now. `ended` follows, never from inside this call.
  package func start(_ exchange: Exchange) {
    precondition(exchange.stage == .idle, "an exchange can have one request under way")
    exchange.begin(.now())
    if exchange.refusal != nil {
      exchange.stage = .refused
      refused.append(exchange)
      return
    }
    exchange.stage = .underway
    enter(exchange)
  }

  /// Ends a request under way and closes its connection; `ended` does not follow. Without effect on one that is not.
  package func cancel(_ exchange: Exchange) {
    switch exchange.stage {
    case .underway:
      leave(exchange)
      for other in openers.ended(exchange, joins: false) { hand(other) }
    case .refused: refused.removeAll { $0 === exchange }
    case .idle, .retired: return
    }
    exchange.stage = .idle
  }

  /// Ends `run` after the turn under way. On the loop's thread; others set a flag of theirs, wake the loop, and have
  /// the owner call it.
  package func stop() { isStopRequested = true }

  private func enter(_ exchange: Exchange) {
    if exchange.state.pointee.clearHTTP2 == .opens && !openers.mayOpen(exchange) { return }
    hand(exchange)
  }

  private func hand(_ exchange: Exchange) {
    if curl_multi_add_handle(exchange.multi.pointee.raw, exchange.easy.raw) != CURLM_OK {
      exchange.stage = .refused
      exchange.refusal = TransportError(failure: .generator, text: "libcurl took no further transfer")
      refused.append(exchange)
    }
  }

  private func leave(_ exchange: Exchange) {
    guard exchange.stage == .underway else { return }
    curl_multi_remove_handle(exchange.multi.pointee.raw, exchange.easy.raw)
  }

  // MARK: turns

  /// Takes turns on the calling thread until `stop`. Exchanges under way then stay as they are, and go on with the next
  /// `run`.
  ///
  /// `isPrecise` makes the kernel wake this thread on time (its timers are otherwise 50 us late).
  package func run(owner: some LoopOwner, isPrecise: Bool = true) {
    precondition(!isRunning, "a loop runs once at a time")
    isRunning = true
    isStopRequested = false
    if isPrecise { _ = gonogo_set_timer_slack(1) }
    var now = MonotonicTime.now()
    while !isStopRequested {
      turns &+= 1
      hasEnded = false
      tellRefused(owner)
      let due = owner.turn(now)
      if isStopRequested { break }
      runReady(owner)
      let isBusy = hasEnded || timers.pointee.readyCount > 0 || !refused.isEmpty || isStopRequested
      let count = wait(until: isBusy ? now : due, &now)
      if count > 0 { handle(count, owner) }
      if now.nanoseconds >= timers.pointee.earliest { runTimers(due: now, owner) }
    }
    isRunning = false
  }

  /// Takes in events, waiting for the first no longer than until `due`. `now` becomes the time after the wait.
  private func wait(until due: MonotonicTime, _ now: inout MonotonicTime) -> Int {
    let end = min(due.nanoseconds, timers.pointee.earliest)
    let before = MonotonicTime.now()
    let pause = end == .max ? -1 : max(0, end &- before.nanoseconds)
    let count = gonogo_epoll_wait(pollSet.pointee.descriptor, events, pause)
    now = .now()
    if pause != 0 { waitingNanoseconds &+= now.nanoseconds(since: before) }
    // Only a signal interrupts the wait; anything else would be a descriptor closed under our feet.
    precondition(count >= 0 || count == -EINTR, "epoll_wait failed")
    return max(0, Int(count))
  }

  private func handle(_ count: Int, _ owner: some LoopOwner) {
    for index in 0..<count {
      let event = events[index]
      if event.tag == PollSet.wakerTag {
        waker.clear()
        continue
      }
      // What an event before this one closed or handed over is not what this event is about.
      guard let slot = pollSet.pointee.current(event), slot.pointee.armed != 0 else { continue }
      let socket = Int32(truncatingIfNeeded: event.tag & 0xFFFF_FFFF)
      guard slot.pointee.wanted != 0, let multi = slot.pointee.multi else {
        pollSet.pointee.disarm(socket)
        pollSet.pointee.disarmed += 1
        continue
      }
      // An error or hang-up is told as what was waited for, so that libcurl's own call meets it and keeps its reason.
      var happened = event.events & slot.pointee.wanted
      if event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { happened = slot.pointee.wanted }
      var mask: Int32 = 0
      if happened & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
      if happened & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
      act(multi, socket, mask, owner)
    }
  }

  /// Multi handles whose timer said "now" when this was called; a chain of such timers takes turns, it does not spin here.
  private func runReady(_ owner: some LoopOwner) {
    let count = timers.pointee.readyCount
    guard count > 0 else { return }
    for index in 0..<count {
      let multi = timers.pointee.ready[index]
      multi.pointee.isReady = false
      act(multi, CURL_SOCKET_TIMEOUT, 0, owner)
    }
    timers.pointee.removeReady(first: count)
  }

  /// Looks at all timers: the one that was earliest has come, or was moved since.
  private func runTimers(due now: MonotonicTime, _ owner: some LoopOwner) {
    timers.pointee.earliest = .max
    for multi in multis where multi.pointee.deadline <= now.nanoseconds {
      multi.pointee.deadline = .max
      act(multi, CURL_SOCKET_TIMEOUT, 0, owner)
    }
    for multi in multis where multi.pointee.deadline < timers.pointee.earliest {
      timers.pointee.earliest = multi.pointee.deadline
    }
  }

  /// Lets libcurl work, then tells the owner what it finished.
  private func act(
    _ multi: UnsafeMutablePointer<MultiState>, _ socket: Int32, _ mask: Int32, _ owner: some LoopOwner
  ) {
    var running: Int32 = 0
    curl_multi_socket_action(multi.pointee.raw, socket, mask, &running)
    var handle: UnsafeMutableRawPointer?
    var code = CURLE_OK
    while gonogo_curl_multi_next_finished(multi.pointee.raw, &handle, &code) != 0 {
      var pointer: UnsafeMutableRawPointer?
      gonogo_curl_get_pointer(handle, CURLINFO_PRIVATE, &pointer)
      finish(Unmanaged<Exchange>.fromOpaque(pointer!).takeUnretainedValue(), code, owner)
    }
  }

  private func finish(_ exchange: Exchange, _ code: CURLcode, _ owner: some LoopOwner) {
    let now = MonotonicTime.now()
    leave(exchange)
    let outcome = exchange.settle(code, at: now)
    if exchange.http == .http2PriorKnowledge {
      for other in openers.ended(exchange, joins: exchange.state.pointee.clearHTTP2 == .joins) { hand(other) }
    }
    if outcome == .goesOn {
      enter(exchange)
      return
    }
    exchange.stage = .idle
    hasEnded = true
    owner.ended(exchange)
  }

  private func tellRefused(_ owner: some LoopOwner) {
    while !refused.isEmpty {
      let exchange = refused.removeFirst()
      exchange.stage = .idle
      exchange.failure = exchange.refusal?.failure ?? .other
      exchange.explanation = exchange.refusal?.text ?? ""
      exchange.endedAt = .now()
      owner.ended(exchange)
    }
  }
}
