// SPDX-License-Identifier: Apache-2.0

/// What a shape accepts, as data: messages take their words from it, `jsonSchema` prints it.
package struct Schema: Sendable {
  /// The kinds of node a shape may look at.
  package struct Kinds: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    package static let scalar = Kinds(rawValue: 1)
    package static let sequence = Kinds(rawValue: 2)
    package static let mapping = Kinds(rawValue: 4)
    package static let all: Kinds = [.scalar, .sequence, .mapping]
  }

  /// The form of the value.
  package indirect enum Form: Sendable {
    case any
    /// Any scalar, read as text; the pattern is ECMA 262.
    case text(pattern: String?)
    case boolean
    case integer(minimum: Int?, maximum: Int?)
    case number
    /// Null, a boolean, a number or text.
    case scalar
    case choice([String])
    case list(of: Schema, minimum: Int)
    case dictionary(of: Schema, keys: Schema?)
    case object(ObjectForm)
    case anyOf([Schema])
    /// A name in `$defs`; the closure is called when somebody asks, so that a schema can refer to itself.
    case reference(String, @Sendable () -> Schema)
  }

  /// A mapping with known keys.
  package struct ObjectForm: Sendable {
    /// One key of it.
    package struct Property: Sendable {
      package var name: String
      package var schema: Schema
      package var isRequired: Bool
    }
    package var properties: [Property] = []
    /// Of each of these exactly one (or, when not required, at most one) key may be present.
    package var choices: [(keys: [String], isRequired: Bool)] = []
  }

  package var form: Form
  /// What the value is called in messages: "a duration such as 30s".
  package var phrase: String
  package var description: String?
  package var examples: [String] = []

  /// `phrase` completes the sentence "expected ...".
  package init(_ form: Form, phrase: String, description: String? = nil, examples: [String] = []) {
    self.form = form
    self.phrase = phrase
    self.description = description
    self.examples = examples
  }

  /// The kinds of node it can accept.
  package var kinds: Kinds {
    switch form {
    case .any: .all
    case .text, .boolean, .integer, .number, .choice, .scalar: .scalar
    case .list: .sequence
    case .dictionary, .object: .mapping
    case .anyOf(let alternatives): alternatives.reduce(into: []) { $0.formUnion($1.kinds) }
    case .reference(_, let resolve): resolve().kinds
    }
  }
}

extension Node {
  /// Its kind as schemas count them.
  var schemaKind: Schema.Kinds {
    switch kind {
    case .scalar: .scalar
    case .sequence: .sequence
    case .mapping: .mapping
    }
  }
}
