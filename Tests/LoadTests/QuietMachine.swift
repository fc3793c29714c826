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

/// A figure that is not what it must be.
struct FigureMissed: Error, CustomStringConvertible {
  var description: String
}

/// Throws unless `measured` lies that near to `expected`.
func requireNear(_ measured: Double?, _ expected: Double, within tolerance: Double, _ what: String) throws {
  let measured = try #require(measured)
  guard abs(measured - expected) <= tolerance else {
    throw FigureMissed(description: "\(what): \(measured), not \(expected) within \(tolerance)")
  }
}

/// Runs a test whose figures need an undisturbed machine. `body` answers false, before it expects anything, when the
/// machine was not, and throws `FigureMissed` when a figure is off: what disturbed it may not have met the meter's
/// thread. Then it is done again, five times in all; the last word counts, since a tool that is wrong is wrong each
/// time. A machine that is never quiet fails the test: nothing was shown.
func whenQuiet(
  _ location: SourceLocation = #_sourceLocation, _ body: (borrowing NoiseMeter) throws -> Bool
) throws {
  var disturbances: [String] = []
  for attempt in 0..<5 {
    if attempt > 0 { sleep(UInt32(2 * attempt)) }
    let noise = NoiseMeter()
    defer { noise.stop() }
    do {
      if try body(noise) { return }
      disturbances.append("this share of wake-ups was over 2 ms late: \(noise.share)")
    } catch let missed as FigureMissed {
      disturbances.append(missed.description)
    }
  }
  Issue.record("no attempt showed it: \(disturbances.joined(separator: "; "))", sourceLocation: location)
}
