// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestServers
import Testing

/// One run that several tests look at.
struct FinishedRun: Sendable {
  var scratch: Scratch
  var ended: Ended
  var folder: String
}

/// What a run says and leaves behind, told by its exit code.
@Suite struct VerdictTests {
  /// 13 s against nginx, long enough for a verdict by confidence, on a rule that no slow machine breaks.
  private static let passing = Task {
    let nginx = try await Nginx()
    var run: FinishedRun
    var attempts = 0
    repeat {
      let scratch = try Scratch()
      let ended = try await gonogo(
        ["load", "--url", nginx.url + "/", "--rate", "50/s", "--for", "13s", "--threshold", "errors < 50%"],
        in: scratch)
      run = FinishedRun(scratch: scratch, ended: ended, folder: try scratch.runFolder())
      attempts += 1
      // Other tests took the processors: the generator was late, which only INCONCLUSIVE may say.
    } while run.ended.code == 4 && attempts < 3
    try await nginx.stop()
    run.scratch.isRemovedAtExit()
    return run
  }

  @Test(.enabled(if: Nginx.isInstalled, "nginx is not installed"))
  func aRuleThatHolds() async throws {
    let run = try await Self.passing.value
    let record = try object(text(of: run.folder + "/run.json"))
    let generator = try #require(record["generator"] as? [String: Any])
    let verdict = try text(of: run.folder + "/verdict")
    withKnownIssue("the machine was too busy for a healthy generator, three times", isIntermittent: true) {
      #expect(run.ended.code == 0, "\(run.ended)")
      #expect(run.ended.out.hasPrefix(String(repeating: "=", count: 80) + "\n  PASS   quick\n"))
      #expect(record["verdict"] as? String == "pass")
      #expect(verdict == "pass\n")
    } when: {
      generator["healthy"] as? Bool == false
    }
    let thresholds = try #require(record["thresholds"] as? [[String: Any]])
    #expect(thresholds.map { $0["verdict"] as? String } == ["pass"])
    #expect(run.ended.out.hasSuffix("files        results/\(run.folder.split(separator: "/").last ?? "")\n"))
    #expect(run.ended.out.split(separator: "\n").allSatisfy { $0.count <= 80 })
    try await expectComplete(run.folder, in: run.scratch)
    #expect(record["schema"] as? String == "gonogo.run/1")
    try expectLedgersAddUp(record)
    #expect((record["arrivals"] as? [String: Int])?["planned"] == 650)
  }

  @Test(.enabled(if: Nginx.isInstalled, "nginx is not installed"))
  func whatIsSaidBesideTheResult() async throws {
    let err = try await Self.passing.value.ended.err
    // Before the start: target, requests and writes to come, what it can prove; all at 80 columns and plain.
    for line in [
      "phases       run: 50 arrivals/s (one request each) for 13s, steady", "requests     about 650",
      "WRITES       none", "can prove    `errors < 50%` can PASS",
    ] {
      #expect(err.contains(line), "\(err)")
    }
    #expect(!err.contains("\u{1B}"))
    #expect(err.contains(#/\n\d+s / 13s run: [0-9.]+/s, p50 /#), "no plain progress lines: \(err)")
  }

  @Test(.enabled(if: Nginx.isInstalled, "nginx is not installed"))
  func theFolderAloneSaysTheSame() async throws {
    let run = try await Self.passing.value
    let name = "results/" + (run.folder.split(separator: "/").last.map(String.init) ?? "")
    let again = try await gonogo(["report", name], in: run.scratch)
    #expect(again.code == run.ended.code)
    #expect(again.out == run.ended.out)
    #expect(again.err.isEmpty)
    let latest = try await gonogo(["report", "results/latest"], in: run.scratch)
    #expect(latest.out == run.ended.out)
    let json = try await gonogo(["report", "results/latest", "--json"], in: run.scratch)
    #expect(json.out == (try text(of: run.folder + "/run.json")))
    let summary = try await gonogo(["report", name + "/", "--summary"], in: run.scratch)
    #expect(summary.out == (try text(of: run.folder + "/summary.md")))
  }

  @Test func aRuleThatIsBroken() async throws {
    let server = try TestServer { $0.sequence % 5 == 4 ? .answer(500) : .answer() }
    let scratch = try Scratch()
    let ended = try await gonogo(
      ["load", "--url", server.url, "--rate", "50/s", "--for", "13s", "--threshold", "errors < 1%", "--json"],
      in: scratch)
    #expect(ended.code == 99, "\(ended)")
    let folder = try scratch.runFolder()
    try await expectComplete(folder, in: scratch)
    #expect(ended.out == (try text(of: folder + "/run.json")))
    let record = try object(ended.out)
    #expect(record["verdict"] as? String == "fail")
    let totals = try #require(record["totals"] as? [String: Any])
    #expect((totals["failedByKind"] as? [String: Int])?["status"] == totals["failed"] as? Int)
    try expectLedgersAddUp(record)
    #expect(try await gonogo(["report", folder], in: scratch).code == 99)
  }

