// SPDX-License-Identifier: Apache-2.0
import Document
import Judgement

/// Turns a plan draft and the scenario files it names into a plan.
struct PlanCompiler {
  let files: FileSet
  let options: LoadOptions
  let directory: String
  var diagnostics: Diagnostics
  private var scenarios: [ScenarioProgram] = []
  /// By path, so that a phase's mix and the plan's share one program.
  private var indexes: [String: Int?] = [:]

  init(files: FileSet, options: LoadOptions, directory: String, diagnostics: Diagnostics) {
    self.files = files
    self.options = options
    self.directory = directory
    self.diagnostics = diagnostics
  }

  /// The plan; of use only when no error was reported.
  mutating func compile(_ draft: PlanDraft) -> Plan {
    let mix = compile(draft.mix)
    let phases = draft.phases.compactMap { compile($0) }
    checkPhases(draft.phases)
    var plan = Plan(name: draft.name?.value ?? "", scenarios: scenarios, mix: mix, phases: phases)
    plan.about = draft.about
    plan.thresholds = draft.thresholds.map(\.value)
    plan.confidence = draft.confidence
    plan.baseline = draft.baseline.map { resolved($0, in: directory) }
    plan.maxInFlight = draft.maxInFlight
    plan.drainNanoseconds = draft.drain.nanoseconds
    plan.timeoutNanoseconds = draft.timeout.nanoseconds
    plan.arrivals = draft.arrivals
    plan.connections = draft.connections
    plan.http = draft.http
    plan.compression = draft.compression
    plan.overloadStop = draft.overloadStop
    plan.seed = draft.seed.map { UInt64($0) }
    if let find = draft.find, let upTo = find.upTo {
      plan.find = FindPlan(
        upTo: upTo, startingAt: find.startingAt, rules: find.rules.map(\.value),
        trialNanoseconds: ((options.isDemo ? find.demoTrial : nil) ?? find.trial).nanoseconds, precision: find.precision
      )
    }
    // Names can be checked only when all scenarios could be read.
    if diagnostics.isEmpty {
      for rule in draft.thresholds + (draft.find?.rules ?? []) { check(rule, plan) }
    }
    return plan
  }

  // MARK: mix

  private mutating func compile(_ drafts: [PlanDraft.MixDraft]) -> Mix {
    var entries: [Mix.Entry] = []
    let shares = shares(drafts)
    for (index, draft) in drafts.enumerated() {
      guard let scenario = draft.scenario, let program = scenarioIndex(scenario) else { continue }
      if entries.contains(where: { $0.scenario == program }) {
        diagnostics.error(at: scenario.node, "this scenario is in the mix twice")
      }
      entries.append(Mix.Entry(scenario: program, share: shares[index]))
    }
    return Mix(entries: entries)
  }

  /// Fractions that add up to 1: percents must do so already, weights are divided by their sum.
  private mutating func shares(_ drafts: [PlanDraft.MixDraft]) -> [Double] {
    if drafts.count == 1, drafts[0].share == nil { return [1] }
    var numbers: [Double] = []
    var percents = 0
    for draft in drafts {
      switch draft.share?.value {
      case .fraction(let fraction)?:
        percents += 1
        numbers.append(fraction)
      case .weight(let weight)?: numbers.append(weight)
      case nil:
        // A wrong share has been reported already.
        if let node = draft.node, node["share"] == nil { diagnostics.error(at: node, "this scenario needs a `share`") }
        return drafts.map { _ in 0 }
      }
    }
    guard let node = drafts.first?.node else { return [] }
    let sum = numbers.reduce(0, +)
    if percents != 0, percents != drafts.count {
      diagnostics.error(at: node, "percents and weights are mixed", hint: "write all shares the same way")
    } else if percents != 0, abs(sum - 1) > 0.001 {
      let shown = (sum * 1000).rounded() / 10
      diagnostics.error(
        at: node, "the shares add up to \(shown)%, not 100%", hint: "use weights (3, 1, 1) if that is easier")
    } else if sum <= 0 {
      diagnostics.error(at: node, "all shares are zero")
    }
    return numbers.map { sum > 0 ? $0 / sum : 0 }
  }

