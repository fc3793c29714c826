// SPDX-License-Identifier: Apache-2.0
import Document
import Judgement
import Readiness
import Reports
import Scenarios

let lintCommand = Command(
  name: "lint", summary: "checks files without running anything, and says what a plan can prove", operands: "FILE...",
  flags: [
    Flag("env", "NAME", "the environment whose peak and settings count"),
    Flag("config", "FILE", "gonogo.yaml, else found upwards from here", completion: .file),
    Flag("quiet", nil, "print mistakes only"),
    Flag("no-color", nil, "no colour"),
  ],
  examples: [
    ("gonogo lint scenarios/*.yaml plans/*.yaml gonogo.yaml", "all mistakes of all files, with their places"),
    ("gonogo lint plans/expected-peak.yaml --env staging", "what the plan sends to staging, and what that can prove"),
  ],
  notes: """
    Scenarios, plans, files of environments and checklists are told apart by their first key; a list of entries is what
    people attest (readiness.yaml). Variables that env() and secret() name need not be set here: that is a warning. Exit
    code 0: no mistakes, 2: mistakes.
    """
) { arguments in
  guard !arguments.operands.isEmpty else {
    throw CommandFailure.usage("name at least one file", hint: "gonogo lint plans/*.yaml")
  }
  var lint = try Lint(arguments)
  return try lint.run(arguments.operands)
}

private struct Lint {
  private let console: Console
  private let environment: Environment?
  private let options: LoadOptions
  private var diagnostics = Diagnostics()
  /// Mistakes that are not in a file but between files.
  private var failures: [CommandFailure] = []
  private var filesWithMistakes = 0

  init(_ arguments: Arguments) throws {
    let console = Console(arguments: arguments)
    var environment: Environment?
    if let name = arguments.value("env") {
      let environments = try LoadInputs.readEnvironments(arguments, console: console)
      environment = try LoadTarget.environment(named: name, in: environments?.value)
    }
    self.console = console
    self.environment = environment
    var options = LoadOptions(
      settings: environment.map { Array($0.settings.keys) }, toleratesUnsetEnvironment: true)
    options.isDemo = environment?.isEmbedded ?? false
    self.options = options
  }

  mutating func run(_ paths: [String]) throws -> ExitCode {
    var screens: [CheckScreen] = []
    for path in paths {
      if let screen = check(path) { screens.append(screen) } else { filesWithMistakes += 1 }
    }
    if !diagnostics.all.isEmpty {
      try console.output(diagnostics.rendered(colour: console.outputHasColour).trimmed)
    }
    for failure in failures {
      try console.output(failure.message + (failure.hint.map { "\n  " + $0.replacing("\n", with: "\n  ") } ?? ""))
    }
    if !console.isQuiet {
      let style = TerminalStyle(columns: console.outputColumns, colour: console.outputHasColour)
      let isFirst = diagnostics.all.isEmpty && failures.isEmpty
      for (index, screen) in screens.enumerated() {
        if index > 0 || !isFirst { try console.output("") }
        try console.output(screen.text(style: style).trimmed)
      }
    }
    let count = diagnostics.errorCount + failures.count
    if count == 0 { return .pass }
    throw CommandFailure.usage(
      "\(count) mistake\(count == 1 ? "" : "s") in \(filesWithMistakes) of \(paths.count)"
        + " file\(paths.count == 1 ? "" : "s")")
  }

  /// What the file is about; nil when it has mistakes, which are kept.
  private mutating func check(_ path: String) -> CheckScreen? {
    if let screen = checklist(path) ?? people(path) { return screen.isWhole ? screen.text : nil }
    return switch LoadInputs.kind(of: path, &diagnostics) {
    case .scenario?: taken(loadScenario(path, options)).map { screen(of: $0, path) }
    case .plan?: taken(loadPlan(path, options)).flatMap { screen(of: $0, path) }
    case .environments?: taken(loadEnvironments(path)).map { screen(of: $0, path) }
    case nil: nil
    }
  }

  /// Nil for a file that is no checklist; one with mistakes, which are kept, is not whole.
  private mutating func checklist(_ path: String) -> (isWhole: Bool, text: CheckScreen?)? {
    var ignored = Diagnostics()
    guard let source = try? Source(contentsOf: path), let node = parse(source, &ignored), Checklist.isOne(node) else {
      return nil
    }
    let loaded = Checklist.load(path)
    diagnostics.append(loaded.diagnostics)
    guard let checklist = loaded.checklist else { return (false, nil) }
    return (true, screen(of: checklist, path))
  }

  /// Nil for a file that is not a list of what people attest.
  private mutating func people(_ path: String) -> (isWhole: Bool, text: CheckScreen?)? {
    guard let source = try? Source(contentsOf: path, limit: PeoplesFile.mostBytes), PeoplesFile.isOne(source) else {
      return nil
    }
    var found = Diagnostics()
    let entries = PeoplesFile.decode(source, &found)
    diagnostics.append(found)
    guard let entries, found.isEmpty else { return (false, nil) }
    return (true, screen(of: entries, path))
  }

  private mutating func taken<Value>(_ loaded: Loaded<Value>) -> Value? {
    diagnostics.append(loaded.diagnostics)
    return loaded.value
  }

  // MARK: screens

