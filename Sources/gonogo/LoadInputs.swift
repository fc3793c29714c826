// SPDX-License-Identifier: Apache-2.0
import Document
import FoundationEssentials
import Judgement
import Results
import Scenarios

/// What a load command was given: files and flags, read and checked, nothing sent yet.
struct LoadInputs {
  var plan: Plan
  var target: LoadTarget
  var files: [InputFile]
  /// What the rules that name a baseline are held against.
  var baseline: BaselineRecord?

  static func read(_ arguments: Arguments, console: Console) throws -> LoadInputs {
    let environments = try readEnvironments(arguments, console: console)
    let target = try LoadTarget.resolve(arguments, environments: environments?.value)
    if target.isEmbedded, !arguments.operands.isEmpty { console.remark(EmbeddedHotel.announcement) }
    var options = target.loadOptions
    if arguments.has("full") { options.isDemo = false }
    var loaded = try readPlan(arguments, target: target, options: options)
    if let environments { loaded.files += environments.files }
    try report(loaded.diagnostics, console: console)
    guard var plan = loaded.value else { throw CommandFailure.usage("the plan cannot be used") }
    try override(&plan, arguments, console: console)
    var inputs = LoadInputs(plan: plan, target: target, files: loaded.files)
    try inputs.takeBaseline(arguments)
    return inputs
  }

  /// All mistakes at once; warnings do not end the command.
  static func report(_ diagnostics: Diagnostics, console: Console) throws {
    if !diagnostics.all.isEmpty {
      Console.complain(diagnostics.rendered(colour: console.progressHasColour).trimmed)
    }
    if !diagnostics.isEmpty {
      let count = diagnostics.errorCount
      throw CommandFailure.usage("\(count) mistake\(count == 1 ? "" : "s"), nothing was sent")
    }
  }

  /// The file of environments that counts; nil when there is none.
  static func environmentsPath(_ arguments: Arguments) -> String? {
    arguments.value("config") ?? EnvironmentsFile.locate(from: ".")
  }

  static func readEnvironments(
    _ arguments: Arguments, console: Console
  ) throws -> (value: EnvironmentsFile, files: [InputFile])? {
    guard let path = environmentsPath(arguments) else { return nil }
    let loaded = loadEnvironments(path)
    try report(loaded.diagnostics, console: console)
    return loaded.value.map { ($0, loaded.files) }
  }

  private static func readPlan(_ arguments: Arguments, target: LoadTarget, options: LoadOptions) throws -> Loaded<Plan>
  {
    guard arguments.operands.count <= 1 else {
      throw CommandFailure.usage(
        "one plan or scenario at a time: \(arguments.operands.map(printable).joined(separator: " "))")
    }
    var quick = QuickUse(url: try arguments.target() ?? target.base)
    quick.rate = arguments.value("rate")
    quick.users = arguments.value("users")
    if let duration = arguments.value("for") { quick.duration = duration }
    guard let path = arguments.operands.first else { return try quickPlan(&quick, arguments) }
    try refuse(
      ["method", "header", "body", "expect-status"], arguments, because: "the steps are in \(printable(path))")
    var diagnostics = Diagnostics()
    switch kind(of: path, &diagnostics) {
    case .scenario: return quick.plan(for: loadScenario(path, options))
    case .plan: break
    case .environments:
      throw CommandFailure.usage(
        "\(printable(path)) declares environments", hint: "name it with --config, beside a plan or scenario")
    case nil: return Loaded(value: nil, diagnostics: diagnostics, files: [])
    }
    try refuse(["rate", "users", "for"], arguments, because: "the phases are in \(printable(path))")
    return loadPlan(path, options)
  }

  private static func quickPlan(_ quick: inout QuickUse, _ arguments: Arguments) throws -> Loaded<Plan> {
    guard try arguments.target() != nil else {
      throw CommandFailure.usage(
        "nothing to send: name a plan or scenario file, or one URL with --target", hint: "gonogo help load has examples"
      )
    }
    quick.method = arguments.value("method")
    quick.headers = arguments.all("header")
    quick.expectStatus = arguments.value("expect-status")
    quick.body = try arguments.value("body").map(body)
    return quick.plan()
  }

  /// `@file` is the file's bytes, anything else is itself.
  private static func body(_ text: String) throws -> [UInt8] {
    guard text.hasPrefix("@") else { return Array(text.utf8) }
    let path = String(text.dropFirst())
    do {
      return try Array(Data(contentsOf: URL(filePath: path)))
    } catch {
      throw CommandFailure.usage("--body: \(printable(path)) cannot be read")
    }
  }

  private static func refuse(_ flags: [String], _ arguments: Arguments, because reason: String) throws {
    if let given = flags.first(where: arguments.has) {
      throw CommandFailure.usage("--\(given) does not go with a file", hint: reason)
    }
  }

