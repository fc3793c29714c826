// SPDX-License-Identifier: Apache-2.0

/// How a run stands at one moment, for people who watch it. Figures are of the last few seconds unless they say
/// otherwise.
package struct ProgressSnapshot: Sendable, Equatable {
  /// Name of the phase, or what the tool does beside the phases: `setup`, `drain`, `teardown`.
  package var phase: String
  package var elapsedSeconds: Double
  /// Of the whole plan; nil when it has no fixed end.
  package var totalSeconds: Double?
  /// Requests answered per second.
  package var requestsPerSecond: Double
  /// Response times of the requests answered, in milliseconds; nil when there were none.
  package var p50: Double?
  package var p95: Double?
  package var p99: Double?
  /// Since the run's begin.
  package var sent: Int
  /// Since the run's begin.
  package var errors: Int
  package var inFlight: Int
  /// Own health so far; `healthNote` is the first reason when it is not good.
  package var isHealthy: Bool
  package var healthNote: String?

  package init(
    phase: String, elapsedSeconds: Double, totalSeconds: Double?, requestsPerSecond: Double, p50: Double?, p95: Double?,
    p99: Double?, sent: Int, errors: Int, inFlight: Int, isHealthy: Bool, healthNote: String?
  ) {
    self.phase = phase
    self.elapsedSeconds = elapsedSeconds
    self.totalSeconds = totalSeconds
    self.requestsPerSecond = requestsPerSecond
    self.p50 = p50
    self.p95 = p95
    self.p99 = p99
    self.sent = sent
    self.errors = errors
    self.inFlight = inFlight
    self.isHealthy = isHealthy
    self.healthNote = healthNote
  }
}
