// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Reports
import Results

let verifyCommand = Command(
  name: "verify", summary: "checks that a folder is what its run wrote: digests, verdicts, signature",
  operands: "DIR...",
  flags: [
    Flag("signers", "FILE", "who may sign: a file of allowed signers as ssh-keygen reads it", completion: .file),
    Flag("require-signature", nil, "an unsigned folder does not verify (with --signers)"),
    Flag("json", nil, "print what was found for programs"),
    Flag("quiet", nil, "nothing on what is in order"),
    Flag("no-color", nil, "no colour"),
  ],
  examples: [
    ("gonogo verify results/latest", "digests, ledgers, and every figure and verdict made again"),
    ("gonogo verify results/2026*", "all of them"),
    ("gonogo verify results/latest --signers allowed_signers --require-signature", "and by whom it was signed"),
  ],
  notes: """
    Every file has the digest of the manifest, none is missing, none was added, none is a link. From the counts and times
    of the folder run.json is made again with every verdict and item, and the texts made of it; ledgers must add up. The
    same of a search's trials and of a decision. A manifest can be made anew by whoever changes a file, verdicts that do
    not follow from the counts are found all the same, and a signature (gonogo sign) vouches for the counts themselves.
    A line of allowed signers: ops@example.org namespaces="gonogo" ssh-ed25519 AAAA...
    Exit code: 0 all verify, 99 one does not, 2 there is no such folder.
    """
) { arguments in try VerifyCommand.run(arguments) }

enum VerifyCommand {
  static func run(_ arguments: Arguments) throws -> ExitCode {
    let console = Console(arguments: arguments)
    guard !arguments.operands.isEmpty else {
      throw CommandFailure.usage("name one folder or more", hint: "gonogo verify results/latest")
    }
    let signers = arguments.value("signers")
    if let signers, !FileManager.default.isReadableFile(atPath: signers) {
      throw CommandFailure.usage("--signers: \(printable(signers)) cannot be read")
    }
    let isRequired = arguments.has("require-signature")
    if isRequired, signers == nil {
      throw CommandFailure.usage(
        "--require-signature needs --signers FILE", hint: "a signature by anybody proves nothing")
    }
    let directories = try arguments.operands.map(directory)
    var results: [Result] = []
    for directory in directories {
      let check = FolderCheck(directory, signers: signers)
      var problems = check.problems
      if isRequired, check.signature == .none { problems.append("it is not signed") }
      results.append(
        Result(
          folder: directory, kind: check.kind, verified: problems.isEmpty, signature: check.signature.text,
          problems: problems))
    }
    if arguments.has("json") {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try console.output(String(decoding: try encoder.encode(results), as: UTF8.self))
    } else {
      for result in results { try show(result, console) }
    }
    return results.allSatisfy(\.verified) ? .pass : .fail
  }

  /// An existing folder, `latest` by its own name.
  static func directory(_ operand: String) throws -> String {
    let path = folderItself(operand.count > 1 ? operand.withoutTrailingSlash : operand)
    var isDirectory = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory else {
      throw CommandFailure.usage("there is no folder \(printable(operand))")
    }
    return path
  }

  private struct Result: Encodable {
    var folder: String
    var kind: String
    var verified: Bool
    var signature: String
    var problems: [String]
  }

  private static func show(_ result: Result, _ console: Console) throws {
    func painted(_ word: String, _ code: String) -> String {
      console.outputHasColour ? "\u{1B}[\(code)m\(word)\u{1B}[0m" : word
    }
    if result.verified {
      guard !console.isQuiet else { return }
      return try console.output(
        "\(painted("VERIFIED", "32"))      \(printable(result.folder)): \(result.kind), \(printable(result.signature))")
    }
    try console.output(
      "\(painted("NOT VERIFIED", "31"))  \(printable(result.folder)): \(result.kind), \(printable(result.signature))")
    for problem in result.problems { try console.output("  \(TerminalText.escaped(problem))") }
  }
}

extension SignatureState {
  var text: String {
    switch self {
    case .none: "not signed"
    case .valid(let key): "signed with \(key)"
    case .signed(let who, let key): "signed by \(who) with \(key)"
    case .invalid: "signature not valid"
    case .unknownSigner(let key): "signed by an unknown key, \(key)"
    }
  }
}
