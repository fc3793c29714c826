// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization

/// What is the same for all journeys of one run.
package struct RunContext: Sendable {
  package var runID: String
  package var seed: UInt64
  /// Scheme, host, port and an optional path that every path is put behind; no slash at the end is needed.
  package var baseURL: String
  /// Settings of the environment by name; lists are joined by commas.
  package var settings: [String: String] = [:]
  /// Learns every secret before it is used.
  package var redactor: Redactor
  /// This machine's place among the machines that run the same plan: counters and feeders are dealt out by it.
  package var agentIndex = 0
  package var agentCount = 1
  /// Milliseconds since 1970, for `now()` and `date()`.
  package var wallClockMilliseconds: @Sendable () -> Int64 = RunContext.systemMilliseconds

  package init(runID: String, seed: UInt64, baseURL: String, redactor: Redactor) {
    self.runID = runID
    self.seed = seed
    self.baseURL = baseURL
    self.redactor = redactor
  }

  package static let systemMilliseconds: @Sendable () -> Int64 = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}

/// A number that all workers count on.
final class SharedCounter: Sendable {
  private let value: Atomic<Int>
  private let stride: Int

  init(first: Int, stride: Int) {
    value = Atomic(first)
    self.stride = stride
  }

  func next() -> Int {
    value.wrappingAdd(stride, ordering: .relaxed).oldValue
  }
}
