// SPDX-License-Identifier: Apache-2.0
// Room: Document. YAML that people write, as positioned nodes; decoding that reports every mistake at once with line,
// caret and suggestion; JSON Schema from the same description. It knows nothing of scenarios or plans. No Foundation.
//
// The way through the room: `Source` (bytes and their lines) -> `parse` (nodes) -> `Shape.decode` (values), all of them
// reporting into one `Diagnostics`.
//
// Decided here: a file holds one document; scalars are text until a key says what it expects, then YAML 1.2's core schema
// counts (`ScalarValue` has the two departures); anchors, aliases and the merge key `<<` work, and all they expand to
// counts against `Limits`; an anchor exists once its node is complete, so nothing can contain itself; tags but for `!!str`
// are mistakes, and so are keys that are not text and keys that stand twice.

/// What a file may cost before it is refused. The defaults fit files written by hand.
package struct Limits: Sendable {
  /// Size of the file in bytes.
  package var bytes = 1 << 20
  /// Collections inside collections, aliases expanded.
  package var depth = 64
  /// Nodes in all, aliases and merge keys expanded: the bound on "billion laughs".
  package var nodes = 100_000

  /// The defaults.
  package init() {}
}

extension Shape {
  /// Parses the source and decodes its one document. Nil when anything was reported, now or before, into `diagnostics`.
  package func read(_ source: Source, _ diagnostics: inout Diagnostics, limits: Limits = Limits()) -> Value? {
    guard let node = parse(source, &diagnostics, limits: limits) else { return nil }
    let value = decode(node, &diagnostics)
    return diagnostics.isEmpty ? value : nil
  }
}
