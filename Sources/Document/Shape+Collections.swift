// SPDX-License-Identifier: Apache-2.0

extension Shape {
  /// A list, each item of the same shape.
  package static func list<Item>(of item: Shape<Item>, atLeast minimum: Int = 0) -> Shape where Value == [Item] {
    let phrase = "a list"
    return Shape(Schema(.list(of: item.schema, minimum: minimum), phrase: phrase)) { node, diagnostics in
      guard let items = node.items else {
        diagnostics.mismatch(node, expected: phrase)
        return nil
      }
      guard items.count >= minimum else {
        diagnostics.error(at: node, "expected at least \(minimum) item\(minimum == 1 ? "" : "s"), found \(items.count)")
        return nil
      }
      return decodeAll(items, item, &diagnostics)
    }
  }

  /// A list, or one item alone.
  package static func oneOrMany<Item>(of item: Shape<Item>) -> Shape where Value == [Item] {
    let list = Shape<[Item]>.list(of: item, atLeast: 1)
    let schema = Schema(.anyOf([item.schema, list.schema]), phrase: "\(item.schema.phrase), or a list of them")
    return Shape(schema) { node, diagnostics in
      if node.items != nil { return list.decode(node, &diagnostics) }
      return item.decode(node, &diagnostics).map { [$0] }
    }
  }

  /// A mapping with keys of people's own, in file order.
  package static func dictionary<Item>(of item: Shape<Item>) -> Shape where Value == [Entry<String, Item>] {
    dictionary(keys: .string, of: item)
  }

  /// A mapping whose keys have a shape too (status codes, names of a certain form), in file order.
  package static func dictionary<Key, Item>(
    keys: Shape<Key>, of item: Shape<Item>
  ) -> Shape where Value == [Entry<Key, Item>] {
    let phrase = "a mapping"
    return Shape(Schema(.dictionary(of: item.schema, keys: keys.schema), phrase: phrase)) { node, diagnostics in
      guard let entries = node.entries else {
        diagnostics.mismatch(node, expected: phrase)
        return nil
      }
      var result: [Entry<Key, Item>] = []
      var isWhole = true
      for (keyNode, valueNode) in entries {
        let key = keys.decode(keyNode, &diagnostics)
        let value = item.decode(valueNode, &diagnostics)
        if let key, let value {
          result.append(Entry(key: key, keyNode: keyNode, value: value, valueNode: valueNode))
        } else {
          isWhole = false
        }
      }
      return isWhole ? result : nil
    }
  }

  private static func decodeAll<Item>(
    _ nodes: [Node], _ shape: Shape<Item>, _ diagnostics: inout Diagnostics
  ) -> [Item]? {
    var result: [Item] = []
    result.reserveCapacity(nodes.count)
    for node in nodes {
      if let value = shape.decode(node, &diagnostics) { result.append(value) }
    }
    return result.count == nodes.count ? result : nil
  }
}

/// A key with its value and the places of both.
package struct Entry<Key, Value> {
  package var key: Key
  package var keyNode: Node
  package var value: Value
  package var valueNode: Node

  /// A key with its value and the places of both.
  package init(key: Key, keyNode: Node, value: Value, valueNode: Node) {
    self.key = key
    self.keyNode = keyNode
    self.value = value
    self.valueNode = valueNode
  }
}

extension Entry: Sendable where Key: Sendable, Value: Sendable {}
