// SPDX-License-Identifier: Apache-2.0

/// Requests of one step in one second. All but the last two go by the second and phase in which a request was due, and
/// hold: due = sent + unsent, sent = ok + sum(failed) + inFlight.
package struct StepCounts: Sendable, Equatable {
  package var due = 0
  package var sent = 0
  /// Answered as expected; `refused` and `slow` are part of it.
  package var ok = 0
  package var refused = 0
  package var slow = 0
  /// Unanswered after the drain.
  package var inFlight = 0
  package var unsent = 0
  /// By index of the failure kind, as given to the writer. Empty stands for all zero.
  package var failed: [Int] = []
  /// By the second of the last byte, whenever the request was due.
  package var completedOk = 0
  package var completedFailed = 0

  package init() {}

  package var failedSum: Int { failed.reduce(0, +) }

  static func += (sum: inout StepCounts, other: StepCounts) {
    sum.due += other.due
    sum.sent += other.sent
    sum.ok += other.ok
    sum.refused += other.refused
    sum.slow += other.slow
    sum.inFlight += other.inFlight
    sum.unsent += other.unsent
    sum.completedOk += other.completedOk
    sum.completedFailed += other.completedFailed
    if sum.failed.count < other.failed.count {
      sum.failed += Array(repeating: 0, count: other.failed.count - sum.failed.count)
    }
    for index in other.failed.indices { sum.failed[index] += other.failed[index] }
  }
}

extension ArrivalTotals {
  static func += (sum: inout ArrivalTotals, other: ArrivalTotals) {
    sum.planned += other.planned
    sum.started += other.started
    sum.unsent += other.unsent
    sum.completed += other.completed
    sum.failed += other.failed
    sum.cut += other.cut
  }
}

/// The tool's own state in one second. Shares are per mille; -1 where a figure could not be read.
package struct GeneratorCounts: Sendable, Equatable {
  /// Of the busiest worker: time not spent waiting for events.
  package var busyPerMille = 0
  /// Requests under way at the end of the second.
  package var inFlight = 0
  package var openConnections = 0
  /// Connections opened during the second.
  package var connectionsOpened = 0
  /// Processor time of this process; 1000 is one processor.
  package var cpuPerMille = 0
  /// Processor time of the machine that the hypervisor kept back.
  package var stealPerMille = 0
  /// Descriptors in use, of those allowed.
  package var descriptorsPerMille = 0
  /// Local ports in use, of those there are.
  package var portsPerMille = 0
  /// Resident memory in KiB.
  package var residentKiB = 0

  package init() {}
}
