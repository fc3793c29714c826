// SPDX-License-Identifier: Apache-2.0
import TestServers
import Testing

/// What people mistype, and what they are told.
@Suite struct UsageTests {
  @Test(arguments: [
    ([], "usage: gonogo COMMAND"),
    (["lod"], "gonogo: unknown command lod\ndid you mean gonogo load?\n"),
    (["frobnicate"], "unknown command frobnicate\ngonogo help lists the commands"),
    (["help", "lode"], "there is no command lode"),
    (["load", "--rat", "5/s"], "gonogo: load: unknown flag --rat\ndid you mean --rate?"),
    (["load", "-r", "5/s"], "unknown flag -r\ngonogo help load lists the flags"),
    (["load", "--url"], "--url needs a value: --url URL"),
    (["load", "--url="], "--url is empty"),
    (["load", "--url", ""], "--url is empty"),
    (["load", "--json=yes"], "--json takes no value"),
    (["load", "--for", "1s", "--for", "2s"], "--for is given twice"),
    (["load", "--target="], "--target is empty"),
    (["load", "--target", ""], "--target is empty"),
    (
      ["load", "--target", "http://127.0.0.1/", "--url", "http://127.0.0.1/"],
      "--target and --url are the same; give one"
    ),
    (["load", "s.yaml", "--ca", "x.pem"], "--ca does not go with the embedded hotel\nname a target with --target URL"),
    (["load"], "nothing to send: name a plan or scenario file, or one URL with --target"),
    (["load", ""], "load: an empty word where a name should be"),
    (["load", "--env", "prod"], "--env prod: there is no gonogo.yaml here or above"),
    (["load", "--url", "127.0.0.1:80"], "127.0.0.1:80 is not a URL of a target"),
    (["load", "--url", "http://"], "names no host"),
    (["load", "--url", "http://127.0.0.1:99999"], "has no valid port"),
    (["load", "--url", "http://ada:pw@127.0.0.1/"], "a password in the URL would be shown in reports"),
    (["lint"], "name at least one file"),
    (["report"], "name one folder of a run or a decision\ngonogo report results/latest"),
    (["report", "nowhere"], "nowhere is not a run folder: cannot open nowhere/run.json: No such file"),
    (["report", "."], ". is not a run folder"),
    (["report", "--json", "--summary", "x"], "--json and --summary exclude each other"),
    (["compare", "a"], "name two run folders\ngonogo compare results/OLD results/NEW"),
    (["compare", "nowhere", "elsewhere"], "nowhere is not a run folder"),
    (["verify"], "name one folder or more"),
    (["sign", "."], "name a key"),
    (
      ["load", "--url", "http://127.0.0.1/", "--rate", "1/s", "--threshold", "p(95) < baseline + 10%"],
      "`p(95) < baseline + 10%` needs a baseline, and none is named"
    ),
    (
      ["load", "--url", "http://127.0.0.1/", "--rate", "1/s", "--baseline", "nowhere"],
      "the baseline nowhere is not there"
    ),
    (["schema"], "name one kind: scenario, plan, environments"),
    (["schema", "plann"], "there is no schema of plann\ndid you mean plan?"),
    (["completions", "tcsh"], "name one shell: bash, zsh, fish"),
    (["load", "--\u{1B}[31mred"], "unknown flag --\\u{1b}[31mred"),
  ])
  func aMistake(words: [String], says: String) async throws {
    let ended = try await gonogo(words, in: Scratch())
    #expect(ended.code == 2, "\(ended)")
    #expect(ended.err.contains(says), "\(ended.err)")
    #expect(!ended.err.contains("\u{1B}"))
    #expect(ended.out.isEmpty)
  }

