// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

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
}
