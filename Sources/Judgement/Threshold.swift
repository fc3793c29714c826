// SPDX-License-Identifier: Apache-2.0

/// One rule about a run, as people write it: `p(95) < 300ms @peak`.
package struct Threshold: Sendable, Equatable {
  /// As written.
  package var text: String
  package var figure: Figure
  package var comparison: Comparison
  /// In the figure's base unit: microseconds, a share in 0...1, requests per second, requests, bytes. Infinite while a
  /// baseline that gives it is not known.
  package var limit: Double
  /// What gives the limit when no figure is written; nil: it is written.
  package var baseline: BaselineLimit?
  /// Which requests are meant: `@phase`, `step:scenario/step`.
  package var selection: Selection
  /// `over 10s`: the rule must hold in every sliding window of that many whole seconds.
  package var windowSeconds: Int?
  /// `abort`: the engine watches the rule and stops the run when it breaks. Never without a window.
  package var aborts: Bool
  /// Where the names of the selection stand in `text`, for errors about unknown ones.
  package var phaseSpan: TextSpan?
  package var stepSpan: TextSpan?

  package init(
    text: String, figure: Figure, comparison: Comparison, limit: Double, selection: Selection = Selection(),
    windowSeconds: Int? = nil, aborts: Bool = false, phaseSpan: TextSpan? = nil, stepSpan: TextSpan? = nil,
    baseline: BaselineLimit? = nil
  ) {
    self.text = text
    self.figure = figure
    self.comparison = comparison
    self.limit = limit
    self.selection = selection
    self.windowSeconds = windowSeconds
    self.aborts = aborts
    self.phaseSpan = phaseSpan
    self.stepSpan = stepSpan
    self.baseline = baseline
  }
}

/// What a rule is about.
package enum Figure: Sendable, Hashable {
  /// `p(95)`, `med`: share in 0...1, exclusive.
  case quantile(Measure, Double)
  case mean(Measure)
  case minimum(Measure)
  case maximum(Measure)
  /// Shares of the requests sent (`unsent`: of those due).
  case errors, slow, refused, unsent
  /// `rate`: requests answered per second.
  case rate
  /// `count`: requests sent.
  case count
  /// `replies lost`: how many; and with a limit in percent, of those awaited.
  case replies(ReplyEvent)
  case replyShare(ReplyEvent)
  /// `lost`, `duplicated`: how many writes of the whole run, as they were read back.
  case writes(WriteEvent)
  /// What the target says about itself.
  case target(TargetFigure)
}

/// What may not become of a write that the target acknowledged.
package enum WriteEvent: String, Sendable, Hashable, CaseIterable {
  case lost, duplicated
}

/// What may be wrong with replies. A late one came all the same; a duplicated one came more than once.
package enum ReplyEvent: String, Sendable, Hashable, CaseIterable {
  case lost, late, duplicated
}

/// How a figure is compared with its limit.
package enum Comparison: String, Sendable, Hashable, CaseIterable {
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case equal = "=="
  case notEqual = "!="

  /// Exact comparison; nothing is rounded.
  package func holds(_ value: Double, _ limit: Double) -> Bool {
    switch self {
    case .less: value < limit
    case .lessOrEqual: value <= limit
    case .greater: value > limit
    case .greaterOrEqual: value >= limit
    case .equal: value == limit
    case .notEqual: value != limit
    }
  }
}

/// A stretch of a text, in UTF-8 bytes.
package struct TextSpan: Sendable, Hashable {
  package var offset: Int
  package var length: Int

  package init(offset: Int, length: Int) {
    self.offset = offset
    self.length = length
  }
}

/// Why a threshold was not understood, and where.
package struct ThresholdError: Error, Sendable, Equatable {
  /// The part that is meant, within the text; length 0 where something is missing.
  package var span: TextSpan
  /// What is wrong, without a full stop.
  package var message: String
  /// What to write instead ("did you mean"), when that can be said.
  package var suggestion: String?

  package init(span: TextSpan, message: String, suggestion: String? = nil) {
    self.span = span
    self.message = message
    self.suggestion = suggestion
  }
}
