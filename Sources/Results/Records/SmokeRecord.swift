// SPDX-License-Identifier: Apache-2.0

/// What a run was. A record of before there was smoke is one of load.
package enum RunKind: String, Codable, Sendable, CaseIterable {
  case load, smoke
}

extension KeyedDecodingContainer {
  /// A missing key reads as `load`.
  package func decode(_ type: RunKind.Type, forKey key: Key) throws -> RunKind {
    guard contains(key) else { return .load }
    let name = try decode(String.self, forKey: key)
    guard let kind = RunKind(rawValue: name) else {
      throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "no kind of run: \(name)")
    }
    return kind
  }
}

/// The part of `run.json` that only smoke has: every step of every scenario, and every attempt at it. Texts of the
/// network are redacted by whoever made the record; they may hold control characters.
package struct SmokeRecord: Codable, Sendable, Equatable {
  package var settings: SmokeSettings
  /// In the order in which they were to be walked.
  package var scenarios: [SmokeScenario]
  /// Null when nothing says which operations the target has; `coverageMissing` tells why then.
  @Nullable package var coverage: CoverageRecord?
  @Nullable package var coverageMissing: String?

  package init(settings: SmokeSettings, scenarios: [SmokeScenario]) {
    self.settings = settings
    self.scenarios = scenarios
  }
}

/// What was asked for, as far as verdicts depend on it.
package struct SmokeSettings: Codable, Sendable, Equatable {
  /// Only steps were sent that change nothing in the target.
  package var readOnly: Bool
  /// Only steps with one of these were meant; empty: all.
  package var tags: [String]
  /// The rest was left out after the first failure.
  package var failFast: Bool
  /// Sends after the first one, for steps without a rule of their own.
  package var retries: Int
  /// Wait between those, in milliseconds.
  package var retryPause: Double
  /// Only scenarios named one by one were walked: what they leave uncalled is nobody's fault.
  package var partial = false

  package init(readOnly: Bool, tags: [String], failFast: Bool, retries: Int, retryPause: Double) {
    self.readOnly = readOnly
    self.tags = tags
    self.failFast = failFast
    self.retries = retries
    self.retryPause = retryPause
  }
}

/// One scenario of a smoke run.
package struct SmokeScenario: Codable, Sendable, Equatable {
  package var scenario: String
  /// As written in the file, "" for none.
  package var about: String
  /// Checklist items that its steps prove.
  package var marks: [SmokeMark] = []
  /// Setup, steps and finally, in the order of the file.
  package var steps: [SmokeStep]

  package init(scenario: String, about: String, steps: [SmokeStep]) {
    self.scenario = scenario
    self.about = about
    self.steps = steps
  }
}

/// A checklist item, and the steps of the scenario that prove it when all of them pass.
package struct SmokeMark: Codable, Sendable, Equatable {
  package var item: String
  /// In the order in which they are to pass.
  package var steps: [String]

  package init(item: String, steps: [String]) {
    self.item = item
    self.steps = steps
  }
}

