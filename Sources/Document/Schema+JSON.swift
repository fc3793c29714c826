// SPDX-License-Identifier: Apache-2.0

extension Schema {
  /// The JSON Schema (draft 2020-12) as indented text with a newline at its end. `title` names the kind of file.
  package func jsonSchema(title: String) -> String {
    var printer = SchemaPrinter()
    var members = ["$schema": #""https://json-schema.org/draft/2020-12/schema""#].map { ($0.key, $0.value) }
    members.append(("title", SchemaPrinter.quoted(title)))
    members += printer.members(of: self, indent: 0)
    let definitions = printer.definitions()
    if !definitions.isEmpty { members.append(("$defs", SchemaPrinter.object(definitions, indent: 1))) }
    return SchemaPrinter.object(members, indent: 0) + "\n"
  }
}

/// Prints schemas and remembers the names they refer to.
private struct SchemaPrinter {
  private var pending: [(name: String, schema: Schema)] = []
  private var known: Set<String> = []

  mutating func definitions() -> [(String, String)] {
    var done: [(String, String)] = []
    while !pending.isEmpty {
      let (name, schema) = pending.removeFirst()
      done.append((name, Self.object(members(of: schema, indent: 2), indent: 2)))
    }
    return done
  }

  mutating func members(of schema: Schema, indent: Int) -> [(String, String)] {
    var result: [(String, String)] = []
    if let description = schema.description { result.append(("description", Self.quoted(description))) }
    result += form(of: schema, indent: indent)
    if !schema.examples.isEmpty {
      result.append(("examples", "[" + schema.examples.map(Self.quoted).joined(separator: ", ") + "]"))
    }
    return result
  }

  private mutating func value(of schema: Schema, indent: Int) -> String {
    Self.object(members(of: schema, indent: indent), indent: indent)
  }

  private mutating func form(of schema: Schema, indent: Int) -> [(String, String)] {
    switch schema.form {
    case .any: return []
    // What YAML calls a number or a boolean is text where text is expected.
    case .text(nil): return [("type", #"["string", "number", "boolean"]"#)]
    case .text(let pattern?):
      return [("type", #"["string", "number", "boolean"]"#), ("pattern", Self.quoted(pattern))]
    case .scalar: return [("type", #"["string", "number", "boolean", "null"]"#)]
    case .boolean: return [("type", #""boolean""#)]
    case .number: return [("type", #""number""#)]
    case .integer(let minimum, let maximum):
      return [("type", #""integer""#)] + (minimum.map { [("minimum", "\($0)")] } ?? [])
        + (maximum.map { [("maximum", "\($0)")] } ?? [])
    case .choice(let names): return [("enum", "[" + names.map(Self.quoted).joined(separator: ", ") + "]")]
    case .list(let item, let minimum):
      return [("type", #""array""#), ("items", value(of: item, indent: indent + 1))]
        + (minimum > 0 ? [("minItems", "\(minimum)")] : [])
    case .dictionary(let item, let keys):
      var result = [("type", #""object""#)]
      if case .text(let pattern?)? = keys?.form {
        result.append(("propertyNames", Self.object([("pattern", Self.quoted(pattern))], indent: indent + 1)))
      } else if case .choice(let names)? = keys?.form {
        let list = "[" + names.map(Self.quoted).joined(separator: ", ") + "]"
        result.append(("propertyNames", Self.object([("enum", list)], indent: indent + 1)))
      }
      result.append(("additionalProperties", value(of: item, indent: indent + 1)))
      return result
    case .object(let object): return members(of: object, indent: indent)
    case .anyOf(let alternatives):
      return [("anyOf", Self.array(alternatives.map { value(of: $0, indent: indent + 2) }, indent: indent + 1))]
    case .reference(let name, let resolve):
      if known.insert(name).inserted { pending.append((name, resolve())) }
      return [("$ref", Self.quoted("#/$defs/\(name)"))]
    }
  }

  private mutating func members(of object: Schema.ObjectForm, indent: Int) -> [(String, String)] {
    var properties: [(String, String)] = []
    for property in object.properties {
      properties.append((property.name, value(of: property.schema, indent: indent + 2)))
    }
    var result = [("type", #""object""#), ("properties", Self.object(properties, indent: indent + 1))]
    let required = object.properties.filter(\.isRequired).map { Self.quoted($0.name) }
    if !required.isEmpty { result.append(("required", "[" + required.joined(separator: ", ") + "]")) }
    result.append(("additionalProperties", "false"))
    var rules: [String] = []
    for (keys, isRequired) in object.choices {
      var one = keys.map { "{\"required\": [\(Self.quoted($0))]}" }
      if !isRequired { one.append("{\"not\": {\"anyOf\": [\(one.joined(separator: ", "))]}}") }
      rules.append("{\"oneOf\": [\(one.joined(separator: ", "))]}")
    }
    if !rules.isEmpty { result.append(("allOf", Self.array(rules, indent: indent + 1))) }
    return result
  }

  static func object(_ members: [(String, String)], indent: Int) -> String {
    guard !members.isEmpty else { return "{}" }
    let pad = String(repeating: "  ", count: indent + 1)
    let lines = members.map { "\(pad)\(quoted($0.0)): \($0.1)" }
    return "{\n" + lines.joined(separator: ",\n") + "\n" + String(repeating: "  ", count: indent) + "}"
  }

  static func array(_ values: [String], indent: Int) -> String {
    let pad = String(repeating: "  ", count: indent + 1)
    let lines = values.map { pad + $0 }.joined(separator: ",\n")
    return "[\n" + lines + "\n" + String(repeating: "  ", count: indent) + "]"
  }

  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default:
        result += scalar.value < 0x20 ? "\\u" + hex4(scalar.value) : String(scalar)
      }
    }
    return result + "\""
  }
}
