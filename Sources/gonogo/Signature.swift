// SPDX-License-Identifier: Apache-2.0
internal import CLinux
import Glibc
import Results

/// What stands beside a manifest.
enum SignatureState: Equatable {
  case none
  /// Mathematically right, by this key; whose it is nobody asked.
  case valid(String)
  /// By somebody of the list of signers.
  case signed(by: String, key: String)
  case invalid(String)
  /// Right, by a key that the list does not have for this purpose.
  case unknownSigner(String)
}

/// Signatures of manifests, by the `ssh-keygen` on the PATH.
enum Signature {
  static let fileName = Manifest.signatureName
  /// Keeps a signature made for another purpose from being taken for one of a run.
  private static let namespace = "gonogo"
  /// No signature is larger.
  private static let mostBytes = 1 << 16

  /// Writes the signature beside the manifest. ssh-keygen may ask for a passphrase at the terminal.
  static func make(directory: String, key: String) throws(CommandFailure) {
    let manifest = pathFromHere("\(directory)/\(Manifest.fileName)")
    let ended = try Tool.run(
      "ssh-keygen", ["-Y", "sign", "-f", pathFromHere(key), "-n", namespace, manifest], input: nil)
    guard ended.code == 0, isFile("\(directory)/\(fileName)") else {
      throw .usage("the key \(printable(key)) cannot sign: \(lastLine(ended.output))")
    }
  }

  /// `signers`: a file of allowed signers, as ssh-keygen reads it; nil: anybody.
  static func look(directory: String, signers: String?) -> SignatureState {
    let path = "\(directory)/\(fileName)"
    var status = stat()
    guard lstat(path, &status) == 0 else { return .none }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= mostBytes else {
      return .invalid("it is no plain file of a signature's size")
    }
    let manifest = "\(directory)/\(Manifest.fileName)"
    let signature = pathFromHere(path)
    do throws(CommandFailure) {
      let plain = try Tool.run(
        "ssh-keygen", ["-Y", "check-novalidate", "-n", namespace, "-s", signature], input: manifest)
      guard plain.code == 0 else { return .invalid(lastLine(plain.output)) }
      // Good "gonogo" signature with ED25519 key SHA256:...
      let key = plain.output.split(separator: "\n").first.map { line in
        line.split(separator: " ").drop { $0 != "with" }.dropFirst().joined(separator: " ")
      }
      guard let signers else { return .valid(key ?? "a key that ssh-keygen does not name") }
      let list = pathFromHere(signers)
      let found = try Tool.run("ssh-keygen", ["-Y", "find-principals", "-f", list, "-s", signature], input: manifest)
      for principal in found.code == 0 ? found.output.split(separator: "\n").map(String.init) : [] {
        let check = try Tool.run(
          "ssh-keygen", ["-Y", "verify", "-f", list, "-I", principal, "-n", namespace, "-s", signature],
          input: manifest)
        if check.code == 0 { return .signed(by: principal, key: key ?? "") }
      }
      return .unknownSigner(key ?? "")
    } catch {
      return .invalid(error.message)
    }
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// A path that no program takes for a flag.
  private static func pathFromHere(_ path: String) -> String { path.hasPrefix("-") ? "./" + path : path }

  private static func lastLine(_ text: String) -> String {
    printable(text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "ssh-keygen said nothing")
  }
}

/// A short-lived program of the machine.
enum Tool {
  /// Runs it to its end. `input`: the file it reads as standard input; nil: ours. It may ask at the terminal.
  static func run(
    _ program: String, _ words: [String], input: String?
  ) throws(CommandFailure) -> (code: Int32, output: String) {
    var ends: [Int32] = [-1, -1]
    let piped = gonogo_pipe(&ends)
    guard piped == 0 else { throw failure(program, piped) }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input { posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var ignored = sigset_t()
    sigemptyset(&ignored)
    sigaddset(&ignored, SIGPIPE)
    posix_spawnattr_setsigdefault(&attributes, &ignored)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    let arguments: [UnsafeMutablePointer<CChar>?] = ([program] + words).map { strdup($0) } + [nil]
    defer { for text in arguments { free(text) } }
    var child = pid_t()
    let code = posix_spawnp(&child, program, &actions, &attributes, arguments, environ)
    close(ends[1])
    guard code == 0 else { throw failure(program, code) }
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      if output.count < 1 << 16 { output += buffer[..<count] }
    }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0, errno == EINTR {}
    return (status & 0x7F == 0 ? status >> 8 & 0xFF : -1, String(decoding: output, as: UTF8.self))
  }

  private static func failure(_ program: String, _ code: Int32) -> CommandFailure {
    .refused(
      "\(program) cannot be run: \(String(cString: strerror(code)))",
      hint: "signatures are made and checked by OpenSSH's ssh-keygen, which has to be on the PATH")
  }
}