  private func screen(of scenario: ScenarioProgram, _ path: String) -> CheckScreen {
    func names(_ isChosen: (RequestStep) -> Bool) -> String {
      zip(scenario.requests, scenario.expectedCounts).filter { isChosen($0.0) }.map { step, count in
        step.name + (count == 1 ? "" : count == 0 ? " (setup)" : " x \(NumberText.plain(count))")
      }.joined(separator: ", ")
    }
    let total = scenario.expectedCounts.reduce(0, +)
    let writes = names { !$0.isReadOnly }
    return CheckScreen(
      title: "\(path): scenario '\(scenario.name)'",
      rows: [
        CheckScreen.Row("requests", "\(NumberText.plain(total)) in an average journey: \(names { _ in true })"),
        CheckScreen.Row("WRITES", writes.isEmpty ? "none" : writes, isStriking: !writes.isEmpty),
      ] + Self.replies(scenario.requests.filter { $0.reply != nil }.map(\.name)))
  }

  private mutating func screen(of plan: Plan, _ path: String) -> CheckScreen? {
    var screen = CheckScreen(title: "\(path): plan '\(plan.name)'", rows: [])
    screen.rows.append(
      CheckScreen.Row(
        "mix",
        plan.mix.entries.map { "\(plan.scenarios[$0.scenario].name) \(NumberText.share($0.share))" }
          .joined(separator: ", ")))
    screen.rows += Self.replies(
      plan.scenarios.flatMap { scenario in
        zip(scenario.requestNames, scenario.requests).filter { $0.1.reply != nil }.map(\.0)
      })
    if let find = plan.find {
      screen.rows.append(
        CheckScreen.Row(
          "find",
          "the highest rate up to \(PlanForecast.text(of: .rate(find.upTo))) at which these hold: "
            + find.rules.map(\.text).joined(separator: "; ")))
    }
    if plan.phases.isEmpty { return screen }
    if environment == nil, plan.dependsOnPeak {
      screen.rows.append(
        CheckScreen.Row("phases", "rates are multiples of the peak; --env NAME says what they come to"))
      return screen
    }
    do throws(PlanError) {
      let forecast = try PlanForecast(plan, environment: environment)
      screen.phases = forecast.shownPhases
      screen.rows += forecast.rows
      screen.proofs = forecast.proofs
      screen.items = forecast.items
      return screen
    } catch {
      failures.append(CommandFailure.usage("\(path): \(error.message)", hint: error.hint))
      return nil
    }
  }

  private func screen(of checklist: Checklist, _ path: String) -> CheckScreen {
    let items = checklist.items
    var priorities: [(name: String, count: Int)] = []
    for item in items where !item.priority.isEmpty {
      if let index = priorities.firstIndex(where: { $0.name == item.priority }) {
        priorities[index].count += 1
      } else {
        priorities.append((item.priority, 1))
      }
    }
    let words = priorities.map { "\($0.count) \($0.name)" } + ["\(items.count(where: \.isBlocker)) blockers"]
    let marked = items.count { !$0.marks.isEmpty }
    return CheckScreen(
      title: "\(path): checklist '\(checklist.id)'",
      rows: [
        CheckScreen.Row(
          "rows", "\(items.count) in \(checklist.categories.count) categories: \(words.joined(separator: ", "))"),
        CheckScreen.Row("marked by", "runs, drills and reports \(marked), people alone \(items.count - marked)"),
        CheckScreen.Row(
          "decision", checklist.rule.clauses.map { "\($0.outcome.rawValue) if \($0.text)" }.joined(separator: "; ")),
        CheckScreen.Row("readings", "\(checklist.readings.count)"),
      ])
  }

  private func screen(of entries: PeoplesEntries, _ path: String) -> CheckScreen {
    let rows = Set(
      entries.all.compactMap { entry in
        if case .attestation(let one) = entry { "\(one.checklist) \(one.item)" } else { nil }
      })
    func count(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
    return CheckScreen(
      title: "\(path): what people attest",
      rows: [
        CheckScreen.Row("entries", "\(entries.all.count), about \(count(rows.count, "row"))"),
        CheckScreen.Row(
          "on file",
          [
            count(entries.risks.count, "risk"), count(entries.conditions.count, "condition"),
            count(entries.reports.count, "report"), count(entries.supersessions.count, "superseded run"),
          ].joined(separator: ", ")),
      ])
  }

  /// What has to be there for steps that await replies.
  private static func replies(_ steps: [String]) -> [CheckScreen.Row] {
    guard !steps.isEmpty else { return [] }
    return [
      CheckScreen.Row(
        "replies",
        "\(steps.joined(separator: ", ")) \(steps.count == 1 ? "awaits a reply" : "await replies") at the sink:"
          + " the embedded hotel has one, another environment declares it (`outbound: sink`, `sink: {listen: ...}`)")
    ]
  }

  private func screen(of file: EnvironmentsFile, _ path: String) -> CheckScreen {
    CheckScreen(
      title: "\(path): \(file.environments.count) environment\(file.environments.count == 1 ? "" : "s")",
      rows: file.environments.map { environment in
        let allowed = Environment.Activity.allCases.filter(environment.allow.contains).map(\.rawValue)
        var text = "\(environment.url) (\(environment.kind.rawValue)), allows \(allowed.joined(separator: ", "))"
        if environment.isReadOnly { text += " (read-only)" }
        if let peak = environment.peak {
          text += "; peak \(PlanForecast.text(of: .rate(peak.rate))) (\(peak.source), \(peak.by))"
        }
        if environment.insecure { text += "; certificates are NOT verified" }
        return CheckScreen.Row(environment.name, text, isStriking: environment.insecure)
      })
  }
}

extension Plan {
  fileprivate var dependsOnPeak: Bool {
    phases.contains { phase in
      if case .rate(let rate) = phase.load { rate.unit == .peak } else { false }
    }
  }
}
