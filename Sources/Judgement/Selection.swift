// SPDX-License-Identifier: Apache-2.0

/// Which requests of a run are meant. A request belongs to the phase of its due time.
package struct Selection: Sendable, Hashable {
  /// A phase by name, `steady` for all steady phases, nil for the whole run.
  package var phase: String?
  /// `scenario/step`, or `scenario` for all of its steps, nil for all of both.
  package var step: String?

  /// Nil means "all".
  package init(phase: String? = nil, step: String? = nil) {
    self.phase = phase
    self.step = step
  }

  /// The word that stands for all phases marked steady (all phases when none is marked).
  package static let steadyPhase = "steady"

  /// Whether a series named `scenario/step` belongs to the selection's step pattern.
  package func includes(step name: String) -> Bool {
    guard let step else { return true }
    if name == step { return true }
    return !step.contains("/") && name.hasPrefix(step) && name.dropFirst(step.count).first == "/"
  }
}

/// Which of the times of a run is meant.
package enum Measure: String, Sendable, Hashable, CaseIterable {
  /// Due to last byte: what a visitor waits. Rules mean this one unless they name another.
  case response
  /// Handed to the network to last byte.
  case service
  /// A whole pass through a scenario: begin of its first step to the end of its last.
  case journey
  /// From the due time of a message's first delivery to the arrival of its reply at the sink.
  case reply
}

/// A selection that this run cannot answer.
package enum SelectionError: Error, Sendable, Equatable {
  /// No phase of that name; with the names there are.
  case unknownPhase(String, known: [String])
  /// No step or scenario of that name; with the names there are.
  case unknownStep(String, known: [String])
  /// The run holds no figures of that kind (a folder of an older version, for instance).
  case notMeasured(Measure)
}

extension SelectionError {
  /// What is wrong, without a full stop.
  package var message: String {
    switch self {
    case .unknownPhase(let name, let known):
      "there is no phase \(name)" + (known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))")
    case .unknownStep(let name, let known):
      "there is no step or scenario \(name)" + (known.isEmpty ? "" : "; there are \(known.joined(separator: ", "))")
    case .notMeasured(.reply): "no reply was awaited in this run, or not in what is selected"
    case .notMeasured(let measure): "this run holds no \(measure.rawValue) times"
    }
  }
}
