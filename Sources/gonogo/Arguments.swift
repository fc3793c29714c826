// SPDX-License-Identifier: Apache-2.0
import Document

/// One flag of a command, as data: parsing, help and completions are made from it.
struct Flag: Sendable {
  enum Completion: Sendable { case none, file, directory, words([String]) }

  let name: String
  /// What its value is called in the help; nil for a flag that takes none.
  let value: String?
  let about: String
  var repeats = false
  var completion = Completion.none

  init(_ name: String, _ value: String? = nil, _ about: String, repeats: Bool = false, completion: Completion = .none) {
    self.name = name
    self.value = value
    self.about = about
    self.repeats = repeats
    self.completion = completion
  }
}

/// One subcommand, as data.
struct Command: Sendable {
  let name: String
  let summary: String
  /// How the words after the flags are called in the usage line, "" when there are none.
  let operands: String
  let flags: [Flag]
  let examples: [(command: String, about: String)]
  /// Said below the flags in the help.
  var notes: String = ""
  let run: @Sendable (Arguments) throws -> ExitCode
}

/// The words of one call, taken apart.
struct Arguments: Sendable {
  private(set) var values: [String: [String]] = [:]
  private(set) var operands: [String] = []

  func has(_ flag: String) -> Bool { values[flag] != nil }
  func value(_ flag: String) -> String? { values[flag]?.last }
  /// The same with one flag more.
  func with(_ flag: String, _ value: String) -> Arguments {
    var result = self
    result.values[flag] = [value]
    return result
  }
  func all(_ flag: String) -> [String] { values[flag] ?? [] }

  /// `--flag value`, `--flag=value`; `--` ends the flags. Every mistake is reported with the nearest known flag.
  static func parse(_ words: [String], flags: [Flag], command: String) throws -> Arguments {
    var parsed = Arguments()
    var index = 0
    while index < words.count {
      let word = words[index]
      index += 1
      if word == "--" {
        parsed.operands += words[index...]
        break
      }
      guard !word.isEmpty else { throw CommandFailure.usage("\(command): an empty word where a name should be") }
      guard word.hasPrefix("-"), word != "-" else {
        parsed.operands.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0].drop(while: { $0 == "-" }))
      guard word.hasPrefix("--"), let flag = flags.first(where: { $0.name == name }) else {
        let near = nearest(to: name, among: flags.map(\.name)).map { "did you mean --\($0)?" }
        throw CommandFailure.usage(
          "\(command): unknown flag \(printable(word))", hint: near ?? "gonogo help \(command) lists the flags")
      }
      if let valueName = flag.value {
        let value: String
        if parts.count == 2 {
          value = String(parts[1])
        } else if index < words.count {
          value = words[index]
          index += 1
        } else {
          throw CommandFailure.usage("--\(name) needs a value: --\(name) \(valueName)")
        }
        if parsed.values[name] != nil, !flag.repeats {
          throw CommandFailure.usage("--\(name) is given twice")
        }
        if value.isEmpty { throw CommandFailure.usage("--\(name) is empty", hint: "--\(name) \(valueName)") }
        parsed.values[name, default: []].append(value)
      } else {
        if parts.count == 2 { throw CommandFailure.usage("--\(name) takes no value") }
        parsed.values[name] = []
      }
    }
    return parsed
  }
}

/// A word of the command line, safe to show: control characters are made visible, long ones cut.
func printable(_ word: String) -> String {
  var shown = ""
  for scalar in word.unicodeScalars.prefix(120) {
    let isControl = scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
    shown += isControl ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
  }
  return word.unicodeScalars.count > 120 ? shown + "…" : shown
}
