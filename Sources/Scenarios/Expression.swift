// SPDX-License-Identifier: Apache-2.0

/// What stands between `{{` and `}}`, and after `when:`. Names are resolved to slots when it is compiled; evaluating
/// looks nothing up.
///
/// Grammar, loosest first (all operators are left-associative, comparisons do not chain):
///
///     expression = and-part { "or" and-part }
///     and-part   = not-part { "and" not-part }
///     not-part   = "not" not-part | comparison
///     comparison = sum [ ("==" | "!=" | "<" | "<=" | ">" | ">=") sum ]
///     sum        = product { ("+" | "-") product }          numbers only
///     product    = unary { ("*" | "/" | "%") unary }
///     unary      = "-" unary | primary
///     primary    = number | 'text' | "text" | true | false | null | "(" expression ")"
///                | function "(" arguments ")" | name { "." name | "['" any text "']" }
///
/// A name may hold inner hyphens (`room-id`), so a subtraction of variables needs spaces around its minus.
indirect enum Expression: Sendable, Equatable {
  case literal(Value)
  case slot(Int)
  /// A field of the row that the journey drew from a feeder.
  case column(feeder: Int, column: Int)
  /// The exact bytes of the request's body; only where headers are rendered.
  case body
  case runID
  case journeyNumber
  case setting(Int)
  case uuid
  case now(Offset, TimeFormat)
  case random(Expression, Expression)
  case pick([Expression])
  case counter(Int)
  case hmac(key: Expression, Expression)
  case base64(Expression)
  case not(Expression)
  case and(Expression, Expression)
  case or(Expression, Expression)
  case compare(Comparison, Expression, Expression)
  case arithmetic(Arithmetic, Expression, Expression)

  enum Comparison: String, Sendable, CaseIterable {
    case equal = "=="
    case unequal = "!="
    case atMost = "<="
    case atLeast = ">="
    case less = "<"
    case greater = ">"

    func holds(_ left: Double, _ right: Double) -> Bool {
      switch self {
      case .equal: left == right
      case .unequal: left != right
      case .atMost: left <= right
      case .atLeast: left >= right
      case .less: left < right
      case .greater: left > right
      }
    }
  }

  enum Arithmetic: Character, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
  }

  /// Added to the present by `date(...)` and `now(...)`.
  enum Offset: Sendable, Equatable {
    case milliseconds(Int64)
    case days(Expression)
  }

  /// The slots this expression reads.
  func collectSlots(into slots: inout Set<Int>) {
    switch self {
    case .slot(let slot): slots.insert(slot)
    case .literal, .column, .body, .runID, .journeyNumber, .setting, .uuid, .counter: break
    case .now(.milliseconds, _): break
    case .now(.days(let inner), _), .base64(let inner), .not(let inner): inner.collectSlots(into: &slots)
    case .pick(let candidates): for candidate in candidates { candidate.collectSlots(into: &slots) }
    case .random(let left, let right), .hmac(let left, let right), .and(let left, let right),
      .or(let left, let right), .compare(_, let left, let right), .arithmetic(_, let left, let right):
      left.collectSlots(into: &slots)
      right.collectSlots(into: &slots)
    }
  }
}
