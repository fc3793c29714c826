// SPDX-License-Identifier: Apache-2.0

extension Shape {
  /// One of several shapes. Lists and mappings are given to the one that fits best at a glance (its kind, its known
  /// keys, the first of equals), whose mistakes are the ones reported: no shape is tried twice, so that nesting costs
  /// nothing. Of several shapes for scalars the first that decodes wins; when none does, the one message is
  /// "expected `phrase`".
  package static func anyOf(_ phrase: String, _ alternatives: [Shape]) -> Shape {
    Shape(Schema(.anyOf(alternatives.map(\.schema)), phrase: phrase)) { node, diagnostics in
      let fitting = alternatives.filter { $0.schema.kinds.contains(node.schemaKind) }
      if fitting.count == 1 { return fitting[0].decode(node, &diagnostics) }
      guard node.text == nil else {
        for shape in fitting {
          var attempt = Diagnostics()
          if let value = shape.decode(node, &attempt) {
            diagnostics.append(attempt)
            return value
          }
        }
        diagnostics.mismatch(node, expected: phrase)
        return nil
      }
      var best: (shape: Shape, fit: Int)?
      for shape in fitting {
        let fit = shape.schema.fit(node)
        if fit > best?.fit ?? .min { best = (shape, fit) }
      }
      guard let best else {
        diagnostics.mismatch(node, expected: phrase)
        return nil
      }
      return best.shape.decode(node, &diagnostics)
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
      let near = diagnostics.isFull ? nil : written.lazy.prefix(20).compactMap { nearest(to: $0, among: keys) }.first
      diagnostics.error(
        at: node, "expected \(phrase), with one of the keys \(keys.map { "`\($0)`" }.joined(separator: ", "))",
        hint: near.map { "did you mean `\($0)`?" })
      return nil
    }
  }
}

extension Schema {
  /// How well a list or mapping suits the schema, without looking deeper than its items and keys.
  fileprivate func fit(_ node: Node) -> Int {
    guard kinds.contains(node.schemaKind) else { return Int.min + 1 }
    switch form {
    case .object(let object):
      let names = Set(object.properties.map(\.name))
      let written = node.entries?.compactMap(\.key.text) ?? []
      let known = written.count { names.contains($0) }
      let missing = object.properties.count { $0.isRequired && !written.contains($0.name) }
      return 2 * known - (written.count - known) - missing
    case .list(let item, _): return node.items?.count { item.kinds.contains($0.schemaKind) } ?? 0
    case .anyOf(let alternatives): return alternatives.map { $0.fit(node) }.max() ?? 0
    case .reference(_, let resolve): return resolve().fit(node)
    case .any, .text, .boolean, .integer, .number, .scalar, .choice, .dictionary: return 0
    }
  }
}
