// SPDX-License-Identifier: Apache-2.0

/// What was watched on the target's side, and how its own counters agree with ours. `target.csv` has the samples.
package struct WatchedRecord: Codable, Sendable, Equatable {
  package var sources: [WatchedSource] = []
  /// Computed; empty when no source counts requests.
  package var reconciliation: [Reconciliation] = []

  package init(sources: [WatchedSource] = []) {
    self.sources = sources
  }
}

/// One place that figures of the target came from.
package struct WatchedSource: Codable, Sendable, Equatable {
  package var source: TargetSource
  /// For people: `hotel`, `agente-api`, a URL, the name of a query.
  package var name: String
  /// Time between two samples in milliseconds.
  package var every: Double
  /// What memory is held against, as declared; null when nobody said, or the source says it itself.
  @Nullable package var memoryLimit: Double?
  /// The target's own counter of requests among its series; null when it has none.
  @Nullable package var requests: String?
  /// Why it could not be read before the run; null when it could.
  @Nullable package var trouble: String?

  package init(
    source: TargetSource, name: String, every: Double, memoryLimit: Double? = nil, requests: String? = nil,
    trouble: String? = nil
  ) {
    self.source = source
    self.name = name
    self.every = every
    self.memoryLimit = memoryLimit
    self.requests = requests
    self.trouble = trouble
  }
}

/// A server's own count of requests over the run beside what was sent to it.
package struct Reconciliation: Codable, Sendable, Equatable {
  package var metric: String
  package var instance: String
  /// By how much its counters grew from the first to the last sample; null when that cannot be told.
  @Nullable package var server: Double?
  /// Requests of the run.
  package var sent: Int
  /// False: it counted clearly fewer than were answered; null when nothing can be said.
  @Nullable package var ok: Bool?
  package var reason: String

  package init(metric: String, instance: String, server: Double?, sent: Int, ok: Bool?, reason: String) {
    self.metric = metric
    self.instance = instance
    self.server = server
    self.sent = sent
    self.ok = ok
    self.reason = reason
  }
}
