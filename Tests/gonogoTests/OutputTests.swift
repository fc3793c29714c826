// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing

/// Where words go: results to stdout, all else to stderr, and neither gets in the way of a run.
@Suite struct OutputTests {
  private let scratch: Scratch
  private let server: TestServer
  private let words: [String]

  init() throws {
    scratch = try Scratch()
    server = try TestServer(always: .answer())
    words = ["load", "--url", server.url, "--rate", "20/s", "--for", "2s", "--threshold", "errors < 90% over 1s"]
  }

  @Test func quietIsSilent() async throws {
    let ended = try await gonogo(words + ["--quiet"], in: scratch)
    #expect(heldCodes.contains(ended.code), "\(ended)")
    #expect(ended.err.isEmpty, "\(ended.err)")
    #expect(ended.out.contains(#/(PASS|INCONCLUSIVE)   quick/#))
  }

  @Test func jsonIsJSONAndNothingElse() async throws {
    let ended = try await gonogo(words + ["--json", "--quiet"], in: scratch)
    #expect(heldCodes.contains(ended.code))
    #expect(ended.err.isEmpty)
    let record = try object(ended.out)
    #expect(record["schema"] as? String == "gonogo.run/1")
    #expect(ended.out == (try text(of: scratch.runFolder() + "/run.json")))
  }

  @Test func outSaysWhereFoldersAreMade() async throws {
    let ended = try await gonogo(words + ["--out", "some/where"], in: scratch)
    #expect(heldCodes.contains(ended.code))
    #expect(ended.out.contains("files        some/where/2"))
    try await expectComplete(scratch.runFolder(in: "some/where"), in: scratch)
  }

  @Test func usersInsteadOfArrivals() async throws {
    let ended = try await gonogo(
      ["load", "--url", server.url, "--users", "2", "--for", "1s", "--threshold", "errors < 90% over 1s"], in: scratch)
    #expect(heldCodes.contains(ended.code), "\(ended)")
    #expect(ended.err.contains("requests     as many as the target answers\nWRITES       none\n"), "\(ended.err)")
    // In both places: closed models hide what they did not send.
    for text in [ended.out, ended.err] { #expect(text.contains("note         Closed model: while the target is slow")) }
    let record = try object(text(of: scratch.runFolder() + "/run.json"))
    #expect((record["plan"] as? [String: Any])?["model"] as? String == "closed")
    try expectLedgersAddUp(record)
  }

  @Test func closedStreamsGetNoFileOfTheRun() async throws {
    let ended = try await gonogo(words, in: scratch, out: .closed, err: .closed)
    #expect(heldCodes.contains(ended.code))
    let folder = try scratch.runFolder()
    try await expectComplete(folder, in: scratch)
    for file in files(below: folder) where file != "summary.md" {
      let content = try text(of: folder + "/" + file)
      #expect(!content.contains("requests     about") && !content.contains("====="), "\(file)")
    }
    #expect(try await gonogo(["report", folder], in: scratch).code == ended.code)
  }

  @Test func aReaderThatLeaves() async throws {
    let command = "\(Child.tool) \(words.map { "'\($0)'" }.joined(separator: " ")) | head -c 1 >/dev/null"
    let ended = try await run("bash", ["-c", command + "; exit ${PIPESTATUS[0]}"], in: scratch)
    #expect(heldCodes.contains(ended.code), "\(ended)")
    try await expectComplete(scratch.runFolder(), in: scratch)
  }

  @Test func resultsThatCannotBeWrittenAreNotLostSilently() async throws {
    for command in [words, ["schema", "plan"], ["help"]] {
      let ended = try await gonogo(command, in: scratch, out: .path("/dev/full"))
      #expect(ended.code == 70, "\(command)")
      #expect(ended.err.hasSuffix("gonogo: standard output cannot be written: No space left on device\n"))
    }
    try await expectComplete(scratch.runFolder(), in: scratch)
  }
}

/// What stands on a terminal.
@Suite struct TerminalTests {
  private func load(columns: UInt16, environment: [String: String?], flags: [String] = []) async throws -> String {
    let server = try TestServer(always: .answer())
    let scratch = try Scratch()
    let terminal = try Terminal(columns: columns)
    let child = try Child(
      Child.tool, ["load", "--url", server.url, "--rate", "20/s", "--for", "4s"] + flags, in: scratch,
      environment: environment, out: .descriptor(terminal.descriptor), err: .descriptor(terminal.descriptor))
    let ended = try await child.ended()
    let text = await terminal.text()
    #expect(heldCodes.contains(ended.code), "\(text)")
    return text
  }

  @Test(arguments: [40, 80, 200])
  func progressAndResult(columns: UInt16) async throws {
    let text = try await load(columns: columns, environment: ["TERM": "xterm"])
    for line in Seen.everyLine(text) { #expect(line.count <= Int(columns), "\(line)") }
    let seen = Seen(text)
    #expect(seen.coloured)
    #expect(text.contains("s / 4s"))
    for figure in ["p50 ", "p95 ", "p99 ", " sent", " errors", " in flight", "gonogo "] {
      #expect(text.contains(figure), "\(figure): \(text)")
    }
    // The progress is gone, what was said before and after it is there.
    let shown = seen.lines.joined(separator: "\n")
    #expect(!shown.contains("s / 4s"), "\(shown)")
    #expect(!shown.contains("<unknown escape>"), "\(shown)")
    #expect(shown.hasPrefix("quick on http://127.0.0.1:"), "\(shown)")
    #expect(shown.contains(#/  (PASS|INCONCLUSIVE)   quick/#), "\(shown)")
    #expect(shown.contains("results/2"))
  }

  @Test(arguments: [["NO_COLOR": "1", "TERM": "xterm"], ["TERM": "xterm", "FLAG": "--no-color"], ["TERM": "dumb"]])
  func withoutColour(settings: [String: String]) async throws {
    let text = try await load(
      columns: 80, environment: settings.mapValues { $0 }, flags: settings["FLAG"].map { [$0] } ?? [])
    #expect(!text.contains(#/\u{1B}\[[0-9;]*m/#), "\(text)")
    // A dumb terminal cannot go back: plain lines, or none in so short a run.
    if settings["TERM"] == "dumb" { #expect(!text.contains("\u{1B}")) } else { #expect(text.contains("\u{1B}[")) }
    #expect(Seen(text).lines.joined(separator: "\n").contains(#/  (PASS|INCONCLUSIVE)   quick/#))
  }

  @Test func onlyStandardErrorIsATerminal() async throws {
    let server = try TestServer(always: .answer())
    let scratch = try Scratch()
    let terminal = try Terminal(columns: 80)
    let child = try Child(
      Child.tool, ["load", "--url", server.url, "--rate", "20/s", "--for", "2s"], in: scratch,
      environment: ["TERM": "xterm"], err: .descriptor(terminal.descriptor))
    let ended = try await child.ended()
    let text = await terminal.text()
    #expect(!ended.out.contains("\u{1B}"))
    #expect(ended.out.hasPrefix("====="))
    #expect(!text.contains("files        results"))
    #expect(Seen(text).coloured)
  }
}
