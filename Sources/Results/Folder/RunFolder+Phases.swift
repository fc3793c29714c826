// SPDX-License-Identifier: Apache-2.0
import Judgement

extension RunFolder {
  /// A phase and the seconds of the run it covers.
  struct PhaseSpan {
    var facts: PhaseFacts
    var start: Int
    var end: Int { start + facts.seconds }
  }

  /// In the order of `series.phases`. Without a record: as far as the rows tell, all steady.
  var phaseSpans: [PhaseSpan] {
    guard let record else {
      var spans: [PhaseSpan] = []
      for index in series.phases.indices {
        let seconds = series.stepRows.lazy.filter { $0.phase == index }.map(\.second)
        let start = seconds.min() ?? 0
        spans.append(
          PhaseSpan(
            facts: PhaseFacts(
              name: series.phases[index], isSteady: true, seconds: (seconds.max() ?? start - 1) - start + 1,
              load: .arrivals(from: 0, to: 0, mix: "")),
            start: start))
      }
      return spans
    }
    let hasEnd = record.ended != nil
    return record.plan.phases.map { phase in
      let seen = max(0, min(phase.seconds, series.lastSecond + 1 - phase.start))
      let load: PhaseLoad =
        record.plan.model == "closed"
        ? .users(from: Int(phase.from), to: Int(phase.to), mix: phase.mix)
        : .arrivals(from: phase.from, to: phase.to, mix: phase.mix)
      return PhaseSpan(
        facts: PhaseFacts(
          name: phase.name, isSteady: phase.steady, seconds: hasEnd ? phase.seconds : seen, load: load),
        start: phase.start)
    }
  }

  /// Indices of the phases meant by a selection.
  func phaseIndices(_ selection: Selection) throws(SelectionError) -> [Int] {
    let spans = phaseSpans
    guard let name = selection.phase else { return Array(spans.indices) }
    if name == Selection.steadyPhase { return spans.indices.filter { spans[$0].facts.isSteady } }
    guard let index = spans.firstIndex(where: { $0.facts.name == name }) else {
      throw .unknownPhase(name, known: spans.map(\.facts.name))
    }
    return [index]
  }

  /// For each step, whether a selection means it.
  func stepMask(_ selection: Selection) throws(SelectionError) -> [Bool] {
    let mask = series.steps.map { selection.includes(step: $0.name) }
    if let step = selection.step, !mask.contains(true) { throw .unknownStep(step, known: steps) }
    return mask
  }

  /// For each scenario, whether a selection means it: its journeys are asked for, so no single step can be meant.
  func scenarioMask(_ selection: Selection) throws(SelectionError) -> [Bool] {
    guard let step = selection.step else { return series.scenarios.map { _ in true } }
    guard series.scenarios.contains(step) else {
      if step.contains("/") { throw .notMeasured(.journey) }
      throw .unknownStep(step, known: series.scenarios)
    }
    return series.scenarios.map { $0 == step }
  }
}
