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

extension Shape {
  /// A dictionary that keeps its good entries when others are wrong, so that these are not unknown further on.
  static func entries<Key, Item>(
    keys: Shape<Key>, of item: Shape<Item>
  ) -> Shape where Value == [Entry<Key, Item>] {
    Shape(Shape.dictionary(keys: keys, of: item).schema) { node, diagnostics in
      guard let entries = node.entries else {
        diagnostics.error(at: node, "expected a mapping, found \(node.found)")
        return nil
      }
      return entries.compactMap { keyNode, valueNode in
        let key = keys.decode(keyNode, &diagnostics)
        let value = item.decode(valueNode, &diagnostics)
        guard let key, let value else { return nil }
        return Entry(key: key, keyNode: keyNode, value: value, valueNode: valueNode)
      }
    }
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
