// SPDX-License-Identifier: Apache-2.0

extension Recorder {
  /// What measurements of a run can be about.
  package struct Layout: Sendable {
    /// `scenario/step` of all requests, in the order in which the engine numbers them.
    package var stepNames: [String]
    package var scenarioCount: Int
    package var phases: [(name: String, isSteady: Bool)]
    package var workerCount: Int

    package init(
      stepNames: [String], scenarioCount: Int, phases: [(name: String, isSteady: Bool)], workerCount: Int
    ) {
      self.stepNames = stepNames
      self.scenarioCount = scenarioCount
      self.phases = phases
      self.workerCount = workerCount
    }
  }
}

/// The machine over one second, in per mille; nil where it could not be read.
struct MachineCounts: Sendable {
  var cpuPerMille: Int?
  var stealPerMille: Int?
  var descriptorsPerMille: Int?
  var portsPerMille: Int?
  var residentKiB: Int?
}
