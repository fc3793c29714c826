// SPDX-License-Identifier: Apache-2.0

/// Completion scripts, made from the same description of commands and flags as the parser.
enum Completions {
  static let shells = ["bash", "zsh", "fish"]

  static func script(shell: String, commands: [Command]) -> String? {
    switch shell {
    case "bash": bash(commands)
    case "zsh": zsh(commands)
    case "fish": fish(commands)
    default: nil
    }
  }

  private static func bash(_ commands: [Command]) -> String {
    let flagCases = commands.map { command in
      "    \(command.name)) flags=\"\(command.flags.map { "--\($0.name)" }.joined(separator: " "))\" ;;"
    }
    let valueCases = flagsWithValues(commands).map { flag in
      switch flag.completion {
      case .none: "    --\(flag.name)) return ;;"
      case .file: "    --\(flag.name)) COMPREPLY=($(compgen -f -- \"$word\")); return ;;"
      case .directory: "    --\(flag.name)) COMPREPLY=($(compgen -d -- \"$word\")); return ;;"
      case .words(let words):
        "    --\(flag.name)) COMPREPLY=($(compgen -W \"\(words.joined(separator: " "))\" -- \"$word\")); return ;;"
      }
    }
    return """
      # bash completion for gonogo: source <(gonogo completions bash)
      _gonogo() {
        local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" flags=""
        if [ "$COMP_CWORD" -eq 1 ]; then
          COMPREPLY=($(compgen -W "\(commands.map(\.name).joined(separator: " "))" -- "$word"))
          return
        fi
        case "$before" in
      \(valueCases.joined(separator: "\n"))
        esac
        case "${COMP_WORDS[1]}" in
      \(flagCases.joined(separator: "\n"))
        esac
        if [[ "$word" == -* ]]; then
          COMPREPLY=($(compgen -W "$flags" -- "$word"))
        else
          COMPREPLY=($(compgen -f -- "$word"))
        fi
      }
      complete -o filenames -F _gonogo gonogo
      """
  }

  private static func zsh(_ commands: [Command]) -> String {
    let names = commands.map { "'\($0.name):\(quoted($0.summary))'" }
    let cases = commands.map { command in
      let arguments = command.flags.map { flag in
        let action: String =
          switch flag.completion {
          case .none: flag.value == nil ? "" : ":\(quoted(flag.value ?? "")): "
          case .file: ":file:_files"
          case .directory: ":directory:_files -/"
          case .words(let words): ":value:(\(words.joined(separator: " ")))"
          }
        return "'\(flag.repeats ? "*" : "")--\(flag.name)[\(quoted(flag.about))]\(action)'"
      }
      return "    \(command.name)) _arguments \((arguments + ["'*:file:_files'"]).joined(separator: " ")) ;;"
    }
    return """
      #compdef gonogo
      # zsh completion for gonogo: gonogo completions zsh > "${fpath[1]}/_gonogo"
      _gonogo() {
        if (( CURRENT == 2 )); then
          local -a names=(\(names.joined(separator: " ")))
          _describe command names
          return
        fi
        local name=$words[2]
        shift words
        (( CURRENT-- ))
        case $name in
      \(cases.joined(separator: "\n"))
        esac
      }
      compdef _gonogo gonogo
      """
  }

  private static func fish(_ commands: [Command]) -> String {
    var lines = ["# fish completion for gonogo: gonogo completions fish | source"]
    for command in commands {
      lines.append("complete -c gonogo -n __fish_use_subcommand -f -a \(command.name) -d '\(quoted(command.summary))'")
      for flag in command.flags {
        let value: String =
          switch flag.completion {
          case .none: flag.value == nil ? "" : " -x"
          case .file: " -r -F"
          case .directory: " -x -a '(__fish_complete_directories)'"
          case .words(let words): " -x -a '\(words.joined(separator: " "))'"
          }
        lines.append(
          "complete -c gonogo -n '__fish_seen_subcommand_from \(command.name)' -l \(flag.name)\(value)"
            + " -d '\(quoted(flag.about))'")
      }
    }
    return lines.joined(separator: "\n")
  }

  private static func flagsWithValues(_ commands: [Command]) -> [Flag] {
    var seen: Set<String> = []
    return commands.flatMap(\.flags).filter { $0.value != nil && seen.insert($0.name).inserted }
  }

  /// Safe between single quotes and inside a zsh description.
  private static func quoted(_ text: String) -> String {
    String(text.map { "'[]:\\".contains($0) ? " " : $0 })
  }
}