  /// What a file is, told by its keys; nil when it cannot be read or nothing tells, which is reported.
  static func kind(of path: String, _ diagnostics: inout Diagnostics) -> FileKind? {
    do throws(Mistake) {
      guard let node = try parse(Source(contentsOf: path), &diagnostics) else { return nil }
      if let kind = FileKind.detect(node) { return kind }
      let known = FileKind.allCases.map(\.rawValue)
      let near = (node.entries ?? []).lazy.compactMap { entry in
        entry.key.text.flatMap { word in nearest(to: word, among: known).map { (entry.key, $0) } }
      }.first
      diagnostics.error(
        at: near?.0 ?? node, "neither a scenario nor a plan nor a file of environments",
        hint: near.map { "did you mean `\($0.1)`?" }
          ?? "it begins with one of the keys \(known.joined(separator: ", "))")
    } catch {
      diagnostics.error(at: Position(source: Source(path: path, bytes: []), offset: 0), error.message)
    }
    return nil
  }

  /// Flags win over the file.
  private static func override(_ plan: inout Plan, _ arguments: Arguments, console: Console) throws {
    if let text = arguments.value("seed") {
      guard let seed = UInt64(text), seed < 1 << 53 else {
        throw CommandFailure.usage("--seed takes a whole number below 2^53")
      }
      plan.seed = seed
    }
    if let text = arguments.value("timeout") { plan.timeoutNanoseconds = try duration(text, flag: "timeout") }
    if let text = arguments.value("drain") { plan.drainNanoseconds = try duration(text, flag: "drain") }
    if let text = arguments.value("max-in-flight") { plan.maxInFlight = try positive(text, flag: "max-in-flight") }
    if let text = arguments.value("arrivals") {
      guard let arrivals = Plan.ArrivalPattern(rawValue: text) else {
        throw CommandFailure.usage("--arrivals is even or poisson, not \(printable(text))")
      }
      plan.arrivals = arrivals
    }
    for text in arguments.all("threshold") { plan.thresholds.append(try threshold(text, plan, console: console)) }
  }

  private static func threshold(_ text: String, _ plan: Plan, console: Console) throws -> Threshold {
    do throws(ThresholdError) {
      let threshold = try Threshold.parse(text)
      let phases = plan.phases.map(\.name) + [Selection.steadyPhase]
      if let phase = threshold.selection.phase, !phases.contains(phase) {
        throw unknown("phase", phase, at: threshold.phaseSpan, among: phases)
      }
      let steps = plan.scenarios.flatMap(\.requestNames)
      if let step = threshold.selection.step, !steps.contains(where: threshold.selection.includes) {
        throw unknown("step", step, at: threshold.stepSpan, among: steps)
      }
      if let mistake = threshold.replyMistake(in: plan.scenarios) {
        throw ThresholdError(
          span: threshold.stepSpan ?? TextSpan(offset: 0, length: text.utf8.count), message: mistake.message,
          suggestion: mistake.hint)
      }
      return threshold
    } catch {
      var diagnostics = Diagnostics()
      let hint = error.suggestion.map { $0.contains(" ") ? $0 : "did you mean `\($0)`?" }
      diagnostics.error(
        at: Node(text: text, called: "--threshold"),
        Mistake(error.message, hint: hint, offset: error.span.offset, length: max(1, error.span.length)))
      try report(diagnostics, console: console)
      throw CommandFailure.usage("--threshold: \(error.message)")
    }
  }

  private static func unknown(_ what: String, _ name: String, at span: TextSpan?, among known: [String])
    -> ThresholdError
  {
    ThresholdError(
      span: span ?? TextSpan(offset: 0, length: 0), message: "there is no \(what) \(printable(name))",
      suggestion: nearest(to: name, among: known).map { "did you mean \($0)?" }
        ?? "there are: \(known.joined(separator: ", "))")
  }

  static func duration(_ text: String, flag: String) throws -> Int64 {
    var diagnostics = Diagnostics()
    let node = Node(text: text, called: "--\(flag)")
    guard let duration = Shape<Duration>.duration.decode(node, &diagnostics), duration > .zero else {
      let isZero = diagnostics.isEmpty
      throw CommandFailure.usage(
        "--\(flag): \(printable(text)) is \(isZero ? "no time at all" : "not a time")",
        hint: "write 500ms, 30s, 10m or 1h30m")
    }
    let parts = duration.components
    return parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000
  }

  static func positive(_ text: String, flag: String) throws -> Int {
    guard let number = Int(text), number > 0 else {
      throw CommandFailure.usage("--\(flag) takes a whole number above 0, not \(printable(text))")
    }
    return number
  }
}
