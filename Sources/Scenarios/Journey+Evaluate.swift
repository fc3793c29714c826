// SPDX-License-Identifier: Apache-2.0

extension Journey {
  /// Largest text a template may become, in bytes.
  static let largestText = 64 << 20

  /// Appends a rendered template. `body` is what `body` means in it.
  func write(_ template: Template, into out: inout [UInt8], body: [UInt8] = []) throws(RenderError) {
    for segment in template.segments {
      switch segment {
      case .constant(let bytes): out.append(contentsOf: bytes)
      case .insertion(let expression, let encoding): try write(expression, as: encoding, into: &out, body: body)
      }
    }
    if out.count > Self.largestText { throw RenderError.tooLarge(bytes: Self.largestText) }
  }

  /// Variables and fields go straight to the output; everything else is evaluated first.
  private func write(_ expression: Expression, as encoding: Encoding, into out: inout [UInt8], body: [UInt8])
    throws(RenderError)
  {
    let fits: Bool
    switch expression {
    case .slot(let slot):
      guard slots[slot].kind != .absent else { throw RenderError.undefined(name: program.slotNames[slot]) }
      fits = append(slots[slot].kind, slots[slot].bytes, as: encoding, to: &out)
    case .column(let feeder, let column):
      let field = program.feeders[feeder].table.field(row: rows[feeder], column: column)
      fits = append(.text, field, as: encoding, to: &out)
    case .uuid where encoding != .jsonValue:
      appendUUID(to: &out)
      fits = true
    case .body:
      fits = append(.text, body, as: encoding, to: &out)
    default:
      var value = Value()
      try evaluate(expression, into: &value, body: body)
      fits = append(value.kind, value.bytes, as: encoding, to: &out)
    }
    if !fits { throw RenderError.brokenHeader(name: "") }
  }

  func evaluate(_ value: ValueTemplate, into result: inout Value) throws(RenderError) {
    switch value {
    case .constant(let constant): result.set(constant)
    case .expression(let expression): try evaluate(expression, into: &result)
    case .text(let template):
      result.set(.text, [])
      try write(template, into: &result.bytes)
    }
  }

  func isTrue(_ expression: Expression) throws(RenderError) -> Bool {
    var value = Value()
    try evaluate(expression, into: &value)
    return value.isTrue
  }

  func number(of expression: Expression, body: [UInt8] = []) throws(RenderError) -> Double {
    var value = Value()
    try evaluate(expression, into: &value, body: body)
    guard let number = value.number else { throw RenderError.notANumber(text: value.string) }
    return number
  }

  private func evaluated(_ expression: Expression, _ body: [UInt8]) throws(RenderError) -> Value {
    var value = Value()
    try evaluate(expression, into: &value, body: body)
    return value
  }

  /// The value of an expression. `result` is overwritten.
  func evaluate(_ expression: Expression, into result: inout Value, body: [UInt8] = []) throws(RenderError) {
    switch expression {
    // Bytes are copied, not shared: a shared buffer could not be reused.
    case .literal(let value): result.set(value)
    case .slot(let slot):
      guard slots[slot].kind != .absent else { throw RenderError.undefined(name: program.slotNames[slot]) }
      result.set(slots[slot])
    case .column(let feeder, let column):
      result.set(.text, program.feeders[feeder].table.field(row: rows[feeder], column: column))
    case .body: result.set(.text, body)
    case .runID: result.set(.text, run.context.runID.utf8)
    case .journeyNumber: result.set(number: Double(number))
    case .setting(let index): result.set(run.settings[index])
    case .uuid:
      result.set(.text, [])
      appendUUID(to: &result.bytes)
    case .now(let offset, let format): try moment(offset, format, into: &result, body)
    case .random(let least, let greatest):
      result.set(number: try drawn(try number(of: least, body: body), try number(of: greatest, body: body)))
    case .pick(let candidates): try evaluate(candidates[draw(below: candidates.count)], into: &result, body: body)
    case .counter(let index): result.set(number: Double(run.counters[index].next()))
    case .hmac(let key, let message):
      let code = hmacSHA256(key: try evaluated(key, body).bytes, try evaluated(message, body).bytes)
      result.set(.text, [])
      appendHex(code, to: &result.bytes)
    case .base64(let inner):
      let source = try evaluated(inner, body).bytes
      result.set(.text, [])
      appendBase64(source, to: &result.bytes)
    case .not(let inner): result.set(boolean: try !evaluated(inner, body).isTrue)
    case .and(let left, let right):
      let holds = try evaluated(left, body).isTrue
      result.set(boolean: holds ? try evaluated(right, body).isTrue : false)
    case .or(let left, let right):
      let holds = try evaluated(left, body).isTrue
      result.set(boolean: holds ? true : try evaluated(right, body).isTrue)
    case .compare(let comparison, let left, let right):
      result.set(boolean: try compare(comparison, try evaluated(left, body), try evaluated(right, body)))
    case .arithmetic(let operation, let left, let right):
      result.set(number: try calculate(operation, try number(of: left, body: body), try number(of: right, body: body)))
    }
  }

  private func moment(_ offset: Expression.Offset, _ format: TimeFormat, into result: inout Value, _ body: [UInt8])
    throws(RenderError)
  {
    var time = run.context.wallClockMilliseconds()
    switch offset {
    case .milliseconds(let milliseconds): time += milliseconds
    case .days(let days): time += Int64(min(max(try number(of: days, body: body), -1e6), 1e6) * 86_400_000)
    }
    result.set(format.isNumber ? .number : .text, [])
    format.write(millisecondsSinceEpoch: time, into: &result.bytes)
  }

  /// Whole numbers include both ends; otherwise a fraction from the first up to the second.
  private func drawn(_ least: Double, _ greatest: Double) throws(RenderError) -> Double {
    guard least == least.rounded(), greatest == greatest.rounded(), abs(least) < 9e15, abs(greatest) < 9e15 else {
      return least + (greatest - least) * drawFraction()
    }
    let width = Int(greatest) - Int(least)
    return width <= 0 ? least : least + Double(draw(below: width + 1))
  }

  private func calculate(_ operation: Expression.Arithmetic, _ left: Double, _ right: Double) throws(RenderError)
    -> Double
  {
    switch operation {
    case .add: return left + right
    case .subtract: return left - right
    case .multiply: return left * right
    case .divide, .remainder:
      if right == 0 { throw RenderError.divisionByZero }
      return operation == .divide ? left / right : left.truncatingRemainder(dividingBy: right)
    }
  }
}

/// Equality keeps kinds apart, but a text that spells a number (a CSV field, a header) equals that number. Order is by
/// number when both sides are numbers, by bytes when both are text.
func compare(_ comparison: Expression.Comparison, _ left: Value, _ right: Value) throws(RenderError) -> Bool {
  if left.kind == .number || right.kind == .number, let first = left.number, let second = right.number {
    return comparison.holds(first, second)
  }
  switch comparison {
  case .equal: return left == right
  case .unequal: return left != right
  case .less, .greater, .atMost, .atLeast:
    guard left.kind == .text, right.kind == .text else {
      throw RenderError.notANumber(text: (left.number == nil ? left : right).string)
    }
    if let first = left.number, let second = right.number { return comparison.holds(first, second) }
    let order = left.bytes.lexicographicallyPrecedes(right.bytes) ? -1.0 : left.bytes == right.bytes ? 0.0 : 1.0
    return comparison.holds(order, 0)
  }
}
