// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// What the README shows works as it stands: its files load, its commands are understood.
@Suite struct DocumentationTests {
  private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private let readme: String

  init() throws {
    readme = try String(contentsOf: Self.package.appending(path: "README.md"), encoding: .utf8)
  }

  /// The fenced blocks of a language; "" for those without one.
  private func blocks(_ language: String) -> [String] {
    var blocks: [String] = []
    var open: (language: Substring, lines: [Substring])?
    for line in readme.split(separator: "\n", omittingEmptySubsequences: false) {
      if let (language, lines) = open, line == "```" {
        blocks.append(
          contentsOf: language == "" || language == "yaml" ? ["\(language)\n" + lines.joined(separator: "\n")] : [])
        open = nil
      } else if open != nil {
        open?.lines.append(line)
      } else if line.hasPrefix("```") {
        open = (line.dropFirst(3), [])
      }
    }
    return blocks.filter { $0.hasPrefix(language + "\n") }.map { String($0.dropFirst(language.count + 1)) }
  }

  /// A folder with every YAML block under the name the text gives it, the data they name, and the project's scenarios.
  private func folder() throws -> (scratch: Scratch, files: [String]) {
    let scratch = try Scratch()
    var files: [String] = []
    for block in blocks("yaml") {
      let first = try #require(block.split(separator: "\n").first)
      let parts = first.split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) }
      let name = parts == ["environments"] ? "gonogo.yaml" : "\(try #require(parts.last)).yaml"
      #expect(["environments", "scenario", "plan"].contains(parts[0]), "\(first)")
      try scratch.write(name, block + "\n")
      files.append(name)
    }
    try scratch.write("data/guests.csv", "name,email\nAna,ana@guest.example\nLuis,luis@guest.example\n")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path + "/scenarios", withDestinationPath: Self.package.appending(path: "scenarios").path)
    return (scratch, files)
  }

  @Test func itsFilesHaveNoMistakes() async throws {
    let (scratch, files) = try folder()
    #expect(files.sorted() == ["gonogo.yaml", "reservation.yaml"])
    let ended = try await gonogo(["lint", "--env", "staging"] + files, in: scratch)
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
  }

  /// Each line that calls gonogo, checked as far as that goes without a target: loads as dry runs, and `init` without
  /// the server whose document it would fetch.
  @Test func itsCommandsAreUnderstood() async throws {
    let (scratch, _) = try folder()
    let lines = blocks("").flatMap { $0.split(separator: "\n") }.filter { $0.prefixMatch(of: #/gonogo [a-z]/#) != nil }
    #expect(lines.count >= 5)
    // The text says to export them.
    let secrets = ["WHATSAPP_APP_SECRET": "a", "WHATSAPP_VERIFY_TOKEN": "b", "TOKEN": "c"]
    for line in lines {
      let command = line.prefix { $0 != "#" }.dropFirst("gonogo ".count)
      var words = split(command)
      if words.contains("--openapi") { continue }
      if ["load", "init"].contains(words.first), !words.contains("--dry-run") { words.append("--dry-run") }
      let ended = try await gonogo(words, in: scratch, environment: secrets)
      // Without a run on file nothing may be launched.
      #expect(ended.code == (words.first == "decide" ? 99 : 0), "\(line)\n\(ended.out)\(ended.err)")
    }
  }

  /// The run that `results/README.md` shows is what this version makes of its facts; else `gonogo report --write` is due.
  @Test func theKeptRunVerifies() async throws {
    let results = Self.package.appending(path: "results")
    let text = try String(contentsOf: results.appending(path: "README.md"), encoding: .utf8)
    let name = try #require(text.firstMatch(of: #/`(\d{8}T\d{6}Z-[a-z-]+)/`/#)?.1)
    let ended = try await gonogo(["verify", results.appending(path: String(name)).path], in: Scratch())
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
  }

  /// Words as a shell would take them: spaces part them, quotes keep them.
  private func split(_ command: Substring) -> [String] {
    var words: [String] = []
    for (index, part) in command.split(separator: "'", omittingEmptySubsequences: false).enumerated() {
      if index % 2 == 1 { words.append(String(part)) } else { words += part.split(separator: " ").map(String.init) }
    }
    return words
  }
}
