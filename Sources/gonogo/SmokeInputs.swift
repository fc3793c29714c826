// SPDX-License-Identifier: Apache-2.0
import Document
import FoundationEssentials
import Scenarios

/// Which scenarios a smoke command walks through: files and flags, read and checked, nothing sent yet.
struct SmokeInputs {
  var name: String
  /// Carries the scenarios in their order, and how connections are made; it has no phases.
  var plan: Plan
  var files: [InputFile]
  /// Scenarios were named one by one: nobody says that they are all there are.
  var isPartial = false

  static let defaultPlan = "scenarios/plans/smoke.yaml"
  static let defaultFolder = "scenarios"

  static func read(_ arguments: Arguments, options: LoadOptions, console: Console) throws -> SmokeInputs {
    let paths = try arguments.operands.isEmpty ? found() : arguments.operands
    var diagnostics = Diagnostics()
    var inputs = SmokeInputs(
      name: "smoke", plan: Plan(name: "smoke", scenarios: [], mix: Mix(entries: []), phases: []), files: [])
    for path in paths { inputs.add(path, isOnly: paths.count == 1, options, &diagnostics) }
    if arguments.operands.isEmpty { inputs.isPartial = false }
    // A listing needs no secrets.
    if !(options.toleratesUnsetEnvironment && diagnostics.isEmpty) {
      try LoadInputs.report(diagnostics, console: console)
    }
    guard !inputs.plan.scenarios.isEmpty else { throw CommandFailure.usage("no scenario to walk through") }
    var seen: Set<String> = []
    for scenario in inputs.plan.scenarios where !seen.insert(scenario.name).inserted {
      throw CommandFailure.usage("there are two scenarios named '\(scenario.name)'")
    }
    inputs.plan.timeoutNanoseconds =
      try arguments.value("timeout").map { try LoadInputs.duration($0, flag: "timeout") } ?? 10_000_000_000
    return inputs
  }

  private mutating func add(_ path: String, isOnly: Bool, _ options: LoadOptions, _ diagnostics: inout Diagnostics) {
    switch LoadInputs.kind(of: path, &diagnostics) {
    case .scenario?:
      isPartial = true
      let loaded = loadScenario(path, options)
      take(loaded.files)
      diagnostics.append(loaded.diagnostics)
      if let scenario = loaded.value { plan.scenarios.append(scenario) }
      if isOnly, let scenario = loaded.value { name = "smoke-\(scenario.name)" }
    case .plan?:
      let loaded = loadPlan(path, options)
      take(loaded.files)
      diagnostics.append(loaded.diagnostics)
      guard let value = loaded.value else { return }
      for scenario in value.scenarios { plan.scenarios.append(scenario) }
      guard isOnly else { return }
      name = value.name == "smoke" ? value.name : "smoke-\(value.name)"
      (plan.connections, plan.http, plan.compression) = (value.connections, value.http, value.compression)
      plan.seed = value.seed
    case .environments?:
      let message = "this file declares environments: name it with --config, beside a plan or scenarios"
      diagnostics.error(at: Position(source: Source(path: path, bytes: []), offset: 0), message)
    case nil: break
    }
  }

  private mutating func take(_ more: [InputFile]) {
    for file in more where !files.contains(where: { $0.path == file.path }) { files.append(file) }
  }

  /// The shipped plan, or all scenarios of the folder, found upwards from here.
  private static func found() throws -> [String] {
    var prefix = ""
    let manager = FileManager.default
    for _ in 0..<64 {
      if manager.fileExists(atPath: prefix + defaultPlan) { return [prefix + defaultPlan] }
      if let names = try? manager.contentsOfDirectory(atPath: prefix + defaultFolder) {
        let paths = names.sorted().filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
          .map { prefix + defaultFolder + "/" + $0 }
        let scenarios = paths.filter(isScenario)
        if !scenarios.isEmpty { return scenarios }
      }
      let here = URL(filePath: prefix.isEmpty ? "." : prefix).resolvingSymlinksInPath().path
      if here == "/" { break }
      prefix += "../"
    }
    throw CommandFailure.usage(
      "no scenarios: there is no \(defaultPlan) and no scenario in \(defaultFolder)/ here or above",
      hint: "name a plan or scenario files: gonogo smoke reservation.yaml")
  }

  private static func isScenario(_ path: String) -> Bool {
    var ignored = Diagnostics()
    return LoadInputs.kind(of: path, &ignored) == .scenario
  }
}
