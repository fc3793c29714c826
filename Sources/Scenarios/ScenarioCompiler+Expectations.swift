// SPDX-License-Identifier: Apache-2.0
import Document
import JSON

/// Expectations and captures.
extension ScenarioCompiler {
  mutating func compileExpectations(_ draft: StepDraft, _ node: Node, _ step: inout CompiledRequest) {
    step.withinMicroseconds = (draft.expect?.within ?? defaults.within).map { $0.nanoseconds / 1000 }
    if let status = draft.expect?.status ?? defaults.status {
      let entries = statuses(status)
      if !entries.isEmpty { step.status = StatusRule(entries: entries) }
    }
    guard let expect = draft.expect else { return }
    for entry in expect.headers {
      for rule in entry.value.items ?? [entry.value] {
        guard let test = textTest(rule) else { continue }
        step.headerRules.append(HeaderRule(name: entry.key, test: test, place: rule.position.description))
      }
    }
    if let body = expect.body {
      for rule in body.items ?? [body] {
        guard let test = textTest(rule) else { continue }
        step.textRules.append(TextRule(test: test, place: rule.position.description))
      }
    }
    var paths = step.paths.paths
    for entry in expect.json {
      guard let path = path(Located(value: entry.key, node: entry.keyNode), &paths) else { continue }
      for rule in entry.value.items ?? [entry.value] {
        guard let test = jsonTest(rule) else { continue }
        step.jsonRules.append(JSONRule(path: path, test: test, place: entry.keyNode.position.description))
      }
    }
    step.paths = JSONPaths(paths)
    step.keepsBody = !step.textRules.isEmpty || !paths.isEmpty
    step.keepsHeaders = !step.headerRules.isEmpty
    if step.method == "HEAD", step.keepsBody { diagnostics.error(at: node, "the answer to HEAD has no body") }
  }

  private mutating func path(_ written: Located<String>, _ paths: inout [JSONPath]) -> Int? {
    do throws(JSONPathError) {
      let path = try JSONPath(written.value)
      if let index = paths.firstIndex(of: path) { return index }
      paths.append(path)
      return paths.count - 1
    } catch {
      report(error, written.node)
      return nil
    }
  }

  // MARK: statuses

  /// A number, 2xx, 200..204, a list of these, or a mapping with labels whose first entry is success.
  mutating func statuses(_ node: Node) -> [StatusRule.Entry] {
    var entries: [StatusRule.Entry] = []
    if let labelled = node.entries {
      for (index, entry) in labelled.enumerated() {
        guard let range = statusRange(entry.key) else { continue }
        let label = entry.value.text ?? ""
        if label.isEmpty { diagnostics.error(at: entry.value, "a label was expected, found \(entry.value.found)") }
        entries.append(.init(statuses: range, label: label, isRefusal: index > 0))
      }
    } else {
      for item in node.items ?? [node] {
        guard let range = statusRange(item) else { continue }
        entries.append(.init(statuses: range, label: nil, isRefusal: false))
      }
    }
    return entries
  }

  mutating func statusRange(_ node: Node, hint: String? = nil) -> ClosedRange<Int>? {
    if let range = Self.statusRange(of: node.text ?? "") { return range }
    diagnostics.error(
      at: node, "expected a status such as 200, 2xx or 200..204, found \(node.found)",
      hint: hint ?? (node.text?.contains("-") ?? false ? "write a range with two dots" : nil))
    return nil
  }

  static func statusRange(of text: String) -> ClosedRange<Int>? {
    if text.count == 3, text.hasSuffix("xx"), let digit = text.first?.wholeNumberValue, (1...5).contains(digit) {
      return digit * 100...digit * 100 + 99
    }
    let ends = text.split(separator: ".", omittingEmptySubsequences: false)
    if ends.count == 3, ends[1].isEmpty, let low = status(ends[0]), let high = status(ends[2]), low <= high {
      return low...high
    }
    return status(Substring(text)).map { $0...$0 }
  }

  private static func status(_ text: Substring) -> Int? {
    guard text.utf8.count == 3, let status = Int(text), (100...599).contains(status) else { return nil }
    return status
  }

  // MARK: rules

  /// The words a rule may begin with, and what follows them.
  private enum Wording {
    case exists, absent, empty, notEmpty
    case contains(Node, from: Int)
    case doesNotContain(Node, from: Int)
    case compare(Expression.Comparison, Node, from: Int)
  }

