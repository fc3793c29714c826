// SPDX-License-Identifier: Apache-2.0
import Document

/// Any bytes: nodes, or errors that can be printed; every position lies inside the file.
func fuzzDocument(_ bytes: UnsafeBufferPointer<UInt8>) {
  let source = Source(path: "input.yaml", bytes: Array(bytes))
  var diagnostics = Diagnostics()
  let node = parse(source, &diagnostics)
  precondition(node != nil || !diagnostics.isEmpty, "nothing was read and nothing was said")
  if let node { walk(node, deepest: 2_000) }
  if let node {
    _ = Shape<String>.string.decode(node, &diagnostics)
    _ = Shape<[Duration]>.oneOrMany(of: .duration).decode(node, &diagnostics)
    _ = Shape<[Entry<String, Double>]>.dictionary(of: .share).decode(node, &diagnostics)
    _ = Shape<[Int]>.list(of: .integer()).decode(node, &diagnostics)
  }
  let text = diagnostics.rendered()
  precondition(diagnostics.isEmpty || text.contains("input.yaml:"), "an error without a place")
  precondition(
    text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A || $0 == 0x09 },
    "a control character would reach the terminal")
}

private func walk(_ node: Node, deepest: Int) {
  precondition(deepest > 0, "deeper than the limit")
  switch node.kind {
  case .scalar(let text, _):
    for offset in [0, 1, text.utf8.count / 2, text.utf8.count, text.utf8.count + 1] {
      let position = node.position(atOffset: offset)
      precondition(position.line >= 1 && position.column >= 1, "a position outside the file")
    }
  case .sequence(let items): for item in items { walk(item, deepest: deepest - 1) }
  case .mapping(let entries):
    for (key, value) in entries {
      walk(key, deepest: deepest - 1)
      walk(value, deepest: deepest - 1)
    }
  }
}
