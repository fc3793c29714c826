// SPDX-License-Identifier: Apache-2.0
import Document

/// A part of a file that is decoded later, on its own: a mistake in it hides none elsewhere. The JSON Schema is that of
/// the part.
struct Deferred<Value>: Sendable {
  let node: Node
  let shape: Shape<Value>

  func decode(_ diagnostics: inout Diagnostics) -> Value? { shape.decode(node, &diagnostics) }
}

extension Shape {
  func deferred() -> Shape<Deferred<Value>> {
    Shape<Deferred<Value>>(schema) { node, _ in Deferred(node: node, shape: self) }
  }

  /// The node as it is, under this shape's description.
  func undecoded() -> Shape<Node> {
    Shape<Node>(schema) { node, _ in node }
  }
}

extension Shape where Value == Node {
  /// Text that may hold templates.
  static func template(_ phrase: String) -> Shape {
    Shape<String>.text(phrase).undecoded()
  }
}

extension Duration {
  /// Saturating; files cannot say more than a hundred years.
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
  }
}

extension Diagnostics {
  /// Reports a mistake of a template at its place inside the scalar.
  mutating func error(at node: Node, _ mistake: TemplateMistake) {
    let hint = mistake.suggestion.map { "did you mean `\($0)`?" } ?? mistake.hint
    error(at: node, Mistake(mistake.message, hint: hint, offset: mistake.offset, length: mistake.length))
  }
}
