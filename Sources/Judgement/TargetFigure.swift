// SPDX-License-Identifier: Apache-2.0

// Rules about the target's own figures: `metric("x") < 400MB @steady`, `cpu(api) < 70% @steady`, `memory(api) < 80%`.
// Such a rule must hold for every sample of every instance that was taken within the phase, so that one sample beyond
// the limit breaks it: what was seen is a fact and needs no confidence. It says nothing about moments between samples;
// when more than a tenth of the samples to be expected are missing, nothing that holds is proven.

/// A figure of the target that a rule can be about.
package enum TargetFigure: Sendable, Hashable {
  /// A series as the target names it: with its labels that one, without them all of the name.
  case metric(String, TargetUnit)
  /// Processor time over each minute (10 s in phases under two), as a share of what the instance may use; of one processor where that is not known.
  case cpu(String)
  /// Memory in bytes.
  case memory(String)
  /// Memory as a share of its limit.
  case memoryShare(String)
}

/// What the limit of a metric is written in.
package enum TargetUnit: String, Sendable, Hashable {
  case plain, bytes, fraction
}

extension TargetFigure {
  /// As written between the parentheses.
  package var name: String {
    switch self {
    case .metric(let name, _), .cpu(let name), .memory(let name), .memoryShare(let name): name
    }
  }

  package var unit: TargetUnit {
    switch self {
    case .metric(_, let unit): unit
    case .cpu, .memoryShare: .fraction
    case .memory: .bytes
    }
  }

  /// In words, with its unit.
  func shown(_ value: Double, apartFrom other: Double? = nil) -> String {
    switch unit {
    case .plain: Wording.number(value, digits: 6)
    case .bytes: Wording.bytes(value, apartFrom: other)
    case .fraction: Wording.share(value, apartFrom: other)
    }
  }
}

/// What was seen of a figure.
package struct TargetReadings: Sendable, Equatable {
  /// Of one instance.
  package struct Series: Sendable, Equatable {
    /// For people: the instance, with the labels of a metric.
    package var name: String
    /// In the order of time, in the base unit of the figure: bytes, a share, or as the target says.
    package var values: [Double]

    package init(name: String, values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  package var series: [Series]
  /// Samples that were to be expected of what was seen least of, and those there are.
  package var expected: Int
  package var taken: Int
  /// Why there is nothing to judge, when there is not.
  package var lack: String?

  package init(series: [Series] = [], expected: Int = 0, taken: Int = 0, lack: String? = nil) {
    self.series = series
    self.expected = expected
    self.taken = taken
    self.lack = lack
  }
}

extension MeasuredRun {
  package func readings(
    of figure: TargetFigure, in selection: Selection
  ) throws(SelectionError) -> TargetReadings {
    TargetReadings(lack: "the target was not watched in this run")
  }
}

extension Judge {
  func judgeTarget(
    _ threshold: Threshold, _ figure: TargetFigure, _ selection: Selection, _ finding: inout Finding
  ) throws(SelectionError) {
    let readings = try run.readings(of: figure, in: selection)
    let samples = readings.series.flatMap { series in series.values.map { (name: series.name, value: $0) } }
    finding.n = samples.count
    finding.effectiveN = Double(samples.count)
    guard !samples.isEmpty else {
      return finding.explain(readings.lack ?? "nothing was sampled of \(figure.name) here")
    }
    let broken = samples.filter { !threshold.comparison.holds($0.value, threshold.limit) }
    let isLowerLimit = threshold.comparison == .greater || threshold.comparison == .greaterOrEqual
    let among = broken.isEmpty ? samples : broken
    let worst = isLowerLimit ? among.min { $0.value < $1.value } : among.max { $0.value < $1.value }
    guard let worst else { return }
    finding.value = worst.value
    let shown = "\(worst.name) had \(figure.shown(worst.value, apartFrom: threshold.limit))"
    if !broken.isEmpty {
      finding.verdict = .fail
      finding.explain(
        "\(shown); \(Wording.count(broken.count)) of \(Wording.count(samples.count)) samples are beyond the limit")
    } else if Double(readings.taken) < 0.9 * Double(readings.expected) {
      finding.explain(
        "only \(Wording.count(readings.taken)) of \(Wording.count(readings.expected)) samples were taken; at worst \(shown)"
      )
    } else if let lack = readings.lack {
      finding.explain("\(lack); at worst \(shown)")
    } else {
      finding.verdict = .pass
      finding.explain("in all \(Wording.count(samples.count)) samples; at worst \(shown)")
    }
  }
}