  private mutating func scenarioIndex(_ file: Located<String>) -> Int? {
    let path = resolved(file.value, in: directory)
    if let known = indexes[path] { return known }
    guard let program = compileScenario(path, namedAt: file.node, files, options, &diagnostics) else {
      indexes[path] = .some(nil)
      return nil
    }
    if scenarios.contains(where: { $0.name == program.name }) {
      diagnostics.error(at: file.node, "there are two scenarios named '\(program.name)'")
    }
    scenarios.append(program)
    indexes[path] = scenarios.count - 1
    return scenarios.count - 1
  }

  // MARK: phases

  private mutating func compile(_ draft: PlanDraft.PhaseDraft) -> Phase? {
    let mix = draft.mix.map { compile($0) }
    guard let name = draft.name?.value, let written = draft.length?.value else { return nil }
    let length = (options.isDemo ? draft.demoLength?.value : nil) ?? written
    let load: Phase.Load
    if let rate = draft.rate {
      load = .rate(rate)
    } else if let users = draft.users {
      load = .users(from: users.from, to: users.to)
    } else {
      return nil
    }
    return Phase(
      name: name, load: load, durationNanoseconds: length.nanoseconds, isSteady: draft.isSteady, mix: mix,
      arrivals: draft.arrivals)
  }

  private mutating func checkPhases(_ drafts: [PlanDraft.PhaseDraft]) {
    var names: Set<String> = []
    var isClosed: Bool?
    for draft in drafts {
      if let name = draft.name {
        if !names.insert(name.value).inserted {
          diagnostics.error(at: name.node, "there are two phases named '\(name.value)'")
        }
        if name.value == Selection.steadyPhase {
          diagnostics.error(
            at: name.node, "'steady' means all steady phases", hint: "name it otherwise and mark it `steady: true`")
        }
      }
      guard let node = draft.node, draft.rate != nil || draft.users != nil else { continue }
      let closed = draft.users != nil
      if isClosed ?? closed != closed {
        diagnostics.error(
          at: node, "phases by `rate` and phases by `users` cannot be in one plan",
          hint: "users wait for answers, arrivals do not: their figures must not be pooled")
      }
      isClosed = isClosed ?? closed
      if closed, draft.arrivals != nil {
        diagnostics.error(at: node.keyNode("arrivals") ?? node, "`arrivals` goes with a rate")
      }
      if draft.rate.map({ max($0.from, $0.to) <= 0 }) ?? false {
        diagnostics.warning(at: node, "nothing arrives in this phase")
      }
    }
  }

  // MARK: rules

  private mutating func check(_ rule: Located<Threshold>, _ plan: Plan) {
    let selection = rule.value.selection
    if let phase = selection.phase, phase != Selection.steadyPhase, !plan.phases.contains(where: { $0.name == phase }) {
      let names = plan.phases.map(\.name) + [Selection.steadyPhase]
      report(
        "there is no phase '\(phase)'", rule, rule.value.phaseSpan,
        suggestion(for: phase, among: names, called: "the phases are"))
    }
    let steps = plan.scenarios.flatMap(\.requestNames)
    if let step = selection.step, !steps.contains(where: { selection.includes(step: $0) }) {
      let names = steps + plan.scenarios.map(\.name)
      report(
        "there is no step '\(step)'", rule, rule.value.stepSpan,
        suggestion(for: step, among: names, called: "the steps are"))
    } else if let mistake = rule.value.replyMistake(in: plan.scenarios) {
      report(
        mistake.message, rule, selection.step == nil ? nil : rule.value.stepSpan, mistake.hint)
    }
  }

  private mutating func report(_ message: String, _ rule: Located<Threshold>, _ span: TextSpan?, _ hint: String?) {
    diagnostics.error(
      at: rule.node, Mistake(message, hint: hint, offset: span?.offset, length: max(1, span?.length ?? 1)))
  }
}
