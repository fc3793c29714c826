// SPDX-License-Identifier: Apache-2.0
package import Document

/// Reads and compiles a scenario file with everything it names. All mistakes of all files are reported at once.
package func loadScenario(_ path: String, _ options: LoadOptions = LoadOptions()) -> Loaded<ScenarioProgram> {
  let files = FileSet()
  var diagnostics = Diagnostics()
  let program = compileScenario(resolved(path, in: "."), namedAt: nil, files, options, &diagnostics)
  return Loaded(value: diagnostics.isEmpty ? program : nil, diagnostics: diagnostics, files: files.files)
}

/// Reads and compiles a plan with its scenarios and their data.
package func loadPlan(_ path: String, _ options: LoadOptions = LoadOptions()) -> Loaded<Plan> {
  let files = FileSet()
  var diagnostics = Diagnostics()
  let path = resolved(path, in: ".")
  guard let source = files.source(path, namedAt: nil, &diagnostics), let node = parse(source, &diagnostics),
    let draft = PlanShapes.plan.decode(node, &diagnostics)
  else { return Loaded(value: nil, diagnostics: diagnostics, files: files.files) }
  var compiler = PlanCompiler(
    files: files, options: options, directory: directory(of: path), diagnostics: diagnostics)
  let plan = compiler.compile(draft)
  diagnostics = compiler.diagnostics
  return Loaded(value: diagnostics.isEmpty ? plan : nil, diagnostics: diagnostics, files: files.files)
}

/// Reads a file of environments.
package func loadEnvironments(_ path: String) -> Loaded<EnvironmentsFile> {
  let files = FileSet()
  var diagnostics = Diagnostics()
  let path = resolved(path, in: ".")
  guard let source = files.source(path, namedAt: nil, &diagnostics), let node = parse(source, &diagnostics),
    let draft = EnvironmentShapes.file.decode(node, &diagnostics)
  else { return Loaded(value: nil, diagnostics: diagnostics, files: files.files) }
  let environments = draft.entries.map { $0.value.environment(named: $0.key, in: directory(of: path)) }
  let file = EnvironmentsFile(path: path, environments: environments)
  return Loaded(value: diagnostics.isEmpty ? file : nil, diagnostics: diagnostics, files: files.files)
}

/// The program, or what could be made of it when something was reported; nil when nothing could.
func compileScenario(
  _ path: String, namedAt node: Node?, _ files: FileSet, _ options: LoadOptions, _ diagnostics: inout Diagnostics
) -> ScenarioProgram? {
  guard let source = files.source(path, namedAt: node, &diagnostics), let root = parse(source, &diagnostics),
    let draft = ScenarioShapes.scenario.decode(root, &diagnostics)
  else { return nil }
  var compiler = ScenarioCompiler(
    files: files, directory: directory(of: path), options: options, diagnostics: diagnostics)
  let program = compiler.compile(draft, path: path)
  diagnostics = compiler.diagnostics
  return program
}

/// The kinds of file this room reads.
package enum FileKind: String, Sendable, CaseIterable {
  case scenario, plan, environments

  /// JSON Schema (draft 2020-12) of the kind, from the description that reads it.
  package var jsonSchema: String {
    switch self {
    case .scenario: ScenarioShapes.scenario.schema.jsonSchema(title: "gonogo scenario")
    case .plan: PlanShapes.plan.schema.jsonSchema(title: "gonogo plan")
    case .environments: EnvironmentShapes.file.schema.jsonSchema(title: "gonogo environments")
    }
  }

  /// What a file is, by its first telling key; nil when nothing tells.
  package static func detect(_ node: Node) -> FileKind? {
    if node["scenario"] != nil { return .scenario }
    if node["plan"] != nil { return .plan }
    return node["environments"] != nil ? .environments : nil
  }
}
