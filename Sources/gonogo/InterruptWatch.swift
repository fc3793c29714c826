// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import Synchronization

/// Ends the process at an interrupt, after bringing down what stands beside it. For the time in which nobody else heeds
/// signals; made before what it brings down, since threads inherit what is blocked.
final class InterruptWatch: Sendable {
  private let ended = DispatchSemaphore(value: 0)
  private let isOver = Atomic<Bool>(false)

  private static let tickMilliseconds: Int32 = 50

  /// `cleanUp` is called on a thread of its own, once at most.
  init(cleanUp: @escaping @Sendable () -> Void) {
    // Blocked for this thread and for all that it makes.
    let signals = Signals()
    DispatchQueue(label: "gonogo.interrupts").async { [self] in
      while !isOver.load(ordering: .acquiring) {
        guard signals.wait(milliseconds: Self.tickMilliseconds) != nil else { continue }
        cleanUp()
        _exit(ExitCode.interrupted.rawValue)
      }
      ended.signal()
    }
  }

  /// Stands down; a signal that comes from now on waits for whoever reads it next.
  func end() {
    guard !isOver.exchange(true, ordering: .acquiringAndReleasing) else { return }
    ended.wait()
  }
}
