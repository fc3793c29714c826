// SPDX-License-Identifier: Apache-2.0

/// What is about to happen, shown before the first request of a run.
package struct StartScreen: Sendable, Equatable {
  /// One phase of the plan.
  package struct Phase: Sendable, Equatable {
    package var name: String
    package var seconds: Double
    /// As written: `1x peak`, `users: 50`.
    package var rate: String
    /// What that comes to: `40 arrivals/s = 92 requests/s`; nil when the text says it already.
    package var meaning: String?
    package var isSteady: Bool

    package init(name: String, seconds: Double, rate: String, meaning: String?, isSteady: Bool) {
      self.name = name
      self.seconds = seconds
      self.rate = rate
      self.meaning = meaning
      self.isSteady = isSteady
    }
  }

  /// What the plan can say about one rule.
  package struct Proof: Sendable, Equatable {
    package var expression: String
    /// False: it can never PASS, however well the target does.
    package var canPass: Bool
    /// `2,995 error-free requests are needed; 640 will be made`.
    package var text: String

    package init(expression: String, canPass: Bool, text: String) {
      self.expression = expression
      self.canPass = canPass
      self.text = text
    }
  }

  package var plan: String
  package var runId: String
  package var seed: UInt64
  /// Base URL.
  package var target: String
  package var build: String?
  /// Nil for an undeclared loopback target.
  package var environment: String?
  /// `staging` or `production`.
  package var environmentKind: String?
  package var demo: Bool
  /// TLS certificates are not verified.
  package var insecure: Bool
  package var phases: [Phase]
  /// Expected over the whole run; nil in a closed model, where it depends on the target.
  package var requests: Int?
  /// Of `requests`: those that write to the target. 0 when there are none.
  package var writes: Int?
  package var maxInFlight: Int?
  package var descriptorsNeeded: Int?
  package var descriptorsAllowed: Int?
  package var proofs: [Proof]
  /// Checklist rows that can be marked, and what the others need.
  package var items: [Proof] = []
  /// What of the target is watched, a sentence each; `cannot be read` where that is so.
  package var watched: [String] = []
  /// Further sentences: the proxy in use, an overload stop, ...
  package var notes: [String]

  package init(
    plan: String, runId: String, seed: UInt64, target: String, build: String?, environment: String?,
    environmentKind: String?, demo: Bool, insecure: Bool, phases: [Phase], requests: Int?, writes: Int?,
    maxInFlight: Int?, descriptorsNeeded: Int?, descriptorsAllowed: Int?, proofs: [Proof], notes: [String]
  ) {
    self.plan = plan
    self.runId = runId
    self.seed = seed
    self.target = target
    self.build = build
    self.environment = environment
    self.environmentKind = environmentKind
    self.demo = demo
    self.insecure = insecure
    self.phases = phases
    self.requests = requests
    self.writes = writes
    self.maxInFlight = maxInFlight
    self.descriptorsNeeded = descriptorsNeeded
    self.descriptorsAllowed = descriptorsAllowed
    self.proofs = proofs
    self.notes = notes
  }
}
