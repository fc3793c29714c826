// SPDX-License-Identifier: Apache-2.0

/// A limit that an earlier run tells: `baseline`, `baseline + 10%`, `baseline + 20ms`, `baseline * 1.1`.
package struct BaselineLimit: Sendable, Equatable {
  package enum Margin: Sendable, Equatable {
    case none
    /// Of the baseline's own figure; negative for `- 5%`.
    case share(Double)
    /// In the figure's base unit; negative for `- 20ms`.
    case absolute(Double)
    case factor(Double)
  }

  package var margin: Margin
  /// The baseline's own figure, in the base unit; nil before it is known.
  package var value: Double?

  package init(margin: Margin, value: Double? = nil) {
    self.margin = margin
    self.value = value
  }

  /// The limit that a figure of the baseline gives; never below 0.
  package func limit(of value: Double) -> Double {
    switch margin {
    case .none: value
    case .share(let share): max(0, value * (1 + share))
    case .absolute(let distance): max(0, value + distance)
    case .factor(let factor): max(0, value * factor)
    }
  }
}

extension Threshold {
  /// It names a baseline whose figures are not known: it cannot be judged so.
  package var needsBaseline: Bool { baseline.map { $0.value == nil } ?? false }

  /// The same rule with its limit in figures. `figure` gives what the baseline holds in the base unit of the threshold's
  /// figure, nil for what it does not hold. A rule without a baseline is returned as it is.
  package func resolved(_ figure: (Threshold) -> Double?) throws(ThresholdError) -> Threshold {
    guard var baseline else { return self }
    let whole = TextSpan(offset: 0, length: text.utf8.count)
    guard let value = figure(self) else {
      let whose = selection.step.map { " of \($0)" } ?? ""
      throw ThresholdError(span: stepSpan ?? whole, message: "the baseline holds no such figure\(whose)")
    }
    baseline.value = value
    var result = self
    result.baseline = baseline
    result.limit = baseline.limit(of: value)
    if result.limit == 0, comparison == .less {
      throw ThresholdError(
        span: whole, message: "the baseline makes the limit 0, and nothing is less", suggestion: "<= baseline")
    }
    return result
  }

  /// `baseline + 10% is 231 ms`; nil for a rule without a baseline, or before it is known.
  package var baselineWording: String? {
    guard let baseline, let value = baseline.value else { return nil }
    func shown(_ value: Double) -> String {
      switch figure {
      case .rate: "\(Wording.number(value, digits: 4))/s"
      case .errors: Wording.share(value)
      default: Wording.time(value)
      }
    }
    guard baseline.margin != .none else { return "the limit is the baseline's \(shown(limit))" }
    return "the limit is \(shown(limit)), from the baseline's \(shown(value))"
  }
}

extension ThresholdParser {
  /// What stands behind the word `baseline`.
  mutating func baselineMargin(
    of figure: Figure, named name: String, at word: TextSpan
  ) throws(ThresholdError) -> BaselineLimit {
    switch figure {
    case .errors, .rate, .quantile(.response, 0.5), .quantile(.response, 0.95), .quantile(.response, 0.99): break
    default:
      throw ThresholdError(
        span: word, message: "a baseline holds med, p(95), p(99), errors and rate, but no \(name)")
    }
    var ahead = scanner
    ahead.skipBlanks()
    // Without a margin the blanks belong to what follows.
    if let sign = ahead.peek, "+-*".utf8.contains(sign) { scanner = ahead }
    let sign: Double
    if scanner.take("+") {
      sign = 1
    } else if scanner.take("-") {
      sign = -1
    } else if scanner.take("*") {
      scanner.skipBlanks()
      guard let factor = try scanner.number() else { throw scanner.unexpectedOrMissing("a factor, such as 1.1") }
      if let unit = scanner.unit() {
        throw ThresholdError(span: unit.span, message: "a factor has no unit")
      }
      guard factor.value > 0 else { throw ThresholdError(span: factor.span, message: "a factor is above 0") }
      return BaselineLimit(margin: .factor(factor.value))
    } else {
      return BaselineLimit(margin: .none)
    }
    scanner.skipBlanks()
    guard let number = try scanner.number() else { throw scanner.unexpectedOrMissing("a margin, such as 10%") }
    if scanner.hasPercent {
      _ = scanner.unit()
      if sign < 0, number.value >= 100 {
        throw ThresholdError(span: number.span, message: "nothing is left of a baseline less \(number.value)%")
      }
      return BaselineLimit(margin: .share(sign * number.value / 100))
    }
    switch figure {
    case .errors:
      if let unit = scanner.unit() {
        throw ThresholdError(span: unit.span, message: "a margin of errors is a fraction, or % of the baseline's")
      }
      return BaselineLimit(margin: .absolute(sign * number.value))
    case .rate:
      if let unit = scanner.unit(), unit.text != "/s" {
        throw ThresholdError(span: unit.span, message: "a margin of rate is in /s, or % of the baseline's")
      }
      return BaselineLimit(margin: .absolute(sign * number.value))
    default:
      return BaselineLimit(margin: .absolute(sign * (try time(number, name: name, plainIsMilliseconds: true))))
    }
  }
}

extension ThresholdScanner {
  func unexpectedOrMissing(_ what: String) -> ThresholdError { isAtEnd ? missing(what) : unexpected(what) }
}
