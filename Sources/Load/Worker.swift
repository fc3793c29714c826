// SPDX-License-Identifier: Apache-2.0
import Judgement
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
  private let recorder: Recorder?
  let ledger: LedgerWriter?
  let wallClock: WallClock
  private let command = Atomic<Int>(Command.run.rawValue)

  private var origin = MonotonicTime(nanoseconds: 0)
  private var cursor: ArrivalCursor
  private var nextArrival: Arrival?
  private let userChanges: [UserChange]
  private var nextUserChange = 0
  private var activeUsers: Set<Int> = []
  private var pickers: [SharePicker]
  private var passes: UInt64 = 0

  var visitors: [Visitor] = []
  private var idleVisitors: [Int] = []
  private var journeyPools: [[Journey]]
  var heap = DeadlineHeap()
  private let slots: Int
  private(set) var inFlight = 0
  /// When a slot last became free after all had been taken.
  private var slotsFreeSince = Int64.min
  private var isStopping = false
  private var drainEnd: Int64
  private var setupsUnderWay = 0
  private var lastSetup: [Int64]
  private(set) var setupFailure: String?

  let firstRequest: [Int]
  var rendered = RenderedRequest()
  var headerLines: [[UInt8]] = []
  var trace: TraceHeaders
  var requestsSent: UInt64 = 0
  var evidence = Evidence()

  private var batch: MeasurementBatch?
  private var nextHandOff: Int64 = 0
  private var nextMark: Int64 = 0
  private var readingSecond = 0
  private var readingStart: (moment: Int64, waiting: Int64, opened: Int) = (0, 0, 0)

  private static let handOffNanoseconds: Int64 = 100_000_000
  private static let markNanoseconds: Int64 = 250_000_000
  /// Starts in one turn, so that answers are looked at in between.
  private static let mostStartsPerTurn = 64

  init(
    index: Int, program: LoadProgram, recorder: Recorder?, ledger: LedgerWriter?, wallClock: WallClock
  ) throws(TransportError) {
    self.index = index
    self.program = program
    self.recorder = recorder
    self.ledger = ledger
    self.wallClock = wallClock
    loop = try TransportLoop(settings: program.connection)
    cursor = program.arrivalSchedule.arrivals()
    userChanges = program.userSchedule.changes.filter { $0.user % program.workerCount == index }
    pickers = program.phases.map { SharePicker(weights: $0.weights) }
    journeyPools = program.scenarios.map { _ in [] }
    slots = program.slots(ofWorker: index)
    drainEnd = program.lengthNanoseconds + program.drainNanoseconds
    lastSetup = program.scenarios.map { _ in 0 }
    var count = 0
    firstRequest = program.scenarios.map { scenario in
      defer { count += scenario.program.requests.count }
      return count
    }
    trace = TraceHeaders(runID: program.runID)
  }

  // MARK: from outside

  /// Any thread. `stop`: no more arrivals, journeys go to their `finally`. `cut`: at once.
  func tell(_ command: Command) {
    self.command.store(command.rawValue, ordering: .releasing)
    loop.waker.wake()
  }

  /// Takes turns until all journeys of its part of the plan are over.
  func run(origin: MonotonicTime) {
    self.origin = origin
    advanceCursor()
    readingStart = (0, 0, 0)
    loop.run(owner: self)
    handOff(isLast: true)
  }

  /// Runs `setup:` of every scenario that has one, once, and nothing else. Returns why it failed.
  func runSetup() -> String? {
    origin = .now()
    nextUserChange = userChanges.count
    isStopping = true
    drainEnd = .max
    for scenario in program.scenarios.indices where !program.scenarios[scenario].program.isEmpty(.setup) {
      beginSetup(scenario, at: 0)
    }
    if setupsUnderWay > 0 { loop.run(owner: self) }
    return setupFailure
  }

  // MARK: LoopOwner

  func turn(_ now: MonotonicTime) -> MonotonicTime {
    let moment = now.nanoseconds - origin.nanoseconds
    if moment < 0 { return origin }
    obey(at: moment)
    changeUsers(at: moment)
    let isCapped = startWhatIsDue(at: moment)
    if moment >= nextHandOff { handOff(at: moment) }
    if isOver(at: moment) {
      loop.stop()
      return now
    }
    if isCapped { return now }
    var next = min(nextHandOff, drainEnd)
    if inFlight < slots {
      next = min(next, heap.earliestNanoseconds ?? .max, nextArrival?.dueNanoseconds ?? .max)
    }
    if nextUserChange < userChanges.count { next = min(next, userChanges[nextUserChange].atNanoseconds) }
    return origin.advanced(byNanoseconds: next)
  }

  func ended(_ exchange: Exchange) {
    let visitor = visitors[exchange.userIndex]
    let moment = exchange.endedAt.nanoseconds - origin.nanoseconds
    if !visitor.isSetup {
      if inFlight == slots { slotsFreeSince = moment }
      inFlight -= 1
    }
    answered(visitor, at: moment)
  }

  var originNanoseconds: Int64 { origin.nanoseconds }

  private func isOver(at moment: Int64) -> Bool {
    let active = visitors.count - idleVisitors.count
    if nextArrival == nil && nextUserChange >= userChanges.count && active == 0 { return true }
    guard moment >= drainEnd else { return false }
    cut(at: moment)
    return true
  }

  private func obey(at moment: Int64) {
    switch Command(rawValue: command.load(ordering: .acquiring)) ?? .run {
    case .run: return
    case .stop: if !isStopping { stop(at: moment) }
    case .cut:
      if !isStopping { stop(at: moment) }
      drainEnd = moment
    }
  }

  // MARK: beginning

  private func advanceCursor() {
    nextArrival = cursor.next()
    while let arrival = nextArrival, program.worker(ofArrival: arrival.index) != index { nextArrival = cursor.next() }
  }

  /// True when there may be more to start at once.
  private func startWhatIsDue(at moment: Int64) -> Bool {
    var started = 0
    while inFlight < slots {
      let waiting = heap.earliestNanoseconds ?? .max
      let arriving = nextArrival?.dueNanoseconds ?? .max
      guard min(waiting, arriving) <= moment else { return false }
      if started == Self.mostStartsPerTurn { return true }
      started += 1
      if arriving < waiting, let arrival = nextArrival {
        advanceCursor()
        guard let visitor = idleVisitor() else { return false }
        begin(
          visitor, scenario: arrival.scenario, phase: arrival.phase, number: UInt64(arrival.index),
          due: arrival.dueNanoseconds, at: moment)
      } else {
        resume(visitors[heap.pop()], at: moment)
      }
    }
    return false
  }

  private func changeUsers(at moment: Int64) {
    while nextUserChange < userChanges.count, userChanges[nextUserChange].atNanoseconds <= moment {
      let change = userChanges[nextUserChange]
      nextUserChange += 1
      guard change.begins else {
        activeUsers.remove(change.user)
        continue
      }
      activeUsers.insert(change.user)
      guard let visitor = idleVisitor() else { continue }
      visitor.user = change.user
      wait(visitor, until: change.atNanoseconds)
    }
  }

  /// A visitor with nothing to do; nil only when this machine has no memory for another handle.
  private func idleVisitor() -> Visitor? {
    if let index = idleVisitors.popLast() { return visitors[index] }
    guard let exchange = try? loop.makeExchange() else { return nil }
    let visitor = Visitor(index: visitors.count, exchange: exchange)
    visitors.append(visitor)
    return visitor
  }

  func wait(_ visitor: Visitor, until due: Int64) {
    visitor.stage = .waiting
    visitor.dueNanoseconds = due
    heap.push(visitor.index, at: due)
  }

  private func resume(_ visitor: Visitor, at moment: Int64) {
    if visitor.journey == nil {
      beginPass(visitor, at: moment)
    } else if visitor.request != nil {
      send(visitor, at: moment)
    } else {
      proceed(visitor, from: visitor.dueNanoseconds, at: moment, sendsAtOnce: true)
    }
  }

  /// The next pass of a user, if it still has one to make.
  private func beginPass(_ visitor: Visitor, at moment: Int64) {
    guard activeUsers.contains(visitor.user), !isStopping else { return retire(visitor) }
    let phase = program.phase(atNanoseconds: visitor.dueNanoseconds)
    passes += 1
    begin(
      visitor, scenario: pickers[phase].next(), phase: phase, number: passes << 8 | UInt64(index),
      due: visitor.dueNanoseconds, at: moment)
  }

  private func begin(_ visitor: Visitor, scenario: Int, phase: Int, number: UInt64, due: Int64, at moment: Int64) {
    let journey = journeyPools[scenario].popLast() ?? Journey(program.scenarios[scenario])
    visitor.journey = journey
    visitor.scenario = scenario
    visitor.phase = phase
    visitor.begunNanoseconds = due
    visitor.dueNanoseconds = due
    visitor.request = nil
    visitor.outcome = .completed
    visitor.section = .steps
    visitor.isStopping = false
    visitor.openWrites.removeAll(keepingCapacity: true)
    if visitor.user < 0 {
      visitor.exchange.forgetCookies()
      visitor.exchange.dropConnection()
    }
    refreshSetup(scenario, at: moment)
    do {
      try journey.begin(number: number)
    } catch {
      return failUnsent(visitor, error, at: moment)
    }
    journey.enter(.steps)
    proceed(visitor, from: due, at: moment, sendsAtOnce: true)
  }

  // MARK: setup

  /// Runs the scenario's setup again when its time has come.
  private func refreshSetup(_ scenario: Int, at moment: Int64) {
    guard index == 0, let every = program.scenarios[scenario].program.setupRule?.everyNanoseconds,
      moment - lastSetup[scenario] >= every
    else { return }
    beginSetup(scenario, at: moment)
  }

  /// A target that says "log in again" to many journeys is logged in to once a second at most.
  func renewSetup(_ scenario: Int, at moment: Int64) {
    if moment - lastSetup[scenario] >= 1_000_000_000 { beginSetup(scenario, at: moment) }
  }

  private func beginSetup(_ scenario: Int, at moment: Int64) {
    guard let visitor = idleVisitor() else { return }
    lastSetup[scenario] = moment
    setupsUnderWay += 1
    visitor.isSetup = true
    visitor.exchange.forgetCookies()
    visitor.scenario = scenario
    visitor.section = .setup
    visitor.outcome = .completed
    visitor.request = nil
    visitor.isStopping = false
    let journey = Journey(program.scenarios[scenario])
    visitor.journey = journey
    do {
      try journey.begin(number: 0, for: .setup)
    } catch {
      setupFailure = "setup of '\(journey.program.name)': \(journey.redacted(error.detail))"
      return finish(visitor, at: moment)
    }
    journey.enter(.setup)
    proceed(visitor, from: moment, at: moment, sendsAtOnce: true)
  }

  func setupFailed(_ visitor: Visitor, _ reason: String) {
    visitor.outcome = .failed
    guard let journey = visitor.journey, setupFailure == nil else { return }
    let step = visitor.request.map { " step '\(journey.program.requests[$0].name)'" } ?? ""
    setupFailure = "setup of '\(journey.program.name)'\(step): \(journey.redacted(reason))"
  }

  // MARK: ending

  /// The journey is over: counted, its visitor free for the next.
  func finish(_ visitor: Visitor, at moment: Int64) {
    guard let journey = visitor.journey else { return }
    visitor.journey = nil
    visitor.request = nil
    if visitor.isSetup {
      if visitor.outcome == .completed { program.scenarios[visitor.scenario].publishSetup(of: journey) }
      visitor.isSetup = false
      setupsUnderWay -= 1
      return retire(visitor)
    }
    record(journeyOf: visitor, visitor.outcome, endNanoseconds: moment)
    journeyPools[visitor.scenario].append(journey)
    if visitor.user >= 0, activeUsers.contains(visitor.user), !isStopping {
      // A pass that could not send anything must not spin.
      wait(visitor, until: moment > visitor.begunNanoseconds ? moment : moment + 1_000_000)
    } else {
      retire(visitor)
    }
  }

  private func retire(_ visitor: Visitor) {
    visitor.stage = .idle
    visitor.user = -1
    idleVisitors.append(visitor.index)
  }

  /// No more arrivals; what runs goes to its `finally`, within the drain.
  private func stop(at moment: Int64) {
    isStopping = true
    drainEnd = min(drainEnd, moment + program.drainNanoseconds)
    nextUserChange = userChanges.count
    forgetArrivals(at: moment)
    for visitor in visitors where visitor.stage == .sent && !visitor.isSetup { visitor.isStopping = true }
    for entry in heap.removeAll() {
      let visitor = visitors[entry.journey]
      if visitor.isSetup || visitor.section == .finally {
        heap.push(entry.journey, at: entry.nanoseconds)
        continue
      }
      guard visitor.journey != nil else {
        retire(visitor)
        continue
      }
      if let request = visitor.request, visitor.dueNanoseconds <= moment { record(unsent: request, of: visitor) }
      leaveForFinally(visitor, .cut, at: moment)
    }
  }

  /// Arrivals that are due and never began.
  private func forgetArrivals(at moment: Int64) {
    while let arrival = nextArrival {
      if arrival.dueNanoseconds <= moment { record(unsent: arrival) }
      if arrival.dueNanoseconds > moment { break }
      advanceCursor()
    }
    nextArrival = nil
  }

  /// Ends everything now.
  private func cut(at moment: Int64) {
    forgetArrivals(at: moment)
    nextUserChange = userChanges.count
    for entry in heap.removeAll() {
      let visitor = visitors[entry.journey]
      guard visitor.journey != nil else {
        retire(visitor)
        continue
      }
      if let request = visitor.request, visitor.dueNanoseconds <= moment, !visitor.isSetup {
        record(unsent: request, of: visitor)
      }
      end(visitor, at: moment)
    }
    for visitor in visitors where visitor.stage == .sent {
      loop.cancel(visitor.exchange)
      if !visitor.isSetup {
        inFlight -= 1
        abandoned(visitor, at: moment)
      }
      end(visitor, at: moment)
    }
  }

  private func end(_ visitor: Visitor, at moment: Int64) {
    if visitor.outcome != .failed { visitor.outcome = .cut }
    activeUsers.remove(visitor.user)
    finish(visitor, at: moment)
  }

  // MARK: measurements

  /// Slots are counted, and the time since one was free, for the two halves of a delay before sending.
  func sent(_ visitor: Visitor, at moment: Int64) {
    visitor.stage = .sent
    guard !visitor.isSetup else { return }
    inFlight += 1
    let allowed = max(visitor.dueNanoseconds, slotsFreeSince)
    visitor.ownLagNanoseconds = max(0, moment - allowed)
    visitor.blockedNanoseconds = max(0, min(moment, allowed) - visitor.dueNanoseconds)
  }

  func record(_ measurement: Measurement) {
    guard let recorder else { return }
    let batch = self.batch ?? recorder.pool.take()
    self.batch = batch
    batch.append(measurement)
    if batch.isFull { handOff() }
  }

  private func handOff(at moment: Int64) {
    nextHandOff = moment + Self.handOffNanoseconds
    guard let recorder else { return }
    let batch = self.batch ?? recorder.pool.take()
    self.batch = batch
    if moment >= nextMark {
      nextMark = moment + Self.markNanoseconds
      mark(batch, at: moment)
    }
    if Int(moment / 1_000_000_000) > readingSecond { batch.workerReading = reading(at: moment) }
    handOff()
  }

  private func handOff(isLast: Bool = false) {
    guard let recorder, let batch = batch ?? (isLast ? recorder.pool.take() : nil) else { return }
    batch.worker = index
    if isLast {
      batch.requestsCompleteBefore = relative(.now())
      batch.journeysCompleteBefore = batch.requestsCompleteBefore
      batch.workerReading = reading(at: batch.requestsCompleteBefore)
    }
    self.batch = nil
    recorder.submit(batch)
  }

  private func mark(_ batch: MeasurementBatch, at moment: Int64) {
    var requests = min(moment, nextArrival?.dueNanoseconds ?? .max)
    var journeys = requests
    if nextUserChange < userChanges.count {
      requests = min(requests, userChanges[nextUserChange].atNanoseconds)
      journeys = min(journeys, requests)
    }
    for visitor in visitors where visitor.stage != .idle && !visitor.isSetup {
      requests = min(requests, visitor.dueNanoseconds)
      journeys = min(journeys, visitor.journey == nil ? visitor.dueNanoseconds : visitor.begunNanoseconds)
    }
    batch.requestsCompleteBefore = requests
    batch.journeysCompleteBefore = journeys
  }

  private func reading(at moment: Int64) -> WorkerReading {
    let length = max(1, moment - readingStart.moment)
    let waited = loop.waitingNanoseconds - readingStart.waiting
    let reading = WorkerReading(
      second: readingSecond, busyShare: min(1, max(0, 1 - Double(waited) / Double(length))), inFlight: inFlight,
      openConnections: loop.openConnections, connectionsOpened: loop.connectionsOpened - readingStart.opened)
    readingSecond = Int(moment / 1_000_000_000)
    readingStart = (moment, loop.waitingNanoseconds, loop.connectionsOpened)
    return reading
  }
}
