// SPDX-License-Identifier: Apache-2.0

extension ThresholdParser {
  /// `metric(...)`, `cpu(...)`, `memory(...)`; nil for any other word. Whether memory is meant in bytes or as a share of
  /// its limit, and what a metric is counted in, the limit tells.
  mutating func targetFigure(_ word: ThresholdScanner.Word) throws(ThresholdError) -> TargetFigure? {
    guard let example = ThresholdWords.targetFigures[word.text] else { return nil }
    guard scanner.take("(") else {
      throw scanner.missing("\(word.text) needs a name in parentheses", suggestion: example, bare: true)
    }
    scanner.skipBlanks()
    let begin = scanner.offset
    let name = try argument(example)
    scanner.skipBlanks()
    guard scanner.take(")") else {
      throw scanner.isAtEnd
        ? scanner.missing("a closing parenthesis") : scanner.unexpected("a closing parenthesis")
    }
    guard !name.isEmpty else {
      throw ThresholdError(
        span: TextSpan(offset: begin, length: 0), message: "\(word.text) needs a name", suggestion: example)
    }
    switch word.text {
    case "metric": return .metric(name, .plain)
    case "cpu": return .cpu(name)
    default: return .memory(name)
    }
  }

  /// In double or single quotes, since series have quotes and parentheses of their own; or bare up to a blank or `)`.
  private mutating func argument(_ example: String) throws(ThresholdError) -> String {
    for quote in [UInt8(ascii: "\""), UInt8(ascii: "'")] where scanner.peek == quote {
      let begin = scanner.offset
      _ = scanner.take(Unicode.Scalar(quote))
      let name = scanner.takeAll { $0 != quote }
      guard scanner.take(Unicode.Scalar(quote)) else {
        throw ThresholdError(
          span: TextSpan(offset: begin, length: scanner.offset - begin), message: "the quotes are not closed")
      }
      return name
    }
    return scanner.takeAll { $0 != UInt8(ascii: ")") && !ThresholdScanner.isBlank($0) }
  }

  /// The limit, and the figure as its unit makes it.
  mutating func targetLimit(
    _ number: ThresholdScanner.Number, of figure: TargetFigure
  ) throws(ThresholdError) -> (figure: TargetFigure, value: Double) {
    let unit = scanner.unit()
    if unit?.text == "%" {
      // A metric may be a share of more than the whole; processors of a machine without a limit likewise.
      let value = number.value / 100
      switch figure {
      case .metric(let name, _): return (.metric(name, .fraction), value)
      case .memory(let name), .memoryShare(let name): return (.memoryShare(name), value)
      case .cpu: return (figure, value)
      }
    }
    if case .cpu = figure {
      guard unit == nil, number.value <= 1 else {
        throw ThresholdError(
          span: unit?.span ?? number.span,
          message: "cpu is a share of what may be used: its limit has % or is a fraction",
          suggestion: "\(scanner.text(of: number.span))%")
      }
      return (figure, number.value)
    }
    guard let unit else {
      if case .metric = figure { return (figure, number.value) }
      throw ThresholdError(
        span: number.span,
        message: "memory is a share of its limit (%), or has a unit of bytes (kB, MB, GB, KiB, MiB, GiB)",
        suggestion: "\(scanner.text(of: number.span))MB")
    }
    guard let factor = ThresholdWords.byteUnits[unit.text] else {
      throw ThresholdError(
        span: unit.span, message: "\(unit.text) is no unit of bytes; there are B, kB, MB, GB, KiB, MiB, GiB",
        suggestion: ThresholdWords.byteUnits.keys.sorted().first { $0.lowercased() == unit.text.lowercased() }
          ?? ThresholdWords.byteUnitSynonyms[unit.text.lowercased()])
    }
    switch figure {
    case .metric(let name, _): return (.metric(name, .bytes), number.value * factor)
    default: return (figure, number.value * factor)
    }
  }
}
