// SPDX-License-Identifier: Apache-2.0
import Document
import Glibc
import Readiness
import Scenarios

/// The list that a command is about.
enum ChecklistInputs {
  static let flag = Flag(
    "checklist", "NAME|FILE", "p020, es, ws, realtor, or a file of your own (default p020)",
    completion: .file)

  /// Reads the list that --checklist names. All its mistakes are reported before the command ends with them.
  static func read(_ arguments: Arguments, console: Console) throws -> LoadedChecklist {
    let name = arguments.value("checklist") ?? Attestation.defaultChecklist
    let folders = folders(arguments)
    guard let path = Checklist.locate(name, in: folders) else {
      throw CommandFailure.usage(
        "there is no checklist \(printable(name))",
        hint:
          "name a file with --checklist, or put \(printable(name)).yaml into \(folders.first.map(printable) ?? "scenarios/checklists")"
      )
    }
    let loaded = Checklist.load(path)
    try LoadInputs.report(loaded.diagnostics, console: console)
    guard loaded.checklist != nil else { throw CommandFailure.usage("\(printable(path)) cannot be used") }
    return loaded
  }

  /// Where lists are looked for by name, nearest first.
  static func folders(_ arguments: Arguments) -> [String] {
    Checklist.folders(
      environments: LoadInputs.environmentsPath(arguments), workingDirectory: workingDirectory, program: program)
  }

  private static var workingDirectory: String {
    guard let path = getcwd(nil, 0) else { return "/" }
    defer { free(path) }
    return String(cString: path)
  }

  /// Where this program is, links followed. Asked once: a build may put another one in its place while control runs go on.
  private static let program: String? = {
    guard let path = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(path) }
    return String(cString: path)
  }()
}
