// SPDX-License-Identifier: Apache-2.0
import JSON

/// One pass through a scenario: variables, the rows it drew, its random source, its place in the program. Reused for
/// one pass after the other; buffers grow to what the scenario needs and stay. Confined to the worker that runs it.
package final class Journey {
  package let run: ScenarioRun
  package let program: ScenarioProgram
  /// Counts the arrivals of the run; picks and pauses depend on it and on the seed only.
  package private(set) var number: UInt64 = 0

  var slots: [Value]
  private var shared: [Value]
  private var sharedVersion = 0
  private(set) var rows: [Int]
  private(set) var random: RandomSource
  /// Ids must differ between runs of one seed: this one is not seeded by it.
  private var idRandom: RandomSource
  /// What the paths of the step being judged found.
  var matches = JSONMatches()
  private var spare = Value()
  /// For expected texts.
  var expected: [UInt8] = []

  /// Every request is met once: shares are certain, and loops go one round but for those that wait for something
  /// (`until`).
  package var meetsEachStepOnce = false

  /// A request was left out: values may be missing that are nobody's fault.
  private var hasForgotten = false

  private var section: ScenarioProgram.Section = .steps
  private var instructions: [Instruction] = []
  private var place = 0
  private var rounds: [Int]

  package init(_ run: ScenarioRun) {
    self.run = run
    program = run.program
    slots = Array(repeating: Value(), count: program.slotNames.count)
    shared = Array(repeating: Value(), count: program.sharedSlots.count)
    rows = Array(repeating: 0, count: program.feeders.count)
    rounds = Array(repeating: 0, count: program.loopCount)
    random = RandomSource(seed: run.context.seed, index: 0)
    var system = SystemRandomNumberGenerator()
    idRandom = RandomSource(seed: system.next(), index: system.next())
  }

  /// Starts a new pass: forgets the variables of the last one, takes over what setup found, draws rows, evaluates
  /// `vars`. Call `enter` next. Throws `noMoreRows` when a feeder with unique rows is used up. A pass that is `for` setup
  /// takes rows only from the feeders setup reads.
  package func begin(number: UInt64, for section: ScenarioProgram.Section = .steps) throws(RenderError) {
    self.number = number
    random = RandomSource(seed: run.context.seed, index: number)
    clear()
    for (index, feeder) in program.feeders.enumerated() {
      if section == .setup, !program.setupFeeders.contains(index) { continue }
      let count = feeder.table.rowCount
      switch feeder.pick {
      case .random: rows[index] = random.next(below: count)
      case .sequential: rows[index] = run.cursors[index].next() % count
      case .unique:
        let row = run.cursors[index].next()
        if row >= count { throw RenderError.noMoreRows(feeder: feeder.name, rows: count) }
        rows[index] = row
      }
    }
    for (slot, value) in program.variables { try assign(slot, value) }
  }

  /// Goes to the first instruction of a section.
  package func enter(_ section: ScenarioProgram.Section) {
    self.section = section
    instructions = program.instructions(section)
    place = 0
  }

  /// What a journey does next.
  package enum Move: Equatable, Sendable {
    /// Send `program.requests[index]`.
    case request(Int)
    case pause(nanoseconds: Int64)
    /// The section is done.
    case end
  }

  /// Runs the instructions up to the next thing that takes time. Loops are bounded, so this always comes back.
  package func next() throws(RenderError) -> Move {
    while place < instructions.count {
      let instruction = instructions[place]
      place += 1
      switch instruction {
      case .request(let index):
        if section == .finally, lacksValues(program.requests[index]) { continue }
        return .request(index)
      case .pause(let range):
        return .pause(nanoseconds: range.draw(&random))
      case .assign(let slot, let value):
        if section == .finally || hasForgotten, lacks(value) { continue }
        try assign(slot, value)
      case .skip(let condition, let target):
        if hasForgotten, lacks(condition) {
          place = target
        } else if try !isTrue(condition) {
          place = target
        }
      case .chance(let share, let target):
        if random.nextFraction() >= share, !meetsEachStepOnce { place = target }
      case .loop(let loop, let times, let end):
        if hasForgotten, lacks(times) {
          place = end
          continue
        }
        rounds[loop] = Int(min(max(try number(of: times), 0), Double(Self.mostRounds)))
        if meetsEachStepOnce, !waits(loopEndingAt: end) { rounds[loop] = min(rounds[loop], 1) }
        if rounds[loop] == 0 { place = end }
      case .again(let loop, let until, let start):
        rounds[loop] -= 1
        if rounds[loop] <= 0 { continue }
        if let until {
          if hasForgotten, lacks(until) { continue }
          if try isTrue(until) { continue }
        }
        place = start
      }
    }
    return .end
  }

  /// Most rounds of one loop.
  static let mostRounds = 1_000_000

  private func waits(loopEndingAt end: Int) -> Bool {
    if case .again(_, .some, _) = instructions[end - 1] { true } else { false }
  }

  /// The next request from here on, whatever conditions say; nil behind the last one.
  package var nextRequest: Int? {
    for case .request(let index) in instructions[place...] { return index }
    return nil
  }

  /// Names of the variables that a request needs, or its expectations, and that have no value.
  package func missingNames(for request: Int) -> [String] {
    let parts = program.requests[request].parts
    return Set(parts.neededSlots + parts.expectedSlots).sorted().filter { slots[$0].kind == .absent }
      .map { program.slotNames[$0] }
  }

  /// The request is left out: what only it gives a meaning to has no value from here on.
  package func leaveOut(_ request: Int) {
    hasForgotten = true
    for slot in program.requests[request].parts.ownSlots { slots[slot].clear() }
  }

  /// Secrets with their names: those of the process environment, then this journey's captures.
  package var namedSecrets: [NamedSecret] {
    program.namedSecrets
      + program.secretSlots.filter { slots[$0].kind != .absent }.map {
        NamedSecret(name: program.slotNames[$0], value: slots[$0].string)
      }
  }

  // In `finally`, what was never captured has nothing to be cleaned up.
  private func lacksValues(_ request: RequestStep) -> Bool {
    request.parts.neededSlots.contains { slots[$0].kind == .absent }
  }

  private func lacks(_ value: ValueTemplate) -> Bool {
    var needed: Set<Int> = []
    value.collectSlots(into: &needed)
    return needed.contains { slots[$0].kind == .absent }
  }

  /// Forgets the variables of the last pass and takes over what setup found.
  func clear() {
    hasForgotten = false
    for index in slots.indices { slots[index].clear() }
    run.refresh(&shared, version: &sharedVersion)
    for (index, slot) in program.sharedSlots.enumerated() { slots[slot].set(shared[index]) }
  }

  func setRow(_ row: Int, of feeder: Int) { rows[feeder] = row }
  func setNumber(_ number: UInt64) { self.number = number }

  private func lacks(_ condition: Expression) -> Bool {
    var needed: Set<Int> = []
    condition.collectSlots(into: &needed)
    return needed.contains { slots[$0].kind == .absent }
  }

  func assign(_ slot: Int, _ value: ValueTemplate) throws(RenderError) {
    // Into a spare value, since the expression may read the slot; the slot's old buffer is the next spare.
    var result = Value()
    swap(&result, &spare)
    try evaluate(value, into: &result)
    swap(&result, &slots[slot])
    swap(&result, &spare)
  }

  /// A value of this journey by name, for tests and messages; absent when it has none.
  package func value(named name: String) -> Value? {
    program.slotNames.firstIndex(of: name).map { slots[$0] }
  }

  /// The text without any secret of the run or of this journey's captures.
  package func redacted(_ text: String) -> String {
    run.context.redactor.redact(
      text, also: program.secretSlots.lazy.map { self.slots[$0] }.filter { $0.kind != .absent }.map(\.string))
  }

  func appendUUID(to out: inout [UInt8]) {
    run.tag.appendUUID(random: &idRandom, to: &out)
  }

  func draw(_ range: PauseRange) -> Int64 { range.draw(&random) }
  func draw(below bound: Int) -> Int { random.next(below: bound) }
  func drawFraction() -> Double { random.nextFraction() }
}
