// SPDX-License-Identifier: Apache-2.0
internal import CLibpq

/// Where a PostgreSQL is, as libpq reads it: `postgres://user:password@host:port/database?options`.
struct PostgresAddress: Sendable, Equatable {
  /// Holds the password: for libpq alone.
  let secretURL: String
  /// For people.
  let text: String

  static func isOne(_ word: String) -> Bool { word.hasPrefix("postgres://") || word.hasPrefix("postgresql://") }

  /// Nil when libpq cannot read it. Why is not said, since that would quote the password.
  init?(_ url: String) {
    guard let options = PQconninfoParse(url, nil) else { return nil }
    defer { PQconninfoFree(options) }
    var values: [String: String] = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
    // The end of a password with an @ that was not written as %40.
    if values["host"]?.contains("@") == true { return nil }
    secretURL = url
    let place = "\(values["host"] ?? "localhost"):\(values["port"] ?? "5432")"
    text = "postgres://\(place)/\(values["dbname"] ?? values["user"] ?? "")"
  }
}
