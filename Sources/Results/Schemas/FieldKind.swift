// SPDX-License-Identifier: Apache-2.0

/// What a record is and what its fields mean, for the published JSON Schema. Written by hand beside the record; a test
/// compares it with encoded records key by key.
package struct RecordDescription: Sendable {
  package var about: String
  package var fields: [Field]

  package struct Field: Sendable {
    package var key: String
    package var kind: FieldKind
    package var about: String
  }

  package init(_ about: String, _ fields: [Field]) {
    self.about = about
    self.fields = fields
  }
}

/// What stands in a field.
package indirect enum FieldKind: Sendable {
  case text
  /// Always this text.
  case constant(String)
  case choice([String])
  case flag
  /// Whole and not negative.
  case count
  case number
  /// RFC 3339 in UTC, to the millisecond.
  case moment
  case list(FieldKind)
  /// Keys are names, not fields.
  case table(FieldKind)
  case record(RecordDescription)
  /// Always there, and null when it cannot be estimated or there is none.
  case nullable(FieldKind)
}

/// `field("n", .count, "Requests that were judged.")`
package func field(_ key: String, _ kind: FieldKind, _ about: String) -> RecordDescription.Field {
  RecordDescription.Field(key: key, kind: kind, about: about)
}
