// SPDX-License-Identifier: Apache-2.0
import JSON

/// What of a journey must be known to read one of its writes back and to close it, in this process or another. What
/// `setup` finds is not part of it: setup is run again.
struct KeptNames: Sendable {
  /// Ascending.
  var slots: [Int] = []
  var feeders: [Int] = []
  var journeyNumber = false
  /// Of `slots`, those the closing step reads: they tell which write it closes.
  var closerSlots: [Int] = []

  private struct Needs {
    var slots: Set<Int> = []
    var feeders: Set<Int> = []
    var journeyNumber = false

    mutating func add(_ expression: Expression) {
      expression.forEach { part in
        switch part {
        case .slot(let slot): slots.insert(slot)
        case .column(let feeder, _): feeders.insert(feeder)
        case .journeyNumber: journeyNumber = true
        default: break
        }
      }
    }

    mutating func add(_ template: Template) {
      for case .insertion(let expression, _) in template.segments { add(expression) }
    }

    mutating func add(_ value: ValueTemplate) {
      switch value {
      case .constant: break
      case .expression(let expression): add(expression)
      case .text(let template): add(template)
      }
    }

    mutating func add(_ step: CompiledRequest) {
      add(step.url)
      if let body = step.body { add(body) }
      for header in step.headers { add(header.value) }
    }
  }

  /// Of a step that writes; nil for one that does not.
  init?(_ step: RequestStep, closer: RequestStep?, sharedSlots: [Int]) {
    guard let writes = step.writes else { return nil }
    var closing = Needs()
    if let closer {
      closing.add(closer.parts)
      var own: Set<Int> = []
      for (slot, value) in closer.parts.assignments {
        closing.add(value)
        own.insert(slot)
      }
      closing.slots.subtract(own)
    }
    closing.slots.subtract(sharedSlots)
    var all = closing
    // What its answer is compared with does not tell which write it closes.
    if let closer {
      all.slots.formUnion(Set(closer.parts.expectedSlots).subtracting(closer.parts.assignments.map(\.slot)))
    }
    if let read = writes.read { all.add(read.request.parts) }
    slots = all.slots.subtracting(sharedSlots).sorted()
    feeders = all.feeders.sorted()
    journeyNumber = all.journeyNumber
    closerSlots = closing.slots.sorted()
  }
}

/// Values that may not be written anywhere: they stay in this process.
package struct UnwrittenValues: Sendable {
  var values: [(slot: Int, value: Value)] = []

  package init() {}

  package var isEmpty: Bool { values.isEmpty }
}

/// Why a write cannot be read back or closed from what the ledger kept of it.
package struct RestoreError: Error, Sendable, Equatable {
  package var message: String
}

extension ScenarioProgram {
  /// The step that takes away what `request` writes, as an index into `requests`.
  package func closer(of request: Int) -> Int? {
    guard let name = requests[request].writes?.closedBy else { return nil }
    return requests.firstIndex { $0.name == name }
  }
}

extension Journey {
  private static let journeyName = Array("journey".utf8)