/// One step of a scenario, and what became of it.
package struct SmokeStep: Codable, Sendable, Equatable {
  package enum Section: String, Codable, Sendable, CaseIterable { case setup, steps, finally }

  package enum Status: String, Codable, Sendable, CaseIterable {
    case passed, failed
    /// Not sent, or refused by a declared refusal: `cause` and `reason` tell why it proves nothing.
    case skipped
  }

  /// Why a step was left out.
  package enum Cause: String, Codable, Sendable, CaseIterable {
    /// None of its tags was asked for.
    case tags
    /// It may write, and only reading was allowed.
    case readOnly
    /// Its own `when`, or a loop of no rounds.
    case condition
    /// In `finally`: nothing was made that would have to be cleaned up.
    case nothingToCleanUp
    /// It needs what a step would have found that was left out by tags or for reading only.
    case missingValue
    /// It awaits a reply, and nothing says where the target's replies arrive.
    case noSink
    /// A step before it failed.
    case earlierFailure
    /// The target refused it, or a step before it, in a way the scenario declares (409 sold out).
    case refusal
    /// The scenario's setup failed.
    case setup
    /// Another scenario failed, and the run was to end then.
    case failFast
    /// The run was stopped.
    case interrupted

    /// Left out on purpose: nobody can call the run unproven for it.
    package var isOnPurpose: Bool {
      switch self {
      case .tags, .readOnly, .condition, .nothingToCleanUp, .missingValue: true
      case .noSink, .earlierFailure, .refusal, .setup, .failFast, .interrupted: false
      }
    }
  }

  package var name: String
  /// As written in the file, null for none.
  @Nullable package var about: String?
  package var section: Section
  /// `file:line:column` of the step.
  package var place: String
  package var method: String
  /// Path and query as written in the file, templates included.
  package var path: String
  package var tags: [String]
  /// It may change something in the target.
  package var writes: Bool
  /// Computed from `attempts`.
  package var status = Status.skipped
  /// Passed, but not at the first attempt. Computed from `attempts`.
  package var flaky = false
  @Nullable package var cause: Cause?
  /// A sentence for people, null for a step that passed or failed.
  @Nullable package var reason: String?
  /// In the order of sending; empty when it was not sent.
  package var attempts: [SmokeAttempt] = []

  package init(
    name: String, section: Section, place: String, method: String, path: String, tags: [String], writes: Bool
  ) {
    self.name = name
    self.section = section
    self.place = place
    self.method = method
    self.path = path
    self.tags = tags
    self.writes = writes
  }
}

/// One request of a step and its answer.
package struct SmokeAttempt: Codable, Sendable, Equatable {
  package enum Outcome: String, Codable, Sendable, CaseIterable {
    case passed, failed
    /// By a declared refusal.
    case refused
  }

  /// 1 for the first send; each retry counts on.
  package var number: Int
  /// 1 but for a step that is repeated until something holds.
  package var round: Int
  package var at: Timestamp
  /// Due to last byte, in milliseconds: what `within` is compared with.
  package var duration: Double
  package var method: String
  /// As sent, redacted; empty when the request could not be made.
  package var url: String
  /// Header lines of the step, redacted.
  package var headers: [String]
  /// Begin of what was sent, redacted; null for none.
  @Nullable package var body: String?
  /// Finds the request in the target's own traces and logs; empty when nothing was sent.
  package var traceparent: String
  /// Null when there was no answer.
  @Nullable package var status: Int?
  /// Header lines of the answer, redacted.
  package var answerHeaders: [String]
  /// Begin of the answer's body, redacted; null when there was none.
  @Nullable package var answer: String?
  /// Bytes of the whole body.
  package var answerBytes: Int
  package var outcome: Outcome
  @Nullable package var failure: SmokeFailure?
  /// The command that sends the same request again; null for what passed or could not be made.
  @Nullable package var curl: String?

  package init(
    number: Int, round: Int, at: Timestamp, duration: Double, method: String, url: String, headers: [String],
    body: String?, traceparent: String, status: Int?, answerHeaders: [String], answer: String?, answerBytes: Int,
    outcome: Outcome, failure: SmokeFailure? = nil, curl: String? = nil
  ) {
    self.number = number
    self.round = round
    self.at = at
    self.duration = duration
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.traceparent = traceparent
    self.status = status
    self.answerHeaders = answerHeaders
    self.answer = answer
    self.answerBytes = answerBytes
    self.outcome = outcome
    self.failure = failure
    self.curl = curl
  }
}

/// Why an attempt failed. Redacted.
package struct SmokeFailure: Codable, Sendable, Equatable {
  /// Name of the kind, as in `failedByKind`; `within` for an answer that came too late.
  package var kind: String
  package var expected: String
  package var actual: String
  /// `file:line:column` of the expectation.
  package var place: String

  package init(kind: String, expected: String, actual: String, place: String) {
    self.kind = kind
    self.expected = expected
    self.actual = actual
    self.place = place
  }

  /// `expected status 201, got 500`.
  package var sentence: String { "expected \(expected), got \(actual)" }
}
