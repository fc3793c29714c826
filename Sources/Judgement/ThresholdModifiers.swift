// SPDX-License-Identifier: Apache-2.0

/// Where each modifier was written, to refuse a second one and to point at what does not fit.
struct ModifierSpans {
  var phase: TextSpan?
  var step: TextSpan?
  var window: TextSpan?
  var abort: TextSpan?
}

extension ThresholdParser {
  /// Reads one modifier into the result; false at the end of the text.
  mutating func modifier(
    of result: inout Threshold, spans: inout ModifierSpans
  ) throws(ThresholdError) -> Bool {
    let before = scanner.offset
    scanner.skipBlanks()
    guard let byte = scanner.peek else { return false }
    let begin = scanner.offset
    if byte == UInt8(ascii: "@") {
      _ = scanner.take("@")
      let name = try scanner.name("a phase, such as @peak or @steady")
      try setOnce(&spans.phase, from: begin, "a phase")
      result.selection.phase = name.text
      result.phaseSpan = name.span
      return true
    }
    guard begin > before, let word = scanner.word() else {
      throw scanner.unexpected("the end, @phase, step:, over or abort")
    }
    switch word.text {
    case "step":
      guard scanner.take(":") else {
        throw scanner.missing("step: and the name of a step", suggestion: "step:scenario/step")
      }
      let name = try scanner.name("the name of a step, such as reservation/book")
      try checkStep(name)
      try setOnce(&spans.step, from: begin, "a step")
      result.selection.step = name.text
      result.stepSpan = name.span
    case "over":
      let seconds = try window()
      try setOnce(&spans.window, from: begin, "a window")
      result.windowSeconds = seconds
    case "abort":
      try setOnce(&spans.abort, from: begin, "abort")
      result.aborts = true
    default:
      throw unknownModifier(word)
    }
    return true
  }

  private func setOnce(
    _ span: inout TextSpan?, from begin: Int, _ what: String
  ) throws(ThresholdError) {
    let written = TextSpan(offset: begin, length: scanner.offset - begin)
    guard span == nil else { throw ThresholdError(span: written, message: "\(what) is given twice") }
    span = written
  }

  private func checkStep(_ name: ThresholdScanner.Word) throws(ThresholdError) {
    let parts = name.text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.allSatisfy({ !$0.isEmpty }) else {
      throw ThresholdError(
        span: name.span, message: "a step is written scenario/step, or scenario for all of its steps")
    }
  }

  private mutating func window() throws(ThresholdError) -> Int {
    scanner.skipBlanks()
    let begin = scanner.offset
    guard let number = try scanner.number() else {
      throw scanner.isAtEnd
        ? scanner.missing("the length of the window", suggestion: "over 10s")
        : scanner.unexpected("the length of the window, such as 10s")
    }
    guard scanner.hasUnit else {
      throw ThresholdError(
        span: number.span, message: "the length of a window has a unit",
        suggestion: "over \(scanner.text(of: number.span))s")
    }
    let seconds = try time(number, name: "over", plainIsMilliseconds: false) / 1_000_000
    guard seconds >= 1, seconds == seconds.rounded(), seconds <= 86_400 else {
      throw ThresholdError(
        span: TextSpan(offset: begin, length: scanner.offset - begin),
        message: "a window is a whole number of seconds, from 1 s to 24 h")
    }
    return Int(seconds)
  }

  private func unknownModifier(_ word: ThresholdScanner.Word) -> ThresholdError {
    let lowered = word.text.lowercased()
    let synonyms = [
      "for": "over", "during": "@", "in": "@", "and": "a second threshold", "or": "a second threshold",
      "phase": "@", "abortonfail": "abort", "stop": "abort", "steady": "@steady",
    ]
    if lowered == "and" || lowered == "or" {
      return ThresholdError(
        span: word.span, message: "a threshold is one comparison; write a second threshold for the other")
    }
    return ThresholdError(
      span: word.span, message: "\(word.text) is not understood here; after the limit come @phase, step:, over, abort",
      suggestion: synonyms[lowered]
        ?? nearest(to: lowered, among: ["over", "abort", "step"])
        .map { $0 == "step" ? "step:" : $0 })
  }

  /// What each part allows, but not both together.
  func check(
    _ threshold: Threshold, figure: TextSpan, limit: TextSpan, modifiers: ModifierSpans
  ) throws(ThresholdError) {
    if threshold.aborts, threshold.windowSeconds == nil, let abort = modifiers.abort {
      throw ThresholdError(
        span: abort, message: "abort needs the window in which the rule is watched", suggestion: "over 10s abort")
    }
    if case .writes = threshold.figure,
      let span = modifiers.phase ?? modifiers.step ?? modifiers.window ?? modifiers.abort
    {
      throw ThresholdError(
        span: span,
        message: "\(scanner.text(of: figure)) is counted over the whole run, after it: nothing comes behind it")
    }
    if case .target = threshold.figure, let span = modifiers.step ?? modifiers.window ?? modifiers.abort {
      throw ThresholdError(
        span: span,
        message: "\(scanner.text(of: figure)) is the target's own figure, judged sample by sample: only @phase comes"
          + " behind it")
    }
    if let window = modifiers.window {
      switch threshold.figure {
      case .mean, .minimum, .maximum, .count, .replies, .writes, .target:
        throw ThresholdError(
          span: window,
          message: "\(scanner.text(of: figure)) cannot be judged over a window; percentiles, shares and rate can")
      case .quantile(.journey, _) where threshold.aborts:
        throw ThresholdError(span: figure, message: "journey times cannot be watched while the run goes on")
      case .quantile(.reply, _) where threshold.aborts, .replyShare where threshold.aborts:
        throw ThresholdError(span: figure, message: "replies cannot be watched while the run goes on")
      case .unsent where threshold.aborts:
        throw ThresholdError(span: figure, message: "unsent cannot be watched while the run goes on")
      case .quantile where threshold.comparison == .equal || threshold.comparison == .notEqual:
        throw ThresholdError(span: window, message: "a percentile over a window is compared with < <= > or >=")
      case .quantile, .errors, .slow, .refused, .unsent, .rate, .replyShare: break
      }
    }
    if threshold.figure.measure == .journey, let step = threshold.selection.step, step.contains("/"),
      let span = modifiers.step, let scenario = step.split(separator: "/").first
    {
      throw ThresholdError(
        span: span, message: "a journey is a pass through a whole scenario", suggestion: "step:\(scenario)")
    }
    switch (threshold.comparison, threshold.limit) {
    case (.less, 0):
      throw ThresholdError(
        span: limit, message: "nothing is less than 0: this can never hold",
        suggestion: threshold.figure.measure == nil ? "== 0" : nil)
    case (.greaterOrEqual, 0):
      throw ThresholdError(span: limit, message: "everything is at least 0: this always holds and proves nothing")
    default: break
    }
  }
}

extension Figure {
  /// Which time it is about; nil for shares and counts.
  package var measure: Measure? {
    switch self {
    case .quantile(let measure, _), .mean(let measure), .minimum(let measure), .maximum(let measure): measure
    case .errors, .slow, .refused, .unsent, .rate, .count, .replies, .replyShare, .writes, .target: nil
    }
  }

  /// Counted in replies, not in requests.
  package var isAboutReplies: Bool {
    switch self {
    case .replies, .replyShare: true
    default: measure == .reply
    }
  }

  /// What is judged, one and many.
  var noun: String { isAboutReplies ? "reply" : measure == .journey ? "journey" : "request" }
  var nouns: String { isAboutReplies ? "replies" : noun + "s" }
}
