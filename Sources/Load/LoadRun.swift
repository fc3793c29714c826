// SPDX-License-Identifier: Apache-2.0
import Dispatch
package import Judgement
package import Results
import Synchronization
package import Transport

/// One execution of a load program: starts the workers, watches over them, gathers what they found. Its functions are
/// called from one thread, the controller's.
package final class LoadRun {
  /// How the run came to its end.
  package enum End: Sendable {
    case planDone
    /// A person or a signal.
    case interrupted
    /// A rule with `abort` broke.
    case broken(Threshold)
    /// The run's own files cannot be written.
    case disk
  }

  package struct Outcome: Sendable {
    package var totals: RunTotals
    package var arrivals: ArrivalTotals
    package var replies: ReplyTotals
    /// Messages at the sink that answer none of this run's.
    package var unknownReplies: Int
    package var samples: Samples
    package var end: End
    /// When the last worker ended, from the begin of the run.
    package var lengthNanoseconds: Int64
    /// When the run was stopped before its plan was done, from its begin.
    package var stoppedAtNanoseconds: Int64?
    /// A `setup:` that was run again and failed.
    package var setupFailure: String?
  }

  private let program: LoadProgram
  private let recorder: Recorder
  private let workers: [Worker]
  private let ended = DispatchGroup()
  private let startedAt: MonotonicTime
  private var end = End.planDone
  private var stoppedAt: Int64?
  private var isCut = false
  private var lastReading: MachineReading
  private var machineSecond = 0
  private var figures = LiveFigures()

  /// Time between making the workers and the first arrival, so that all of them are waiting when it comes.
  private static let headStartNanoseconds: Int64 = 50_000_000
  /// A run waits no longer than this for the moment its files say it began.
  private static let longestLeadNanoseconds: Int64 = 1_000_000_000

  /// What a run's begin, as its files tell it, should lie ahead of the moment they are made: then second 0 of the files
  /// is second 0 of the load, to the millisecond.
  package static let leadMilliseconds: Int64 = 200

  /// Makes everything and starts the clock: at the `wallClock`'s begin when that is still to come, else as soon as
  /// possible. `recorder` gets all measurements. Precondition: a program that awaits replies has a desk.
  package init(
    program: LoadProgram, recorder: Recorder, ledger: LedgerWriter, wallClock: WallClock
  ) throws(TransportError) {
    precondition(program.replyDesk != nil || program.stepsAwaitingReplies.isEmpty, "replies need a desk")
    self.program = program
    self.recorder = recorder
    var workers: [Worker] = []
    for index in 0..<program.workerCount {
      workers.append(
        try Worker(index: index, program: program, recorder: recorder, ledger: ledger, wallClock: wallClock))
    }
    self.workers = workers
    program.replyDesk?.begin(workers.compactMap(\.mailbox))
    let lead = min(wallClock.nanosecondsUntilStart, Self.longestLeadNanoseconds)
    startedAt = MonotonicTime.now().advanced(byNanoseconds: max(lead, Self.headStartNanoseconds))
    lastReading = MachineProbe.read(nowNanoseconds: 0)
    let origin = startedAt
    for worker in workers {
      let queue = DispatchQueue(label: "gonogo.worker.\(worker.index)", qos: .userInteractive)
      queue.async(group: ended) { worker.run(origin: origin) }
    }
  }

  /// Runs every scenario's `setup:` once, before the clock starts; returns why one failed.
  package static func setUp(_ program: LoadProgram) throws(TransportError) -> String? {
    try Worker(index: 0, program: program, recorder: nil, ledger: nil, wallClock: WallClock(start: .now())).runSetup()
  }

  package var elapsedNanoseconds: Int64 { MonotonicTime.now().nanoseconds - startedAt.nanoseconds }

  /// True when all workers ended.
  package var isOver: Bool { ended.wait(timeout: .now()) == .success }

  /// What the controller does at least once a second: reads the machine, feeds the abort rules, returns what to show.
  package func look() -> LiveFigures {
    let moment = elapsedNanoseconds
    readMachine(at: moment)
    // Completions reach the recorder within a hand-off; a second is judged when it can be whole.
    let (figures, broken) = recorder.look(before: Int((moment - 500_000_000) / 1_000_000_000))
    self.figures = figures
    if let broken, case .planDone = end {
      end = .broken(broken.threshold)
      tell(.stop)
    }
    if recorder.cannotWrite, case .planDone = end {
      end = .disk
      tell(.stop)
    }
    return figures
  }

  /// No more arrivals; what runs is brought to its end within the drain.
  package func stop() {
    if case .planDone = end { end = .interrupted }
    tell(.stop)
  }

  /// Ends everything at once.
  package func cut() {
    if case .planDone = end { end = .interrupted }
    isCut = true
    tell(.cut)
  }

  private func tell(_ command: Worker.Command) {
    if stoppedAt == nil { stoppedAt = min(max(0, elapsedNanoseconds), program.lengthNanoseconds) }
    for worker in workers { worker.tell(command) }
  }

  private func readMachine(at moment: Int64) {
    let second = Int(moment / 1_000_000_000)
    guard moment >= 0, second > machineSecond else { return }
    let reading = MachineProbe.read(nowNanoseconds: moment)
    let length = Double(max(1, reading.atNanoseconds - lastReading.atNanoseconds))
    let ticks = reading.allTicks - lastReading.allTicks
    var counts = MachineCounts()
    counts.cpuPerMille = Int(
      (Double(reading.processCPUNanoseconds - lastReading.processCPUNanoseconds) / length * 1000).rounded())
    counts.stealPerMille =
      ticks > 0 ? Int((Double(reading.stealTicks - lastReading.stealTicks) / Double(ticks) * 1000).rounded()) : nil
    if let open = MachineProbe.openDescriptors() {
      counts.descriptorsPerMille = open * 1000 / max(1, MachineProbe.descriptorLimit().soft)
    }
    if let ports = MachineProbe.ports() {
      counts.portsPerMille = (ports.timeWait + figures.openConnections) * 1000 / max(1, ports.available)
    }
    counts.residentKiB = MachineProbe.residentKiB()
    // A controller that was late speaks for all the seconds since it last looked.
    for missed in machineSecond..<second { recorder.submit(machine: counts, second: missed) }
    machineSecond = second
    lastReading = reading
  }

  /// Waits for the workers and writes what is left. Call when `isOver`, or to wait for it.
  package func finish() -> Outcome {
    ended.wait()
    let length = elapsedNanoseconds
    readMachine(at: length)
    program.replyDesk?.end()
    for worker in workers { worker.settleReplies(wasCut: isCut) }
    let (totals, arrivals) = recorder.finish()
    return Outcome(
      totals: totals, arrivals: arrivals, replies: recorder.replies,
      unknownReplies: program.replyDesk?.unknownCount ?? 0, samples: Evidence.merge(workers.map(\.evidence)), end: end,
      lengthNanoseconds: length, stoppedAtNanoseconds: stoppedAt,
      setupFailure: workers.compactMap(\.setupFailure).first)
  }
}
