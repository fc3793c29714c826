// SPDX-License-Identifier: Apache-2.0
package import Document
import Glibc

/// What reading a checklist came to.
package struct LoadedChecklist: Sendable {
  /// Nil when there were mistakes.
  package var checklist: Checklist?
  package var diagnostics: Diagnostics
  /// As it was opened.
  package var path: String
  /// The file as it was read, to be kept beside a decision.
  package var bytes: [UInt8]
}

extension Checklist {
  /// Reads a checklist's file; all mistakes are reported at once.
  package static func load(_ path: String) -> LoadedChecklist {
    var diagnostics = Diagnostics()
    let source: Source
    do throws(Mistake) {
      source = try Source(contentsOf: path)
    } catch {
      diagnostics.error(at: Position(source: Source(path: path, bytes: []), offset: 0), error.message, hint: error.hint)
      return LoadedChecklist(checklist: nil, diagnostics: diagnostics, path: path, bytes: [])
    }
    let checklist = read(source, &diagnostics)
    return LoadedChecklist(checklist: checklist, diagnostics: diagnostics, path: path, bytes: source.bytes)
  }

  /// The checklist of a text at hand; nil when anything was reported.
  package static func read(_ source: Source, _ diagnostics: inout Diagnostics) -> Checklist? {
    guard let node = parse(source, &diagnostics), let draft = ChecklistShapes.checklist.decode(node, &diagnostics)
    else { return nil }
    var compiler = ChecklistCompiler(draft, diagnostics)
    let (checklist, found) = compiler.compile()
    diagnostics = found
    return diagnostics.isEmpty ? checklist : nil
  }

  /// Whether a document is a checklist, told by its keys.
  package static func isOne(_ node: Node) -> Bool { node["checklist"] != nil }

  /// JSON Schema (draft 2020-12) of such a file, from the description that reads it.
  package static var jsonSchema: String { ChecklistShapes.checklist.schema.jsonSchema(title: "gonogo checklist") }

  /// Where a list by that name is: `NAME.yaml` in the first of the folders that has one. A name with a slash or an ending
  /// is a path as it stands. Nil when no folder has it.
  package static func locate(_ name: String, in folders: [String]) -> String? {
    if name.contains("/") || name.hasSuffix(".yaml") || name.hasSuffix(".yml") { return name }
    return folders.lazy.map { "\($0)/\(name).yaml" }.first { access($0, R_OK) == 0 }
  }

  /// Folders to look in, nearest first: beside the file of environments (its `checklists` or `scenarios/checklists`), then
  /// upwards from the working directory, then upwards from the program, and `share/gonogo/checklists` beside its `bin`.
  package static func folders(environments: String?, workingDirectory: String, program: String?) -> [String] {
    var folders: [String] = []
    func add(_ folder: String, _ names: String...) {
      for name in names {
        let path = folder == "/" ? "/\(name)" : "\(folder)/\(name)"
        if !folders.contains(path) { folders.append(path) }
      }
    }
    if let environments { add(parent(of: environments) ?? ".", "checklists", "scenarios/checklists") }
    for folder in ancestors(of: workingDirectory) { add(folder, "scenarios/checklists") }
    if let program, let bin = parent(of: program) {
      if let prefix = parent(of: bin) { add(prefix, "share/gonogo/checklists") }
      for folder in ancestors(of: bin) { add(folder, "scenarios/checklists") }
    }
    return folders
  }
}

private func parent(of path: String) -> String? {
  guard let slash = path.lastIndex(of: "/") else { return nil }
  return slash == path.startIndex ? (path == "/" ? nil : "/") : String(path[..<slash])
}

private func ancestors(of path: String) -> [String] {
  var found = [path]
  while let folder = parent(of: found[found.count - 1]) { found.append(folder) }
  return found
}
