// SPDX-License-Identifier: Apache-2.0
package import FoundationEssentials
package import Judgement

/// `baseline.json`, schema `gonogo.baseline/1`: what a run that passed at the declared peak found, for later runs to be
/// held against. Of the steady phases; times are milliseconds, shares fractions.
package struct BaselineRecord: Codable, Sendable, Equatable {
  package static let currentSchema = "gonogo.baseline/1"
  package static let fileName = "baseline.json"

  package var schema = BaselineRecord.currentSchema
  package var tool: ToolRecord
  package var runId: String
  package var started: Timestamp
  package var plan: String
  package var target: String
  @Nullable package var environment: String?
  @Nullable package var build: String?
  package var demo: Bool
  /// Arrivals per second that were declared and held.
  package var peak: Double
  package var seconds: Int
  package var pooled: BaselineFigures
  package var steps: [BaselineStep]
}

/// Of one selection.
package struct BaselineFigures: Codable, Sendable, Equatable {
  /// Requests sent.
  package var n: Int
  @Nullable package var errorRate: Double?
  /// Requests answered as expected per second; null for a step.
  @Nullable package var rate: Double?
  /// Response time; null when it falls among the failed requests.
  @Nullable package var p50: Double?
  @Nullable package var p95: Double?
  @Nullable package var p99: Double?
}

package struct BaselineStep: Codable, Sendable, Equatable {
  package var scenario: String
  package var step: String
  package var figures: BaselineFigures

  /// `scenario/step`.
  package var name: String { "\(scenario)/\(step)" }
}

extension BaselineRecord {
  package func encoded() throws -> Data { try encodeRecord(self) }

  /// Reads the text of a `baseline.json`.
  package static func decoded(from bytes: [UInt8]) throws -> BaselineRecord {
    let record = try JSONDecoder().decode(BaselineRecord.self, from: Data(bytes))
    guard record.schema == currentSchema else { throw RecordError.otherSchema(record.schema) }
    return record
  }

  /// What a rule is held against, in the base unit of its figure; nil for what is not here.
  package func figure(for threshold: Threshold) -> Double? {
    let figures: BaselineFigures
    if let step = threshold.selection.step {
      guard let found = steps.first(where: { $0.name == step }) else { return nil }
      figures = found.figures
    } else {
      figures = pooled
    }
    return switch threshold.figure {
    case .quantile(.response, 0.5): figures.p50.map { $0 * 1000 }
    case .quantile(.response, 0.95): figures.p95.map { $0 * 1000 }
    case .quantile(.response, 0.99): figures.p99.map { $0 * 1000 }
    case .errors: figures.errorRate
    case .rate: figures.rate
    default: nil
    }
  }
}

extension RunRecord {
  /// What later runs may be held against: of a completed load run that passed and held its declared peak, which its P-013
  /// says; nil for every other.
  package var asBaseline: BaselineRecord? {
    guard kind == .load, verdict == .pass, let peak, let steady,
      items.contains(where: { $0.id == "P-013" && $0.status == .pass })
    else { return nil }
    func figures(_ n: Int, _ errorRate: Double?, _ rate: Double?, _ times: TimeFigures) -> BaselineFigures {
      BaselineFigures(n: n, errorRate: errorRate, rate: rate, p50: times.p50, p95: times.p95, p99: times.p99)
    }
    return BaselineRecord(
      tool: tool, runId: runId, started: started, plan: plan.name, target: target, environment: environment,
      build: build, demo: demo, peak: peak.arrivalsPerSecond, seconds: steady.seconds,
      pooled: figures(steady.requests, steady.errorRate, steady.rate, steady.response),
      steps: steps.map { step in
        let errorRate = step.requests > 0 ? Double(step.errors) / Double(step.requests) : nil
        return BaselineStep(
          scenario: step.scenario, step: step.step, figures: figures(step.requests, errorRate, nil, step.response))
      })
  }
}
