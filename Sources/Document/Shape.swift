// SPDX-License-Identifier: Apache-2.0

/// One description of what a file may hold: it decodes nodes, reports every mistake in them, and is a JSON Schema.
///
/// A draft struct with defaults is filled through key paths; a conversion turns it into the value the program wants:
///
/// ```swift
/// struct PhaseDraft {
///   var name = ""
///   var rate: Rate?
///   var length = Duration.zero
///   var steady = false
/// }
///
/// let rate = Shape.string.map { text throws(Mistake) in try Rate.parse(text) }.named("a rate such as 40 arrivals/s")
///
/// let phase = Shape.object(PhaseDraft(), "A part of the plan.") { o in
///   o.required("name", .string, \.name, "What reports call it.")
///   o.optional("rate", rate, \.rate, "Arrivals or requests per second.")
///   o.required("for", .duration, \.length, "How long it lasts.")
///   o.optional("steady", .bool, \.steady, "Whether rules judge it.")
/// }
///
/// struct PlanDraft { var name = ""; var phases: [PhaseDraft] = [] }
///
/// let plan = Shape.object(PlanDraft(), "Arrivals over time.") { o in
///   o.required("plan", .string, \.name, "Its name.")
///   o.required("phases", .list(of: phase, atLeast: 1), \.phases, "One after the other.")
/// }
///
/// var diagnostics = Diagnostics()
/// guard let draft = plan.read(try Source(contentsOf: "plan.yaml"), &diagnostics) else {
///   return print(diagnostics.rendered())
/// }
/// ```
///
/// A scalar shorthand beside a mapping: `Shape.anyOf("a capture", [path.map(Capture.init), object.map(Capture.init)])`.
/// A shape that refers to itself: `.list(of: .reference("step", to: Self.step))` inside `static let step: Shape<Step>` (the
/// type must be written out there).
/// A conversion begins with the type's name, `Shape.string.map { ... }`, wherever it changes the type.
/// Where the place of a value matters later (templates): `.located(.string)` gives value and node, `.node` the bare node.
/// What several keys decide together: `.check { draft, node, diagnostics in ... }`.
package struct Shape<Value>: Sendable {
  /// What it accepts, for messages and for `jsonSchema`.
  package let schema: Schema
  private let read: @Sendable (Node, inout Diagnostics) -> Value?

  /// A shape by hand. `decode` gets nodes of any kind and reports before it returns nil.
  package init(_ schema: Schema, decode: @escaping @Sendable (Node, inout Diagnostics) -> Value?) {
    self.schema = schema
    self.read = decode
  }

  /// The value of the node; nil after a mistake, which has been reported then.
  package func decode(_ node: Node, _ diagnostics: inout Diagnostics) -> Value? { read(node, &diagnostics) }

  /// The same decoder under another description.
  func with(_ schema: Schema) -> Shape { Shape(schema, decode: read) }

  /// Says what it is called in "expected ...".
  package func named(_ phrase: String) -> Shape {
    var schema = schema
    schema.phrase = phrase
    return with(schema)
  }

  /// Says what it is for, in the JSON Schema.
  package func describing(_ description: String) -> Shape {
    var schema = schema
    schema.description = description
    return with(schema)
  }

  /// Adds examples to the JSON Schema.
  package func examples(_ examples: String...) -> Shape {
    var schema = schema
    schema.examples += examples
    return with(schema)
  }

  /// Converts each value; a `Mistake` is reported at its place.
  package func map<New>(_ convert: @escaping @Sendable (Value) throws(Mistake) -> New) -> Shape<New> {
    mapWithNode { value, _ throws(Mistake) in try convert(value) }
  }

  /// Converts with the node at hand, to keep its place.
  package func mapWithNode<New>(
    _ convert: @escaping @Sendable (Value, Node) throws(Mistake) -> New
  ) -> Shape<New> {
    Shape<New>(schema) { [read] node, diagnostics in
      guard let value = read(node, &diagnostics) else { return nil }
      do throws(Mistake) {
        return try convert(value, node)
      } catch {
        diagnostics.error(at: node, error)
        return nil
      }
    }
  }

  /// Looks at a decoded value as a whole and reports what is wrong; any error reported makes it nil.
  package func check(_ look: @escaping @Sendable (Value, Node, inout Diagnostics) -> Void) -> Shape {
    Shape(schema) { [read] node, diagnostics in
      guard let value = read(node, &diagnostics) else { return nil }
      let before = diagnostics.errorCount
      look(value, node, &diagnostics)
      return diagnostics.errorCount == before ? value : nil
    }
  }

  /// The value with its node.
  package static func located<Inner>(_ inner: Shape<Inner>) -> Shape where Value == Located<Inner> {
    inner.mapWithNode { value, node in Located(value: value, node: node) }
  }

  /// A shape by name, looked up when it is needed: for shapes that contain themselves. In the JSON Schema it is
  /// `#/$defs/name`. Two different shapes must not share a name.
  package static func reference(_ name: String, to shape: @autoclosure @escaping @Sendable () -> Shape) -> Shape {
    Shape(Schema(.reference(name, { shape().schema }), phrase: "a \(name)")) { node, diagnostics in
      shape().decode(node, &diagnostics)
    }
  }
}

/// A value and where it was written.
package struct Located<Value> {
  package var value: Value
  package var node: Node

  /// A value and its node.
  package init(value: Value, node: Node) {
    self.value = value
    self.node = node
  }
}

extension Located: Sendable where Value: Sendable {}

extension Diagnostics {
  /// "expected x, found y" at the node.
  mutating func mismatch(_ node: Node, expected: String, hint: String? = nil) {
    var hint = hint
    if node.isMissing, node.position.source.nextIsComment(node.position.offset) {
      hint = "` #` starts a comment: quote the value if it begins with `#`"
    }
    error(at: node, "expected \(expected), found \(node.found)", hint: hint)
  }
}
