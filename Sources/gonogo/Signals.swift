// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Dispatch
import Glibc
import Synchronization

/// Interrupts as something to read, so that nothing runs inside a signal handler. Made before the threads that must not
/// be interrupted, since threads inherit what is blocked.
struct Signals: ~Copyable {
  private let descriptor: Int32

  init() {
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in Self.heeded { sigaddset(&wanted, number) }
    pthread_sigmask(SIG_BLOCK, &wanted, nil)
    descriptor = signalfd(-1, &wanted, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
  }

  /// A blocked signal comes even when it is to be ignored, so `nohup` has to be respected here. A shell that starts a
  /// command in the background lets it ignore SIGINT: a stop by `kill -INT` is meant all the same.
  private static var heeded: [Int32] {
    [SIGINT, SIGTERM] + (gonogo_ignores_signal(SIGHUP) != 0 ? [] : [SIGHUP])
  }

  /// Until a run begins there is nothing to bring to an end: an interrupt ends the process at once.
  static func endAtOnce() {
    for number in heeded { signal(number) { _ in _exit(130) } }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Waits up to that long; answers the number of the signal that came, if one did.
  func wait(milliseconds: Int32) -> Int32? {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&waiting, 1, milliseconds) > 0 else { return nil }
    var received = signalfd_siginfo()
    guard read(descriptor, &received, MemoryLayout<signalfd_siginfo>.size) == MemoryLayout<signalfd_siginfo>.size
    else { return nil }
    return Int32(received.ssi_signo)
  }

  /// Does what may have to wait for a target on a thread of its own; a signal meanwhile ends the command, and leaves the
  /// thread to itself.
  borrowing func heeded<Value: Sendable>(during work: @escaping @Sendable () throws -> Value) throws -> Value {
    let found = Found<Value>()
    let over = DispatchGroup()
    DispatchQueue(label: "gonogo.question").async(group: over) {
      let result = Result { try work() }
      found.result.withLock { $0 = result }
    }
    while true {
      if over.wait(timeout: .now()) == .success, let result = found.result.withLock({ $0 }) { return try result.get() }
      if wait(milliseconds: Self.tickMilliseconds) != nil {
        throw CommandFailure(code: .interrupted, message: "interrupted; nothing was sent")
      }
    }
  }

  private static let tickMilliseconds: Int32 = 5

  private final class Found<Value: Sendable>: Sendable {
    let result = Mutex<Result<Value, any Error>?>(nil)
  }
}
