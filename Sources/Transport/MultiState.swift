// SPDX-License-Identifier: Apache-2.0
import CLibcurl
import CLinux

/// The timers of all multi handles of a loop, merged. At a fixed address, as the callbacks reach it by pointer.
struct LoopTimers {
  /// No timer is earlier. It may lag behind (a timer was moved back); then one look at all timers corrects it.
  var earliest = Int64.max
  /// Multi handles whose timer said "now".
  var ready: UnsafeMutablePointer<UnsafeMutablePointer<MultiState>>
  var readyCount = 0
  private var capacity = 16

  init() { ready = .allocate(capacity: capacity) }

  func free() { ready.deallocate() }

  mutating func markReady(_ multi: UnsafeMutablePointer<MultiState>) {
    guard !multi.pointee.isReady else { return }
    multi.pointee.isReady = true
    if readyCount == capacity {
      let moved = UnsafeMutablePointer<UnsafeMutablePointer<MultiState>>.allocate(capacity: capacity * 2)
      moved.moveInitialize(from: ready, count: readyCount)
      ready.deallocate()
      (ready, capacity) = (moved, capacity * 2)
    }
    (ready + readyCount).initialize(to: multi)
    readyCount += 1
  }

  /// Forgets the first `count`; those marked since move to the front.
  mutating func removeReady(first count: Int) {
    readyCount -= count
    if readyCount > 0 { ready.update(from: ready + count, count: readyCount) }
  }
}

/// One multi handle and its timer. Confined to the loop's thread.
struct MultiState {
  let raw: UnsafeMutableRawPointer
  let pollSet: UnsafeMutablePointer<PollSet>
  let timers: UnsafeMutablePointer<LoopTimers>
  /// When libcurl wants to be called, in nanoseconds of the clock; `.max` = not at all.
  var deadline = Int64.max
  var isReady = false
  /// Exchanges bound to it.
  var members = 0

  static func make(
    _ pollSet: UnsafeMutablePointer<PollSet>, _ timers: UnsafeMutablePointer<LoopTimers>, settings: ConnectionSettings,
    connections: Int
  ) throws(TransportError) -> UnsafeMutablePointer<MultiState> {
    guard let raw = curl_multi_init() else { throw TransportError(failure: .generator, text: "no multi handle") }
    let state = UnsafeMutablePointer<MultiState>.allocate(capacity: 1)
    state.initialize(to: MultiState(raw: raw, pollSet: pollSet, timers: timers))
    gonogo_curl_multi_set_socket_callback(raw, socketWanted)
    gonogo_curl_multi_set_context(raw, CURLMOPT_SOCKETDATA, state)
    gonogo_curl_multi_set_timer_callback(raw, timerWanted)
    gonogo_curl_multi_set_context(raw, CURLMOPT_TIMERDATA, state)
    // Without a number libcurl keeps four idle connections per transfer under way, and would close the rest in a lull.
    gonogo_curl_multi_set_long(raw, CURLMOPT_MAXCONNECTS, settings.reuse == .journey ? 8 : connections * 2)
    return state
  }

  /// Closes the kept connections too; their callbacks still need `pollSet`.
  static func destroy(_ state: UnsafeMutablePointer<MultiState>) {
    curl_multi_cleanup(state.pointee.raw)
    state.deallocate()
  }
}

func socketWanted(
  _: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: Int32, _ context: UnsafeMutableRawPointer?,
  _: UnsafeMutableRawPointer?
) -> Int32 {
  let multi = context!.assumingMemoryBound(to: MultiState.self)
  switch what {
  case CURL_POLL_IN: multi.pointee.pollSet.pointee.want(socket, EPOLLIN.rawValue, multi)
  case CURL_POLL_OUT: multi.pointee.pollSet.pointee.want(socket, EPOLLOUT.rawValue, multi)
  case CURL_POLL_INOUT: multi.pointee.pollSet.pointee.want(socket, EPOLLIN.rawValue | EPOLLOUT.rawValue, multi)
  default: multi.pointee.pollSet.pointee.unwant(socket)
  }
  return 0
}

func timerWanted(_: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?) -> Int32 {
  let multi = context!.assumingMemoryBound(to: MultiState.self)
  if milliseconds < 0 {
    multi.pointee.deadline = .max
  } else if milliseconds == 0 {
    multi.pointee.deadline = .max
    multi.pointee.timers.pointee.markReady(multi)
  } else {
    let deadline = MonotonicTime.now().nanoseconds + Int64(milliseconds) * 1_000_000
    multi.pointee.deadline = deadline
    if deadline < multi.pointee.timers.pointee.earliest { multi.pointee.timers.pointee.earliest = deadline }
  }
  return 0
}
