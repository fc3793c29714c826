// SPDX-License-Identifier: Apache-2.0

/// Something the hotel leans on, as /health/detailed tells it.
struct Dependency: Sendable {
  struct State: Sendable {
    var isUp: Bool
    /// What is wrong; no secrets.
    var error: String?
    /// More to tell, such as the state of a circuit.
    var details: [(name: String, value: JSONText)] = []
  }

  var name: String
  /// What it is: `sqlite`, `redis`.
  var kind: String
  /// Without it the hotel is unavailable and not ready; without any other it is degraded.
  var isRequired: Bool
  /// Calls `done` once, on any thread, within a second.
  var probe: @Sendable (_ done: @escaping @Sendable (State) -> Void) -> Void
}

/// Probes one after the other; `done` gets the states in the same order.
func probeAll(
  _ dependencies: ArraySlice<Dependency>, _ states: [Dependency.State] = [],
  done: @escaping @Sendable ([Dependency.State]) -> Void
) {
  guard let first = dependencies.first else { return done(states) }
  first.probe { probeAll(dependencies.dropFirst(), states + [$0], done: done) }
}
