// SPDX-License-Identifier: Apache-2.0
import Load
import Results
import Scenarios
import Transport

/// Scenarios made ready for one target; each round of a watch prepares anew, so that ids are those of its own run.
struct SmokePreparation {
  let inputs: SmokeInputs
  private(set) var target: LoadTarget
  let settings: SmokeSettings
  let selection: SmokeSelection
  let notes: [String]
  let isDemo: Bool

  init(_ inputs: SmokeInputs, target: LoadTarget, arguments: Arguments) throws {
    self.inputs = inputs
    self.target = target
    isDemo = arguments.has("demo") || target.isEmbedded
    let (mustRead, note) = try target.requireSmokeAllowed(plan: inputs.plan, arguments: arguments)
    settings = try Self.settings(arguments, readOnly: mustRead || arguments.has("read-only"))
    var notes = note.map { [$0] } ?? []
    if target.isEmbedded, !EmbeddedHotel.extraFlags.isEmpty {
      let flags = Redactor().redact(EmbeddedHotel.extraFlags.joined(separator: " "))
      notes.append("the hotel runs with flags of its own: \(printable(flags))")
    }
    self.notes = notes
    // Who declares a target says where its messages go; one that nobody declared is checked as far as that goes.
    selection = SmokeSelection(
      inputs.plan.scenarios, tags: settings.tags, readOnly: settings.readOnly,
      seesReplies: target.hasSink || target.environment != nil)
  }

  static func settings(_ arguments: Arguments, readOnly: Bool) throws -> SmokeSettings {
    var retries = 2
    if let text = arguments.value("retries") {
      guard let number = Int(text), (0...100).contains(number) else {
        throw CommandFailure.usage("--retries takes a whole number from 0 to 100, not \(printable(text))")
      }
      retries = number
    }
    let pause =
      try arguments.value("retry-pause").map { try LoadInputs.duration($0, flag: "retry-pause") } ?? 1_000_000_000
    let tags = arguments.value("tags")?.split(separator: ",").map { String($0.filter { $0 != " " }) } ?? []
    return SmokeSettings(
      readOnly: readOnly, tags: tags.filter { !$0.isEmpty }, failFast: arguments.has("fail-fast"), retries: retries,
      retryPause: Double(pause) / 1e6)
  }

  /// An embedded target has an address once it serves.
  mutating func serve(at target: LoadTarget) { self.target = target }

  /// Those that are meant, as `scenario/step`.
  var stepsAwaitingReplies: [String] {
    zip(inputs.plan.scenarios, selection.causes).flatMap { scenario, causes in
      scenario.requests.indices.filter { causes[$0] == nil && scenario.requests[$0].reply != nil }
        .map { scenario.requestNames[$0] }
    }
  }

  /// A tag that no step has is a mistake: nothing would be checked, and nobody would notice.
  func requireKnownTags() throws {
    let known = Set(inputs.plan.scenarios.flatMap { $0.requests.flatMap(\.tags) })
    for tag in settings.tags where !known.contains(tag) {
      throw CommandFailure.usage(
        "no step has the tag \(printable(tag))",
        hint: known.isEmpty ? "no step has any tag" : "there are: \(known.sorted().joined(separator: ", "))")
    }
  }

  var scenarios: [SmokeScenario] {
    zip(inputs.plan.scenarios, selection.causes).map { $0.smokeScenario(causes: $1, tags: settings.tags) }
  }

  var connection: ConnectionSettings { target.connection(for: inputs.plan, userAgent: "gonogo/\(Main.version)") }

  var rules: WalkRules {
    WalkRules(
      retries: settings.retries, retryPauseNanoseconds: Int64(settings.retryPause * 1e6), failsFast: settings.failFast,
      leavesOut: selection.leavesOut)
  }

  func program(runID: String, redactor: Redactor) throws -> LoadProgram {
    let seed = inputs.plan.seed ?? UInt64.random(in: 0..<1 << 32)
    var context = RunContext(runID: runID, seed: seed, baseURL: target.base, redactor: redactor)
    for (name, setting) in target.settings { context.settings[name] = setting.joined }
    do {
      return LoadProgram(
        runID: runID, seed: seed, phases: [],
        scenarios: try ScenarioRun.prepare(inputs.plan.scenarios, context: context),
        connection: connection, timeoutNanoseconds: inputs.plan.timeoutNanoseconds,
        drainNanoseconds: inputs.plan.drainNanoseconds, maxInFlight: 1, workerCount: 1)
    } catch {
      throw CommandFailure.usage(error.message)
    }
  }

  /// The facts that are known before the first request.
  func record(_ program: LoadProgram, started: Timestamp, build: String?, redactor: Redactor) -> RunRecord {
    let plan = inputs.plan
    var record = RunRecord(
      tool: ToolRecord(version: Main.version), runId: program.runID, seed: program.seed, started: started,
      target: target.base,
      plan: PlanRecord(
        name: inputs.name, model: "smoke", mix: [], phases: [],
        steps: plan.scenarios.flatMap(\.stepRecords)),
      settings: SettingsRecord(
        thresholds: [], confidence: nil, timeout: Double(plan.timeoutNanoseconds) / 1e6,
        drain: Double(plan.drainNanoseconds) / 1e6, maxInFlight: 1),
      provenance: runProvenance(workers: 1, redactor: redactor))
    record.kind = .smoke
    record.smoke = SmokeRecord(settings: settings, scenarios: scenarios)
    record.smoke?.settings.partial = inputs.isPartial
    record.environment = target.environment?.name
    record.environmentKind = target.environment?.kind.rawValue
    record.build = build
    record.demo = isDemo
    record.embedded = target.isEmbedded
    record.insecure = program.connection.insecure
    record.sameMachine = target.isOnThisMachine
    record.notes = notes
    return record
  }

  /// What a repeated request needs of the connection.
  var curlOptions: [String] {
    let connection = connection
    var options: [String] = []
    func add(_ name: String, _ value: String?) { if let value { options += [name, value] } }
    if connection.insecure { options.append("--insecure") }
    add("--cacert", connection.caFile)
    add("--cert", connection.clientCertificate)
    add("--key", connection.clientKey)
    add("--proxy", connection.proxy)
    add("--unix-socket", connection.unixSocket)
    return options
  }
}