  @Test func anOverloadedTargetIsLeftAlone() async throws {
    let server = try TestServer { $0.sequence == 0 ? .answer() : .answer(503) }
    let scratch = try Scratch()
    let ended = try await gonogo(["load", "--url", server.url, "--rate", "20/s", "--for", "40s"], in: scratch)
    #expect(ended.code == 99, "\(ended)")
    #expect(ended.out.contains("FAIL         errors < 50% over 10s abort"), "\(ended.out)")
    #expect(ended.out.contains("             it stopped the run; "), "\(ended.out)")
    #expect(server.observed.requestCount < 600)
    try await expectComplete(scratch.runFolder(), in: scratch)
  }

  @Test func aPlanThatCannotProveItsRule() async throws {
    let server = try TestServer(always: .answer())
    let scratch = try Scratch()
    let words = ["load", "--url", server.url, "--rate", "5/s", "--for", "3s", "--threshold", "errors < 0.1%"]
    let expected = "NO: at 5 req/s `errors < 0.1%` needs 10 min without an error; this"
    let dry = try await gonogo(words + ["--dry-run"], in: scratch)
    #expect(dry.code == 4)
    #expect(dry.out.contains(expected), "\(dry)")
    #expect(server.observed.requestCount == 0)
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/results"))

    let real = try await gonogo(words, in: scratch)
    #expect(real.code == 4, "\(real)")
    // Said before the first request, so before any progress.
    let said = try #require(real.err.range(of: expected))
    #expect(!real.err[..<said.lowerBound].contains("sent"))
    #expect(real.out.contains("  INCONCLUSIVE   quick"))
    try await expectComplete(scratch.runFolder(), in: scratch)
  }

  @Test func whatIsLeftBehindInTheTarget() async throws {
    let server = try TestServer { request in
      // One answer in four is no clear yes: whether that booking was made is not known.
      request.method == "POST" && request.sequence % 4 == 3 ? .answer(500) : .answer(201)
    }
    let scratch = try Scratch()
    let book = { (name: String) in
      "scenario: \(name)\nsteps:\n  - {name: book, post: /, json: {a: 1}, writes: {key: \"{{ uuid() }}\", closed-by: cancel}}\n"
    }
    try scratch.write("clean.yaml", book("clean") + "finally:\n  - {name: cancel, delete: /}\n")
    try scratch.write("messy.yaml", book("messy").replacing(", closed-by: cancel", with: ""))
    let clean = try await gonogo(
      ["load", "clean.yaml", "--url", server.url, "--rate", "20/s", "--for", "2s"], in: scratch)
    let messy = try await gonogo(
      ["load", "messy.yaml", "--url", server.url, "--rate", "20/s", "--for", "2s", "--json"], in: scratch)
    // An unclear write is not cancelled, since it may never have been made.
    #expect(clean.out.contains(#/left behind  \d+ writes? (are|is) still in the target/#), "\(clean)")
    #expect(clean.out.contains("(indeterminate)") && !clean.out.contains("(acked)"), "\(clean)")
    #expect(clean.err.contains("WRITES       about 80 requests change data in the target"), "\(clean)")
    let record = try object(messy.out)
    #expect(record["leftBehindCount"] as? Int == 40)
    let left = try #require(record["leftBehind"] as? [[String: String]])
    #expect(left.count == 20)
    #expect(Set(left.compactMap { $0["state"] }) == ["acked", "indeterminate"])
  }

  @Test func aDeadPort() async throws {
    let scratch = try Scratch()
    let ended = try await gonogo(
      ["load", "--url", "http://127.0.0.1:\(try unusedPort())/", "--rate", "5/s", "--for", "2s"], in: scratch)
    #expect(ended.code == 3)
    #expect(ended.err.hasPrefix("gonogo: the target cannot be reached: http://127.0.0.1:"), "\(ended.err)")
    #expect(ended.out.isEmpty)
    #expect(files(below: scratch.path + "/results").isEmpty)
  }

  @Test func aTargetThatIsNotHealthy() async throws {
    let server = try TestServer(always: .answer(500))
    let scratch = try Scratch()
    let words = ["load", "--url", server.url + "/x", "--rate", "5/s", "--for", "1s"]
    let ended = try await gonogo(words, in: scratch)
    #expect(ended.code == 3)
    #expect(ended.err.contains("answers 500\n--no-probe starts all the same"), "\(ended.err)")
    #expect(server.observed.requestCount == 1)
    #expect(try await gonogo(words + ["--no-probe"], in: scratch).code == 99)
  }
}
