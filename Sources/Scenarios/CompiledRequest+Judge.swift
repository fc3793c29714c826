// SPDX-License-Identifier: Apache-2.0
import JSON

extension CompiledRequest {
  func judge(_ response: some ResponseView, elapsedMicroseconds: Int64, journey: Journey) -> StepJudgement {
    guard let entry = status.entry(for: response.status) else {
      return StepJudgement(outcome: .failed(StepFailure(.status)), isSlow: false)
    }
    let isSlow = withinMicroseconds.map { elapsedMicroseconds > $0 } ?? false
    if entry.isRefusal { return StepJudgement(outcome: .refused(label: entry.shownLabel), isSlow: isSlow) }
    if let failure = check(response, journey) { return StepJudgement(outcome: .failed(failure), isSlow: false) }
    return StepJudgement(outcome: .ok, isSlow: isSlow)
  }

  private func check(_ response: some ResponseView, _ journey: Journey) -> StepFailure? {
    do throws(RenderError) {
      for (index, rule) in headerRules.enumerated() {
        let value = response.header(named: rule.name)
        if try !holds(rule.test, value.map { Array($0.utf8) }, journey) { return StepFailure(.header, rule: index) }
      }
      let body = response.body
      for (index, rule) in textRules.enumerated() where try !holds(rule.test, body, journey) {
        return StepFailure(.body, rule: index)
      }
      if paths.count > 0 {
        do throws(JSONError) { try journey.matches.scan(body, paths) } catch {
          return StepFailure(jsonRules.isEmpty ? .capture : .json, isUnreadable: true)
        }
        for (index, rule) in jsonRules.enumerated() where try violation(of: rule, body, journey) != nil {
          return StepFailure(.json, rule: index)
        }
      }
    } catch {
      return StepFailure(.render, error: error)
    }
    for (index, capture) in captures.enumerated() where !keep(capture, of: response, journey) {
      return StepFailure(.capture, rule: index)
    }
    return nil
  }

  // MARK: text

  private func holds(_ test: TextTest, _ value: [UInt8]?, _ journey: Journey) throws(RenderError) -> Bool {
    guard let value else {
      switch test {
      case .absent, .doesNotContain: return true
      case .doesNotEqual: return false
      case .exists, .equals, .contains: return false
      }
    }
    // Typed throws do not pass through withUnsafeBufferPointer's closure: the result carries them.
    let result = value.withUnsafeBufferPointer { buffer in
      Result { () throws(RenderError) in try holds(test, buffer, journey) }
    }
    return try result.get()
  }

  private func holds(_ test: TextTest, _ value: UnsafeBufferPointer<UInt8>, _ journey: Journey) throws(RenderError)
    -> Bool
  {
    switch test {
    case .exists: return true
    case .absent: return false
    case .equals(let template): return equal(value, try rendered(template, journey))
    case .doesNotEqual(let template): return try !equal(value, rendered(template, journey))
    case .contains(let template): return contains(value, try rendered(template, journey))
    case .doesNotContain(let template): return try !contains(value, rendered(template, journey))
    }
  }

  private func rendered(_ template: Template, _ journey: Journey) throws(RenderError) -> [UInt8] {
    if let constant = template.constant { return constant }
    journey.expected.removeAll(keepingCapacity: true)
    var bytes: [UInt8] = []
    swap(&bytes, &journey.expected)
    defer { journey.expected = bytes }
    try journey.write(template, into: &bytes)
    return bytes
  }

  // MARK: JSON

  enum Violation {
    case nothingFound
    case value(JSONFragment)
  }

  /// What of the answer breaks the rule; nil when it holds.
  func violation(of rule: JSONRule, _ body: UnsafeBufferPointer<UInt8>, _ journey: Journey) throws(RenderError)
    -> Violation?
  {
    let first = journey.matches.first(of: rule.path)
    switch rule.test {
    case .absent: return first.map { .value($0) }
    case .exists: return first == nil ? .nothingFound : nil
    default: break
    }
    guard let first else { return .nothingFound }
    if try !holds(rule.test, first, body, journey) { return .value(first) }
    guard paths.paths[rule.path].isMany else { return nil }
    for fragment in journey.matches.all(of: rule.path).dropFirst()
    where try !holds(rule.test, fragment, body, journey) {
      return .value(fragment)
    }
    return nil
  }

