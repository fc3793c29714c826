// SPDX-License-Identifier: Apache-2.0
internal import Document
internal import JSON

/// A JSON value as a tree, to make a file for people of it: a document that is read once, when a scenario is sketched.
package indirect enum SketchValue: Sendable, Equatable {
  case null
  case bool(Bool)
  /// As it was written.
  case number(String)
  case text(String)
  case list([SketchValue])
  /// In the order of the text.
  case object([Member])

  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: SketchValue

    package init(_ name: String, _ value: SketchValue) {
      self.name = name
      self.value = value
    }
  }

  /// Containers inside containers at most, so that what walks a tree may recurse.
  static let deepest = 100

  /// Nil: not JSON, or nested too deep.
  init?(json bytes: [UInt8]) {
    var matches = JSONMatches(depthLimit: Self.deepest)
    guard let root = try? JSONPath("$") else { return nil }
    let isJSON = bytes.withUnsafeBufferPointer { buffer in (try? matches.scan(buffer, JSONPaths([root]))) != nil }
    guard isJSON, let whole = matches.first(of: 0) else { return nil }
    self.init(whole, bytes.span)
  }

  private init(_ fragment: JSONFragment, _ bytes: Span<UInt8>) {
    switch fragment.kind {
    case .null: self = .null
    case .bool: self = .bool(fragment.bool(in: bytes) ?? false)
    case .number: self = .number(fragment.raw(in: bytes))
    case .string: self = .text(fragment.string(in: bytes))
    case .array:
      var items: [SketchValue] = []
      fragment.forEachElement(in: bytes) { element in
        items.append(SketchValue(element, bytes))
        return true
      }
      self = .list(items)
    case .object:
      var members: [Member] = []
      fragment.forEachMember(in: bytes) { name, value in
        members.append(Member(name.string(in: bytes), SketchValue(value, bytes)))
        return true
      }
      self = .object(members)
    }
  }

  /// A YAML document as what it says in JSON.
  init(_ node: Node) {
    if let items = node.items {
      self = .list(items.map { SketchValue($0) })
    } else if let entries = node.entries {
      self = .object(entries.map { Member($0.key.text ?? "", SketchValue($0.value)) })
    } else {
      switch node.value {
      case .null?, nil: self = .null
      case .bool(let value)?: self = .bool(value)
      case .number(let text)?: self = .number(text)
      case .text(let text)?: self = .text(text)
      }
    }
  }

  subscript(name: String) -> SketchValue? { members.first { $0.name == name }?.value }

  var members: [Member] {
    if case .object(let members) = self { members } else { [] }
  }

  var items: [SketchValue] {
    if case .list(let items) = self { items } else { [] }
  }

  var text: String? {
    if case .text(let text) = self { text } else { nil }
  }

  /// A scalar as it stands in a path or header; nil for lists and objects.
  var scalarText: String? {
    switch self {
    case .null: nil
    case .bool(let value): value ? "true" : "false"
    case .number(let text), .text(let text): text
    case .list, .object: nil
    }
  }

  var isTrue: Bool { self == .bool(true) }

  /// Whether a name stands twice in an object of it: YAML could not say it.
  var repeatsNames: Bool {
    switch self {
    case .list(let items): items.contains(where: \.repeatsNames)
    case .object(let members):
      Set(members.map(\.name)).count < members.count || members.contains(where: \.value.repeatsNames)
    default: false
    }
  }

  /// The same with each text replaced, with the name it stands under.
  func mapTexts(under name: String = "", _ change: (_ name: String, _ text: String) -> String) -> SketchValue {
    switch self {
    case .text(let text): .text(change(name, text))
    case .list(let items): .list(items.map { $0.mapTexts(under: name, change) })
    case .object(let members):
      .object(members.map { Member($0.name, $0.value.mapTexts(under: $0.name, change)) })
    default: self
    }
  }
}
