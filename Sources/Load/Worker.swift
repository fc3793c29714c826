// SPDX-License-Identifier: Apache-2.0
import Results
import Scenarios
import Synchronization
import Transport

/// One thread of load: begins journeys when they are due, walks them through their steps, measures every request.
///
/// Everything is confined to the thread that calls `run`, but for `command` and the loop's waker, by which others reach
/// it; its measurements leave in batches. That is why it is `@unchecked Sendable`.
final class Worker: LoopOwner, @unchecked Sendable {  // see above: confined to the thread of `run`
  enum Command: Int { case run, stop, cut }

  let index: Int
  let program: LoadProgram
  let loop: TransportLoop
  let ledger: LedgerWriter?
  let wallClock: WallClock
  /// Set before the worker runs: it walks instead of loading.
  var walk: Walk?
  private let command = Atomic<Int>(Command.run.rawValue)

  var origin = MonotonicTime(nanoseconds: 0)
  /// When the last answer came in: the loop's reading of the clock may be older.
  private var lastEnd = Int64.min

  // What is to begin.
  var cursor: ArrivalCursor
  var nextArrival: Arrival?
  var users: UserTable
  var pickers: [SharePicker]
  var passes: UInt64 = 0

  // What is under way.
  var visitors: [Visitor] = []
  var idleVisitors: [Int] = []
  var journeyPools: [[Journey]]
  var heap = DeadlineHeap()
  var slots: SlotGate
  var isStopping = false
  var drainEnd: Int64
  var setups: [SetupState]
  var setupFailure: String?

  // How requests leave.
  let firstRequest: [Int]
  let outgoing: [OutgoingRequest]
  let trace: TraceHeaders
  var requestsSent: UInt64 = 0

  // Replies to messages; the mailbox is there when the plan awaits any.
  let mailbox: ReplyMailbox?
  var replies = ReplyBook()
  var letters: [ReplyMailbox.Letter] = []

  // What is written down.
  var evidence = Evidence()
  var handOver: HandOver

  /// Starts in one turn, so that answers are looked at in between.
  static let mostStartsPerTurn = 64

  init(
    index: Int, program: LoadProgram, recorder: Recorder?, ledger: LedgerWriter?, wallClock: WallClock
  ) throws(TransportError) {
    self.index = index
    self.program = program
    self.ledger = ledger
    self.wallClock = wallClock
    loop = try TransportLoop(settings: program.connection)
    cursor = program.arrivalSchedule.arrivals()
    users = UserTable(program.userSchedule, worker: index, workerCount: program.workerCount)
    pickers = program.phases.map { SharePicker(weights: $0.weights) }
    journeyPools = program.scenarios.map { _ in [] }
    slots = SlotGate(limit: program.slots(ofWorker: index))
    drainEnd = program.lengthNanoseconds + program.drainNanoseconds
    setups = program.scenarios.map { _ in SetupState() }
    var count = 0
    firstRequest = program.scenarios.map { scenario in
      defer { count += scenario.program.requests.count }
      return count
    }
    let trace = TraceHeaders(runID: program.runID)
    self.trace = trace
    outgoing = (0..<count).map { _ in OutgoingRequest(trace) }
    mailbox =
      program.replyDesk == nil || program.stepsAwaitingReplies.isEmpty ? nil : ReplyMailbox(loop.waker)
    handOver = HandOver(recorder, worker: index)
  }

  // MARK: from outside

  /// Any thread. `stop`: no more arrivals, journeys go to their `finally`. `cut`: at once. A cut cannot be taken back.
  func tell(_ command: Command) {
    self.command.max(command.rawValue, ordering: .acquiringAndReleasing)
    loop.waker.wake()
  }

  var isToldToStop: Bool { command.load(ordering: .acquiring) != Command.run.rawValue }

  /// Takes turns until the plan is over, and all journeys of this worker's part of it.
  func run(origin: MonotonicTime) {
    self.origin = origin
    advanceCursor()
    loop.run(owner: self)
    handOver.finish(at: relative(.now()), loop: loop, inFlight: slots.taken)
  }

