// SPDX-License-Identifier: Apache-2.0

/// A piece of a document with its place. Scalars stay the text people wrote: what they are is for the reader to say.
package struct Node: Sendable {
  /// What it is. A plain scalar may be typed by YAML's rules, a quoted one is text.
  package enum Kind: Sendable {
    case scalar(String, isPlain: Bool)
    case sequence([Node])
    /// In file order. Keys are scalars, no two of them equal.
    case mapping([(key: Node, value: Node)])
  }

  /// How a scalar was written, to find a place inside it again.
  enum Style: Sendable { case none, plain, singleQuoted, doubleQuoted, literal, folded }

  package let kind: Kind
  /// Where it begins; for an alias, where the anchored content begins.
  package let position: Position
  /// Byte offset of its end in the source.
  let end: Int
  let style: Style
  /// Nodes in it, itself included, aliases expanded.
  let size: Int
  /// Levels of collections in it: 0 for a scalar.
  let height: Int

  init(kind: Kind, position: Position, end: Int, style: Style = .none, size: Int = 1, height: Int = 0) {
    self.kind = kind
    self.position = position
    self.end = end
    self.style = style
    self.size = size
    self.height = height
  }

  /// A scalar out of text at hand (a flag's value); `called` stands for the file's name in messages.
  package init(text: String, called: String) {
    let source = Source(path: called, text: text)
    self.init(
      kind: .scalar(text, isPlain: true), position: Position(source: source, offset: 0), end: source.bytes.count)
  }

  /// The text of a scalar.
  package var text: String? {
    guard case .scalar(let text, _) = kind else { return nil }
    return text
  }

  /// Whether it is a scalar without quotes.
  package var isPlain: Bool {
    guard case .scalar(_, let isPlain) = kind else { return false }
    return isPlain
  }

  /// Whether nothing at all was written: `key:` and then the next line.
  package var isMissing: Bool { isPlain && text == "" }

  /// The items of a sequence.
  package var items: [Node]? {
    guard case .sequence(let items) = kind else { return nil }
    return items
  }

  /// The entries of a mapping, in file order.
  package var entries: [(key: Node, value: Node)]? {
    guard case .mapping(let entries) = kind else { return nil }
    return entries
  }

  /// The value of a mapping's key. Complexity: O(entries).
  package subscript(key: String) -> Node? { entries?.first { $0.key.text == key }?.value }

  /// The node of a mapping's key, to point at it. Complexity: O(entries).
  package func keyNode(_ key: String) -> Node? { entries?.first { $0.key.text == key }?.key }

  /// Bytes the caret marks: a scalar as a whole, a collection at its first character.
  var markedLength: Int {
    guard case .scalar = kind else { return 1 }
    return max(1, end - position.offset)
  }

  /// "the text `abc`", "a list", ... for "expected x, found y".
  package var found: String {
    switch kind {
    case .scalar("", isPlain: true): "nothing"
    case .scalar(let text, isPlain: true): "`\(excerpt(text))`"
    case .scalar(let text, isPlain: false): "the text \"\(excerpt(text))\""
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }
}

/// A text in backticks for a message, cut short.
func shown(_ text: String) -> String { text.isEmpty ? "empty text" : "`\(excerpt(text))`" }

/// The first characters of a text, for a message.
func excerpt(_ text: String, _ most: Int = 40) -> String {
  text.unicodeScalars.count <= most ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(most))) + "..."
}
