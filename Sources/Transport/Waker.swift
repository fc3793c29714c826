// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc
import Synchronization

/// Interrupts the wait of one loop from any thread.
package final class Waker: Sendable {
  /// The eventfd the loop waits on.
  let descriptor: Int32
  /// Set by the first wake since the loop last looked, so that a burst of wakes costs one system call.
  private let isPending = Atomic<Bool>(false)

  init() throws(TransportError) {
    descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
    guard descriptor >= 0 else { throw TransportError(failure: .generator, text: "eventfd: errno \(errno)") }
  }

  deinit { close(descriptor) }

  /// Makes the loop take a turn soon. Any thread; what was written before is visible to that turn.
  package func wake() {
    guard !isPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var one: UInt64 = 1
    _ = write(descriptor, &one, 8)
  }

  /// Called by the loop before it looks at what it was woken for.
  func clear() {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
    // An exchange, not a store: it also takes over what the wakers wrote before.
    _ = isPending.exchange(false, ordering: .acquiringAndReleasing)
  }
}