  private func wording(_ node: Node) -> Wording? {
    if let entries = node.entries, entries.count == 1 {
      let value = entries[0].value
      switch entries[0].key.text {
      case "equals": return .compare(.equal, value, from: 0)
      case "contains": return .contains(value, from: 0)
      case "not contains": return .doesNotContain(value, from: 0)
      default: return nil
      }
    }
    guard let text = node.text else { return nil }
    switch text {
    case "exists": return .exists
    case "absent": return .absent
    case "empty": return .empty
    case "not empty": return .notEmpty
    default: break
    }
    func rest(after prefix: String) -> Int? {
      guard text.hasPrefix(prefix) else { return nil }
      let blanks = text.utf8.dropFirst(prefix.utf8.count).prefix { $0 == 0x20 }
      return prefix.utf8.count + blanks.count
    }
    if let start = rest(after: "contains ") { return .contains(node, from: start) }
    if let start = rest(after: "not contains ") { return .doesNotContain(node, from: start) }
    for comparison in Expression.Comparison.allCases {
      if let start = rest(after: comparison.rawValue) { return .compare(comparison, node, from: start) }
    }
    return .compare(.equal, node, from: 0)
  }

  private mutating func misworded(_ node: Node) {
    diagnostics.error(
      at: node, "this is no expectation",
      hint: "not empty, empty, exists, absent, contains ..., not contains ..., \"> 0\", a value, or {equals: ...}")
  }

  private mutating func textTest(_ node: Node) -> TextTest? {
    switch wording(node) {
    case .exists?: return .exists
    case .absent?: return .absent
    case .notEmpty?: return .doesNotEqual(Template())
    case .empty?: return .equals(Template())
    case .contains(let inner, let start)?: return text(inner, from: start).map { .contains($0) }
    case .doesNotContain(let inner, let start)?: return text(inner, from: start).map { .doesNotContain($0) }
    case .compare(.equal, let inner, let start)?: return text(inner, from: start).map { .equals($0) }
    case .compare(.unequal, let inner, let start)?: return text(inner, from: start).map { .doesNotEqual($0) }
    case .compare?:
      diagnostics.error(at: node, "text is not compared by size", hint: "use {equals: ...} if it begins with that sign")
      return nil
    case nil:
      misworded(node)
      return nil
    }
  }

  private mutating func jsonTest(_ node: Node) -> JSONRule.Test? {
    switch wording(node) {
    case .exists?: return .exists
    case .absent?: return .absent
    case .empty?: return .empty
    case .notEmpty?: return .notEmpty
    case .contains(let inner, let start)?: return text(inner, from: start).map { .contains($0) }
    case .doesNotContain(let inner, let start)?: return text(inner, from: start).map { .doesNotContain($0) }
    case .compare(let comparison, let inner, 0)? where comparison == .equal:
      return value(inner).map { .compare(.equal, $0) }
    case .compare(let comparison, let inner, let start)?:
      return operand(inner, from: start).flatMap { operand in
        if case .constant(let value) = operand, value.number == nil, comparison != .equal, comparison != .unequal {
          diagnostics.error(at: inner, "only numbers are compared by size", hint: "use {equals: ...} for such a text")
          return nil
        }
        return .compare(comparison, operand)
      }
    case nil:
      misworded(node)
      return nil
    }
  }

  private mutating func text(_ node: Node, from start: Int) -> Template? {
    compiled(node) { text, scope throws(TemplateMistake) in
      do throws(TemplateMistake) {
        return try Template.text(String(text.utf8.dropFirst(start)) ?? "", scope: &scope)
      } catch {
        throw error.shifted(by: start)
      }
    }
  }

  /// What follows a comparison sign: a number, a quoted text, or a template.
  private mutating func operand(_ node: Node, from start: Int) -> ValueTemplate? {
    compiled(node) { text, scope throws(TemplateMistake) in
      let rest = String(text.utf8.dropFirst(start)) ?? ""
      if Value.parsedNumber(rest) != nil { return .constant(Value(kind: .number, bytes: Array(rest.utf8))) }
      if rest.isEmpty { throw TemplateMistake("a value is missing after the sign", offset: 0, length: text.utf8.count) }
      do throws(TemplateMistake) { return try ValueTemplate.compile(rest, scope: &scope) } catch {
        throw error.shifted(by: start)
      }
    }
  }

  // MARK: captures

  mutating func compileCaptures(_ draft: StepDraft, _ step: inout CompiledRequest) {
    var paths = step.paths.paths
    for entry in draft.captures {
      let slot = define(entry.key)
      guard let capture = entry.value.decode(&diagnostics) else { continue }
      var source = Capture.Source.status
      if let written = capture.json {
        guard let path = path(written, &paths) else { continue }
        source = .json(path: path, capture.pick ?? .first)
      } else if let header = capture.header {
        source = .header(header)
        step.keepsHeaders = true
      }
      var fallback: Value?
      if let node = capture.fallback {
        guard case .constant(let value)? = value(node) else {
          diagnostics.error(at: node, "a default is a plain value")
          continue
        }
        fallback = value
      }
      let isSecret = capture.isSecret || SensitiveNames.isSensitive(entry.key)
      if isSecret { secretNames.insert(entry.key) }
      step.captures.append(
        Capture(
          slot: slot, name: entry.key, source: source, fallback: fallback, isSecret: isSecret,
          place: entry.keyNode.position.description))
    }
    step.paths = JSONPaths(paths)
    if !paths.isEmpty { step.keepsBody = true }
  }
}
