// SPDX-License-Identifier: Apache-2.0
@testable import JSON

// Testing's macros cannot hold a span: the same questions over arrays.

extension JSONFragment {
  func raw(in bytes: [UInt8]) -> String { raw(in: bytes.span) }
  func string(in bytes: [UInt8]) -> String { string(in: bytes.span) }
  func number(in bytes: [UInt8]) -> Double? { number(in: bytes.span) }
  func integer(in bytes: [UInt8]) -> Int64? { integer(in: bytes.span) }
  func bool(in bytes: [UInt8]) -> Bool? { bool(in: bytes.span) }
  func count(in bytes: [UInt8]) -> Int? { count(in: bytes.span) }
}

extension JSONScalar {
  func matches(_ fragment: JSONFragment, in bytes: [UInt8]) -> Bool { matches(fragment, in: bytes.span) }
}

func isJSONNumber(_ text: String) -> Bool { isJSONNumber(Array(text.utf8).span) }

extension JSONMatches {
  mutating func scan(_ bytes: [UInt8], _ paths: JSONPaths) throws(JSONError) { try scan(bytes.span, paths) }
}
