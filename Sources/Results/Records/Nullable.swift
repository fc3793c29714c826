// SPDX-License-Identifier: Apache-2.0

/// A field that is always written: `null` means "cannot be estimated" or "there is none". Synthesized coding would leave
/// the key out, and whoever reads the file could not tell "none" from "not known to this version".
@propertyWrapper
package struct Nullable<Value: Codable & Sendable & Equatable>: Sendable, Equatable {
  package var wrappedValue: Value?

  package init(wrappedValue: Value?) {
    self.wrappedValue = wrappedValue
  }
}

extension Nullable: Hashable where Value: Hashable {}

extension Nullable: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Value.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue {
      try container.encode(wrappedValue)
    } else {
      try container.encodeNil()
    }
  }
}

extension KeyedDecodingContainer {
  /// A missing key reads as null, so that records of an earlier version open.
  package func decode<Value>(_ type: Nullable<Value>.Type, forKey key: Key) throws -> Nullable<Value> {
    try decodeIfPresent(type, forKey: key) ?? Nullable(wrappedValue: nil)
  }
}
