// SPDX-License-Identifier: Apache-2.0
import CLibcurl
import CLinux
import Glibc

/// The epoll set all multi handles of a loop share, and what is known of each descriptor in it. At a fixed address, since
/// libcurl's callbacks reach it by pointer. Confined to the loop's thread.
///
/// libcurl takes a socket out after each transfer and puts it back for the next. Here it stays in the set between the
/// two, which saves both system calls; in return, a socket that becomes readable while nobody waits for it (the server
/// closed it) is taken out for good, since it would be reported again and again.
struct PollSet {
  struct Slot {
    /// Grows whenever the descriptor number begins or ends to mean a socket; events of an older one are stale.
    var generation: UInt32 = 0
    /// What the epoll set reports for it now; 0 = it is not in the set.
    var armed: UInt32 = 0
    /// What libcurl waits for; 0 between transfers.
    var wanted: UInt32 = 0
    /// The multi handle that waits.
    var multi: UnsafeMutablePointer<MultiState>?
    /// Opened by us for libcurl, so its closing is reported to us. Others (pipes of name lookups) must leave the set at
    /// once, because libcurl closes them silently.
    var isOurs = false
  }

  /// The tag of the waker's descriptor.
  static let wakerTag = UInt64.max

  let descriptor: Int32
  private(set) var slots: UnsafeMutablePointer<Slot>
  private(set) var slotCount: Int
  var openConnections = 0
  var connectionsOpened = 0
  /// Sockets taken out because they became readable between transfers.
  var disarmed = 0

  init() throws(TransportError) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw TransportError(failure: .generator, text: "epoll_create1: errno \(errno)") }
    slotCount = 256
    slots = .allocate(capacity: slotCount)
    slots.initialize(repeating: Slot(), count: slotCount)
  }

  func free() {
    close(descriptor)
    slots.deallocate()
  }

  func watchWaker(_ waker: Int32) -> Bool {
    gonogo_epoll_control(descriptor, EPOLL_CTL_ADD, waker, EPOLLIN.rawValue, PollSet.wakerTag) == 0
  }

  /// The slot an event belongs to, or nil when the event is older than the socket.
  @inline(__always)
  func current(_ event: gonogo_event) -> UnsafeMutablePointer<Slot>? {
    let number = Int(event.tag & 0xFFFF_FFFF)
    guard number < slotCount, slots[number].generation == UInt32(event.tag >> 32) else { return nil }
    return slots + number
  }

  /// libcurl's wish for one socket.
  mutating func want(_ socket: Int32, _ events: UInt32, _ multi: UnsafeMutablePointer<MultiState>) {
    makeRoom(for: socket)
    let slot = slots + Int(socket)
    slot.pointee.multi = multi
    slot.pointee.wanted = events
    guard slot.pointee.armed != events else { return }
    arm(socket, slot, events)
  }

  /// libcurl no longer waits for the socket.
  mutating func unwant(_ socket: Int32) {
    guard Int(socket) < slotCount else { return }
    let slot = slots + Int(socket)
    slot.pointee.wanted = 0
    if !slot.pointee.isOurs {
      disarm(socket)
      slot.pointee.generation &+= 1
    }
  }

  /// Takes a socket out of the set.
  mutating func disarm(_ socket: Int32) {
    let slot = slots + Int(socket)
    guard slot.pointee.armed != 0 else { return }
    slot.pointee.armed = 0
    _ = gonogo_epoll_control(descriptor, EPOLL_CTL_DEL, socket, 0, 0)
  }

  mutating func opened(_ socket: Int32) {
    makeRoom(for: socket)
    slots[Int(socket)] = Slot(generation: slots[Int(socket)].generation &+ 1, isOurs: true)
    openConnections += 1
    connectionsOpened += 1
  }

  /// To be called before close(): the number may come back with the next socket().
  mutating func willClose(_ socket: Int32) {
    guard Int(socket) < slotCount, slots[Int(socket)].isOurs else { return }
    disarm(socket)
    slots[Int(socket)] = Slot(generation: slots[Int(socket)].generation &+ 1)
    openConnections -= 1
  }

  private func arm(_ socket: Int32, _ slot: UnsafeMutablePointer<Slot>, _ events: UInt32) {
    let tag = UInt64(slot.pointee.generation) << 32 | UInt64(UInt32(bitPattern: socket))
    var operation = slot.pointee.armed == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD
    var outcome = gonogo_epoll_control(descriptor, operation, socket, events, tag)
    if outcome == EEXIST || outcome == ENOENT {
      // A descriptor that changed hands without our knowing: say what it is now.
      operation = outcome == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD
      outcome = gonogo_epoll_control(descriptor, operation, socket, events, tag)
    }
    // What cannot be watched is left to the transfer's timeout, which reports it.
    slot.pointee.armed = outcome == 0 ? events : 0
  }

  private mutating func makeRoom(for socket: Int32) {
    guard Int(socket) >= slotCount else { return }
    let size = max(Int(socket) + 1, slotCount * 2)
    let moved = UnsafeMutablePointer<Slot>.allocate(capacity: size)
    moved.moveInitialize(from: slots, count: slotCount)
    (moved + slotCount).initialize(repeating: Slot(), count: size - slotCount)
    slots.deallocate()
    (slots, slotCount) = (moved, size)
  }
}

/// Opens libcurl's sockets so that no child process inherits them, that they are counted, and that the reason of a
/// failure is kept.
func openSocket(_ context: UnsafeMutableRawPointer?, _: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?)
  -> curl_socket_t
{
  let state = context!.assumingMemoryBound(to: TransferState.self)
  let outcome = gonogo_socket(address!.pointee.family, address!.pointee.socktype, address!.pointee.protocol)
  guard outcome >= 0 else {
    state.pointee.socketError = -outcome
    return -1
  }
  state.pointee.pollSet.pointee.opened(outcome)
  return outcome
}

func closeSocket(_ context: UnsafeMutableRawPointer?, _ socket: curl_socket_t) -> Int32 {
  context!.assumingMemoryBound(to: PollSet.self).pointee.willClose(socket)
  return close(socket)
}
