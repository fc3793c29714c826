// SPDX-License-Identifier: Apache-2.0

let versionCommand = Command(
  name: "version", summary: "prints the version of the tool", operands: "", flags: [],
  examples: [("gonogo version", "one line")]
) { arguments in
  try Console(arguments: arguments).output("gonogo \(Main.version)")
  return .pass
}

let completionsCommand = Command(
  name: "completions", summary: "prints a completion script for a shell", operands: "bash|zsh|fish", flags: [],
  examples: [("source <(gonogo completions bash)", "completes commands and flags in this shell")]
) { arguments in
  guard arguments.operands.count == 1,
    let script = Completions.script(shell: arguments.operands[0], commands: Main.commands)
  else { throw CommandFailure.usage("name one shell: \(Completions.shells.joined(separator: ", "))") }
  try Console(arguments: arguments).output(script)
  return .pass
}