  /// Runs `setup:` of every scenario that has one, once, and nothing else. Returns why it failed.
  func runSetup() -> String? {
    origin = .now()
    users.dismissAll()
    isStopping = true
    drainEnd = .max
    for scenario in program.scenarios.indices where !program.scenarios[scenario].program.isEmpty(.setup) {
      beginSetup(scenario, at: 0)
    }
    if setups.contains(where: \.isUnderWay) { loop.run(owner: self) }
    return setupFailure
  }

  // MARK: LoopOwner

  func turn(_ now: MonotonicTime) -> MonotonicTime {
    let moment = max(now.nanoseconds - origin.nanoseconds, lastEnd)
    if moment < 0 { return origin }
    obey(at: moment)
    changeUsers(at: moment)
    if mailbox != nil { takeReplies(at: moment) }
    let mayStartMore = startWhatIsDue(at: moment)
    if moment >= handOver.nextNanoseconds {
      let complete = moment >= handOver.nextMarkNanoseconds ? completeBefore(moment) : nil
      handOver.tick(at: moment, complete: complete, loop: loop, inFlight: slots.taken)
    }
    if isOver(at: moment) {
      loop.stop()
      return now
    }
    if mayStartMore { return now }
    var next = min(handOver.nextNanoseconds, drainEnd)
    if moment < program.lengthNanoseconds { next = min(next, program.lengthNanoseconds) }
    if mailbox != nil { next = min(next, replies.deadlines.earliestNanoseconds ?? .max) }
    if slots.isOpen { next = min(next, heap.earliestNanoseconds ?? .max, nextArrival?.dueNanoseconds ?? .max) }
    return origin.advanced(byNanoseconds: min(next, users.nextNanoseconds ?? .max))
  }

  func ended(_ exchange: Exchange) {
    let visitor = visitors[exchange.userIndex]
    let moment = exchange.endedAt.nanoseconds - origin.nanoseconds
    lastEnd = moment
    if !visitor.isSetup { slots.release(at: moment) }
    answered(visitor, at: moment)
  }

  func relative(_ time: MonotonicTime) -> Int64 { time.nanoseconds - origin.nanoseconds }

  /// A plan lasts as long as it says, also when nothing more is due in it: what the tool says of its own state then
  /// covers all of its seconds.
  private func isOver(at moment: Int64) -> Bool {
    let isQuiet =
      nextArrival == nil && users.nextNanoseconds == nil && visitors.count == idleVisitors.count
      && !expectsReplies(at: moment)
    if isQuiet && (isStopping || moment >= program.lengthNanoseconds) { return true }
    guard moment >= drainEnd else { return false }
    cut(at: max(moment, relative(.now())))
    return true
  }

  private func obey(at moment: Int64) {
    switch Command(rawValue: command.load(ordering: .acquiring)) ?? .run {
    case .run: return
    case .stop: if !isStopping { stop(at: moment) }
    case .cut:
      if !isStopping { stop(at: moment) }
      drainEnd = min(drainEnd, moment)
    }
  }

  /// Before which moment every request that was due, and every journey that began, has been written down.
  /// O(visitors).
  private func completeBefore(_ moment: Int64) -> (requests: Int64, journeys: Int64) {
    var requests = min(moment, nextArrival?.dueNanoseconds ?? .max, users.nextNanoseconds ?? .max)
    var journeys = requests
    for visitor in visitors where visitor.stage != .idle && !visitor.isSetup {
      // What it does next is due when its reply arrives: not before now.
      if visitor.stage == .awaiting { visitor.dueNanoseconds = max(visitor.dueNanoseconds, moment) }
      requests = min(requests, visitor.dueNanoseconds)
      journeys = min(journeys, visitor.journey == nil ? visitor.dueNanoseconds : visitor.begunNanoseconds)
    }
    return (requests, journeys)
  }
}
