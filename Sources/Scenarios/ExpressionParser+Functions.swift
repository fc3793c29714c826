// SPDX-License-Identifier: Apache-2.0
import Document

extension ExpressionParser {
  /// A call whose opening bracket was just taken.
  mutating func call(_ function: ExpressionLexer.Token, _ scope: inout Scope) throws(TemplateMistake) -> Expression {
    switch function.text {
    case "now", "date":
      return try moment(function, &scope)
    case "pick":
      return .pick(try candidates(function, &scope))
    default:
      break
    }
    let start = current.offset
    let arguments = try self.arguments(&scope)
    func wrong(_ usage: String) -> TemplateMistake {
      TemplateMistake("\(function.text) is used as \(usage)", offset: function.offset, length: function.length)
    }
    switch function.text {
    case "uuid":
      guard arguments.isEmpty else { throw wrong("uuid()") }
      return .uuid
    case "random":
      guard arguments.count == 2 else { throw wrong("random(least, greatest)") }
      if case .literal(let least) = arguments[0], case .literal(let greatest) = arguments[1],
        let low = least.number, let high = greatest.number, low > high
      {
        throw TemplateMistake("the first number is greater than the second", offset: start, length: function.length)
      }
      return .random(arguments[0], arguments[1])
    case "counter":
      guard arguments.count <= 1, let name = arguments.isEmpty ? "" : arguments[0].literalText else {
        throw wrong("counter() or counter('name')")
      }
      return .counter(scope.counterIndex(name))
    case "env", "secret":
      guard (1...2).contains(arguments.count), let name = arguments[0].literalText,
        let fallback = arguments.count == 1 ? .some(nil) : arguments[1].literalText.map(Optional.some)
      else { throw wrong("\(function.text)('NAME') or \(function.text)('NAME', 'default')") }
      return try environment(function, name, fallback, &scope)
    case "hmac_sha256":
      guard arguments.count == 2 else { throw wrong("hmac_sha256(key, body)") }
      return .hmac(key: arguments[0], arguments[1])
    case "base64":
      guard arguments.count == 1 else { throw wrong("base64(value)") }
      return .base64(arguments[0])
    default:
      throw TemplateMistake(
        "unknown function '\(function.text)'", suggestion: nearest(to: function.text, among: Scope.functions),
        offset: function.offset, length: function.length)
    }
  }

  private mutating func arguments(_ scope: inout Scope) throws(TemplateMistake) -> [Expression] {
    var arguments: [Expression] = []
    if take(")") { return arguments }
    repeat { arguments.append(try expression(&scope)) } while take(",")
    try expect(")")
    return arguments
  }

  /// `pick('a', 'b')`, or `pick(list)` with a list of `vars`.
  private mutating func candidates(_ function: ExpressionLexer.Token, _ scope: inout Scope) throws(TemplateMistake)
    -> [Expression]
  {
    if current.kind == .name, case .list(let values)? = scope.names[current.text] {
      advance()
      try expect(")")
      return values.map { .literal($0) }
    }
    let candidates = try arguments(&scope)
    if candidates.isEmpty {
      throw TemplateMistake("pick needs something to pick from", offset: function.offset, length: function.length)
    }
    return candidates
  }

  /// `now()`, `date(+30d)`, `date(+1d12h, 'dd.MM.yyyy')`, `date('yyyy')`, `date(nights + 30)` (a number of days).
  private mutating func moment(_ function: ExpressionLexer.Token, _ scope: inout Scope) throws(TemplateMistake)
    -> Expression
  {
    var offset = Expression.Offset.milliseconds(0)
    var format = function.text == "date" ? TimeFormat.isoDate : TimeFormat.rfc3339
    var hasOffset = false
    if current.kind != .text, !isSymbol(")") {
      offset = try self.offset(&scope)
      hasOffset = true
    }
    if (!hasOffset && current.kind == .text) || (hasOffset && take(",")) {
      guard current.kind == .text else { throw mistake("a quoted time format was expected here") }
      do { format = try TimeFormat(current.text) } catch {
        throw error.placed(at: current.offset, length: current.length)
      }
      advance()
    }
    try expect(")")
    return .now(offset, format)
  }

  private mutating func offset(_ scope: inout Scope) throws(TemplateMistake) -> Expression.Offset {
    guard isSymbol("+") || isSymbol("-") else { return .days(try expression(&scope)) }
    let sign: Int64 = isSymbol("+") ? 1 : -1
    advance()
    let units: [(name: String, milliseconds: Int64)] = [
      ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000),
    ]
    let start = current
    guard start.kind == .number else { throw mistake("a whole number with a unit was expected here, such as +30d") }
    advance()
    var text = start.text
    if current.kind == .name, current.isGlued {
      text += current.text
      advance()
    }
    // "1d12h": every count is followed by its unit.
    var total: Int64 = 0
    var rest = Substring(text)
    repeat {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      guard let count = Int64(digits), count <= 100_000_000,
        let unit = units.first(where: { $0.name.first == rest.first })
      else {
        throw TemplateMistake(
          "a unit is missing or unknown: s, m, h, d or w, as in +30d", offset: start.offset, length: text.utf8.count)
      }
      total += count * unit.milliseconds
      rest = rest.dropFirst()
    } while !rest.isEmpty
    return .milliseconds(sign * total)
  }

  private func environment(
    _ function: ExpressionLexer.Token, _ name: String, _ fallback: String?, _ scope: inout Scope
  ) throws(TemplateMistake) -> Expression {
    guard let value = scope.environmentVariable(name) ?? fallback else {
      if scope.toleratesUnsetEnvironment {
        scope.unsetEnvironment.append(name)
        return .literal(Value(text: "(\(name))"))
      }
      throw TemplateMistake(
        "the environment variable \(name) is not set", hint: "export \(name)=... before the run",
        offset: function.offset, length: function.length)
    }
    if value.isEmpty, function.text == "secret" {
      throw TemplateMistake(
        "the secret \(name) is set but empty", offset: function.offset, length: function.length)
    }
    // A default written in the file is no secret: everybody who reads the file knows it.
    if scope.environmentVariable(name) != nil {
      scope.secrets.append(value)
      scope.namedSecrets.append(NamedSecret(name: name, value: value))
    }
    return .literal(Value(text: value))
  }
}

extension Expression {
  /// The text of a literal text.
  var literalText: String? {
    if case .literal(let value) = self, value.kind == .text { value.string } else { nil }
  }
}
