// SPDX-License-Identifier: Apache-2.0
import Dispatch
package import Results
import Scenarios
import Synchronization
package import Transport

/// Reads every write of a run back, by the `read` of the step that made it, and enters what was found into the ledger.
///
/// It goes on while the target recovers: an answer that says "not now" is asked for again, more and more slowly, until
/// nothing was learned for `patience`. What looks bad (a write that is not there, a closed one that is) is asked for
/// again before it is believed. What is not learned in time gets no line: nobody may take it for sound.
package final class LedgerAudit: LoopOwner, @unchecked Sendable {  // confined to its queue, but for the atomics
  package struct Settings: Sendable {
    package var perSecond = 200.0
    package var atOnce = 8
    /// Of one read, where the step has no shorter one.
    package var timeoutNanoseconds: Int64 = 10_000_000_000
    /// Of all reads together; nil: by their number and the rate.
    package var longestNanoseconds: Int64?
    /// How long a target that answers nothing is waited for.
    package var patienceNanoseconds: Int64 = 30_000_000_000
    /// How often, and after what time, a write that is not as it should be is asked for again.
    package var confirmations = 2
    package var confirmAfterNanoseconds: Int64 = 500_000_000

    package init() {}
  }

  package struct Progress: Sendable, Equatable {
    package var done = 0
    package var of = 0
  }

  private enum Command: Int { case run, stop }

  let program: LoadProgram
  private let book: LedgerBook
  private let ledger: LedgerWriter
  private let settings: Settings
  private let loop: TransportLoop
  private let command = Atomic<Int>(Command.run.rawValue)
  private let doneCount = Atomic<Int>(0)
  private let total: Int
  private let finished = DispatchGroup()
  private let places: [String: (scenario: Int, request: Int)]

  // Confined to the queue.
  private var readers: [LedgerReader] = []
  private var free: [Int] = []
  private var queue: AuditQueue
  private var deadline = MonotonicTime.distantFuture
  private var nextStart = MonotonicTime(nanoseconds: 0)
  private var lastGood = MonotonicTime(nanoseconds: 0)
  private var goodCount = 0
  private var pauseNanoseconds: Int64 = 0
  private var setupRuns = 0

  private static let shortestPause: Int64 = 250_000_000
  private static let longestPause: Int64 = 2_000_000_000
  private static let mostAttempts = 5
  private static let mostSetupRuns = 3
  /// An answer about one write is small.
  private static let bodyLimit = 1 << 20

  /// `directory`: the run folder whose ledger is read; what is found goes to `ledger`. Nothing is sent before `start`.
  package init(
    program: LoadProgram, directory: String, ledger: LedgerWriter, settings: Settings = Settings()
  ) throws {
    self.program = program
    self.ledger = ledger
    self.settings = settings
    ledger.flush()
    book = try LedgerBook(paths: [directory + "/ledger.jsonl"])
    places = Self.places(of: program)
    queue = AuditQueue(book, places: places)
    total = queue.waiting
    var connection = program.connection
    connection.bodyLimitBytes = min(connection.bodyLimitBytes, Self.bodyLimit)
    connection.reuse = .pool
    loop = try TransportLoop(settings: connection)
  }

  /// Reads back and waits for the end, on the calling thread; `tick` is told how far it is some ten times a second and
  /// answers whether to go on. Nothing to read back: returns at once.
  package static func run(
    program: LoadProgram, directory: String, ledger: LedgerWriter, settings: Settings = Settings(),
    tick: (Progress) -> Bool = { _ in true }
  ) throws -> Progress {
    let audit = try LedgerAudit(program: program, directory: directory, ledger: ledger, settings: settings)
    guard audit.total > 0 else { return audit.progress }
    audit.start()
    while audit.finished.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
      if !tick(audit.progress) { audit.stop() }
    }
    ledger.synchronize()
    return audit.progress
  }

  package var progress: Progress { Progress(done: doneCount.load(ordering: .relaxed), of: total) }

  package func start() {
    DispatchQueue(label: "gonogo.ledger").async(group: finished) { [self] in
      let now = MonotonicTime.now()
      let expected = Int64(Double(total) / settings.perSecond * 3e9)
      let longest = settings.longestNanoseconds ?? min(max(60_000_000_000, expected), 1_800_000_000_000)
      deadline = now.advanced(byNanoseconds: longest)
      lastGood = now
      nextStart = now
      loop.run(owner: self)
      ledger.flush()
    }
  }

  /// Any thread. What is known by then is kept.
  package func stop() {
    command.store(Command.stop.rawValue, ordering: .releasing)
    loop.waker.wake()
  }

  // MARK: LoopOwner

  package func turn(_ now: MonotonicTime) -> MonotonicTime {
    let isStopped = command.load(ordering: .acquiring) != Command.run.rawValue
    let isHopeless = pauseNanoseconds > 0 && now.nanoseconds - lastGood.nanoseconds >= settings.patienceNanoseconds
    if isStopped || isHopeless || now >= deadline { return giveUp(isStopped ? "the read-back was stopped" : nil, now) }
    let isUnwell = pauseNanoseconds > 0
    while now >= nextStart, readers.count - free.count < (isUnwell ? 1 : settings.atOnce) {
      guard let ask = queue.next(at: now) else { break }
      start(ask)
      nextStart = max(nextStart, now).advanced(byNanoseconds: Int64(1e9 / settings.perSecond))
      if isUnwell { break }
    }
    if queue.isEmpty, readers.count == free.count {
      loop.stop()
      return now
    }
    var next = min(deadline, lastGood.advanced(byNanoseconds: isUnwell ? settings.patienceNanoseconds : 1 << 50))
    if readers.count - free.count < (isUnwell ? 1 : settings.atOnce), let due = queue.nextDue {
      next = min(next, max(due, nextStart))
    }
    return next
  }

  package func ended(_ exchange: Exchange) {
    let reader = readers[exchange.userIndex]
    free.append(exchange.userIndex)
    guard let ask = reader.ask, let place = queue.place(of: ask), let journey = reader.journey,
      let read = journey.program.requests[place.request].writes?.read
    else { return }
    reader.ask = nil
    let now = exchange.endedAt
    let answer: ReadBackStep.Answer =
      switch exchange.failure {
      case nil: read.judge(exchange, journey: journey)
      case .bodyTooLarge?, .headersTooLarge?, .certificate?, .hostNotAllowed?:
        .unreadable(exchange.errorText)
      case _?: .notNow(exchange.errorText)
      }
    switch answer {
    case .found(let count): settle(ask, count, place, journey, at: now)
    case .notNow(let reason): again(ask, journey.redacted(reason), at: now)
    case .unreadable(let reason):
      lastGood = now
      if exchange.status == 401, renewSetup(place.scenario) { return again(ask, "status 401", at: now) }
      unread(ask, place, journey.redacted(reason))
    }
  }

  // MARK: asking

  private func start(_ ask: AuditQueue.Ask) {
    guard let place = queue.place(of: ask) else { return }
    if free.isEmpty {
      guard let exchange = try? loop.makeExchange() else { return queue.later(ask, at: .now(), after: 1_000_000_000) }
      exchange.userIndex = readers.count
      free.append(readers.count)
      readers.append(LedgerReader(exchange, TraceHeaders(runID: program.runID)))
    }
    let reader = readers[free.removeLast()]
    do {
      let entry = try book.entry(ask.write)
      try reader.prepare(
        ask, entry, program.scenarios[place.scenario], place.request, secrets: program.writeSecrets[entry.key],
        timeoutNanoseconds: min(settings.timeoutNanoseconds, program.timeoutNanoseconds))
    } catch {
      free.append(reader.exchange.userIndex)
      let reason =
        switch error {
        case let error as RenderError: error.detail
        case let error as RestoreError: error.message
        default: "\(error)"
        }
      return unread(ask, place, program.scenarios[place.scenario].context.redactor.redact(reason))
    }
    loop.start(reader.exchange)
  }

  private func settle(
    _ ask: AuditQueue.Ask, _ count: Int, _ place: (scenario: Int, request: Int), _ journey: Journey,
    at now: MonotonicTime
  ) {
    lastGood = now
    goodCount += 1
    pauseNanoseconds = 0
    if ask.confirmations < settings.confirmations, book.writes[ask.write].looksBad(found: count) {
      var ask = ask
      ask.confirmations += 1
      ask.attempts = 0
      return queue.later(ask, at: now, after: settings.confirmAfterNanoseconds)
    }
    // What reading captured lets another process close what no answer told of.
    enter(ask, place, .read, found: count, values: count > 0 ? journey.keptValues(of: place.request).json : [])
  }

  /// The target is unwell, or this one question makes it so: then others will be answered in between.
  private func again(_ ask: AuditQueue.Ask, _ reason: String, at now: MonotonicTime) {
    pauseNanoseconds = min(max(Self.shortestPause, pauseNanoseconds * 2), Self.longestPause)
    nextStart = now.advanced(byNanoseconds: pauseNanoseconds)
    var ask = ask
    if ask.attempts == 0 { ask.goodBefore = goodCount }
    ask.attempts += 1
    ask.reason = reason
    if ask.attempts >= Self.mostAttempts, goodCount > ask.goodBefore, let place = queue.place(of: ask) {
      return unread(ask, place, reason)
    }
    queue.later(ask, at: now, after: settings.confirmAfterNanoseconds)
  }

  private func renewSetup(_ scenario: Int) -> Bool {
    guard setupRuns < Self.mostSetupRuns, !program.scenarios[scenario].program.isEmpty(.setup) else { return false }
    setupRuns += 1
    return (try? LoadRun.setUp(program)) == .some(nil)
  }

  private func giveUp(_ stopped: String?, _ now: MonotonicTime) -> MonotonicTime {
    for reader in readers {
      guard let ask = reader.ask, let place = queue.place(of: ask) else { continue }
      loop.cancel(reader.exchange)
      reader.ask = nil
      unread(ask, place, stopped ?? ask.reason ?? "no answer in time")
    }
    // Those that were asked and told nothing; the others get no line.
    for ask in queue.takeAsked() {
      if let place = queue.place(of: ask) { unread(ask, place, ask.reason ?? stopped ?? "no answer in time") }
    }
    loop.stop()
    return now
  }

  private func unread(_ ask: AuditQueue.Ask, _ place: (scenario: Int, request: Int), _ reason: String) {
    enter(ask, place, .unread, reason: String(reason.prefix(200)))
  }

  private func enter(
    _ ask: AuditQueue.Ask, _ place: (scenario: Int, request: Int), _ state: LedgerState, found: Int? = nil,
    reason: String? = nil, values: [UInt8] = []
  ) {
    doneCount.add(1, ordering: .relaxed)
    guard let key = try? book.entry(ask.write).key else { return }
    let scenario = program.scenarios[place.scenario].program
    ledger.append(
      LedgerEntry(
        key: key, state: state, scenario: scenario.name, step: scenario.requests[place.request].name, at: .now(),
        found: found, reason: reason, values: values))
  }

  /// Steps that write and can be read back, by `scenario/step`.
  private static func places(of program: LoadProgram) -> [String: (scenario: Int, request: Int)] {
    var places: [String: (scenario: Int, request: Int)] = [:]
    for (index, scenario) in program.scenarios.enumerated() {
      for (request, step) in scenario.program.requests.enumerated() where step.writes?.read != nil {
        places[scenario.program.requestNames[request]] = (index, request)
      }
    }
    return places
  }
}
