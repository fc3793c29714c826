// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Glibc
import Judgement
import Load
import Results
import Scenarios
import Transport

extension LoadPreparation {
  /// The facts that are known before the first request.
  func record(started: Timestamp, build: String?) -> RunRecord {
    let plan = inputs.plan
    var start = 0
    let phaseRecords = zip(plan.phases, forecast.phases).map { written, resolved in
      let seconds = Int(resolved.seconds.rounded(.up))
      defer { start += seconds }
      let (from, to) =
        switch resolved.load {
        case .arrivals(let from, let to): (from, to)
        case .users(let from, let to): (Double(from), Double(to))
        }
      return PhaseRecord(
        name: resolved.name, start: start, seconds: seconds, plannedSeconds: seconds, steady: resolved.isSteady,
        rate: PlanForecast.text(of: written.load), from: from, to: to, mix: written.mix.map(Self.mixName) ?? "")
    }
    let confidence: Double? = if case .level(let level) = plan.confidence { level } else { nil }
    var record = RunRecord(
      tool: ToolRecord(version: Main.version), runId: runID, seed: seed, started: started,
      target: inputs.target.base,
      plan: PlanRecord(
        name: plan.name, model: forecast.isClosed ? "closed" : "open",
        mix: plan.mix.entries.map { MixRecord(scenario: plan.scenarios[$0.scenario].name, share: $0.share) },
        phases: phaseRecords,
        steps: plan.scenarios.flatMap(\.stepRecords)),
      settings: SettingsRecord(
        thresholds: plan.thresholds.map(\.text), confidence: confidence,
        timeout: Double(plan.timeoutNanoseconds) / 1e6, drain: Double(plan.drainNanoseconds) / 1e6,
        maxInFlight: maxInFlight),
      provenance: runProvenance(workers: workerCount, redactor: redactor))
    record.environment = inputs.target.environment?.name
    record.environmentKind = inputs.target.environment?.kind.rawValue
    record.build = build
    record.demo = isDemo
    record.embedded = inputs.target.isEmbedded
    record.insecure = program.connection.insecure
    record.sameMachine = inputs.target.isOnThisMachine
    if let peak = inputs.target.environment?.peak,
      let rate = try? plan.arrivalsPerSecond(peak.rate, inputs.target.environment)
    {
      record.peak = PeakRecord(
        rate: PlanForecast.text(of: .rate(peak.rate)), arrivalsPerSecond: rate, source: peak.source, by: peak.by,
        mix: peak.mix.map { mix in
          mix.sorted { $0.key < $1.key }.map { MixRecord(scenario: $0.key, share: $0.value) }
        })
    }
    record.baseline = inputs.baseline
    record.notes = notes
    return record
  }

  private static func mixName(_ mix: Mix) -> String {
    mix.entries.map { "\($0.scenario):\($0.share)" }.joined(separator: " ")
  }
}

extension ScenarioProgram {
  /// Its steps as a record has them.
  var stepRecords: [StepRecord] {
    let setup = setupRequests
    return zip(requests, expectedCounts).enumerated().map { index, pair in
      let (step, count) = pair
      // A step that its share or condition never lets through is not what a setup sends: rules look for it.
      let perJourney = setup.contains(index) ? 0 : count > 0 ? count : nil
      return StepRecord(
        scenario: name, step: step.name, probe: step.isProbe,
        replyWithin: step.reply.map { Double($0.withinNanoseconds) / 1e6 },
        readBack: step.writes.map { $0.read != nil }, perJourney: perJourney)
    }
  }
}

/// Where and by what a run is made.
func runProvenance(workers: Int, redactor: Redactor) -> Provenance {
  var names = utsname()
  uname(&names)
  func text(_ field: some Any) -> String {
    withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
  return Provenance(
    host: text(names.nodename), kernel: "\(text(names.sysname)) \(text(names.release))",
    processors: MachineProbe.processorCount, workers: workers, libraries: transportLibraries(),
    binary: try? Digest.sha256(file: "/proc/self/exe"), commandLine: CommandLine.arguments.map(redactor.redact))
}

extension RunRecord {
  /// Adds what the engine found.
  mutating func take(_ outcome: LoadRun.Outcome) {
    ended = .now()
    arrivals = outcome.arrivals
    totals = outcome.totals
    if plan.awaitsReplies { replies = ReplyFigures(outcome.replies) }
    if outcome.unknownReplies > 0 {
      notes.append("Messages at the sink that answer none of this run's: \(outcome.unknownReplies).")
    }
    switch outcome.end {
    case .planDone: break
    case .interrupted:
      interrupted = true
      stopReason = "interrupted"
    case .broken(let threshold):
      brokenLive = [threshold.text]
      stopReason = "`\(threshold.text)` broke"
    case .disk: stopReason = "the run's files could not be written"
    }
    if let failure = outcome.setupFailure { notes.append("A setup that was run again failed: \(failure)") }
    guard let stopped = outcome.stoppedAtNanoseconds else { return }
    let seconds = Int(stopped / 1_000_000_000)
    for index in plan.phases.indices {
      plan.phases[index].seconds = min(plan.phases[index].plannedSeconds, max(0, seconds - plan.phases[index].start))
    }
  }
}
