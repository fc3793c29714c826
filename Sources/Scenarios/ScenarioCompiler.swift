// SPDX-License-Identifier: Apache-2.0
import Document

/// Turns a scenario draft into a program, reporting every mistake it finds on the way.
struct ScenarioCompiler {
  let files: FileSet
  var diagnostics: Diagnostics
  var scope = Scope()
  var parts = ScenarioProgram.Parts()
  var slots: [String: Int] = [:]
  var instructions: [Instruction] = []
  /// Names given by `let` and `capture` anywhere: variables that change.
  var assigned: Set<String> = []
  var secretNames: Set<String> = []
  /// Request steps by name, with the node that named them first.
  var stepNames: [String: Node] = [:]
  var closers: [Located<String>] = []
  /// What the `let` of the step being compiled sets.
  var assignments: [(slot: Int, value: ValueTemplate)] = []
  /// How often the step being compiled runs in an average journey.
  var weight = 1.0
  var expectedCounts: [Double] = []
  var expectedReplies: [Double] = []
  /// Steps of `setup:` are being compiled.
  var isSetup = false
  /// Of the file whose steps are being compiled.
  var defaults = ScenarioDraft.DefaultsDraft()
  var directory: String
  var fileTags: [String] = []
  var fileIsReadOnly: Bool?

  init(files: FileSet, directory: String, options: LoadOptions, diagnostics: Diagnostics) {
    self.files = files
    self.directory = directory
    self.diagnostics = diagnostics
    scope.environmentVariable = options.environmentVariable
    scope.settings = options.settings
    scope.toleratesUnsetEnvironment = options.toleratesUnsetEnvironment
  }

  /// The program; of use only when no error was reported.
  mutating func compile(_ original: ScenarioDraft, path: String) -> ScenarioProgram {
    var draft = original
    var chain = [path]
    if draft.setup != nil { expandIncludes(&draft.setup!.steps, &chain) }
    expandIncludes(&draft.steps, &chain)
    expandIncludes(&draft.finally, &chain)

    parts.name = draft.name?.value ?? ""
    parts.about = draft.about
    parts.tags = draft.tags
    fileTags = draft.tags
    fileIsReadOnly = draft.isReadOnly
    defaults = draft.defaults

    let all = (draft.setup?.steps ?? []) + draft.steps + draft.finally
    collectAssigned(all)
    declare(draft, directory)
    declareIncluded(all)

    if let setup = draft.setup { compileSetup(setup) }
    weight = 1
    compileSection(.steps, draft.steps)
    compileSection(.finally, draft.finally)
    checkClosers()
    parts.marks = marks(draft.marks)

    parts.secretSlots = secretNames.compactMap { slots[$0] }.sorted()
    parts.counterNames = scope.counters
    parts.settingsUsed = scope.settingsUsed
    parts.secrets = scope.secrets
    parts.namedSecrets = scope.namedSecrets
    parts.expectedCounts = expectedCounts
    parts.expectedReplies = expectedReplies
    return ScenarioProgram(parts)
  }

  private mutating func compileSetup(_ setup: ScenarioDraft.SetupDraft) {
    weight = 0
    compileSection(.setup, setup.steps)
    // Variables of the file are evaluated for setup too, and have been compiled by now.
    parts.setupFeeders = scope.feedersUsed
    parts.sharedSlots = Self.assignedNames(setup.steps).compactMap { slots[$0.name] }.sorted()
    var rule = SetupRule(everyNanoseconds: setup.every?.nanoseconds)
    if let every = rule.everyNanoseconds, every < 1_000_000_000 {
      diagnostics.error(at: setup.steps[0].node ?? setup.on ?? Node(text: "", called: ""), "`every` is at least 1s")
    }
    if let on = setup.on { rule.onStatuses = statuses(on).map(\.statuses) }
    parts.setupRule = rule
  }

  private mutating func compileSection(_ section: ScenarioProgram.Section, _ steps: [StepDraft]) {
    instructions = []
    isSetup = section == .setup
    for step in steps { compile(step) }
    parts.sections[section] = instructions
  }

  private mutating func checkClosers() {
    for closer in closers where stepNames[closer.value] == nil {
      let hint = suggestion(for: closer.value, among: stepNames.keys.sorted(), called: "the steps are")
      diagnostics.error(at: closer.node, "there is no step '\(closer.value)'", hint: hint)
    }
  }

  // MARK: templates

  /// Compiles a scalar, reporting its mistake at its place; nil then.
  mutating func compiled<Result>(
    _ node: Node, _ compile: (String, inout Scope) throws(TemplateMistake) -> Result
  ) -> Result? {
    guard let text = node.text else {
      diagnostics.error(at: node, "expected text, found \(node.found)")
      return nil
    }
    let unset = scope.unsetEnvironment.count
    defer {
      for name in scope.unsetEnvironment.dropFirst(unset) {
        diagnostics.warning(at: node, "the environment variable \(name) is not set here")
      }
    }
    do throws(TemplateMistake) {
      return try compile(text, &scope)
    } catch {
      diagnostics.error(at: node, error)
      return nil
    }
  }

  /// An expression, written bare or as one template.
  mutating func expression(_ node: Node) -> Expression? {
    compiled(node) { text, scope throws(TemplateMistake) in
      guard text.contains("{{") else { return try ExpressionParser.parse(text, scope: &scope) }
      let parts = try Template.parts(of: text, scope: &scope)
      guard parts.count == 1, case .expression(let expression) = parts[0] else {
        throw TemplateMistake(
          "this must be one expression", hint: "write it without {{ }}", offset: 0, length: text.utf8.count)
      }
      return expression
    }
  }

  /// A value by YAML's types; text may hold templates.
  mutating func value(_ node: Node) -> ValueTemplate? {
    switch node.value {
    case .null?: return .constant(Value(kind: .null, bytes: Array("null".utf8)))
    case .bool(let value)?: return .constant(Value(boolean: value))
    case .number(let text)?: return .constant(Value(kind: .number, bytes: Array(text.utf8)))
    case .text?:
      return compiled(node) { text, scope throws(TemplateMistake) in try ValueTemplate.compile(text, scope: &scope) }
    case nil:
      diagnostics.error(at: node, "expected a single value, found \(node.found)")
      return nil
    }
  }

  // MARK: slots

  mutating func slot(_ name: String) -> Int {
    if let slot = slots[name] { return slot }
    let slot = parts.slotNames.count
    slots[name] = slot
    parts.slotNames.append(name)
    return slot
  }

  /// From here on the name has a value.
  mutating func define(_ name: String) -> Int {
    let slot = slot(name)
    scope.names[name] = .slot(slot)
    scope.later[name] = nil
    return slot
  }
}
