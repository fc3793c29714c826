// SPDX-License-Identifier: Apache-2.0
package import FoundationEssentials

extension RunRecord {
  /// The text of `run.json`: sorted keys, two spaces, a final newline; the same record gives the same bytes.
  /// Precondition: every number is finite.
  package func encoded() throws -> Data {
    try encodeRecord(self)
  }

  /// Reads `run.json`. Unknown keys are left alone; a missing one that a version of this schema always wrote is an error.
  package static func decoded(from data: Data) throws -> RunRecord {
    let schema = try JSONDecoder().decode(SchemaOnly.self, from: data).schema
    guard schema == currentSchema else { throw RecordError.otherSchema(schema) }
    return try JSONDecoder().decode(RunRecord.self, from: data)
  }

  private struct SchemaOnly: Decodable {
    var schema: String
  }
}

/// Why a record was not read.
package enum RecordError: Error, Sendable, Equatable {
  /// Written by a later version, or no record of this kind.
  case otherSchema(String)
}

/// Deterministic JSON, for every record: sorted keys, two spaces, a final newline.
package func encodeRecord(_ record: some Encodable) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
  var data = try encoder.encode(record)
  data.append(UInt8(ascii: "\n"))
  return data
}
