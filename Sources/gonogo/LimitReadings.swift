// SPDX-License-Identifier: Apache-2.0
import Scenarios
import Transport

extension LoadProbe {
  /// Of each scenario the first request, when it only reads and can be made of what is known before the run. They are
  /// made by journeys apart, so that no row and no counter of the run is used up. Health comes last.
  static func readings(of scenarios: [ScenarioProgram], target: LoadTarget) -> [PlainRequest] {
    var context = RunContext(runID: newRunID(), seed: 1, baseURL: target.base, redactor: Redactor())
    for (name, setting) in target.settings { context.settings[name] = setting.joined }
    guard let runs = try? ScenarioRun.prepare(scenarios, context: context) else { return [] }
    let readings = runs.compactMap(firstReading)
    return readings.filter { !$0.isProbe }.map(\.request) + readings.filter(\.isProbe).map(\.request)
  }

  private static func firstReading(_ run: ScenarioRun) -> (request: PlainRequest, isProbe: Bool)? {
    let journey = Journey(run)
    do throws(RenderError) {
      try journey.begin(number: 0)
      journey.enter(.steps)
      while true {
        switch try journey.next() {
        case .pause: continue
        case .end: return nil
        case .request(let index):
          let step = run.program.requests[index]
          guard step.isReadOnly, step.method == "GET" else { return nil }
          var rendered = RenderedRequest()
          try step.render(into: &rendered, journey: journey)
          var request = PlainRequest(String(decoding: rendered.url, as: UTF8.self))
          request.headers = rendered.headers.prefix(rendered.headerCount).map { String(decoding: $0, as: UTF8.self) }
          return (request, step.isProbe || step.name.contains("health") || run.program.name.contains("health"))
        }
      }
    } catch {
      return nil
    }
  }
}

extension LoadPreparation {
  /// Notes for the start screen and the record when the plan would run into limits of the target.
  mutating func compare(with limits: AnnouncedLimits) {
    let isClosed = forecast.isClosed
    let peak = Self.peakRequestsPerSecond(forecast.phases)
    note(limits.notes(forPlan: isClosed ? nil : peak, requests: isClosed ? nil : forecast.expected.requests))
  }
}
