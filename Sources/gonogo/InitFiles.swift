// SPDX-License-Identifier: Apache-2.0
import Document
import Glibc
import Scenarios

/// The files of one `init`: written whole or not at all, never over somebody else's.
struct InitFiles {
  struct File {
    /// Relative to the folder, as it is shown and as `--force` names it.
    let path: String
    let text: String
    var isThere = false
    var wasWritten = false
  }

  let folder: String
  let forced: [String]
  private(set) var files: [File] = []

  init(folder: String, forced: [String]) {
    self.folder = folder
    self.forced = forced.map { $0.hasPrefix("./") ? String($0.dropFirst(2)) : $0 }
  }

  mutating func add(_ path: String, _ text: String) {
    var file = File(path: path, text: text)
    var status = stat()
    file.isThere = lstat(place(path), &status) == 0
    files.append(file)
  }

  func place(_ path: String) -> String { folder == "." ? path : "\(folder)/\(path)" }

  /// A name of `--force` that is none of the files is a mistake, not a wish.
  func checkForced() throws {
    for name in forced where !files.contains(where: { $0.path == name }) {
      let names = files.map(\.path)
      throw CommandFailure.usage(
        "--force \(printable(name)): that is none of the files to write",
        hint: nearest(to: name, among: names).map { "did you mean \($0)?" }
          ?? "there are: \(names.joined(separator: ", "))")
    }
  }

  func note(on file: File) -> String {
    guard file.isThere else { return "" }
    return forced.contains(file.path)
      ? " (it was there; --force)" : " (it is there: --force \(file.path) overwrites it)"
  }

  mutating func write() throws {
    for index in files.indices where !files[index].isThere || forced.contains(files[index].path) {
      let path = place(files[index].path)
      try makeFolder(of: path)
      try write(files[index].text, to: path, replaces: files[index].isThere)
      files[index].wasWritten = true
    }
  }

  private func makeFolder(of path: String) throws {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    for count in parts.indices.map({ $0 + 1 }) {
      let folder = parts.prefix(count).joined(separator: "/")
      if !folder.isEmpty, mkdir(folder, 0o777) != 0, errno != EEXIST { throw Self.failed(folder) }
    }
  }

  /// A new file is made only where none is, whoever makes one meanwhile; an old one is replaced whole.
  private func write(_ text: String, to path: String, replaces: Bool) throws {
    let written = replaces ? path + ".new" : path
    let descriptor = open(written, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw Self.failed(written) }
    let code = Console.write(text, to: descriptor)
    guard close(descriptor) == 0, code == 0 else {
      unlink(written)
      throw CommandFailure(
        code: .internalError, message: "\(printable(written)) cannot be written: \(String(cString: strerror(code)))")
    }
    if replaces, rename(written, path) != 0 { throw Self.failed(path) }
  }

  private static func failed(_ path: String) -> CommandFailure {
    .usage("\(printable(path)) cannot be written: \(String(cString: strerror(errno)))")
  }

  /// What was written must be what `lint` accepts: anything else is our mistake.
  func checkWhatWasWritten() throws {
    var diagnostics = Diagnostics()
    let options = LoadOptions(toleratesUnsetEnvironment: true)
    for file in files where file.wasWritten && file.path.hasSuffix(".yaml") {
      let path = place(file.path)
      switch LoadInputs.kind(of: path, &diagnostics) {
      case .scenario?: diagnostics.append(loadScenario(path, options).diagnostics)
      case .plan?: diagnostics.append(loadPlan(path, options).diagnostics)
      case .environments?: diagnostics.append(loadEnvironments(path).diagnostics)
      case nil: break
      }
    }
    guard !diagnostics.isEmpty else { return }
    Console.complain(diagnostics.rendered(colour: false).trimmed)
    throw CommandFailure.usage("what was written cannot be used as it is: see the places above")
  }
}
