// SPDX-License-Identifier: Apache-2.0

/// Recursive descent over the tokens of one expression. Depth is bounded, since files may come from anywhere.
struct ExpressionParser {
  private let tokens: [ExpressionLexer.Token]
  private var index = 0
  private var depth = 0

  private static let deepest = 40

  /// Compiles the whole text; anything left over is a mistake.
  static func parse(_ text: some StringProtocol, scope: inout Scope) throws(TemplateMistake) -> Expression {
    var parser = ExpressionParser(tokens: try ExpressionLexer.tokens(text))
    if parser.current.kind == .end { throw TemplateMistake("an expression is missing here", offset: 0) }
    let expression = try parser.expression(&scope)
    guard parser.current.kind == .end else {
      throw parser.mistake("'\(parser.current.text)' was not expected here")
    }
    return expression
  }

  private init(tokens: [ExpressionLexer.Token]) {
    self.tokens = tokens
  }

  // MARK: tokens

  var current: ExpressionLexer.Token { tokens[index] }

  mutating func advance() {
    if index < tokens.count - 1 { index += 1 }
  }

  func isSymbol(_ symbol: String) -> Bool { current.kind == .symbol(symbol) }
  private func isWord(_ word: String) -> Bool { current.kind == .name && current.text == word }

  mutating func take(_ symbol: String) -> Bool {
    guard isSymbol(symbol) else { return false }
    advance()
    return true
  }

  mutating func expect(_ symbol: String) throws(TemplateMistake) {
    guard take(symbol) else {
      throw mistake(current.kind == .end ? "'\(symbol)' is missing" : "'\(symbol)' was expected here")
    }
  }

  func mistake(_ message: String, hint: String? = nil, suggestion: String? = nil) -> TemplateMistake {
    TemplateMistake(message, hint: hint, suggestion: suggestion, offset: current.offset, length: current.length)
  }

  // MARK: operators

  mutating func expression(_ scope: inout Scope) throws(TemplateMistake) -> Expression {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.deepest { throw mistake("this expression is nested too deeply") }
    var left = try andPart(&scope)
    while isWord("or") {
      advance()
      left = .or(left, try andPart(&scope))
    }
    return left
  }

  private mutating func andPart(_ scope: inout Scope) throws(TemplateMistake) -> Expression {
    var left = try notPart(&scope)
    while isWord("and") {
      advance()
      left = .and(left, try notPart(&scope))
    }
    return left
  }

  private mutating func notPart(_ scope: inout Scope) throws(TemplateMistake) -> Expression {
    var negations = 0
    while isWord("not") {
      advance()
      negations += 1
    }
    let inner = try comparison(&scope)
    return negations == 0 ? inner : negations % 2 == 1 ? .not(inner) : .not(.not(inner))
  }

  private mutating func comparison(_ scope: inout Scope) throws(TemplateMistake) -> Expression {
    let left = try sum(&scope)
    guard let comparison = currentComparison else { return left }
    advance()
    let right = try sum(&scope)
    if currentComparison != nil { throw mistake("comparisons do not chain", hint: "join two with 'and'") }
    return .compare(comparison, left, right)
  }

  private var currentComparison: Expression.Comparison? {
    if case .symbol(let symbol) = current.kind { Expression.Comparison(rawValue: symbol) } else { nil }
  }

  private mutating func sum(_ scope: inout Scope) throws(TemplateMistake) -> Expression {
    var left = try product(&scope)
    while isSymbol("+") || isSymbol("-") {
      let operation: Expression.Arithmetic = isSymbol("+") ? .add : .subtract
      advance()
      left = .arithmetic(operation, left, try product(&scope))
    }
    return left
  }

  private mutating func product(_ scope: inout Scope) throws(TemplateMistake) -> Expression {
    var left = try unary(&scope)
    while case .symbol(let symbol) = current.kind, ["*", "/", "%"].contains(symbol),
      let operation = Expression.Arithmetic(rawValue: Character(symbol))
    {
      advance()
      left = .arithmetic(operation, left, try unary(&scope))
    }
    return left
  }

  private mutating func unary(_ scope: inout Scope) throws(TemplateMistake) -> Expression {
    var isNegative = false
    while take("-") { isNegative.toggle() }
    let inner = try primary(&scope)
    guard isNegative else { return inner }
    if case .literal(let value) = inner, value.kind == .number, value.bytes.first != UInt8(ascii: "-") {
      return .literal(Value(kind: .number, bytes: [UInt8(ascii: "-")] + value.bytes))
    }
    return .arithmetic(.subtract, .literal(Value(integer: 0)), inner)
  }

  private mutating func primary(_ scope: inout Scope) throws(TemplateMistake) -> Expression {
    let token = current
    switch token.kind {
    case .number:
      advance()
      let number = token.text.drop { $0 == "0" }
      let text = number.isEmpty || number.first == "." ? "0" + number : String(number)
      return .literal(Value(kind: .number, bytes: Array(text.utf8)))
    case .text:
      advance()
      return .literal(Value(text: token.text))
    case .symbol("("):
      advance()
      let inner = try expression(&scope)
      try expect(")")
      return inner
    case .name:
      advance()
      switch token.text {
      case "true", "false": return .literal(Value(boolean: token.text == "true"))
      case "null": return .literal(Value(kind: .null, bytes: Array("null".utf8)))
      case "and", "or", "not":
        throw TemplateMistake(
          "'\(token.text)' stands where a value is expected", offset: token.offset, length: token.length)
      default: return take("(") ? try call(token, &scope) : try reference(token, &scope)
      }
    default:
      throw mistake(token.kind == .end ? "a value is missing at the end" : "a value was expected here")
    }
  }

  // MARK: names

  private mutating func reference(_ first: ExpressionLexer.Token, _ scope: inout Scope) throws(TemplateMistake)
    -> Expression
  {
    var path = [first.text]
    var end = first.offset + first.length
    while true {
      if isSymbol("."), current.isGlued {
        advance()
        guard current.kind == .name || current.kind == .number else { throw mistake("a name is missing after '.'") }
        path.append(current.text)
      } else if isSymbol("["), current.isGlued {
        advance()
        guard current.kind == .text || current.kind == .number else {
          throw mistake("a quoted name or a number was expected here")
        }
        path.append(current.text)
        advance()
        guard isSymbol("]") else { throw mistake("']' was expected here") }
      } else {
        break
      }
      end = current.offset + current.length
      advance()
    }
    let length = end - first.offset
    do {
      return try scope.resolve(path)
    } catch {
      throw error.placed(at: first.offset, length: length)
    }
  }
}
