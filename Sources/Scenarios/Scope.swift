// SPDX-License-Identifier: Apache-2.0

/// What names mean while a file is compiled. Slots are numbered once per program; a name becomes usable when the
/// compiler has passed the place that gives it a value, in the order of the file.
struct Scope {
  enum Meaning: Equatable {
    case slot(Int)
    case constant(Value)
    case list([Value])
  }

  struct Feeder {
    var index: Int
    var columns: [String]
  }

  /// Usable names.
  var names: [String: Meaning] = [:]
  /// Names that get their value later in the file, with where ("step 'book'").
  var later: [String: String] = [:]
  var feeders: [String: Feeder] = [:]
  /// Data files that could not be read: what is said about them is reported once, at their own place.
  var brokenFeeders: Set<String> = []
  /// Whether `body` may be used: only where headers are written.
  var allowsBody = false
  /// Settings of the environment; nil when none is known (lint without `--env`): any setting is accepted then.
  var settings: [String]?
  /// Reads a process environment variable.
  var environmentVariable: @Sendable (String) -> String? = { _ in nil }
  /// Linting: a variable that is not set here may well be set where the run happens.
  var toleratesUnsetEnvironment = false

  // Collected while compiling.
  var feedersUsed: Set<Int> = []
  var settingsUsed: [String] = []
  var counters: [String] = []
  /// Values that must never be shown.
  var secrets: [String] = []
  /// Those of them that come from a variable of the process environment.
  var namedSecrets: [NamedSecret] = []
  /// Names of environment variables that are not set (tolerated ones).
  var unsetEnvironment: [String] = []

  static let functions = [
    "uuid", "now", "date", "random", "pick", "counter", "env", "secret", "hmac_sha256", "base64",
  ]
  static let builtIns = ["run.id", "journey.number"]

  mutating func counterIndex(_ name: String) -> Int {
    if let index = counters.firstIndex(of: name) { return index }
    counters.append(name)
    return counters.count - 1
  }

  mutating func settingIndex(_ name: String) -> Int {
    if let index = settingsUsed.firstIndex(of: name) { return index }
    settingsUsed.append(name)
    return settingsUsed.count - 1
  }

  /// Everything one could have meant by a name.
  var candidates: [String] {
    var all = names.keys.sorted()
    for (name, feeder) in feeders.sorted(by: { $0.key < $1.key }) {
      all += feeder.columns.map { "\(name).\($0)" }
    }
    all += (settings ?? []).map { "settings.\($0)" } + Self.builtIns
    return allowsBody ? all + ["body"] : all
  }
}
