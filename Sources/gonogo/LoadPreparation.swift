// SPDX-License-Identifier: Apache-2.0
import Judgement
import Load
import Reports
import Scenarios
import Transport

/// Twelve hexadecimal digits by chance.
func newRunID() -> String {
  let digits = String(UInt64.random(in: 0..<1 << 48), radix: 16)
  return String(repeating: "0", count: 12 - digits.count) + digits
}

/// A plan made ready for one target: rates in arrivals per second, limits known, the screen before the start.
struct LoadPreparation {
  let inputs: LoadInputs
  let forecast: PlanForecast
  let runID: String
  let seed: UInt64
  let redactor = Redactor()
  let maxInFlight: Int
  let workerCount: Int
  let descriptorsNeeded: Int
  let descriptorsAllowed: Int
  let program: LoadProgram
  /// The plan's rules with `abort`, and the overload stop.
  let watched: [Threshold]
  let isDemo: Bool
  /// Longest time for reading the ledger back; nil: by the number of writes.
  let readBackNanoseconds: Int64?
  private(set) var notes: [String] = []

  /// Descriptors that are not connections: files of the run, epoll sets, the terminal.
  private static let otherDescriptors = 64
  /// One worker carries this many requests per second with room to spare.
  private static let requestsPerSecondOfWorker = 15_000.0

  /// `replyDesk`: where the messages of the target's sink arrive, when there is one.
  init(_ inputs: LoadInputs, arguments: Arguments, replyDesk: ReplyDesk? = nil) throws {
    self.inputs = inputs
    readBackNanoseconds = try arguments.value("read-back").map { text in
      text == "no" ? 0 : try LoadInputs.duration(text, flag: "read-back")
    }
    isDemo = arguments.has("demo") || inputs.target.isEmbedded
    let plan = inputs.plan
    let target = inputs.target
    do {
      forecast = try PlanForecast(plan, environment: target.environment)
    } catch {
      throw target.failure(error, of: plan, arguments)
    }
    let phases = forecast.phases
    guard forecast.expected.arrivals != 0 else {
      throw CommandFailure.usage("nothing would be sent: every rate is 0")
    }
    var random = SystemRandomNumberGenerator()
    runID = newRunID()
    seed = plan.seed ?? random.next() & 0xFFFF_FFFF

    let users =
      phases.map { phase in if case .users(let from, let to) = phase.load { max(from, to) } else { 0 } }.max() ?? 0
    let peakRequests = Self.peakRequestsPerSecond(phases)
    let wanted = plan.maxInFlight ?? Self.wantedInFlight(plan: plan, users: users, peakRequests: peakRequests)
    let allowed = MachineProbe.raiseDescriptorLimit(to: wanted + Self.otherDescriptors)
    // A limit nobody asked for is cut to what the machine has; one that somebody asked for is not.
    let mayBeCut = plan.maxInFlight == nil && users == 0
    maxInFlight = mayBeCut ? max(1, min(wanted, allowed - Self.otherDescriptors)) : wanted
    if maxInFlight < wanted {
      notes.append(
        "at most \(NumberText.count(maxInFlight)) requests are under way at once: \(NumberText.count(wanted)) (rate x"
          + " timeout) would need more descriptors than the \(NumberText.count(allowed)) allowed here")
    }
    if inputs.target.isEmbedded, !inputs.target.hotelFlags.isEmpty {
      let flags = redactor.redact(inputs.target.hotelFlags.joined(separator: " "))
      notes.append("the hotel runs with flags of its own: \(printable(flags))")
    }
    descriptorsNeeded = maxInFlight + Self.otherDescriptors
    if forecast.isClosed {
      notes.append("Closed model: while the target is slow its users wait, and what they would have sent is not seen.")
    }
    workerCount = try Self.workers(arguments, peakRequests: peakRequests, maxInFlight: maxInFlight)
    descriptorsAllowed = allowed
    guard descriptorsAllowed >= descriptorsNeeded else {
      throw CommandFailure.refused(
        "\(descriptorsNeeded) descriptors may be needed, \(descriptorsAllowed) are allowed:"
          + " \(descriptorsNeeded - descriptorsAllowed) are missing",
        hint: "raise the limit (ulimit -n \(descriptorsNeeded)), or lower --max-in-flight")
    }

    var context = RunContext(runID: runID, seed: seed, baseURL: target.base, redactor: redactor)
    for (name, setting) in target.settings { context.settings[name] = setting.joined }
    let scenarios: [ScenarioRun]
    do {
      scenarios = try ScenarioRun.prepare(plan.scenarios, context: context)
    } catch {
      throw CommandFailure.usage(error.message)
    }
    var program = LoadProgram(
      runID: runID, seed: seed, phases: phases.map { Self.loadPhase($0, scenarioCount: plan.scenarios.count) },
      scenarios: scenarios, connection: target.connection(for: plan, userAgent: "gonogo/\(Main.version)"),
      timeoutNanoseconds: plan.timeoutNanoseconds, drainNanoseconds: plan.drainNanoseconds, maxInFlight: maxInFlight,
      workerCount: workerCount)
    program.replyDesk = replyDesk
    self.program = program
    if let step = program.stepsAwaitingReplies.first, !target.hasSink { throw target.noSink(for: step, arguments) }
    watched = plan.thresholds.filter(\.aborts) + (try Self.overloadRule(plan).map { [$0] } ?? [])
  }

