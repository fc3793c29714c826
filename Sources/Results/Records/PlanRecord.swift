// SPDX-License-Identifier: Apache-2.0

package struct ToolRecord: Codable, Sendable, Equatable {
  package var version: String

  package init(version: String) {
    self.version = version
  }
}

/// What was to be done.
package struct PlanRecord: Codable, Sendable, Equatable {
  package var name: String
  /// `open` (arrivals), `closed` (users), or `smoke` (one pass through each scenario; no mix, no phases).
  package var model: String
  package var mix: [MixRecord]
  package var phases: [PhaseRecord]
  /// Every step of every scenario, in the order of the plan: the layout of the series.
  package var steps: [StepRecord]

  package init(name: String, model: String, mix: [MixRecord], phases: [PhaseRecord], steps: [StepRecord]) {
    self.name = name
    self.model = model
    self.mix = mix
    self.phases = phases
    self.steps = steps
  }

  /// Names of the scenarios, each once, in the order of `steps`.
  package var scenarios: [String] {
    var seen: Set<String> = []
    return steps.map(\.scenario).filter { seen.insert($0).inserted }
  }
}

package struct MixRecord: Codable, Sendable, Equatable {
  package var scenario: String
  /// Fraction of the arrivals.
  package var share: Double

  package init(scenario: String, share: Double) {
    self.scenario = scenario
    self.share = share
  }
}

/// A phase as planned and as it went.
package struct PhaseRecord: Codable, Sendable, Equatable {
  package var name: String
  /// Second of the run in which it begins.
  package var start: Int
  /// Whole seconds it lasted: fewer than planned when the run was stopped.
  package var seconds: Int
  package var plannedSeconds: Int
  /// Marked steady, or all are since none is marked.
  package var steady: Bool
  /// As written: `1x peak`, `0..50 users`.
  package var rate: String
  /// Offered at its begin and end: arrivals per second (open) or users (closed).
  package var from: Double
  package var to: Double
  /// Tells phases with different mixes apart; empty when the plan has one mix.
  package var mix: String

  package init(
    name: String, start: Int, seconds: Int, plannedSeconds: Int, steady: Bool, rate: String, from: Double, to: Double,
    mix: String = ""
  ) {
    self.name = name
    self.start = start
    self.seconds = seconds
    self.plannedSeconds = plannedSeconds
    self.steady = steady
    self.rate = rate
    self.from = from
    self.to = to
    self.mix = mix
  }
}

package struct StepRecord: Codable, Sendable, Equatable {
  package var scenario: String
  package var step: String
  /// Left out of per-step rules.
  package var probe: Bool
  /// Milliseconds after which a reply to its message is late; null: none is awaited.
  @Nullable package var replyWithin: Double?
  /// Its writes can be read back; null for a step that writes nothing, or by an earlier version.
  @Nullable package var readBack: Bool?
  /// Requests of an average journey; 0: not sent by journeys, but by a setup. Null in records of an earlier version.
  @Nullable package var perJourney: Double?

  package init(
    scenario: String, step: String, probe: Bool = false, replyWithin: Double? = nil, readBack: Bool? = nil,
    perJourney: Double? = nil
  ) {
    self.perJourney = perJourney
    self.scenario = scenario
    self.step = step
    self.probe = probe
    self.replyWithin = replyWithin
    self.readBack = readBack
  }

  /// `scenario/step`.
  package var name: String { "\(scenario)/\(step)" }
}

/// The expected peak as the environment declares it.
package struct PeakRecord: Codable, Sendable, Equatable {
  /// As written: `40 arrivals/s`.
  package var rate: String
  package var arrivalsPerSecond: Double
  @Nullable package var source: String?
  @Nullable package var by: String?
  /// Declared shares of the arrivals, by name; null when none are declared.
  @Nullable package var mix: [MixRecord]?

  package init(
    rate: String, arrivalsPerSecond: Double, source: String?, by: String?, mix: [MixRecord]? = nil
  ) {
    self.mix = mix
    self.rate = rate
    self.arrivalsPerSecond = arrivalsPerSecond
    self.source = source
    self.by = by
  }
}

/// What else is needed to judge the run again.
package struct SettingsRecord: Codable, Sendable, Equatable {
  /// As written, in their order; empty: the default rule.
  package var thresholds: [String]
  /// Fraction, 0.95; null: judged by estimate.
  @Nullable package var confidence: Double?
  /// Total time allowed for one request, in milliseconds.
  package var timeout: Double
  /// Time allowed to running journeys after the last arrival, in milliseconds.
  package var drain: Double
  @Nullable package var maxInFlight: Int?

  package init(thresholds: [String], confidence: Double?, timeout: Double, drain: Double, maxInFlight: Int?) {
    self.thresholds = thresholds
    self.confidence = confidence
    self.timeout = timeout
    self.drain = drain
    self.maxInFlight = maxInFlight
  }
}

/// Where and by what the run was made.
package struct Provenance: Codable, Sendable, Equatable {
  package var host: String
  package var kernel: String
  package var processors: Int
  package var workers: Int
  /// Versions by name: `libcurl`, `openssl`, `swift`, ...
  package var libraries: [String: String]
  /// SHA-256 of the running binary, null when it could not be read.
  @Nullable package var binary: String?
  /// As typed, secrets redacted by the caller.
  package var commandLine: [String]

  package init(
    host: String, kernel: String, processors: Int, workers: Int, libraries: [String: String], binary: String?,
    commandLine: [String]
  ) {
    self.host = host
    self.kernel = kernel
    self.processors = processors
    self.workers = workers
    self.libraries = libraries
    self.binary = binary
    self.commandLine = commandLine
  }
}