  /// What the ledger keeps of this journey's write `request`: a JSON object, empty when nothing is needed; and beside it
  /// what may not be written. Feeders are kept by the number of the row.
  package func keptValues(of request: Int) -> (json: [UInt8], unwritten: UnwrittenValues) {
    guard let names = program.kept[request] else { return ([], UnwrittenValues()) }
    var unwritten = UnwrittenValues()
    var json: [UInt8] = []
    func add(_ name: some Sequence<UInt8>, _ value: some Sequence<UInt8>) {
      json.append(json.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
      json.append(UInt8(ascii: "\""))
      json.append(contentsOf: name)
      json += [UInt8(ascii: "\""), UInt8(ascii: ":")]
      json.append(contentsOf: value)
    }
    for slot in names.slots where slots[slot].kind != .absent {
      var text: [UInt8] = []
      _ = append(slots[slot].kind, slots[slot].bytes, as: .jsonValue, to: &text)
      if program.secretSlots.contains(slot) || isSecret(slots[slot]) {
        unwritten.values.append((slot, slots[slot]))
      } else {
        add(program.slotNames[slot].utf8, text)
      }
    }
    for feeder in names.feeders { add(program.feeders[feeder].name.utf8, "{\"row\":\(rows[feeder])}".utf8) }
    if names.journeyNumber { add(Self.journeyName, "\(number)".utf8) }
    if !json.isEmpty { json.append(UInt8(ascii: "}")) }
    return (json, unwritten)
  }

  private func isSecret(_ value: Value) -> Bool {
    let text = value.string
    return redacted(text) != text
  }

  /// What the closing step of `request` reads now: equal to what it was after the write, it closes that write.
  package func closerValues(of request: Int) -> [Value] {
    program.kept[request]?.closerSlots.map { slots[$0] } ?? []
  }

  /// Becomes the journey whose write `request` was, as far as the ledger kept it, with what setup found last.
  package func restore(
    _ json: [UInt8], _ unwritten: UnwrittenValues, of request: Int
  ) throws(RestoreError) {
    clear()
    guard let names = program.kept[request] else { return }
    let paths = names.paths(in: program)
    var found = JSONMatches()
    if !json.isEmpty {
      let isRead = json.withUnsafeBufferPointer { bytes in (try? found.scan(bytes, paths)) != nil }
      guard isRead else { throw RestoreError(message: "its values in the ledger cannot be read") }
    }
    json.withUnsafeBufferPointer { bytes in
      for (index, slot) in names.slots.enumerated() {
        if let fragment = found.first(of: index) { slots[slot].set(fragment, in: bytes) }
      }
    }
    for (slot, value) in unwritten.values { slots[slot].set(value) }
    func number(_ path: Int) -> Int? {
      json.withUnsafeBufferPointer { bytes in found.first(of: path)?.integer(in: bytes.span).map { Int($0) } }
    }
    for (index, feeder) in names.feeders.enumerated() {
      let table = program.feeders[feeder]
      guard let row = number(names.slots.count + index), (0..<table.table.rowCount).contains(row) else {
        throw RestoreError(message: "the row of '\(table.name)' it was made from is not known")
      }
      setRow(row, of: feeder)
    }
    if names.journeyNumber, let number = number(paths.count - 1), number >= 0 { setNumber(UInt64(number)) }
  }

  /// Evaluates what a step sets before its request (`let`), which the walk through the scenario does otherwise.
  package func assignVariables(of request: Int) throws(RenderError) {
    for (slot, value) in program.requests[request].parts.assignments { try assign(slot, value) }
  }
}

extension KeptNames {
  /// Slots, feeders' rows, the journey's number, in this order.
  fileprivate func paths(in program: ScenarioProgram) -> JSONPaths {
    // Names of variables and data files hold letters, digits, `_` and `-`.
    let texts =
      slots.map { "$['\(program.slotNames[$0])']" } + feeders.map { "$['\(program.feeders[$0].name)'].row" }
      + ["$.journey"]
    return JSONPaths(texts.compactMap { try? JSONPath($0) })
  }
}

extension Expression {
  /// This expression and all inside it.
  func forEach(_ body: (Expression) -> Void) {
    body(self)
    switch self {
    case .slot, .literal, .column, .body, .runID, .journeyNumber, .setting, .uuid, .counter, .now(.milliseconds, _):
      break
    case .now(.days(let inner), _), .base64(let inner), .not(let inner): inner.forEach(body)
    case .pick(let candidates): for candidate in candidates { candidate.forEach(body) }
    case .random(let left, let right), .hmac(let left, let right), .and(let left, let right),
      .or(let left, let right), .compare(_, let left, let right), .arithmetic(_, let left, let right):
      left.forEach(body)
      right.forEach(body)
    }
  }
}
