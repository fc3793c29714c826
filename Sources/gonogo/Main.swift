// SPDX-License-Identifier: Apache-2.0
// Room: gonogo. One file per subcommand: flags, wiring, exit codes. The only room that ends the process.
import Document
import Glibc

@main
struct Main {
  static let version = "0.1.0"

  static let commands: [Command] = [
    loadCommand, smokeCommand, cleanCommand, lintCommand, initCommand, reportCommand, compareCommand, verifyCommand,
    signCommand, statusCommand, attestCommand, decideCommand, exportCommand, schemaCommand, sinkCommand, versionCommand,
    completionsCommand,
  ]

  static func main() {
    Console.occupyClosedStreams()
    // A closed pipe is seen where it is written to.
    signal(SIGPIPE, SIG_IGN)
    exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  private static func run(_ words: [String]) -> ExitCode {
    do {
      return try dispatch(words)
    } catch let failure as CommandFailure {
      Console.complain("gonogo: " + failure.message)
      if let hint = failure.hint { Console.complain(hint) }
      return failure.code
    } catch {
      Console.complain("gonogo: internal error: \(printable(String(describing: error)))")
      return .internalError
    }
  }

  private static func dispatch(_ words: [String]) throws -> ExitCode {
    guard let first = words.first else {
      Console.complain(overviewText(commands))
      return .usage
    }
    if ["help", "--help", "-h"].contains(first) { return try help(about: words.dropFirst().first) }
    if ["--version", "-v"].contains(first) { return try dispatch(["version"] + words.dropFirst()) }
    guard let command = commands.first(where: { $0.name == first }) else {
      let near = nearest(to: first, among: commands.map(\.name)).map { "did you mean gonogo \($0)?" }
      throw CommandFailure.usage(
        "unknown command \(printable(first))", hint: near ?? "gonogo help lists the commands")
    }
    let rest = Array(words.dropFirst())
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      return try help(about: first)
    }
    let arguments = try Arguments.parse(rest, flags: command.flags, command: command.name)
    if command.operands.isEmpty, let word = arguments.operands.first {
      throw CommandFailure.usage(
        "\(command.name): there is nothing for \(printable(word)) to name",
        hint: "gonogo help \(command.name) shows how it is called")
    }
    return try command.run(arguments)
  }

  private static func help(about name: String?) throws -> ExitCode {
    let console = Console(arguments: Arguments())
    guard let name else {
      try console.output(overviewText(commands))
      return .pass
    }
    guard let command = commands.first(where: { $0.name == name }) else {
      throw CommandFailure.usage("there is no command \(printable(name))", hint: "gonogo help lists the commands")
    }
    try console.output(helpText(command))
    return .pass
  }
}
