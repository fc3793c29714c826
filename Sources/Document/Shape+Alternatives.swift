// SPDX-License-Identifier: Apache-2.0

extension Shape {
  /// One of several shapes. Those that cannot accept the node's kind (scalar, list, mapping) are out at once; when one is
  /// left, its mistakes are the ones reported. Of several the first that decodes wins; when none does, the one message
  /// is "expected `phrase`" for scalars, or the mistakes of the alternative that came nearest.
  package static func anyOf(_ phrase: String, _ alternatives: [Shape]) -> Shape {
    Shape(Schema(.anyOf(alternatives.map(\.schema)), phrase: phrase)) { node, diagnostics in
      let fitting = alternatives.filter { $0.schema.kinds.contains(node.schemaKind) }
      guard let first = fitting.first else {
        diagnostics.mismatch(node, expected: phrase)
        return nil
      }
      if fitting.count == 1 { return first.decode(node, &diagnostics) }
      var nearest: Diagnostics?
      for shape in fitting {
        var attempt = Diagnostics()
        if let value = shape.decode(node, &attempt) {
          diagnostics.append(attempt)
          return value
        }
        if attempt.errorCount < nearest?.errorCount ?? .max { nearest = attempt }
      }
      if node.text != nil {
        diagnostics.mismatch(node, expected: phrase)
      } else if let nearest {
        diagnostics.append(nearest)
      }
      return nil
    }
  }

  /// A mapping whose first known key says what it is: the shape beside that key decodes the whole mapping. With none of
  /// them present `otherwise` decodes it, or it is a mistake.
  package static func byKey(
    _ phrase: String, _ shapes: KeyValuePairs<String, Shape>, otherwise: Shape? = nil
  ) -> Shape {
    let keys = shapes.map(\.key)
    let all = shapes.map(\.value)
    let schemas = all.map(\.schema) + (otherwise.map { [$0.schema] } ?? [])
    return Shape(Schema(.anyOf(schemas), phrase: phrase)) { node, diagnostics in
      guard let entries = node.entries else {
        diagnostics.mismatch(node, expected: phrase)
        return nil
      }
      for entry in entries {
        if let key = entry.key.text, let index = keys.firstIndex(of: key) {
          return all[index].decode(node, &diagnostics)
        }
      }
      if let otherwise { return otherwise.decode(node, &diagnostics) }
      let written = entries.compactMap(\.key.text)
      let near = written.lazy.compactMap { nearest(to: $0, among: keys) }.first
      diagnostics.error(
        at: node, "expected \(phrase), with one of the keys \(keys.map { "`\($0)`" }.joined(separator: ", "))",
        hint: near.map { "did you mean `\($0)`?" })
      return nil
    }
  }
}