  @Test(arguments: [
    (["--for", "2s"], "give --rate or --users"),
    (["--rate", "5/s", "--users", "5"], "--rate and --users exclude each other"),
    (["--rate", "5"], "--rate:1:2: error: a rate needs a unit\n  5\n   ^\n  write 40 arrivals/s"),
    (["--rate", "-5/s"], "a number was expected here"),
    (["--rate", "0/s"], "nothing would be sent: every rate is 0"),
    (["--rate", "5/s", "--for", "2"], "write `2s` if seconds were meant"),
    (["--rate", "5/s", "--for", "0s"], "a run lasts at least 1s"),
    (["--rate", "5/s", "--timeout", "soon"], "--timeout: soon is not a time"),
    (["--rate", "5/s", "--drain", "0s"], "--drain: 0s is no time at all"),
    (["--rate", "5/s", "--drain", "soon"], "--drain: soon is not a time"),
    (["--rate", "5/s", "--max-in-flight", "0"], "--max-in-flight takes a whole number above 0, not 0"),
    (["--rate", "5/s", "--workers", "many"], "--workers takes a whole number above 0, not many"),
    (["--rate", "5/s", "--seed", "-1"], "--seed takes a whole number below 2^53"),
    (["--rate", "5/s", "--arrivals", "odd"], "--arrivals is even or poisson, not odd"),
    (["--rate", "5/s", "--method", "GTE"], "unknown method\n  GTE\n  ^~~\n  did you mean `GET`?"),
    (["--rate", "5/s", "--header", "Accept"], "a header is written 'Name: value'"),
    (["--rate", "5/s", "--expect-status", "fine"], "expected a status such as 200, 2xx or 200..204, found `fine`"),
    (["--rate", "5/s", "--body", "@nowhere"], "--body: nowhere cannot be read"),
    (["--rate", "5/s", "--threshold", "p95 < 1s"], "p95 is no figure\n  p95 < 1s\n  ^~~\n  did you mean `p(95)`?"),
    (["--rate", "5/s", "--threshold", "p(95) < 1s @rum"], "there is no phase rum"),
    (["--rate", "5/s", "--threshold", "errors < 1% step:x/y"], "there is no step x/y"),
    (["--rate", "5/s", "--config", "nowhere.yaml"], "nowhere.yaml:1:1: error: cannot read `nowhere.yaml`"),
    (["--rate", "5/s", "nowhere.yaml"], "nowhere.yaml:1:1: error: cannot read `nowhere.yaml`"),
    (["--rate", "5/s", "."], "it is a directory"),
    (["--rate", "5/s", "a.yaml", "b.yaml"], "one plan or scenario at a time: a.yaml b.yaml"),
    (["--rate", "5/s", "--env", "x"], "--env and --target name two targets; give one"),
    (["--rate", "5/s", "--out", "/dev/null", "--no-probe"], "the run folder cannot be made"),
  ])
  func aMistakeOfLoad(words: [String], says: String) async throws {
    let server = try TestServer(always: .answer())
    let ended = try await gonogo(["load", "--url", server.url] + words, in: Scratch())
    #expect(ended.code == 2, "\(ended)")
    #expect(ended.err.contains(says), "\(ended.err)")
    #expect(ended.out.isEmpty)
    #expect(server.observed.requestCount == 0)
  }

  @Test func filesThatDoNotGoWithTheFlags() async throws {
    let scratch = try Scratch()
    try scratch.write("s.yaml", "scenario: s\nsteps: [{name: a, get: /}]\n")
    try scratch.write(
      "p.yaml", "plan: p\nmix: [{scenario: s.yaml, share: 100%}]\nphases: [{name: a, rate: 5/s, for: 5s}]\n")
    try scratch.write("e.yaml", "environments: {a: {url: \"http://127.0.0.1\", kind: staging}}\n")
    for (file, flag, says) in [
      ("s.yaml", ["--method", "POST"], "--method does not go with a file"),
      ("p.yaml", ["--rate", "5/s"], "--rate does not go with a file\nthe phases are in p.yaml"),
      ("e.yaml", [], "e.yaml declares environments"),
    ] {
      let ended = try await gonogo(["load", file, "--url", "http://127.0.0.1"] + flag, in: scratch)
      #expect(ended.code == 2)
      #expect(ended.err.contains(says), "\(ended.err)")
    }
    let unknown = try await gonogo(["load", "s.yaml", "--env", "b", "--config", "e.yaml"], in: scratch)
    #expect(unknown.code == 2)
    #expect(unknown.err.contains("e.yaml declares no environment b\ndid you mean a?"), "\(unknown.err)")
  }

  @Test(arguments: [
    ["help"], ["--help"], ["-h"], ["help", "load"], ["load", "--help"], ["lint", "-h"], ["help", "report"],
  ])
  func help(words: [String]) async throws {
    let ended = try await gonogo(words, in: Scratch())
    #expect(ended.code == 0)
    #expect(ended.err.isEmpty)
    #expect(ended.out.contains("usage: gonogo "))
    let isOverview = !words.contains { ["load", "lint", "report"].contains($0) }
    #expect(ended.out.contains(isOverview ? "exit codes:" : "examples:"))
    // Examples stay in one line, so that they can be copied.
    for line in ended.out.split(separator: "\n") where !line.hasPrefix("  gonogo ") {
      #expect(line.count <= 90, "\(line)")
    }
  }

  @Test(arguments: ["version", "sink"])
  func wordsThatNameNothing(command: String) async throws {
    let ended = try await gonogo([command, "extra"], in: Scratch())
    #expect(ended.code == 2 && ended.err.contains("\(command): there is nothing for extra to name"), "\(ended)")
    let help = try await gonogo(["help", command], in: Scratch())
    #expect(!help.out.contains("\n\n\n") && !help.out.contains(" \n"), "\(help.out)")
    #expect(help.out.contains("usage: gonogo version [FLAGS]") == false, "\(help.out)")
  }

  @Test func version() async throws {
    for words in [["version"], ["--version"]] {
      let ended = try await gonogo(words, in: Scratch())
      #expect(ended.code == 0)
      #expect(ended.out.wholeMatch(of: #/gonogo \d+\.\d+\.\d+\n/#) != nil, "\(ended.out)")
    }
  }
}
