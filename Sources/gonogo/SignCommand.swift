// SPDX-License-Identifier: Apache-2.0
import Results

let signCommand = Command(
  name: "sign", summary: "signs what a run or a decision left, with an SSH key", operands: "DIR",
  flags: [
    Flag("key", "FILE", "private key, or the public one of a key that ssh-agent holds", completion: .file)
  ],
  examples: [
    ("gonogo sign results/latest --key ~/.ssh/id_ed25519", "writes manifest.sha256.sig beside the manifest"),
    ("gonogo sign results/latest --key ~/.ssh/id_ed25519.pub", "the same with a key of ssh-agent"),
    ("gonogo verify results/latest --signers allowed_signers", "whether it was signed by somebody who may"),
  ],
  notes: """
    The manifest names every file with its digest, so that its signature vouches for all of them. It is made by ssh-keygen
    -Y sign in the namespace gonogo. A folder that does not verify is not signed, nor is one signed twice.
    Exit code: 0 signed, 2 the key cannot be used, 3 refused, 99 the folder does not verify.
    """
) { arguments in
  let console = Console(arguments: arguments)
  guard arguments.operands.count == 1, let operand = arguments.operands.first else {
    throw CommandFailure.usage("name one folder", hint: "gonogo sign results/latest --key FILE")
  }
  guard let key = arguments.value("key") else {
    throw CommandFailure.usage("name a key", hint: "--key ~/.ssh/id_ed25519")
  }
  let directory = try VerifyCommand.directory(operand)
  let check = FolderCheck(directory, signers: nil)
  guard check.problems.isEmpty else {
    for problem in check.problems { Console.complain("  \(printable(problem))") }
    throw CommandFailure(
      code: .fail, message: "\(printable(directory)) does not verify, so it is not signed", hint: nil)
  }
  guard check.signature == .none else {
    throw CommandFailure.refused(
      "\(printable(directory)) is signed already",
      hint: "remove \(Signature.fileName) first if it is to be signed by somebody else")
  }
  try Signature.make(directory: directory, key: key)
  guard case .valid(let who) = Signature.look(directory: directory, signers: nil) else {
    throw CommandFailure(code: .internalError, message: "the signature that was just made is not valid", hint: nil)
  }
  try console.output("signed \(printable(directory)): \(printable(who))")
  return .pass
}
