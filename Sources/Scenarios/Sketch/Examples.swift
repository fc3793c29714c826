// SPDX-License-Identifier: Apache-2.0

/// Values that fit a JSON Schema: those it tells, else the simplest of its type. Texts are templates.
struct Examples {
  private let document: APIDocument
  /// Whether a value was taken that the schema does not tell.
  private(set) var guessed = false
  private var depth = 0
  /// Values made: schemas that branch could ask for very many.
  private var count = 0
  /// References that are being followed: what comes back to itself has no end.
  private var open: [String] = []

  init(_ document: APIDocument) { self.document = document }

  /// What the schema itself offers.
  static func told(by schema: SketchValue?, _ document: APIDocument) -> SketchValue? {
    schema?["example"] ?? schema?["examples"]?.items.first ?? schema?["default"] ?? schema?["const"]
      ?? schema?["enum"]?.items.first
  }

  /// Nil: nothing fits, or it would be without end.
  mutating func value(for written: SketchValue?) -> SketchValue? {
    depth += 1
    count += 1
    defer { depth -= 1 }
    let reference = written?["$ref"]?.text ?? ""
    if !reference.isEmpty, open.contains(reference) { return nil }
    open.append(reference)
    defer { open.removeLast() }
    guard depth < 12, count < 2_000, let schema = document.resolved(written) else { return nil }
    if let told = Self.told(by: schema, document) {
      return told.mapTexts { _, text in ScenarioSketch.literal(text) }
    }
    if let parts = schema["allOf"]?.items, !parts.isEmpty { return merged(parts, and: schema) }
    for key in ["oneOf", "anyOf"] {
      guard let choices = schema[key]?.items, !choices.isEmpty else { continue }
      let useful = choices.filter { document.resolved($0)?["type"]?.text != "null" }
      return value(for: useful.first ?? choices[0])
    }
    switch type(of: schema) {
    case "object": return object(schema)
    case "array":
      let least = schema["minItems"]?.scalarText.flatMap { Int($0) } ?? 0
      guard let item = value(for: schema["items"] ?? .object([.init("type", .text("string"))])) else {
        return least == 0 ? .list([]) : nil
      }
      return least > 20 ? nil : .list(Array(repeating: item, count: max(1, least)))
    case "null": return .null
    case "boolean": return guess(.bool(true))
    case "integer", "number": return guess(.number(schema["minimum"]?.scalarText ?? "1"))
    default: return text(schema)
    }
  }

  private mutating func guess(_ value: SketchValue) -> SketchValue {
    guessed = true
    return value
  }

  private func type(of schema: SketchValue) -> String {
    // OpenAPI 3.1: ["string", "null"].
    let written = schema["type"]?.text ?? schema["type"]?.items.compactMap(\.text).first { $0 != "null" }
    return written ?? (schema["properties"] != nil ? "object" : schema["items"] != nil ? "array" : "string")
  }

  /// Required members, and those that come with an example.
  private mutating func object(_ schema: SketchValue) -> SketchValue? {
    let required = schema["required"]?.items.compactMap(\.text) ?? []
    var members: [SketchValue.Member] = []
    for property in schema["properties"]?.members ?? [] {
      let inner = document.resolved(property.value)
      if inner?["readOnly"]?.isTrue == true { continue }
      let isRequired = required.contains(property.name)
      let isTold = inner?["example"] != nil || inner?["examples"]?.items.isEmpty == false
      guard isRequired || isTold else { continue }
      if let value = value(for: property.value) {
        members.append(.init(property.name, value))
      } else if isRequired {
        return nil
      }
    }
    return .object(members)
  }

  private mutating func merged(_ parts: [SketchValue], and schema: SketchValue) -> SketchValue? {
    var members: [SketchValue.Member] = []
    let own = SketchValue.object(schema.members.filter { $0.name == "properties" || $0.name == "required" })
    for part in parts + (own.members.isEmpty ? [] : [own]) {
      guard let value = value(for: part) else { return nil }
      guard case .object(let more) = value else { return value }
      for member in more {
        members.removeAll { $0.name == member.name }
        members.append(member)
      }
    }
    return .object(members)
  }

  private mutating func text(_ schema: SketchValue) -> SketchValue? {
    switch schema["format"]?.text {
    case "date": return guess(.text("{{ date(+30d) }}"))
    case "date-time": return guess(.text("{{ now() }}"))
    case "uuid": return guess(.text("{{ uuid() }}"))
    case "email": return guess(.text("guest@example.com"))
    case "uri", "url": return guess(.text("https://example.com/"))
    default: break
    }
    // A pattern could ask for anything.
    if schema["pattern"] != nil { return nil }
    let least = schema["minLength"]?.scalarText.flatMap { Int($0) } ?? 0
    let most = schema["maxLength"]?.scalarText.flatMap { Int($0) } ?? .max
    guard least <= 200 else { return nil }
    let word = String(String(repeating: "example ", count: least / 8 + 1).dropLast().prefix(max(0, most)))
    return guess(.text(word.count < least ? word + String(repeating: "e", count: least - word.count) : word))
  }
}
