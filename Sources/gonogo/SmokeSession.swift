// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Glibc
import Load
import Reports
import Results
import Transport

/// Watches a walk that is under way: shows the list of steps as it grows, heeds signals, keeps the record on disk.
struct SmokeSession: ~Copyable {
  private let console: Console
  private let journal: SmokeJournal
  private let writer: SmokeFolderWriter
  private let companions: Companions
  private var record: RunRecord
  private var hasRunningLine = false
  private var stops = 0
  /// Somebody wanted it to end at once.
  var wasCut: Bool { stops > 1 }

  /// Looks at the walk this often; also how late a Ctrl-C may be noticed.
  private static let tickMilliseconds: Int32 = 100

  init(console: Console, journal: SmokeJournal, writer: SmokeFolderWriter, record: RunRecord, companions: Companions) {
    self.companions = companions
    self.console = console
    self.journal = journal
    self.writer = writer
    self.record = record
  }

  /// Walks, and returns when the walk is over: the facts, and whether somebody stopped it. The first signal lets the
  /// scenario under way clean up after itself, the second ends all at once.
  mutating func watch(_ walk: StepWalk, signals: borrowing Signals) -> RunRecord {
    let over = DispatchGroup()
    DispatchQueue(label: "gonogo.walk", qos: .userInitiated).async(group: over) { walk.run() }
    while over.wait(timeout: .now()) != .success {
      if signals.wait(milliseconds: Self.tickMilliseconds) != nil { interrupted(walk) }
      show()
      if let trouble = writer.trouble, stops == 0 {
        end("\(trouble)", saying: "the run's files cannot be written: \(trouble)")
        walk.stop()
      } else if let trouble = companions.trouble, stops == 0 {
        end(trouble, saying: trouble)
        record.notes.append(trouble)
        walk.cut()
      }
    }
    show()
    clearRunning()
    record.smoke = journal.record
    record.ended = .now()
    return record
  }

  private mutating func end(_ reason: String, saying sentence: String) {
    stops = 1
    clearRunning()
    Console.complain("stopping: \(sentence)")
    record.stopReason = reason
    journal.stopped()
  }

  private mutating func interrupted(_ walk: StepWalk) {
    clearRunning()
    stops += 1
    record.interrupted = true
    record.stopReason = "interrupted"
    journal.stopped()
    if stops > 1 {
      Console.complain("ending now")
      return walk.cut()
    }
    Console.complain("stopping: the scenario under way still runs its finally; again to end at once")
    walk.stop()
  }

  private mutating func show() {
    let (smoke, events, running) = journal.news()
    if !events.isEmpty {
      record.smoke = smoke
      writer.update(record)
    }
    guard !console.isQuiet else { return }
    let style = console.progressStyle
    if !events.isEmpty || running == nil { clearRunning() }
    for event in events {
      switch event {
      case .scenario(let index): console.remark(SmokeLine.scenario(smoke.scenarios[index], style: style))
      case .step(let scenario, let step):
        console.remark(
          SmokeLine.step(
            smoke.scenarios[scenario].steps[step], of: smoke.scenarios[scenario], style: style))
      }
    }
    guard console.progressIsTerminal, let running else { return }
    clearRunning()
    let seconds = Double(MonotonicTime.now().nanoseconds - running.since.nanoseconds) / 1e9
    Console.write(
      SmokeLine.running(
        smoke.scenarios[running.scenario].steps[running.step], of: smoke.scenarios[running.scenario],
        attempt: running.attempt, seconds: seconds, style: style)
        + "\n", to: Console.standardError)
    hasRunningLine = true
  }

  private mutating func clearRunning() {
    guard hasRunningLine else { return }
    Console.write("\u{1B}[1F\u{1B}[J", to: Console.standardError)
    hasRunningLine = false
  }
}

extension Console {
  /// Ticks need a terminal that shows them.
  private static var hasUnicode: Bool {
    for name in ["LC_ALL", "LC_CTYPE", "LANG"] {
      guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { continue }
      return value.uppercased().contains("UTF-8") || value.uppercased().contains("UTF8")
    }
    return false
  }

  var progressStyle: TerminalStyle {
    TerminalStyle(
      columns: progressColumns, colour: progressHasColour, ticks: progressIsTerminal && Self.hasUnicode)
  }

  var outputStyle: TerminalStyle {
    TerminalStyle(
      columns: outputColumns, colour: outputHasColour, ticks: isatty(Self.standardOutput) == 1 && Self.hasUnicode)
  }
}
