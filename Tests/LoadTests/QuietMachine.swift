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
    /// By second of the meter: how long the thread was kept waiting beyond `ordinaryNanoseconds` each time.
    var keptNanoseconds: [Int64] = []
  }

  private let state = Mutex(State())
  private let ended = DispatchSemaphore(value: 0)

  private static let ordinaryNanoseconds: Int64 = 2_000_000
  /// Of a second: one request in a hundred is late by then.
  private static let toleratedNanoseconds: Int64 = 8_000_000

  init() {
    let begin = monotonicNanoseconds()
    let thread = Thread { [self] in
      while !state.withLock({ $0.isOver }) {
        let before = monotonicNanoseconds()
        usleep(1000)
        let late = monotonicNanoseconds() - before - 1_000_000
        let second = Int((before - begin) / 1_000_000_000)
        state.withLock { state in
          while state.keptNanoseconds.count <= second { state.keptNanoseconds.append(0) }
          if late > Self.ordinaryNanoseconds { state.keptNanoseconds[second] += late }
        }
      }
      ended.signal()
    }
    thread.start()
  }

  func stop() {
    state.withLock { $0.isOver = true }
    ended.wait()
  }

  /// Milliseconds kept back in the worst second, when that is too much; nil on a quiet machine.
  var worstSecond: Int64? {
    let worst = state.withLock { $0.keptNanoseconds.max() ?? 0 }
    return worst > Self.toleratedNanoseconds ? worst / 1_000_000 : nil
  }
}

/// What a run showed that it should not have.
struct Findings {
  private(set) var texts: [String] = []

  mutating func expect(_ holds: Bool, _ text: @autoclosure () -> String) {
    if !holds { texts.append(text()) }
  }

  /// `value` lies within `tolerance` of `truth`; nil does not.
  mutating func expect(_ value: Double?, near truth: Double, within tolerance: Double, _ what: String) {
    expect(value.map { abs($0 - truth) <= tolerance } ?? false, "\(what): \(value ?? .nan) and not \(truth)")
  }
}

/// Under the thread sanitizer everything takes ten times as long: no figure means anything.
let isSanitized = dlsym(nil, "__tsan_init") != nil

/// Runs a test whose figures need an undisturbed machine. What is found is looked for again after a wait for quiet, four
/// times in all: a tool that is wrong is wrong each time. No figure is ever loosened. Only when the machine is shown to
/// have been disturbed in every attempt does what was found stand in the report as a known issue and not as a failure.
func whenQuiet(_ location: SourceLocation = #_sourceLocation, _ body: () throws -> Findings) throws {
  var found: [String] = []
  var wasQuiet = false
  for attempt in 1...4 {
    if attempt > 1 { waitForQuiet() }
    let noise = NoiseMeter()
    defer { noise.stop() }
    let findings = try body().texts
    guard !findings.isEmpty else { return }
    let disturbance = noise.worstSecond
    wasQuiet = wasQuiet || disturbance == nil
    found.append(
      findings.joined(separator: "; ") + (disturbance.map { " (\($0) ms of a second kept back)" } ?? ""))
  }
  guard !wasQuiet else {
    Issue.record("\(found.joined(separator: "\n"))", sourceLocation: location)
    return
  }
  withKnownIssue("this machine was never quiet") {
    Issue.record("\(found.joined(separator: "\n"))", sourceLocation: location)
  }
}

/// At most a quarter of a minute.
private func waitForQuiet() {
  for _ in 0..<5 {
    let noise = NoiseMeter()
    sleep(3)
    noise.stop()
    if noise.worstSecond == nil { return }
  }
}
