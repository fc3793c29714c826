// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

/// Interrupts as something to read, so that nothing runs inside a signal handler. Made before any thread starts, since
/// threads inherit what is blocked.
struct Signals: ~Copyable {
  private let descriptor: Int32

  init() {
    signal(SIGPIPE, SIG_IGN)
    var wanted = sigset_t()
    sigemptyset(&wanted)
    for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&wanted, number) }
    pthread_sigmask(SIG_BLOCK, &wanted, nil)
    descriptor = signalfd(-1, &wanted, Int32(SFD_NONBLOCK | SFD_CLOEXEC))
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
