// SPDX-License-Identifier: Apache-2.0
import JSON

extension CompiledRequest {
  func explanation(_ failure: StepFailure, _ response: some ResponseView, journey: Journey) -> StepExplanation {
    switch failure.kind {
    case .status:
      return StepExplanation(expected: "status \(status.shown)", actual: "\(response.status)", place: statusPlace)
    case .header:
      let rule = headerRules[failure.rule]
      return StepExplanation(
        expected: "header \(rule.name) \(shown(rule.test, journey))",
        actual: response.header(named: rule.name).map { "`\(Self.excerpt($0))`" } ?? "none", place: rule.place)
    case .body:
      let rule = textRules[failure.rule]
      let actual = Self.excerpt(String(decoding: response.body.prefix(400), as: UTF8.self))
      return StepExplanation(
        expected: "the body \(shown(rule.test, journey))", actual: "`\(actual)`", place: rule.place)
    case .json where failure.isUnreadable, .capture where failure.isUnreadable:
      return unreadable(response, journey)
    case .json:
      let rule = jsonRules[failure.rule]
      return StepExplanation(
        expected: "\(paths.paths[rule.path].text) \(shown(rule.test, journey))",
        actual: actual(rule, response, journey), place: rule.place)
    case .capture:
      let capture = captures[failure.rule]
      let source = shown(capture.source)
      var explanation = StepExplanation(
        expected: "\(source) to be there, to be kept as '\(capture.name)'", actual: "nothing", place: capture.place)
      explanation.wording = "nothing to capture for '\(capture.name)': \(source) is not in the answer"
      return explanation
    case .data, .render:
      let detail = failure.error?.detail ?? "the expectation could not be evaluated"
      var explanation = StepExplanation(
        expected: "an expectation that can be evaluated", actual: detail, place: place)
      explanation.wording = detail
      return explanation
    }
  }

  private func unreadable(_ response: some ResponseView, _ journey: Journey) -> StepExplanation {
    var explanation = StepExplanation(expected: "JSON", actual: "something else", place: place)
    do throws(JSONError) {
      try journey.matches.scan(response.body, paths)
      explanation.wording = "expected JSON"
    } catch {
      let start = Self.excerpt(String(decoding: response.body.prefix(200), as: UTF8.self))
      explanation.actual = "`\(start)` (\(error))"
      explanation.wording = "expected JSON, but \(error); the answer begins `\(start)`"
    }
    return explanation
  }

  private func actual(_ rule: JSONRule, _ response: some ResponseView, _ journey: Journey) -> String {
    guard let violation = try? violation(of: rule, response.body, journey) else { return "something else" }
    switch violation {
    case .nothingFound: return "no such value"
    case .value(let fragment): return Self.excerpt(fragment.raw(in: response.body.span))
    }
  }

  private func shown(_ source: Capture.Source) -> String {
    switch source {
    case .json(let path, _): paths.paths[path].text
    case .header(let name): "header \(name)"
    case .status: "the status"
    }
  }

  private func shown(_ test: TextTest, _ journey: Journey) -> String {
    switch test {
    case .exists: "to be there"
    case .absent: "to be absent"
    case .doesNotEqual(let template): "not to be `\(shown(template, journey))`"
    case .equals(let template): "to be `\(shown(template, journey))`"
    case .contains(let template): "to contain `\(shown(template, journey))`"
    case .doesNotContain(let template): "not to contain `\(shown(template, journey))`"
    }
  }

  private func shown(_ test: JSONRule.Test, _ journey: Journey) -> String {
    switch test {
    case .exists: return "to be there"
    case .absent: return "to be absent"
    case .empty: return "to be empty"
    case .notEmpty: return "to be not empty"
    case .contains(let template): return "to contain `\(shown(template, journey))`"
    case .doesNotContain(let template): return "not to contain `\(shown(template, journey))`"
    case .compare(let comparison, let template):
      var value = Value()
      do throws(RenderError) { try journey.evaluate(template, into: &value) } catch { return "to compare" }
      var text: [UInt8] = []
      _ = append(value.kind, value.bytes, as: .jsonValue, to: &text)
      let sign = comparison == .equal ? "" : "\(comparison.rawValue) "
      return "to be \(sign)\(Self.excerpt(String(decoding: text, as: UTF8.self)))"
    }
  }

  private func shown(_ template: Template, _ journey: Journey) -> String {
    var bytes: [UInt8] = []
    do throws(RenderError) { try journey.write(template, into: &bytes) } catch { return "?" }
    return Self.excerpt(String(decoding: bytes, as: UTF8.self))
  }

  private static func excerpt(_ text: String) -> String {
    text.unicodeScalars.count <= 160 ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(160))) + "..."
  }
}

extension StatusRule.Entry {
  var shownStatuses: String {
    if statuses.count == 100, statuses.lowerBound % 100 == 0 { return "\(statuses.lowerBound / 100)xx" }
    return statuses.count == 1 ? "\(statuses.lowerBound)" : "\(statuses.lowerBound)..\(statuses.upperBound)"
  }

  /// What a refusal is called in counts.
  var shownLabel: String { label ?? shownStatuses }
}

extension StatusRule {
  var shown: String {
    entries.map { entry in entry.shownStatuses + (entry.label.map { " (\($0))" } ?? "") }.joined(separator: " or ")
  }
}
