// SPDX-License-Identifier: Apache-2.0
package import Scenarios
package import Transport

/// One request of a walk and what became of it. Valid during the call that brings it: its texts are not redacted, and its
/// buffers are used again.
package struct StepAttempt {
  package enum Outcome: Sendable, Equatable {
    case passed
    /// By a declared refusal, with its label.
    case refused(String)
    /// What went wrong, by the name of its kind; `within` for an answer that came too late.
    case failed(kind: String, StepExplanation)
  }

  /// Index into the program's scenarios.
  package var scenario: Int
  /// Index into the scenario's requests.
  package var request: Int
  /// 1 for the first send; each retry counts on.
  package var number: Int
  /// From the begin of the walk.
  package var dueNanoseconds: Int64
  package var endNanoseconds: Int64
  /// Nil when the request could not be made.
  package var sent: Sent?
  package var outcome: Outcome
  /// Another attempt follows.
  package var willRetry: Bool
  /// For redacting, and for the names of secrets.
  package let journey: Journey

  package struct Sent {
    package var method: String
    package var url: [UInt8]
    /// Header lines of the step alone: `Name: value`, or `Name;` for an empty value.
    package var headers: [[UInt8]]
    package var body: [UInt8]?
    package var traceparent: String
    /// Status, head and body of the answer, if one came.
    package let answer: Exchange
  }
}

/// Is told of everything that happens in a walk, on the walk's thread.
package protocol StepWitness: Sendable {
  /// The scenario is the next one: its setup begins, or its steps.
  func began(scenario: Int)
  /// A request is about to be sent.
  func sends(scenario: Int, request: Int, attempt: Int)
  func attempted(_ attempt: StepAttempt)
  /// A message that was replied to got one more reply.
  func repeatedReply(scenario: Int, request: Int, place: String)
  /// The walk came by and did not send it: it was to be left out, or (`missing`) lacks variables that a request left out
  /// would have captured.
  func leftOut(scenario: Int, request: Int, missing: [String])
  func ended(scenario: Int, _ end: ScenarioEnd)
}

/// How the walk through one scenario ended. What was not sent by then was met by nobody.
package enum ScenarioEnd: Sendable, Equatable {
  case completed
  /// A request failed, or could not be made.
  case failed
  case setupFailed
  /// By a declared refusal.
  case refused
  /// Stopped on the way.
  case interrupted
  /// The walk was stopped before its turn, or this process has nothing left to send by.
  case notBegun
  /// Another one failed before.
  case failFast
}