  private func holds(
    _ test: JSONRule.Test, _ fragment: JSONFragment, _ body: UnsafeBufferPointer<UInt8>, _ journey: Journey
  ) throws(RenderError) -> Bool {
    let bytes = body.span
    switch test {
    case .exists: return true
    case .absent: return false
    case .empty: return fragment.isEmpty
    case .notEmpty: return !fragment.isEmpty
    case .compare(.equal, .constant(let value)) where value.kind == .text && fragment.kind == .string:
      return fragment.equals(value.bytes, in: bytes)
    case .compare(let comparison, let template):
      var expected = Value()
      try journey.evaluate(template, into: &expected)
      var actual = Value()
      actual.set(fragment, in: body)
      return actual.fulfils(comparison, expected)
    case .contains(let template):
      let text = Array(fragment.string(in: bytes).utf8)
      let needle = try rendered(template, journey)
      return text.withUnsafeBufferPointer { contains($0, needle) }
    case .doesNotContain(let template):
      let text = Array(fragment.string(in: bytes).utf8)
      let needle = try rendered(template, journey)
      return !text.withUnsafeBufferPointer { contains($0, needle) }
    }
  }

  // MARK: captures

  /// False when the answer has nothing to keep and there is no default.
  func keep(_ capture: Capture, of response: some ResponseView, _ journey: Journey) -> Bool {
    switch capture.source {
    case .status:
      journey.slots[capture.slot].set(.number, String(response.status).utf8)
      return true
    case .header(let name):
      guard let value = response.header(named: name) else { return keepFallback(capture, journey) }
      journey.slots[capture.slot].set(.text, value.utf8)
      return true
    case .json(let path, let pick):
      let fragment: JSONFragment?
      switch pick {
      case .first: fragment = journey.matches.first(of: path)
      case .last: fragment = journey.matches.fragment(of: path, at: journey.matches.count(of: path) - 1)
      case .random:
        let count = journey.matches.count(of: path)
        fragment = count == 0 ? nil : journey.matches.fragment(of: path, at: journey.draw(below: count))
      }
      guard let fragment, !(fragment.isNull && capture.fallback != nil) else { return keepFallback(capture, journey) }
      journey.slots[capture.slot].set(fragment, in: response.body)
      return true
    }
  }

  private func keepFallback(_ capture: Capture, _ journey: Journey) -> Bool {
    guard let fallback = capture.fallback else { return false }
    journey.slots[capture.slot].set(fallback)
    return true
  }
}

extension Value {
  /// The value of a fragment: a string's content, or the JSON text of anything else.
  mutating func set(_ fragment: JSONFragment, in body: UnsafeBufferPointer<UInt8>) {
    clear()
    switch fragment.kind {
    case .string:
      kind = .text
      fragment.appendContent(in: body.span, to: &bytes)
    case .number: set(.number, fragment.raw(in: body.span).utf8)
    case .null: set(.null, body[fragment.range])
    case .bool: set(.boolean, body[fragment.range])
    case .array: set(.list, body[fragment.range])
    case .object: set(.object, body[fragment.range])
    }
  }

  /// An answer against what is expected of it. Equality keeps types: the text "2" is not the number 2. An order holds
  /// between numbers only; a text is in no order with a number.
  func fulfils(_ comparison: Expression.Comparison, _ expected: Value) -> Bool {
    switch comparison {
    case .equal: return self == expected
    case .unequal: return self != expected
    case .less, .greater, .atMost, .atLeast:
      guard kind == .number, let actual = number, let limit = expected.number else { return false }
      return comparison.holds(actual, limit)
    }
  }
}
