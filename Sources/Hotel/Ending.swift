// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc

/// What tells the hotel to end: a signal, or the end of standard input when that is a pipe from its parent.
struct Ending: ~Copyable {
  enum Reason: String { case signal, parentGone = "parent gone" }

  private let signals: Int32
  private let watchesInput: Bool

  /// Blocks the signals for the calling thread and all that it makes.
  init(watchesInput: Bool) {
    var wanted = sigset_t()
    sigemptyset(&wanted)
    sigaddset(&wanted, SIGTERM)
    sigaddset(&wanted, SIGINT)
    pthread_sigmask(SIG_BLOCK, &wanted, nil)
    signals = signalfd(-1, &wanted, Int32(SFD_CLOEXEC))
    self.watchesInput = watchesInput
  }

  deinit { close(signals) }

  /// Returns when the time has come.
  func wait() -> Reason {
    var waiting = [pollfd(fd: signals, events: Int16(POLLIN), revents: 0)]
    if watchesInput { waiting.append(pollfd(fd: 0, events: Int16(POLLIN), revents: 0)) }
    var discarded = [UInt8](repeating: 0, count: 256)
    while true {
      guard poll(&waiting, nfds_t(waiting.count), -1) > 0 else { continue }
      if waiting[0].revents != 0 { return .signal }
      if watchesInput, waiting[1].revents != 0, read(0, &discarded, discarded.count) <= 0 { return .parentGone }
    }
  }
}
