// SPDX-License-Identifier: Apache-2.0

/// Why a request could not be made, or a condition not be decided. Nothing was sent then.
package enum RenderError: Error, Equatable, Sendable {
  /// The variable has no value in this journey (the step that captures it was left out).
  case undefined(name: String)
  /// A captured value would have ended the header's line.
  case brokenHeader(name: String)
  /// `pick: unique` gave out its last row.
  case noMoreRows(feeder: String, rows: Int)
  /// Arithmetic or an order comparison met something that is no number.
  case notANumber(text: String)
  case divisionByZero
  /// The message to which a reply is awaited cannot be told from others.
  case noMessageID
  /// A message of this id was sent before in this run.
  case repeatedMessageID
  /// Text inserted into a request grew beyond the limit.
  case tooLarge(bytes: Int)

  /// The kind it is counted as.
  package var kind: FailureKind {
    if case .noMoreRows = self { .data } else { .render }
  }

  /// For people; may hold captured data, so it goes through the redactor like everything else.
  package var detail: String {
    switch self {
    case .undefined(let name): "'\(name)' has no value in this journey"
    case .brokenHeader(let name): "the value for header '\(name)' holds a line break, which would forge another header"
    case .noMoreRows(let feeder, let rows):
      "all \(rows) rows of '\(feeder)' are used up (pick: unique); add rows, or plan fewer journeys"
    case .notANumber(let text): "'\(text.prefix(80))' is not a number"
    case .divisionByZero: "division by zero"
    case .noMessageID:
      "the body has no message id at \(ReplyRule.messagePath), so no reply could be told to belong to it; "
        + "name it with `reply: {message: ...}`"
    case .repeatedMessageID:
      "a message with this id was sent before in this run; each needs its own, such as \"wamid.{{ uuid() }}\""
    case .tooLarge(let bytes): "a rendered text would be larger than \(bytes) bytes"
    }
  }
}

/// What was wrong with a step that got an answer, or could not be sent. Transport failures have their own names.
package enum FailureKind: UInt8, CaseIterable, Sendable {
  case status, header, body, json, capture, data, render

  /// The name used in files.
  package var name: String { "\(self)" }
}
