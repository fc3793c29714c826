// SPDX-License-Identifier: Apache-2.0

// The grammar, in one place:
//
//   threshold  = figure comparison limit { modifier }
//   figure     = [ "response" | "service" | "journey" | "reply" ] ( "p(" number ")" | "med" | "avg" | "min" | "max" )
//              | "errors" | "slow" | "refused" | "unsent" | "rate" | "count"
//              | "replies" ( "lost" | "late" | "duplicated" )
//              | "lost" | "duplicated"                           writes of the whole run; no modifier
//              | ( "metric" | "cpu" | "memory" ) "(" name ")"    of the target: every sample must hold; only "@" behind it
//   comparison = "<" | "<=" | ">" | ">=" | "==" | "===" | "!=" | "!=="
//   limit      = number [ unit ]        a time: us ms s m h, compound ("1m30s"), without a unit milliseconds as in k6;
//                                       a share: % or a fraction; a rate: /s or nothing; a count: nothing;
//                                       replies: a number of them, or % of those awaited; metric: plain, bytes (B kB
//                                       MB GB KiB MiB GiB) or %; cpu: %; memory: bytes, or % of its limit
//              | "baseline" [ ( "+" | "-" ) margin | "*" factor ]       of med, p(95), p(99), errors, rate: what an
//                                       earlier run found; a margin in % is relative to it
//   modifier   = "@" name | "step:" pattern | "over" time | "abort"          each once, in any order
//   name, pattern: up to the next blank, or in double quotes
//
// What is not evaluated by this version is refused here and never accepted in silence.

extension Threshold {
  /// Reads one threshold, and refuses whatever this version cannot judge. Linear in the length of the text.
  package static func parse(_ text: String) throws(ThresholdError) -> Threshold {
    var parser = ThresholdParser(text)
    return try parser.threshold()
  }
}

/// One pass over the bytes of one text.
struct ThresholdParser {
  var scanner: ThresholdScanner
  /// Of the limit just read.
  private var baseline: BaselineLimit?

  init(_ text: String) {
    scanner = ThresholdScanner(text)
  }

  mutating func threshold() throws(ThresholdError) -> Threshold {
    scanner.skipBlanks()
    let begin = scanner.offset
    var figure = try figure()
    let figureSpan = TextSpan(offset: begin, length: scanner.offset - begin)
    let comparison = try comparison()
    let limit = try limit(of: &figure, named: scanner.text(of: figureSpan))
    if case .replies(let event) = figure, scanner.text(of: limit.span).hasSuffix("%") { figure = .replyShare(event) }
    var result = Threshold(
      text: scanner.wholeText, figure: figure, comparison: comparison, limit: limit.value, baseline: baseline)
    var modifiers = ModifierSpans()
    while try modifier(of: &result, spans: &modifiers) {}
    try check(result, figure: figureSpan, limit: limit.span, modifiers: modifiers)
    return result
  }

  // MARK: Figure

  private mutating func figure() throws(ThresholdError) -> Figure {
    guard let word = scanner.word() else {
      if scanner.isAtEnd { throw scanner.missing("a figure, such as p(95) or errors") }
      throw scanner.unexpected("a figure, such as p(95) or errors")
    }
    if word.text == "replies" { return .replies(try replyEvent()) }
    if let measure = Measure(rawValue: word.text) {
      scanner.skipBlanks()
      guard let next = scanner.word() else {
        throw scanner.missing(
          "which \(word.text) time is meant is missing", suggestion: "\(word.text) p(95)", bare: true)
      }
      guard let figure = try statistic(next, measure: measure) else {
        if measure == .reply, let event = Self.replyEvent(next.text) {
          throw ThresholdError(
            span: TextSpan(offset: word.span.offset, length: next.span.offset + next.span.length - word.span.offset),
            message: "of all replies together one says `replies`", suggestion: "replies \(event.rawValue)")
        }
        if ThresholdWords.plainFigures[next.text] != nil {
          throw ThresholdError(
            span: word.span, message: "\(next.text) is no time: \(word.text) cannot stand before it",
            suggestion: next.text)
        }
        throw unknownFigure(next, among: ThresholdWords.statistics)
      }
      return figure
    }
    if let figure = try statistic(word, measure: .response) { return figure }
    if let figure = ThresholdWords.plainFigures[word.text] { return figure }
    if let figure = try targetFigure(word) { return .target(figure) }
    throw unknownFigure(word, among: ThresholdWords.figures)
  }

  private mutating func replyEvent() throws(ThresholdError) -> ReplyEvent {
    scanner.skipBlanks()
    guard let word = scanner.word() else {
      throw scanner.missing("which replies are meant (lost, late, duplicated)", suggestion: "replies lost")
    }
    if let event = ReplyEvent(rawValue: word.text) { return event }
    if ThresholdWords.statistics.contains(word.text) || word.text == "p" || ThresholdWords.percentile(word.text) != nil
    {
      throw ThresholdError(
        span: word.span, message: "a time of replies is written with `reply`",
        suggestion:
          "reply \(word.text == "p" ? "p(95)" : ThresholdWords.percentile(word.text).map { "p(\($0))" } ?? word.text)")
    }
    throw ThresholdError(
      span: word.span, message: "replies are \(ThresholdWords.replyEvents.joined(separator: ", "))",
      suggestion: Self.replyEvent(word.text)?.rawValue)
  }

