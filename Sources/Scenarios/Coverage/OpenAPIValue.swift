// SPDX-License-Identifier: Apache-2.0
import Document
import JSON

/// A value of an OpenAPI document, in JSON or YAML, as far as looking for operations needs one.
protocol OpenAPIValue {
  /// The members of an object in their order, until `visit` answers false; nothing for anything else.
  func forEachMember(_ visit: (String, Self) -> Bool)
  /// The elements of a list likewise.
  func forEachElement(_ visit: (Self) -> Bool)
  var isObject: Bool { get }
  /// The text of a scalar.
  var text: String? { get }
}

extension OpenAPIValue {
  /// The first member of that name. Complexity: O(size of the object).
  func member(_ name: String) -> Self? {
    var found: Self?
    forEachMember { key, value in
      if key == name { found = value }
      return found == nil
    }
    return found
  }
}

/// In JSON: a place in the bytes.
struct OpenAPIFragment: OpenAPIValue {
  let bytes: [UInt8]
  let fragment: JSONFragment

  /// Reads the whole text once.
  init(_ bytes: [UInt8]) throws(JSONError) {
    let root: JSONPath
    do throws(JSONPathError) { root = try JSONPath("$") } catch { preconditionFailure("the root is a path") }
    var matches = JSONMatches()
    try matches.scan(bytes.span, JSONPaths([root]))
    guard let fragment = matches.first(of: 0) else { preconditionFailure("every text that is JSON has a root") }
    self.init(bytes: bytes, fragment: fragment)
  }

  private init(bytes: [UInt8], fragment: JSONFragment) {
    self.bytes = bytes
    self.fragment = fragment
  }

  func forEachMember(_ visit: (String, OpenAPIFragment) -> Bool) {
    fragment.forEachMember(in: bytes.span) { name, value in
      visit(name.string(in: bytes.span), OpenAPIFragment(bytes: bytes, fragment: value))
    }
  }

  func forEachElement(_ visit: (OpenAPIFragment) -> Bool) {
    fragment.forEachElement(in: bytes.span) { visit(OpenAPIFragment(bytes: bytes, fragment: $0)) }
  }

  var isObject: Bool { fragment.kind == .object }

  var text: String? {
    switch fragment.kind {
    case .string, .number, .bool: fragment.string(in: bytes.span)
    case .null, .array, .object: nil
    }
  }
}

extension Node: OpenAPIValue {
  func forEachMember(_ visit: (String, Node) -> Bool) {
    for (key, value) in entries ?? [] where !visit(key.text ?? "", value) { return }
  }

  func forEachElement(_ visit: (Node) -> Bool) {
    for item in items ?? [] where !visit(item) { return }
  }

  var isObject: Bool { entries != nil }
}
