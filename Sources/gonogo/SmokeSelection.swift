// SPDX-License-Identifier: Apache-2.0
import Results
import Scenarios

/// Which steps are left out before anything is sent, and why.
struct SmokeSelection {
  /// Per scenario and request; nil for those that are meant.
  let causes: [[SmokeStep.Cause?]]

  /// `seesReplies`: whether steps that await a reply can be sent at all.
  init(_ scenarios: [ScenarioProgram], tags: [String], readOnly: Bool, seesReplies: Bool = true) {
    causes = scenarios.map { Self.causes($0, tags: tags, readOnly: readOnly, seesReplies: seesReplies) }
  }

  private static func causes(
    _ scenario: ScenarioProgram, tags: [String], readOnly: Bool, seesReplies: Bool
  ) -> [SmokeStep.Cause?] {
    var causes = scenario.requests.indices.map { request -> SmokeStep.Cause? in
      let step = scenario.requests[request]
      // Setup and finally serve the steps: they come with them.
      let isMeant =
        tags.isEmpty || scenario.section(ofRequest: request) != .steps || step.tags.contains(where: tags.contains)
      if !isMeant { return .tags }
      if readOnly, !step.isReadOnly { return .readOnly }
      return step.reply != nil && !seesReplies ? .noSink : nil
    }
    let steps = scenario.requests.indices.filter { scenario.section(ofRequest: $0) == .steps }
    if let cause = steps.first.flatMap({ causes[$0] }), steps.allSatisfy({ causes[$0] != nil }) {
      // Nothing is checked: nothing has to be prepared or cleaned up.
      for index in causes.indices where causes[index] == nil { causes[index] = cause }
    }
    return causes
  }

  var leavesOut: [[Bool]] { causes.map { $0.map { $0 != nil } } }

  static func reason(_ cause: SmokeStep.Cause, tags: [String]) -> String {
    switch cause {
    case .tags: "none of the tags \(tags.joined(separator: ", "))"
    case .readOnly: "it may change something, and only reading is allowed"
    case .condition: "its condition (`when`) did not hold"
    case .nothingToCleanUp: "there was nothing to clean up"
    case .missingValue: "it needs a value that a step left out would have found"
    case .noSink: "it awaits a reply; declare the target in gonogo.yaml, with `outbound: sink` and where to listen"
    case .earlierFailure: "a step before it failed"
    case .refusal: "the target declined a step before it"
    case .setup: "the scenario's setup failed"
    case .failFast: "another scenario failed (--fail-fast)"
    case .interrupted: "the run was stopped before"
    }
  }
}

extension ScenarioProgram {
  /// The scenario as it stands in a record before anything of it was sent.
  func smokeScenario(causes: [SmokeStep.Cause?], tags: [String]) -> SmokeScenario {
    var scenario = SmokeScenario(scenario: name, about: about, steps: [])
    scenario.marks = marks.map { SmokeMark(item: $0.item, steps: $0.steps) }
    scenario.steps = requests.indices.map { request in
      let step = requests[request]
      let section: SmokeStep.Section =
        switch self.section(ofRequest: request) {
        case .setup: .setup
        case .steps: .steps
        case .finally: .finally
        }
      var record = SmokeStep(
        name: step.name, section: section, place: step.place, method: step.method, path: step.pathText,
        tags: step.tags, writes: !step.isReadOnly)
      record.about = step.about.isEmpty ? nil : step.about
      record.cause = causes[request]
      record.reason = causes[request].map { cause in
        // A setup that only reads is left out with the steps it serves.
        section != .steps && (cause == .tags || step.isReadOnly)
          ? "none of the steps it serves is sent" : SmokeSelection.reason(cause, tags: tags)
      }
      return record
    }
    return scenario
  }
}