  /// What was meant, when that can be said.
  private static func replyEvent(_ word: String) -> ReplyEvent? {
    let lowered = word.lowercased()
    let meant = ThresholdWords.replySynonyms[lowered] ?? nearest(to: lowered, among: ThresholdWords.replyEvents)
    return meant.flatMap { ReplyEvent(rawValue: $0) }
  }

  private mutating func statistic(
    _ word: ThresholdScanner.Word, measure: Measure
  ) throws(ThresholdError) -> Figure? {
    switch word.text {
    case "avg": return .mean(measure)
    case "med": return .quantile(measure, 0.5)
    case "min": return .minimum(measure)
    case "max": return .maximum(measure)
    case "p": break
    default: return nil
    }
    guard scanner.take("(") else {
      throw scanner.missing("p needs its percentile in parentheses", suggestion: "p(95)", bare: true)
    }
    scanner.skipBlanks()
    guard let number = try scanner.number() else {
      throw scanner.isAtEnd
        ? scanner.missing("a percentile, such as 95") : scanner.unexpected("a percentile, such as 95")
    }
    if scanner.peek == UInt8(ascii: "%") {
      throw ThresholdError(
        span: TextSpan(offset: scanner.offset, length: 1), message: "a percentile is written without %",
        suggestion: "p(\(scanner.text(of: number.span)))")
    }
    scanner.skipBlanks()
    guard scanner.take(")") else {
      throw scanner.isAtEnd
        ? scanner.missing("a closing parenthesis") : scanner.unexpected("a closing parenthesis")
    }
    guard (0...100).contains(number.value) else {
      throw ThresholdError(span: number.span, message: "a percentile is between 0 and 100")
    }
    if number.value == 0 { return .minimum(measure) }
    if number.value == 100 { return .maximum(measure) }
    return .quantile(measure, number.value / 100)
  }

  private mutating func unknownFigure(_ word: ThresholdScanner.Word, among known: [String]) -> ThresholdError {
    let lowered = word.text.lowercased()
    if let room = ThresholdWords.later[lowered] {
      return ThresholdError(
        span: word.span, message: "\(word.text) belongs to \(room) and cannot be judged here by this version")
    }
    if let percentile = ThresholdWords.percentile(lowered) {
      return ThresholdError(
        span: word.span, message: "\(word.text) is no figure", suggestion: "p(\(percentile))")
    }
    if let meant = ThresholdWords.synonyms[lowered] {
      return ThresholdError(span: word.span, message: "\(word.text) is no figure", suggestion: meant)
    }
    if lowered.hasPrefix("http_") || lowered == "iteration_duration" {
      return ThresholdError(
        span: word.span,
        message: "\(word.text) is a metric of k6; a threshold here begins with the figure, such as p(95) or errors",
        suggestion: lowered == "http_req_failed" ? "errors" : nil)
    }
    return ThresholdError(
      span: word.span,
      message: "\(word.text) is no figure; there are \(ThresholdWords.figures.joined(separator: ", "))",
      suggestion: nearest(to: lowered, among: known.map { String($0.prefix(while: \.isLetter)) }).flatMap { first in
        known.first { $0.prefix(while: \.isLetter) == first }
      })
  }

  // MARK: Comparison and limit

  private mutating func comparison() throws(ThresholdError) -> Comparison {
    scanner.skipBlanks()
    let begin = scanner.offset
    let text = scanner.comparisonSigns()
    let span = TextSpan(offset: begin, length: scanner.offset - begin)
    if text.isEmpty {
      let what = "a comparison (< <= > >= == !=)"
      throw scanner.isAtEnd ? scanner.missing(what) : scanner.unexpected(what)
    }
    if let comparison = Comparison(rawValue: text) { return comparison }
    let meant = ["===": "==", "!==": "!=", "=": "==", "=<": "<=", "=>": ">=", "<>": "!=", "≤": "<=", "≥": ">="][text]
    // k6 knows === and !== as well; they mean the same.
    if text == "===" || text == "!==", let meant, let comparison = Comparison(rawValue: meant) { return comparison }
    throw ThresholdError(span: span, message: "\(text) is no comparison", suggestion: meant)
  }

