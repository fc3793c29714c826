// SPDX-License-Identifier: Apache-2.0

/// A request that has arrived whole, with the route it matched.
struct Request: Sendable {
  var method: String
  var target: Target
  var headers: [(name: String, value: String)]
  var body: [UInt8]
  var traceID: String
  /// Whose rooms are meant: the header X-Tenant, else `main`.
  var tenant = defaultTenant
  /// What stands for `{name}` in the route's path.
  var pathValues: [String: String] = [:]

  /// The first header of that name, in any case.
  func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// The last value of that name in the query.
  func query(_ name: String) -> String? { target.query.last { $0.name == name }?.value }
}

let defaultTenant = "main"

/// Whether a tenant can have that name.
func isTenant(_ name: String) -> Bool {
  (1...40).contains(name.utf8.count)
    && name.utf8.allSatisfy {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || $0 == UInt8(ascii: "-")
    }
}

/// Path and query of a request line, percent escapes decoded.
struct Target: Sendable {
  var segments: [String]
  var query: [(name: String, value: String)]

  /// Nil for what is no origin-form target: broken escapes, bytes that are no UTF-8, NUL.
  init?(_ raw: String) {
    let parts = raw.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let path = parts.first, path.first == "/" else { return nil }
    segments = []
    for segment in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let decoded = decodePercent(segment, plusIsSpace: false) else { return nil }
      segments.append(decoded)
    }
    query = []
    guard parts.count == 2 else { return }
    for pair in parts[1].split(separator: "&") {
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = decodePercent(sides[0], plusIsSpace: true),
        let value = sides.count == 2 ? decodePercent(sides[1], plusIsSpace: true) : ""
      else { return nil }
      query.append((name: name, value: value))
    }
  }
}

/// Nil for broken escapes, bytes that are no UTF-8, and NUL.
func decodePercent(_ text: Substring, plusIsSpace: Bool) -> String? {
  var bytes: [UInt8] = []
  var rest = text.utf8.makeIterator()
  while let byte = rest.next() {
    switch byte {
    case UInt8(ascii: "%"):
      guard let high = rest.next().flatMap(hexDigit), let low = rest.next().flatMap(hexDigit), high | low != 0
      else { return nil }
      bytes.append(high << 4 | low)
    case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
    default: bytes.append(byte)
    }
  }
  return String(validating: bytes, as: UTF8.self)
}

/// The value of one hexadecimal digit.
func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
