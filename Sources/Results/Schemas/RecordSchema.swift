// SPDX-License-Identifier: Apache-2.0
import FoundationEssentials

/// The records that programs read, each with a published JSON Schema (draft 2020-12).
package enum RecordSchema: String, CaseIterable, Sendable {
  /// `run.json`.
  case run
  /// `capacity.json`.
  case capacity
  /// `baseline.json`.
  case baseline
  /// What `gonogo compare --json` prints.
  case comparison

  /// Value of the record's field `schema`.
  package var name: String {
    switch self {
    case .run: RunRecord.currentSchema
    case .capacity: CapacityRecord.currentSchema
    case .baseline: BaselineRecord.currentSchema
    case .comparison: ComparisonRecord.currentSchema
    }
  }

  var description: RecordDescription {
    switch self {
    case .run: RunRecord.description
    case .capacity: CapacityRecord.description
    case .baseline: BaselineRecord.description
    case .comparison: ComparisonRecord.description
    }
  }

  /// As indented text with a newline at its end.
  package func jsonSchema() throws -> String { try description.jsonSchema(name: name) }
}

extension RecordDescription {
  /// The schema of a record of that name (`gonogo.run/1`). Unknown keys are allowed: later versions only add.
  package func jsonSchema(name: String) throws -> String {
    var node = SchemaNode(of: .record(self))
    node.dialect = "https://json-schema.org/draft/2020-12/schema"
    node.id = "urn:gonogo:schema:" + name.split(separator: ".").dropFirst().joined().replacing("/", with: ":")
    node.title = name
    node.description = about
    return String(decoding: try encodeRecord(node), as: UTF8.self)
  }
}

/// A JSON Schema, as far as records need it.
private struct SchemaNode: Encodable {
  var dialect: String?
  var id: String?
  var title: String?
  var description: String?
  var type: [String] = []
  var constant: String?
  var choices: [String?]?
  var format: String?
  var pattern: String?
  var minimum: Int?
  var items: [SchemaNode] = []
  var properties: [String: SchemaNode]?
  var required: [String]?
  var additional: [SchemaNode] = []

  init(of kind: FieldKind) {
    switch kind {
    case .text: type = ["string"]
    case .constant(let text):
      type = ["string"]
      constant = text
    case .choice(let texts):
      type = ["string"]
      choices = texts
    case .flag: type = ["boolean"]
    case .count:
      type = ["integer"]
      minimum = 0
    case .number: type = ["number"]
    case .moment:
      type = ["string"]
      format = "date-time"
      pattern = #"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$"#
    case .list(let element):
      type = ["array"]
      items = [SchemaNode(of: element)]
    case .table(let value):
      type = ["object"]
      additional = [SchemaNode(of: value)]
    case .record(let record):
      type = ["object"]
      description = record.about
      required = record.fields.map(\.key)
      properties = [:]
      for field in record.fields {
        var node = SchemaNode(of: field.kind)
        node.description = field.about + (node.description.map { " " + $0 } ?? "")
        properties?[field.key] = node
      }
    case .nullable(let kind):
      self = SchemaNode(of: kind)
      type.append("null")
      choices?.append(nil)
    }
  }

  private enum CodingKeys: String, CodingKey {
    case dialect = "$schema"
    case id = "$id"
    case title, description, type
    case constant = "const"
    case choices = "enum"
    case format, pattern, minimum, items, properties, required
    case additional = "additionalProperties"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(dialect, forKey: .dialect)
    try container.encodeIfPresent(id, forKey: .id)
    try container.encodeIfPresent(title, forKey: .title)
    try container.encodeIfPresent(description, forKey: .description)
    if type.count == 1 {
      try container.encode(type[0], forKey: .type)
    } else {
      try container.encode(type, forKey: .type)
    }
    try container.encodeIfPresent(constant, forKey: .constant)
    try container.encodeIfPresent(choices, forKey: .choices)
    try container.encodeIfPresent(format, forKey: .format)
    try container.encodeIfPresent(pattern, forKey: .pattern)
    try container.encodeIfPresent(minimum, forKey: .minimum)
    try container.encodeIfPresent(items.first, forKey: .items)
    try container.encodeIfPresent(properties, forKey: .properties)
    try container.encodeIfPresent(required, forKey: .required)
    try container.encodeIfPresent(additional.first, forKey: .additional)
  }
}