  private mutating func limit(
    of figure: inout Figure, named name: String
  ) throws(ThresholdError) -> (value: Double, span: TextSpan) {
    scanner.skipBlanks()
    let begin = scanner.offset
    if let word = scanner.peekWord(), word.text == "baseline" {
      _ = scanner.word()
      baseline = try baselineMargin(of: figure, named: name, at: word.span)
      return (.infinity, TextSpan(offset: begin, length: scanner.offset - begin))
    }
    if scanner.peek == UInt8(ascii: "-") {
      let digits = scanner.takeAll { $0 == UInt8(ascii: "-") || ThresholdScanner.isNumberByte($0) }
      throw ThresholdError(
        span: TextSpan(offset: begin, length: digits.utf8.count), message: "a limit cannot be negative")
    }
    guard let number = try scanner.number() else {
      throw scanner.isAtEnd ? scanner.missing("a limit") : scanner.unexpected("a limit, which is a number")
    }
    if case .target(let target) = figure {
      let limit = try targetLimit(number, of: target)
      figure = .target(limit.figure)
      return (limit.value, TextSpan(offset: begin, length: scanner.offset - begin))
    }
    let value =
      switch figure {
      case .quantile, .mean, .minimum, .maximum: try time(number, name: name, plainIsMilliseconds: true)
      case .errors, .slow, .refused, .unsent: try share(number, name: name)
      case .rate: try rate(number)
      case .count: try count(number, of: "count is", what: "requests")
      case .replies: try replies(number, name: name)
      case .writes: try count(number, of: "\(name) is", what: "writes")
      case .replyShare: try share(number, name: name)
      case .target: number.value
      }
    return (value, TextSpan(offset: begin, length: scanner.offset - begin))
  }

  /// Microseconds.
  mutating func time(
    _ first: ThresholdScanner.Number, name: String, plainIsMilliseconds: Bool
  ) throws(ThresholdError) -> Double {
    var number = first
    var sum = 0.0
    var smallest = Double.infinity
    while true {
      guard let unit = scanner.unit() else {
        if plainIsMilliseconds, smallest == .infinity { return number.value * 1000 }
        throw scanner.missing("a unit (us, ms, s, m, h)")
      }
      guard let factor = ThresholdWords.timeUnits[unit.text] else {
        if unit.text == "%" || unit.text.hasPrefix("/") {
          throw ThresholdError(
            span: unit.span, message: "\(name) is a time; its limit has a unit of time (us, ms, s, m, h)")
        }
        throw ThresholdError(
          span: unit.span, message: "\(unit.text) is no unit of time; there are us, ms, s, m, h",
          suggestion: ThresholdWords.timeUnitSynonyms[unit.text.lowercased()]
            ?? (ThresholdWords.timeUnits[unit.text.lowercased()] == nil ? nil : unit.text.lowercased()))
      }
      guard factor < smallest else {
        throw ThresholdError(span: unit.span, message: "units of a time go from large to small, each once")
      }
      smallest = factor
      sum += number.value * factor
      guard let peek = scanner.peek, ThresholdScanner.isDigit(peek), let next = try scanner.number() else { return sum }
      number = next
    }
  }

  private mutating func share(_ number: ThresholdScanner.Number, name: String) throws(ThresholdError) -> Double {
    let written = scanner.text(of: number.span)
    guard let unit = scanner.unit() else {
      // 1 alone is what people write who mean 1 %; as a fraction it would forbid nothing.
      guard number.value < 1 else {
        throw ThresholdError(
          span: number.span, message: "\(name) is a share: a fraction below 1, or with %", suggestion: "\(written)%")
      }
      return number.value
    }
    guard unit.text == "%" else {
      throw ThresholdError(
        span: unit.span, message: "\(name) is a share: its limit is a fraction or has %", suggestion: "\(written)%")
    }
    guard number.value <= 100 else {
      throw ThresholdError(span: number.span, message: "a share is at most 100%")
    }
    return number.value / 100
  }

  private mutating func rate(_ number: ThresholdScanner.Number) throws(ThresholdError) -> Double {
    guard let unit = scanner.unit() else { return number.value }
    guard unit.text == "/s" else {
      throw ThresholdError(
        span: unit.span, message: "rate is counted in answered requests per second",
        suggestion: unit.text == "%" ? nil : "\(scanner.text(of: number.span))/s")
    }
    return number.value
  }

  private mutating func count(
    _ number: ThresholdScanner.Number, of name: String, what: String
  ) throws(ThresholdError) -> Double {
    if let unit = scanner.unit() {
      throw ThresholdError(span: unit.span, message: "\(name) a number of \(what) and has no unit")
    }
    guard number.value == number.value.rounded() else {
      throw ThresholdError(span: number.span, message: "\(name) a whole number of \(what)")
    }
    return number.value
  }

  /// With % a share of those awaited, else how many.
  private mutating func replies(_ number: ThresholdScanner.Number, name: String) throws(ThresholdError) -> Double {
    if scanner.hasPercent { return try share(number, name: name) }
    if number.value > 0, number.value < 1 {
      throw ThresholdError(
        span: number.span, message: "\(name) is a whole number of replies, or a share with %",
        suggestion: "\(Wording.number(number.value * 100, digits: 6))%")
    }
    return try count(number, of: "\(name) is", what: "replies")
  }
}
