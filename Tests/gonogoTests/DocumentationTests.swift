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

  /// A folder with every YAML block under the name the text gives it, and the data they name.
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
    return (scratch, files)
  }

  @Test func itsFilesHaveNoMistakes() async throws {
    let (scratch, files) = try folder()
    #expect(files.sorted() == ["expected-peak.yaml", "gonogo.yaml", "reservation.yaml"])
    let ended = try await gonogo(["lint", "--env", "staging"] + files, in: scratch)
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
  }

  /// Each line that calls gonogo, checked as far as that goes without a target: loads as dry runs.
  @Test func itsCommandsAreUnderstood() async throws {
    let (scratch, _) = try folder()
    let lines = blocks("").flatMap { $0.split(separator: "\n") }.filter { $0.prefixMatch(of: #/gonogo [a-z]/#) != nil }
    #expect(lines.count >= 5)
    for line in lines {
      let command = line.prefix { $0 != "#" }.dropFirst("gonogo ".count)
      var words = split(command)
      if words.first == "load", !words.contains("--dry-run") { words.append("--dry-run") }
      let ended = try await gonogo(words, in: scratch)
      #expect(ended.code == 0, "\(line)\n\(ended.out)\(ended.err)")
    }
  }

  @Test func aSearchIsWrittenAsItSays() async throws {
    let (scratch, _) = try folder()
    let text = try #require(readme.firstMatch(of: #/`(find: \{[^`]*\})`/#)?.1)
    let plan = try scratch.read("expected-peak.yaml")
    let head = try #require(plan.firstRange(of: "phases:"))
    try scratch.write("search.yaml", plan[..<head.lowerBound] + text + "\n")
    let ended = try await gonogo(["lint", "search.yaml", "--env", "staging"], in: scratch)
    #expect(ended.code == 0, "\(ended.out)\(ended.err)")
  }

  @Test func theScenariosOfTheProjectHaveNoMistakes() async throws {
    let folder = Self.package.appending(path: "scenarios").path(percentEncoded: false)
    let paths = files(below: folder).filter { $0.hasSuffix(".yaml") }.map { $0.hasPrefix("/") ? $0 : folder + "/" + $0 }
    #expect(paths.count >= 3)
    let (scratch, _) = try self.folder()
    let ended = try await gonogo(["lint", "--env", "staging"] + paths, in: scratch)
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
