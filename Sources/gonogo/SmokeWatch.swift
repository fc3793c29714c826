// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials
import Judgement
import Load
import Reports
import Results
import Scenarios
import Transport

/// `gonogo smoke --watch`: one walk after the other, a line for each, a shout when something changes.
struct SmokeWatch {
  /// What is kept of every round: a line of the watch's log.
  struct Round: Codable, Equatable {
    var round: Int
    var at: String
    /// pass, fail, inconclusive; unreachable when nobody answered.
    var verdict: String
    var passed: Int
    /// Steps that failed, then those that passed only on a retry, as `scenario/step`.
    var failed: [String]
    var flaky: [String]
    var seconds: Double
    /// Writes that are still in the target. Their ledger is in the folder, which is kept then.
    var left: Int = 0
    /// Null when there is none.
    var folder: String?

    /// Whether both say the same of the target.
    func equals(_ other: Round) -> Bool {
      verdict == other.verdict && failed == other.failed && flaky == other.flaky
    }
  }

  let preparation: SmokePreparation
  let schedule: SmokeSchedule
  let mostRounds: Int
  let arguments: Arguments
  let console: Console
  let companions: Companions

  init(
    _ preparation: SmokePreparation, interval: String, arguments: Arguments, console: Console, companions: Companions
  ) throws {
    self.companions = companions
    self.preparation = preparation
    self.arguments = arguments
    self.console = console
    if interval == "launch" {
      schedule = .launch
    } else {
      let seconds = Double(try LoadInputs.duration(interval, flag: "watch")) / 1e9
      guard seconds >= 1 else { throw CommandFailure.usage("--watch: rounds are at least 1s apart") }
      schedule = .every(seconds: seconds)
    }
    mostRounds = try arguments.value("rounds").map { try LoadInputs.positive($0, flag: "rounds") } ?? .max
  }

  func run(_ signals: borrowing Signals) throws -> ExitCode {
    let begin = MonotonicTime.now()
    var elapsed: Double { Double(MonotonicTime.now().nanoseconds - begin.nanoseconds) / 1e9 }
    let log = RoundLog(
      directory: arguments.value("out") ?? "results",
      name: "\(Timestamp.now().folderStamp)-\(preparation.isDemo ? "demo-" : "")\(preparation.inputs.name)-watch.jsonl")
    console.remark(
      SmokeLine.target(
        preparation.target.base, environment: preparation.target.environment?.name, demo: preparation.isDemo,
        style: console.progressStyle))
    var rounds: [Round] = []
    var code: ExitCode?
    var count = 0
    while count < mostRounds {
      let (round, roundCode, wasInterrupted) = try walk(count + 1, signals)
      if wasInterrupted { break }
      if let trouble = companions.trouble {
        summarize(count, last: rounds.last, log: log.path)
        throw CommandFailure(code: .internalError, message: trouble, hint: nil)
      }
      count += 1
      try tell(round, before: rounds.last)
      try log.append(round)
      dropRepeated(&rounds, round)
      code = roundCode
      guard count < mostRounds, let next = schedule.next(afterSeconds: elapsed) else { break }
      if waits(until: next, elapsed: { elapsed }, signals) { break }
    }
    summarize(count, last: rounds.last, log: log.path)
    return code ?? .interrupted
  }

  /// One round. Its folder says more than its line.
  private func walk(_ number: Int, _ signals: borrowing Signals) throws -> (Round, ExitCode, interrupted: Bool) {
    let started = Timestamp.now()
    let walker = SmokeRound(preparation, arguments: arguments, console: console, companions: companions)
    var round = Round(
      round: number, at: started.text, verdict: "unreachable", passed: 0, failed: [], flaky: [], seconds: 0)
    do {
      try signals.heeded { try walker.requireReachable() }
    } catch let failure as CommandFailure where failure.code == .interrupted {
      return (round, .interrupted, true)
    } catch let failure as CommandFailure where failure.code == .refused {
      round.failed = [failure.message]
      return (round, .refused, false)
    }
    let run: ExecutedRun
    do {
      run = try walker.execute(signals: signals, showsProgress: false)
    } catch let failure as CommandFailure where failure.code == .interrupted {
      return (round, .interrupted, true)
    }
    for trouble in run.troubles { Console.complain("trouble: \(trouble)") }
    round.verdict = run.record.verdict.rawValue
    round.folder = run.directory
    round.left = run.record.leftBehindCount
    round.seconds = Double(Timestamp.now().millisecondsSinceEpoch - started.millisecondsSinceEpoch) / 1000
    for scenario in run.record.smoke?.scenarios ?? [] {
      round.passed += scenario.steps.count { $0.status == .passed }
      round.failed += scenario.steps.filter { $0.status == .failed }.map { "\(scenario.scenario)/\($0.name)" }
      round.flaky += scenario.steps.filter(\.flaky).map { "\(scenario.scenario)/\($0.name)" }
    }
    if round.verdict != "pass", round.failed.isEmpty { round.failed = round.flaky.isEmpty ? run.record.reasons : [] }
    return (round, walker.exitCode(run), run.record.interrupted)
  }

