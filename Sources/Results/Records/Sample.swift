// SPDX-License-Identifier: Apache-2.0

/// Where the time of one request went, in milliseconds since it was handed to the network; null what did not happen.
package struct SamplePhases: Codable, Sendable, Equatable {
  @Nullable package var nameLookup: Double?
  @Nullable package var connect: Double?
  @Nullable package var tls: Double?
  @Nullable package var firstByte: Double?
  @Nullable package var total: Double?
  /// On a connection that was already open.
  package var reused: Bool

  package init(
    nameLookup: Double?, connect: Double?, tls: Double?, firstByte: Double?, total: Double?, reused: Bool
  ) {
    self.nameLookup = nameLookup
    self.connect = connect
    self.tls = tls
    self.firstByte = firstByte
    self.total = total
    self.reused = reused
  }
}

/// One request that is kept to be looked at. The caller has redacted every text.
package struct Sample: Codable, Sendable, Equatable {
  /// Finds the request in the target's own traces and logs.
  package var traceparent: String
  package var scenario: String
  package var step: String
  package var due: Timestamp
  /// Due to last byte (or failure), in milliseconds.
  package var response: Double
  /// Handed to the network to last byte, in milliseconds.
  package var service: Double
  package var phases: SamplePhases
  @Nullable package var status: Int?
  /// Failure kind, null for one answered as expected.
  @Nullable package var failure: String?
  /// What was expected and what came, or the first bytes of the answer.
  @Nullable package var excerpt: String?

  package init(
    traceparent: String, scenario: String, step: String, due: Timestamp, response: Double, service: Double,
    phases: SamplePhases, status: Int?, failure: String?, excerpt: String?
  ) {
    self.traceparent = traceparent
    self.scenario = scenario
    self.step = step
    self.due = due
    self.response = response
    self.service = service
    self.phases = phases
    self.status = status
    self.failure = failure
    self.excerpt = excerpt
  }
}

/// `slowest.json`: the slowest 20, slowest first, and the first 5 failures of each kind.
package struct Samples: Codable, Sendable, Equatable {
  package var slowest: [Sample]
  package var failures: [String: [Sample]]

  package init(slowest: [Sample], failures: [String: [Sample]]) {
    self.slowest = slowest
    self.failures = failures
  }
}
