// SPDX-License-Identifier: Apache-2.0

extension Shape {
  /// A mapping with known keys, read into a draft. Unknown keys and missing ones are mistakes; all are reported. With
  /// `keepsBroken` the draft is returned even then, with its defaults where a key was wrong, so that a reader can go on
  /// and report what is wrong further inside; the caller must look at the diagnostics.
  package static func object(
    _ draft: @autoclosure @escaping @Sendable () -> Value, _ description: String, called phrase: String = "a mapping",
    keepsBroken: Bool = false, _ keys: (inout Keys<Value>) -> Void
  ) -> Shape {
    var described = Keys<Value>()
    keys(&described)
    let known = described
    return Shape(Schema(.object(known.form), phrase: phrase, description: description)) { node, diagnostics in
      guard let entries = node.entries else {
        diagnostics.mismatch(node, expected: phrase)
        return nil
      }
      return known.decode(node, entries, into: draft(), keepsBroken: keepsBroken, &diagnostics)
    }
  }
}

/// The keys of an object, while it is being described.
package struct Keys<Draft>: Sendable {
  private typealias Read = @Sendable (_ key: Node, _ value: Node, inout Diagnostics, inout Draft) -> Bool

  private(set) var form = Schema.ObjectForm()
  private var reads: [Read] = []
  private var indices: [String: Int] = [:]

  /// A key that must be there.
  package mutating func required<V>(
    _ key: String, _ shape: Shape<V>, _ path: any WritableKeyPath<Draft, V> & Sendable, _ description: String
  ) {
    add(key, shape, description, isRequired: true) { _, value, draft in draft[keyPath: path] = value }
  }

  /// A key that must be there, into an optional that was nil only until then.
  package mutating func required<V>(
    _ key: String, _ shape: Shape<V>, _ path: any WritableKeyPath<Draft, V?> & Sendable, _ description: String
  ) {
    add(key, shape, description, isRequired: true) { _, value, draft in draft[keyPath: path] = value }
  }

  /// A key that may be there; without it the draft keeps its default.
  package mutating func optional<V>(
    _ key: String, _ shape: Shape<V>, _ path: any WritableKeyPath<Draft, V> & Sendable, _ description: String
  ) {
    add(key, shape, description, isRequired: false) { _, value, draft in draft[keyPath: path] = value }
  }

  /// A key that may be there; without it the draft keeps nil.
  package mutating func optional<V>(
    _ key: String, _ shape: Shape<V>, _ path: any WritableKeyPath<Draft, V?> & Sendable, _ description: String
  ) {
    add(key, shape, description, isRequired: false) { _, value, draft in draft[keyPath: path] = value }
  }

  /// Several keys of which exactly one must be there (`get`, `post`, ...), all with the same shape; the entry says which.
  package mutating func oneKey<V>(
    of keys: [String], _ shape: Shape<V>, _ path: any WritableKeyPath<Draft, Entry<String, V>?> & Sendable,
    _ description: String, required isRequired: Bool = true
  ) {
    oneKey(keys.map { ($0, shape) }, path, description, required: isRequired)
  }

  /// Several keys of which exactly one must be there, each with its own shape of the same value.
  package mutating func oneKey<V>(
    _ shapes: [(key: String, shape: Shape<V>)], _ path: any WritableKeyPath<Draft, Entry<String, V>?> & Sendable,
    _ description: String, required isRequired: Bool = true
  ) {
    for (key, shape) in shapes {
      add(key, shape, description, isRequired: false) { nodes, value, draft in
        draft[keyPath: path] = Entry(key: key, keyNode: nodes.key, value: value, valueNode: nodes.value)
      }
    }
    form.choices.append((shapes.map(\.key), isRequired))
  }

  /// Of these keys, described before, at most one may be there.
  package mutating func atMostOne(of keys: String...) {
    form.choices.append((keys, false))
  }

  private mutating func add<V>(
    _ key: String, _ shape: Shape<V>, _ description: String, isRequired: Bool,
    set: @escaping @Sendable (_ nodes: (key: Node, value: Node), V, inout Draft) -> Void
  ) {
    precondition(indices[key] == nil, "the key \(key) is described twice")
    var schema = shape.schema
    schema.description = description
    indices[key] = reads.count
    form.properties.append(.init(name: key, schema: schema, isRequired: isRequired))
    reads.append { keyNode, valueNode, diagnostics, draft in
      guard let value = shape.decode(valueNode, &diagnostics) else { return false }
      set((keyNode, valueNode), value, &draft)
      return true
    }
  }

  func decode(
    _ node: Node, _ entries: [(key: Node, value: Node)], into empty: Draft, keepsBroken: Bool,
    _ diagnostics: inout Diagnostics
  ) -> Draft? {
    var draft = empty
    var isWhole = true
    var present: [String: Node] = [:]
    // A key that was meant is not reported as missing too.
    var mistyped: Set<String> = []
    for (keyNode, valueNode) in entries {
      let key = keyNode.text ?? ""
      guard let index = indices[key] else {
        let names = diagnostics.isFull ? [] : form.properties.map(\.name)
        var hint = suggestion(for: key, among: names, called: "known here")
        var meant = nearest(to: key, among: names)
        if valueNode.isMissing, let colon = key.firstIndex(of: ":"), names.contains(String(key[..<colon])) {
          meant = String(key[..<colon])
          hint = "a space is missing after `\(key[...colon])`"
        }
        diagnostics.error(at: keyNode, "unknown key `\(excerpt(key))`", hint: hint)
        if let meant { mistyped.insert(meant) }
        isWhole = false
        continue
      }
      guard present.updateValue(keyNode, forKey: key) == nil else { continue }
      if !reads[index](keyNode, valueNode, &diagnostics, &draft) { isWhole = false }
    }
    let missing = form.properties
      .filter { $0.isRequired && present[$0.name] == nil && !mistyped.contains($0.name) }.map { "`\($0.name)`" }
    if !missing.isEmpty {
      diagnostics.error(at: node, "missing key\(missing.count == 1 ? "" : "s") \(missing.joined(separator: ", "))")
      isWhole = false
    }
    for (keys, isRequired) in form.choices {
      let found = keys.compactMap { key in present[key].map { (key, $0) } }
        .sorted { $0.1.position.offset < $1.1.position.offset }
      let list = keys.map { "`\($0)`" }.joined(separator: ", ")
      if found.count > 1 {
        for (key, keyNode) in found.dropFirst() {
          diagnostics.error(at: keyNode, "`\(key)` cannot stand beside `\(found[0].0)`", hint: "one of \(list)")
        }
        isWhole = false
      } else if found.isEmpty, isRequired, mistyped.isDisjoint(with: keys) {
        diagnostics.error(at: node, "expected one of the keys \(list)")
        isWhole = false
      }
    }
    return isWhole || keepsBroken ? draft : nil
  }
}