  /// Adds to what the start screen and the record say.
  mutating func note(_ more: [String]) { notes += more }

  static func peakRequestsPerSecond(_ phases: [ResolvedPhase]) -> Double {
    phases.map { phase in
      if case .arrivals(let from, let to) = phase.load { max(from, to) * phase.requestsPerArrival } else { 0 }
    }.max() ?? 0
  }

  /// As many requests as a target that answers nothing would hold until they time out.
  private static func wantedInFlight(plan: Plan, users: Int, peakRequests: Double) -> Int {
    let held = (peakRequests * Double(plan.timeoutNanoseconds) / 1e9).rounded(.up)
    return Int(min(max(Double(users), held, 1), 1e6))
  }

  private static func workers(_ arguments: Arguments, peakRequests: Double, maxInFlight: Int) throws -> Int {
    let processors = MachineProbe.processorCount
    var count = min(processors, max(1, Int((peakRequests / requestsPerSecondOfWorker).rounded(.up))))
    if let text = arguments.value("workers") { count = min(64, try LoadInputs.positive(text, flag: "workers")) }
    return min(count, maxInFlight)
  }

  private static func loadPhase(_ phase: ResolvedPhase, scenarioCount: Int) -> LoadPhase {
    var weights = [Double](repeating: 0, count: scenarioCount)
    for entry in phase.mix.entries { weights[entry.scenario] += entry.share }
    var result = LoadPhase(
      name: phase.name, lengthNanoseconds: phase.durationNanoseconds, isSteady: phase.isSteady, weights: weights)
    switch phase.load {
    case .arrivals(let from, let to):
      result.rate = RatePhase(
        lengthNanoseconds: phase.durationNanoseconds, startRate: from, endRate: to,
        isPoisson: phase.arrivals == .poisson, weights: weights)
    case .users(let from, let to): result.users = UserPhase(startUsers: from, endUsers: to)
    }
    return result
  }

  private static func overloadRule(_ plan: Plan) throws -> Threshold? {
    guard let stop = plan.overloadStop else { return nil }
    let share = stop.errorShare * 100
    let percent = share == share.rounded() ? "\(Int(share))" : "\(share)"
    do {
      return try Threshold.parse("errors < \(percent)% over \(stop.seconds)s abort")
    } catch {
      throw CommandFailure.usage("the overload stop of \(stop.errorShare * 100)% over \(stop.seconds)s cannot be used")
    }
  }

  // MARK: before the start

  func startScreen(build: String?) -> StartScreen {
    var screen = StartScreen(
      plan: inputs.plan.name, runId: runID, seed: seed, target: inputs.target.shown, build: build,
      environment: inputs.target.environment?.name, environmentKind: inputs.target.environment?.kind.rawValue,
      demo: isDemo, insecure: program.connection.insecure, phases: forecast.shownPhases,
      requests: forecast.expected.requests.map { Int($0.rounded()) },
      writes: forecast.writes.map { Int($0.rounded()) }, maxInFlight: maxInFlight,
      descriptorsNeeded: descriptorsNeeded, descriptorsAllowed: descriptorsAllowed, proofs: forecast.proofs,
      notes: inputs.baselineNotes + notes + watched.map { "the run is stopped as soon as `\($0.text)` breaks" })
    screen.items = forecast.items
    return screen
  }
}
