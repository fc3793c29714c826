// SPDX-License-Identifier: Apache-2.0

/// One request as the server read it.
package struct Request: Sendable {
  /// Position among all requests of this server, from 0, in the order in which they were read completely.
  package let sequence: Int
  /// Position of the connection among all accepted ones, from 0.
  package let connection: Int
  package let method: String
  /// The request target as sent: path and query, or a whole URL when the client takes the server for a proxy.
  package let target: String
  package let version: String
  package let headers: [(name: String, value: String)]
  package let body: [UInt8]
  /// CLOCK_MONOTONIC when the first bytes of the request were read.
  package let arrivedNanoseconds: Int64

  /// The target without its query.
  package var path: String {
    guard let query = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return target }
    return String(target[..<query])
  }

  package var bodyText: String { String(decoding: body, as: UTF8.self) }

  /// The first header of this name, in whatever case; O(headers).
  package func header(_ name: String) -> String? {
    headers.first { equalsIgnoringCase($0.name, name) }?.value
  }

  /// Every header of this name, in the order sent.
  package func headers(_ name: String) -> [String] {
    headers.filter { equalsIgnoringCase($0.name, name) }.map(\.value)
  }

  /// Whether the client lets the connection be used again after this request.
  var keepsConnection: Bool {
    let wish = header("Connection") ?? ""
    if equalsIgnoringCase(wish, "close") { return false }
    return version != "HTTP/1.0" || equalsIgnoringCase(wish, "keep-alive")
  }
}

func equalsIgnoringCase(_ left: String, _ right: String) -> Bool {
  guard left.utf8.count == right.utf8.count else { return false }
  return zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
}

private func lowercased(_ byte: UInt8) -> UInt8 {
  byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}
