// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestServers
import Testing

/// How late this machine wakes a thread that did nothing but sleep, while a test runs. What it keeps back from such a
/// thread it keeps back from the tool too, and no figure can be right then.
final class NoiseMeter: Sendable {
  private struct State {
    var isOver = false
    var latenessNanoseconds: [Int64] = []
  }

  private let state = Mutex(State())
  private let ended = DispatchSemaphore(value: 0)

  /// Of wake-ups, one a millisecond: this share may be later than this.
  private static let tolerated = 0.005
  private static let lateNanoseconds: Int64 = 2_000_000

  init() {
    let thread = Thread { [self] in
      while !state.withLock({ $0.isOver }) {
        let before = monotonicNanoseconds()
        usleep(1000)
        let late = monotonicNanoseconds() - before - 1_000_000
        state.withLock { $0.latenessNanoseconds.append(late) }
      }
      ended.signal()
    }
    thread.start()
  }

  func stop() {
    state.withLock { $0.isOver = true }
    ended.wait()
  }

  var isTooMuch: Bool { share > Self.tolerated }

  var share: Double {
    state.withLock { state in
      let late = state.latenessNanoseconds.count { $0 > Self.lateNanoseconds }
      return Double(late) / Double(max(1, state.latenessNanoseconds.count))
    }
  }
}

/// Under the thread sanitizer everything takes ten times as long: no figure means anything.
let isSanitized = dlsym(nil, "__tsan_init") != nil

/// Runs a test whose figures need an undisturbed machine. `body` answers false, before it expects anything, when the
/// machine was not; then it is done again, four times in all. A machine that is never quiet fails the test: nothing was
/// shown.
func whenQuiet(
  _ location: SourceLocation = #_sourceLocation, _ body: (borrowing NoiseMeter) throws -> Bool
) throws {
  var shares: [Double] = []
  for attempt in 0..<4 {
    if attempt > 0 { sleep(UInt32(2 * attempt)) }
    let noise = NoiseMeter()
    defer { noise.stop() }
    if try body(noise) { return }
    shares.append(noise.share)
  }
  Issue.record(
    "this machine was never quiet: these shares of wake-ups were over 2 ms late: \(shares)", sourceLocation: location)
}
