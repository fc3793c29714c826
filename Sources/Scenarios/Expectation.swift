// SPDX-License-Identifier: Apache-2.0

/// Which statuses are success, which are declared refusals.
struct StatusRule: Sendable, Equatable {
  struct Entry: Sendable, Equatable {
    var statuses: ClosedRange<Int>
    var label: String?
    var isRefusal: Bool
  }

  var entries: [Entry]

  /// What holds when nothing is written: 2xx.
  static let standard = StatusRule(entries: [Entry(statuses: 200...299, label: nil, isRefusal: false)])

  func entry(for status: Int) -> Entry? { entries.first { $0.statuses.contains(status) } }
}

/// What an expectation on text compares with.
enum TextTest: Sendable {
  case equals(Template)
  case doesNotEqual(Template)
  case contains(Template)
  case doesNotContain(Template)
  case exists
  case absent
}

struct HeaderRule: Sendable {
  var name: String
  var test: TextTest
  var place: String
}

struct TextRule: Sendable {
  var test: TextTest
  var place: String
}

/// An expectation on what a JSON path finds. When the path finds several values, each of them must fulfil it.
struct JSONRule: Sendable {
  enum Test: Sendable {
    case exists, absent, empty, notEmpty
    case compare(Expression.Comparison, ValueTemplate)
    case contains(Template)
    case doesNotContain(Template)
  }

  /// Index into the step's paths.
  var path: Int
  var test: Test
  var place: String
}

/// What is kept of an answer.
struct Capture: Sendable {
  enum Source: Sendable {
    /// Index into the step's paths.
    case json(path: Int, Pick)
    case header(String)
    case status
  }

  enum Pick: String, Sendable, CaseIterable {
    case first, last, random
  }

  var slot: Int
  var name: String
  var source: Source
  /// Used when the answer has nothing; nil: that is a failure.
  var fallback: Value?
  var isSecret: Bool
  var place: String
}

extension TextTest {
  func collectSlots(into slots: inout Set<Int>) {
    switch self {
    case .exists, .absent: break
    case .equals(let template), .doesNotEqual(let template), .contains(let template), .doesNotContain(let template):
      template.collectSlots(into: &slots)
    }
  }
}

extension JSONRule.Test {
  func collectSlots(into slots: inout Set<Int>) {
    switch self {
    case .exists, .absent, .empty, .notEmpty: break
    case .compare(_, let value): value.collectSlots(into: &slots)
    case .contains(let template), .doesNotContain(let template): template.collectSlots(into: &slots)
    }
  }
}