  private func tell(_ round: Round, before: Round?) throws {
    if arguments.has("json") {
      try console.output(RoundLog.line(round))
    } else if !console.isQuiet {
      try console.output(RoundText.line(round))
    }
    guard let before, !before.equals(round) else { return }
    Console.complain(RoundText.change(from: before, to: round))
  }

  /// Of rounds that say the same, the folders of the first and the last stay, and those that `clean` needs.
  private func dropRepeated(_ rounds: inout [Round], _ round: Round) {
    rounds.append(round)
    guard rounds.count >= 3 else { return }
    let (first, middle) = (rounds[rounds.count - 3], rounds[rounds.count - 2])
    if first.equals(middle), middle.equals(round) {
      if let folder = middle.folder, middle.left == 0 { try? FileManager.default.removeItem(atPath: folder) }
      rounds.remove(at: rounds.count - 2)
    } else {
      rounds.removeFirst(rounds.count - 2)
    }
  }

  /// True when somebody wants the watch to end.
  private func waits(until next: Double, elapsed: () -> Double, _ signals: borrowing Signals) -> Bool {
    while elapsed() < next {
      let rest = max(1, min(1000, (next - elapsed()) * 1000))
      if signals.wait(milliseconds: Int32(rest.rounded(.up))) != nil { return true }
    }
    return false
  }

  private func summarize(_ count: Int, last: Round?, log: String) {
    let result = last.map { "the last one: \(RoundText.word($0))" } ?? "none came to its end"
    console.remark("\(count) round\(count == 1 ? "" : "s"), \(result); a line for each in \(log)")
    if let folder = last?.folder { console.remark("files        \(folder)") }
    if preparation.isDemo { console.remark("DEMO: a stand-in, not a real system") }
  }
}

/// Rounds in words.
enum RoundText {
  static func word(_ round: SmokeWatch.Round) -> String {
    round.verdict == "inconclusive" && !round.flaky.isEmpty ? "PARTIAL" : round.verdict.uppercased()
  }

  /// `13:15:02  PASS  12 steps passed in 0.4s`.
  static func line(_ round: SmokeWatch.Round) -> String {
    let clock = round.at.dropFirst(11).prefix(8)
    var text = "\(clock)  \(word(round).padded(to: 12))  \(round.passed) step\(round.passed == 1 ? "" : "s") passed in "
    text += NumberText.duration(seconds: round.seconds)
    if round.verdict == "unreachable" { text = "\(clock)  \(word(round).padded(to: 12))" }
    let names = round.failed + round.flaky
    if !names.isEmpty { text += "  " + names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", ..." : "") }
    return TerminalText.escaped(text)
  }

  static func change(from before: SmokeWatch.Round, to round: SmokeWatch.Round) -> String {
    let names = (round.failed + round.flaky).joined(separator: ", ")
    let text = "*** \(word(before)) -> \(word(round))" + (names.isEmpty ? "" : ": \(names)") + " ***"
    return TerminalText.escaped(text) + (round.folder.map { "\n    gonogo report \(TerminalText.escaped($0))" } ?? "")
  }
}

/// The lines of a watch, one per round, appended as they come.
struct RoundLog {
  let directory: String
  let path: String

  init(directory: String, name: String) {
    self.directory = directory
    path = directory + "/" + name
  }

  static func line(_ round: SmokeWatch.Round) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(round)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  func append(_ round: SmokeWatch.Round) throws {
    do {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      try LineFile.append(Self.line(round) + "\n", to: path)
    } catch let error as FileError {
      throw CommandFailure(code: .internalError, message: "the watch's log cannot be written: \(error)", hint: nil)
    }
  }
}
