// SPDX-License-Identifier: Apache-2.0

/// An answer as the judge of a step needs it. The engine's exchange conforms.
package protocol ResponseView {
  var status: Int { get }
  /// Valid during the call only; empty unless the step keeps bodies.
  var body: UnsafeBufferPointer<UInt8> { get }
  /// The last header of that name, any case; nil when there is none.
  func header(named name: String) -> String?
}

/// What an answer meant for the step that asked.
package enum StepOutcome: Sendable, Equatable {
  case ok
  /// A declared refusal (409 sold out): no error, but the journey ends.
  case refused(label: String)
  case failed(StepFailure)
}

/// A failed expectation or capture, cheap to make; `RequestStep.explain` turns it into words.
package struct StepFailure: Sendable, Equatable {
  package var kind: FailureKind
  /// Which of the step's rules of that kind.
  var rule: Int
  /// The answer was not JSON (kind json or capture).
  var isUnreadable = false

  /// Why an expectation could not be evaluated (kind render).
  var error: RenderError?

  init(_ kind: FailureKind, rule: Int = 0, isUnreadable: Bool = false, error: RenderError? = nil) {
    self.kind = kind
    self.rule = rule
    self.isUnreadable = isUnreadable
    self.error = error
  }
}

/// A failure in words. It may hold data of the target: redact it.
package struct StepExplanation: Sendable, Equatable {
  /// `status 201`; completes "expected ...".
  package var expected: String
  /// `500`; completes "got ...".
  package var actual: String
  /// `file:line:column` of the expectation.
  package var place: String
  /// The whole, where "expected X, got Y" would not say it well.
  var wording: String?

  package init(expected: String, actual: String, place: String) {
    self.expected = expected
    self.actual = actual
    self.place = place
  }

  /// One sentence with its place.
  package var sentence: String { "\(wording ?? "expected \(expected), got \(actual)") (\(place))" }
}

/// A verdict on one answer.
package struct StepJudgement: Sendable, Equatable {
  package var outcome: StepOutcome
  /// Answered well, but not `within`. Counted beside ok, no failure.
  package var isSlow: Bool
}
