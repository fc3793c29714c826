// SPDX-License-Identifier: Apache-2.0
package import FoundationEssentials
package import Judgement

/// What `gonogo compare --json` prints, schema `gonogo.comparison/1`: two runs, where they differ by intention, and every
/// figure of both with what is proven about it. Times are milliseconds, shares fractions.
package struct ComparisonRecord: Codable, Sendable, Equatable {
  package static let currentSchema = "gonogo.comparison/1"

  /// One of the two runs.
  package struct Side: Codable, Sendable, Equatable {
    /// As it was named on the command line.
    package var folder: String
    package var runId: String
    package var started: Timestamp
    package var plan: String
    package var target: String
    @Nullable package var environment: String?
    @Nullable package var build: String?
    package var demo: Bool
    package var steadySeconds: Int
    /// Sent in the steady phases.
    package var requests: Int
    package var generatorHealthy: Bool
    package var verdict: Verdict
  }

  /// How it was judged.
  package struct Method: Codable, Sendable, Equatable {
    package var blockSeconds = comparisonBlockSeconds
    package var leastSeconds = leastComparedSeconds
    package var alpha = comparisonAlpha
    package var correction = "holm"
    package var leastShare = leastComparedShare
    package var leastMilliseconds = leastComparedMicroseconds / 1000
    /// Comparisons that were made at once.
    package var comparisons: Int
  }

  package struct Row: Codable, Sendable, Equatable {
    /// Both null: all requests.
    @Nullable package var scenario: String?
    @Nullable package var step: String?
    /// `p50`, `p95`, `p99` (response time), `errors`, `throughput`.
    package var figure: String
    /// `milliseconds`, `fraction`, `perSecond`.
    package var unit: String
    @Nullable package var first: Double?
    @Nullable package var second: Double?
    /// (second - first) / first; null without either, and when the first is 0.
    @Nullable package var change: Double?
    package var firstRequests: Int
    package var secondRequests: Int
    /// Chance of such a difference between equal runs, alone and among all comparisons.
    @Nullable package var p: Double?
    @Nullable package var adjustedP: Double?
    package var outcome: ComparisonOutcome
    @Nullable package var reason: String?

    /// `scenario/step`, or nil for all requests.
    package var name: String? {
      guard let scenario, let step else { return nil }
      return "\(scenario)/\(step)"
    }
  }

  package var schema = ComparisonRecord.currentSchema
  package var tool: ToolRecord
  package var first: Side
  package var second: Side
  /// What makes the runs incomparable; compared all the same only because somebody asked for it.
  package var differences: [String]
  /// What differs and may be the very thing to be judged: builds, environments.
  package var remarks: [String]
  package var method: Method
  package var rows: [Row]
  /// fail: slower, more errors or less throughput is proven; inconclusive: nothing could be compared.
  package var verdict: Verdict
  /// Why it is inconclusive.
  package var reasons: [String]

  package func encoded() throws -> Data { try encodeRecord(self) }
}

extension ComparisonRecord.Row {
  init(_ comparison: FigureComparison) {
    let parts = comparison.step?.split(separator: "/", maxSplits: 1).map(String.init)
    scenario = parts?.first
    step = parts?.last
    let factor: Double
    switch comparison.figure {
    case .quantile(let q):
      figure = "p\(Int((q * 100).rounded()))"
      unit = "milliseconds"
      factor = 1000
    case .errors:
      figure = "errors"
      unit = "fraction"
      factor = 1
    case .throughput:
      figure = "throughput"
      unit = "perSecond"
      factor = 1
    }
    first = comparison.first.map { $0 / factor }
    second = comparison.second.map { $0 / factor }
    if let a = comparison.first, let b = comparison.second, a > 0 { change = (b - a) / a }
    firstRequests = comparison.firstCount
    secondRequests = comparison.secondCount
    p = comparison.p
    adjustedP = comparison.adjustedP
    outcome = comparison.outcome
    reason = comparison.reason
  }
}
