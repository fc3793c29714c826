// SPDX-License-Identifier: Apache-2.0
import Document

/// Included files, and what names there are before the first step.
extension ScenarioCompiler {
  /// Loads what `include` names, file in file; a file that includes itself is a mistake.
  mutating func expandIncludes(_ steps: inout [StepDraft], _ chain: inout [String]) {
    for index in steps.indices {
      if steps[index].group != nil { expandIncludes(&steps[index].group!, &chain) }
      guard let include = steps[index].include else { continue }
      let path = resolved(include.value, in: directory)
      if chain.contains(path) {
        let circle = (chain.drop { $0 != path } + [path]).joined(separator: " -> ")
        diagnostics.error(at: include.node, "this file includes itself", hint: circle)
        continue
      }
      guard chain.count <= 20 else {
        diagnostics.error(at: include.node, "files are included too deeply")
        continue
      }
      guard let source = files.source(path, namedAt: include.node, &diagnostics),
        let node = parse(source, &diagnostics),
        var draft = ScenarioShapes.fragment.decode(node, &diagnostics)
      else { continue }
      if draft.setup != nil || !draft.finally.isEmpty {
        diagnostics.error(
          at: include.node, "a file with `setup` or `finally` cannot be included",
          hint: "move its steps to a file of their own")
      }
      let outer = directory
      directory = Scenarios.directory(of: path)
      chain.append(path)
      expandIncludes(&draft.steps, &chain)
      chain.removeLast()
      steps[index].included = .init(draft: draft, directory: directory)
      directory = outer
    }
  }

  /// Every name that steps give a value to, with the step.
  static func assignedNames(_ steps: [StepDraft]) -> [(name: String, place: String)] {
    var names: [(String, String)] = []
    for step in steps {
      let place = step.name.map { "step '\($0.value)'" } ?? "line \(step.node?.position.line ?? 0)"
      names += step.variables.map { ($0.key, place) }
      names += step.captures.map { ($0.key, place) }
      names += assignedNames(step.group ?? []).map { ($0.name, $0.place) }
      names += assignedNames(step.included?.draft.steps ?? []).map { ($0.name, $0.place) }
    }
    return names
  }

  mutating func collectAssigned(_ steps: [StepDraft]) {
    for (name, place) in Self.assignedNames(steps) {
      assigned.insert(name)
      if scope.later[name] == nil { scope.later[name] = place }
    }
  }

  mutating func declareIncluded(_ steps: [StepDraft]) {
    for step in steps {
      declareIncluded(step.group ?? [])
      guard let included = step.included else { continue }
      declare(included.draft, included.directory)
      declareIncluded(included.draft.steps)
    }
  }

  /// `data` and `vars` of a file. What the including file declared stays as it is.
  mutating func declare(_ draft: ScenarioDraft, _ directory: String) {
    for entry in draft.data where scope.feeders[entry.key] == nil {
      if assigned.contains(entry.key) {
        diagnostics.error(at: entry.keyNode, "'\(entry.key)' is a variable of a step too", hint: "rename one of them")
      }
      guard let feeder = entry.value.decode(&diagnostics) else {
        // Columns are not known: references to it must not be reported as well.
        scope.brokenFeeders.insert(entry.key)
        continue
      }
      let path = resolved(feeder.file.value, in: directory)
      guard let table = files.table(path, namedAt: feeder.file.node, &diagnostics) else {
        scope.brokenFeeders.insert(entry.key)
        continue
      }
      scope.feeders[entry.key] = .init(index: parts.feeders.count, columns: table.columns)
      parts.feeders.append(Feeder(name: entry.key, path: path, pick: feeder.pick, table: table))
    }
    for entry in draft.variables where scope.names[entry.key] == nil { declareVariable(entry) }
  }

  private mutating func declareVariable(_ entry: Entry<String, Node>) {
    if scope.feeders[entry.key] != nil {
      diagnostics.error(at: entry.keyNode, "'\(entry.key)' is a data file too", hint: "rename one of them")
    }
    if let items = entry.valueNode.items {
      var values: [Value] = []
      for item in items {
        switch value(item) {
        case .constant(let constant)?: values.append(constant)
        case nil: continue
        default: diagnostics.error(at: item, "a list of `vars` holds plain values only")
        }
      }
      if items.isEmpty { diagnostics.error(at: entry.valueNode, "an empty list has nothing to pick from") }
      scope.names[entry.key] = .list(values)
      scope.later[entry.key] = nil
      return
    }
    let value = value(entry.valueNode)
    if case .constant(let constant)? = value, !assigned.contains(entry.key) {
      scope.names[entry.key] = .constant(constant)
      return
    }
    let slot = define(entry.key)
    if let value { parts.variables.append((slot, value)) }
  }
}
