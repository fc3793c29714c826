// SPDX-License-Identifier: Apache-2.0
import Judgement
import Load
import Reports
import Results
import Transport

/// Watches a run that is under way: shows progress, heeds signals, ends it.
struct LoadSession: ~Copyable {
  private let console: Console
  private let program: LoadProgram
  private let companions: Companions?
  private var shownLines = 0
  private var lastPlainLine = -1.0
  private var isStopping = false
  /// It ended at once, by somebody's wish or because nothing was left to be measured.
  private(set) var wasCut = false

  /// Looks at the run this often; also how late a Ctrl-C may be noticed.
  private static let tickMilliseconds: Int32 = 200
  private static let plainLineSeconds = 5.0

  init(console: Console, program: LoadProgram, companions: Companions?) {
    self.console = console
    self.program = program
    self.companions = companions
  }

  /// Returns when the run is over. The first signal stops it, the second cuts it.
  mutating func watch(_ run: LoadRun, signals: borrowing Signals) -> LoadRun.Outcome {
    var lastLook = 0.0
    while !run.isOver {
      if signals.wait(milliseconds: Self.tickMilliseconds) != nil { interrupted(run) }
      if !isStopping, let trouble = companions?.trouble { abandoned(run, because: trouble) }
      let elapsed = Double(run.elapsedNanoseconds) / 1e9
      guard elapsed - lastLook >= 1 else { continue }
      show(run.look(), elapsed: elapsed, since: elapsed - lastLook)
      lastLook = elapsed
    }
    clearProgress()
    return run.finish()
  }

  private mutating func interrupted(_ run: LoadRun) {
    clearProgress()
    guard !isStopping else {
      wasCut = true
      Console.complain("ending now")
      return run.cut()
    }
    isStopping = true
    Console.complain(
      "stopping: no more arrivals, running journeys are brought to their end"
        + " (\(NumberText.duration(seconds: Double(program.drainNanoseconds) / 1e9)) at most); again to end at once")
    run.stop()
  }

  /// Nothing is left to be measured.
  private mutating func abandoned(_ run: LoadRun, because trouble: String) {
    clearProgress()
    isStopping = true
    wasCut = true
    Console.complain("\(trouble); the run ends here")
    run.cut()
  }

  private mutating func show(_ figures: LiveFigures, elapsed: Double, since: Double) {
    guard !console.isQuiet else { return }
    let length = Double(program.lengthNanoseconds) / 1e9
    let isHealthy = (figures.ownLagP99 ?? 0) <= 10_000
    let snapshot = ProgressSnapshot(
      phase: isStopping ? "stopping" : phaseName(elapsed, length), elapsedSeconds: elapsed,
      totalSeconds: length > 0 ? max(length, elapsed) : nil,
      requestsPerSecond: Double(figures.completed - figures.failed) / since,
      p50: figures.p50.map { Double($0) / 1000 }, p95: figures.p95.map { Double($0) / 1000 },
      p99: figures.p99.map { Double($0) / 1000 }, sent: figures.totalCompleted, errors: figures.totalFailed,
      inFlight: figures.inFlight, isHealthy: isHealthy,
      healthNote: isHealthy
        ? nil : "own lag p99 \(NumberText.milliseconds(figures.ownLagP99.map { Double($0) / 1000 }))")
    if console.progressIsTerminal {
      let lines = snapshot.lines(
        style: TerminalStyle(columns: console.progressColumns, colour: console.progressHasColour))
      var text = shownLines > 0 ? "\u{1B}[\(shownLines)F\u{1B}[J" : ""
      for line in lines { text += line + "\n" }
      Console.write(text, to: Console.standardError)
      shownLines = lines.count
    } else if elapsed - lastPlainLine >= Self.plainLineSeconds {
      lastPlainLine = elapsed
      console.remark(snapshot.line())
    }
  }

  private func phaseName(_ elapsed: Double, _ length: Double) -> String {
    var end = 0.0
    for phase in program.phases {
      end += Double(phase.lengthNanoseconds) / 1e9
      if elapsed < end { return phase.name }
    }
    return "drain"
  }

  private mutating func clearProgress() {
    guard shownLines > 0 else { return }
    Console.write("\u{1B}[\(shownLines)F\u{1B}[J", to: Console.standardError)
    shownLines = 0
  }
}
